// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "trace/logfile.h"
#include "trace/logfile_priv.h"

/*
 * Rotated logs. inflate() rather than gzread(), so that a pipe works, and that
 * a file whose end is missing gives all the lines that are there.
 */
struct logfile_gzip {
	z_stream z;
	bool open;         /* inside a member: the end of input now is a truncation */
	bool end;          /* nothing but padding after the last member */
	const char *fault; /* told after the bytes that could be had */
	unsigned char in[64 << 10];
};

bool logfile_gzip_magic(const char *buf, size_t len)
{
	return len >= 2 && !memcmp(buf, "\x1f\x8b", 2);
}

struct logfile_gzip *logfile_gzip_new(const char *head, size_t len)
{
	struct logfile_gzip *gz = calloc(1, sizeof(*gz));
	unsigned char *all = NULL;

	if (!gz)
		return NULL;
	/* what the first read brought may be more than in holds: keep it behind the struct */
	if (len > sizeof(gz->in)) {
		all = realloc(gz, sizeof(*gz) + len);
		if (!all) {
			free(gz);
			return NULL;
		}
		gz = (struct logfile_gzip *)all;
		memcpy(all + sizeof(*gz), head, len);
		gz->z.next_in = all + sizeof(*gz);
	} else {
		memcpy(gz->in, head, len);
		gz->z.next_in = gz->in;
	}
	gz->z.avail_in = (uInt)len;
	if (inflateInit2(&gz->z, 15 + 16) != Z_OK) {
		free(gz);
		return NULL;
	}
	gz->open = true;
	return gz;
}

void logfile_gzip_free(struct logfile_gzip *gz)
{
	if (!gz)
		return;
	inflateEnd(&gz->z);
	free(gz);
}

/* More of the file; 0 at its end. */
static ssize_t refill(struct logfile *lf, struct np_err *err)
{
	struct logfile_gzip *gz = lf->gz;
	ssize_t n = logfile_read_raw(lf, gz->in, sizeof(gz->in), err);

	if (n > 0) {
		gz->z.next_in = gz->in;
		gz->z.avail_in = (uInt)n;
	}
	return n;
}

/* A member has ended: another one follows, or padding, which gzip ignores too. */
static int next_member(struct logfile_gzip *gz)
{
	if (*gz->z.next_in != 0x1f) {
		gz->end = true;
		return 0;
	}
	gz->open = true;
	return inflateReset(&gz->z) == Z_OK ? 0 : -EBADMSG;
}

/* A step of decompression. 1: go on, 0: there is no more for now, -errno. */
static int step(struct logfile *lf, struct np_err *err)
{
	struct logfile_gzip *gz = lf->gz;
	int ret;

	if (!gz->z.avail_in) {
		ssize_t n = refill(lf, err);

		if (n < 0)
			return (int)n;
		if (!n && gz->open && logfile_ended(lf))
			gz->fault = "the compressed data end too early";
		if (!n)
			return 0;
	}
	if (!gz->open && next_member(gz))
		return np_err_nomem(err);
	if (gz->end)
		return 0;
	ret = inflate(&gz->z, Z_NO_FLUSH);
	if (ret == Z_STREAM_END)
		gz->open = false;
	else if (ret != Z_OK && ret != Z_BUF_ERROR)
		gz->fault = "the compressed data are damaged";
	return 1;
}

ssize_t logfile_gzip_read(struct logfile *lf, char *buf, size_t size, struct np_err *err)
{
	struct logfile_gzip *gz = lf->gz;
	int ret = 1;

	gz->z.next_out = (unsigned char *)buf;
	gz->z.avail_out = (uInt)size;
	while (ret > 0 && !gz->end && !gz->fault && gz->z.avail_out == size)
		ret = step(lf, err);
	if (ret < 0)
		return ret;
	if (gz->z.avail_out < size || !gz->fault)
		return (ssize_t)(size - gz->z.avail_out);
	gz->end = true;
	return np_err_set(err, EBADMSG, "%s: %s", lf->path, gz->fault);
}
