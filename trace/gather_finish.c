// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be said of a live packet when its events are all there. */
#include <string.h>

#include "trace/gather_impl.h"
#include "trace/timeline_impl.h"

#define DEPTH_MAX 16

/* Chains that the packet is in: nf_tables and iptables call none that they are in. */
struct stack {
	const char *table, *chain[DEPTH_MAX];
	uint8_t n;
};

static uint8_t depth_in(struct stack *st, const struct packet_step *step, bool base)
{
	if (base || st->table != step->ev.table)
		st->n = 0;
	st->table = step->ev.table;
	for (uint8_t i = 0; i < st->n; i++) {
		if (st->chain[i] == step->ev.chain) {
			st->n = (uint8_t)(i + 1);
			return i;
		}
	}
	if (st->n == DEPTH_MAX)
		return DEPTH_MAX - 1;
	st->chain[st->n++] = step->ev.chain;
	/* the chain that called this one has had no event: it is not deeper than it seems */
	return (uint8_t)(st->n - 1 + (!base && st->n == 1));
}

static bool routed(enum np_hook from, enum np_hook to)
{
	return from == NP_HOOK_PREROUTING && (to == NP_HOOK_INPUT || to == NP_HOOK_FORWARD);
}

/* What happened between two steps. */
static uint32_t before_of(const struct packet_step *a, const struct packet_step *b,
	const struct gather_meta *m)
{
	uint32_t before = 0;

	if (b->hook == a->hook && !m->new_pass)
		return 0;
	before |= STEP_NEW_HOOK;
	if (m->wrapped)
		return before | STEP_IPVS | STEP_WRAPPED;
	if (m->new_pass)
		return before | (a->hook == NP_HOOK_POSTROUTING ? (uint32_t)STEP_LOOPED : 0);
	if (routed(a->hook, b->hook))
		before |= STEP_ROUTED;
	if (a->hook == NP_HOOK_INPUT)
		before |= STEP_IPVS;
	if (a->hook == NP_HOOK_OUTPUT && b->changes & STEP_OUT)
		before |= STEP_REROUTED;
	return before;
}

/* What a rule of the legacy tables says and does. */
static void legacy(const struct ruleset *rules, struct packet_step *st, struct gather_meta *m)
{
	const struct ruleset_rule *r;
	enum outcome_verdict verdict;

	if (!rules || m->verdict == VERDICT_DROP)
		return;
	r = ruleset_find(rules, st->ev.hdr.family, st->ev.table, st->ev.chain, st->ev.number);
	if (r) {
		st->ev.rule = r->text;
		st->target = r->target;
	}
	verdict = outcome_verdict(rules, &st->ev, m->base, 0);
	if (verdict < VERDICT_RULE) /* the ruleset tells */
		m->verdict = verdict;
}

static void fill(struct flight *f, const struct ruleset *rules)
{
	struct packet *p = &f->pk;
	struct stack stack = { 0 };

	for (uint32_t i = 0; i < p->n_steps; i++) {
		struct packet_step *st = &p->steps[i], *prev = i ? st - 1 : NULL;

		if (f->meta[i].verdict == VERDICT_RULE || (st->ev.set & NP_TEV_UPTIME))
			legacy(rules, st, &f->meta[i]);
		if (st->ev.type == NP_TRACE_HOOK)
			stack.n = 0;
		else
			st->depth = depth_in(&stack, st, f->meta[i].base);
		st->changes = prev ? steps_changes(&prev->ev, &st->ev) : 0;
		if (f->meta[i].wrapped)
			st->changes &= STEP_OF_BOTH;
		st->before = prev ? before_of(prev, st, &f->meta[i]) : (uint32_t)STEP_NEW_HOOK;
		if (prev && st->changes & (STEP_DST | STEP_DPORT) && prev->ev.set & NP_TEV_NAT)
			prev->target = "DNAT";
		else if (prev && st->changes & (STEP_SRC | STEP_SPORT) &&
			prev->ev.set & NP_TEV_NAT)
			prev->target = "SNAT";
	}
}

static void expect(struct packet_outcome *out, enum np_hook hook)
{
	if (out->n_expected < PACKET_EXPECTED_MAX)
		out->expected[out->n_expected++] = np_hook_name(hook);
}

/* The whole hook let it through. */
static void after_hook(const struct flight *f, struct packet_outcome *out, bool loops)
{
	const struct np_trace_event *last = packet_last(&f->pk);

	out->state = PACKET_VANISHED;
	switch (f->hook) {
	case NP_HOOK_INPUT:
		out->state = PACKET_DELIVERED;
		out->evident = true;
		return;
	case NP_HOOK_POSTROUTING:
		if (!loops || !last->out || strcmp(last->out, "lo") != 0) {
			out->state = PACKET_SENT;
			out->evident = true;
			return;
		}
		expect(out, NP_HOOK_PREROUTING);
		outcome_cause(out, CAUSE_OTHER_HOOK);
		return;
	case NP_HOOK_PREROUTING:
		expect(out, NP_HOOK_INPUT);
		expect(out, NP_HOOK_FORWARD);
		outcome_routing_causes(last, out);
		if (gather_is_fragment(&last->hdr)) { /* ip_local_deliver(): it is kept there */
			out->state = PACKET_UNFINISHED;
			outcome_first_cause(out, CAUSE_FRAGMENTS);
		}
		return;
	default:
		expect(out, NP_HOOK_POSTROUTING);
		if (f->hook == NP_HOOK_OUTPUT)
			outcome_cause(out, CAUSE_NO_ROUTE);
		outcome_cause(out, CAUSE_XFRM);
		outcome_cause(out, CAUSE_OTHER_HOOK);
	}
}

/* Something in the hook that does not trace, between the last step and our last chain. */
static void inside_hook(const struct flight *f, struct packet_outcome *out)
{
	out->state = PACKET_VANISHED;
	out->inside = true;
	expect(out, f->hook);
	if (f->hook == NP_HOOK_INPUT)
		outcome_cause(out, CAUSE_IPVS);
	outcome_cause(out, CAUSE_CONNTRACK);
	outcome_cause(out, CAUSE_OTHER_HOOK);
}

static void decide(const struct flight *f, struct packet_outcome *out, bool loops)
{
	const struct gather_meta *last = &f->meta[f->pk.n_steps - 1];

	memset(out, 0, sizeof(*out));
	if (last->verdict == VERDICT_DROP || last->verdict == VERDICT_QUEUE ||
		last->verdict == VERDICT_RULE) {
		out->state = PACKET_DROPPED;
		out->evident = last->verdict == VERDICT_DROP;
		if (last->verdict == VERDICT_QUEUE)
			outcome_cause(out, CAUSE_QUEUE);
	} else if (last->priority == GATHER_LAST) {
		after_hook(f, out, loops);
	} else {
		inside_hook(f, out);
	}
}

void gather_finish(struct flight *f, const struct ruleset *rules, bool loops)
{
	fill(f, rules);
	decide(f, &f->pk.outcome, loops);
	packet_rewrites(&f->pk);
}
