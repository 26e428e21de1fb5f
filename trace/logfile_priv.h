/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOGFILE_PRIV_H
#define PKTTRACE_LOGFILE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/err.h"

#define LOGFILE_BUF (256u << 10)
#define LOGFILE_LINE_MAX (64u << 10)

struct logfile_gzip;

struct logfile {
	char *path;
	bool follow;
	bool live; /* a pipe, to be followed: what is there is read, no more is waited for */
	bool eof;  /* whose writer has gone */
	/* the lines: buf[begin..end), of which the first scanned bytes hold no newline */
	char *buf;
	size_t begin, end, scanned;
	bool overlong; /* inside a line that was cut at LOGFILE_LINE_MAX */
	int pending;   /* error to return after the last line */
	/* the bytes */
	int fd;
	bool detected; /* the first bytes were looked at */
	bool regular;
	bool leaving;            /* the name leads elsewhere: the old file is read a last time */
	bool ended;              /* the file was replaced: a last line without newline is whole */
	struct logfile_gzip *gz; /* NULL: plain */
	dev_t dev;
	ino_t ino;
	int notify; /* inotify, -1: none */
	unsigned long long done, size;
};

/* logfile_bytes.c: opens path; closes what is open. */
int logfile_attach(struct logfile *lf, struct np_err *err);
void logfile_detach(struct logfile *lf);
/* Bytes of the log, decompressed. > 0, 0 at the end (with follow: for now), -errno. */
ssize_t logfile_read(struct logfile *lf, char *buf, size_t size, struct np_err *err);
/* Bytes as the file has them. */
ssize_t logfile_read_raw(struct logfile *lf, void *buf, size_t size, struct np_err *err);

/* logfile_gzip.c */
bool logfile_gzip_magic(const char *buf, size_t len);
/* Takes the bytes that were read so far. NULL: out of memory. */
struct logfile_gzip *logfile_gzip_new(const char *head, size_t len);
void logfile_gzip_free(struct logfile_gzip *gz);
ssize_t logfile_gzip_read(struct logfile *lf, char *buf, size_t size, struct np_err *err);

/*
 * logfile_follow.c: at the end of a followed file. 1: there is more to read now
 * (a new file under the name, or it was truncated), 0: not yet, -errno.
 */
int logfile_again(struct logfile *lf, struct np_err *err);

#endif
