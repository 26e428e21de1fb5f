// SPDX-License-Identifier: GPL-2.0-or-later
/* A packet as a timeline for people. */
#include "trace/show_text.h"

#include <stdlib.h>

#include "trace/explained.h"
#include "trace/fmt.h"
#include "trace/render.h"
#include "trace/text_words.h"

#define JOURNEYS 64 /* the latest ones whose hosts are remembered */

struct show_text {
	const struct render_opts *opts;
	struct text t;
	bool some;
	struct {
		uint64_t journey;
		const char *host; /* where it was seen first */
	} seen[JOURNEYS];
};

static void *start(const struct render_opts *opts)
{
	struct show_text *s = calloc(1, sizeof(*s));

	if (s) {
		s->opts = opts;
		s->t.out = opts->out;
	}
	return s;
}

static void put_icmp(struct text *t, const struct np_hdr *h)
{
	bool says_code;
	const char *name = fmt_icmp(h->family, h->icmp_type, h->icmp_code, &says_code);

	if (name) {
		text_put(t, name);
	} else {
		text_put(t, "type ");
		text_uint(t, h->icmp_type);
	}
	if (!says_code) {
		text_put(t, " code ");
		text_uint(t, h->icmp_code);
	}
	if (h->set & NP_HDR_ICMP_ID) {
		text_gap(t, 1);
		text_uint(t, h->icmp_id);
		text_put(t, " seq ");
		text_uint(t, h->icmp_seq);
	}
	if (h->set & NP_HDR_MTU) {
		text_put(t, " mtu ");
		text_uint(t, h->mtu);
	}
	text_gap(t, 2);
}

/* "TCP 192.168.235.13:18130 → 10.43.206.251:8081  SYN  60 bytes  id 57266  " */
static void put_hdr(struct text *t, const struct np_hdr *h)
{
	char buf[FMT_FLAGS];

	if (h->set & NP_HDR_PROTO) {
		if (!np_proto_name(h->proto))
			text_put(t, "protocol ");
		text_proto(t, h);
		text_gap(t, 1);
	}
	if (h->set & NP_HDR_ADDR) {
		text_end_of(t, h, h->src, h->sport);
		text_glyph(t, " → ", " > ");
		text_end_of(t, h, h->dst, h->dport);
		text_gap(t, 2);
	}
	if ((h->set & NP_HDR_WINDOW) && h->tcp_flags) {
		fmt_flags(buf, h->tcp_flags);
		text_put(t, buf);
		text_gap(t, 2);
	}
	if (h->set & NP_HDR_ICMP)
		put_icmp(t, h);
	if (h->set & NP_HDR_SPI) {
		fmt_hex(buf, h->spi);
		text_put(t, "spi ");
		text_put(t, buf);
		text_gap(t, 2);
	}
	if (h->set & NP_HDR_LEN) {
		text_uint(t, h->len);
		text_put(t, " bytes");
		text_gap(t, 2);
	}
	if (h->set & NP_HDR_FRAG) {
		text_put(t, "fragment at ");
		text_uint(t, h->frag_off * 8u);
		text_gap(t, 2);
	}
	if (h->set & NP_HDR_ID) {
		text_put(t, "id ");
		text_uint(t, h->id);
		text_gap(t, 2);
	}
}

/* "nat:PREROUTING", or a hook alone. */
static void put_place(char *buf, size_t size, const struct np_trace_event *ev)
{
	snprintf(buf, size, "%s%s%s", ev->table, *ev->table ? ":" : "", ev->chain);
}

static void put_state(char *buf, size_t size, const struct text *t, const struct packet *p)
{
	const struct packet_step *last = &p->steps[p->n_steps - 1];
	const struct np_trace_event *ev = &last->ev;
	char took[FMT_NUM + 2] = "", number[FMT_NUM + 1] = "", place[FMT_PLACE];

	if (ev->set & NP_TEV_NUMBER) {
		number[0] = ' ';
		fmt_uint(number + 1, ev->number);
	}
	if (last->offset_us >= 0) {
		took[0] = ',';
		took[1] = ' ';
		fmt_duration(took + 2, last->offset_us, np_glyph(t->out, "µ", "u"));
	}
	switch (p->outcome.state) {
	case PACKET_SENT:
		snprintf(buf, size, ev->out && *ev->out ? "sent by %s%s" : "sent%s%s",
			ev->out ? ev->out : "", took);
		return;
	case PACKET_DELIVERED:
		snprintf(buf, size, "delivered%s", took);
		return;
	case PACKET_DROPPED:
		put_place(place, sizeof(place), ev);
		snprintf(buf, size, "DROPPED at %s %s%s%s", place, np_trace_type_name(ev->type),
			number, took);
		return;
	case PACKET_VANISHED:
		put_place(place, sizeof(place), ev);
		snprintf(buf, size, "VANISHED after %s%s", place, took);
		return;
	case PACKET_UNFINISHED:
		break;
	}
	put_place(place, sizeof(place), ev);
	snprintf(buf, size, "unfinished after %s%s", place, took);
}

static void put_header(struct show_text *s, const struct packet *p)
{
	const struct np_trace_event *ev = packet_first(p);
	unsigned right = s->opts->out->width ? s->opts->out->width : COL_RIGHT, cols;
	struct text *t = &s->t;
	char state[512];

	if (ev->host && *ev->host) {
		text_styled(t, NP_STYLE_BOLD, ev->host);
		text_gap(t, 2);
	}
	if (text_time(t, s->opts->utc, ev))
		text_gap(t, 2);
	put_hdr(t, &ev->hdr);
	put_state(state, sizeof(state), t, p);
	cols = text_cols(state);
	text_to(t, right > cols ? right - cols : 0, 2);
	text_styled(t, text_state_style(p->outcome.state), state);
	text_end(t);
	if (ev->set & NP_TEV_QUOTED) {
		text_put(t, "  about ");
		put_hdr(t, &ev->quoted);
		text_end(t);
	}
}

/* The hosts of a journey come one after the other: the first is remembered for the next. */
static void put_journey(struct show_text *s, const struct packet *p)
{
	const char *host = packet_first(p)->host, *first = NULL;
	struct text *t = &s->t;
	unsigned at = (unsigned)(p->journey % JOURNEYS);

	if (!p->journey)
		return;
	if (s->seen[at].journey == p->journey) {
		first = s->seen[at].host;
	} else {
		s->seen[at].journey = p->journey;
		s->seen[at].host = host;
	}
	text_put(t, "  journey ");
	text_uint(t, p->journey);
	if (first && *first) {
		text_put(t, ": the same packet as on ");
		text_styled(t, NP_STYLE_BOLD, first);
		text_put(t, " above");
	} else if (first) {
		text_put(t, ": the same packet as above, on another host");
	} else {
		text_put(t, ": more of it on another host, below");
	}
	text_end(t);
}

static int packet(void *state, const struct packet *p)
{
	struct show_text *s = state;
	struct text *t = &s->t;

	if (s->some)
		text_end(t);
	s->some = true;
	put_header(s, p);
	put_journey(s, p);
	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct packet_routing *r = explained_before(p->explained, i);

		if (i)
			show_text_between(t, p, i);
		if (r)
			show_text_routing(t, r, !i);
		show_text_lookups(t, p, i);
		if (p->steps[i].before & STEP_NEW_HOOK || !i)
			show_text_hook(t, p, i);
		if (p->steps[i].ev.type != NP_TRACE_HOOK)
			show_text_step(t, p, i);
	}
	if (p->outcome.state == PACKET_VANISHED)
		show_text_why(t, p);
	else if (p->outcome.state == PACKET_UNFINISHED)
		show_text_unfinished(t, p);
	return 0;
}

static int end(void *state, const struct render_counts *counts)
{
	(void)state;
	(void)counts;
	return 0;
}

const struct renderer render_text = { .start = start, .packet = packet, .end = end, .free = free };
