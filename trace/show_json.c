// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A packet as JSON: the schema of pkttrace(8). What a line did not say is left
 * out; an interface that the kernel printed as empty is null.
 */
#include <stdlib.h>
#include <sys/socket.h>

#include "lib/json_write.h"
#include "trace/fmt.h"
#include "trace/render.h"
#include "trace/show_json_explain.h"

struct show_json {
	const struct render_opts *opts;
	struct np_json j;
};

static void *start(const struct render_opts *opts)
{
	struct show_json *s = malloc(sizeof(*s));

	if (!s)
		return NULL;
	s->opts = opts;
	np_json_init(&s->j, opts->out->fp, opts->pretty && !opts->lines);
	if (!opts->lines)
		np_json_open(&s->j, NULL, '[');
	return s;
}

static void put_addr(struct np_json *j, const char *key, uint8_t family, const uint8_t *addr)
{
	char buf[FMT_ADDR];

	np_json_strn(j, key, buf, fmt_addr(buf, family, addr));
}

/* key: NULL: the line did not say; "": the kernel printed none. */
static void put_dev(struct np_json *j, const char *key, const char *dev)
{
	if (dev && *dev)
		np_json_str(j, key, dev);
	else if (dev)
		np_json_null(j, key);
}

static void put_icmp(struct np_json *j, const struct np_hdr *h)
{
	if (!(h->set & NP_HDR_ICMP))
		return;
	np_json_open(j, "icmp", '{');
	np_json_uint(j, "type", h->icmp_type);
	np_json_uint(j, "code", h->icmp_code);
	if (h->set & NP_HDR_ICMP_ID) {
		np_json_uint(j, "id", h->icmp_id);
		np_json_uint(j, "seq", h->icmp_seq);
	}
	if (h->set & NP_HDR_MTU)
		np_json_uint(j, "mtu", h->mtu);
	if (h->set & NP_HDR_GATEWAY)
		put_addr(j, "gateway", h->family, h->gateway);
	if (h->set & NP_HDR_PARAM)
		np_json_uint(j, "parameter", h->param);
	np_json_close(j, '}');
}

static void put_ip_flags(struct np_json *j, const struct np_hdr *h)
{
	if (h->ip_flags & NP_IPF_CE)
		np_json_bool(j, "ce", true);
	if (h->ip_flags & NP_IPF_DF)
		np_json_bool(j, "df", true);
	if (h->ip_flags & NP_IPF_MF)
		np_json_bool(j, "mf", true);
}

/* The keys of a header: of the packet, or of the one an ICMP error quotes. */
static void put_hdr(struct np_json *j, const struct np_hdr *h)
{
	char buf[FMT_FLAGS];

	if (h->set & NP_HDR_ADDR)
		np_json_str(j, "family", h->family == AF_INET6 ? "ipv6" : "ipv4");
	if (h->set & NP_HDR_PROTO)
		np_json_strn(j, "protocol", buf, fmt_proto(buf, h->proto));
	if (h->set & NP_HDR_ADDR) {
		put_addr(j, "src", h->family, h->src);
		put_addr(j, "dst", h->family, h->dst);
	}
	if (h->set & NP_HDR_PORTS) {
		np_json_uint(j, "sport", h->sport);
		np_json_uint(j, "dport", h->dport);
	}
	if (h->set & NP_HDR_ID)
		np_json_uint(j, "id", h->id);
	if (h->set & NP_HDR_SEQ)
		np_json_uint(j, "seq", h->seq);
	if (h->set & NP_HDR_ACK)
		np_json_uint(j, "ack", h->ack);
	if (h->set & NP_HDR_WINDOW)
		np_json_strn(j, "flags", buf, fmt_flags(buf, h->tcp_flags));
	if (h->set & NP_HDR_LEN)
		np_json_uint(j, "len", h->len);
	if (h->set & NP_HDR_TTL)
		np_json_uint(j, "ttl", h->ttl);
	if (h->set & NP_HDR_TOS)
		np_json_uint(j, "tos", h->tos);
	if (h->set & NP_HDR_FRAG)
		np_json_uint(j, "frag_offset", h->frag_off * 8u);
	put_ip_flags(j, h);
	if (h->set & NP_HDR_SPI)
		np_json_uint(j, "spi", h->spi);
	put_icmp(j, h);
}

static void put_first(struct show_json *s, const struct packet *p)
{
	const struct np_trace_event *ev = packet_first(p);
	const struct packet_step *last = &p->steps[p->n_steps - 1];
	struct np_json *j = &s->j;
	char buf[FMT_TIME];

	if (ev->host && *ev->host)
		np_json_str(j, "host", ev->host);
	put_hdr(j, &ev->hdr);
	if (ev->set & NP_TEV_QUOTED) {
		np_json_open(j, "quoted", '{');
		put_hdr(j, &ev->quoted);
		np_json_close(j, '}');
	}
	if (ev->set & NP_TEV_MARK)
		np_json_uint(j, "mark", ev->mark);
	if (ev->set & NP_TEV_UID) {
		np_json_uint(j, "uid", ev->uid);
		np_json_uint(j, "gid", ev->gid);
	}
	if (s->opts->utc && (ev->set & NP_TEV_WALL))
		np_json_strn(j, "first_seen", buf, fmt_utc(buf, ev->wall_us));
	else if (*ev->stamp)
		np_json_str(j, "first_seen", ev->stamp);
	if (ev->set & NP_TEV_UPTIME) {
		fmt_seconds(buf, ev->uptime_us);
		np_json_raw(j, "uptime", buf);
	}
	if (last->offset_us >= 0)
		np_json_int(j, "duration_us", last->offset_us);
	if (p->journey)
		np_json_uint(j, "journey", p->journey);
	if (ev->file)
		np_json_str(j, "file", ev->file);
	if (ev->line)
		np_json_uint(j, "line", ev->line);
}

static void put_pair_uint(struct np_json *j, const char *key, uint64_t from, uint64_t to)
{
	np_json_open(j, key, '[');
	np_json_uint(j, NULL, from);
	np_json_uint(j, NULL, to);
	np_json_close(j, ']');
}

static void put_pair_addr(struct np_json *j, const char *key, uint8_t family, const uint8_t *from,
	const uint8_t *to)
{
	np_json_open(j, key, '[');
	put_addr(j, NULL, family, from);
	put_addr(j, NULL, family, to);
	np_json_close(j, ']');
}

static void put_pair_dev(struct np_json *j, const char *key, const char *from, const char *to)
{
	np_json_open(j, key, '[');
	put_dev(j, NULL, from ? from : "");
	put_dev(j, NULL, to ? to : "");
	np_json_close(j, ']');
}

static void put_changes(struct np_json *j, const struct packet_step *st)
{
	const struct np_trace_event *b = &st->ev, *a = &st[-1].ev;
	uint32_t c = st->changes;

	if (c & STEP_SRC)
		put_pair_addr(j, "src", b->hdr.family, a->hdr.src, b->hdr.src);
	if (c & STEP_DST)
		put_pair_addr(j, "dst", b->hdr.family, a->hdr.dst, b->hdr.dst);
	if (c & STEP_SPORT)
		put_pair_uint(j, "sport", a->hdr.sport, b->hdr.sport);
	if (c & STEP_DPORT)
		put_pair_uint(j, "dport", a->hdr.dport, b->hdr.dport);
	if (c & STEP_IN)
		put_pair_dev(j, "in", a->in, b->in);
	if (c & STEP_OUT)
		put_pair_dev(j, "out", a->out, b->out);
	if (c & STEP_PHYSIN)
		put_pair_dev(j, "physin", a->physin, b->physin);
	if (c & STEP_PHYSOUT)
		put_pair_dev(j, "physout", a->physout, b->physout);
	if (c & STEP_TTL)
		put_pair_uint(j, "ttl", a->hdr.ttl, b->hdr.ttl);
	if (c & STEP_TOS)
		put_pair_uint(j, "tos", a->hdr.tos, b->hdr.tos);
	if (c & STEP_MARK)
		put_pair_uint(j, "mark", a->set & NP_TEV_MARK ? a->mark : 0,
			b->set & NP_TEV_MARK ? b->mark : 0);
	if (c & STEP_LEN)
		put_pair_uint(j, "len", a->hdr.len, b->hdr.len);
	if (c & STEP_ID)
		put_pair_uint(j, "id", a->hdr.id, b->hdr.id);
	if (c & STEP_SEQ)
		put_pair_uint(j, "seq", a->hdr.seq, b->hdr.seq);
}

/* What happened before a step, as words: the drawing's lines between hooks. */
static void put_before(struct np_json *j, uint32_t before)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} rows[] = {
		{ STEP_REROUTED, "rerouted" }, { STEP_LOOPED, "looped" }, { STEP_IPVS, "ipvs" },
		{ STEP_GAP, "gap" }, { STEP_UNNAT, "unnat" }, { STEP_GOTO, "goto" },
		{ STEP_WRAPPED, "wrapped" },
	};
	uint32_t any = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		any |= rows[i].bit;
	if (!(before & any))
		return;
	np_json_open(j, "before", '[');
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (before & rows[i].bit)
			np_json_str(j, NULL, rows[i].name);
	}
	np_json_close(j, ']');
}

static void put_wrapped(struct np_json *j, const struct np_hdr *outer)
{
	char buf[FMT_ADDR];

	np_json_open(j, "wrapped", '{');
	np_json_str(j, "in", packet_wrap_name(outer));
	np_json_strn(j, "src", buf, fmt_addr(buf, outer->family, outer->src));
	np_json_strn(j, "dst", buf, fmt_addr(buf, outer->family, outer->dst));
	if (outer->set & NP_HDR_PORTS)
		np_json_uint(j, "dport", outer->dport);
	np_json_close(j, '}');
}

static void put_step(struct np_json *j, const struct packet *p, uint32_t i)
{
	const struct packet_step *st = &p->steps[i];
	const struct np_trace_event *ev = &st->ev;

	np_json_open(j, NULL, '{');
	if (ev->type != NP_TRACE_HOOK) {
		np_json_str(j, "table", ev->table);
		np_json_str(j, "chain", ev->chain);
	}
	np_json_str(j, "event", np_trace_type_name(ev->type));
	if (ev->set & NP_TEV_NUMBER)
		np_json_uint(j, "number", ev->number);
	if (st->hook != NP_HOOK_UNKNOWN)
		np_json_str(j, "hook", np_hook_word(st->hook));
	if (st->depth)
		np_json_uint(j, "depth", st->depth);
	if (st->offset_us >= 0)
		np_json_int(j, "offset_us", st->offset_us);
	put_dev(j, "in", ev->in);
	put_dev(j, "out", ev->out);
	put_dev(j, "physin", ev->physin);
	put_dev(j, "physout", ev->physout);
	if (st->target)
		np_json_str(j, "target", st->target);
	if (ev->rule)
		np_json_str(j, "rule", ev->rule);
	put_before(j, st->before);
	if (st->before & STEP_WRAPPED)
		put_wrapped(j, &ev->hdr);
	show_json_routing(j, p->explained, i);
	show_json_lookups(j, p->lookups, i);
	np_json_open(j, "changes", '{');
	if (i)
		put_changes(j, st);
	np_json_close(j, '}');
	np_json_close(j, '}');
}

static void put_nat(struct np_json *j, const struct packet *p)
{
	uint8_t family = packet_first(p)->hdr.family;

	if (!p->dnat && !p->snat && !p->dnat_port && !p->snat_port)
		return;
	np_json_open(j, "nat", '{');
	if (p->dnat)
		put_pair_addr(j, "dst", family, p->dst_from, p->dst_to);
	if (p->dnat_port)
		put_pair_uint(j, "dport", p->dport_from, p->dport_to);
	if (p->snat)
		put_pair_addr(j, "src", family, p->src_from, p->src_to);
	if (p->snat_port)
		put_pair_uint(j, "sport", p->sport_from, p->sport_to);
	np_json_close(j, '}');
}

static void drop_reason(struct np_json *j, const struct packet *p)
{
	if (p->drop_reason && *p->drop_reason)
		np_json_str(j, "drop_reason", p->drop_reason);
	if (p->drop_function && *p->drop_function)
		np_json_str(j, "drop_function", p->drop_function);
}

static void put_outcome(struct np_json *j, const struct packet *p)
{
	const struct packet_outcome *o = &p->outcome;
	char buf[FMT_PLACE];

	np_json_open(j, "outcome", '{');
	np_json_str(j, "state", packet_state_name(o->state));
	np_json_strn(j, "at", buf, fmt_place(buf, packet_last(p)));
	np_json_open(j, "expected", '[');
	for (unsigned i = 0; i < o->n_expected; i++)
		np_json_str(j, NULL, o->expected[i]);
	np_json_close(j, ']');
	np_json_open(j, "causes", '[');
	for (unsigned i = 0; i < o->n_causes; i++)
		np_json_str(j, NULL, packet_cause_word(o->causes[i]));
	np_json_close(j, ']');
	if (o->evident)
		np_json_bool(j, "evident", true);
	/* of one that was sent, the next host's, where that is a namespace of this kernel */
	if (o->state == PACKET_DROPPED || o->state == PACKET_VANISHED)
		drop_reason(j, p);
	show_json_explain(j, p->explained);
	show_json_lookups(j, p->lookups, p->n_steps);
	np_json_close(j, '}');
}

/* Live: the sign of a hook's end, which says nothing that its beginning did not. */
static bool is_mute(const struct packet_step *st)
{
	return st->ev.type == NP_TRACE_HOOK && !st->before && !st->changes;
}

static int packet(void *state, const struct packet *p)
{
	struct show_json *s = state;

	np_json_open(&s->j, NULL, '{');
	put_first(s, p);
	np_json_open(&s->j, "steps", '[');
	for (uint32_t i = 0; i < p->n_steps; i++)
		if (!i || !is_mute(&p->steps[i]))
			put_step(&s->j, p, i);
	np_json_close(&s->j, ']');
	put_nat(&s->j, p);
	put_outcome(&s->j, p);
	np_json_close(&s->j, '}');
	if (s->opts->lines)
		np_json_end(&s->j);
	return 0;
}

static int end(void *state, const struct render_counts *counts)
{
	struct show_json *s = state;

	(void)counts;
	if (s->opts->lines)
		return 0;
	np_json_close(&s->j, ']');
	np_json_end(&s->j);
	return 0;
}

const struct renderer render_json = { .start = start, .packet = packet, .end = end, .free = free };
