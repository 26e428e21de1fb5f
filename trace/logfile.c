// SPDX-License-Identifier: GPL-2.0-or-later
#include "logfile.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/logfile_priv.h"

const char *logfile_of_host(void)
{
	static const char *const files[] = { "/var/log/kern.log", "/var/log/messages",
		"/var/log/syslog" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!access(files[i], F_OK))
			return files[i];
	return NULL;
}

int logfile_open(struct logfile **out, const char *path, bool follow, struct np_err *err)
{
	struct logfile *lf = calloc(1, sizeof(*lf));
	int ret;

	*out = NULL;
	if (!lf)
		return np_err_nomem(err);
	lf->fd = lf->notify = -1;
	lf->path = strdup(path);
	lf->buf = malloc(LOGFILE_BUF);
	lf->follow = lf->live = follow;
	if (!lf->path || !lf->buf) {
		logfile_close(lf);
		return np_err_nomem(err);
	}
	ret = logfile_attach(lf, err);
	if (ret) {
		logfile_close(lf);
		return ret;
	}
	*out = lf;
	return 0;
}

void logfile_close(struct logfile *lf)
{
	if (!lf)
		return;
	logfile_detach(lf);
	if (lf->notify >= 0)
		close(lf->notify);
	free(lf->buf);
	free(lf->path);
	free(lf);
}

/* Makes room behind the bytes that are left, and reads more. 1, 0 at the end, or -errno. */
static int fill(struct logfile *lf, struct np_err *err)
{
	ssize_t n;

	if (lf->begin) {
		memmove(lf->buf, lf->buf + lf->begin, lf->end - lf->begin);
		lf->end -= lf->begin;
		lf->begin = 0;
	}
	n = logfile_read(lf, lf->buf + lf->end, LOGFILE_BUF - lf->end, err);
	if (n <= 0)
		return (int)n;
	lf->end += (size_t)n;
	return 1;
}

/* Gives out the n bytes at begin, of which skip are the newline. */
static int give(struct logfile *lf, size_t n, size_t skip, const char **line, size_t *len)
{
	*line = lf->buf + lf->begin;
	*len = n;
	lf->begin += n + skip;
	lf->scanned = 0;
	return 1;
}

int logfile_next(struct logfile *lf, const char **line, size_t *len, struct np_err *err)
{
	for (;;) {
		size_t left = lf->end - lf->begin, n;
		const char *start = lf->buf + lf->begin, *nl;
		int ret;

		nl = memchr(start + lf->scanned, '\n', left - lf->scanned);
		n = nl ? (size_t)(nl - start) : left;
		if (lf->overlong) {
			/* the rest of a line that was cut */
			lf->begin += n + (nl ? 1 : 0);
			lf->overlong = !nl;
		} else if (n > LOGFILE_LINE_MAX) {
			lf->overlong = true;
			return give(lf, LOGFILE_LINE_MAX, 0, line, len);
		} else if (nl) {
			return give(lf, n, 1, line, len);
		}
		if (nl)
			continue;
		lf->scanned = lf->overlong ? 0 : left;
		ret = fill(lf, err);
		if (ret == 1)
			continue;
		left = lf->end - lf->begin;
		/* a last line without its newline; when following it may still be growing */
		if (left && !lf->overlong && (ret < 0 || logfile_ended(lf) || lf->ended)) {
			lf->pending = ret;
			lf->ended = false;
			return give(lf, left, 0, line, len);
		}
		if (!ret && lf->pending) {
			ret = lf->pending;
			lf->pending = 0;
		}
		return ret;
	}
}

bool logfile_ended(const struct logfile *lf)
{
	return !lf->follow && (!lf->live || lf->eof);
}

bool logfile_awaited(const struct logfile *lf)
{
	return lf->fd < 0;
}

void logfile_progress(const struct logfile *lf, unsigned long long *done, unsigned long long *size)
{
	*done = lf->done;
	*size = lf->size;
}
