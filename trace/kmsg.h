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

/* Those whose steps come by this log alone, here and now. */
struct kmsg_speakers {
	uint8_t legacy; /* legacy iptables: the families whose tables it has, LEGACY_V4 … */
	bool nat;       /* static_nat is there */
	const char *names; /* "legacy iptables or static_nat"; NULL: nobody's do */
};
struct kmsg_speakers kmsg_speakers(void);

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
