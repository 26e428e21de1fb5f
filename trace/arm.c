// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/arm.h"

#include <bsd/string.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <stdlib.h>
#include <string.h>

#include "lib/nft_change.h"

static const struct np_nft_table table = { NFPROTO_INET, ARM_TABLE };

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

/* What the table holds. */
struct have {
	struct arm_rule *rules;
	size_t n;
	bool table; /* it is there */
};

static struct arm_rule *find(const struct have *have, const char *match)
{
	for (size_t i = 0; i < have->n; i++)
		if (!strcmp(have->rules[i].match, match))
			return &have->rules[i];
	return NULL;
}

/* The two halves of a rule become one. */
static void collect(const struct np_nft_rule *from, struct have *have)
{
	unsigned c = strcmp(from->chain, chains[1].chain.name) == 0;
	struct arm_rule *r;

	if (!*from->comment || strcmp(from->chain, chains[c].chain.name) != 0)
		return; /* somebody else has put it there */
	r = find(have, from->comment);
	if (!r) {
		r = &have->rules[have->n++];
		strlcpy(r->match, from->comment, sizeof(r->match));
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

/* have->rules is for the caller to free. No table: none. Returns 0 or -errno. */
static int list(struct np_nft *nft, struct have *have, struct np_err *err)
{
	struct np_nft_rule *all = NULL;
	size_t n_all = 0;
	char comment[8];
	int ret = np_nft_get_table(nft, &table, comment, sizeof(comment), err);

	*have = (struct have){ .rules = NULL };
	if (!ret)
		ret = np_nft_rules(nft, &table, &all, &n_all, err);
	if (ret)
		return ret == -ENOENT ? 0 : ret;
	have->table = true;
	have->rules = calloc(n_all + 1, sizeof(*have->rules));
	if (have->rules && n_all)
		qsort(all, n_all, sizeof(*all), by_handle);
	for (size_t i = 0; have->rules && i < n_all; i++)
		collect(&all[i], have);
	free(all);
	return have->rules ? 0 : np_err_nomem(err);
}

int arm_list(struct np_nft *nft, struct arm_rule **rules, size_t *n, struct np_err *err)
{
	struct have have;
	int ret = list(nft, &have, err);

	*rules = have.rules;
	*n = have.n;
	return ret;
}

/* What a change is to do, and what it finds. */
struct change {
	const struct filter *filter;
	uint32_t number;
	struct have have;
};

static int read_table(struct np_nft *nft, void *arg, struct np_err *err)
{
	struct change *c = arg;

	free(c->have.rules);
	return list(nft, &c->have, err);
}

static int change(struct np_nft *nft, const struct np_nft_change *how, struct change c,
		  struct np_err *err)
{
	int ret = np_nft_change(nft, how, &c, err);

	free(c.have.rules);
	return ret;
}

/* Behind the last rule of ours: the table goes, if nothing of somebody else's is in it. */
static void put_end(struct np_nft *nft, bool keep)
{
	for (unsigned i = 0; !keep && i < 2; i++)
		np_nft_del_empty_chain(nft, chains[i].chain.name);
	if (!keep)
		np_nft_del_empty_table(nft);
}

static int put_add(struct np_nft *nft, bool keep, void *arg, struct np_err *err)
{
	const struct change *c = arg;
	uint8_t wanted = filter_chains(c->filter);
	struct filter_rule rule = { .n = 0 };
	char match[FILTER_TEXT];

	(void)keep, (void)err;
	if (find(&c->have, filter_text(c->filter, match)))
		return 0;
	filter_put(&rule, c->filter);
	filter_put_trace(&rule);
	np_nft_add_table(nft, 0, "pkttrace add");
	for (unsigned i = 0; i < 2; i++) {
		np_nft_add_chain(nft, &chains[i].chain);
		if (wanted & chains[i].bit)
			np_nft_add_rule(nft, chains[i].chain.name, rule.exprs, rule.n, match);
	}
	return 0;
}

int arm_add(struct np_nft *nft, const struct filter *f, struct np_err *err)
{
	static const struct np_nft_change how = { &table, read_table, put_add };

	return change(nft, &how, (struct change){ .filter = f }, err);
}

static void del_rule(struct np_nft *nft, const struct arm_rule *r)
{
	for (unsigned i = 0; i < 2; i++)
		if (r->handles[i])
			np_nft_del_rules(nft, chains[i].chain.name, r->handles[i]);
}

static int put_del(struct np_nft *nft, bool keep, void *arg, struct np_err *err)
{
	const struct change *c = arg;
	const struct have *have = &c->have;
	const struct arm_rule *r = NULL;
	char match[FILTER_TEXT];

	if (c->number && c->number <= have->n)
		r = &have->rules[c->number - 1];
	else if (!c->number)
		r = find(have, filter_text(c->filter, match));
	if (!r && c->number)
		return np_err_set(err, ENOENT, "there is no rule %u: there %s %zu", c->number,
			have->n == 1 ? "is" : "are", have->n);
	if (!r)
		return np_err_set(err, ENOENT, "nothing is traced by \"%s\": `pkttrace list` "
			"shows what is", match);
	del_rule(nft, r);
	if (have->n == 1)
		put_end(nft, keep);
	return 0;
}

int arm_del(struct np_nft *nft, uint32_t number, const struct filter *f, struct np_err *err)
{
	static const struct np_nft_change how = { &table, read_table, put_del };

	return change(nft, &how, (struct change){ .filter = f, .number = number }, err);
}

static int put_flush(struct np_nft *nft, bool keep, void *arg, struct np_err *err)
{
	const struct have *have = &((const struct change *)arg)->have;

	(void)err;
	for (size_t i = 0; i < have->n; i++)
		del_rule(nft, &have->rules[i]);
	if (have->table)
		put_end(nft, keep);
	return 0;
}

int arm_flush(struct np_nft *nft, struct np_err *err)
{
	static const struct np_nft_change how = { &table, read_table, put_flush };

	return change(nft, &how, (struct change){ 0 }, err);
}
