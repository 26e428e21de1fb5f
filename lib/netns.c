// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/netns.h"

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
	return 0;
}
