// SPDX-License-Identifier: GPL-2.0-or-later
#include "logfile.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace/logfile_priv.h"

/*
 * As `tail -F`: the name is followed, not the file. inotify only shortens the
 * wait; every look asks the file itself, so that file systems without inotify
 * (NFS, FUSE) are followed too, only later.
 */
#define LOOK_MS 1000
#define LOOK_MS_BLIND 250

/* The name now leads to another file, or to none. */
static bool replaced(const struct logfile *lf)
{
	struct stat st;

	if (stat(lf->path, &st))
		return false; /* not made anew yet: the old one is all there is */
	return st.st_dev != lf->dev || st.st_ino != lf->ino;
}

/* Shorter than what was read: `cp /dev/null log`, or logrotate's copytruncate. */
static bool truncated(const struct logfile *lf)
{
	struct stat st;

	return lf->regular && !fstat(lf->fd, &st) && st.st_size >= 0 &&
	       (unsigned long long)st.st_size < lf->done;
}

static int reopen(struct logfile *lf, struct np_err *err)
{
	struct logfile old = *lf;
	int ret;

	lf->gz = NULL;
	ret = logfile_attach(lf, err);
	if (ret) {
		/* gone again between the two looks: stay with the old one; else it is unreadable */
		if (lf->fd >= 0)
			close(lf->fd);
		*lf = old;
		return ret == -ENOENT ? 0 : ret;
	}
	logfile_detach(&old);
	lf->ended = lf->end > lf->begin;
	if (lf->notify >= 0)
		close(lf->notify);
	lf->notify = -1;
	return 1;
}

int logfile_again(struct logfile *lf, struct np_err *err)
{
	if (!lf->regular)
		return 0;
	if (truncated(lf)) {
		if (lseek(lf->fd, 0, SEEK_SET) < 0)
			return np_err_set(err, errno, "%s: %s", lf->path, strerror(errno));
		lf->done = 0;
		lf->detected = false;
		lf->ended = lf->end > lf->begin;
		logfile_gzip_free(lf->gz);
		lf->gz = NULL;
		return 1;
	}
	if (!replaced(lf))
		return 0;
	/* lines may have come between the last read and the rename: the end is read again */
	lf->leaving = !lf->leaving;
	return lf->leaving ? 1 : reopen(lf, err);
}

/* Watches the file and its folder; without inotify lf->notify stays -1. */
static void watch(struct logfile *lf)
{
	const char *slash = strrchr(lf->path, '/');
	size_t n = slash ? (size_t)(slash - lf->path) + 1 : 0;
	char *dir;

	lf->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (lf->notify < 0)
		return;
	(void)inotify_add_watch(lf->notify, lf->path, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF);
	dir = n ? strndup(lf->path, n) : strdup(".");
	if (dir)
		(void)inotify_add_watch(lf->notify, dir, IN_CREATE | IN_MOVED_TO);
	free(dir);
}

int logfile_wait(struct logfile *lf, int timeout_ms)
{
	struct pollfd pfd = { .events = POLLIN };
	int look = LOOK_MS_BLIND;
	char events[4096];
	bool fresh = false;

	if (lf->follow && lf->regular && lf->notify < 0) {
		watch(lf);
		fresh = lf->notify >= 0;
	}
	if (!lf->regular) {
		pfd.fd = lf->fd;
		look = timeout_ms;
	} else if (lf->notify >= 0) {
		pfd.fd = lf->notify;
		look = LOOK_MS;
	} else {
		pfd.fd = -1;
	}
	/* something may have come between the last look and the watch */
	if (fresh)
		look = 0;
	if (timeout_ms >= 0 && (look < 0 || timeout_ms < look))
		look = timeout_ms;
	if (poll(&pfd, 1, look) < 0)
		return -errno;
	if (lf->regular && lf->notify >= 0)
		while (read(lf->notify, events, sizeof(events)) > 0)
			;
	return 0;
}
