/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_ROUTE_FILTER_H
#define PRT_ROUTE_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "ip/route_show.h"
#include "lib/addr.h"
#include "lib/route.h"
#include "lib/route_io.h"

enum route_filter_set {
	ROUTE_FILTER_PROTO = 1 << 0,
	ROUTE_FILTER_SCOPE = 1 << 1,
	ROUTE_FILTER_TOS = 1 << 2,
	ROUTE_FILTER_IIF = 1 << 3,
	ROUTE_FILTER_OIF = 1 << 4,
	ROUTE_FILTER_MARK = 1 << 5,
	ROUTE_FILTER_METRIC = 1 << 6,
	ROUTE_FILTER_NHID = 1 << 7,
};

/*
 * SELECTOR of `ip route list`, `flush` and `save`. A prefix counts when it has a
 * family or a length that was said ("default").
 */
struct route_filter {
	uint32_t set;
	uint8_t family;   /* AF_UNSPEC: all */
	uint8_t protocol, scope, tos;
	bool cached;
	bool flush;       /* the null route that IPv6 keeps for itself is passed over */
	uint32_t table;   /* 0: all */
	uint64_t types;   /* bit RTN_…; 0: all */
	int iif, oif;
	uint32_t mark, metric, nhid;
	uint32_t realm, realm_mask;
	struct np_addr prefsrc, via;
	struct np_addr root_dst, match_dst, root_src, match_src;
	/* an IPv6 route that is not in the main table was seen: the kernel has more than one */
	bool ip6_tables;
};

/* The words of a selector. 0, -EINVAL, or -ENODEV for an interface that is not there. */
int route_filter_parse(struct route_filter *f, struct prt *p, struct np_args *a,
		       struct np_err *err);

/* Whether the route is one of those; remembers ip6_tables. */
bool route_filter_match(struct route_filter *f, const struct np_route *r);

/*
 * What the kernel can leave out for us. In a batch a table that does not exist is
 * empty and no error, as ip has it (its batches do without strict checking).
 */
void route_filter_dump(const struct route_filter *f, const struct prt *p,
		       struct np_route_dump *dump);

/* What the filter says of every route need not be printed. */
void route_filter_hide(const struct route_filter *f, struct route_show *rs);

#endif
