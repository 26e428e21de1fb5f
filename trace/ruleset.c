// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/ruleset_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_BLOCK 65536

struct ruleset *ruleset_new(struct np_intern *intern)
{
	struct ruleset *rs = calloc(1, sizeof(*rs));

	if (!rs)
		return NULL;
	rs->intern = intern;
	rs->n_slots = 64;
	rs->slots = calloc(rs->n_slots, sizeof(*rs->slots));
	if (!rs->slots) {
		free(rs);
		return NULL;
	}
	return rs;
}

void ruleset_free(struct ruleset *rs)
{
	struct ruleset_text *t;
	struct ruleset_chain *c;
	struct ruleset_imitation *i;

	if (!rs)
		return;
	while ((c = rs->all)) {
		rs->all = c->all_next;
		free(c->rules);
		free(c);
	}
	while ((i = rs->imitations)) {
		rs->imitations = i->next;
		free(i);
	}
	while ((t = rs->texts)) {
		rs->texts = t->next;
		free(t);
	}
	free(rs->slots);
	free(rs);
}

const char *ruleset_text(struct ruleset *rs, const char *s, size_t len)
{
	struct ruleset_text *t = rs->texts;
	char *kept;

	if (!t || t->size - t->used < len + 1) {
		size_t size = len + 1 > TEXT_BLOCK ? len + 1 : TEXT_BLOCK;

		t = malloc(sizeof(*t) + size);
		if (!t)
			return NULL;
		*t = (struct ruleset_text){ .next = rs->texts, .size = size };
		rs->texts = t;
	}
	kept = t->data + t->used;
	memcpy(kept, s, len);
	kept[len] = '\0';
	t->used += len + 1;
	return kept;
}

int ruleset_log_prefix(struct ruleset *rs, const char *prefix, size_t len)
{
	const char *at = memmem(prefix, len, "TRACE:", 6), *end = prefix + len;
	struct ruleset_imitation *i;

	if (!at)
		return 0;
	at += 6;
	while (at < end && *at == ' ')
		at++;
	while (end > at && end[-1] == ' ')
		end--;
	i = malloc(sizeof(*i));
	if (!i)
		return -ENOMEM;
	i->head = ruleset_text(rs, at, (size_t)(end - at));
	i->next = rs->imitations;
	rs->imitations = i;
	return i->head ? 0 : -ENOMEM;
}

bool ruleset_imitates(const struct ruleset *rs, const struct np_trace_event *ev)
{
	for (const struct ruleset_imitation *i = rs->imitations; i; i = i->next) {
		char head[128];

		snprintf(head, sizeof(head), "%s:%s:%s:%" PRIu32, ev->table, ev->chain,
			np_trace_type_name(ev->type), ev->number);
		if (i->head && !strcmp(head, i->head))
			return true;
	}
	return false;
}

/* Names are interned, so their addresses tell them apart. */
static uint32_t slot_of(const struct ruleset *rs, const char *table, const char *chain)
{
	uint64_t h = (uintptr_t)table * 0x9e3779b97f4a7c15u;

	h ^= (uintptr_t)chain * 0xc2b2ae3d27d4eb4fu;
	return (uint32_t)(h >> 32) & (rs->n_slots - 1);
}

/* The place of the first chain of that name (any family and dump), or of the free slot for it. */
static struct ruleset_chain **find_slot(const struct ruleset *rs, const char *table,
	const char *chain)
{
	uint32_t i = slot_of(rs, table, chain);

	while (rs->slots[i] && (rs->slots[i]->table != table || rs->slots[i]->name != chain))
		i = (i + 1) & (rs->n_slots - 1);
	return &rs->slots[i];
}

static int grow(struct ruleset *rs)
{
	struct ruleset_chain **old = rs->slots;
	uint32_t n = rs->n_slots;

	rs->slots = calloc((size_t)n * 2, sizeof(*rs->slots));
	if (!rs->slots) {
		rs->slots = old;
		return -1;
	}
	rs->n_slots = n * 2;
	for (uint32_t i = 0; i < n; i++)
		if (old[i])
			*find_slot(rs, old[i]->table, old[i]->name) = old[i];
	free(old);
	return 0;
}

struct ruleset_chain *ruleset_chain_add(struct ruleset *rs, const struct ruleset_dump *dump,
	const char *chain, const char *policy)
{
	struct ruleset_chain *c, **at;

	if (rs->n_names * 2 >= rs->n_slots && grow(rs))
		return NULL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	*c = (struct ruleset_chain){ .table = dump->table, .name = chain, .policy = policy,
		.family = dump->family, .dump = dump->number, .all_next = rs->all };
	rs->all = c;
	at = find_slot(rs, c->table, chain);
	if (!*at)
		rs->n_names++;
	while (*at)
		at = &(*at)->next;
	*at = c;
	return c;
}

struct ruleset_chain *ruleset_chain_of(const struct ruleset *rs, const struct ruleset_dump *dump,
	const char *chain)
{
	struct ruleset_chain *c = *find_slot(rs, dump->table, chain);

	while (c && c->dump != dump->number)
		c = c->next;
	return c;
}

static bool of_family(const struct ruleset_chain *c, uint8_t family)
{
	return !c->family || c->family == family;
}

/* The first chain that a line with this number can be from; number 0: any. */
static const struct ruleset_chain *lookup(const struct ruleset *rs, uint8_t family,
	const char *table, const char *chain, uint32_t number)
{
	const struct ruleset_chain *c = *find_slot(rs, table, chain), *first = NULL;

	for (; c; c = c->next) {
		if (!of_family(c, family))
			continue;
		if (number <= c->n_rules)
			return c;
		if (!first || c->n_rules > first->n_rules)
			first = c;
	}
	return first;
}

const struct ruleset_rule *ruleset_find(const struct ruleset *rs, uint8_t family,
	const char *table, const char *chain, uint32_t number)
{
	const struct ruleset_chain *c;

	if (!number)
		return NULL;
	c = lookup(rs, family, table, chain, number);
	return c && number <= c->n_rules ? &c->rules[number - 1] : NULL;
}

int ruleset_chain_len(const struct ruleset *rs, uint8_t family, const char *table,
	const char *chain)
{
	const struct ruleset_chain *c = lookup(rs, family, table, chain, 0);

	return c ? (int)c->n_rules : -1;
}

const char *ruleset_policy(const struct ruleset *rs, uint8_t family, const char *table,
	const char *chain)
{
	const struct ruleset_chain *c = lookup(rs, family, table, chain, 0);

	return c ? c->policy : NULL;
}

bool ruleset_has_table(const struct ruleset *rs, uint8_t family, const char *table)
{
	for (const struct ruleset_chain *c = rs->all; c; c = c->all_next)
		if (c->table == table && of_family(c, family))
			return true;
	return false;
}

bool ruleset_has_family(const struct ruleset *rs, uint8_t family)
{
	for (const struct ruleset_chain *c = rs->all; c; c = c->all_next)
		if (of_family(c, family))
			return true;
	return false;
}
