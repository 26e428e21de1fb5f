/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_INTERRUPT_H
#define PKTTRACE_INTERRUPT_H

#include <signal.h>

/* SIGINT, SIGTERM or SIGHUP, whichever came last since interrupt_catch(); 0: none. */
extern volatile sig_atomic_t interrupted;

/*
 * From here on they only set it; a call that waits comes back with EINTR. SIGHUP that is
 * ignored, as nohup(1) has it, stays so.
 */
void interrupt_catch(void);

/*
 * The reader of the output has gone: ends this process as that does others, when all that
 * it had begun has been ended.
 */
void interrupt_no_reader(void);

#endif
