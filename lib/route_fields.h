/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_ROUTE_FIELDS_H
#define NP_ROUTE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The words of routes, each in one place: from these rows come parsing,
 * printing, JSON, completion and the man page's check.
 */

/* The unit of a metric's value. */
enum np_metric_kind {
	NP_MK_UINT,
	NP_MK_BYTE,     /* 0 to 255 */
	NP_MK_BOOL,     /* 0 or 1 */
	NP_MK_RTT,      /* a time, times 8 on the wire unless it has no unit */
	NP_MK_RTTVAR,   /* times 4 */
	NP_MK_RTO_MIN,  /* in ms, always locked */
	NP_MK_FEATURES,
	NP_MK_NAME,
};

struct np_metric_row {
	uint8_t kind;       /* enum np_metric_kind */
	bool no_lock;       /* `lock` may not come before the value */
	const char *word;   /* NULL: RTAX_LOCK and below */
	const char *key;    /* of JSON, where it differs */
};
/* By RTAX_…; NP_METRIC_N rows. */
extern const struct np_metric_row np_metric_rows[];

/* Words of bits, in the order of printing; ends with a NULL word. */
struct np_flag_row {
	uint32_t bit;
	const char *word;
};
extern const struct np_flag_row np_route_flags[];    /* rtm_flags and rtnh_flags */
extern const struct np_flag_row np_route_cache_flags[]; /* RTCF_… */

/* ICMPV6_ROUTER_PREF_…: "low", "medium", "high"; NULL for another. */
const char *np_route_pref_word(unsigned pref);
int np_route_pref_parse(const char *word); /* also a number up to 255; -EINVAL */

/* What a keyword of `route add` means; the parser has one function for each. */
enum np_route_key {
	NP_RK_SRC,
	NP_RK_AS,
	NP_RK_VIA,
	NP_RK_FROM,
	NP_RK_TOS,
	NP_RK_EXPIRES,
	NP_RK_METRIC,
	NP_RK_SCOPE,
	NP_RK_RTAX, /* .metric */
	NP_RK_REALMS,
	NP_RK_ONLINK,
	NP_RK_PERVASIVE,
	NP_RK_EQUALIZE,
	NP_RK_NEXTHOP,
	NP_RK_NHID,
	NP_RK_PROTOCOL,
	NP_RK_TABLE,
	NP_RK_VRF,
	NP_RK_DEV,
	NP_RK_PREF,
	NP_RK_ENCAP,
	NP_RK_TTL_PROPAGATE,
	NP_RK_WEIGHT,
	/* selectors of `route list` */
	NP_RK_CACHED,
	NP_RK_TYPE,
	NP_RK_IIF,
	NP_RK_MARK,
	/* words of `route get` */
	NP_RK_NOTIFY,
	NP_RK_CONNECTED,
	NP_RK_UID,
	NP_RK_FIBMATCH,
	NP_RK_SPORT,
	NP_RK_DPORT,
	NP_RK_IPPROTO,
	NP_RK_N
};

struct np_route_word {
	const char *word;
	bool whole;     /* the word must be written out; else a beginning is enough */
	uint8_t key;    /* enum np_route_key */
	uint8_t metric; /* RTAX_… */
};
/*
 * In the order in which abbreviations are tried (iproute2's own order, which
 * scripts depend on: `m` is metric, `f` features); each ends with a NULL word.
 */
extern const struct np_route_word np_route_add_words[];
extern const struct np_route_word np_route_nh_words[];   /* after `nexthop` */
extern const struct np_route_word np_route_list_words[];
extern const struct np_route_word np_route_get_words[];

/* The row that word means, NULL: none. */
const struct np_route_word *np_route_word_find(const struct np_route_word *rows, const char *word);

#endif
