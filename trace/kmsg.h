/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_KMSG_H
#define PKTTRACE_KMSG_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * The kernel log as it is written (/dev/kmsg: Documentation/ABI/testing/dev-kmsg), from
 * now on.
 */
struct kmsg {
	int fd;        /* to poll; -1: not open */
	uint64_t lost; /* times that records were overwritten before they were read */
};

/*
 * Whose steps come by this log alone, here and now: "legacy iptables", where it has tables,
 * "static_nat", where that is, both with "or" between; NULL: nobody's.
 */
const char *kmsg_speakers(void);

/* Returns 0 or -errno. */
int kmsg_open(struct kmsg *k, struct np_err *err);
void kmsg_close(struct kmsg *k);
/*
 * The next record that is there, without its newline; those that the kernel has thrown away
 * meanwhile are passed over,
 * and counted. Returns 1, 0: none, or -errno.
 */
int kmsg_next(struct kmsg *k, char *buf, size_t size, size_t *len);

#endif
