/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_ECHO_H
#define PRT_ECHO_H

#include "ip/ctx.h"

/* With -echo, what p->nl is given between these two is shown as the kernel answers it. */
void prt_echo_begin(struct prt *p);
void prt_echo_end(struct prt *p);

#endif
