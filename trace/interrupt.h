/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INTERRUPT_H
#define INTERRUPT_H

#include <signal.h>

/* SIGINT or SIGTERM, whichever came last since interrupt_catch(); 0: none. */
extern volatile sig_atomic_t interrupted;

/* From here on both only set it; a call that waits comes back with EINTR. */
void interrupt_catch(void);

#endif
