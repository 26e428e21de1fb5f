// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/outcome.h"

#include <netinet/in.h> /* before the kernel's, which know of its structs then; musl's do not */

#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <string.h>

static void expect(const struct outcome_in *in, struct packet_outcome *out, enum np_hook hook,
	enum walk_table table)
{
	if (table < TBL_COUNT && in->map->names[hook][table] &&
		out->n_expected < PACKET_EXPECTED_MAX)
		out->expected[out->n_expected++] = in->map->names[hook][table];
}

void outcome_cause(struct packet_outcome *out, enum packet_cause c)
{
	if (out->n_causes < CAUSE_COUNT)
		out->causes[out->n_causes++] = (uint8_t)c;
}

void outcome_first_cause(struct packet_outcome *out, enum packet_cause c)
{
	outcome_cause(out, c);
	for (unsigned i = out->n_causes - 1u; i; i--)
		out->causes[i] = out->causes[i - 1];
	out->causes[0] = (uint8_t)c;
}

/* A cause that the log proves. */
static void proven(struct packet_outcome *out, enum packet_cause c)
{
	out->n_causes = 0;
	outcome_cause(out, c);
	out->cause_proven = out->evident = true;
}

static enum walk_table next_table(const struct outcome_in *in, enum np_hook hook, int order)
{
	return walk_next(in->map, in->tables & (uint8_t)~TBL_BIT(TBL_NAT), hook, order);
}

/*
 * nat is walked by the first packet of a connection only: one that passed it on
 * the way in passes it on the way out (nf_nat_inet_fn() in net/netfilter/nf_nat_core.c).
 */
static bool nat_due(const struct outcome_in *in, enum np_hook hook)
{
	uint32_t before = WALKED(NP_HOOK_PREROUTING, TBL_NAT);

	if (hook == NP_HOOK_POSTROUTING)
		before |= WALKED(NP_HOOK_OUTPUT, TBL_NAT);
	else if (hook != NP_HOOK_INPUT)
		return false;
	return in->walked & before;
}

/*
 * What drops between PREROUTING and the next hook, in the order of
 * ip_rcv_finish_core(), ip_route_input_slow(), ip_forward() and ip6_forward().
 * What the packet's own fields rule out is left out.
 */
void outcome_routing_causes(const struct np_trace_event *last, struct packet_outcome *out)
{
	const struct np_hdr *h = &last->hdr;
	bool six = h->family == AF_INET6;

	if (!six)
		outcome_cause(out, CAUSE_MARTIAN);
	outcome_cause(out, CAUSE_NO_ROUTE);
	outcome_cause(out, CAUSE_FORWARDING);
	if (!six)
		outcome_cause(out, CAUSE_RP_FILTER);
	if (!(h->set & NP_HDR_TTL) || h->ttl <= 1)
		outcome_cause(out, CAUSE_TTL);
	if (last->ip_opt_len)
		outcome_cause(out, CAUSE_SOURCE_ROUTE);
	if (!(h->set & NP_HDR_LEN) || (six ? h->len > 1280 : h->len > 576 &&
					       h->ip_flags & NP_IPF_DF))
		outcome_cause(out, CAUSE_MTU);
	outcome_cause(out, CAUSE_OTHER_HOOK);
}

/* The last line's table is there to rewrite, and drops nothing. */
static bool translates(const struct outcome_in *in)
{
	return in->at.table == TBL_NAT || np_table_translates(in->last->table);
}

/* Without a ruleset: whether the last line itself is the likely end. */
static bool likely_drop(const struct outcome_in *in)
{
	bool filters = in->at.table == TBL_FILTER || in->at.table == TBL_SECURITY;

	switch (in->verdict) {
	case VERDICT_RULE:
	case VERDICT_RETURN:
		return !translates(in);
	case VERDICT_POLICY:
		return filters;
	default:
		return false;
	}
}

static void dropped(const struct outcome_in *in, struct packet_outcome *out)
{
	out->state = PACKET_DROPPED;
	out->evident = in->verdict == VERDICT_DROP;
}

/* A table of the same hook should have come. */
static void missing_here(const struct outcome_in *in, struct packet_outcome *out,
	enum np_hook hook, enum walk_table next)
{
	if (likely_drop(in)) {
		dropped(in, out);
		return;
	}
	out->state = PACKET_VANISHED;
	expect(in, out, hook, next);
	if (hook == NP_HOOK_OUTPUT && in->at.table != TBL_RAW)
		outcome_cause(out, CAUSE_NO_ROUTE); /* routed again, to nowhere */
	if (hook == NP_HOOK_INPUT && next == TBL_NAT)
		outcome_cause(out, CAUSE_IPVS);
	if (in->at.table == TBL_RAW || in->at.table == TBL_NAT || next == TBL_NAT)
		outcome_cause(out, CAUSE_CONNTRACK);
	outcome_cause(out, CAUSE_OTHER_HOOK);
}

static void after_prerouting(const struct outcome_in *in, struct packet_outcome *out)
{
	enum walk_table input = next_table(in, NP_HOOK_INPUT, -1);
	enum walk_table forward = next_table(in, NP_HOOK_FORWARD, -1);

	if (likely_drop(in)) {
		dropped(in, out);
		return;
	}
	if (input == TBL_COUNT && !(in->walked & WALKED(NP_HOOK_PREROUTING, TBL_NAT))) {
		/* nothing is known that the packet would have passed */
		out->state = PACKET_UNFINISHED;
		return;
	}
	out->state = PACKET_VANISHED;
	if (input == TBL_COUNT) { /* nat:INPUT or POSTROUTING had to come; and what is usual */
		expect(in, out, NP_HOOK_INPUT, TBL_MANGLE);
		expect(in, out, NP_HOOK_INPUT, TBL_FILTER);
		expect(in, out, NP_HOOK_FORWARD, TBL_MANGLE);
		expect(in, out, NP_HOOK_FORWARD, TBL_FILTER);
	} else {
		expect(in, out, NP_HOOK_INPUT, input);
		expect(in, out, NP_HOOK_FORWARD, forward);
	}
	outcome_routing_causes(in->last, out);
}

static void after_input(const struct outcome_in *in, struct packet_outcome *out)
{
	if (in->verdict == VERDICT_RETURN) {
		dropped(in, out);
		return;
	}
	out->state = PACKET_DELIVERED;
	out->evident = in->verdict == VERDICT_ACCEPT;
}

static void after_postrouting(const struct outcome_in *in, struct packet_outcome *out)
{
	if (in->last->out != in->map->lo || !in->loops) {
		out->state = PACKET_SENT;
		out->evident = true;
		return;
	}
	out->state = PACKET_VANISHED;
	expect(in, out, NP_HOOK_PREROUTING, next_table(in, NP_HOOK_PREROUTING, -1));
	if (!out->n_expected)
		expect(in, out, NP_HOOK_INPUT, next_table(in, NP_HOOK_INPUT, -1));
	outcome_cause(out, CAUSE_OTHER_HOOK);
}

/* FORWARD and OUTPUT: nothing of the kernel's own drops between them and POSTROUTING. */
static void before_postrouting(const struct outcome_in *in, struct packet_outcome *out)
{
	enum walk_table next = next_table(in, NP_HOOK_POSTROUTING, -1);

	if (next == TBL_COUNT && nat_due(in, NP_HOOK_POSTROUTING))
		next = TBL_NAT;
	if (next == TBL_COUNT) {
		if (in->verdict == VERDICT_RETURN) {
			dropped(in, out);
			return;
		}
		after_postrouting(in, out);
		out->evident = in->verdict == VERDICT_ACCEPT;
		return;
	}
	if (likely_drop(in)) {
		dropped(in, out);
		return;
	}
	out->state = PACKET_VANISHED;
	expect(in, out, NP_HOOK_POSTROUTING, next);
	if (in->at.hook == NP_HOOK_OUTPUT)
		outcome_cause(out, CAUSE_NO_ROUTE);
	outcome_cause(out, CAUSE_XFRM);
	outcome_cause(out, CAUSE_OTHER_HOOK);
}

static void by_place(const struct outcome_in *in, struct packet_outcome *out)
{
	enum np_hook hook = (enum np_hook)in->at.hook;
	enum walk_table next = next_table(in, hook, in->at.order);

	if (next == TBL_COUNT && nat_due(in, hook) &&
		in->map->order[hook][TBL_NAT] > in->at.order)
		next = TBL_NAT;
	if (next != TBL_COUNT) {
		missing_here(in, out, hook, next);
		return;
	}
	switch (hook) {
	case NP_HOOK_PREROUTING:
		after_prerouting(in, out);
		break;
	case NP_HOOK_INPUT:
		after_input(in, out);
		break;
	case NP_HOOK_FORWARD:
	case NP_HOOK_OUTPUT:
		before_postrouting(in, out);
		break;
	case NP_HOOK_POSTROUTING:
		after_postrouting(in, out);
		break;
	case NP_HOOK_UNKNOWN:
		out->state = PACKET_UNFINISHED;
		break;
	}
}

enum error_kind { ERROR_OTHER, ERROR_TTL, ERROR_MTU, ERROR_PORT, ERROR_UNREACHABLE };

static enum error_kind kind_of(const struct outcome_in *in)
{
	uint8_t type = in->evidence.type, code = in->evidence.code;

	if (in->last->hdr.family == AF_INET6) {
		if (type == ICMP6_TIME_EXCEEDED)
			return code == ICMP6_TIME_EXCEED_TRANSIT ? ERROR_TTL : ERROR_OTHER;
		if (type == ICMP6_PACKET_TOO_BIG)
			return ERROR_MTU;
		if (type == ICMP6_PARAM_PROB)
			return code == ICMP6_PARAMPROB_NEXTHEADER ? ERROR_PORT : ERROR_OTHER;
		if (type != ICMP6_DST_UNREACH)
			return ERROR_OTHER;
		return code == ICMP6_DST_UNREACH_NOPORT ? ERROR_PORT : ERROR_UNREACHABLE;
	}
	if (type == ICMP_TIME_EXCEEDED)
		return code == ICMP_EXC_TTL ? ERROR_TTL : ERROR_OTHER;
	if (type != ICMP_DEST_UNREACH)
		return ERROR_OTHER;
	if (code == ICMP_FRAG_NEEDED)
		return ERROR_MTU;
	return code == ICMP_PORT_UNREACH || code == ICMP_PROT_UNREACH ? ERROR_PORT :
		ERROR_UNREACHABLE;
}

/* A REJECT that no ruleset names: its answer is in the log. */
static bool rejected(const struct outcome_in *in, struct packet_outcome *out)
{
	bool rule = in->verdict == VERDICT_RULE || in->verdict == VERDICT_RETURN;

	if (!rule || translates(in))
		return false;
	out->state = PACKET_DROPPED;
	/* in INPUT an accepted packet to a closed port is answered alike */
	out->evident = in->at.hook != NP_HOOK_INPUT;
	return true;
}

static void refine_icmp(const struct outcome_in *in, struct packet_outcome *out)
{
	enum error_kind kind = kind_of(in);
	bool routing = in->at.hook == NP_HOOK_PREROUTING;

	if (kind == ERROR_OTHER || out->state == PACKET_UNFINISHED)
		return;
	if (kind == ERROR_PORT || kind == ERROR_UNREACHABLE) {
		if (rejected(in, out))
			return;
		if (kind == ERROR_PORT) {
			if (in->at.hook == NP_HOOK_INPUT && out->state == PACKET_DELIVERED)
				proven(out, CAUSE_NO_SOCKET);
			return;
		}
	}
	if (out->state == PACKET_DROPPED && out->evident)
		return;
	if (routing || (in->at.hook == NP_HOOK_POSTROUTING && kind != ERROR_TTL)) {
		out->state = PACKET_VANISHED;
		proven(out, kind == ERROR_TTL ? CAUSE_TTL : kind == ERROR_MTU ? CAUSE_MTU :
				    routing ? CAUSE_NO_ROUTE : CAUSE_NEIGHBOUR);
	}
}

static void refine_reset(const struct outcome_in *in, struct packet_outcome *out)
{
	if (in->at.hook != NP_HOOK_INPUT) {
		rejected(in, out);
		return;
	}
	if (out->state != PACKET_DELIVERED)
		return;
	if (in->verdict == VERDICT_RULE) /* or a REJECT with a reset */
		outcome_cause(out, CAUSE_NO_SOCKET);
	else
		proven(out, CAUSE_NO_SOCKET);
}

static void refine(const struct outcome_in *in, struct packet_outcome *out)
{
	bool routing = in->at.hook == NP_HOOK_PREROUTING && out->state == PACKET_VANISHED;

	switch (in->evidence.proof) {
	case PROOF_NONE:
		break;
	case PROOF_MARTIAN:
		if (routing)
			proven(out, CAUSE_MARTIAN);
		break;
	case PROOF_MARTIAN_SOURCE:
		if (!routing)
			break;
		out->evident = true;
		out->n_causes = 0;
		outcome_cause(out, CAUSE_MARTIAN);
		outcome_cause(out, CAUSE_RP_FILTER);
		break;
	case PROOF_ICMP:
		refine_icmp(in, out);
		break;
	case PROOF_RESET:
		refine_reset(in, out);
		break;
	case PROOF_REASSEMBLED:
		out->state = PACKET_DELIVERED;
		out->evident = true;
		out->n_causes = 0;
		break;
	}
}

void outcome_decide(const struct outcome_in *in, struct packet_outcome *out)
{
	memset(out, 0, sizeof(*out));
	switch (in->verdict) {
	case VERDICT_DROP:
		dropped(in, out);
		break;
	case VERDICT_QUEUE:
		dropped(in, out);
		outcome_cause(out, CAUSE_QUEUE);
		break;
	case VERDICT_GOES_ON:
		out->state = PACKET_UNFINISHED;
		break;
	default:
		by_place(in, out);
	}
	refine(in, out);
	if (out->state != PACKET_VANISHED) {
		out->n_expected = 0;
		memset(out->expected, 0, sizeof(out->expected));
	}
}
