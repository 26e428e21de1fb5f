// SPDX-License-Identifier: GPL-2.0-or-later
/* A traced packet as the routing lookup saw it. */
#include <netinet/tcp.h>
#include <string.h>

#include "trace/explain.h"

/* The step at which the packet's way from one interface to another began. */
static uint32_t pass_of(const struct packet *p, uint32_t step)
{
	while (step && !(p->steps[step].before & STEP_LOOPED))
		step--;
	return step;
}

/*
 * What comes in by lo brings the route that it went out with (loopback_xmit(),
 * ip_rcv_finish_core()), unless DNAT dropped it (nf_nat_ipv4_pre_routing()).
 */
static bool is_routed_in(const struct packet *p, uint32_t before, const struct np_hdr *h)
{
	const struct np_trace_event *first = &p->steps[pass_of(p, before)].ev;

	return !first->in || strcmp(first->in, "lo") != 0 ||
		memcmp(first->hdr.dst, h->dst, sizeof(h->dst)) != 0;
}

enum explain_way explain_way_before(const struct packet *p, uint32_t step)
{
	const struct packet_step *st = &p->steps[step];

	if (st->before & STEP_REROUTED)
		return WAY_AGAIN;
	if (step && !(st->before & STEP_ROUTED))
		return WAY_NONE;
	if (!step && st->hook == NP_HOOK_OUTPUT)
		return WAY_OUT;
	if (st->hook != NP_HOOK_INPUT && st->hook != NP_HOOK_FORWARD)
		return WAY_NONE;
	if (packet_is_bridged(p, step) || !is_routed_in(p, step ? step - 1 : 0, &st->ev.hdr))
		return WAY_NONE;
	return WAY_IN;
}

static bool has_cause(const struct packet_outcome *o, enum packet_cause cause)
{
	for (unsigned i = 0; i < o->n_causes; i++)
		if (o->causes[i] == cause)
			return true;
	return false;
}

enum explain_way explain_way_lost(const struct packet *p)
{
	const struct packet_step *last = &p->steps[p->n_steps - 1];
	const struct packet_outcome *o = &p->outcome;
	struct np_hdr h;

	if (o->state != PACKET_VANISHED && !has_cause(o, CAUSE_FRAGMENTS))
		return WAY_NONE;
	if (last->hook == NP_HOOK_OUTPUT)
		return has_cause(o, CAUSE_NO_ROUTE) ? WAY_AGAIN : WAY_NONE;
	if (last->hook != NP_HOOK_PREROUTING || !packet_lost_hdr(p, &h) ||
		!is_routed_in(p, p->n_steps - 1, &h))
		return WAY_NONE;
	if (has_cause(o, CAUSE_MARTIAN) || has_cause(o, CAUSE_NO_ROUTE) ||
		has_cause(o, CAUSE_RP_FILTER) || has_cause(o, CAUSE_FORWARDING))
		return WAY_IN;
	return WAY_NONE;
}

/* A connection's first packet walks the nat table, if any; the others are translated unseen. */
enum explained_unless explain_unless(const struct packet *p, enum explain_way lost)
{
	const struct np_hdr *h = &packet_last(p)->hdr;
	uint32_t last = p->n_steps - 1;

	if (packet_lost_rewritten(p))
		return UNLESS_RULE;
	/* live: the end of the hook saw the packet behind all translation */
	if (lost != WAY_IN || packet_last(p)->type == NP_TRACE_HOOK)
		return UNLESS_NOTHING;
	if (h->set & NP_HDR_WINDOW && (h->tcp_flags & (TH_SYN | TH_ACK)) == TH_SYN)
		return UNLESS_NOTHING;
	for (uint32_t i = pass_of(p, last); i <= last; i++)
		if (p->steps[i].ev.table && !strcmp(p->steps[i].ev.table, "nat"))
			return UNLESS_NOTHING;
	return UNLESS_REPLY;
}

static int index_of(const struct np_fib *fib, const char *name)
{
	for (size_t i = 0; i < fib->n_devs; i++)
		if (!strcmp(fib->devs[i].name, name))
			return fib->devs[i].ifindex;
	return 0;
}

static bool needs_link(const struct np_hdr *h)
{
	return h->family == AF_INET6 && h->dst[0] == 0xfe && (h->dst[1] & 0xc0) == 0x80;
}

static bool is_multicast(const struct np_hdr *h)
{
	return h->family == AF_INET6 ? h->dst[0] == 0xff : (h->dst[0] & 0xf0) == 0xe0;
}

static bool rules_look_at(const struct np_fib *fib, uint32_t selectors)
{
	for (size_t i = 0; i < fib->n_rules; i++)
		if (fib->rules[i].set & selectors)
			return true;
	return false;
}

/* False: no such interface is known. */
static bool set_link(const struct np_fib *fib, enum explain_way way,
	const struct np_trace_event *ev, const struct np_hdr *h, struct np_flow *f,
	struct explain_why *why)
{
	const char *name = way == WAY_IN ? ev->in : ev->out;
	int *to = way == WAY_IN ? &f->iif : &f->oif;

	if (way != WAY_IN && !needs_link(h))
		return true;
	if (!name || !*name) {
		why->text = "the log does not say the interface";
		return false;
	}
	*to = index_of(fib, name);
	if (*to)
		return true;
	why->text = "the host has no such interface now";
	why->dev = name;
	return false;
}

/*
 * Fields as ip_route_input_slow(), ip_route_me_harder() and the sockets fill them. A
 * rerouted packet of IPv4 is nobody's there, one of IPv6 is its socket's
 * (ip6_route_me_harder()).
 */
static void set_fields(enum explain_way way, const struct np_trace_event *ev,
	const struct np_hdr *h, struct np_flow *f)
{
	size_t len = h->family == AF_INET6 ? 16 : 4;

	memcpy(f->dst, h->dst, len);
	memcpy(f->src, h->src, len);
	f->set |= NP_FLOW_SRC;
	f->mark = ev->set & NP_TEV_MARK ? ev->mark : 0;
	f->tos = h->set & NP_HDR_TOS ? h->tos & 0xfc : 0;
	f->flowlabel = h->set & NP_HDR_FLOWLABEL ? h->flowlabel : 0;
	if (h->set & NP_HDR_PROTO) {
		f->set |= NP_FLOW_IPPROTO;
		f->ipproto = h->proto;
	}
	if (h->set & NP_HDR_PORTS) {
		f->sport = h->sport;
		f->dport = h->dport;
	}
	if (way == WAY_IN)
		return;
	f->set |= NP_FLOW_UID;
	f->uid = ev->set & NP_TEV_UID && (way == WAY_OUT || h->family == AF_INET6) ? ev->uid : 0;
}

bool explain_flow(const struct np_fib *fib, enum explain_way way,
	const struct np_trace_event *ev, const struct np_hdr *h, struct np_flow *flow,
	struct explain_why *why)
{
	const uint32_t at_the_end = NP_FRULE_FWMARK | NP_FRULE_SPORT | NP_FRULE_DPORT;

	memset(flow, 0, sizeof(*flow));
	*why = (struct explain_why){ 0 };
	if (!(h->set & NP_HDR_ADDR)) {
		why->text = "the log does not say the addresses";
		return false;
	}
	if (ev->set & NP_TEV_CUT && rules_look_at(fib, at_the_end)) {
		why->text = "the line was cut before the mark and ports that rules look at";
		return false;
	}
	if (way != WAY_IN && is_multicast(h)) { /* the socket says by which interface */
		why->text = "multicast goes where its sender wants";
		return false;
	}
	set_fields(way, ev, h, flow);
	return set_link(fib, way, ev, h, flow, why);
}
