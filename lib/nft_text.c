// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A rule of nf_tables as words. Its steps load registers, compare them, and act; what a
 * register was loaded with is remembered as words until a step looks at it.
 */
#include <arpa/inet.h>
#include <bsd/string.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <netinet/in.h>

#include "lib/nft_ruleset.h"
#include "lib/trace.h"

enum kind { KIND_HEX, KIND_NUMBER, KIND_HOST, KIND_IPV4, KIND_IPV6, KIND_PROTO, KIND_FAMILY,
	    KIND_NAME, KIND_CT_STATE };

#define REGS 24 /* NFT_REG_1 … and NFT_REG32_00 … NFT_REG32_15 */

struct reg {
	char words[64];   /* "ip daddr" */
	enum kind kind;
	uint8_t data[64]; /* of an immediate */
	uint32_t len;
	uint8_t mask[16];
	uint32_t mask_len; /* 0: none */
};

struct text {
	char buf[2048];
	size_t used;
	char proto[24]; /* "tcp", said once and not yet written: "tcp dport" will say it */
	char family[8]; /* "ip", the same */
	struct reg regs[REGS];
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->buf + t->used, sizeof(t->buf) - t->used, fmt, ap);
	va_end(ap);
	if (n > 0)
		t->used += (size_t)n < sizeof(t->buf) - t->used ? (size_t)n :
								   sizeof(t->buf) - t->used - 1;
}

static void word(struct text *t, const char *w)
{
	put(t, "%s%s", t->used ? " " : "", w);
}

static struct reg *reg(struct text *t, uint32_t n)
{
	return &t->regs[n < REGS ? n : 0];
}

/* What was kept back because a later word could say it. */
static void flush(struct text *t)
{
	if (*t->family) {
		word(t, "meta nfproto ");
		put(t, "%s", strcmp(t->family, "ip") ? "ipv6" : "ipv4");
	}
	if (*t->proto)
		word(t, "meta l4proto "), put(t, "%s", t->proto);
	*t->family = *t->proto = 0;
}

/* ---- what is loaded ---- */

static const struct {
	uint32_t base, offset, len;
	const char *words; /* %s: the protocol that was matched before */
	enum kind kind;
	const char *family; /* that the words imply */
} payloads[] = {
	{ NFT_PAYLOAD_NETWORK_HEADER, 12, 4, "ip saddr", KIND_IPV4, "ip" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 16, 4, "ip daddr", KIND_IPV4, "ip" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 8, 16, "ip6 saddr", KIND_IPV6, "ip6" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 24, 16, "ip6 daddr", KIND_IPV6, "ip6" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 9, 1, "ip protocol", KIND_PROTO, "ip" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 6, 1, "ip6 nexthdr", KIND_PROTO, "ip6" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 8, 1, "ip ttl", KIND_NUMBER, "ip" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 7, 1, "ip6 hoplimit", KIND_NUMBER, "ip6" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 2, 2, "ip length", KIND_NUMBER, "ip" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 4, 2, "ip id", KIND_NUMBER, "ip" },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, "%s sport", KIND_NUMBER, NULL },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, "%s dport", KIND_NUMBER, NULL },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1, "%s type", KIND_NUMBER, NULL },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 1, 1, "%s code", KIND_NUMBER, NULL },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 13, 1, "%s flags", KIND_HEX, NULL },
};

static void load_payload(struct text *t, const struct nftnl_expr *e)
{
	uint32_t base = nftnl_expr_get_u32(e, NFTNL_EXPR_PAYLOAD_BASE);
	uint32_t offset = nftnl_expr_get_u32(e, NFTNL_EXPR_PAYLOAD_OFFSET);
	uint32_t len = nftnl_expr_get_u32(e, NFTNL_EXPR_PAYLOAD_LEN);
	struct reg *r = reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_PAYLOAD_DREG));

	*r = (struct reg){ .kind = KIND_HEX };
	for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		const char *proto = *t->proto ? t->proto : "th";

		if (payloads[i].base != base || payloads[i].offset != offset ||
		    payloads[i].len != len)
			continue;
		if (payloads[i].family && *t->family && strcmp(t->family, payloads[i].family))
			continue;
		r->kind = payloads[i].kind;
		if (payloads[i].family) {
			*t->family = 0;
			strlcpy(r->words, payloads[i].words, sizeof(r->words));
		} else {
			(void)snprintf(r->words, sizeof(r->words), "%s%s", proto,
				       payloads[i].words + 2);
			*t->proto = *t->family = 0;
		}
		return;
	}
	(void)snprintf(r->words, sizeof(r->words), "@%s,%u,%u",
		       base == NFT_PAYLOAD_TRANSPORT_HEADER ? "th" :
		       base == NFT_PAYLOAD_NETWORK_HEADER ? "nh" : "ll", 8 * offset, 8 * len);
}

struct key {
	uint32_t key;
	const char *words;
	enum kind kind;
};

static const struct key metas[] = {
	{ NFT_META_MARK, "meta mark", KIND_HOST },
	{ NFT_META_IIFNAME, "iifname", KIND_NAME },
	{ NFT_META_OIFNAME, "oifname", KIND_NAME },
	{ NFT_META_IIF, "iif", KIND_HOST },
	{ NFT_META_OIF, "oif", KIND_HOST },
	{ NFT_META_L4PROTO, "meta l4proto", KIND_PROTO },
	{ NFT_META_NFPROTO, "meta nfproto", KIND_FAMILY },
	{ NFT_META_LEN, "meta length", KIND_HOST },
	{ NFT_META_SKUID, "meta skuid", KIND_HOST },
	{ NFT_META_SKGID, "meta skgid", KIND_HOST },
	{ NFT_META_PRIORITY, "meta priority", KIND_HEX },
	{ NFT_META_PKTTYPE, "meta pkttype", KIND_HEX },
	{ NFT_META_NFTRACE, "meta nftrace", KIND_NUMBER },
};

static const struct key cts[] = {
	{ NFT_CT_STATE, "ct state", KIND_CT_STATE },
	{ NFT_CT_STATUS, "ct status", KIND_HOST },
	{ NFT_CT_MARK, "ct mark", KIND_HOST },
	{ NFT_CT_DIRECTION, "ct direction", KIND_NUMBER },
};

static void load_key(struct reg *r, const struct key *keys, size_t n, uint32_t key,
		     const char *other)
{
	*r = (struct reg){ .kind = KIND_HEX };
	for (size_t i = 0; i < n; i++) {
		if (keys[i].key == key) {
			r->kind = keys[i].kind;
			strlcpy(r->words, keys[i].words, sizeof(r->words));
			return;
		}
	}
	(void)snprintf(r->words, sizeof(r->words), "%s %u", other, key);
}

/* ---- values ---- */

/* enum ip_conntrack_info as bits: NF_CT_STATE_BIT() */
static void put_ct_state(struct text *t, uint32_t bits)
{
	static const char *const names[] = { "invalid", "established", "related", "new" };
	const char *sep = "";

	for (unsigned i = 0; i < 4; i++) {
		if (bits & 1u << i) {
			put(t, "%s%s", sep, names[i]);
			sep = ",";
		}
	}
	if (bits & 1u << 6)
		put(t, "%suntracked", sep);
}

static uint64_t number(const uint8_t *data, uint32_t len, bool host)
{
	uint64_t v = 0;
	uint32_t u = 0;

	if (host && len == 4) {
		memcpy(&u, data, 4);
		return u;
	}
	for (uint32_t i = 0; i < len && i < 8; i++)
		v = v << 8 | data[i];
	return v;
}

static void put_value(struct text *t, enum kind kind, const uint8_t *data, uint32_t len)
{
	char addr[INET6_ADDRSTRLEN];
	const char *name;

	switch (kind) {
	case KIND_IPV4:
	case KIND_IPV6:
		if (len >= (kind == KIND_IPV4 ? 4u : 16u) &&
		    inet_ntop(kind == KIND_IPV4 ? AF_INET : AF_INET6, data, addr, sizeof(addr))) {
			put(t, "%s", addr);
			return;
		}
		break;
	case KIND_PROTO:
		name = np_proto_name(data[0]);
		if (name) {
			put(t, "%s", name);
			return;
		}
		break;
	case KIND_FAMILY:
		put(t, "%s", data[0] == NFPROTO_IPV4 ? "ipv4" : "ipv6");
		return;
	case KIND_NAME:
		put(t, "\"%.*s%s\"", (int)len, (const char *)data,
		    len && data[len - 1] ? "*" : "");
		return;
	case KIND_CT_STATE:
		put_ct_state(t, (uint32_t)number(data, len, true));
		return;
	default:
		break;
	}
	put(t, kind == KIND_HEX ? "0x%" PRIx64 : "%" PRIu64, number(data, len, kind == KIND_HOST));
}

static void load_bitwise(struct text *t, const struct nftnl_expr *e)
{
	struct reg from = *reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_BITWISE_SREG));
	struct reg *to = reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_BITWISE_DREG));
	const void *mask = NULL;
	uint32_t len = 0;

	if (nftnl_expr_is_set(e, NFTNL_EXPR_BITWISE_MASK))
		mask = nftnl_expr_get(e, NFTNL_EXPR_BITWISE_MASK, &len);
	*to = from;
	if (mask && len <= sizeof(to->mask)) {
		memcpy(to->mask, mask, len);
		to->mask_len = len;
	}
}

/* Bits of a prefix that a mask is, -1: it is none. */
static int prefix_of(const struct reg *r)
{
	int bits = 0;

	while (bits < (int)(8 * r->mask_len) && r->mask[bits / 8] & 0x80 >> bits % 8)
		bits++;
	for (int i = bits; i < (int)(8 * r->mask_len); i++)
		if (r->mask[i / 8] & 0x80 >> i % 8)
			return -1;
	return bits;
}

static bool is_zero(const uint8_t *data, uint32_t len)
{
	while (len && !data[len - 1])
		len--;
	return !len;
}

/* ---- what is done ---- */

/* The protocol and family are kept back: the words of ports and addresses say them. */
static bool kept(struct text *t, const struct reg *r, uint32_t op, const uint8_t *data)
{
	const char *name = np_proto_name(data[0]);

	if (op != NFT_CMP_EQ || r->mask_len)
		return false;
	if (r->kind == KIND_FAMILY) {
		strlcpy(t->family, data[0] == NFPROTO_IPV4 ? "ip" : "ip6", sizeof(t->family));
		return true;
	}
	if (r->kind != KIND_PROTO || !name || strcmp(r->words, "meta l4proto"))
		return false;
	strlcpy(t->proto, name, sizeof(t->proto));
	return true;
}

static void put_cmp(struct text *t, const struct nftnl_expr *e)
{
	static const char *const ops[] = { "", "!= ", "< ", "<= ", "> ", ">= " };
	struct reg *r = reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_CMP_SREG));
	uint32_t op = nftnl_expr_get_u32(e, NFTNL_EXPR_CMP_OP), len = 0;
	const uint8_t *data = nftnl_expr_get(e, NFTNL_EXPR_CMP_DATA, &len);
	bool address = r->kind == KIND_IPV4 || r->kind == KIND_IPV6;

	if (!data || !len || kept(t, r, op, data))
		return;
	flush(t);
	word(t, r->words);
	if (r->mask_len && r->kind == KIND_CT_STATE && op == NFT_CMP_NEQ && is_zero(data, len)) {
		put(t, " ");
		put_ct_state(t, (uint32_t)number(r->mask, r->mask_len, true));
		return;
	}
	if (r->mask_len && !(address && prefix_of(r) >= 0)) {
		put(t, " & ");
		put_value(t, r->kind, r->mask, r->mask_len);
		put(t, op == NFT_CMP_EQ ? " == " : " %s", ops[op % 6]);
	} else {
		put(t, " %s", ops[op % 6]);
	}
	put_value(t, r->kind, data, len);
	if (r->mask_len && address && prefix_of(r) >= 0)
		put(t, "/%d", prefix_of(r));
}

static void put_range(struct text *t, const struct nftnl_expr *e)
{
	struct reg *r = reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_RANGE_SREG));
	uint32_t len = 0;
	const uint8_t *from = nftnl_expr_get(e, NFTNL_EXPR_RANGE_FROM_DATA, &len);
	const uint8_t *to = nftnl_expr_get(e, NFTNL_EXPR_RANGE_TO_DATA, &len);

	flush(t);
	word(t, r->words);
	put(t, nftnl_expr_get_u32(e, NFTNL_EXPR_RANGE_OP) == NFT_RANGE_NEQ ? " != " : " ");
	if (!from || !to)
		return;
	put_value(t, r->kind, from, len);
	put(t, "-");
	put_value(t, r->kind, to, len);
}

static void put_lookup(struct text *t, const struct nftnl_expr *e)
{
	const char *set = nftnl_expr_get_str(e, NFTNL_EXPR_LOOKUP_SET);
	uint32_t flags = nftnl_expr_is_set(e, NFTNL_EXPR_LOOKUP_FLAGS) ?
			 nftnl_expr_get_u32(e, NFTNL_EXPR_LOOKUP_FLAGS) : 0;

	flush(t);
	word(t, reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_LOOKUP_SREG))->words);
	put(t, flags & NFT_LOOKUP_F_INV ? " != " : " ");
	put(t, "%s%s", nftnl_expr_is_set(e, NFTNL_EXPR_LOOKUP_DREG) ? "vmap " : "",
	    set && !strncmp(set, "__", 2) ? "{…}" : "@");
	if (set && strncmp(set, "__", 2))
		put(t, "%s", set);
}

static const char *verdict_word(uint32_t verdict)
{
	switch ((int32_t)verdict) {
	case NF_DROP: return "drop";
	case NF_ACCEPT: return "accept";
	case NF_QUEUE: return "queue";
	case NFT_JUMP: return "jump";
	case NFT_GOTO: return "goto";
	case NFT_RETURN: return "return";
	default: return "continue";
	}
}

static void put_immediate(struct text *t, const struct nftnl_expr *e)
{
	struct reg *r = reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_IMM_DREG));
	uint32_t len = 0;
	const void *data;

	if (nftnl_expr_is_set(e, NFTNL_EXPR_IMM_VERDICT)) {
		flush(t);
		word(t, verdict_word(nftnl_expr_get_u32(e, NFTNL_EXPR_IMM_VERDICT)));
		if (nftnl_expr_is_set(e, NFTNL_EXPR_IMM_CHAIN))
			put(t, " %s", nftnl_expr_get_str(e, NFTNL_EXPR_IMM_CHAIN));
		return;
	}
	data = nftnl_expr_get(e, NFTNL_EXPR_IMM_DATA, &len);
	*r = (struct reg){ .len = len < sizeof(r->data) ? len : sizeof(r->data) };
	if (data)
		memcpy(r->data, data, r->len);
}

static void put_meta(struct text *t, const struct nftnl_expr *e)
{
	uint32_t key = nftnl_expr_get_u32(e, NFTNL_EXPR_META_KEY);
	struct reg *from, name;

	if (nftnl_expr_is_set(e, NFTNL_EXPR_META_DREG)) {
		load_key(reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_META_DREG)), metas,
			 sizeof(metas) / sizeof(metas[0]), key, "meta");
		return;
	}
	from = reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_META_SREG));
	load_key(&name, metas, sizeof(metas) / sizeof(metas[0]), key, "meta");
	flush(t);
	word(t, name.words);
	put(t, " set ");
	if (from->len && key == NFT_META_NFTRACE)
		put(t, "%u", from->data[0]);
	else if (from->len && key == NFT_META_MARK)
		put(t, "0x%" PRIx64, number(from->data, from->len, true));
	else if (from->len)
		put_value(t, name.kind, from->data, from->len);
	else
		put(t, "%s", from->words);
}

static void put_ct(struct text *t, const struct nftnl_expr *e)
{
	uint32_t key = nftnl_expr_get_u32(e, NFTNL_EXPR_CT_KEY);
	struct reg name;

	load_key(&name, cts, sizeof(cts) / sizeof(cts[0]), key, "ct");
	if (nftnl_expr_is_set(e, NFTNL_EXPR_CT_DREG)) {
		*reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_CT_DREG)) = name;
		return;
	}
	flush(t);
	word(t, name.words);
	put(t, " set …");
}

static void put_nat(struct text *t, const struct nftnl_expr *e)
{
	bool dst = nftnl_expr_get_u32(e, NFTNL_EXPR_NAT_TYPE) == NFT_NAT_DNAT;
	bool six = nftnl_expr_get_u32(e, NFTNL_EXPR_NAT_FAMILY) == NFPROTO_IPV6;
	const struct reg *r;

	flush(t);
	word(t, dst ? "dnat to " : "snat to ");
	if (nftnl_expr_is_set(e, NFTNL_EXPR_NAT_REG_ADDR_MIN)) {
		r = reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_NAT_REG_ADDR_MIN));
		if (r->len)
			put_value(t, six ? KIND_IPV6 : KIND_IPV4, r->data, r->len);
		else
			put(t, "%s", r->words);
	}
	if (nftnl_expr_is_set(e, NFTNL_EXPR_NAT_REG_PROTO_MIN)) {
		r = reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_NAT_REG_PROTO_MIN));
		if (r->len)
			put(t, ":%" PRIu64, number(r->data, r->len < 2 ? r->len : 2, false));
	}
}

static void put_limit(struct text *t, const struct nftnl_expr *e)
{
	uint64_t unit = nftnl_expr_get_u64(e, NFTNL_EXPR_LIMIT_UNIT);

	flush(t);
	word(t, "limit rate ");
	put(t, "%" PRIu64 "/%s", nftnl_expr_get_u64(e, NFTNL_EXPR_LIMIT_RATE),
	    unit == 1 ? "second" : unit == 60 ? "minute" : unit == 3600 ? "hour" : "day");
}

static void put_log(struct text *t, const struct nftnl_expr *e)
{
	flush(t);
	word(t, "log");
	if (nftnl_expr_is_set(e, NFTNL_EXPR_LOG_PREFIX))
		put(t, " prefix \"%s\"", nftnl_expr_get_str(e, NFTNL_EXPR_LOG_PREFIX));
}

/* iptables' own matches and targets, which iptables-nft keeps. */
static void put_match(struct text *t, const struct nftnl_expr *e)
{
	flush(t);
	word(t, "-m ");
	put(t, "%s …", nftnl_expr_get_str(e, NFTNL_EXPR_MT_NAME));
}

static void put_target(struct text *t, const struct nftnl_expr *e)
{
	flush(t);
	word(t, "-j ");
	put(t, "%s", nftnl_expr_get_str(e, NFTNL_EXPR_TG_NAME));
}

static void put_reject(struct text *t, const struct nftnl_expr *e)
{
	flush(t);
	word(t, "reject");
	if (nftnl_expr_get_u32(e, NFTNL_EXPR_REJECT_TYPE) == NFT_REJECT_TCP_RST)
		put(t, " with tcp reset");
}

static void put_masq(struct text *t, const struct nftnl_expr *e)
{
	(void)e;
	flush(t);
	word(t, "masquerade");
}

static void put_counter(struct text *t, const struct nftnl_expr *e)
{
	(void)e;
	(void)t; /* says nothing of the packet */
}

static const struct {
	const char *name;
	void (*put)(struct text *t, const struct nftnl_expr *e);
} rows[] = {
	{ "payload", load_payload }, { "bitwise", load_bitwise }, { "cmp", put_cmp },
	{ "range", put_range },      { "lookup", put_lookup },    { "immediate", put_immediate },
	{ "meta", put_meta },        { "ct", put_ct },            { "nat", put_nat },
	{ "limit", put_limit },      { "log", put_log },          { "match", put_match },
	{ "target", put_target },    { "reject", put_reject },    { "masq", put_masq },
	{ "counter", put_counter },
};

static int put_expr(struct nftnl_expr *e, void *arg)
{
	const char *name = nftnl_expr_get_str(e, NFTNL_EXPR_NAME);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!strcmp(rows[i].name, name)) {
			rows[i].put(arg, e);
			return 0;
		}
	}
	flush(arg);
	word(arg, name);
	return 0;
}

static int put_comment(const struct nftnl_udata *attr, void *arg)
{
	uint32_t len = nftnl_udata_len(attr);

	if (nftnl_udata_type(attr) == NFTNL_UDATA_RULE_COMMENT && len) {
		word(arg, "comment ");
		put(arg, "\"%.*s\"", (int)len - 1, (const char *)nftnl_udata_get(attr));
	}
	return 0;
}

char *np_nft_rule_text(const struct nftnl_rule *rule)
{
	struct text *t = calloc(1, sizeof(*t));
	uint32_t len = 0;
	const void *data;
	char *copy;

	if (!t)
		return NULL;
	/* the walk over the steps changes nothing */
	nftnl_expr_foreach((struct nftnl_rule *)(uintptr_t)rule, put_expr, t);
	flush(t);
	data = nftnl_rule_get_data(rule, NFTNL_RULE_USERDATA, &len);
	if (data)
		nftnl_udata_parse(data, len, put_comment, t);
	word(t, "# handle ");
	put(t, "%" PRIu64, nftnl_rule_get_u64(rule, NFTNL_RULE_HANDLE));
	copy = strdup(t->buf);
	free(t);
	return copy;
}
