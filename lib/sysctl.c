// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOT "/proc/sys/"

/* sysctl(8): what stands first, '.' or '/', parts the name; the other is a dot in a part. */
int np_sysctl_path(const char *name, char *path, size_t size)
{
	size_t len = strlen(name), sep = strcspn(name, "./");
	bool dots = name[sep] == '.';
	char *p;

	if (!len || sizeof(ROOT) + len > size)
		return -EINVAL;
	memcpy(path, ROOT, sizeof(ROOT) - 1);
	p = path + sizeof(ROOT) - 1;
	for (size_t i = 0; i < len; i++) {
		p[i] = name[i];
		if (dots && name[i] == '.')
			p[i] = '/';
		else if (dots && name[i] == '/')
			p[i] = '.';
	}
	p[len] = '\0';
	if (strstr(path, "//") || strstr(path, "/../") || path[strlen(path) - 1] == '/' ||
	    (len >= 3 && !strcmp(p + len - 3, "/..")))
		return -EINVAL;
	return 0;
}

const char *np_sysctl_conf(uint8_t family, const char *dev, const char *key,
			   char name[NP_SYSCTL_NAME_MAX])
{
	int at = snprintf(name, NP_SYSCTL_NAME_MAX, "net.%s.conf.",
			  family == AF_INET6 ? "ipv6" : "ipv4");
	size_t n = (size_t)at;

	for (; *dev && n < NP_SYSCTL_NAME_MAX - 1; dev++)
		name[n++] = *dev == '.' ? '/' : *dev;
	(void)snprintf(name + n, NP_SYSCTL_NAME_MAX - n, ".%s", key);
	return name;
}

static int open_name(const char *name, int flags, struct np_err *err)
{
	char path[sizeof(ROOT) + NP_SYSCTL_NAME_MAX];
	int fd;

	if (np_sysctl_path(name, path, sizeof(path)))
		return np_err_set(err, EINVAL, "\"%s\" is no name of a sysctl", name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		return np_err_set(err, ENOENT, "this kernel has no sysctl %s", name);
	return np_err_set(err, errno, "cannot %s sysctl %s: %s",
			  flags == O_RDONLY ? "read" : "write", name, strerror(errno));
}

int np_sysctl_get(const char *name, char value[NP_SYSCTL_VALUE_MAX], struct np_err *err)
{
	int fd = open_name(name, O_RDONLY, err);
	ssize_t n;
	int code;

	if (fd < 0)
		return fd;
	n = read(fd, value, NP_SYSCTL_VALUE_MAX - 1);
	code = errno;
	close(fd);
	if (n < 0)
		return np_err_set(err, code, "cannot read sysctl %s: %s", name, strerror(code));
	while (n > 0 && value[n - 1] == '\n')
		n--;
	value[n] = '\0';
	return 0;
}

int np_sysctl_get_int(const char *name, int64_t *value, struct np_err *err)
{
	char text[NP_SYSCTL_VALUE_MAX], *end;
	int ret = np_sysctl_get(name, text, err);

	if (ret)
		return ret;
	errno = 0;
	*value = strtoll(text, &end, 10);
	if (errno || end == text || *end)
		return np_err_set(err, EINVAL, "sysctl %s is no number: \"%s\"", name, text);
	return 0;
}

int np_sysctl_set(const char *name, const char *value, struct np_err *err)
{
	int fd = open_name(name, O_WRONLY, err);
	ssize_t n;
	int code;

	if (fd < 0)
		return fd;
	n = write(fd, value, strlen(value));
	code = errno;
	close(fd);
	if (n >= 0)
		return 0;
	return np_err_set(err, code, "cannot set sysctl %s to %s: %s", name, value,
			  strerror(code));
}
