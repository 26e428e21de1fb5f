// SPDX-License-Identifier: GPL-2.0-or-later
/* What the routing model says about a packet, among the lines of its timeline. */
#include "trace/explained.h"
#include "trace/fmt.h"
#include "trace/show_text.h"

#define COL_WHAT 62 /* what a remedy does */

/* "rule 100 from 192.168.235.13 lookup 100 → 10.0.1.0/24 dev enp5s0" */
static void put_rule(struct text *t, const struct packet_routing *r)
{
	text_put(t, "rule ");
	text_uint(t, r->priority);
	text_put(t, " ");
	text_put(t, r->rule.b);
	if (!r->has_route)
		return;
	text_glyph(t, " → ", " > ");
	text_put(t, r->route.b);
}

void show_text_routing(struct text *t, const struct packet_routing *r, bool alone)
{
	text_gap(t, 2);
	if (alone)
		text_glyph(t, "── ", "-- ");
	else
		text_put(t, "   ");
	text_put(t, "routing: ");
	if (r->fit == FIT_CHANGED) {
		text_styled(t, NP_STYLE_WARN, "today it would be otherwise: ");
		text_put(t, r->says.b);
		if (r->has_rule) {
			text_put(t, " (");
			put_rule(t, r);
			text_put(t, ")");
		}
	} else if (r->has_rule) {
		put_rule(t, r);
	} else {
		text_put(t, r->says.b);
	}
	if (r->kernel == KERNEL_DISAGREES) {
		text_gap(t, 2);
		text_styled(t, NP_STYLE_BAD, r->asked.b);
	}
	text_end(t);
}

static void put_fact(struct text *t, const char *name, const char *fact)
{
	text_put(t, "    ");
	text_put(t, name);
	text_put(t, fact);
	text_end(t);
}

static void put_remedies(struct text *t, const struct packet_explained *x)
{
	for (size_t i = 0; i < x->n_remedies; i++) {
		text_put(t, i ? "      or: " : "    cure: ");
		text_styled(t, NP_STYLE_NAME, x->remedies[i].command);
		if (x->remedies[i].command[0])
			text_to(t, COL_WHAT, 2);
		text_put(t, x->remedies[i].what);
		text_end(t);
	}
}

static void put_unless(struct text *t, const struct packet *p)
{
	char place[FMT_PLACE];

	switch (p->explained->unless) {
	case UNLESS_NOTHING:
		return;
	case UNLESS_RULE:
		fmt_place(place, packet_last(p));
		text_put(t, "    unless ");
		text_put(t, place);
		text_put(t, ", its last line, rewrote it: --rules tells");
		break;
	case UNLESS_REPLY:
		text_put(t, "    unless it was an answer that connection tracking translated back: "
			"no line tells");
		break;
	}
	text_end(t);
}

static void put_lookup(struct text *t, const struct packet_routing *r)
{
	if (!r->has_rule)
		return;
	text_put(t, "    routing: ");
	put_rule(t, r);
	text_end(t);
}

/* The kernel's answer to the lookup of such a packet is an error whatever becomes of it. */
static void put_not_joined(struct text *t, const struct packet *p)
{
	const struct np_trace_event *last = packet_last(p);
	char addr[FMT_ADDR], ask[64];

	fmt_addr(addr, last->hdr.family, last->hdr.dst);
	text_styled(t, NP_STYLE_BAD, packet_cause_text(CAUSE_NOT_JOINED));
	text_put(t, ": ");
	text_put(t, addr);
	text_put(t, " on ");
	text_put(t, last->in);
	text_put(t, " is for others");
	text_end(t);
	if (packet_ask(p, CAUSE_NOT_JOINED, ask, sizeof(ask)))
		put_fact(t, "ask: ", ask);
}

void show_text_answer(struct text *t, const struct packet *p)
{
	const struct packet_explained *x = p->explained;

	if (p->outcome.causes[0] == CAUSE_NOT_JOINED) {
		put_not_joined(t, p);
		return;
	}
	if (np_verdict_passes(x->lost->verdict) && p->outcome.causes[0] == CAUSE_MTU) {
		text_styled(t, NP_STYLE_BAD, packet_cause_text(CAUSE_MTU));
		text_put(t, ": it is of ");
		text_uint(t, packet_last(p)->hdr.len);
		text_put(t, " bytes, and the mtu is ");
		text_uint(t, x->mtu);
	} else if (np_verdict_passes(x->lost->verdict)) {
		text_styled(t, NP_STYLE_BAD, packet_cause_text(p->outcome.causes[0]));
		text_put(t, ": it was to be forwarded, and came with a TTL of ");
		text_uint(t, packet_last(p)->hdr.ttl);
	} else {
		text_styled(t, NP_STYLE_BAD, x->lost->says.b);
	}
	text_end(t);
	if (x->way_back.n)
		put_fact(t, "way back: ", x->way_back.b);
	put_lookup(t, x->lost);
	put_unless(t, p);
	put_remedies(t, x);
	put_fact(t, "", x->lost->asked.b);
}

void show_text_no_answer(struct text *t, const struct packet *p)
{
	const struct packet_explained *x = p->explained;

	if (x->not_asked) {
		text_put(t, "    The routing cannot be asked: ");
		text_put(t, x->not_asked);
		if (x->not_asked_dev) {
			text_put(t, ": ");
			text_styled(t, NP_STYLE_NAME, x->not_asked_dev);
		}
		text_end(t);
	}
	if (!x->lost)
		return;
	text_put(t, "    The routing model lets it pass today: ");
	text_put(t, x->lost->says.b);
	text_put(t, " (");
	text_put(t, x->lost->asked.b);
	text_put(t, ")");
	text_end(t);
	put_lookup(t, x->lost);
	put_unless(t, p);
}
