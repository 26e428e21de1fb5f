/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_FIB_H
#define NP_FIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/ifname.h"

/*
 * The kernel's routing decision as a pure function: what a host knows (rules,
 * routes, links, addresses, sysctls: struct np_fib) and a packet (struct
 * np_flow) give a decision with its reasons. No I/O, no clock. lib/fib_load.h
 * fills an np_fib from the kernel, a unit test by hand.
 *
 * Addresses are bytes in network order, the first 4 of 16 for IPv4, the rest
 * zero; all numbers are in the host's order.
 */

/* ---- what the host knows ---- */

/*
 * The sysctls of net.ipv4.conf and net.ipv6.conf that decide, one row each in
 * lib/fib_conf.c (name, how `all` and the interface are combined).
 */
enum np_fib_conf {
	NP_FIB_FORWARDING,
	NP_FIB_MC_FORWARDING,
	NP_FIB_BC_FORWARDING,
	NP_FIB_RP_FILTER,
	NP_FIB_ACCEPT_LOCAL,
	NP_FIB_SRC_VMARK,
	NP_FIB_ROUTE_LOCALNET,
	NP_FIB_SEND_REDIRECTS,
	NP_FIB_IGNORE_LINKDOWN,
	NP_FIB_CONF_N,
};

/* How the kernel reads a sysctl of an interface (include/linux/inetdevice.h, IN_DEV_*CONF). */
enum np_fib_join { NP_FIB_OWN, NP_FIB_MAX, NP_FIB_OR, NP_FIB_AND };

struct np_fib_conf_row {
	const char *name; /* of the file in /proc/sys/net/ipv4/conf/DEV/ */
	enum np_fib_join join;
	uint8_t devconf;  /* IPV4_DEVCONF_… of linux/ip.h: the place in IFLA_INET_CONF */
};

extern const struct np_fib_conf_row np_fib_conf[NP_FIB_CONF_N];

struct np_fib_dev {
	int ifindex;
	char name[NP_IFNAMSIZ];
	uint32_t flags;     /* IFF_… */
	uint32_t mtu, mtu6; /* mtu6: net.ipv6.conf.DEV.mtu; 0: not known */
	int master;         /* ifindex, 0: none */
	uint32_t vrf_table; /* the link is a VRF of this table; 0: it is none */
	uint32_t group;
	bool in4, in6;      /* IPv4, IPv6 is enabled on it */
	bool disabled6;     /* disable_ipv6 */
	bool has_addr4;
	int32_t conf[NP_FIB_CONF_N];
	int32_t forwarding6;
	bool force_forwarding6; /* Linux 6.17: forwards whatever `all` says */
	bool ignore_linkdown6; /* ignore_routes_with_linkdown of `all` or of the link */
};

struct np_fib_addr {
	uint8_t family;
	uint8_t scope;
	uint8_t bits; /* of the prefix */
	uint32_t flags; /* IFA_F_… */
	int ifindex;
	uint8_t b[16];
};

/* A group that a link has joined. */
struct np_fib_group {
	uint8_t family;
	int ifindex;
	uint8_t b[16];
};

struct np_fib_nh {
	int ifindex;
	uint8_t gateway_family; /* 0: on the link */
	uint8_t flags;          /* RTNH_F_… */
	uint8_t hops;           /* weight - 1 */
	uint8_t gateway[16];
};

#define NP_FIB_NONE UINT32_MAX

struct np_fib_route {
	uint32_t table, priority, flags, nhid; /* flags: RTNH_F_… of the route */
	uint8_t dst[16], src[16], prefsrc[16];
	uint8_t dst_bits, src_bits, tos, type, scope, protocol, pref;
	bool has_prefsrc;
	uint32_t mtu;      /* its metric; 0: none */
	uint32_t nh, n_nh; /* np_fib.nhs from nh on */
	uint32_t next;     /* the next of the same table and prefix; NP_FIB_NONE */
};

/* Selectors of a rule, as bits of np_fib_rule.set. */
enum {
	NP_FRULE_SRC = 1 << 0,
	NP_FRULE_DST = 1 << 1,
	NP_FRULE_IIF = 1 << 2,
	NP_FRULE_OIF = 1 << 3,
	NP_FRULE_FWMARK = 1 << 4,
	NP_FRULE_TOS = 1 << 5,  /* the legacy selector: value of the TOS byte */
	NP_FRULE_DSCP = 1 << 6, /* dscp, dscp_mask: six bits */
	NP_FRULE_UID = 1 << 7,
	NP_FRULE_IPPROTO = 1 << 8,
	NP_FRULE_SPORT = 1 << 9,
	NP_FRULE_DPORT = 1 << 10,
	NP_FRULE_TUN_ID = 1 << 11,
	NP_FRULE_L3MDEV = 1 << 12,
	NP_FRULE_FLOWLABEL = 1 << 13,
};

/*
 * What most rules are turned away by: a bit that differs where a mask has one. Addresses by their
 * first 32 bits, in network order. By {0} nobody is.
 */
struct np_fib_glance {
	uint64_t addrs, addrs_mask; /* source and destination */
	uint32_t mark, mark_mask;
};

/*
 * A rule made ready for the lookup: interface names are indices (-1: no such
 * link now, the rule is [detached]), a goto knows where it goes.
 */
struct np_fib_rule {
	struct np_fib_glance glance; /* np_fib_seal() makes it */
	uint32_t set;    /* NP_FRULE_… */
	uint32_t fwmark, fwmask;
	uint8_t action;  /* FR_ACT_… */
	bool invert;
	uint8_t src_bits, dst_bits, src[16], dst[16];
	uint32_t priority, table;
	int iif, oif;
	uint8_t tos, dscp, dscp_mask, ipproto;
	uint32_t uid_start, uid_end;
	uint16_t sport_start, sport_end, sport_mask; /* mask 0: none, a range */
	uint16_t dport_start, dport_end, dport_mask;
	uint32_t flowlabel, flowlabel_mask;
	int32_t suppress_prefixlen; /* -1: none */
	int64_t suppress_ifgroup;   /* -1: none */
	uint32_t goto_priority;
	uint32_t goto_index;        /* index of the rule to go to; NP_FIB_NONE: unresolved */
	bool realms;
};

struct np_fib_table; /* lib/fib.c */

struct np_fib_slot {
	uint32_t hash, route; /* of the first route of a prefix; NP_FIB_NONE */
};

struct np_fib {
	uint8_t family;
	struct np_fib_rule *rules;
	struct np_fib_route *routes;
	struct np_fib_nh *nhs;
	struct np_fib_dev *devs; /* by ifindex, ascending */
	struct np_fib_addr *addrs;
	struct np_fib_group *groups;
	size_t n_rules, n_routes, n_nhs, n_devs, n_addrs, n_groups;
	size_t cap_rules, cap_routes, cap_nhs, cap_devs, cap_addrs, cap_groups;
	int32_t all[NP_FIB_CONF_N];
	int32_t all_forwarding6;
	/*
	 * What no dump tells. While no rule was ever changed, IPv4 keeps `local`
	 * and `main` in one trie (net/ipv4/fib_trie.c, fib_trie_unmerge) and does
	 * not look at its rules (include/net/ip_fib.h, fib_lookup); and it checks
	 * sources less while no local route was added by hand. Both flags stay
	 * when the cause has gone, so np_fib_seal can only guess them.
	 */
	bool custom_rules, custom_local;
	/*
	 * A rule's iif or oif that is a VRF means every link in it (Linux 6.15, and
	 * before 5.18 for iif); in between it matches next to nothing.
	 */
	bool vrf_selectors;
	/* Private to lib/fib.c: hash of (table, prefix) and the tables' lengths. */
	struct np_fib_slot *hash;
	uint32_t hash_size, n_prefixes;
	struct np_fib_table *tables;
	size_t n_tables, cap_tables;
};

void np_fib_init(struct np_fib *fib, uint8_t family);
void np_fib_clean(struct np_fib *fib);

/*
 * Each copies what it is given and returns 0 or -ENOMEM. Rules and routes are
 * added in the order of the kernel's dump: it is the order of the lookup.
 * add_route: nhs holds r->n_nh nexthops; r->nh and r->next are set here.
 */
int np_fib_add_rule(struct np_fib *fib, const struct np_fib_rule *r);
int np_fib_add_route(struct np_fib *fib, const struct np_fib_route *r,
		     const struct np_fib_nh *nhs);
int np_fib_add_dev(struct np_fib *fib, const struct np_fib_dev *d);
int np_fib_add_addr(struct np_fib *fib, const struct np_fib_addr *a);
int np_fib_add_group(struct np_fib *fib, const struct np_fib_group *g);
/* All routes, but keeps the memory: the dump begins again. */
void np_fib_forget_routes(struct np_fib *fib);
/* To be called once after all was added: resolves gotos, guesses custom_*, makes glances. */
void np_fib_seal(struct np_fib *fib);

/* What a packet from src to dst with that mark shows at a glance. */
struct np_fib_glance np_fib_glance(const uint8_t *src, const uint8_t *dst, uint32_t mark);

/* A rule that matches all and looks up no table yet. */
void np_fib_rule_init(struct np_fib_rule *r);

const struct np_fib_dev *np_fib_dev(const struct np_fib *fib, int ifindex);
/* "" for an unknown one. */
const char *np_fib_dev_name(const struct np_fib *fib, int ifindex);
const struct np_fib_dev *np_fib_loopback(const struct np_fib *fib);
/* The address is one of ours; NULL or the entry. */
const struct np_fib_addr *np_fib_find_addr(const struct np_fib *fib, const uint8_t *b);
bool np_fib_in_group(const struct np_fib *fib, int ifindex, const uint8_t *b);
/* The value that counts for the interface: `all` and its own, joined by the row. */
int32_t np_fib_conf_get(const struct np_fib *fib, const struct np_fib_dev *d,
			enum np_fib_conf which);

/*
 * The routes of exactly this prefix in a table, first the one the kernel looks
 * at first; NP_FIB_NONE when there is none, or an index into fib->routes.
 */
uint32_t np_fib_prefix(const struct np_fib *fib, uint32_t table, const uint8_t *dst, unsigned bits);
/*
 * The longest prefix length at or below bits that the table has routes of; -1:
 * none, or no such table.
 */
int np_fib_next_bits(const struct np_fib *fib, uint32_t table, int bits);

/* ---- the question ---- */

enum {
	NP_FLOW_SRC = 1 << 0,
	NP_FLOW_UID = 1 << 1,
	NP_FLOW_IPPROTO = 1 << 2,
};

struct np_flow {
	uint32_t set; /* NP_FLOW_… */
	uint8_t dst[16], src[16];
	int iif, oif; /* 0: none */
	uint32_t mark, uid, flowlabel;
	uint8_t tos, ipproto;
	uint16_t sport, dport;
	uint32_t len; /* bytes of IP, 0: not known; no lookup asks for it */
};

/* ---- the answer ---- */

enum np_verdict {
	NP_V_UNICAST,
	NP_V_LOCAL,
	NP_V_BROADCAST,
	NP_V_MULTICAST,
	NP_V_ANYCAST,
	NP_V_BLACKHOLE,
	NP_V_UNREACHABLE,
	NP_V_PROHIBIT,
	NP_V_NO_ROUTE,
	NP_V_FORWARDING_OFF,
	NP_V_RP_FILTER,
	NP_V_MARTIAN_SOURCE,
	NP_V_MARTIAN_DESTINATION,
	NP_V_INVALID_SOURCE,
	NP_V_NO_DEVICE,
	NP_V_INVALID,
	NP_V_N,
};

/* "unicast" … "rp_filter"; the words of the JSON. */
const char *np_verdict_name(enum np_verdict v);
/* The packet goes on. */
bool np_verdict_passes(enum np_verdict v);

enum np_fib_result {
	NP_FR_SKIP,       /* the rule does not match */
	NP_FR_HIT,
	NP_FR_MISS,
	NP_FR_THROW,
	NP_FR_SUPPRESSED,
	NP_FR_GOTO,
	NP_FR_NOP,        /* also a goto to nowhere */
};

/* NULL for NP_FR_SKIP. */
const char *np_fib_result_name(enum np_fib_result r);

/* What one rule said. */
struct np_fib_step {
	uint32_t rule;  /* index into fib->rules */
	enum np_fib_result result;
	uint32_t differs; /* NP_FRULE_…: the first selector that did not match (SKIP) */
	uint32_t table; /* looked up; 0: none */
	uint32_t route; /* hit, thrown by or suppressed; NP_FIB_NONE */
};

enum np_fib_check_name {
	NP_CHK_ROUTE_LOCALNET,
	NP_CHK_SOURCE,       /* the source is one of ours (output) */
	NP_CHK_MEMBER,       /* the multicast group is joined (input) */
	NP_CHK_ACCEPT_LOCAL, /* the source is one of ours (input) */
	NP_CHK_RP_FILTER,
	NP_CHK_FORWARDING,
	NP_CHK_DEVICE,
	NP_CHK_N,
};

const char *np_fib_check_name(enum np_fib_check_name c);

/* A check that the kernel made beside the lookup. */
struct np_fib_check {
	enum np_fib_check_name name;
	bool pass;
	bool has_value;
	int32_t value, all, own; /* the sysctl: what counts, and what both say */
	int dev;                 /* whose sysctl */
	int reverse_dev;         /* rp_filter: where replies would go; 0: nowhere */
	bool has_reverse;
};

/* Why, where the verdict's name and the checks leave it open. */
enum np_fib_why {
	NP_WHY_NONE,
	NP_WHY_NO_IP,         /* the interface has no IP of this family, or is down */
	NP_WHY_NO_DEV,        /* there is no such interface */
	NP_WHY_SRC_MULTICAST, /* the source is multicast or broadcast */
	NP_WHY_SRC_ZERO,
	NP_WHY_SRC_LOOPBACK,
	NP_WHY_SRC_OURS,      /* on input: it is an address of this host */
	NP_WHY_SRC_TYPE,      /* its route is not unicast: broadcast, blackhole … */
	NP_WHY_SRC_FOREIGN,   /* on output: it is no address of this host */
	NP_WHY_DST_ZERO,
	NP_WHY_DST_LOOPBACK,
	NP_WHY_DST_TYPE,      /* the route's type cannot be forwarded */
	NP_WHY_NOT_MEMBER,
	NP_WHY_RP_NO_ROUTE,   /* no route back at all */
	NP_WHY_RP_OTHER_DEV,
	NP_WHY_RP_NO_ADDR,    /* the interface has no address: the route back is not believed */
	NP_WHY_RULE,          /* the rule itself refuses */
	NP_WHY_VRF_LINK,      /* IPv6: link-local, but a VRF is no link */
	NP_WHY_OIF_FORCED,    /* nothing found, but the interface was named: on the link */
	NP_WHY_N,
};

struct np_fib_walk { /* one pass over the rules */
	struct np_fib_step *steps;
	size_t n, cap;
	uint32_t rule;  /* the one that decided; NP_FIB_NONE */
	uint32_t route, nh; /* index into fib->routes, nexthop of it (0…) */
	uint32_t table;
	int err;        /* 0 or negative errno of the lookup */
	bool brief;     /* rules that do not match are no steps (set by the caller, kept) */
};

struct np_fib_decision {
	enum np_verdict verdict;
	enum np_fib_why why;
	int err;                 /* positive errno of the kernel's answer, 0: a route */
	struct np_fib_walk walk; /* forward; walk.n == 0: no lookup was made */
	struct np_fib_walk back; /* the source's, for validation */
	bool looked, looked_back;
	uint32_t route;          /* the route that was used; NP_FIB_NONE: none needed */
	int dev;                 /* what the kernel names as the outgoing device; 0: none */
	uint8_t gateway_family, gateway[16];
	bool multipath;          /* any of the route's living nexthops may be picked */
	bool shared;             /* found in the trie that local shares with main */
	bool default_set;        /* any default route may be used (fib_select_default) */
	struct np_fib_check checks[NP_CHK_N];
	size_t n_checks;
	int error;               /* -ENOMEM: the decision is not valid */
};

void np_fib_decision_init(struct np_fib_decision *d);
void np_fib_decision_clean(struct np_fib_decision *d);

/*
 * Decides. d is reused from question to question. pick: the nexthop of a
 * multipath route that the kernel's hash is taken to pick. Returns 0 or
 * -ENOMEM. Sources: net/ipv4/route.c, fib_frontend.c, fib_trie.c,
 * fib_rules.c, net/core/fib_rules.c of Linux 6.1 to 6.18.
 */
int np_fib_decide(const struct np_fib *fib, const struct np_flow *flow, uint32_t pick,
		  struct np_fib_decision *d);

/* How many nexthops of the same route are as good; 1 when there is no choice. */
uint32_t np_fib_picks(const struct np_fib *fib, const struct np_fib_decision *d);

/* How a nexthop takes part in the choice of a route that has several. */
enum np_fib_share {
	NP_SHARE_NONE,  /* dead: its link is down */
	NP_SHARE_LIVE,
	/*
	 * Its link has no carrier and ignore_routes_with_linkdown is set, so a lookup
	 * passes it over; but the hash's bounds are only drawn anew when a link
	 * changes (fib_rebalance, rt6_multipath_rebalance), not by the sysctl, and no
	 * dump shows them: set after the carrier went, packets are still sent there.
	 */
	NP_SHARE_STALE,
};

enum np_fib_share np_fib_share(const struct np_fib *fib, const struct np_fib_nh *nh);
/*
 * The pick-th nexthop that the hash may choose, those that live first; keep when
 * there are not so many.
 */
uint32_t np_fib_pick(const struct np_fib *fib, const struct np_fib_route *r, uint32_t pick,
		     uint32_t keep);

/* INET_DSCP_LEGACY_TOS_MASK: what IPv4's routes and rules see of a TOS. */
#define NP_FIB_TOS_MASK 0x1c

/* ---- shared by lib/fib*.c ---- */

/* The flow as a lookup sees it (struct flowi4, flowi6). */
struct np_fib_key {
	uint8_t dst[16], src[16];
	int iif, oif, l3mdev;
	bool l3mdev_oif; /* l3mdev came from oif */
	bool no_src;     /* IPv6: rules with a source do not match */
	bool strict;     /* IPv6: no other link than this will do */
	int prefer;      /* IPv6: the link whose routes are better */
	uint32_t mark, uid, flowlabel;
	uint8_t tos, ipproto;
	uint16_t sport, dport;
};

bool np_fib_rule_match(const struct np_fib *fib, const struct np_fib_rule *r,
		       const struct np_fib_key *key, uint32_t *table, uint32_t *differs);
/*
 * Looks in one table: 0 and *route, *nh; a negative errno of a route that
 * refuses (*route names it); -EAGAIN for nothing found, with *route a throw or
 * NP_FIB_NONE.
 */
typedef int np_fib_table_fn(const struct np_fib *fib, uint32_t table, const struct np_fib_key *key,
			    uint32_t *route, uint32_t *nh);
np_fib_table_fn np_fib_table4;

/*
 * The negative errno that a route's type is, 0: one that can be used (fib_props[],
 * fib6_prop[]; a route of IPv6 is never of type RTN_UNSPEC).
 */
int np_fib_type_errno(uint8_t type);

/* The lookup refused (d->walk.err): the verdict that its errno is. */
void np_fib_refuse(struct np_fib_decision *d);
/* That verdict, of a lookup that refused whatever else was found. */
enum np_verdict np_fib_refusal(const struct np_fib_decision *d);

/* Adds a step; returns 0 or -ENOMEM. */
int np_fib_walk_add(struct np_fib_walk *w, uint32_t rule, enum np_fib_result result,
		    uint32_t differs, uint32_t table, uint32_t route);
void np_fib_walk_reset(struct np_fib_walk *w);
/*
 * All rules in order. key->oif and key->l3mdev are updated as
 * l3mdev_update_flow() does. w->err is the lookup's answer. Returns 0 or -ENOMEM.
 */
int np_fib_walk(const struct np_fib *fib, struct np_fib_key *key, np_fib_table_fn *look,
		struct np_fib_walk *w);
/* fib_lookup() of IPv4: the rules, or the merged trie while none was ever changed. */
int np_fib_lookup4(const struct np_fib *fib, struct np_fib_key *key, struct np_fib_walk *w);
/* The VRF that a link is or is in, 0: none. */
int np_fib_l3mdev(const struct np_fib *fib, int ifindex);

int np_fib_decide4(const struct np_fib *fib, const struct np_flow *flow, uint32_t pick,
		   struct np_fib_decision *d);
int np_fib_decide6(const struct np_fib *fib, const struct np_flow *flow, uint32_t pick,
		   struct np_fib_decision *d);

#endif
