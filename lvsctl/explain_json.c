// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "lvsctl/explain.h"
#include "lvsctl/list.h"

static const char *const by_words[] = {
	[EXPLAIN_SCHEDULER] = "scheduler",
	[EXPLAIN_TEMPLATE] = "persistence",
	[EXPLAIN_CLIENT] = "client",
};

static const char *const state_words[] = {
	[EXPLAIN_KNOWN] = "known",
	[EXPLAIN_DEDUCED] = "deduced",
	[EXPLAIN_ASSUMED] = "assumed",
};

/* A quotient, with decimals enough to tell equals from others. */
static void put_figure(struct np_json *j, const char *key, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6g", value);
	np_json_raw(j, key, text);
}

static void put_end(struct np_json *j, const char *key, const struct lvs_explanation *x,
	size_t dest)
{
	if (dest == NP_SCHED_NONE) {
		np_json_null(j, key);
		return;
	}
	np_json_open(j, key, '{');
	np_json_str(j, "address", x->servers[dest].addr);
	np_json_uint(j, "port", x->servers[dest].port);
	np_json_close(j, '}');
}

static void put_service(struct np_json *j, const struct lvs_explanation *x)
{
	np_json_open(j, "service", '{');
	lvs_json_svc_key(j, &x->svc);
	np_json_str(j, "scheduler", np_sched_name(x->sched.kind));
	np_json_close(j, '}');
}

static void put_server(struct np_json *j, const struct lvs_explanation *x, size_t i)
{
	const struct np_sched_dest *d = &x->sched.dests[i];
	const struct np_sched_verdict *v = &x->servers[i].verdict;

	np_json_open(j, NULL, '{');
	np_json_str(j, "address", x->servers[i].addr);
	np_json_uint(j, "port", x->servers[i].port);
	np_json_int(j, "weight", d->weight);
	np_json_uint(j, "active", d->active);
	np_json_uint(j, "inactive", d->inactive);
	if (v->figure.den)
		put_figure(j, "figure", (double)v->figure.num / v->figure.den);
	if (x->by == EXPLAIN_SCHEDULER)
		np_json_str(j, "why", lvs_explain_why_word(v->why));
	if (x->sim.count) {
		np_json_uint(j, "chosen", x->servers[i].chosen);
		put_figure(j, "by_weight", lvs_explain_by_weight(x, i));
	}
	np_json_close(j, '}');
}

static void put_simulation(struct np_json *j, const struct lvs_explanation *x)
{
	np_json_open(j, "simulation", '{');
	np_json_uint(j, "count", x->sim.count);
	if (x->sim.hold < x->sim.count)
		np_json_uint(j, "hold", x->sim.hold);
	else
		np_json_null(j, "hold");
	np_json_uint(j, "clients", x->sim.clients);
	np_json_uint(j, "refused", x->refused);
	np_json_open(j, "choices", '[');
	for (size_t i = 0; i < x->sim.count; i++)
		if (x->choices[i] == NP_SCHED_NONE)
			np_json_null(j, NULL);
		else
			np_json_uint(j, NULL, x->choices[i]);
	np_json_close(j, ']');
	np_json_close(j, '}');
}

void lvs_explain_json(struct np_json *j, const struct lvs_explanation *x)
{
	np_json_open(j, NULL, '{');
	put_service(j, x);
	if (*x->from)
		np_json_str(j, "from", x->from);
	put_end(j, "next", x, x->next);
	np_json_str(j, "by", by_words[x->by]);
	if (x->by == EXPLAIN_TEMPLATE) {
		np_json_str(j, "client", x->client);
		np_json_uint(j, "expires", x->expires);
	} else if (x->choice.bucket != NP_SCHED_NONE) {
		np_json_uint(j, "bucket", x->choice.bucket);
	}
	np_json_str(j, "state", state_words[x->state]);
	np_json_str(j, "formula", np_sched_formula(x->sched.kind));
	np_json_open(j, "servers", '[');
	for (size_t i = 0; i < x->sched.n; i++)
		put_server(j, x, i);
	np_json_close(j, ']');
	if (x->sim.count)
		put_simulation(j, x);
	np_json_open(j, "notes", '[');
	for (size_t i = 0; i < x->n_notes; i++)
		np_json_str(j, NULL, x->notes[i]);
	np_json_close(j, ']');
	np_json_close(j, '}');
	np_json_end(j);
}
