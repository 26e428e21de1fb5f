// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Two seconds: a process that is just ending cannot be moved, and keeps its place meanwhile. */
#define TRIES 200
#define PAUSE_US 10000

/* The number of the first cgroup namespace (include/linux/proc_ns.h). */
#define FIRST_CGROUP_NS 0xEFFFFFFBu

/* Where cgroup v2 is mounted. Returns 0 or -ENOENT. */
static int mounted_at(char path[CGROUP_PATH])
{
	FILE *fp = setmntent("/proc/self/mounts", "re");
	char buf[4096];
	struct mntent ent;
	int ret = -ENOENT;

	while (fp && ret && getmntent_r(fp, &ent, buf, sizeof(buf)))
		if (!strcmp(ent.mnt_type, "cgroup2"))
			ret = snprintf(path, CGROUP_PATH, "%s", ent.mnt_dir) < CGROUP_PATH ? 0 :
				-ENAMETOOLONG;
	if (fp)
		endmntent(fp);
	return ret;
}

/* Puts the cgroup of this process ("0::/user.slice") behind the path. Returns 0 or -errno. */
static int add_own(char path[CGROUP_PATH])
{
	FILE *fp = fopen("/proc/self/cgroup", "re");
	size_t used = strlen(path), size = 0;
	char *line = NULL;
	int ret = -ENOENT;

	while (fp && ret && getline(&line, &size, fp) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "0::", 3) != 0)
			continue;
		ret = snprintf(path + used, CGROUP_PATH - used, "%s",
			strcmp(line + 3, "/") ? line + 3 : "") < (int)(CGROUP_PATH - used) ? 0 :
			-ENAMETOOLONG;
	}
	free(line);
	if (fp)
		fclose(fp);
	return ret;
}

/* In a namespace of cgroups the level is counted from another root, by some kernels. */
static bool in_first_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/cgroup", &st) < 0 || st.st_ino == FIRST_CGROUP_NS;
}

int cgroup_name(struct cgroup *c, struct np_err *err)
{
	size_t root, used;
	int ret = mounted_at(c->path);

	root = ret ? 0 : strlen(c->path);
	if (!ret)
		ret = in_first_namespace() ? add_own(c->path) : -EPERM;
	if (ret)
		return np_err_set(err, -ret, "cgroup v2: %s", strerror(-ret));
	used = strlen(c->path);
	if (snprintf(c->path + used, sizeof(c->path) - used, "/pkttrace-%d", (int)getpid()) >=
		(int)(sizeof(c->path) - used))
		return np_err_set(err, ENAMETOOLONG, "cgroup v2: the name is too long");
	c->level = 0;
	for (const char *p = c->path + root; *p; p++)
		c->level += *p == '/';
	return 0;
}

int cgroup_make(struct cgroup *c, struct np_err *err)
{
	struct stat st;

	if (mkdir(c->path, 0755) < 0)
		return np_err_set(err, errno, "%s: %s", c->path, strerror(errno));
	if (stat(c->path, &st) < 0)
		return np_err_set(err, errno, "%s: %s", c->path, strerror(errno));
	c->id = st.st_ino;
	return 0;
}

int cgroup_enter(const char *path)
{
	char file[CGROUP_PATH + 16];
	int fd, ret = 0;

	(void)snprintf(file, sizeof(file), "%s/cgroup.procs", path);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, "0\n", 2) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* What is in it still goes to the cgroup above, where it came from. */
static void move_up(const char *path)
{
	char from[CGROUP_PATH + 16], to[CGROUP_PATH + 32];
	FILE *in, *out;
	int pid;

	(void)snprintf(from, sizeof(from), "%s/cgroup.procs", path);
	(void)snprintf(to, sizeof(to), "%s/../cgroup.procs", path);
	in = fopen(from, "re");
	out = fopen(to, "we");
	if (out)
		setvbuf(out, NULL, _IOLBF, 64); /* one number a write */
	while (in && out && fscanf(in, "%d", &pid) == 1)
		fprintf(out, "%d\n", pid);
	if (in)
		fclose(in);
	if (out)
		fclose(out);
}

void cgroup_remove(void *path)
{
	/* a process that forks meanwhile leaves another one */
	for (int i = 0; i < TRIES && rmdir(path) < 0 && errno == EBUSY; i++) {
		move_up(path);
		if (i)
			usleep(PAUSE_US);
	}
}
