// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lvsctl/explain.h"

static const struct {
	const char *word, *text;
} whys[] = {
	[NP_SCHED_CHOSEN] = { "chosen", "the next connection" },
	[NP_SCHED_QUIESCED] = { "quiesced", "weight 0: no new connections" },
	[NP_SCHED_OVERLOADED] = { "overloaded", "overloaded" },
	[NP_SCHED_WORSE] = { "worse", "" },
	[NP_SCHED_TIE] = { "tie", "as good, but later in the list" },
	[NP_SCHED_TURN] = { "turn", "not its turn" },
	[NP_SCHED_LIGHT] = { "light", "" },
	[NP_SCHED_BUSY] = { "busy", "busy, and another is idle" },
	[NP_SCHED_FULL] = { "full", "more active connections than its weight" },
	[NP_SCHED_HASH] = { "hash", "" },
	[NP_SCHED_AFFINE] = { "affine", "the address has a server already" },
};

const char *lvs_explain_why_word(enum np_sched_why why)
{
	return whys[why].word;
}

static void hash_text(const struct lvs_explanation *x, size_t i, char *buf, size_t size)
{
	if (x->by == EXPLAIN_CLIENT)
		snprintf(buf, size, "%.1f %% of the clients",
			100.0 * (double)x->servers[i].verdict.figure.num /
			(double)x->sched.buckets);
	else
		snprintf(buf, size, "the hash leads to another");
}

void lvs_explain_why_text(const struct lvs_explanation *x, size_t i, char *buf, size_t size)
{
	const struct np_sched_dest *d = &x->sched.dests[i];
	enum np_sched_why why = x->servers[i].verdict.why;

	if (x->by == EXPLAIN_TEMPLATE)
		snprintf(buf, size, "%s", i == x->next ? "the client's template" : "");
	else if (why == NP_SCHED_OVERLOADED)
		snprintf(buf, size, "overloaded: %u of %u connections", d->active + d->inactive,
			d->u_threshold);
	else if (why == NP_SCHED_LIGHT)
		snprintf(buf, size, "this pass asks for a weight of %d", x->choice.cw);
	else if (why == NP_SCHED_HASH && i == x->choice.first)
		snprintf(buf, size, "the hash leads here, but it cannot be had");
	else if (why == NP_SCHED_HASH)
		hash_text(x, i, buf, size);
	else
		snprintf(buf, size, "%s", whys[why].text);
}

void explain_note(struct lvs_explanation *x, const char *fmt, ...)
{
	va_list ap;

	if (x->n_notes == EXPLAIN_NOTES)
		return;
	va_start(ap, fmt);
	vsnprintf(x->notes[x->n_notes++], sizeof(x->notes[0]), fmt, ap);
	va_end(ap);
}

double lvs_explain_by_weight(const struct lvs_explanation *x, size_t i)
{
	bool alike = x->sched.kind == NP_SCHED_RR || x->sched.kind == NP_SCHED_LC ||
		x->sched.kind == NP_SCHED_DH;
	double sum = 0, own = 0;

	for (size_t k = 0; k < x->sched.n; k++) {
		double weight = x->sched.dests[k].weight;

		if (alike)
			weight = weight > 0;
		sum += weight;
		if (k == i)
			own = weight;
	}
	return sum > 0 ? own / sum : 0;
}

void lvs_explain_clean(struct lvs_explanation *x)
{
	np_sched_clean(&x->sched);
	free(x->servers);
	free(x->choices);
	x->servers = NULL;
	x->choices = NULL;
}
