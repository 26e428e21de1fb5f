/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_JANITOR_H
#define PKTTRACE_JANITOR_H

#include <sys/types.h>

#include "lib/err.h"

/*
 * A process of our own that clears up what the kernel would keep, when this one has ended,
 * whatever ended it.
 */
struct janitor {
	pid_t pid; /* 0: none */
	int fd;
};

/*
 * Starts it: clean(arg) is called there, in the namespaces and with the memory of now; no
 * files are open, the standard ones neither. Returns 0 or -errno.
 */
int janitor_start(struct janitor *j, void (*clean)(void *arg), void *arg, struct np_err *err);
/* It goes without clearing up: there is nothing. */
void janitor_dismiss(struct janitor *j);
/* Has it clear up now, and waits for it. */
void janitor_end(struct janitor *j);

#endif
