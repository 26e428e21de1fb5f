// SPDX-License-Identifier: GPL-2.0-or-later
/* What nf_tables holds, read into our structs. */
#include <bsd/string.h>
#include <errno.h>
#include <stdio.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/netfilter/nf_tables.h>
#include <stdlib.h>
#include <string.h>

#include "lib/grow.h"
#include "lib/nft_priv.h"

struct text {
	uint8_t type;
	char *buf;
	size_t size;
};

static int udata_text(const struct nftnl_udata *attr, void *arg)
{
	struct text *t = arg;
	const char *text = nftnl_udata_get(attr);
	/* who wrote it need not have ended it */
	size_t len = strnlen(text, nftnl_udata_len(attr));

	if (nftnl_udata_type(attr) == t->type && len && len < t->size) {
		memcpy(t->buf, text, len);
		t->buf[len] = '\0';
	}
	return 0;
}

/* The comment in what nft(8) keeps with an object; "" when there is none, or it is no text. */
static void read_comment(const void *data, uint32_t len, struct text *t)
{
	*t->buf = 0;
	if (data)
		nftnl_udata_parse(data, len, udata_text, t);
}

static int refused(struct np_err *err, int ret, const char *noun, const char *name)
{
	np_err_set(err, -ret, "nf_tables cannot list %s %s: %s", noun, name, strerror(-ret));
	if (err)
		err->refused = true;
	return ret;
}

static int got_table(const struct nlmsghdr *nlh, void *arg)
{
	struct nftnl_table *t = nftnl_table_alloc();
	uint32_t len = 0;
	const void *data;

	if (!t)
		return -ENOMEM;
	if (!nftnl_table_nlmsg_parse(nlh, t)) {
		data = nftnl_table_get_data(t, NFTNL_TABLE_USERDATA, &len);
		read_comment(data, len, arg);
	}
	nftnl_table_free(t);
	return 0;
}

int np_nft_get_table(struct np_nft *nft, const struct np_nft_table *table, char *comment,
		     size_t size, struct np_err *err)
{
	struct text text = { NFTNL_UDATA_TABLE_COMMENT, comment, size };
	struct nlmsghdr *nlh = nftnl_nlmsg_build_hdr((char *)nft->msg, NFT_MSG_GETTABLE,
						     table->family, 0, 0);
	struct np_err refusal = NP_ERR_INIT;
	int ret;

	*comment = 0;
	mnl_attr_put_strz(nlh, NFTA_TABLE_NAME, table->name);
	ret = np_nl_get(nft->nl, nlh, got_table, &text, &refusal);
	return ret ? refused(err, ret, "table", table->name) : 0;
}

/* An array that grows as a dump gives its objects. */
struct list {
	void *items;
	size_t n, cap, each;
};

static void *next_item(struct list *l)
{
	void *items = np_grow(l->items, l->n, &l->cap, 1, l->each);

	if (!items)
		return NULL;
	l->items = items;
	return (char *)l->items + l->each * l->n++;
}

static int again(void *arg)
{
	((struct list *)arg)->n = 0;
	return 0;
}

static int dump(struct np_nft *nft, struct nlmsghdr *nlh, np_nl_msg *msg, struct list *l,
		struct np_err *err)
{
	const struct np_nl_sink sink = { msg, again, l };
	int ret = np_nl_dump(nft->nl, nlh, &sink, err);

	if (ret) {
		free(l->items);
		l->items = NULL;
		l->n = 0;
	}
	return ret;
}

static int read_elem(struct nftnl_set_elem *e, struct list *l)
{
	struct np_nft_elem *elem = next_item(l);
	uint32_t len = 0;
	const void *key = nftnl_set_elem_get(e, NFTNL_SET_ELEM_KEY, &len);
	const char *chain = nftnl_set_elem_get_str(e, NFTNL_SET_ELEM_CHAIN);

	if (!elem)
		return -ENOMEM;
	*elem = (struct np_nft_elem){ .len = len < NP_NFT_KEY_MAX ? len : NP_NFT_KEY_MAX };
	if (key)
		memcpy(elem->key, key, elem->len);
	elem->verdict = (int32_t)nftnl_set_elem_get_u32(e, NFTNL_SET_ELEM_VERDICT);
	if (chain)
		strlcpy(elem->chain, chain, sizeof(elem->chain));
	return 0;
}

static int got_elems(const struct nlmsghdr *nlh, void *arg)
{
	struct nftnl_set *s = nftnl_set_alloc();
	struct nftnl_set_elems_iter *iter;
	struct nftnl_set_elem *e;
	int ret = -ENOMEM;

	if (!s)
		return ret;
	nftnl_set_elems_nlmsg_parse(nlh, s);
	iter = nftnl_set_elems_iter_create(s);
	if (iter) {
		ret = 0;
		while (!ret && (e = nftnl_set_elems_iter_next(iter)))
			ret = read_elem(e, arg);
		nftnl_set_elems_iter_destroy(iter);
	}
	nftnl_set_free(s);
	return ret;
}

int np_nft_elems(struct np_nft *nft, const struct np_nft_table *table, const char *map,
		 struct np_nft_elem **elems, size_t *n, struct np_err *err)
{
	struct list l = { .each = sizeof(**elems) };
	struct nlmsghdr *nlh = nftnl_nlmsg_build_hdr((char *)nft->msg, NFT_MSG_GETSETELEM,
						     table->family, 0, 0);
	int ret;

	mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_TABLE, table->name);
	mnl_attr_put_strz(nlh, NFTA_SET_ELEM_LIST_SET, map);
	ret = dump(nft, nlh, got_elems, &l, err);
	*elems = l.items;
	*n = l.n;
	return ret ? refused(err, ret, "map", map) : 0;
}

static int read_counter(struct nftnl_expr *e, void *arg)
{
	struct np_nft_rule *rule = arg;

	if (strcmp(nftnl_expr_get_str(e, NFTNL_EXPR_NAME), "counter"))
		return 0;
	rule->packets = nftnl_expr_get_u64(e, NFTNL_EXPR_CTR_PACKETS);
	rule->bytes = nftnl_expr_get_u64(e, NFTNL_EXPR_CTR_BYTES);
	return 1;
}

static int got_rule(const struct nlmsghdr *nlh, void *arg)
{
	struct nftnl_rule *r = nftnl_rule_alloc();
	struct np_nft_rule *rule = next_item(arg);
	uint32_t len = 0;
	const char *chain;
	const void *data;

	if (!r || !rule) {
		if (r)
			nftnl_rule_free(r);
		return -ENOMEM;
	}
	*rule = (struct np_nft_rule){ 0 };
	if (!nftnl_rule_nlmsg_parse(nlh, r)) {
		chain = nftnl_rule_get_str(r, NFTNL_RULE_CHAIN);
		data = nftnl_rule_get_data(r, NFTNL_RULE_USERDATA, &len);
		rule->handle = nftnl_rule_get_u64(r, NFTNL_RULE_HANDLE);
		strlcpy(rule->chain, chain ? chain : "", sizeof(rule->chain));
		read_comment(data, len, &(struct text){ NFTNL_UDATA_RULE_COMMENT, rule->comment,
						       sizeof(rule->comment) });
		nftnl_expr_foreach(r, read_counter, rule);
	}
	nftnl_rule_free(r);
	return 0;
}

int np_nft_rules(struct np_nft *nft, const struct np_nft_table *table, struct np_nft_rule **rules,
		 size_t *n, struct np_err *err)
{
	struct list l = { .each = sizeof(**rules) };
	struct nlmsghdr *nlh = nftnl_nlmsg_build_hdr((char *)nft->msg, NFT_MSG_GETRULE,
						     table->family, 0, 0);
	int ret;

	mnl_attr_put_strz(nlh, NFTA_RULE_TABLE, table->name);
	ret = dump(nft, nlh, got_rule, &l, err);
	*rules = l.items;
	*n = l.n;
	return ret ? refused(err, ret, "the rules of table", table->name) : 0;
}
