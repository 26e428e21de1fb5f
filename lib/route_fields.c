// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/route_fields.h"

#include <errno.h>
#include <linux/icmpv6.h>
#include <linux/in_route.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "lib/args.h"
#include "lib/cli.h"
#include "lib/route.h"

const struct np_metric_row np_metric_rows[NP_METRIC_N] = {
	[RTAX_MTU] = { NP_MK_UINT, .word = "mtu" },
	[RTAX_WINDOW] = { NP_MK_UINT, .word = "window" },
	[RTAX_RTT] = { NP_MK_RTT, .word = "rtt" },
	[RTAX_RTTVAR] = { NP_MK_RTTVAR, .word = "rttvar" },
	[RTAX_SSTHRESH] = { NP_MK_UINT, .word = "ssthresh" },
	[RTAX_CWND] = { NP_MK_UINT, .word = "cwnd" },
	[RTAX_ADVMSS] = { NP_MK_UINT, .word = "advmss" },
	[RTAX_REORDERING] = { NP_MK_UINT, .word = "reordering" },
	[RTAX_HOPLIMIT] = { NP_MK_BYTE, .word = "hoplimit" },
	[RTAX_INITCWND] = { NP_MK_UINT, .word = "initcwnd" },
	[RTAX_FEATURES] = { NP_MK_FEATURES, .no_lock = true, .word = "features" },
	[RTAX_RTO_MIN] = { NP_MK_RTO_MIN, .no_lock = true, .word = "rto_min" },
	[RTAX_INITRWND] = { NP_MK_UINT, .word = "initrwnd" },
	[RTAX_QUICKACK] = { NP_MK_BOOL, .no_lock = true, .word = "quickack" },
	[RTAX_CC_ALGO] = { NP_MK_NAME, .word = "congctl", .key = "congestion" },
	[RTAX_FASTOPEN_NO_COOKIE] = { NP_MK_BOOL, .no_lock = true, .word = "fastopen_no_cookie" },
};

const struct np_flag_row np_route_flags[] = {
	{ RTNH_F_DEAD, "dead" },
	{ RTNH_F_ONLINK, "onlink" },
	{ RTNH_F_PERVASIVE, "pervasive" },
	{ RTNH_F_OFFLOAD, "offload" },
	{ RTNH_F_TRAP, "trap" },
	{ RTM_F_NOTIFY, "notify" },
	{ RTNH_F_LINKDOWN, "linkdown" },
	{ RTNH_F_UNRESOLVED, "unresolved" },
	{ RTM_F_OFFLOAD, "rt_offload" },
	{ RTM_F_TRAP, "rt_trap" },
	{ RTM_F_OFFLOAD_FAILED, "rt_offload_failed" },
	{ 0, NULL },
};

const struct np_flag_row np_route_cache_flags[] = {
	{ RTCF_LOCAL, "local" },
	{ RTCF_REJECT, "reject" },
	{ RTCF_MULTICAST, "mc" },
	{ RTCF_BROADCAST, "brd" },
	{ RTCF_DNAT, "dst-nat" },
	{ RTCF_SNAT, "src-nat" },
	{ RTCF_MASQ, "masq" },
	{ RTCF_DIRECTDST, "dst-direct" },
	{ RTCF_DIRECTSRC, "src-direct" },
	{ RTCF_REDIRECTED, "redirected" },
	{ RTCF_DOREDIRECT, "redirect" },
	{ RTCF_FAST, "fastroute" },
	{ RTCF_NOTIFY, "notify" },
	{ RTCF_TPROXY, "proxy" },
	{ 0, NULL },
};

static const struct {
	uint8_t pref;
	const char *word;
} prefs[] = {
	{ ICMPV6_ROUTER_PREF_LOW, "low" },
	{ ICMPV6_ROUTER_PREF_MEDIUM, "medium" },
	{ ICMPV6_ROUTER_PREF_HIGH, "high" },
};

const char *np_route_pref_word(unsigned pref)
{
	for (size_t i = 0; i < sizeof(prefs) / sizeof(prefs[0]); i++) {
		if (prefs[i].pref == pref)
			return prefs[i].word;
	}
	return NULL;
}

int np_route_pref_parse(const char *word)
{
	uint8_t v;

	for (size_t i = 0; i < sizeof(prefs) / sizeof(prefs[0]); i++) {
		if (!strcmp(prefs[i].word, word))
			return prefs[i].pref;
	}
	return np_parse_u8(word, &v) ? -EINVAL : v;
}

const struct np_route_word np_route_add_words[] = {
	{ "src", true, NP_RK_SRC, 0 },
	{ "as", true, NP_RK_AS, 0 },
	{ "via", true, NP_RK_VIA, 0 },
	{ "from", true, NP_RK_FROM, 0 },
	{ "tos", true, NP_RK_TOS, 0 },
	{ "dsfield", false, NP_RK_TOS, 0 },
	{ "expires", true, NP_RK_EXPIRES, 0 },
	{ "metric", false, NP_RK_METRIC, 0 },
	{ "priority", false, NP_RK_METRIC, 0 },
	{ "preference", true, NP_RK_METRIC, 0 },
	{ "scope", true, NP_RK_SCOPE, 0 },
	{ "mtu", true, NP_RK_RTAX, RTAX_MTU },
	{ "hoplimit", true, NP_RK_RTAX, RTAX_HOPLIMIT },
	{ "advmss", true, NP_RK_RTAX, RTAX_ADVMSS },
	{ "reordering", false, NP_RK_RTAX, RTAX_REORDERING },
	{ "rtt", true, NP_RK_RTAX, RTAX_RTT },
	{ "rto_min", true, NP_RK_RTAX, RTAX_RTO_MIN },
	{ "window", false, NP_RK_RTAX, RTAX_WINDOW },
	{ "cwnd", false, NP_RK_RTAX, RTAX_CWND },
	{ "initcwnd", false, NP_RK_RTAX, RTAX_INITCWND },
	{ "initrwnd", false, NP_RK_RTAX, RTAX_INITRWND },
	{ "features", false, NP_RK_RTAX, RTAX_FEATURES },
	{ "quickack", false, NP_RK_RTAX, RTAX_QUICKACK },
	{ "congctl", false, NP_RK_RTAX, RTAX_CC_ALGO },
	{ "rttvar", false, NP_RK_RTAX, RTAX_RTTVAR },
	{ "ssthresh", false, NP_RK_RTAX, RTAX_SSTHRESH },
	{ "realms", false, NP_RK_REALMS, 0 },
	{ "onlink", true, NP_RK_ONLINK, 0 },
	{ "pervasive", true, NP_RK_PERVASIVE, 0 },
	{ "equalize", true, NP_RK_EQUALIZE, 0 },
	{ "nexthop", true, NP_RK_NEXTHOP, 0 },
	{ "nhid", true, NP_RK_NHID, 0 },
	{ "protocol", false, NP_RK_PROTOCOL, 0 },
	{ "table", false, NP_RK_TABLE, 0 },
	{ "vrf", false, NP_RK_VRF, 0 },
	{ "dev", true, NP_RK_DEV, 0 },
	{ "oif", true, NP_RK_DEV, 0 },
	{ "pref", false, NP_RK_PREF, 0 },
	{ "encap", true, NP_RK_ENCAP, 0 },
	{ "ttl-propagate", true, NP_RK_TTL_PROPAGATE, 0 },
	{ "fastopen_no_cookie", false, NP_RK_RTAX, RTAX_FASTOPEN_NO_COOKIE },
	{ NULL, false, 0, 0 },
};

const struct np_route_word np_route_nh_words[] = {
	{ "via", true, NP_RK_VIA, 0 },
	{ "dev", true, NP_RK_DEV, 0 },
	{ "weight", true, NP_RK_WEIGHT, 0 },
	{ "onlink", true, NP_RK_ONLINK, 0 },
	{ "pervasive", true, NP_RK_PERVASIVE, 0 },
	{ "realms", false, NP_RK_REALMS, 0 },
	{ "encap", true, NP_RK_ENCAP, 0 },
	{ "as", true, NP_RK_AS, 0 },
	{ NULL, false, 0, 0 },
};

const struct np_route_word np_route_list_words[] = {
	{ "table", false, NP_RK_TABLE, 0 },
	{ "vrf", false, NP_RK_VRF, 0 },
	{ "cached", false, NP_RK_CACHED, 0 },
	{ "cloned", false, NP_RK_CACHED, 0 },
	{ "tos", true, NP_RK_TOS, 0 },
	{ "dsfield", false, NP_RK_TOS, 0 },
	{ "protocol", false, NP_RK_PROTOCOL, 0 },
	{ "scope", false, NP_RK_SCOPE, 0 },
	{ "type", false, NP_RK_TYPE, 0 },
	{ "dev", true, NP_RK_DEV, 0 },
	{ "oif", true, NP_RK_DEV, 0 },
	{ "iif", true, NP_RK_IIF, 0 },
	{ "mark", true, NP_RK_MARK, 0 },
	{ "metric", false, NP_RK_METRIC, 0 },
	{ "priority", false, NP_RK_METRIC, 0 },
	{ "preference", true, NP_RK_METRIC, 0 },
	{ "via", true, NP_RK_VIA, 0 },
	{ "src", true, NP_RK_SRC, 0 },
	{ "realms", false, NP_RK_REALMS, 0 },
	{ "from", false, NP_RK_FROM, 0 },
	{ "nhid", true, NP_RK_NHID, 0 },
	{ NULL, false, 0, 0 },
};

const struct np_route_word np_route_get_words[] = {
	{ "tos", true, NP_RK_TOS, 0 },
	{ "dsfield", false, NP_RK_TOS, 0 },
	{ "from", false, NP_RK_FROM, 0 },
	{ "iif", false, NP_RK_IIF, 0 },
	{ "mark", false, NP_RK_MARK, 0 },
	{ "oif", false, NP_RK_DEV, 0 },
	{ "dev", true, NP_RK_DEV, 0 },
	{ "notify", false, NP_RK_NOTIFY, 0 },
	{ "connected", false, NP_RK_CONNECTED, 0 },
	{ "vrf", false, NP_RK_VRF, 0 },
	{ "uid", false, NP_RK_UID, 0 },
	{ "fibmatch", false, NP_RK_FIBMATCH, 0 },
	{ "as", true, NP_RK_AS, 0 },
	{ "sport", false, NP_RK_SPORT, 0 },
	{ "dport", false, NP_RK_DPORT, 0 },
	{ "ipproto", false, NP_RK_IPPROTO, 0 },
	{ NULL, false, 0, 0 },
};

const struct np_route_word *np_route_word_find(const struct np_route_word *rows, const char *word)
{
	const char first = *word;

	for (; rows->word; rows++) {
		if (first != *rows->word)
			continue;
		if (rows->whole ? !strcmp(word, rows->word) : np_abbrev(word, rows->word))
			return rows;
	}
	return NULL;
}
