// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be said of a packet when it has ended: its rules, its rewrites, its outcome. */
#include <string.h>

#include "trace/timeline_impl.h"

static void rule_of(const struct timeline *tl, struct packet_step *s)
{
	const struct np_trace_event *ev = &s->ev;
	const struct ruleset_rule *r;

	r = ruleset_find(tl->opts.rules, ev->hdr.family, ev->table, ev->chain, ev->number);
	if (!r)
		return;
	s->ev.rule = r->text;
	s->target = r->target;
}

/* Without a ruleset the next line tells what a rule called, or what it rewrote. */
static const char *target_by_next(const struct timeline *tl, const struct packet_step *s,
	const struct packet_step *next)
{
	bool walk = s->ev.table == next->ev.table && s->hook == next->hook &&
		!(next->before & STEP_NEW_HOOK);

	if (s->ev.type != NP_TRACE_RULE)
		return NULL;
	if (walk)
		return next->depth > s->depth && !(next->before & STEP_GAP) ? next->ev.chain : NULL;
	if (s->ev.table != tl->map.tables[TBL_NAT])
		return NULL;
	if (next->changes & (STEP_DST | STEP_DPORT))
		return "DNAT";
	return next->changes & (STEP_SRC | STEP_SPORT) ? "SNAT" : NULL;
}

static void fill_steps(const struct timeline *tl, struct packet *pk)
{
	for (uint32_t i = 0; i < pk->n_steps; i++) {
		struct packet_step *s = &pk->steps[i], *next = s + 1;

		if (tl->opts.rules)
			rule_of(tl, s);
		if (!s->target && i + 1 < pk->n_steps)
			s->target = target_by_next(tl, s, next);
	}
}

/* A goto that the ruleset names, where no way back showed it. */
static void mark_gotos(const struct timeline *tl, struct packet *pk)
{
	for (uint32_t i = 1; tl->opts.rules && i < pk->n_steps; i++) {
		const struct np_trace_event *ev = &pk->steps[i - 1].ev;
		const struct ruleset_rule *r;

		if (pk->steps[i].depth <= pk->steps[i - 1].depth)
			continue;
		r = ruleset_find(tl->opts.rules, ev->hdr.family, ev->table, ev->chain, ev->number);
		if (r && r->goes)
			pk->steps[i].before |= STEP_GOTO;
	}
}

/* Tables that packets of this host walk, and that this one has no line of. */
static void mark_gaps(const struct timeline *tl, struct packet *pk, uint8_t tables)
{
	struct place from = walk_place(&tl->map, &pk->steps[0].ev), to;

	from.hook = (uint8_t)pk->steps[0].hook;
	from.order = tl->map.order[from.hook][from.table];
	for (uint32_t i = 1; i < pk->n_steps; i++, from = to) {
		struct packet_step *s = &pk->steps[i];

		to = walk_place(&tl->map, &s->ev);
		to.hook = (uint8_t)s->hook;
		to.order = tl->map.order[to.hook][to.table];
		if (s->before & (STEP_LOOPED | STEP_IPVS))
			continue;
		if (walk_between(&tl->map, tables & (uint8_t)~TBL_BIT(TBL_NAT), from, to))
			s->before |= STEP_GAP;
	}
}

/* The last line with the packet's own header. */
static const struct np_hdr *last_own(const struct packet *pk)
{
	uint32_t i = 1;

	while (i < pk->n_steps && !(pk->steps[i].before & STEP_WRAPPED))
		i++;
	return &pk->steps[i - 1].ev.hdr;
}

void packet_rewrites(struct packet *pk)
{
	const struct np_hdr *a = &packet_first(pk)->hdr, *b = last_own(pk);
	size_t len = a->family == AF_INET6 ? 16 : 4;

	if (!(a->set & b->set & NP_HDR_ADDR) || a->family != b->family)
		return;
	memcpy(pk->src_from, a->src, len);
	memcpy(pk->src_to, b->src, len);
	memcpy(pk->dst_from, a->dst, len);
	memcpy(pk->dst_to, b->dst, len);
	if (a->set & b->set & NP_HDR_PORTS) {
		pk->sport_from = a->sport;
		pk->sport_to = b->sport;
		pk->dport_from = a->dport;
		pk->dport_to = b->dport;
		pk->snat_port = a->sport != b->sport;
		pk->dnat_port = a->dport != b->dport;
	}
	pk->snat = pk->snat_port || memcmp(a->src, b->src, len) != 0;
	pk->dnat = pk->dnat_port || memcmp(a->dst, b->dst, len) != 0;
}

void finish_packet(struct timeline *tl, struct open_packet *p)
{
	const struct np_trace_event *last = packet_last(&p->pk);
	unsigned family = tl_family(last->hdr.family);
	uint8_t tables = p->host->seen[family] | tl->ruled[family];
	bool base = last->type == NP_TRACE_POLICY || last->chain == tl->map.hooks[p->at.hook];
	struct outcome_in in = {
		.map = &tl->map,
		.last = last,
		.at = p->at,
		.walked = p->walked,
		.tables = tables,
		.loops = p->host->loops,
		.evidence = p->evidence,
	};

	learn_end(tl, p);
	in.verdict = outcome_verdict(tl->opts.rules, last, base, learn_of(tl, last));
	if (replay_reversed(p->host))
		p->pk.outcome = (struct packet_outcome){ .state = PACKET_UNFINISHED };
	else
		outcome_decide(&in, &p->pk.outcome);
	packet_rewrites(&p->pk);
	if (tl->opts.quiet_steps)
		return;
	fill_steps(tl, &p->pk);
	mark_gotos(tl, &p->pk);
	mark_gaps(tl, &p->pk, tables);
}
