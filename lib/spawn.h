/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_SPAWN_H
#define NP_SPAWN_H

#include <stddef.h>
#include <sys/types.h>

/* Other programs, without a shell. */

/*
 * Runs argv (argv[0] is looked for in PATH) with nothing on its stdin and stderr thrown
 * away, and reads all that it writes, at most max bytes. *text is NUL-terminated and for
 * the caller to free. Returns its exit status, 128 + signal, or -errno: -ENOENT, there is
 * no such program; -EFBIG; nothing is in *text then.
 */
int np_spawn_text(char *const argv[], size_t max, char **text, size_t *len);

/*
 * The same, to be read as it comes: *fd is its stdout, its stderr is ours. Returns 0 or
 * -errno.
 */
int np_spawn_pipe(char *const argv[], pid_t *pid, int *fd);

/* Waits for a child. Returns its exit status, 128 + signal, or -errno. */
int np_spawn_wait(pid_t pid);

#endif
