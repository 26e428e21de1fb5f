// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "lib/snapshot.h"

/* ---- reading ---- */

#define CHUNK (256 * 1024)
#define SIZE_MAX_TEXT (1u << 30) /* a gzip bomb ends here */

struct text {
	char *b;
	size_t n, cap;
};

static int grow(struct text *t)
{
	char *p;

	if (t->cap - t->n >= CHUNK)
		return 0;
	if (t->cap >= SIZE_MAX_TEXT)
		return -EFBIG;
	p = realloc(t->b, t->cap ? t->cap * 2 : 4 * CHUNK);
	if (!p)
		return -ENOMEM;
	t->b = p;
	t->cap = t->cap ? t->cap * 2 : 4 * CHUNK;
	return 0;
}

/* All of fd, which is closed; what is not gzip-ed is taken as it is. */
static int slurp(int fd, struct text *t)
{
	gzFile gz = gzdopen(fd, "rb");
	int got = 0, ret = 0, code;

	if (!gz) {
		close(fd);
		return -ENOMEM;
	}
	do {
		ret = grow(t);
		got = ret ? 0 : gzread(gz, t->b + t->n, CHUNK);
		if (got > 0)
			t->n += (size_t)got;
	} while (got > 0);
	if (got < 0) {
		gzerror(gz, &code);
		ret = code == Z_ERRNO && errno ? -errno : code == Z_BUF_ERROR ? -ENODATA : -EBADMSG;
	}
	if (gzclose_r(gz) != Z_OK && !ret)
		ret = -ENODATA;
	return ret;
}

static const char *read_error(int code)
{
	return code == ENODATA ? "the compressed data are cut short" :
		code == EBADMSG ? "the compressed data are damaged" : strerror(code);
}

int np_snapshot_read(struct np_snapshot *s, const char *file, bool numeric, struct np_err *err)
{
	bool in = !strcmp(file, "-");
	struct text t = { 0 };
	int fd, ret;

	memset(s, 0, sizeof(*s));
	fd = in ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return np_err_set(err, errno, "cannot open %s: %s", file, strerror(errno));
	ret = slurp(fd, &t);
	if (ret)
		ret = np_err_set(err, -ret, "cannot read %s: %s", in ? "stdin" : file,
				 read_error(-ret));
	else
		ret = np_snapshot_parse(s, t.b, t.n, numeric, err);
	if (ret == -EINVAL)
		np_err_prefix(err, "%s", in ? "stdin" : file);
	free(t.b);
	return ret;
}

/* ---- writing ---- */

/* Written and, where it is a file, on the disk. */
static int put_all(const struct np_snapshot *s, int fd, bool pretty)
{
	FILE *fp = fdopen(fd, "w");
	int ret = 0;

	if (!fp) {
		ret = -errno;
		close(fd);
		return ret;
	}
	ret = np_snapshot_write(s, fp, pretty);
	if (ret) {
		fclose(fp);
		return ret;
	}
	if (fflush(fp) || ferror(fp))
		ret = errno ? -errno : -EIO;
	else if (fsync(fd) && errno != EINVAL && errno != EROFS)
		ret = -errno;
	if (fclose(fp) && !ret)
		ret = -errno;
	return ret;
}

/* As open() would have made it: mkostemp() lets nobody else read. */
static void usual_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	(void)fchmod(fd, 0666 & ~mask);
}

static int save_beside(const struct np_snapshot *s, const char *file, bool pretty)
{
	char *temp = NULL;
	int fd, ret;

	if (asprintf(&temp, "%s.XXXXXX", file) < 0)
		return -ENOMEM;
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		ret = -errno;
		free(temp);
		return ret;
	}
	usual_mode(fd);
	ret = put_all(s, fd, pretty);
	if (!ret && rename(temp, file))
		ret = -errno;
	if (ret)
		unlink(temp);
	free(temp);
	return ret;
}

int np_snapshot_save(const struct np_snapshot *s, const char *file, bool pretty,
		     struct np_err *err)
{
	struct stat st;
	int fd, ret;

	/* a pipe or a device is written to, not replaced */
	if (!stat(file, &st) && !S_ISREG(st.st_mode)) {
		fd = open(file, O_WRONLY | O_CLOEXEC);
		ret = fd < 0 ? -errno : put_all(s, fd, pretty);
	} else {
		ret = save_beside(s, file, pretty);
	}
	return ret ? np_err_set(err, -ret, "cannot write %s: %s", file, strerror(-ret)) : 0;
}
