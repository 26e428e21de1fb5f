/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_ROUTE_SHOW_H
#define PRT_ROUTE_SHOW_H

#include <stdbool.h>
#include <stdint.h>

#include "ip/ctx.h"
#include "lib/nexthop.h"
#include "lib/route.h"
#include "lib/route_encap.h"

/* What is the same for all routes of a listing, because it was asked for, is not printed. */
enum route_hide {
	ROUTE_HIDE_TABLE = 1 << 0,
	ROUTE_HIDE_TOS = 1 << 1,
	ROUTE_HIDE_DEV = 1 << 2,
	ROUTE_HIDE_IIF = 1 << 3,
	ROUTE_HIDE_PROTO = 1 << 4,
	ROUTE_HIDE_SCOPE = 1 << 5,
	ROUTE_HIDE_METRIC = 1 << 6,
	ROUTE_HIDE_REALM = 1 << 7,
};

struct route_show {
	const struct prt_show *show;
	uint32_t hide;        /* ROUTE_HIDE_… */
	/* a gateway or source address asked for in full hides itself: its bits; 0: not asked */
	unsigned via_bits, prefsrc_bits;
	unsigned hz;          /* ticks a second of the kernel's ages: sysconf(_SC_CLK_TCK) */
	const struct np_nexthop *object; /* -d: what the route's nhid is; NULL: not known */
};

/*
 * One route, as `ip route` of iproute2 6.1 prints it, blanks included. Text goes
 * to show->fp, JSON as one object to show->json.
 */
void route_text(const struct route_show *rs, const struct np_route *r);
void route_json(const struct route_show *rs, const struct np_route *r);
/* The one of the two that is wanted. */
void route_print(const struct route_show *rs, const struct np_route *r);

/* Parts. */
struct prt_line;
void encap_text(struct prt_line *l, const struct np_encap *e);
void encap_json(const struct prt_show *show, const struct np_encap *e);
void nexthop_text(struct prt_line *l, const struct np_nexthop *nh);
void nexthop_json(const struct prt_show *show, const struct np_nexthop *nh);
void nh_flags_text(struct prt_line *l, uint32_t flags);
void nh_flags_json(struct np_json *j, uint32_t flags);

/* Whether a field that a listing may leave out is to be printed: both renderers ask. */
bool route_shows_type(const struct route_show *rs, const struct np_route *r);
bool route_shows_table(const struct route_show *rs, const struct np_route *r);
bool route_shows_proto(const struct route_show *rs, const struct np_route *r);
bool route_shows_scope(const struct route_show *rs, const struct np_route *r);
bool route_shows_gateway(const struct route_show *rs, const struct np_route *r);
bool route_shows_prefsrc(const struct route_show *rs, const struct np_route *r);

/* The destination in words: "default", "10.0.0.0/8", or a host without its length. */
#define ROUTE_DST_MAX (NP_NAME_MAX + 8)
const char *route_dst_words(const struct route_show *rs, const struct np_route *r,
			    char buf[ROUTE_DST_MAX]);
/* The source prefix in words. */
const char *route_src_words(const struct route_show *rs, const struct np_route *r,
			    char buf[ROUTE_DST_MAX]);
/* realm or realms in words: "5", "1/2". */
const char *route_realm_words(const struct prt_show *show, uint32_t realm,
			      char buf[NP_NAME_MAX]);
/* A gateway, an address "as to", of any family. */
const char *route_hop_words(const struct prt_show *show, const struct np_hop *hop,
			    char buf[NP_NAME_MAX]);

#endif
