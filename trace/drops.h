/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_DROPS_H
#define PKTTRACE_DROPS_H

#include "lib/drops.h"
#include "trace/janitor.h"

/* The kernel's drop_monitor, for as long as this process is there. */
struct drops {
	struct np_drops *d; /* NULL: it tells nothing */
	struct janitor janitor;
};

/* Returns 0 or -errno: there are no drop reasons, and err says why. */
int drops_open(struct drops *w, struct np_err *err);
void drops_close(struct drops *w);

#endif
