/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_ROUTE_H
#define NP_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct np_encap;

/*
 * A route as rtnetlink(7) describes it: what RTM_NEWROUTE, RTM_DELROUTE and
 * RTM_GETROUTE carry. Addresses are in network byte order, all numbers in the
 * host's. What is there is said by bits, never by a value that means "none".
 */

/* A label stack of MPLS or an address of any family. */
#define NP_HOP_MAX 120 /* 30 labels, the most the kernel takes (net/mpls/internal.h) */

struct np_hop {
	uint16_t family; /* AF_INET, AF_INET6, AF_MPLS, AF_PACKET */
	uint8_t len;     /* bytes of b in use */
	uint8_t b[NP_HOP_MAX];
};

enum np_nh_set {
	NP_NH_GATEWAY = 1 << 0, /* RTA_GATEWAY: of the route's own family */
	NP_NH_VIA = 1 << 1,     /* RTA_VIA: of another */
	NP_NH_DEV = 1 << 2,
	NP_NH_REALMS = 1 << 3,
	NP_NH_NEWDST = 1 << 4,
	NP_NH_ENCAP = 1 << 5,
	NP_NH_GATEWAY_EMPTY = 1 << 6, /* with _GATEWAY: of no bytes, "any"; is refused */
};

/* One nexthop: of the route itself, or one of several. */
struct np_nh {
	uint32_t set;   /* NP_NH_… */
	uint8_t flags;  /* RTNH_F_… (several nexthops only: else the route's flags) */
	uint8_t hops;   /* weight - 1 (several nexthops only) */
	int ifindex;
	uint32_t realms; /* from << 16 | to */
	uint8_t gateway[16];
	struct np_hop via, newdst;
	struct np_encap *encap; /* NP_NH_ENCAP; owned */
};

/* RTAX_…: what the metrics table in route_fields.h names. */
#define NP_METRIC_N 18
#define NP_CC_MAX 16 /* TCP_CA_NAME_MAX */

struct np_metrics {
	uint32_t set;  /* bit RTAX_… */
	uint32_t lock; /* bit RTAX_… */
	uint32_t v[NP_METRIC_N];
	char cc[NP_CC_MAX]; /* RTAX_CC_ALGO */
};

struct np_cacheinfo {
	uint32_t clntref, lastuse, used, id, ts, tsage, error;
	int32_t expires; /* ticks of USER_HZ */
};

enum np_route_set {
	NP_RT_DST = 1 << 0,
	NP_RT_SRC = 1 << 1,
	NP_RT_IIF = 1 << 2,
	NP_RT_PRIORITY = 1 << 3,
	NP_RT_PREFSRC = 1 << 4,
	NP_RT_METRICS = 1 << 5,
	NP_RT_MULTIPATH = 1 << 6, /* nhs */
	NP_RT_CACHEINFO = 1 << 7,
	NP_RT_TABLE = 1 << 8,     /* the table came as an attribute */
	NP_RT_MARK = 1 << 9,
	NP_RT_PREF = 1 << 10,
	NP_RT_EXPIRES = 1 << 11,
	NP_RT_UID = 1 << 12,
	NP_RT_TTL_PROPAGATE = 1 << 13,
	NP_RT_IPPROTO = 1 << 14,
	NP_RT_SPORT = 1 << 15,
	NP_RT_DPORT = 1 << 16,
	NP_RT_NHID = 1 << 17,
	NP_RT_DELETED = 1 << 18,  /* RTM_DELROUTE: an event of prt monitor */
	NP_RT_PREFSRC_EMPTY = 1 << 19, /* with _PREFSRC: as NP_NH_GATEWAY_EMPTY */
};

struct np_route {
	uint32_t set;  /* NP_RT_… */
	uint8_t family, dst_bits, src_bits, tos;
	uint8_t protocol, scope, type;
	uint8_t pref, ttl_propagate, ipproto;
	uint16_t sport, dport;
	uint32_t flags; /* RTM_F_…, RTNH_F_… of a single nexthop, RTCF_… of an answer */
	uint32_t table, priority, mark, uid, nhid, expires;
	int iif;
	uint8_t dst[16], src[16], prefsrc[16];
	struct np_nh nh; /* the single nexthop */
	struct np_metrics metrics;
	struct np_cacheinfo cache;
	struct np_nh *nhs; /* owned, grown by np_route_add_nh and kept by np_route_reset */
	unsigned n_nhs, cap_nhs;
};

/* An empty route. Must be cleaned; may be reset any number of times before. */
void np_route_init(struct np_route *r);
/* Forgets what the route says and keeps its memory for the next one. */
void np_route_reset(struct np_route *r);
void np_route_clean(struct np_route *r);

/* One more nexthop, empty; the pointer holds until the next call. NULL: no memory. */
struct np_nh *np_route_add_nh(struct np_route *r);
/* An encapsulation for a nexthop, empty and owned by it. NULL: no memory. */
struct np_encap *np_nh_add_encap(struct np_nh *nh);

/*
 * The family that addresses of the route are of: multicast routing tables
 * (RTNL_FAMILY_IPMR, _IP6MR) speak of IPv4 and IPv6.
 */
int np_route_family(const struct np_route *r);

/* Bytes of an address of a family; 0 for one that is not known. */
unsigned np_family_len(int family);

#endif
