/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOGFILE_H
#define PKTTRACE_LOGFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"

/* Lines of a log: plain or gzip (told by its first bytes), a file, a pipe or stdin ("-"). */
struct logfile;

/* The log that this host's kernel goes into, NULL: none of the usual files is there. */
const char *logfile_of_host(void);

/* Returns 0 or -errno; *lf is freed by logfile_close(). follow: as tail -F, which waits for it. */
int logfile_open(struct logfile **lf, const char *path, bool follow, struct np_err *err);
void logfile_close(struct logfile *lf);

/*
 * The next line without its newline; valid until the next call. A line longer
 * than 64 KiB is cut. Returns 1, 0 at the end, or -errno (-EINTR: a signal came,
 * call again; -EBADMSG: compressed data that are damaged or end too early, after
 * the lines that were there). With follow the end never comes: 0 then means that
 * nothing is there now (wait and call again), unless logfile_ended().
 */
int logfile_next(struct logfile *lf, const char **line, size_t *len, struct np_err *err);

/* No more can come: not followed, or a pipe whose writer has gone. Asked after a 0. */
bool logfile_ended(const struct logfile *lf);

/* With follow: it is not there yet. */
bool logfile_awaited(const struct logfile *lf);

/* With follow: waits for more, for rotation, or for timeout_ms. Returns 0 or -errno (-EINTR). */
int logfile_wait(struct logfile *lf, int timeout_ms);

/* Bytes read of the file so far and its size (0 unknown), for progress. */
void logfile_progress(const struct logfile *lf, unsigned long long *done, unsigned long long *size);

#endif
