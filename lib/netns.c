// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/netns.h"

/* What cannot be mounted, often for want of such a file in /etc itself, is left out, as ip does. */
static void lay_over(const char *dir, const char *file)
{
	char from[PATH_MAX + 1 + NAME_MAX], to[sizeof("/etc/") + NAME_MAX];

	if (!strcmp(file, ".") || !strcmp(file, ".."))
		return;
	snprintf(from, sizeof(from), "%s/%s", dir, file);
	snprintf(to, sizeof(to), "/etc/%s", file);
	(void)!mount(from, to, NULL, MS_BIND, NULL);
}

/* As ip does (iproute2 lib/namespace.c, bind_etc): a namespace of mounts that is this process's. */
static int own_etc(const char *name, struct np_err *err)
{
	char path[PATH_MAX];
	const struct dirent *e;
	int ret = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/etc/netns/%s", name);
	dir = opendir(path);
	if (!dir)
		return 0;
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL))
		ret = np_err_set(err, errno, "cannot lay %s over /etc: %s", path, strerror(errno));
	while (!ret && (e = readdir(dir)))
		lay_over(path, e->d_name);
	closedir(dir);
	return ret;
}

int np_netns_enter(const char *name, struct np_err *err)
{
	char path[PATH_MAX];
	int fd, code = 0;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return np_err_set(err, errno, "cannot open the network namespace \"%s\": %s", name,
				  strerror(errno));
	if (setns(fd, CLONE_NEWNET))
		code = errno;
	close(fd);
	if (code)
		return np_err_set(err, code, "cannot enter the network namespace \"%s\": %s", name,
				  strerror(code));
	return own_etc(name, err);
}

static const char own[] = "/proc/self/ns/net", first[] = "/proc/1/ns/net";

bool np_netns_is_first(void)
{
	struct stat a, b;

	return !stat(own, &a) && !stat(first, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int np_netns_first_enter(int *back, struct np_err *err)
{
	int to, code = 0;

	*back = open(own, O_RDONLY | O_CLOEXEC);
	to = open(first, O_RDONLY | O_CLOEXEC);
	if (*back < 0 || to < 0 || setns(to, CLONE_NEWNET))
		code = errno;
	if (to >= 0)
		close(to);
	if (!code)
		return 0;
	if (*back >= 0)
		close(*back);
	*back = -1;
	return np_err_set(err, code, "cannot enter the first network namespace: %s",
			  strerror(code));
}

int np_netns_back(int back)
{
	int ret = setns(back, CLONE_NEWNET) ? -errno : 0;

	close(back);
	return ret;
}
