/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_LOOKUPS_H
#define NP_LOOKUPS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"
#include "lib/ifname.h"

/*
 * The kernel's own lookups in its routing tables, as its trace events tell them
 * (include/trace/events/fib.h, fib6.h: fib_table_lookup, fib6_table_lookup): those of all
 * network namespaces, which they do not name. A table that is looked up is one event, so that
 * a decision is as many as its rules needed. The nexthop's address is left out: the kernel
 * does not write that field where a route has none (6.1, 6.12).
 */
struct np_lookup {
	unsigned cpu;
	pid_t pid;            /* who ran there */
	bool softirq;         /* it was not this process that asked, but a packet that came */
	int64_t mono_us;      /* CLOCK_MONOTONIC */
	uint8_t family;       /* AF_INET, AF_INET6 */
	uint32_t table;
	int iif, oif;         /* of the flow; a packet made here has iif 1 (lo) */
	uint8_t proto;        /* 0 where no rule asks for ports */
	uint8_t src[16], dst[16];
	uint16_t sport, dport; /* host byte order; 0 likewise */
	char dev[NP_IFNAMSIZ]; /* of the route; "" where there is none */
	int error;            /* 0, or an errno: EAGAIN where the table has no route */
};

/* A line of trace_pipe. Returns 1, 0: it is none of these events, or damaged; 2: some were lost. */
int np_lookup_read(const char *line, struct np_lookup *l);

/* Whether they could be asked for here; changes nothing. Returns 0 or -errno. */
int np_lookups_possible(struct np_err *err);

struct np_lookups;

/* l lives until the call returns; NULL: some were lost here. Returns 0, or what ends reading. */
typedef int np_lookup_fn(const struct np_lookup *l, void *arg);

/*
 * Begins, in an instance of tracefs of its own, named by the process number; tracefs need
 * not be mounted. Returns 0 or -errno, err->refused: -EPERM without CAP_SYS_ADMIN, -ENOENT
 * where the kernel has no such events.
 */
int np_lookups_open(struct np_lookups **t, struct np_err *err);
/* Reads no more; the instance stays until np_lookups_remove(). */
void np_lookups_close(struct np_lookups *t);
/*
 * Removes the instance of a process that has closed it or is about to end; waits up to two
 * seconds for that. Returns 0 or -errno: -EBUSY.
 */
int np_lookups_remove(pid_t pid, struct np_err *err);
/*
 * What is there, to fn, at most max lines; what is not read is written over in time. Returns
 * 0 or what fn did.
 */
int np_lookups_take(struct np_lookups *t, unsigned max, np_lookup_fn *fn, void *arg,
	struct np_err *err);

#endif
