// SPDX-License-Identifier: GPL-2.0-or-later
/* The schedulers that take turns: rr and wrr. */
#include <stdlib.h>

#include "lib/sched_priv.h"

static int32_t gcd(int32_t a, int32_t b)
{
	while (b) {
		int32_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/*
 * wrr's marks after a change of the list (ip_vs_wrr_dest_changed): from is the first
 * of the real servers that are there already. What a pass asks for (cw) is not begun
 * anew, so that it depends on the order in which they came.
 */
static void wrr_changed(struct np_sched *s, size_t from)
{
	int32_t step = 0, heaviest = 0;

	for (size_t i = from; i < s->n; i++) {
		int32_t weight = s->dests[i].weight;

		if (weight > 0)
			step = gcd(weight, step);
		if (weight > heaviest)
			heaviest = weight;
	}
	s->di = step ? step : 1;
	s->mw = heaviest - (s->di - 1);
	if (s->cw > s->mw || !s->cw)
		s->cw = s->mw;
	else if (s->di > 1)
		s->cw = s->cw / s->di * s->di + 1;
}

void np_sched_turn_init(struct np_sched *s)
{
	s->last = NP_SCHED_NONE;
	s->cw = 0;
	if (s->kind == NP_SCHED_WRR)
		for (size_t i = s->n; i-- > 0;)
			wrr_changed(s, i);
}

static void rr_pick(const struct np_sched *s, struct np_sched_choice *choice)
{
	size_t start = s->last == NP_SCHED_NONE ? 0 : s->last + 1;

	for (size_t k = 0; k < s->n; k++) {
		size_t i = (start + k) % s->n;

		if (np_sched_usable(&s->dests[i])) {
			choice->dest = choice->last = i;
			return;
		}
	}
}

/* The first from `from` on whose weight this pass asks for; none after stop is looked at. */
static size_t in_pass(const struct np_sched *s, size_t from, size_t stop, int32_t cw)
{
	for (size_t i = from; i < s->n; i++) {
		if (!s->dests[i].overloaded && s->dests[i].weight >= cw)
			return i;
		if (i == stop)
			break;
	}
	return NP_SCHED_NONE;
}

/* What no pass before the one for cw finds: where the heaviest are overloaded, most of 2^31. */
static int32_t skip_passes(const struct np_sched *s, int32_t cw)
{
	int32_t heaviest = 0, next;

	for (size_t i = 0; i < s->n; i++)
		if (!s->dests[i].overloaded && s->dests[i].weight > heaviest)
			heaviest = s->dests[i].weight;
	if (cw <= heaviest)
		return cw;
	next = cw - (cw - heaviest - 1) / s->di * s->di - s->di;
	return next > 0 ? next : (cw - 1) % s->di + 1;
}

/*
 * Pass after pass through the list, each asking for less weight than the one before,
 * until somebody is found or all have been asked for a weight of 1.
 */
static void wrr_pick(const struct np_sched *s, struct np_sched_choice *choice)
{
	size_t from = s->last == NP_SCHED_NONE ? 0 : s->last + 1, stop = NP_SCHED_NONE;
	bool lowest = false, again = false;

	if (!s->mw)
		return;
	for (;;) {
		choice->dest = in_pass(s, from, stop, choice->cw);
		if (choice->dest != NP_SCHED_NONE) {
			choice->last = choice->dest;
			return;
		}
		if (stop != NP_SCHED_NONE)
			break;
		from = 0;
		choice->cw -= s->di;
		if (choice->cw <= 0) {
			choice->cw = s->mw;
			if (lowest || s->last == NP_SCHED_NONE)
				break;
			again = true;
		}
		choice->cw = skip_passes(s, choice->cw);
		lowest = choice->cw <= s->di;
		if (lowest && again)
			stop = s->last;
	}
	choice->last = stop;
}

void np_sched_turn_pick(const struct np_sched *s, struct np_sched_choice *choice)
{
	if (s->kind == NP_SCHED_RR)
		rr_pick(s, choice);
	else
		wrr_pick(s, choice);
}

/* A round: the choices until they begin again. */
struct round {
	size_t *turns;
	size_t len;
	uint64_t *counts; /* of each real server in a round; later what is wanted of the rest */
};

#define ROUND_MAX (1u << 20)

static uint64_t round_length(const struct np_sched *s)
{
	uint64_t len = 0;

	for (size_t i = 0; i < s->n; i++)
		if (np_sched_usable(&s->dests[i]))
			len += s->kind == NP_SCHED_RR ? 1 : (uint64_t)(s->dests[i].weight / s->di);
	return len;
}

/* Plays one round from s's state, to which it comes back. False: no round, or no memory. */
static bool play_round(struct np_sched *s, struct round *r)
{
	uint64_t len = round_length(s);

	if (!len || len > ROUND_MAX)
		return false;
	r->len = (size_t)len;
	r->turns = calloc(r->len, sizeof(*r->turns));
	r->counts = calloc(s->n, sizeof(*r->counts));
	if (!r->turns || !r->counts)
		return false;
	for (size_t i = 0; i < r->len; i++) {
		r->turns[i] = np_sched_next(s, NULL);
		if (r->turns[i] == NP_SCHED_NONE)
			return false;
		r->counts[r->turns[i]]++;
	}
	return true;
}

/*
 * Takes whole rounds from the counters: counts becomes what the rest, of *part turns,
 * must have given to each. False when they do not come from rounds like this.
 */
static bool take_rounds(const struct np_sched *s, struct round *r, size_t *part)
{
	uint64_t total = 0, rounds;

	for (size_t i = 0; i < s->n; i++)
		total += s->dests[i].conns;
	rounds = total / r->len;
	*part = (size_t)(total % r->len);
	for (size_t i = 0; i < s->n; i++) {
		uint64_t whole = rounds * r->counts[i];

		if (s->dests[i].conns < whole || s->dests[i].conns - whole > *part)
			return false;
		r->counts[i] = s->dests[i].conns - whole;
	}
	return true;
}

/*
 * The place in the round from which `part` turns give what is wanted: the start of the
 * round if it is one, else the only one. NP_SCHED_NONE: there is none, or several.
 */
static size_t find_place(const struct np_sched *s, const struct round *r, size_t part)
{
	int64_t *lack = calloc(s->n, sizeof(*lack));
	size_t wrong = 0, place = NP_SCHED_NONE;

	if (!lack)
		return NP_SCHED_NONE;
	for (size_t i = 0; i < s->n; i++)
		lack[i] = (int64_t)r->counts[i];
	for (size_t i = 0; i < part; i++)
		lack[r->turns[i]]--;
	for (size_t i = 0; i < s->n; i++)
		wrong += lack[i] != 0;
	for (size_t at = 0; at < r->len; at++) {
		size_t *leaves = &r->turns[at], *enters = &r->turns[(at + part) % r->len];

		if (!wrong && place != NP_SCHED_NONE) {
			place = NP_SCHED_NONE;
			break;
		}
		if (!wrong)
			place = at;
		if (!wrong && !at)
			break;
		wrong -= lack[*leaves] != 0;
		wrong += ++lack[*leaves] != 0;
		wrong -= lack[*enters] != 0;
		wrong += --lack[*enters] != 0;
	}
	free(lack);
	return place;
}

static bool deduce_turn(struct np_sched *s)
{
	struct round r = { 0 };
	size_t last = s->last, part, place = NP_SCHED_NONE;
	int32_t cw = s->cw;

	if (play_round(s, &r) && take_rounds(s, &r, &part))
		place = find_place(s, &r, part);
	s->last = last;
	s->cw = cw;
	if (place != NP_SCHED_NONE)
		for (size_t i = 0; i < (place + part) % r.len; i++)
			np_sched_next(s, NULL);
	free(r.turns);
	free(r.counts);
	return place != NP_SCHED_NONE;
}

/* Whoever was given connections was remembered at some time. */
static bool deduce_affine(struct np_sched *s)
{
	s->n_set = 0;
	for (size_t i = 0; i < s->n; i++)
		if (s->dests[i].conns)
			s->set[s->n_set++] = i;
	if (s->n_set <= 1)
		return true;
	if (s->kind == NP_SCHED_LBLC)
		s->n_set = 0;
	return false;
}

bool np_sched_deduce(struct np_sched *s)
{
	switch (s->kind) {
	case NP_SCHED_RR:
	case NP_SCHED_WRR:
		return deduce_turn(s);
	case NP_SCHED_LBLC:
	case NP_SCHED_LBLCR:
		return deduce_affine(s);
	default:
		return true;
	}
}
