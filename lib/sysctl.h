/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_SYSCTL_H
#define NP_SYSCTL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * Sysctls of this network namespace (/proc/sys), by the names that sysctl(8) takes:
 * "net.ipv4.ip_forward", and for a link with a dot in its name either
 * "net.ipv4.conf.eth0/100.rp_filter" or "net/ipv4/conf/eth0.100/rp_filter".
 */
#define NP_SYSCTL_NAME_MAX 128
#define NP_SYSCTL_VALUE_MAX 256

/* The file of a name. Returns 0, or -EINVAL (an empty part, "..", too long). */
int np_sysctl_path(const char *name, char *path, size_t size);

/*
 * The name of net.FAMILY.conf.DEV.KEY, as sysctl(8) takes it; family is AF_INET or
 * AF_INET6, dev may be "all" and "default". Returns name.
 */
const char *np_sysctl_conf(uint8_t family, const char *dev, const char *key,
			   char name[NP_SYSCTL_NAME_MAX]);

/*
 * The value without its newline. Returns 0 or -errno: -ENOENT where this kernel (or
 * what is loaded of it) has no such name.
 */
int np_sysctl_get(const char *name, char value[NP_SYSCTL_VALUE_MAX], struct np_err *err);
/* The same as a number. */
int np_sysctl_get_int(const char *name, int64_t *value, struct np_err *err);
/* Returns 0 or -errno: -EACCES, -EROFS: it may not be written here. */
int np_sysctl_set(const char *name, const char *value, struct np_err *err);

#endif
