// SPDX-License-Identifier: GPL-2.0-or-later
/* What the lines that follow tell of a rule: all that is known where no ruleset is given. */
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

void learn_next(struct timeline *tl, const struct open_packet *p, bool same_walk)
{
	const struct np_trace_event *ev = &p->pk.steps[p->pk.n_steps - 1].ev;
	struct learned *l;

	if (ev->type == NP_TRACE_POLICY || tl->has_rules[tl_family(ev->hdr.family)])
		return;
	if (!tl->learned) {
		tl->learned = calloc(LEARNED, sizeof(*tl->learned));
		if (!tl->learned)
			return; /* less is known then */
	}
	l = slot(tl, ev->table, ev->chain, ev->number, (uint8_t)ev->type);
	if (!is(l, ev)) /* the newer one pushes the older out */
		*l = (struct learned){ .table = ev->table, .chain = ev->chain,
			.number = ev->number, .type = (uint8_t)ev->type };
	l->flags |= same_walk ? OUTCOME_LEARNED_GOES_ON : OUTCOME_LEARNED_ACCEPTS;
}

unsigned learn_of(const struct timeline *tl, const struct np_trace_event *ev)
{
	const struct learned *l;

	if (!tl->learned)
		return 0;
	l = slot(tl, ev->table, ev->chain, ev->number, (uint8_t)ev->type);
	return is(l, ev) ? l->flags : 0;
}
