// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The schedulers that walk through the list and compare: lc, wlc, sed, nq, fo, ovf,
 * and lblc and lblcr, which do as wlc does when nobody is remembered.
 */
#include <string.h>

#include "lib/sched_priv.h"

/* candidate is better than best, which stands before it in the list. */
static bool beats(const struct np_sched *s, size_t candidate, size_t best)
{
	struct np_sched_figure c = np_sched_figure(s, candidate), b = np_sched_figure(s, best);

	if (s->kind == NP_SCHED_FO || s->kind == NP_SCHED_OVF)
		return np_sched_less(b, c);
	return np_sched_less(c, b);
}

static size_t least(const struct np_sched *s)
{
	size_t best = NP_SCHED_NONE;

	for (size_t i = 0; i < s->n; i++) {
		const struct np_sched_dest *d = &s->dests[i];

		if (!np_sched_usable(d))
			continue;
		if (s->kind == NP_SCHED_OVF && d->active > (uint32_t)d->weight)
			continue;
		if (s->kind == NP_SCHED_NQ && !d->active)
			return i;
		if (best == NP_SCHED_NONE || beats(s, i, best))
			best = i;
	}
	return best;
}

/*
 * is_overloaded() of ip_vs_lblc.c: more active connections than its weight while
 * somebody has less than half of his. A weight of 0 is less than nothing's half.
 */
static bool crowded(const struct np_sched *s, size_t dest)
{
	if ((int64_t)s->dests[dest].active <= s->dests[dest].weight)
		return false;
	for (size_t i = 0; i < s->n; i++)
		if ((int64_t)s->dests[i].active * 2 < s->dests[i].weight)
			return true;
	return false;
}

/* Who is remembered for the virtual address: lblc one, lblcr the least loaded of a set. */
static size_t remembered(const struct np_sched *s)
{
	size_t best = NP_SCHED_NONE;

	for (size_t i = 0; i < s->n_set; i++) {
		const struct np_sched_dest *d = &s->dests[s->set[i]];

		/* lblc does not look at the thresholds here (ip_vs_lblc_schedule) */
		if (d->weight <= 0 || (s->kind == NP_SCHED_LBLCR && d->overloaded))
			continue;
		if (best == NP_SCHED_NONE || beats(s, s->set[i], best))
			best = s->set[i];
	}
	return best == NP_SCHED_NONE || crowded(s, best) ? NP_SCHED_NONE : best;
}

void np_sched_least_pick(const struct np_sched *s, struct np_sched_choice *choice)
{
	if (s->n_set)
		choice->dest = remembered(s);
	choice->affine = choice->dest != NP_SCHED_NONE;
	if (!choice->affine)
		choice->dest = least(s);
}

void np_sched_least_remember(struct np_sched *s, const struct np_sched_choice *choice)
{
	if (choice->affine)
		return;
	for (size_t i = 0; i < s->n_set; i++)
		if (s->set[i] == choice->dest)
			return;
	if (s->kind == NP_SCHED_LBLC)
		s->n_set = 0;
	memmove(s->set + 1, s->set, s->n_set * sizeof(*s->set));
	s->set[0] = choice->dest;
	s->n_set++;
}
