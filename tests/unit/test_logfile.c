// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/logfile.h"
#include "trace/logfile_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "tests/unit/unit.h"

static char dir[] = "/tmp/test_logfile.XXXXXX";
static char path[PATH_MAX];

static const char *at(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void put(const char *name, const void *data, size_t len, int flags)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);

	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		unit_ok(false, "%s is written", name);
	close(fd);
}

static void puts_to(const char *name, const char *text, int flags)
{
	put(name, text, strlen(text), flags);
}

/* One gzip member. */
static size_t pack(unsigned char *out, size_t size, const char *text, size_t len)
{
	z_stream z = { 0 };

	deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (unsigned char *)(uintptr_t)text;
	z.avail_in = (uInt)len;
	z.next_out = out;
	z.avail_out = (uInt)size;
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return size - z.avail_out;
}

struct tally {
	int lines, ret;
	size_t bytes;
	char last[64];
	struct np_err err;
};

static void drain(struct logfile *lf, struct tally *t)
{
	const char *line;
	size_t len;

	t->err = (struct np_err)NP_ERR_INIT;
	while ((t->ret = logfile_next(lf, &line, &len, &t->err)) == 1) {
		t->lines++;
		t->bytes += len;
		snprintf(t->last, sizeof(t->last), "%.*s", (int)(len < 60 ? len : 60), line);
	}
}

static struct tally read_all(const char *name)
{
	struct tally t = { 0 };
	struct logfile *lf;

	t.ret = logfile_open(&lf, name, false, &t.err);
	if (t.ret)
		return t;
	drain(lf, &t);
	logfile_close(lf);
	return t;
}

static void plain(void)
{
	struct tally t;
	char *big = malloc(3000000);

	puts_to("a", "one\ntwo\r\n\nlast", O_TRUNC);
	t = read_all(at("a"));
	unit_int(t.lines, 4, "empty lines and a last one without newline count");
	unit_str(t.last, "last", "and are given");
	unit_int(t.ret, 0, "the end is no error");
	puts_to("a", "", O_TRUNC);
	unit_int(read_all(at("a")).lines, 0, "an empty file has no line");
	/* lines over the borders of the buffer: 100 bytes each */
	memset(big, 'x', 3000000);
	for (int i = 99; i < 3000000; i += 100)
		big[i] = '\n';
	put("a", big, 3000000, O_TRUNC);
	t = read_all(at("a"));
	unit_int(t.lines, 30000, "no line is lost between reads");
	unit_int((long long)t.bytes, 30000 * 99, "nor is a byte");
	memset(big, 'x', 3000000);
	memcpy(big + 2999990, "\nend\nmore\n", 10);
	put("a", big, 3000000, O_TRUNC);
	t = read_all(at("a"));
	unit_int(t.lines, 3, "a line of megabytes is one line");
	unit_int((long long)t.bytes, (64 << 10) + 7, "cut at 64 KiB");
	free(big);
}

static void bad_files(void)
{
	struct tally t = read_all(at("none"));

	unit_int(t.ret, -ENOENT, "a file that is not there");
	unit_ok(strstr(t.err.text, "none: No such file") != NULL, "is named with the reason");
	t = read_all(dir);
	unit_int(t.ret, -EISDIR, "a folder is no log");
}

static void gzip(void)
{
	unsigned char z[4096];
	char text[2000];
	struct tally t;
	size_t n, m;

	n = pack(z, sizeof(z), "one\ntw", 6);
	m = pack(z + n, sizeof(z) - n, "o\nthree\n", 8);
	put("z", z, n + m, O_TRUNC);
	t = read_all(at("z"));
	unit_int(t.lines, 3, "members one after the other are one log");
	unit_str(t.last, "three", "to the end");
	unit_int(t.ret, 0, "without error");
	memset(z + n + m, 0, 512);
	put("z", z, n + m + 512, O_TRUNC);
	unit_int(read_all(at("z")).ret, 0, "padding after them is ignored");
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 10 == 9 ? '\n' : (char)('a' + rand() % 26);
	n = pack(z, sizeof(z), text, sizeof(text));
	put("z", z, n / 2, O_TRUNC);
	t = read_all(at("z"));
	unit_ok(t.lines > 20 && t.lines < 200, "a file whose end is missing gives what is there");
	unit_int(t.ret, -EBADMSG, "and then an error");
	unit_ok(strstr(t.err.text, "/z: the compressed data end") != NULL, "that names the file");
	memset(z + n / 2, 0x55, 40);
	put("z", z, n, O_TRUNC);
	t = read_all(at("z"));
	unit_ok(t.lines > 0 && t.ret == -EBADMSG, "so does one that is damaged");
	put("z", "\x1f", 1, O_TRUNC);
	unit_int(read_all(at("z")).lines, 1, "half the magic is text");
}

static void pipes(void)
{
	unsigned char z[4096];
	struct tally t = { 0 };
	struct logfile *lf;
	int fds[2], saved = dup(STDIN_FILENO);
	size_t n = pack(z, sizeof(z), "one\ntwo\n", 8);

	if (pipe(fds))
		return;
	dup2(fds[0], STDIN_FILENO);
	unit_int(logfile_open(&lf, "-", true, &t.err), 0, "- is standard input");
	/* the magic comes a byte at a time */
	for (size_t i = 0; i < n; i++)
		(void)!write(fds[1], z + i, 1);
	close(fds[1]);
	drain(lf, &t);
	unit_int(t.lines, 2, "a pipe with gzip is read");
	unit_ok(logfile_ended(lf), "and ends, followed or not");
	logfile_close(lf);
	dup2(saved, STDIN_FILENO);
	close(saved);
	close(fds[0]);
}

/* Waits, at most 5 s, until a line came. */
static int await(struct logfile *lf, struct tally *t)
{
	int before = t->lines;

	for (int i = 0; i < 50 && t->lines == before; i++) {
		drain(lf, t);
		if (t->ret < 0)
			break;
		if (t->lines == before)
			logfile_wait(lf, 100);
	}
	return t->lines - before;
}

static void follow(void)
{
	struct tally t = { 0 };
	struct logfile *lf;
	char other[PATH_MAX];

	puts_to("f", "one\n", O_TRUNC);
	logfile_open(&lf, at("f"), true, &t.err);
	unit_ok(await(lf, &t) == 1 && !logfile_ended(lf), "what is there comes first");
	puts_to("f", "tw", O_APPEND);
	drain(lf, &t);
	unit_int(t.lines, 1, "half a line waits");
	puts_to("f", "o\nthree\n", O_APPEND);
	unit_int(await(lf, &t), 2, "until it is whole");
	/* rotation as logrotate does it, with an unfinished line */
	puts_to("f", "old end", O_APPEND);
	snprintf(other, sizeof(other), "%s/f.1", dir);
	rename(at("f"), other);
	drain(lf, &t);
	puts_to("f.1", " whole", O_APPEND);
	puts_to("f", "new\n", O_TRUNC);
	unit_int(await(lf, &t), 2, "a new file under the name is followed");
	unit_str(t.last, "new", "after the old one's end");
	puts_to("f", "more\n", O_APPEND);
	unit_int(await(lf, &t), 1, "and goes on");
	/* lines that come between the last read of the old file and the look at the name */
	puts_to("f", "late\n", O_APPEND);
	rename(at("f"), other);
	puts_to("f", "new\n", O_TRUNC);
	unit_int(logfile_again(lf, &t.err), 1, "replaced after it was read to its end");
	unit_int(await(lf, &t), 2, "the old file is read again to its end");
	unit_str(t.last, "new", "then the new one");
	puts_to("f", "", O_TRUNC);
	puts_to("f", "x\n", O_APPEND);
	unit_int(await(lf, &t), 1, "a truncated file is read from its beginning");
	unit_str(t.last, "x", "without a rest of the old one");
	logfile_close(lf);
}

int main(void)
{
	static const char *const names[] = { "a", "z", "f", "f.1" };

	if (!mkdtemp(dir))
		return 1;
	plain();
	bad_files();
	gzip();
	pipes();
	follow();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(at(names[i]));
	rmdir(dir);
	return unit_done();
}
