// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A rule of nf_tables as words. Its steps load registers, compare them, and act; what a
 * register was loaded with is remembered as words until a step looks at it.
 */
#include "lib/nft_text.h"

#include <bsd/string.h>
#include <inttypes.h>
#include <libnftnl/rule.h>
#include <libnftnl/udata.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <stdlib.h>
#include <string.h>

#include "lib/nft_ruleset.h"
#include "lib/trace.h"

/* The protocol and family are kept back: the words of ports and addresses say them. */
static bool kept(struct np_nft_text *t, const struct np_nft_reg *r, uint32_t op,
		 const uint8_t *data)
{
	const char *name = np_proto_name(data[0]);

	if (op != NFT_CMP_EQ || r->mask_len)
		return false;
	if (r->kind == NP_NFT_K_FAMILY) {
		strlcpy(t->family, data[0] == NFPROTO_IPV4 ? "ip" : "ip6", sizeof(t->family));
		return true;
	}
	if (r->kind != NP_NFT_K_PROTO || !name || strcmp(r->words, "meta l4proto"))
		return false;
	strlcpy(t->proto, name, sizeof(t->proto));
	return true;
}

static void put_cmp(struct np_nft_text *t, const struct nftnl_expr *e)
{
	static const char *const ops[] = { "", "!= ", "< ", "<= ", "> ", ">= " };
	struct np_nft_reg *r = np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_CMP_SREG));
	uint32_t op = nftnl_expr_get_u32(e, NFTNL_EXPR_CMP_OP), len = 0;
	const uint8_t *data = nftnl_expr_get(e, NFTNL_EXPR_CMP_DATA, &len);
	bool address = r->kind == NP_NFT_K_IPV4 || r->kind == NP_NFT_K_IPV6;
	uint8_t whole[16] = { 0 };

	if (data && address && r->mask_len && len < sizeof(whole)) {
		data = memcpy(whole, data, len);
		len = r->mask_len;
	}
	if (!data || !len || kept(t, r, op, data))
		return;
	np_nft_flush(t);
	np_nft_word(t, r->words);
	if (r->mask_len && r->kind == NP_NFT_K_CT_STATE && op == NFT_CMP_NEQ &&
	    np_nft_is_zero(data, len)) {
		np_nft_say(t, " ");
		np_nft_put_ct_state(t, (uint32_t)np_nft_number(r->mask, r->mask_len, true));
		return;
	}
	if (r->mask_len && !(address && np_nft_prefix_of(r) >= 0)) {
		np_nft_say(t, " & ");
		np_nft_put_value(t, r->kind, r->mask, r->mask_len);
		np_nft_say(t, op == NFT_CMP_EQ ? " == " : " %s", ops[op % 6]);
	} else {
		np_nft_say(t, " %s", ops[op % 6]);
	}
	np_nft_put_value(t, r->kind, data, len);
	if (r->mask_len && address && np_nft_prefix_of(r) >= 0)
		np_nft_say(t, "/%d", np_nft_prefix_of(r));
}

static void put_range(struct np_nft_text *t, const struct nftnl_expr *e)
{
	struct np_nft_reg *r = np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_RANGE_SREG));
	uint32_t len = 0;
	const uint8_t *from = nftnl_expr_get(e, NFTNL_EXPR_RANGE_FROM_DATA, &len);
	const uint8_t *to = nftnl_expr_get(e, NFTNL_EXPR_RANGE_TO_DATA, &len);

	np_nft_flush(t);
	np_nft_word(t, r->words);
	np_nft_say(t, nftnl_expr_get_u32(e, NFTNL_EXPR_RANGE_OP) == NFT_RANGE_NEQ ? " != " : " ");
	if (!from || !to)
		return;
	np_nft_put_value(t, r->kind, from, len);
	np_nft_say(t, "-");
	np_nft_put_value(t, r->kind, to, len);
}

static void put_lookup(struct np_nft_text *t, const struct nftnl_expr *e)
{
	const char *set = nftnl_expr_get_str(e, NFTNL_EXPR_LOOKUP_SET);
	uint32_t flags = nftnl_expr_is_set(e, NFTNL_EXPR_LOOKUP_FLAGS) ?
			 nftnl_expr_get_u32(e, NFTNL_EXPR_LOOKUP_FLAGS) : 0;

	np_nft_flush(t);
	np_nft_word(t, np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_LOOKUP_SREG))->words);
	np_nft_say(t, flags & NFT_LOOKUP_F_INV ? " != " : " ");
	np_nft_say(t, "%s%s", nftnl_expr_is_set(e, NFTNL_EXPR_LOOKUP_DREG) ? "vmap " : "",
	    set && !strncmp(set, "__", 2) ? "{…}" : "@");
	if (set && strncmp(set, "__", 2))
		np_nft_say(t, "%s", set);
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

static void put_immediate(struct np_nft_text *t, const struct nftnl_expr *e)
{
	struct np_nft_reg *r = np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_IMM_DREG));
	uint32_t len = 0;
	const void *data;

	if (nftnl_expr_is_set(e, NFTNL_EXPR_IMM_VERDICT)) {
		np_nft_flush(t);
		np_nft_word(t, verdict_word(nftnl_expr_get_u32(e, NFTNL_EXPR_IMM_VERDICT)));
		if (nftnl_expr_is_set(e, NFTNL_EXPR_IMM_CHAIN))
			np_nft_say(t, " %s", nftnl_expr_get_str(e, NFTNL_EXPR_IMM_CHAIN));
		return;
	}
	data = nftnl_expr_get(e, NFTNL_EXPR_IMM_DATA, &len);
	*r = (struct np_nft_reg){ .len = len < sizeof(r->data) ? len : sizeof(r->data) };
	if (data)
		memcpy(r->data, data, r->len);
}

static void put_meta(struct np_nft_text *t, const struct nftnl_expr *e)
{
	uint32_t key = nftnl_expr_get_u32(e, NFTNL_EXPR_META_KEY);
	struct np_nft_reg *from, name;

	if (nftnl_expr_is_set(e, NFTNL_EXPR_META_DREG)) {
		np_nft_load_meta(np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_META_DREG)), key);
		return;
	}
	from = np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_META_SREG));
	np_nft_load_meta(&name, key);
	np_nft_flush(t);
	np_nft_word(t, name.words);
	np_nft_say(t, " set ");
	if (from->len && key == NFT_META_NFTRACE)
		np_nft_say(t, "%u", from->data[0]);
	else if (from->len && key == NFT_META_MARK)
		np_nft_say(t, "0x%" PRIx64, np_nft_number(from->data, from->len, true));
	else if (from->len)
		np_nft_put_value(t, name.kind, from->data, from->len);
	else
		np_nft_say(t, "%s", from->words);
}

static void put_ct(struct np_nft_text *t, const struct nftnl_expr *e)
{
	uint32_t key = nftnl_expr_get_u32(e, NFTNL_EXPR_CT_KEY);
	struct np_nft_reg name;

	np_nft_load_ct(&name, key);
	if (nftnl_expr_is_set(e, NFTNL_EXPR_CT_DREG)) {
		*np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_CT_DREG)) = name;
		return;
	}
	np_nft_flush(t);
	np_nft_word(t, name.words);
	np_nft_say(t, " set …");
}

static void put_nat(struct np_nft_text *t, const struct nftnl_expr *e)
{
	bool dst = nftnl_expr_get_u32(e, NFTNL_EXPR_NAT_TYPE) == NFT_NAT_DNAT;
	bool six = nftnl_expr_get_u32(e, NFTNL_EXPR_NAT_FAMILY) == NFPROTO_IPV6;
	const struct np_nft_reg *r;

	np_nft_flush(t);
	np_nft_word(t, dst ? "dnat to " : "snat to ");
	if (nftnl_expr_is_set(e, NFTNL_EXPR_NAT_REG_ADDR_MIN)) {
		r = np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_NAT_REG_ADDR_MIN));
		if (r->len)
			np_nft_put_value(t, six ? NP_NFT_K_IPV6 : NP_NFT_K_IPV4, r->data, r->len);
		else
			np_nft_say(t, "%s", r->words);
	}
	if (nftnl_expr_is_set(e, NFTNL_EXPR_NAT_REG_PROTO_MIN)) {
		r = np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_NAT_REG_PROTO_MIN));
		if (r->len)
			np_nft_say(t, ":%" PRIu64,
				   np_nft_number(r->data, r->len < 2 ? r->len : 2, false));
	}
}

static void put_limit(struct np_nft_text *t, const struct nftnl_expr *e)
{
	uint64_t unit = nftnl_expr_get_u64(e, NFTNL_EXPR_LIMIT_UNIT);

	np_nft_flush(t);
	np_nft_word(t, "limit rate ");
	np_nft_say(t, "%" PRIu64 "/%s", nftnl_expr_get_u64(e, NFTNL_EXPR_LIMIT_RATE),
	    unit == 1 ? "second" : unit == 60 ? "minute" : unit == 3600 ? "hour" : "day");
}

static void put_log(struct np_nft_text *t, const struct nftnl_expr *e)
{
	np_nft_flush(t);
	np_nft_word(t, "log");
	if (nftnl_expr_is_set(e, NFTNL_EXPR_LOG_PREFIX))
		np_nft_say(t, " prefix \"%s\"", nftnl_expr_get_str(e, NFTNL_EXPR_LOG_PREFIX));
}

/* iptables' own matches and targets, which iptables-nft keeps. */
static void put_match(struct np_nft_text *t, const struct nftnl_expr *e)
{
	np_nft_flush(t);
	np_nft_word(t, "-m ");
	np_nft_say(t, "%s …", nftnl_expr_get_str(e, NFTNL_EXPR_MT_NAME));
}

static void put_target(struct np_nft_text *t, const struct nftnl_expr *e)
{
	np_nft_flush(t);
	np_nft_word(t, "-j ");
	np_nft_say(t, "%s", nftnl_expr_get_str(e, NFTNL_EXPR_TG_NAME));
}

static void put_reject(struct np_nft_text *t, const struct nftnl_expr *e)
{
	np_nft_flush(t);
	np_nft_word(t, "reject");
	if (nftnl_expr_get_u32(e, NFTNL_EXPR_REJECT_TYPE) == NFT_REJECT_TCP_RST)
		np_nft_say(t, " with tcp reset");
}

static void put_masq(struct np_nft_text *t, const struct nftnl_expr *e)
{
	(void)e;
	np_nft_flush(t);
	np_nft_word(t, "masquerade");
}

static void put_counter(struct np_nft_text *t, const struct nftnl_expr *e)
{
	(void)e;
	(void)t; /* says nothing of the packet */
}

static const struct {
	const char *name;
	void (*put)(struct np_nft_text *t, const struct nftnl_expr *e);
} rows[] = {
	{ "payload", np_nft_load_payload }, { "bitwise", np_nft_load_bitwise }, { "cmp", put_cmp },
	{ "byteorder", np_nft_load_byteorder },
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
	np_nft_flush(arg);
	np_nft_word(arg, name);
	return 0;
}

static int put_comment(const struct nftnl_udata *attr, void *arg)
{
	const char *text = nftnl_udata_get(attr);
	uint32_t len = nftnl_udata_len(attr);

	if (nftnl_udata_type(attr) == NFTNL_UDATA_RULE_COMMENT && len) {
		np_nft_word(arg, "comment ");
		np_nft_say(arg, "\"%.*s\"", (int)strnlen(text, len), text); /* with a NUL or not */
	}
	return 0;
}

char *np_nft_rule_text(const struct nftnl_rule *rule)
{
	struct np_nft_text *t = calloc(1, sizeof(*t));
	uint32_t len = 0;
	const void *data;
	char *copy;

	if (!t)
		return NULL;
	/* the walk over the steps changes nothing */
	nftnl_expr_foreach((struct nftnl_rule *)(uintptr_t)rule, put_expr, t);
	np_nft_flush(t);
	data = nftnl_rule_get_data(rule, NFTNL_RULE_USERDATA, &len);
	if (data)
		nftnl_udata_parse(data, len, put_comment, t);
	np_nft_word(t, "# handle ");
	np_nft_say(t, "%" PRIu64, nftnl_rule_get_u64(rule, NFTNL_RULE_HANDLE));
	copy = strdup(t->buf);
	free(t);
	return copy;
}
