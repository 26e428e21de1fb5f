// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>

#include "lib/modprobe.h"
#include "lib/spawn.h"

static void helper(char *path, size_t size)
{
	FILE *fp = fopen("/proc/sys/kernel/modprobe", "re");

	snprintf(path, size, "/sbin/modprobe");
	if (!fp)
		return;
	if (fgets(path, (int)size, fp))
		path[strcspn(path, "\n")] = '\0';
	fclose(fp);
	if (*path != '/')
		snprintf(path, size, "/sbin/modprobe");
}

int np_modprobe(const char *module)
{
	char path[256], quiet[] = "-q", dashes[] = "--", name[64];
	char *argv[] = { path, quiet, dashes, name, NULL }, *env[] = { NULL };
	posix_spawn_file_actions_t files;
	pid_t pid;
	int ret;

	helper(path, sizeof(path));
	snprintf(name, sizeof(name), "%s", module);
	ret = posix_spawn_file_actions_init(&files);
	if (ret)
		return -ret;
	for (int fd = 0; fd <= 2 && !ret; fd++)
		ret = posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
	if (!ret)
		ret = posix_spawn(&pid, path, &files, NULL, argv, env);
	posix_spawn_file_actions_destroy(&files);
	if (ret)
		return -ret;
	ret = np_spawn_wait(pid);
	return ret > 0 ? -ENOENT : ret;
}
