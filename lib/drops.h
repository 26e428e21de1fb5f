/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_DROPS_H
#define NP_DROPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/hdr.h"
#include "lib/nl.h"

/*
 * Packets that the kernel drops, as drop_monitor tells them (net/core/drop_monitor.c):
 * those of all network namespaces, to listeners in the first one.
 */
struct np_drops;

struct np_drop {
	char reason[48];   /* "IP_RPFILTER" (include/net/dropreason.h, Linux 5.18); "": not said */
	char function[64]; /* of the kernel, that dropped it; "" */
	struct np_hdr_bytes bytes; /* of the packet; l3 NULL: neither IPv4 nor IPv6 */
};

/* d lives until the call returns. Returns 0, or what stops the reading. */
typedef int np_drop_fn(const struct np_drop *d, void *arg);

/* A message of the family to fn; any other: 0. Returns what fn did. */
int np_drop_read(const struct nlmsghdr *nlh, np_drop_fn *fn, void *arg);

/*
 * The caller is in the first network namespace; the module is loaded if it may be. Nothing
 * is told yet. Returns 0 or -errno.
 */
int np_drops_open(struct np_drops **d, struct np_err *err);
void np_drops_close(struct np_drops *d);
/*
 * Begins. *ours: it did not run before, or only for others like us, and np_drops_stop() is to
 * be called: the kernel goes on when we are gone. Returns 0 or -errno.
 */
int np_drops_start(struct np_drops *d, bool *ours, struct np_err *err);
/*
 * In a forked child that has none of our files, when the parent's are closed: ends it, with
 * the settings that were there before; nothing, where others still listen. The last one of
 * several does it. Returns 0 or -errno.
 */
int np_drops_stop_again(const struct np_drops *d, struct np_err *err);
/* What is there, to fn. Those that were lost are not missed. Returns 0, what fn did, or -errno. */
int np_drops_take(struct np_drops *d, np_drop_fn *fn, void *arg, struct np_err *err);

#endif
