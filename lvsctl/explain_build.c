// SPDX-License-Identifier: GPL-2.0-or-later
/* From what the kernel shows to an answer. Pure. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "lvsctl/explain.h"

static bool hashes_client(enum np_sched_kind kind)
{
	return kind == NP_SCHED_SH || kind == NP_SCHED_MH;
}

/* Finds out what no dump shows of a real server; what stays open is noted. */
static void judge_dest(struct lvs_explanation *x, struct np_sched_dest *d, const char *name)
{
	enum np_sched_load load = np_sched_load(d);

	d->overloaded = load == NP_SCHED_LOAD_OVER;
	if (load == NP_SCHED_LOAD_MAYBE)
		explain_note(x, "%s is between its thresholds (%u connections of %u): "
			"taken as not overloaded", name, d->active + d->inactive, d->u_threshold);
	d->last_weight = d->weight;
	if (x->sched.kind == NP_SCHED_MH && !d->weight)
		explain_note(x, "%s has weight 0: taken as never having had another, "
			"so that it has no buckets", name);
}

/* Builds the model; servers come along. */
static int build_sched(struct lvs_explanation *x, const struct explain_request *r,
	const struct explain_input *in, struct np_err *err)
{
	int kind = np_sched_kind(in->scheduler), ret;
	struct np_sched_dest *dests;

	if (kind < 0)
		return np_err_set(err, ENOTSUP, "there is no model of the scheduler \"%s\"",
			in->scheduler);
	dests = calloc(in->n + 1, sizeof(*dests));
	x->servers = calloc(in->n + 1, sizeof(*x->servers));
	if (!dests || !x->servers) {
		free(dests);
		return np_err_nomem(err);
	}
	x->sched.kind = (enum np_sched_kind)kind;
	for (size_t i = 0; i < in->n; i++) {
		dests[i] = in->dests[i];
		x->servers[i] = in->servers[i];
		judge_dest(x, &dests[i], in->servers[i].text);
	}
	ret = np_sched_init(&x->sched, (enum np_sched_kind)kind, r->service.af, in->sched_flags,
		dests, in->n, err);
	free(dests);
	return ret;
}

static void assume_state(struct lvs_explanation *x)
{
	x->state = EXPLAIN_ASSUMED;
	if (x->sched.kind == NP_SCHED_LBLC)
		explain_note(x, "the kernel does not show who serves the virtual address already: "
			"taken as nobody");
	else if (x->sched.kind == NP_SCHED_LBLCR)
		explain_note(x, "the kernel does not show who serves the virtual address already: "
			"taken as all who have had connections");
	else
		explain_note(x, "the kernel does not show where %s is in its round, nor do the "
			"counters: taken from the start", np_sched_name(x->sched.kind));
}

/* rr's and wrr's place in the round, lblc's memory: of no account where nobody can be had. */
static void find_state(struct lvs_explanation *x, const struct explain_input *in)
{
	uint64_t conns = 0;
	bool any = false;

	for (size_t i = 0; i < in->n; i++) {
		conns += in->dests[i].conns;
		any |= in->dests[i].weight > 0;
	}
	if (np_sched_stateless(x->sched.kind) || !any)
		return;
	/* those that a template decided are counted as well, and move nothing on */
	if ((in->persist && conns) || !np_sched_deduce(&x->sched)) {
		assume_state(x);
		return;
	}
	x->state = EXPLAIN_DEDUCED;
	if (conns)
		explain_note(x, "%s is deduced from the counters of connections, which are "
			"up to 2 seconds old", x->sched.kind == NP_SCHED_RR || x->sched.kind ==
			NP_SCHED_WRR ? "the place in the round" : "who serves the virtual address");
}

/* The first of the clients and how many there are. */
static void set_clients(struct lvs_explanation *x, const struct explain_request *r,
	const struct explain_input *in, size_t count)
{
	static const uint8_t example4[16] = { 10, 0, 0, 1 };
	static const uint8_t example6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	unsigned host = (r->from.af == AF_INET6 ? 128 : 32) - r->from.bits;
	struct np_sched_sim *sim = &x->sim;

	sim->first.sport = r->from.port ? r->from.port : 1024;
	sim->clients = (uint32_t)count;
	if (r->from.af == AF_UNSPEC) {
		memcpy(sim->first.src, r->service.af == AF_INET6 ? example6 : example4, 16);
		if (!hashes_client(x->sched.kind) && !in->persist)
			sim->clients = 1;
		return;
	}
	memcpy(sim->first.src, r->from.addr, 16);
	if (host < 32 && (UINT64_C(1) << host) < count)
		sim->clients = UINT32_C(1) << host;
}

static void set_sim(struct lvs_explanation *x, const struct explain_request *r,
	const struct explain_input *in)
{
	unsigned host = (r->to.af == AF_INET6 ? 128 : 32) - r->to.bits;
	struct np_sched_sim *sim = &x->sim;

	sim->count = r->simulate;
	sim->active = r->protocol != IPPROTO_UDP;
	sim->hold = in->ops && r->protocol == IPPROTO_UDP ? 0 : r->hold;
	sim->persist_bits = in->persist ? in->persist_bits : 0;
	set_clients(x, r, in, r->simulate ? r->simulate : 1);
	memcpy(sim->first.dst, r->to.af == AF_UNSPEC ? r->service.addr : r->to.addr, 16);
	if (r->to.af != AF_UNSPEC)
		sim->vips = host < 32 ? UINT32_C(1) << host : UINT32_MAX;
	if (sim->vips > 1 && (x->sched.kind == NP_SCHED_LBLC || x->sched.kind == NP_SCHED_LBLCR)) {
		sim->vips = 1;
		explain_note(x, "%s is simulated for the first virtual address alone",
			np_sched_name(x->sched.kind));
	}
	if (r->fwmark && r->simulate)
		explain_note(x, "connections are taken as those of TCP");
	if (r->fwmark && r->to.af == AF_UNSPEC && (x->sched.kind == NP_SCHED_DH ||
		x->sched.kind == NP_SCHED_LBLC || x->sched.kind == NP_SCHED_LBLCR))
		explain_note(x, "%s chooses by the virtual address, which a firewall mark does not "
			"tell: say it with --to", np_sched_name(x->sched.kind));
}

static int simulate(struct lvs_explanation *x, const struct explain_input *in, struct np_err *err)
{
	struct np_sched played;
	int ret;

	x->choices = calloc(x->sim.count, sizeof(*x->choices));
	if (!x->choices)
		return np_err_nomem(err);
	ret = np_sched_init(&played, x->sched.kind, x->sched.af, x->sched.flags, x->sched.dests,
		in->n, err);
	if (ret)
		return ret;
	played.last = x->sched.last;
	played.cw = x->sched.cw;
	played.n_set = x->sched.n_set;
	memcpy(played.set, x->sched.set, x->sched.n_set * sizeof(*played.set));
	ret = np_sched_simulate(&played, &x->sim, x->choices, err);
	np_sched_clean(&played);
	for (size_t i = 0; !ret && i < x->sim.count; i++)
		if (x->choices[i] == NP_SCHED_NONE)
			x->refused++;
		else
			x->servers[x->choices[i]].chosen++;
	return ret;
}

/* ip_vs_check_template(): one whose real server has weight 0 may be given up, when it is asked. */
static bool template_holds(struct lvs_explanation *x, const struct explain_input *in)
{
	if (in->template == NP_SCHED_NONE)
		return false;
	if (!in->expire_quiescent || in->dests[in->template].weight)
		return true;
	explain_note(x, "the client's template leads to %s, which has weight 0: it is given up "
		"(net.ipv4.vs.expire_quiescent_template=1)", in->servers[in->template].text);
	return false;
}

/* Who decides on the next connection, and how. */
static int decide(struct lvs_explanation *x, const struct explain_request *r,
	const struct explain_input *in, struct np_err *err)
{
	struct np_sched_verdict *verdicts = calloc(in->n + 1, sizeof(*verdicts));
	struct np_sched_flow flow;

	if (!verdicts)
		return np_err_nomem(err);
	np_sched_sim_flow(&x->sched, &x->sim, 0, &flow);
	np_sched_pick(&x->sched, &flow, &x->choice);
	x->by = EXPLAIN_SCHEDULER;
	if (template_holds(x, in)) {
		x->by = EXPLAIN_TEMPLATE;
		x->choice.dest = in->template;
		x->expires = in->expires;
	} else if (hashes_client(x->sched.kind) && r->from.af == AF_UNSPEC && in->n) {
		x->by = EXPLAIN_CLIENT;
		x->choice.dest = x->choice.first = NP_SCHED_NONE;
	}
	x->next = x->choice.dest;
	np_sched_explain(&x->sched, &x->choice, verdicts);
	for (size_t i = 0; i < in->n; i++)
		x->servers[i].verdict = verdicts[i];
	free(verdicts);
	return 0;
}

int lvs_explain_build(struct lvs_explanation *x, const struct explain_request *r,
	const struct explain_input *in, struct np_err *err)
{
	int ret = build_sched(x, r, in, err);

	if (ret)
		return ret;
	find_state(x, in);
	set_sim(x, r, in);
	if (r->from.af != AF_UNSPEC)
		inet_ntop(r->from.af, r->from.addr, x->from, sizeof(x->from));
	ret = decide(x, r, in, err);
	if (!ret && x->sim.count)
		ret = simulate(x, in, err);
	return ret;
}
