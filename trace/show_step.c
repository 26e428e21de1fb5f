// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of a timeline: hooks, steps, and what happens between them. */

#include "trace/fmt.h"
#include "trace/show_text.h"
#include "trace/text_words.h"

#define ADDRESSES (STEP_SRC | STEP_DST | STEP_SPORT | STEP_DPORT)
#define BY_RULE (ADDRESSES | STEP_MARK | STEP_TOS | STEP_LEN | STEP_ID | STEP_SEQ)

/* The arrow between an old and a new value. */
static void put_becomes(struct text *t)
{
	text_glyph(t, " ⇒ ", " => ");
}

static void put_pair(struct text *t, const char *name, const char *from, const char *to)
{
	text_put(t, name);
	text_put(t, from);
	put_becomes(t);
	text_put(t, to);
	text_gap(t, 2);
}

static void put_pair_uint(struct text *t, const char *name, uint64_t from, uint64_t to)
{
	char a[FMT_NUM], b[FMT_NUM];

	fmt_uint(a, from);
	fmt_uint(b, to);
	put_pair(t, name, a, b);
}

static void put_pair_hex(struct text *t, const char *name, uint64_t from, uint64_t to)
{
	char a[FMT_NUM], b[FMT_NUM];

	fmt_hex(a, from);
	fmt_hex(b, to);
	put_pair(t, name, a, b);
}

/* One end of the tuple: the address, with its port where that changed as well. */
static void put_pair_end(struct text *t, const char *name, uint8_t family, bool addr, bool port,
	const uint8_t *addr_from, const uint8_t *addr_to, uint16_t port_from, uint16_t port_to)
{
	char a[FMT_ADDR], b[FMT_ADDR];

	if (addr && port) {
		fmt_endpoint(a, family, addr_from, port_from);
		fmt_endpoint(b, family, addr_to, port_to);
	} else if (addr) {
		fmt_addr(a, family, addr_from);
		fmt_addr(b, family, addr_to);
	} else if (port) {
		a[0] = b[0] = ':';
		fmt_uint(a + 1, port_from);
		fmt_uint(b + 1, port_to);
	} else {
		return;
	}
	put_pair(t, name, a, b);
}

static void put_addresses(struct text *t, const struct packet_step *st, const char *dst,
	const char *src)
{
	const struct np_hdr *a = &st[-1].ev.hdr, *b = &st->ev.hdr;
	uint32_t c = st->changes;

	put_pair_end(t, dst, b->family, c & STEP_DST, c & STEP_DPORT, a->dst, b->dst, a->dport,
		b->dport);
	put_pair_end(t, src, b->family, c & STEP_SRC, c & STEP_SPORT, a->src, b->src, a->sport,
		b->sport);
}

static void put_others(struct text *t, const struct packet_step *st)
{
	const struct np_trace_event *a = &st[-1].ev, *b = &st->ev;
	uint32_t c = st->changes;

	if (c & STEP_MARK)
		put_pair_hex(t, "mark ", a->set & NP_TEV_MARK ? a->mark : 0,
			b->set & NP_TEV_MARK ? b->mark : 0);
	if (c & STEP_TOS)
		put_pair_hex(t, "TOS ", a->hdr.tos, b->hdr.tos);
	if (c & STEP_LEN)
		put_pair_uint(t, "length ", a->hdr.len, b->hdr.len);
	if (c & STEP_ID)
		put_pair_uint(t, "id ", a->hdr.id, b->hdr.id);
	if (c & STEP_SEQ)
		put_pair_uint(t, "seq ", a->hdr.seq, b->hdr.seq);
}

/*
 * A rule's line is printed before its target runs, so that what it changed shows
 * on the next line: it is drawn at the rule. What no rule can have done is drawn
 * between the two lines.
 */
static uint32_t done_by_step(const struct packet *p, uint32_t i)
{
	const struct packet_step *st = &p->steps[i];
	uint32_t c;

	if (i + 1 >= p->n_steps)
		return 0;
	c = st[1].changes & BY_RULE;
	if (st[1].before & (STEP_GAP | STEP_LOOPED | STEP_IPVS | STEP_UNNAT | STEP_WRAPPED))
		c = 0;
	if (st->ev.type != NP_TRACE_RULE)
		c = 0;
	if ((c & ADDRESSES) && !np_table_translates(st->ev.table) && !(st->ev.set & NP_TEV_NAT))
		c &= ~(uint32_t)ADDRESSES;
	return c;
}

static bool is_call(const struct packet *p, uint32_t i)
{
	const struct packet_step *st = &p->steps[i];

	return i + 1 < p->n_steps && st->ev.type == NP_TRACE_RULE &&
		!(st[1].before & STEP_NEW_HOOK) && st->ev.table == st[1].ev.table &&
		(st[1].depth > st->depth || (st[1].before & STEP_GOTO));
}

#define RULE_LEAST 24  /* columns that a rule's text should have */
#define RULE_INDENT 12 /* of one that needs a line of its own */

/* Cut at the terminal's edge; on the next line where too little of this one is left. */
static void put_rule(struct text *t, const char *rule)
{
	unsigned width = t->out->width, at = t->col + t->gap;

	if (width && at + RULE_LEAST > width && at + text_cols(rule) > width) {
		text_end(t);
		text_to(t, RULE_INDENT < width / 2 ? RULE_INDENT : 0, 0);
	}
	at = t->col + t->gap;
	text_on(t, NP_STYLE_DIM);
	if (width)
		text_put_cut(t, rule, width > at ? width - at : 1);
	else
		text_put(t, rule);
	text_off(t);
}

static void put_done(struct text *t, const struct packet *p, uint32_t i)
{
	const struct packet_step *st = &p->steps[i];
	uint32_t c = done_by_step(p, i);
	const char *target = st->target;
	bool call = is_call(p, i);

	if (call && !st->ev.rule) {
		text_glyph(t, "→ ", "> ");
		text_styled(t, NP_STYLE_NAME, st[1].ev.chain);
		text_gap(t, 2);
		if (st[1].before & STEP_GOTO)
			text_put(t, "(goto)");
		text_gap(t, 2);
	}
	text_on(t, NP_STYLE_CHANGE);
	if (c & ADDRESSES) {
		bool named = target && !call;
		bool dst = c & (STEP_DST | STEP_DPORT);

		text_put(t, named ? target : dst ? "DNAT" : "SNAT");
		text_gap(t, 2);
		put_addresses(t, st + 1, "", dst ? "SNAT  " : "");
	}
	if (c & ~(uint32_t)ADDRESSES)
		put_others(t, st + 1);
	text_off(t);
	if (target && !call && !(c & ADDRESSES) && !st->ev.rule) {
		bool last = i + 1 == p->n_steps && p->outcome.state == PACKET_DROPPED;

		text_styled(t, last ? NP_STYLE_BAD : NP_STYLE_PLAIN, target);
	}
	if (st->ev.rule)
		put_rule(t, st->ev.rule);
}

void show_text_step(struct text *t, const struct packet *p, uint32_t i)
{
	const struct packet_step *st = &p->steps[i];
	const struct np_trace_event *ev = &st->ev;
	char buf[FMT_NUM];

	if (st->offset_us >= 0) {
		unsigned len = (unsigned)fmt_int(buf, st->offset_us);

		text_to(t, len < COL_OFFSET ? COL_OFFSET - len : 0, 0);
		text_put(t, buf);
	}
	text_to(t, COL_TABLE, 2);
	if (st->depth) {
		text_to(t, COL_CHAIN + 2u * st->depth, 2);
		text_glyph(t, "└ ", "|- ");
	} else {
		text_put(t, ev->table);
		text_to(t, COL_CHAIN, 2);
	}
	text_put(t, ev->chain);
	text_to(t, COL_EVENT, 2);
	text_put(t, np_trace_type_name(ev->type));
	if (ev->set & NP_TEV_NUMBER) {
		text_gap(t, 1);
		text_uint(t, ev->number);
	}
	if (st->target || ev->rule || done_by_step(p, i) || is_call(p, i)) {
		/* not written before something follows: a rule's text may need its own line */
		text_gap(t, t->col + 1 < COL_DID ? COL_DID - t->col : 1);
		put_done(t, p, i);
	}
	text_end(t);
}

static void put_dev(struct text *t, const char *what, const char *dev, const char *port)
{
	if (!dev || !*dev)
		dev = NULL;
	if (!dev && !(port && *port))
		return;
	text_put(t, what);
	if (dev)
		text_styled(t, NP_STYLE_NAME, dev);
	if (port && *port) {
		text_put(t, dev ? " port " : "port ");
		text_styled(t, NP_STYLE_NAME, port);
	}
	text_gap(t, 2);
}

void show_text_hook(struct text *t, const struct packet *p, uint32_t i)
{
	const struct packet_step *st = &p->steps[i];
	const struct np_trace_event *ev = &st->ev;

	text_gap(t, 2);
	text_styled(t, NP_STYLE_BOLD, np_hook_name(st->hook));
	text_to(t, 19, 2);
	put_dev(t, "in ", ev->in, ev->physin);
	put_dev(t, "out ", ev->out, ev->physout);
	if (i && (st->changes & STEP_TTL))
		put_pair_uint(t, "TTL ", st[-1].ev.hdr.ttl, ev->hdr.ttl);
	text_end(t);
}

static void line_on(struct text *t)
{
	text_gap(t, 2);
	text_on(t, NP_STYLE_CHANGE);
	text_glyph(t, "── ", "-- ");
}

static void line_end(struct text *t)
{
	text_off(t);
	text_end(t);
}

static void line(struct text *t, const char *what)
{
	line_on(t);
	text_put(t, what);
	line_end(t);
}

static void put_routed(struct text *t, const struct packet_step *st)
{
	const char *out = st->ev.out;

	line_on(t);
	if (st->before & STEP_REROUTED) {
		const char *old = st[-1].ev.out;

		put_pair(t, "routed again: out ", old && *old ? old : "?", out && *out ? out : "?");
	} else {
		bool local = st->hook == NP_HOOK_INPUT;

		text_put(t, local ? "routed: for this host" : "routed: out ");
		if (!local)
			text_put(t, out && *out ? out : "?");
	}
	line_end(t);
}

static void put_wrapped(struct text *t, const struct np_hdr *outer)
{
	char from[FMT_ADDR];

	line_on(t);
	text_put(t, "wrapped in ");
	text_put(t, packet_wrap_name(outer));
	text_put(t, " to ");
	text_end_of(t, outer, outer->dst, outer->dport);
	text_put(t, ", from ");
	fmt_addr(from, outer->family, outer->src);
	text_put(t, from);
	line_end(t);
}

void show_text_between(struct text *t, const struct packet *p, uint32_t i)
{
	const struct packet_step *st = &p->steps[i];
	uint32_t left = st->changes & BY_RULE & ~done_by_step(p, i - 1);

	if (st->before & STEP_GAP)
		line(t, "lines are missing here");
	if (st->before & STEP_LOOPED)
		line(t, "out by lo, and in again");
	if (st->before & STEP_IPVS)
		line(t, "taken by IPVS");
	if (st->before & STEP_WRAPPED)
		put_wrapped(t, &st->ev.hdr);
	if (left) {
		line_on(t);
		text_put(t, st->before & STEP_UNNAT ? "a reply, translated back: " : "changed: ");
		if (left & ADDRESSES)
			put_addresses(t, st, "dst ", "src ");
		if (left & ~(uint32_t)ADDRESSES)
			put_others(t, st);
		line_end(t);
	}
	if ((st->before & STEP_ROUTED) && packet_is_bridged(p, i))
		line(t, "passed on by the bridge");
	else if (st->before & (STEP_REROUTED | STEP_ROUTED))
		put_routed(t, st);
	if ((st->changes & STEP_TTL) && !(st->before & STEP_NEW_HOOK)) {
		line_on(t);
		put_pair_uint(t, "TTL ", st[-1].ev.hdr.ttl, st->ev.hdr.ttl);
		line_end(t);
	}
}
