/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_CGROUP_H
#define PKTTRACE_CGROUP_H

#include <stdint.h>

#include "lib/err.h"

/*
 * A cgroup (v2, Documentation/admin-guide/cgroup-v2.rst) below ours, by which
 * nf_tables tells whose packets they are.
 */
#define CGROUP_PATH 512

struct cgroup {
	char path[CGROUP_PATH]; /* its folder */
	uint64_t id;            /* nf_tables' number for it */
	uint32_t level;         /* how far below the root it is */
};

/* Where one with this process's number would be: path and level. Returns 0 or -errno. */
int cgroup_name(struct cgroup *c, struct np_err *err);
/* Makes it. Returns 0 or -errno. */
int cgroup_make(struct cgroup *c, struct np_err *err);
/* The calling process goes into it. Returns 0 or -errno. */
int cgroup_enter(const char *path);
/* Processes that are in it still go to the one above. arg: the path. */
void cgroup_remove(void *path);

#endif
