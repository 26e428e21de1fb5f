// SPDX-License-Identifier: GPL-2.0-or-later
/* What the lines that follow tell of a rule: all that is known where no ruleset is given. */
#include <stdint.h>
#include <stdlib.h>

#include "trace/timeline_impl.h"

static struct learned *slot(const struct timeline *tl, const char *table, const char *chain,
	uint32_t number, uint8_t type)
{
	uint64_t h = (uintptr_t)table * 0x9e3779b97f4a7c15u;

	h ^= ((uintptr_t)chain + number + type * 7919u) * 0xc2b2ae3d27d4eb4fu;
	return &tl->learned[(h >> 40) % LEARNED];
}

static bool is(const struct learned *l, const struct np_trace_event *ev)
{
	return l->number == ev->number && l->chain == ev->chain && l->table == ev->table &&
		l->type == ev->type;
}

/* The entry of p's last line; NULL where a ruleset tells, or nothing is to learn. */
static struct learned *entry(struct timeline *tl, const struct open_packet *p)
{
	const struct np_trace_event *ev = packet_last(&p->pk);
	struct learned *l;

	if (ev->type == NP_TRACE_POLICY || tl->has_rules[tl_family(ev->hdr.family)])
		return NULL;
	if (!tl->learned)
		tl->learned = calloc(LEARNED, sizeof(*tl->learned));
	if (!tl->learned)
		return NULL; /* less is known then */
	l = slot(tl, ev->table, ev->chain, ev->number, (uint8_t)ev->type);
	if (!is(l, ev)) /* the newer one pushes the older out */
		*l = (struct learned){ .table = ev->table, .chain = ev->chain,
			.number = ev->number, .type = (uint8_t)ev->type };
	return l;
}

static void count(uint16_t *n)
{
	*n = (uint16_t)(*n + (*n < UINT16_MAX));
}

void learn_next(struct timeline *tl, const struct open_packet *p, bool same_walk)
{
	struct learned *l = entry(tl, p);

	if (l)
		count(same_walk ? &l->goes_on : &l->accepts);
}

void learn_end(struct timeline *tl, const struct open_packet *p)
{
	struct learned *l = entry(tl, p);

	if (l)
		count(&l->ends);
}

/*
 * A rule does the same to every packet. One after which some went on in its table
 * and many others did not was two rules in its time: then nothing is known.
 */
unsigned learn_of(const struct timeline *tl, const struct np_trace_event *ev)
{
	const struct learned *l;

	if (!tl->learned)
		return 0;
	l = slot(tl, ev->table, ev->chain, ev->number, (uint8_t)ev->type);
	if (!is(l, ev) || (l->goes_on && (l->ends + l->accepts) * 4 > l->goes_on + 4))
		return 0;
	return (l->goes_on ? OUTCOME_LEARNED_GOES_ON : 0u) |
		(l->accepts ? OUTCOME_LEARNED_ACCEPTS : 0u);
}
