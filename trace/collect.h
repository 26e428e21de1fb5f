/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_COLLECT_H
#define PKTTRACE_COLLECT_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Packets of several hosts, each host's as `pkttrace monitor -j` writes them, in one order:
 * the same packet is known on two hosts by what no host on its way changes, and the hosts'
 * clocks are set against each other by such packets. Pure: no I/O and no clock.
 */
struct collect;

#define COLLECT_HOSTS 64
#define COLLECT_SEEN 4096 /* packets at hand, told or not */
#define COLLECT_HOLD_US 1000000 /* a packet waits so long for the others' that come before it */

/*
 * p: the packet's object, "host" and, where it was seen on several, "journey" in it. It
 * lives until the call returns. Returns 0, or what stops the telling.
 */
typedef int collect_fn(json_t *p, void *arg);

/* hosts: their names, which outlive it; n <= COLLECT_HOSTS. NULL: no memory. */
struct collect *collect_new(const char *const *hosts, size_t n);
void collect_free(struct collect *c);
/* A line of a host. Returns 0, -EINVAL: it is no packet, or -ENOMEM. */
int collect_line(struct collect *c, size_t host, const char *line, size_t len, int64_t now_us);
/* Tells those that have waited long enough, INT64_MAX: all. Returns 0 or what fn returned. */
int collect_tell(struct collect *c, int64_t now_us, collect_fn *fn, void *arg);
/* How many were never told: COLLECT_SEEN others waited already. */
uint64_t collect_lost(const struct collect *c);
/*
 * How far a host's clock is before the first one's, in microseconds, as far as is known: 0 where
 * the packets' way and the reading of events may make as much.
 */
int64_t collect_offset(const struct collect *c, size_t host);

#endif
