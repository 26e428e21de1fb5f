// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/bpf.h>
#include <linux/ila.h>
#include <linux/ioam6_iptunnel.h>
#include <linux/lwtunnel.h>
#include <linux/mpls_iptunnel.h>
#include <linux/rpl_iptunnel.h>
#include <linux/seg6_iptunnel.h>
#include <linux/seg6_local.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/route_encap.h"

#define OFF(field) .off = offsetof(struct np_encap, field)

const struct np_word np_encap_types[] = {
	{ LWTUNNEL_ENCAP_MPLS, "mpls" },
	{ LWTUNNEL_ENCAP_IP, "ip" },
	{ LWTUNNEL_ENCAP_ILA, "ila" },
	{ LWTUNNEL_ENCAP_IP6, "ip6" },
	{ LWTUNNEL_ENCAP_SEG6, "seg6" },
	{ LWTUNNEL_ENCAP_BPF, "bpf" },
	{ LWTUNNEL_ENCAP_SEG6_LOCAL, "seg6local" },
	{ LWTUNNEL_ENCAP_RPL, "rpl" },
	{ LWTUNNEL_ENCAP_IOAM6, "ioam6" },
	{ LWTUNNEL_ENCAP_XFRM, "xfrm" },
	{ 0, NULL },
};

const struct np_word np_seg6_modes[] = {
	{ SEG6_IPTUN_MODE_INLINE, "inline" },
	{ SEG6_IPTUN_MODE_ENCAP, "encap" },
	{ SEG6_IPTUN_MODE_L2ENCAP, "l2encap" },
	{ SEG6_IPTUN_MODE_ENCAP_RED, "encap.red" },
	{ SEG6_IPTUN_MODE_L2ENCAP_RED, "l2encap.red" },
	{ 0, NULL },
};

static const struct np_word seg6_actions[] = {
	{ SEG6_LOCAL_ACTION_END, "End" },
	{ SEG6_LOCAL_ACTION_END_X, "End.X" },
	{ SEG6_LOCAL_ACTION_END_T, "End.T" },
	{ SEG6_LOCAL_ACTION_END_DX2, "End.DX2" },
	{ SEG6_LOCAL_ACTION_END_DX6, "End.DX6" },
	{ SEG6_LOCAL_ACTION_END_DX4, "End.DX4" },
	{ SEG6_LOCAL_ACTION_END_DT6, "End.DT6" },
	{ SEG6_LOCAL_ACTION_END_DT4, "End.DT4" },
	{ SEG6_LOCAL_ACTION_END_B6, "End.B6" },
	{ SEG6_LOCAL_ACTION_END_B6_ENCAP, "End.B6.Encaps" },
	{ SEG6_LOCAL_ACTION_END_BM, "End.BM" },
	{ SEG6_LOCAL_ACTION_END_S, "End.S" },
	{ SEG6_LOCAL_ACTION_END_AS, "End.AS" },
	{ SEG6_LOCAL_ACTION_END_AM, "End.AM" },
	{ SEG6_LOCAL_ACTION_END_BPF, "End.BPF" },
	{ SEG6_LOCAL_ACTION_END_DT46, "End.DT46" },
	{ 0, NULL },
};

const struct np_word np_seg6_flavors[] = {
	{ SEG6_LOCAL_FLV_OP_PSP, "psp" },
	{ SEG6_LOCAL_FLV_OP_USP, "usp" },
	{ SEG6_LOCAL_FLV_OP_USD, "usd" },
	{ SEG6_LOCAL_FLV_OP_NEXT_CSID, "next-csid" },
	{ 0, NULL },
};

const struct np_word np_ioam6_modes[] = {
	{ IOAM6_IPTUNNEL_MODE_INLINE, "inline" },
	{ IOAM6_IPTUNNEL_MODE_ENCAP, "encap" },
	{ IOAM6_IPTUNNEL_MODE_AUTO, "auto" },
	{ 0, NULL },
};

const struct np_word np_tun_flag_words[] = {
	{ NP_TUN_KEY, "key" },
	{ NP_TUN_CSUM, "csum" },
	{ NP_TUN_SEQ, "seq" },
	{ 0, NULL },
};

static const struct np_word ila_csum_modes[] = {
	{ ILA_CSUM_ADJUST_TRANSPORT, "adj-transport" },
	{ ILA_CSUM_NEUTRAL_MAP, "neutral-map" },
	{ ILA_CSUM_NO_ACTION, "no-action" },
	{ ILA_CSUM_NEUTRAL_MAP_AUTO, "neutral-map-auto" },
	{ 0, NULL },
};

static const struct np_word ila_ident_types[] = {
	{ ILA_ATYPE_IID, "iid" },
	{ ILA_ATYPE_LUID, "luid" },
	{ ILA_ATYPE_VIRT_V4, "virt-v4" },
	{ ILA_ATYPE_VIRT_UNI_V6, "virt-uni-v6" },
	{ ILA_ATYPE_VIRT_MULTI_V6, "virt-multi-v6" },
	{ ILA_ATYPE_NONLOCAL_ADDR, "nonlocal-addr" },
	{ ILA_ATYPE_USE_FORMAT, "use-format" },
	{ 0, NULL },
};

static const struct np_word ila_hook_types[] = {
	{ ILA_HOOK_ROUTE_OUTPUT, "output" },
	{ ILA_HOOK_ROUTE_INPUT, "input" },
	{ 0, NULL },
};

static const struct np_encap_row mpls_rows[] = {
	{ MPLS_IPTUNNEL_DST, NP_EK_LABELS, .lead = true, .key = "dst", OFF(labels) },
	{ MPLS_IPTUNNEL_TTL, NP_EK_U8, .word = "ttl", .key = "ttl", OFF(ttl) },
	{ .key = NULL },
};

static const struct np_encap_row ip_rows[] = {
	{ LWTUNNEL_IP_ID, NP_EK_BE64, .word = "id", .key = "id", OFF(id) },
	{ LWTUNNEL_IP_SRC, NP_EK_IN4, AF_INET, .word = "src", .key = "src", OFF(src) },
	{ LWTUNNEL_IP_DST, NP_EK_IN4, AF_INET, .word = "dst", .key = "dst", OFF(dst) },
	{ LWTUNNEL_IP_TTL, NP_EK_U8, .word = "ttl", .key = "ttl", OFF(ttl) },
	{ LWTUNNEL_IP_TOS, NP_EK_U8_DS, .word = "tos", .key = "tos", OFF(tos) },
	{ LWTUNNEL_IP_FLAGS, NP_EK_FLAGS, .key = "flags", OFF(flags) },
	{ LWTUNNEL_IP_OPTS, NP_EK_OPTS, .key = "opts", OFF(opt) },
	{ .key = NULL },
};

static const struct np_encap_row ip6_rows[] = {
	{ LWTUNNEL_IP6_ID, NP_EK_BE64, .word = "id", .key = "id", OFF(id) },
	{ LWTUNNEL_IP6_SRC, NP_EK_IN6, AF_INET6, .word = "src", .key = "src", OFF(src) },
	{ LWTUNNEL_IP6_DST, NP_EK_IN6, AF_INET6, .word = "dst", .key = "dst", OFF(dst) },
	{ LWTUNNEL_IP6_HOPLIMIT, NP_EK_U8, .word = "hoplimit", .key = "hoplimit", OFF(ttl) },
	{ LWTUNNEL_IP6_TC, NP_EK_U8_DS, .word = "tc", .key = "tc", OFF(tos) },
	{ LWTUNNEL_IP6_FLAGS, NP_EK_FLAGS, .key = "flags", OFF(flags) },
	{ LWTUNNEL_IP6_OPTS, NP_EK_OPTS, .key = "opts", OFF(opt) },
	{ .key = NULL },
};

static const struct np_encap_row ila_rows[] = {
	{ ILA_ATTR_LOCATOR, NP_EK_LOCATOR, .lead = true, .key = "locator", OFF(locator) },
	{ ILA_ATTR_CSUM_MODE, NP_EK_NAME8, .lead = true, .word = "csum-mode", .key = "csum_mode",
	  OFF(csum_mode), ila_csum_modes },
	{ ILA_ATTR_IDENT_TYPE, NP_EK_NAME8, .lead = true, .word = "ident-type", .key = "ident_type",
	  OFF(ident_type), ila_ident_types },
	{ ILA_ATTR_HOOK_TYPE, NP_EK_NAME8, .lead = true, .word = "hook-type", .key = "hook_type",
	  OFF(hook_type), ila_hook_types },
	{ .key = NULL },
};

static const struct np_encap_row bpf_rows[] = {
	{ LWT_BPF_IN, NP_EK_PROG, .word = "in", .key = "in", OFF(prog[LWT_BPF_IN]) },
	{ LWT_BPF_OUT, NP_EK_PROG, .word = "out", .key = "out", OFF(prog[LWT_BPF_OUT]) },
	{ LWT_BPF_XMIT, NP_EK_PROG, .word = "xmit", .key = "xmit", OFF(prog[LWT_BPF_XMIT]) },
	/* iproute2 prints the number without its word */
	{ LWT_BPF_XMIT_HEADROOM, NP_EK_U32, .lead = true, .key = "headroom", OFF(headroom) },
	{ .key = NULL },
};

static const struct np_encap_row seg6_rows[] = {
	{ SEG6_IPTUNNEL_SRH, NP_EK_SEG6, .word = "mode", .key = "mode", OFF(srh), np_seg6_modes },
	{ .key = NULL },
};

static const struct np_encap_row seg6local_rows[] = {
	{ SEG6_LOCAL_ACTION, NP_EK_NAME32, .word = "action", .key = "action", OFF(action),
	  seg6_actions },
	{ SEG6_LOCAL_SRH, NP_EK_SRH, .word = "srh", .key = "srh", OFF(srh) },
	{ SEG6_LOCAL_TABLE, NP_EK_TABLE, .word = "table", .key = "table", OFF(table) },
	{ SEG6_LOCAL_VRFTABLE, NP_EK_TABLE, .word = "vrftable", .key = "vrftable", OFF(vrftable) },
	{ SEG6_LOCAL_NH4, NP_EK_IN4, .word = "nh4", .key = "nh4", OFF(nh4) },
	{ SEG6_LOCAL_NH6, NP_EK_IN6, .word = "nh6", .key = "nh6", OFF(nh6) },
	{ SEG6_LOCAL_IIF, NP_EK_LINK, .word = "iif", .key = "iif", OFF(iif) },
	{ SEG6_LOCAL_OIF, NP_EK_LINK, .word = "oif", .key = "oif", OFF(oif) },
	{ SEG6_LOCAL_BPF, NP_EK_PROG, .word = "endpoint", .key = "endpoint", OFF(prog[0]) },
	{ SEG6_LOCAL_COUNTERS, NP_EK_COUNTERS, .word = "count", .key = "stats64", OFF(packets) },
	{ SEG6_LOCAL_FLAVORS, NP_EK_FLAVORS, .word = "flavors", .key = "flavors", OFF(flavors),
	  np_seg6_flavors },
	{ .key = NULL },
};

static const struct np_encap_row rpl_rows[] = {
	{ RPL_IPTUNNEL_SRH, NP_EK_RPL, .word = "segs", .key = "segs", OFF(srh) },
	{ .key = NULL },
};

/* the trace comes last: its row prints the whole, which is there only as a whole */
static const struct np_encap_row ioam6_rows[] = {
	{ IOAM6_IPTUNNEL_TRACE, NP_EK_TRACE, .word = "trace", .key = "trace", OFF(trace_type),
	  np_ioam6_modes },
	{ .key = NULL },
};

static const struct np_encap_row xfrm_rows[] = {
	{ LWT_XFRM_IF_ID, NP_EK_U32, .word = "if_id", .key = "if_id", OFF(if_id) },
	{ LWT_XFRM_LINK, NP_EK_LINK, .word = "link_dev", .key = "link_dev", OFF(link) },
	{ .key = NULL },
};

static const struct np_encap_row *const rows_of[LWTUNNEL_ENCAP_MAX + 1] = {
	[LWTUNNEL_ENCAP_MPLS] = mpls_rows,
	[LWTUNNEL_ENCAP_IP] = ip_rows,
	[LWTUNNEL_ENCAP_ILA] = ila_rows,
	[LWTUNNEL_ENCAP_IP6] = ip6_rows,
	[LWTUNNEL_ENCAP_SEG6] = seg6_rows,
	[LWTUNNEL_ENCAP_BPF] = bpf_rows,
	[LWTUNNEL_ENCAP_SEG6_LOCAL] = seg6local_rows,
	[LWTUNNEL_ENCAP_RPL] = rpl_rows,
	[LWTUNNEL_ENCAP_IOAM6] = ioam6_rows,
	[LWTUNNEL_ENCAP_XFRM] = xfrm_rows,
};

const struct np_encap_row *np_encap_rows(unsigned type)
{
	return type < sizeof(rows_of) / sizeof(rows_of[0]) ? rows_of[type] : NULL;
}

const char *np_word_of(const struct np_word *rows, unsigned id)
{
	for (; rows->word; rows++) {
		if (rows->id == id)
			return rows->word;
	}
	return NULL;
}

int np_word_find(const struct np_word *rows, const char *word)
{
	for (; rows->word; rows++) {
		if (!strcmp(rows->word, word))
			return (int)rows->id;
	}
	return -1;
}

const char *np_encap_type_name(unsigned type)
{
	const char *name = np_word_of(np_encap_types, type);

	return name ? name : "unknown";
}

unsigned np_encap_type_find(const char *word)
{
	int type = np_word_find(np_encap_types, word);

	return type < 0 ? 0 : (unsigned)type;
}
