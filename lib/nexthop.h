/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NEXTHOP_H
#define NP_NEXTHOP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/nl.h"
#include "lib/route.h"

/*
 * A nexthop object as `ip nexthop` makes them (RTM_NEWNEXTHOP, linux/nexthop.h);
 * prt only reads them, to show what a route's `nhid` stands for.
 */
struct np_nexthop_member {
	uint32_t id;
	uint16_t hops; /* weight - 1 */
};

struct np_nexthop {
	uint32_t id;
	uint8_t family, scope, protocol;
	uint32_t flags;      /* RTNH_F_… */
	bool blackhole, fdb, resilient;
	uint16_t group_type; /* NEXTHOP_GRP_TYPE_… */
	struct np_nh nh;     /* gateway, device, encapsulation */
	uint16_t buckets;
	uint32_t idle_timer, unbalanced_timer; /* clock ticks */
	uint64_t unbalanced_time;
	unsigned n;
	struct np_nexthop_member *member; /* owned */
};

/* Asks the kernel for an object. Returns 0 or -errno; nh must be cleaned after 0. */
int np_nexthop_get(struct np_nl *nl, uint32_t id, struct np_nexthop *nh, struct np_err *err);
/* RTM_NEWNEXTHOP into nh, which is overwritten. 0, -ENOMEM, -EBADMSG. */
int np_nexthop_decode(struct np_nexthop *nh, const struct nlmsghdr *nlh);
void np_nexthop_clean(struct np_nexthop *nh);

#endif
