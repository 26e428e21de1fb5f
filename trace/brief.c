// SPDX-License-Identifier: GPL-2.0-or-later
/* A packet as one line, for grep and eyes. */
#include <stdio.h>
#include <stdlib.h>

#include "trace/explained.h"
#include "trace/fmt.h"
#include "trace/render.h"
#include "trace/text_words.h"

/*
 * Columns, each with the width that it begins with, and how far it may grow: it
 * keeps what a longer packet has asked for, so that lines stay aligned. What is
 * longer still shifts its own line alone.
 */
enum { PAD_PROTO, PAD_TUPLE, PAD_FLAGS, PAD_ID, PAD_WAY, PAD_STATE, PADS };

static const struct {
	unsigned width, most;
} pads[PADS] = {
	[PAD_PROTO] = { 4, 9 },  [PAD_TUPLE] = { 43, 95 }, [PAD_FLAGS] = { 7, 28 },
	[PAD_ID] = { 8, 13 },    [PAD_WAY] = { 28, 64 },   [PAD_STATE] = { 10, 10 },
};

struct brief {
	const struct render_opts *opts;
	struct text t;
	unsigned width[PADS];
};

static void *start(const struct render_opts *opts)
{
	struct brief *s = calloc(1, sizeof(*s));

	if (s) {
		s->opts = opts;
		s->t.out = opts->out;
		for (unsigned i = 0; i < PADS; i++)
			s->width[i] = pads[i].width;
	}
	return s;
}

/* The end of a column that began at from. */
static void pad(struct brief *s, unsigned from, unsigned which)
{
	unsigned used = s->t.col - from + 1;

	if (used > s->width[which])
		s->width[which] = used < pads[which].most ? used : pads[which].most;
	text_to(&s->t, from + s->width[which], 1);
}

static void put_tuple(struct brief *s, const struct np_hdr *h)
{
	struct text *t = &s->t;
	unsigned from = t->col;

	text_proto(t, h);
	pad(s, from, PAD_PROTO);
	from = t->col;
	if (h->set & NP_HDR_ADDR) {
		text_end_of(t, h, h->src, h->sport);
		text_put(t, ">");
		text_end_of(t, h, h->dst, h->dport);
	}
	pad(s, from, PAD_TUPLE);
}

/* "port-unreachable", "type=42/1": a word, as all fields. */
static void put_icmp(struct text *t, const struct np_hdr *h)
{
	bool says_code;
	const char *name = fmt_icmp(h->family, h->icmp_type, h->icmp_code, &says_code);
	char buf[40];

	if (name) {
		snprintf(buf, sizeof(buf), "%s", name);
		for (char *c = buf; *c; c++) {
			if (*c == ' ')
				*c = '-';
		}
		text_put(t, buf);
	} else {
		text_put(t, "type=");
		text_uint(t, h->icmp_type);
	}
	if (says_code)
		return;
	text_put(t, "/");
	text_uint(t, h->icmp_code);
}

/* TCP flags by comma, so that a field is a word; an ICMP type. */
static void put_flags(struct brief *s, const struct np_hdr *h)
{
	struct text *t = &s->t;
	unsigned from = t->col;
	char buf[FMT_FLAGS];

	if (h->set & NP_HDR_WINDOW) {
		fmt_flags(buf, h->tcp_flags);
		for (char *c = buf; *c; c++) {
			if (*c == ' ')
				*c = ',';
		}
		text_put(t, buf);
	} else if (h->set & NP_HDR_ICMP) {
		put_icmp(t, h);
	}
	pad(s, from, PAD_FLAGS);
	from = t->col;
	if (h->set & NP_HDR_ID) {
		text_put(t, "id=");
		text_uint(t, h->id);
	}
	pad(s, from, PAD_ID);
}

static void put_nat(struct text *t, const char *key, uint8_t family, bool addr, bool port,
	const uint8_t *to, uint16_t port_to)
{
	char buf[FMT_ADDR];

	if (!addr && !port)
		return;
	text_put(t, key);
	if (!addr) {
		text_put(t, ":");
		text_uint(t, port_to);
	} else {
		if (port)
			fmt_endpoint(buf, family, to, port_to);
		else
			fmt_addr(buf, family, to);
		text_put(t, buf);
	}
	text_gap(t, 1);
}

/* What was rewritten, and the interfaces: in of the first line, out of the last that has one. */
static void put_way(struct brief *s, const struct packet *p)
{
	struct text *t = &s->t;
	const struct np_trace_event *first = packet_first(p), *last = packet_last(p);
	uint8_t family = first->hdr.family;
	unsigned from = t->col;

	put_nat(t, "dnat=", family, p->dnat, p->dnat_port, p->dst_to, p->dport_to);
	put_nat(t, "snat=", family, p->snat, p->snat_port, p->src_to, p->sport_to);
	if (first->in && *first->in) {
		text_put(t, "in=");
		text_put(t, first->in);
		text_gap(t, 1);
	}
	if (last->out && *last->out) {
		text_put(t, "out=");
		text_put(t, last->out);
		text_gap(t, 1);
	}
	pad(s, from, PAD_WAY);
}

static void put_cause(struct text *t, const struct packet *p)
{
	const char *why = explained_end(p);

	if (!why)
		return;
	text_put(t, ": ");
	text_put(t, why);
}

/* "15 steps"; live, signs that a hook was passed are none: "4 hooks" where no rule was met. */
static void put_steps(struct text *t, const struct packet *p)
{
	uint32_t steps = 0, hooks = 0;

	for (uint32_t i = 0; i < p->n_steps; i++) {
		steps += p->steps[i].ev.type != NP_TRACE_HOOK;
		hooks += (p->steps[i].before & STEP_NEW_HOOK) != 0;
	}
	text_uint(t, steps ? steps : hooks);
	text_put(t, steps ? " step" : " hook");
	text_put(t, (steps ? steps : hooks) == 1 ? "" : "s");
}

static void put_outcome(struct brief *s, const struct packet *p)
{
	struct text *t = &s->t;
	enum packet_state state = p->outcome.state;
	unsigned from = t->col;
	char buf[FMT_PLACE];

	text_styled(t, text_state_style(state), packet_state_name(state));
	pad(s, from, PAD_STATE);
	if (state == PACKET_SENT || state == PACKET_DELIVERED) {
		put_steps(t, p);
	} else {
		text_put(t, state == PACKET_DROPPED ? "at " : "after ");
		fmt_place(buf, packet_last(p));
		text_put(t, buf);
		put_cause(t, p);
	}
}

static int packet(void *state, const struct packet *p)
{
	struct brief *s = state;
	const struct np_trace_event *ev = packet_first(p);
	struct text *t = &s->t;

	if (text_time(t, s->opts->utc, ev))
		text_gap(t, 1);
	if (ev->host && *ev->host) {
		text_put(t, ev->host);
		text_gap(t, 1);
	}
	put_tuple(s, &ev->hdr);
	put_flags(s, &ev->hdr);
	put_way(s, p);
	put_outcome(s, p);
	text_end(t);
	return 0;
}

static int end(void *state, const struct render_counts *counts)
{
	(void)state;
	(void)counts;
	return 0;
}

const struct renderer render_brief = { .start = start, .packet = packet, .end = end, .free = free };
