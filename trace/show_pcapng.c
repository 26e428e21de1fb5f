// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets as a capture for Wireshark: headers as logged, the path as comment. */
#include <stdlib.h>
#include <string.h>

#include "lib/pcapng.h"
#include "trace/explained.h"
#include "trace/fmt.h"
#include "trace/rebuild.h"
#include "trace/render.h"

#define INTERFACES 256 /* named ones; the rest share one without a name for each link type */

struct show_pcapng {
	const struct render_opts *opts;
	struct {
		const char *host, *dev; /* interned; NULL: any */
		bool ethernet;
	} ifs[INTERFACES + 2];
	unsigned n_ifs;
	char comment[NP_PCAPNG_COMMENT_MAX];
};

static void *start(const struct render_opts *opts)
{
	struct show_pcapng *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->opts = opts;
	np_pcapng_begin(opts->out->fp, "pkttrace");
	return s;
}

/* The interface of a packet, "HOST DEV"; described in the file when first met. */
static uint32_t interface_of(struct show_pcapng *s, const struct np_trace_event *ev, bool ethernet)
{
	const char *host = ev->host, *dev = ev->in && *ev->in ? ev->in : ev->out;
	char name[256];
	unsigned i;

	for (i = 0; i < s->n_ifs; i++) {
		if (s->ifs[i].host == host && s->ifs[i].dev == dev &&
			s->ifs[i].ethernet == ethernet)
			return i;
	}
	if (s->n_ifs >= INTERFACES) {
		host = dev = NULL;
		for (i = INTERFACES; i < s->n_ifs; i++) {
			if (s->ifs[i].ethernet == ethernet)
				return i;
		}
	}
	s->ifs[i].host = host;
	s->ifs[i].dev = dev;
	s->ifs[i].ethernet = ethernet;
	s->n_ifs++;
	snprintf(name, sizeof(name), "%s%s%s", host ? host : "", host && *host ? " " : "",
		dev && *dev ? dev : "any");
	np_pcapng_interface(s->opts->out->fp, ethernet ? NP_LINKTYPE_ETHERNET : NP_LINKTYPE_RAW,
		name);
	return i;
}

/* Text that is cut when the buffer is full. */
struct comment {
	char *buf;
	size_t len;
};

static void add(struct comment *c, const char *s)
{
	size_t len = strlen(s), room = NP_PCAPNG_COMMENT_MAX - 1 - c->len;

	if (len > room)
		len = room;
	memcpy(c->buf + c->len, s, len);
	c->len += len;
	c->buf[c->len] = '\0';
}

static void add_nat(struct comment *c, const char *what, uint8_t family, const uint8_t *from,
	const uint8_t *to)
{
	char buf[FMT_ADDR];

	add(c, what);
	fmt_addr(buf, family, from);
	add(c, buf);
	add(c, " to ");
	fmt_addr(buf, family, to);
	add(c, buf);
}

static void add_routing(struct comment *c, const struct packet_routing *r)
{
	char buf[FMT_NUM];

	if (!r || !r->has_rule || r->fit != FIT_AS_LOGGED)
		return;
	fmt_uint(buf, r->priority);
	add(c, "\nrouting: rule ");
	add(c, buf);
	add(c, " ");
	add(c, r->rule.b);
	add(c, ": ");
	add(c, r->route.b);
}

/* "ceph4: sent after nat:POSTROUTING:policy:10; dst 10.43.206.251 to 10.0.1.12" and the steps. */
static void describe(struct comment *c, const struct packet *p)
{
	const struct np_trace_event *first = packet_first(p);
	const struct packet_explained *x = p->explained;
	const char *out = packet_first(p)->out;
	char buf[FMT_PLACE];

	if (first->host && *first->host) {
		add(c, first->host);
		add(c, ": ");
	}
	add(c, packet_state_name(p->outcome.state));
	add(c, p->outcome.state == PACKET_DROPPED ? " at " : " after ");
	fmt_place(buf, packet_last(p));
	add(c, buf);
	if (p->dnat)
		add_nat(c, "; dst ", first->hdr.family, p->dst_from, p->dst_to);
	if (p->snat)
		add_nat(c, "; src ", first->hdr.family, p->src_from, p->src_to);
	for (unsigned i = 0; i < p->outcome.n_expected; i++) {
		add(c, i ? " or " : "; expected ");
		add(c, p->outcome.expected[i]);
	}
	if (explained_loss(x)) {
		add(c, "; ");
		add(c, explained_loss(x));
	}
	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct np_trace_event *ev = &p->steps[i].ev;

		add_routing(c, explained_before(x, i));
		add(c, "\n");
		fmt_place(buf, ev);
		add(c, buf);
		if (ev->out && *ev->out && ev->out != out) {
			add(c, " out ");
			add(c, ev->out);
			out = ev->out;
		}
		if (p->steps[i].target) {
			add(c, " ");
			add(c, p->steps[i].target);
		}
	}
}

static int packet(void *state, const struct packet *p)
{
	struct show_pcapng *s = state;
	const struct np_trace_event *ev = packet_first(p);
	struct comment c = { .buf = s->comment };
	uint8_t data[REBUILD_MAX];
	uint32_t cap, orig, interface;
	bool ethernet;

	if (rebuild_packet(ev, data, &cap, &orig, &ethernet))
		return 0; /* a line that was cut before its addresses: nothing to show */
	interface = interface_of(s, ev, ethernet);
	describe(&c, p);
	np_pcapng_packet(s->opts->out->fp, interface,
		ev->set & NP_TEV_WALL ? ev->wall_us : ev->set & NP_TEV_UPTIME ? ev->uptime_us : 0,
		data, cap, orig, c.buf);
	return 0;
}

static int end(void *state, const struct render_counts *counts)
{
	(void)state;
	(void)counts;
	return 0;
}

const struct renderer render_pcapng = {
	.start = start, .packet = packet, .end = end, .free = free,
};
