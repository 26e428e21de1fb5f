// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/lookups.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_KB "512" /* a CPU: some thousand lookups */
#define TRIES 40
#define TRY_NS 50000000
#define LINE_CAP 65536
#define ENABLE "events/fib/fib_table_lookup/enable"

struct np_lookups {
	int fd; /* trace_pipe */
	size_t have;
	char buf[LINE_CAP];
};

/* ---- a line ---- */

/* "10.0.1.1/1000", "fd00::1/0" */
static int read_end(char *text, uint8_t family, uint8_t *addr, uint16_t *port)
{
	char *slash = strchr(text, '/');
	unsigned value;

	if (!slash || sscanf(slash + 1, "%5u", &value) != 1)
		return 0;
	*slash = '\0';
	*port = (uint16_t)value;
	return inet_pton(family, text, addr) == 1;
}

/* "  some-name-1234    [001] d.s2.  8345.120936"; to: its end. */
static int read_head(const char *line, const char *to, struct np_lookup *l)
{
	/* the name before may have either in it: the last ones count */
	const char *cpu = memrchr(line, '[', (size_t)(to - line));
	const char *pid = cpu ? memrchr(line, '-', (size_t)(cpu - line)) : NULL;
	unsigned long seconds, us;
	char flags[16];
	int number;

	if (!pid || sscanf(pid + 1, "%10d", &number) != 1 ||
		sscanf(cpu, "[%5u] %15s %15lu.%6lu:", &l->cpu, flags, &seconds, &us) != 4)
		return 0;
	l->pid = number;
	/* print_lat_fmt() in kernel/trace/trace_output.c: the third is of interrupts */
	l->softirq = strlen(flags) > 2 && flags[2] != '.' && flags[2] != 'b';
	l->mono_us = (int64_t)seconds * 1000000 + (int64_t)us;
	return 1;
}

int np_lookup_read(const char *line, struct np_lookup *l)
{
	static const char name4[] = ": fib_table_lookup: ", name6[] = ": fib6_table_lookup: ";
	const char *at = strstr(line, name4), *to;
	char src[64], dst[64];
	unsigned proto;

	if (!strncmp(line, "CPU:", 4) && strstr(line, "[LOST "))
		return 2;
	memset(l, 0, sizeof(*l));
	l->family = at ? AF_INET : AF_INET6;
	if (!at)
		at = strstr(line, name6);
	if (!at || !read_head(line, at + 1, l))
		return 0;
	at += l->family == AF_INET ? sizeof(name4) - 1 : sizeof(name6) - 1;
	if (sscanf(at, "table %10u oif %11d iif %11d proto %3u %63s -> %63s", &l->table, &l->oif,
		&l->iif, &proto, src, dst) != 6)
		return 0;
	l->proto = (uint8_t)proto;
	if (!read_end(src, l->family, l->src, &l->sport) ||
		!read_end(dst, l->family, l->dst, &l->dport))
		return 0;
	/* what is between has got more words, and may get others */
	to = strstr(at, " ==> dev ");
	if (!to || sscanf(to, " ==> dev %15s", l->dev) != 1)
		return 0;
	to = strstr(to, " err ");
	if (!to || sscanf(to, " err %11d", &l->error) != 1)
		return 0;
	l->error = abs(l->error);
	if (!strcmp(l->dev, "-"))
		l->dev[0] = '\0';
	return 1;
}

/* ---- the instance ---- */

/* tracefs, mounted nowhere: it is for this process alone, and goes with it. */
static int open_root(struct np_err *err)
{
	int fs, root = -1, saved;

	/* musl has no functions for them */
	fs = (int)syscall(SYS_fsopen, "tracefs", FSOPEN_CLOEXEC);
	if (fs >= 0 && !syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		root = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
	saved = errno;
	if (fs >= 0)
		close(fs);
	return root < 0 ? np_err_set(err, saved, "the kernel's routing lookups (tracefs): %s",
		strerror(saved)) : root;
}

static void name_of(pid_t pid, char name[64])
{
	(void)snprintf(name, 64, "instances/netpath-%d", (int)pid);
}

int np_lookups_possible(struct np_err *err)
{
	int root = open_root(err), ret = 0;

	if (root < 0)
		return root;
	if (faccessat(root, ENABLE, W_OK, 0))
		ret = np_err_set(err, errno, "tracefs: " ENABLE ": %s", strerror(errno));
	close(root);
	return ret;
}

static int put(int dir, const char *file, const char *value)
{
	int fd = openat(dir, file, O_WRONLY | O_CLOEXEC), ret = 0;
	size_t len = strlen(value);

	if (fd < 0 || write(fd, value, len) != (ssize_t)len)
		ret = -errno;
	if (fd >= 0)
		close(fd);
	return ret;
}

/* In the instance's folder. IPv6 may not be there. */
static int start(struct np_lookups *t, int dir, struct np_err *err)
{
	int ret = put(dir, "buffer_size_kb", BUFFER_KB);

	if (!ret)
		ret = put(dir, "trace_clock", "mono");
	if (!ret)
		ret = put(dir, ENABLE, "1");
	if (!ret)
		(void)put(dir, "events/fib6/fib6_table_lookup/enable", "1");
	if (!ret) {
		t->fd = openat(dir, "trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		ret = t->fd < 0 ? -errno : 0;
	}
	return ret ? np_err_set(err, -ret, "the kernel's routing lookups (tracefs): %s",
		strerror(-ret)) : 0;
}

static int make(struct np_lookups *t, int root, struct np_err *err)
{
	char name[64];
	int dir, ret;

	name_of(getpid(), name);
	if (mkdirat(root, name, 0700) && errno != EEXIST)
		return np_err_set(err, errno, "tracefs: %s: %s", name, strerror(errno));
	dir = openat(root, name, O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return np_err_set(err, errno, "tracefs: %s: %s", name, strerror(errno));
	ret = start(t, dir, err);
	close(dir);
	return ret;
}

int np_lookups_open(struct np_lookups **out, struct np_err *err)
{
	struct np_lookups *t = calloc(1, sizeof(*t));
	int root, ret;

	*out = NULL;
	if (!t)
		return np_err_nomem(err);
	t->fd = -1;
	root = open_root(err);
	ret = root < 0 ? root : make(t, root, err);
	if (root >= 0)
		close(root);
	if (ret) {
		np_lookups_close(t);
		err->refused = true;
		return ret;
	}
	*out = t;
	return 0;
}

void np_lookups_close(struct np_lookups *t)
{
	if (!t)
		return;
	if (t->fd >= 0)
		close(t->fd);
	free(t);
}

int np_lookups_remove(pid_t pid, struct np_err *err)
{
	const struct timespec wait = { 0, TRY_NS };
	int root = open_root(err), ret = 0;
	char name[64];

	if (root < 0)
		return root;
	name_of(pid, name);
	for (unsigned i = 0; i < TRIES; i++) {
		ret = unlinkat(root, name, AT_REMOVEDIR) && errno != ENOENT ? errno : 0;
		if (ret != EBUSY)
			break;
		nanosleep(&wait, NULL);
	}
	if (ret)
		ret = np_err_set(err, ret, "tracefs: %s: %s", name, strerror(ret));
	close(root);
	return ret;
}

/* ---- reading ---- */

/* The whole lines in the buffer; the rest stays. */
static int take_lines(struct np_lookups *t, unsigned *max, np_lookup_fn *fn, void *arg)
{
	char *line = t->buf, *end = t->buf + t->have, *nl;
	struct np_lookup l;
	int ret = 0, what;

	while (!ret && *max && (nl = memchr(line, '\n', (size_t)(end - line)))) {
		*nl = '\0';
		what = np_lookup_read(line, &l);
		if (what)
			ret = fn(what == 1 ? &l : NULL, arg);
		line = nl + 1;
		--*max;
	}
	t->have = (size_t)(end - line);
	memmove(t->buf, line, t->have);
	return ret;
}

int np_lookups_take(struct np_lookups *t, unsigned max, np_lookup_fn *fn, void *arg,
	struct np_err *err)
{
	int ret = take_lines(t, &max, fn, arg);

	while (!ret && max) {
		ssize_t n;

		if (t->have == LINE_CAP)
			t->have = 0; /* a line without end */
		n = read(t->fd, t->buf + t->have, LINE_CAP - t->have);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return np_err_set(err, errno, "trace_pipe: %s", strerror(errno));
		if (n <= 0)
			return 0;
		t->have += (size_t)n;
		ret = take_lines(t, &max, fn, arg);
	}
	return ret;
}
