// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes of nf_tables, written into a batch. */
#include <libnftnl/chain.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/netfilter/nf_tables.h>
#include <string.h>

#include "lib/nft_priv.h"

/* A comment as nft(8) keeps it. NULL: no memory. */
static struct nftnl_udata_buf *comment_new(const char *comment, uint8_t type)
{
	struct nftnl_udata_buf *buf = nftnl_udata_buf_alloc(256);

	if (buf)
		nftnl_udata_put_strz(buf, type, comment);
	return buf;
}

static void table_message(struct np_nft *nft, uint16_t type, uint16_t flags, uint32_t bits,
			  const char *comment)
{
	struct nlmsghdr *nlh = np_nft_message(nft, type, flags);
	struct nftnl_table *t = nftnl_table_alloc();
	struct nftnl_udata_buf *buf = comment ? comment_new(comment, NFTNL_UDATA_TABLE_COMMENT)
					      : NULL;
	bool ok = t && (buf || !comment);

	if (ok) {
		nftnl_table_set_u32(t, NFTNL_TABLE_FAMILY, nft->table.family);
		nftnl_table_set_str(t, NFTNL_TABLE_NAME, nft->table.name);
		if (bits)
			nftnl_table_set_u32(t, NFTNL_TABLE_FLAGS, bits);
		if (buf)
			nftnl_table_set_data(t, NFTNL_TABLE_USERDATA, nftnl_udata_buf_data(buf),
					     nftnl_udata_buf_len(buf));
		nftnl_table_nlmsg_build_payload(nlh, t);
	}
	np_nft_put(nft, nlh, ok, type == NFT_MSG_NEWTABLE ? "add" : "delete", "table",
		   nft->table.name);
	if (t)
		nftnl_table_free(t);
	if (buf)
		nftnl_udata_buf_free(buf);
}

void np_nft_add_table(struct np_nft *nft, uint32_t flags, const char *comment)
{
	table_message(nft, NFT_MSG_NEWTABLE, NLM_F_CREATE, flags, comment);
}

void np_nft_del_table(struct np_nft *nft)
{
	table_message(nft, NFT_MSG_DELTABLE, 0, 0, NULL);
}

void np_nft_del_empty_table(struct np_nft *nft)
{
	table_message(nft, NFT_MSG_DELTABLE, NLM_F_NONREC, 0, NULL);
}

static void chain_message(struct np_nft *nft, uint16_t type, uint16_t flags,
			  const struct np_nft_chain *chain)
{
	struct nlmsghdr *nlh = np_nft_message(nft, type, flags);
	struct nftnl_chain *c = nftnl_chain_alloc();

	if (c) {
		nftnl_chain_set_str(c, NFTNL_CHAIN_TABLE, nft->table.name);
		nftnl_chain_set_str(c, NFTNL_CHAIN_NAME, chain->name);
		if (chain->type) {
			nftnl_chain_set_str(c, NFTNL_CHAIN_TYPE, chain->type);
			nftnl_chain_set_u32(c, NFTNL_CHAIN_HOOKNUM, chain->hook);
			nftnl_chain_set_s32(c, NFTNL_CHAIN_PRIO, chain->priority);
		}
		nftnl_chain_nlmsg_build_payload(nlh, c);
		nftnl_chain_free(c);
	}
	np_nft_put(nft, nlh, c, type == NFT_MSG_NEWCHAIN ? "add" : "delete",
		   chain->type ? chain->type : "chain", chain->type ? "chain" : chain->name);
}

void np_nft_add_chain(struct np_nft *nft, const struct np_nft_chain *chain)
{
	chain_message(nft, NFT_MSG_NEWCHAIN, NLM_F_CREATE, chain);
}

void np_nft_del_chain(struct np_nft *nft, const char *name)
{
	chain_message(nft, NFT_MSG_DELCHAIN, 0, &(struct np_nft_chain){ .name = name });
}

void np_nft_del_empty_chain(struct np_nft *nft, const char *name)
{
	chain_message(nft, NFT_MSG_DELCHAIN, NLM_F_NONREC, &(struct np_nft_chain){ .name = name });
}

/* Which attribute of libnftnl's each field of a np_nft_expr is; 0 (the name's): none. */
static const struct {
	const char *name;
	uint16_t key, reg, arg, len, data, str;
	uint16_t zero; /* a verdict register: 0 */
	uint16_t to, data2; /* the register once more; data2 */
} expr_rows[] = {
	[NP_NFT_META] = { .name = "meta", .key = NFTNL_EXPR_META_KEY, .reg = NFTNL_EXPR_META_DREG },
	[NP_NFT_META_SET] = { .name = "meta", .key = NFTNL_EXPR_META_KEY,
			      .reg = NFTNL_EXPR_META_SREG },
	[NP_NFT_CT] = { .name = "ct", .key = NFTNL_EXPR_CT_KEY, .reg = NFTNL_EXPR_CT_DREG,
			.arg = NFTNL_EXPR_CT_DIR },
	[NP_NFT_PAYLOAD] = { .name = "payload", .key = NFTNL_EXPR_PAYLOAD_BASE,
			     .reg = NFTNL_EXPR_PAYLOAD_DREG, .arg = NFTNL_EXPR_PAYLOAD_OFFSET,
			     .len = NFTNL_EXPR_PAYLOAD_LEN },
	[NP_NFT_CMP] = { .name = "cmp", .key = NFTNL_EXPR_CMP_OP, .reg = NFTNL_EXPR_CMP_SREG,
			 .data = NFTNL_EXPR_CMP_DATA },
	[NP_NFT_IMMEDIATE] = { .name = "immediate", .reg = NFTNL_EXPR_IMM_DREG,
			       .data = NFTNL_EXPR_IMM_DATA },
	[NP_NFT_VMAP] = { .name = "lookup", .reg = NFTNL_EXPR_LOOKUP_SREG,
			  .str = NFTNL_EXPR_LOOKUP_SET, .zero = NFTNL_EXPR_LOOKUP_DREG },
	[NP_NFT_VERDICT] = { .name = "immediate", .key = NFTNL_EXPR_IMM_VERDICT,
			     .str = NFTNL_EXPR_IMM_CHAIN, .zero = NFTNL_EXPR_IMM_DREG },
	[NP_NFT_NAT] = { .name = "nat", .key = NFTNL_EXPR_NAT_TYPE, .arg = NFTNL_EXPR_NAT_FAMILY,
			 .reg = NFTNL_EXPR_NAT_REG_ADDR_MIN },
	[NP_NFT_MASQUERADE] = { .name = "masq" },
	[NP_NFT_COUNTER] = { .name = "counter" },
	[NP_NFT_BITWISE] = { .name = "bitwise", .reg = NFTNL_EXPR_BITWISE_SREG,
			     .to = NFTNL_EXPR_BITWISE_DREG, .len = NFTNL_EXPR_BITWISE_LEN,
			     .data = NFTNL_EXPR_BITWISE_MASK },
	[NP_NFT_RANGE] = { .name = "range", .key = NFTNL_EXPR_RANGE_OP,
			   .reg = NFTNL_EXPR_RANGE_SREG, .data = NFTNL_EXPR_RANGE_FROM_DATA,
			   .data2 = NFTNL_EXPR_RANGE_TO_DATA },
	[NP_NFT_SOCKET] = { .name = "socket", .key = NFTNL_EXPR_SOCKET_KEY,
			    .reg = NFTNL_EXPR_SOCKET_DREG, .arg = NFTNL_EXPR_SOCKET_LEVEL },
	[NP_NFT_LIMIT] = { .name = "limit", .len = NFTNL_EXPR_LIMIT_BURST },
};

static void set_u32(struct nftnl_expr *e, uint16_t attr, uint32_t value)
{
	if (attr == NFTNL_EXPR_CT_DIR && !strcmp(nftnl_expr_get_str(e, NFTNL_EXPR_NAME), "ct"))
		nftnl_expr_set_u8(e, attr, (uint8_t)value);
	else if (attr)
		nftnl_expr_set_u32(e, attr, value);
}

/* What fits in no row: 64-bit numbers, and what is always the same. */
static void set_others(struct nftnl_expr *e, const struct np_nft_expr *x)
{
	static const uint8_t none[16];

	if (x->op == NP_NFT_BITWISE)
		nftnl_expr_set(e, NFTNL_EXPR_BITWISE_XOR, none, x->len);
	if (x->op == NP_NFT_LIMIT) {
		nftnl_expr_set_u64(e, NFTNL_EXPR_LIMIT_RATE, x->key);
		nftnl_expr_set_u64(e, NFTNL_EXPR_LIMIT_UNIT, x->arg);
	}
}

static struct nftnl_expr *expr_new(const struct np_nft_expr *x)
{
	const typeof(expr_rows[0]) *row = &expr_rows[x->op];
	struct nftnl_expr *e = nftnl_expr_alloc(row->name);

	if (!e)
		return NULL;
	set_u32(e, row->key, x->key);
	set_u32(e, row->reg, x->reg);
	set_u32(e, row->arg, x->arg);
	set_u32(e, row->len, x->len);
	set_u32(e, row->zero, NFT_REG_VERDICT);
	set_u32(e, row->to, x->reg);
	set_others(e, x);
	if (row->data)
		nftnl_expr_set(e, row->data, x->data, x->len);
	if (row->data2)
		nftnl_expr_set(e, row->data2, x->data2, x->len);
	if (row->str && x->name)
		nftnl_expr_set_str(e, row->str, x->name);
	return e;
}

static bool put_exprs(struct nftnl_rule *r, const struct np_nft_expr *exprs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct nftnl_expr *e = expr_new(&exprs[i]);

		if (!e)
			return false;
		nftnl_rule_add_expr(r, e);
	}
	return true;
}

static struct nftnl_rule *rule_new(struct np_nft *nft, const char *chain)
{
	struct nftnl_rule *r = nftnl_rule_alloc();

	if (r) {
		nftnl_rule_set_u32(r, NFTNL_RULE_FAMILY, nft->table.family);
		nftnl_rule_set_str(r, NFTNL_RULE_TABLE, nft->table.name);
		nftnl_rule_set_str(r, NFTNL_RULE_CHAIN, chain);
	}
	return r;
}

void np_nft_add_rule(struct np_nft *nft, const char *chain, const struct np_nft_expr *exprs,
		     size_t n, const char *comment)
{
	struct nlmsghdr *nlh = np_nft_message(nft, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
	struct nftnl_rule *r = rule_new(nft, chain);
	struct nftnl_udata_buf *buf = comment ? comment_new(comment, NFTNL_UDATA_RULE_COMMENT)
					      : NULL;
	bool ok = r && (buf || !comment) && put_exprs(r, exprs, n);

	if (ok && buf)
		nftnl_rule_set_data(r, NFTNL_RULE_USERDATA, nftnl_udata_buf_data(buf),
				    nftnl_udata_buf_len(buf));
	if (ok)
		nftnl_rule_nlmsg_build_payload(nlh, r);
	np_nft_put(nft, nlh, ok, "add", "a rule to chain", chain);
	if (r)
		nftnl_rule_free(r);
	if (buf)
		nftnl_udata_buf_free(buf);
}

void np_nft_del_rules(struct np_nft *nft, const char *chain, uint64_t handle)
{
	struct nlmsghdr *nlh = np_nft_message(nft, NFT_MSG_DELRULE, 0);
	struct nftnl_rule *r = rule_new(nft, chain);

	if (r && handle)
		nftnl_rule_set_u64(r, NFTNL_RULE_HANDLE, handle);
	if (r) {
		nftnl_rule_nlmsg_build_payload(nlh, r);
		nftnl_rule_free(r);
	}
	np_nft_put(nft, nlh, r, "delete", "rules of chain", chain);
}

static struct nftnl_set *set_new(struct np_nft *nft, const char *name)
{
	struct nftnl_set *s = nftnl_set_alloc();

	if (s) {
		nftnl_set_set_str(s, NFTNL_SET_TABLE, nft->table.name);
		nftnl_set_set_str(s, NFTNL_SET_NAME, name);
	}
	return s;
}

void np_nft_add_map(struct np_nft *nft, const struct np_nft_map *map)
{
	struct nlmsghdr *nlh = np_nft_message(nft, NFT_MSG_NEWSET, NLM_F_CREATE);
	struct nftnl_set *s = set_new(nft, map->name);

	if (s) {
		nftnl_set_set_u32(s, NFTNL_SET_ID, (uint32_t)nft->messages);
		nftnl_set_set_u32(s, NFTNL_SET_FLAGS, NFT_SET_MAP);
		nftnl_set_set_u32(s, NFTNL_SET_KEY_TYPE, map->type);
		nftnl_set_set_u32(s, NFTNL_SET_KEY_LEN, map->len);
		nftnl_set_set_u32(s, NFTNL_SET_DATA_TYPE, NFT_DATA_VERDICT);
		nftnl_set_set_u32(s, NFTNL_SET_DATA_LEN, 0);
		nftnl_set_nlmsg_build_payload(nlh, s);
		nftnl_set_free(s);
	}
	np_nft_put(nft, nlh, s, "add", "map", map->name);
}

static void elem_message(struct np_nft *nft, uint16_t type, uint16_t flags, const char *map,
			 const struct np_nft_elem *elem)
{
	struct nlmsghdr *nlh = np_nft_message(nft, type, flags);
	struct nftnl_set *s = set_new(nft, map);
	struct nftnl_set_elem *e = nftnl_set_elem_alloc();
	bool add = type == NFT_MSG_NEWSETELEM;

	if (s && e) {
		nftnl_set_elem_set(e, NFTNL_SET_ELEM_KEY, elem->key, elem->len);
		if (add) {
			nftnl_set_elem_set_u32(e, NFTNL_SET_ELEM_VERDICT, (uint32_t)elem->verdict);
			nftnl_set_elem_set_str(e, NFTNL_SET_ELEM_CHAIN, elem->chain);
		}
		nftnl_set_elem_add(s, e);
		nftnl_set_elems_nlmsg_build_payload(nlh, s);
	} else if (e) {
		nftnl_set_elem_free(e);
	}
	np_nft_put(nft, nlh, s && e, add ? "add" : "delete", "an entry of map", map);
	if (s)
		nftnl_set_free(s);
}

void np_nft_add_elem(struct np_nft *nft, const char *map, const struct np_nft_elem *elem)
{
	elem_message(nft, NFT_MSG_NEWSETELEM, NLM_F_CREATE, map, elem);
}

void np_nft_del_elem(struct np_nft *nft, const char *map, const struct np_nft_elem *elem)
{
	elem_message(nft, NFT_MSG_DELSETELEM, 0, map, elem);
}
