// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/arm.h"

#include <bsd/string.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <stdlib.h>
#include <string.h>

static const struct np_nft_table table = { NFPROTO_INET, ARM_TABLE };

#define TRIES 5 /* when somebody else changes nf_tables meanwhile */

static const struct {
	uint8_t bit;
	struct np_nft_chain chain;
} chains[2] = {
	{ FILTER_PREROUTING, { "prerouting", "filter", NF_INET_PRE_ROUTING, NF_IP_PRI_RAW - 1 } },
	{ FILTER_OUTPUT, { "output", "filter", NF_INET_LOCAL_OUT, NF_IP_PRI_RAW - 1 } },
};

const char *arm_chain(uint8_t chain)
{
	return chains[chain == FILTER_OUTPUT].chain.name;
}

static struct arm_rule *find(struct arm_rule *rules, size_t n, const char *words)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rules[i].words, words))
			return &rules[i];
	return NULL;
}

/* The two halves of a rule become one. */
static void collect(const struct np_nft_rule *from, struct arm_rule *rules, size_t *n)
{
	unsigned c = strcmp(from->chain, chains[1].chain.name) == 0;
	struct arm_rule *r = find(rules, *n, from->comment);

	if (!*from->comment)
		return; /* somebody else's */
	if (!r) {
		r = &rules[(*n)++];
		strlcpy(r->words, from->comment, sizeof(r->words));
	}
	r->chains |= chains[c].bit;
	r->handles[c] = from->handle;
	r->packets += from->packets;
	r->bytes += from->bytes;
}

static int by_handle(const void *a, const void *b)
{
	const struct np_nft_rule *x = a, *y = b;

	return x->handle < y->handle ? -1 : x->handle > y->handle;
}

int arm_list(struct np_nft *nft, struct arm_rule **rules, size_t *n, struct np_err *err)
{
	struct np_nft_rule *all = NULL;
	size_t n_all = 0;
	char comment[8];
	int ret = np_nft_get_table(nft, &table, comment, sizeof(comment), err);

	*rules = NULL;
	*n = 0;
	if (!ret)
		ret = np_nft_rules(nft, &table, &all, &n_all, err);
	if (ret)
		return ret == -ENOENT ? 0 : ret;
	*rules = calloc(n_all + 1, sizeof(**rules));
	if (*rules && n_all)
		qsort(all, n_all, sizeof(*all), by_handle);
	for (size_t i = 0; *rules && i < n_all; i++)
		collect(&all[i], *rules, n);
	free(all);
	return *rules ? 0 : np_err_nomem(err);
}

/* What a change is to do; have are the rules that are there. */
struct change {
	int (*put)(struct np_nft *nft, const struct change *c, struct arm_rule *have, size_t n,
		struct np_err *err);
	const struct filter *filter;
	uint32_t number;
};

static int change(struct np_nft *nft, const struct change *c, struct np_err *err)
{
	int ret = -ERESTART;

	for (int i = 0; i < TRIES && ret == -ERESTART; i++) {
		struct arm_rule *have = NULL;
		uint32_t generation;
		size_t n = 0;

		ret = np_nft_generation(nft, &generation, err);
		if (!ret)
			ret = arm_list(nft, &have, &n, err);
		if (!ret) {
			np_nft_begin(nft, &table, generation);
			ret = c->put(nft, c, have, n, err);
		}
		if (!ret)
			ret = np_nft_commit(nft, err);
		free(have);
	}
	return ret;
}

static int put_add(struct np_nft *nft, const struct change *c, struct arm_rule *have, size_t n,
	struct np_err *err)
{
	uint8_t wanted = filter_chains(c->filter);
	struct filter_rule rule = { .n = 0 };
	char words[FILTER_TEXT];

	(void)err;
	if (find(have, n, filter_text(c->filter, words)))
		return 0;
	filter_put(&rule, c->filter);
	filter_put_trace(&rule);
	np_nft_add_table(nft, 0, "pkttrace add");
	for (unsigned i = 0; i < 2; i++) {
		np_nft_add_chain(nft, &chains[i].chain);
		if (wanted & chains[i].bit)
			np_nft_add_rule(nft, chains[i].chain.name, rule.exprs, rule.n, words);
	}
	return 0;
}

int arm_add(struct np_nft *nft, const struct filter *f, struct np_err *err)
{
	return change(nft, &(struct change){ .put = put_add, .filter = f }, err);
}

static int put_del(struct np_nft *nft, const struct change *c, struct arm_rule *have, size_t n,
	struct np_err *err)
{
	struct arm_rule *r = NULL;
	char words[FILTER_TEXT];

	if (c->number && c->number <= n)
		r = &have[c->number - 1];
	else if (!c->number)
		r = find(have, n, filter_text(c->filter, words));
	if (!r && c->number)
		return np_err_set(err, ENOENT, "there is no rule %u: there %s %zu", c->number,
			n == 1 ? "is" : "are", n);
	if (!r)
		return np_err_set(err, ENOENT, "nothing is traced by \"%s\": `pkttrace list` "
			"shows what is", words);
	if (n == 1) {
		np_nft_del_table(nft);
		return 0;
	}
	for (unsigned i = 0; i < 2; i++)
		if (r->handles[i])
			np_nft_del_rules(nft, chains[i].chain.name, r->handles[i]);
	return 0;
}

int arm_del(struct np_nft *nft, uint32_t number, const struct filter *f, struct np_err *err)
{
	return change(nft, &(struct change){ put_del, f, number }, err);
}

int arm_flush(struct np_nft *nft, struct np_err *err)
{
	char comment[8];
	int ret = np_nft_get_table(nft, &table, comment, sizeof(comment), err);

	if (ret)
		return ret == -ENOENT ? 0 : ret;
	np_nft_begin(nft, &table, 0);
	np_nft_del_table(nft);
	ret = np_nft_commit(nft, err);
	return ret == -ENOENT ? 0 : ret;
}
