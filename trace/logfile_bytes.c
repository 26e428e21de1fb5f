// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "trace/logfile_priv.h"

int logfile_attach(struct logfile *lf, struct np_err *err)
{
	bool standard = !strcmp(lf->path, "-");
	struct stat st;

	lf->fd = standard ? STDIN_FILENO : open(lf->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (lf->fd < 0 && errno == ENOENT && lf->follow && *lf->path && !lf->ino) {
		lf->regular = true; /* one that comes, as logs do */
		return 0;
	}
	if (lf->fd < 0 || fstat(lf->fd, &st))
		return np_err_set(err, errno, "%s: %s", lf->path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return np_err_set(err, EISDIR, "%s: %s", lf->path, strerror(EISDIR));
	/* the kernel's own log never ends: what is there now is the log */
	if (S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 11))
		(void)fcntl(lf->fd, F_SETFL, fcntl(lf->fd, F_GETFL) | O_NONBLOCK);
	lf->regular = S_ISREG(st.st_mode);
	/* a pipe ends when its writer goes; only files and the kernel's log can be followed */
	lf->follow = lf->follow && !standard && !S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode);
	lf->live = lf->live && !lf->follow && !lf->regular;
	lf->size = lf->regular ? (unsigned long long)st.st_size : 0;
	lf->done = 0;
	lf->dev = st.st_dev;
	lf->ino = st.st_ino;
	lf->detected = false;
	if (lf->regular)
		(void)posix_fadvise(lf->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return 0;
}

void logfile_detach(struct logfile *lf)
{
	if (lf->fd > STDIN_FILENO)
		close(lf->fd);
	lf->fd = -1;
	logfile_gzip_free(lf->gz);
	lf->gz = NULL;
}

ssize_t logfile_read_raw(struct logfile *lf, void *buf, size_t size, struct np_err *err)
{
	struct pollfd pfd = { .fd = lf->fd, .events = POLLIN };
	ssize_t n;

	if (lf->fd < 0)
		return 0;
	if (lf->live && poll(&pfd, 1, 0) == 0)
		return 0;
	/* EPIPE: /dev/kmsg overwrote records before they were read; the next read goes on */
	do
		n = read(lf->fd, buf, size);
	while (n < 0 && errno == EPIPE);
	if (n >= 0) {
		lf->done += (unsigned long long)n;
		lf->eof = !n;
		return n;
	}
	if (errno == EAGAIN)
		return 0;
	return np_err_set(err, errno, "%s: %s", lf->path, strerror(errno));
}

/* The program that unpacks a file which begins so, NULL: none that we know and do not read. */
static const char *packer_of(const char *buf, size_t len)
{
	static const struct {
		const char *magic;
		size_t len;
		const char *program;
	} rows[] = {
		{ "\xfd" "7zXZ", 5, "xz" },
		{ "\x28\xb5\x2f\xfd", 4, "zstd" },
		{ "BZh", 3, "bzip2" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (len >= rows[i].len && !memcmp(buf, rows[i].magic, rows[i].len))
			return rows[i].program;
	}
	return NULL;
}

/* The first bytes tell gzip from text. */
static ssize_t read_first(struct logfile *lf, char *buf, size_t size, struct np_err *err)
{
	const char *packer;
	size_t have = 0;
	ssize_t n;

	while (have < 2) {
		n = logfile_read_raw(lf, buf + have, size - have, err);
		if (n < 0)
			return n;
		if (!n)
			break;
		have += (size_t)n;
	}
	/* a followed file, or a pipe, that is still empty tells nothing yet */
	lf->detected = have > 0;
	packer = packer_of(buf, have);
	if (packer)
		return np_err_set(err, EINVAL, "%s: packed by %s; try: %s -dc %s | pkttrace show",
			lf->path, packer, packer, lf->path);
	if (!logfile_gzip_magic(buf, have))
		return (ssize_t)have;
	lf->gz = logfile_gzip_new(buf, have);
	if (!lf->gz)
		return np_err_nomem(err);
	return logfile_gzip_read(lf, buf, size, err);
}

ssize_t logfile_read(struct logfile *lf, char *buf, size_t size, struct np_err *err)
{
	for (;;) {
		ssize_t n;
		int ret;

		if (!lf->detected)
			n = read_first(lf, buf, size, err);
		else if (lf->gz)
			n = logfile_gzip_read(lf, buf, size, err);
		else
			n = logfile_read_raw(lf, buf, size, err);
		if (n || !lf->follow)
			return n;
		ret = logfile_again(lf, err);
		if (ret <= 0 || lf->ended)
			return ret < 0 ? ret : 0;
	}
}
