// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/sched_priv.h"

enum family { TURN, LEAST, HASH };

/* Which way a scheduler takes, and what it compares (ip_vs_dest_conn_overhead() and others). */
static const struct {
	const char *name;
	enum family family;
	const char *formula;
} kinds[NP_SCHED_KINDS] = {
	[NP_SCHED_RR] = { "rr", TURN, "" },
	[NP_SCHED_WRR] = { "wrr", TURN, "weight" },
	[NP_SCHED_LC] = { "lc", LEAST, "active*256+inactive" },
	[NP_SCHED_WLC] = { "wlc", LEAST, "(active*256+inactive)/weight" },
	[NP_SCHED_SED] = { "sed", LEAST, "(active+1)*256/weight" },
	[NP_SCHED_NQ] = { "nq", LEAST, "(active+1)*256/weight" },
	[NP_SCHED_FO] = { "fo", LEAST, "weight" },
	[NP_SCHED_OVF] = { "ovf", LEAST, "weight" },
	[NP_SCHED_SH] = { "sh", HASH, "buckets" },
	[NP_SCHED_MH] = { "mh", HASH, "buckets" },
	[NP_SCHED_DH] = { "dh", HASH, "buckets" },
	[NP_SCHED_LBLC] = { "lblc", LEAST, "(active*256+inactive)/weight" },
	[NP_SCHED_LBLCR] = { "lblcr", LEAST, "(active*256+inactive)/weight" },
};

const char *np_sched_name(enum np_sched_kind kind)
{
	return kind < NP_SCHED_KINDS ? kinds[kind].name : "?";
}

int np_sched_kind(const char *name)
{
	for (int i = 0; i < NP_SCHED_KINDS; i++)
		if (!strcmp(kinds[i].name, name))
			return i;
	return -ENOENT;
}

const char *np_sched_formula(enum np_sched_kind kind)
{
	return kind < NP_SCHED_KINDS ? kinds[kind].formula : "";
}

bool np_sched_stateless(enum np_sched_kind kind)
{
	return kinds[kind].family != TURN && kind != NP_SCHED_LBLC && kind != NP_SCHED_LBLCR;
}

bool np_sched_usable(const struct np_sched_dest *dest)
{
	return dest->weight > 0 && !dest->overloaded;
}

bool np_sched_less(struct np_sched_figure a, struct np_sched_figure b)
{
	return a.num * b.den < b.num * a.den;
}

int np_sched_init(struct np_sched *s, enum np_sched_kind kind, uint8_t af, unsigned flags,
	const struct np_sched_dest *dests, size_t n, struct np_err *err)
{
	int ret = 0;

	*s = (struct np_sched){ .kind = kind, .af = af, .flags = flags, .n = n,
		.last = NP_SCHED_NONE };
	s->dests = calloc(n + 1, sizeof(*s->dests));
	s->set = calloc(n + 1, sizeof(*s->set));
	if (!s->dests || !s->set) {
		np_sched_clean(s);
		return np_err_nomem(err);
	}
	if (n)
		memcpy(s->dests, dests, n * sizeof(*dests));
	if (kinds[kind].family == TURN)
		np_sched_turn_init(s);
	else if (kinds[kind].family == HASH)
		ret = np_sched_hash_init(s, err);
	if (ret)
		np_sched_clean(s);
	return ret;
}

void np_sched_clean(struct np_sched *s)
{
	free(s->dests);
	free(s->set);
	free(s->table);
	s->dests = NULL;
	s->set = NULL;
	s->table = NULL;
	s->n = s->n_set = s->buckets = 0;
}

static uint64_t buckets_of(const struct np_sched *s, size_t dest)
{
	uint64_t count = 0;

	for (size_t i = 0; i < s->buckets; i++)
		count += s->table[i] == dest;
	return count;
}

struct np_sched_figure np_sched_figure(const struct np_sched *s, size_t dest)
{
	const struct np_sched_dest *d = &s->dests[dest];
	uint64_t overhead = (uint64_t)d->active * 256 + d->inactive;
	uint32_t weight = d->weight > 0 ? (uint32_t)d->weight : 0;

	switch (s->kind) {
	case NP_SCHED_LC:
		return (struct np_sched_figure){ overhead, 1 };
	case NP_SCHED_WLC:
	case NP_SCHED_LBLC:
	case NP_SCHED_LBLCR:
		return (struct np_sched_figure){ overhead, weight };
	case NP_SCHED_SED:
	case NP_SCHED_NQ:
		return (struct np_sched_figure){ ((uint64_t)d->active + 1) * 256, weight };
	case NP_SCHED_WRR:
	case NP_SCHED_FO:
	case NP_SCHED_OVF:
		return (struct np_sched_figure){ weight, 1 };
	case NP_SCHED_SH:
	case NP_SCHED_DH:
	case NP_SCHED_MH:
		return (struct np_sched_figure){ buckets_of(s, dest), 1 };
	default:
		return (struct np_sched_figure){ 0, 0 };
	}
}

void np_sched_pick(const struct np_sched *s, const struct np_sched_flow *flow,
	struct np_sched_choice *choice)
{
	*choice = (struct np_sched_choice){ .dest = NP_SCHED_NONE, .bucket = NP_SCHED_NONE,
		.first = NP_SCHED_NONE, .last = s->last, .cw = s->cw };
	if (kinds[s->kind].family == TURN)
		np_sched_turn_pick(s, choice);
	else if (kinds[s->kind].family == HASH)
		np_sched_hash_pick(s, flow, choice);
	else
		np_sched_least_pick(s, choice);
}

/* Why one that could have been chosen was not. */
static enum np_sched_why beaten(const struct np_sched *s, const struct np_sched_choice *choice,
	size_t i)
{
	const struct np_sched_dest *d = &s->dests[i];
	struct np_sched_figure own = np_sched_figure(s, i), best;

	if (kinds[s->kind].family == HASH)
		return NP_SCHED_HASH;
	if (s->kind == NP_SCHED_RR)
		return NP_SCHED_TURN;
	if (s->kind == NP_SCHED_WRR)
		return d->weight < choice->cw ? NP_SCHED_LIGHT : NP_SCHED_TURN;
	if (s->kind == NP_SCHED_OVF && d->active > (uint32_t)d->weight)
		return NP_SCHED_FULL;
	if (choice->dest == NP_SCHED_NONE)
		return NP_SCHED_WORSE;
	if (choice->affine)
		return NP_SCHED_AFFINE;
	if (s->kind == NP_SCHED_NQ && !s->dests[choice->dest].active && d->active)
		return NP_SCHED_BUSY;
	if (s->kind == NP_SCHED_NQ && !d->active)
		return NP_SCHED_TIE;
	best = np_sched_figure(s, choice->dest);
	return np_sched_less(own, best) || np_sched_less(best, own) ? NP_SCHED_WORSE : NP_SCHED_TIE;
}

void np_sched_explain(const struct np_sched *s, const struct np_sched_choice *choice,
	struct np_sched_verdict *verdicts)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct np_sched_dest *d = &s->dests[i];
		struct np_sched_verdict *v = &verdicts[i];

		v->figure = np_sched_figure(s, i);
		if (i == choice->dest)
			v->why = NP_SCHED_CHOSEN;
		else if (d->weight <= 0)
			v->why = NP_SCHED_QUIESCED;
		else if (d->overloaded)
			v->why = NP_SCHED_OVERLOADED;
		else
			v->why = beaten(s, choice, i);
	}
}

size_t np_sched_next(struct np_sched *s, const struct np_sched_flow *flow)
{
	struct np_sched_choice choice;

	np_sched_pick(s, flow, &choice);
	s->last = choice.last;
	s->cw = choice.cw;
	if (choice.dest != NP_SCHED_NONE && (s->kind == NP_SCHED_LBLC || s->kind == NP_SCHED_LBLCR))
		np_sched_least_remember(s, &choice);
	return choice.dest;
}

void np_sched_open(struct np_sched *s, size_t dest, bool active)
{
	struct np_sched_dest *d = &s->dests[dest];

	if (active)
		d->active++;
	else
		d->inactive++;
	if (d->u_threshold && (uint64_t)d->active + d->inactive >= d->u_threshold)
		d->overloaded = true;
}

void np_sched_close(struct np_sched *s, size_t dest, bool active)
{
	struct np_sched_dest *d = &s->dests[dest];
	uint32_t *counter = active ? &d->active : &d->inactive;

	if (*counter)
		(*counter)--;
	if (np_sched_load(d) == NP_SCHED_LOAD_OK)
		d->overloaded = false;
}

enum np_sched_load np_sched_load(const struct np_sched_dest *dest)
{
	uint64_t total = (uint64_t)dest->active + dest->inactive;

	if (dest->u_threshold && total >= dest->u_threshold)
		return NP_SCHED_LOAD_OVER;
	/* with no lower threshold three quarters of the upper one are it (ip_vs_unbind_dest) */
	if (dest->l_threshold)
		return total < dest->l_threshold ? NP_SCHED_LOAD_OK : NP_SCHED_LOAD_MAYBE;
	if (!dest->u_threshold || total * 4 < (uint64_t)dest->u_threshold * 3)
		return NP_SCHED_LOAD_OK;
	return NP_SCHED_LOAD_MAYBE;
}
