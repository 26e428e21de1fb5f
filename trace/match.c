// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of the packets at hand a line belongs to. */
#include <netinet/in.h>
#include <string.h>

#include "trace/timeline_impl.h"

#define CANDIDATES 16 /* packets with the same key that are looked at */
#define NEIGHBOURS 48 /* packets touched last, where a line was cut or changed */

/* A packet's lines follow each other at once, but for a queue to user space. */
#define GAP_US 3000000
#define GAP_QUEUE_US 60000000

uint64_t match_key(const struct np_hdr *h)
{
	uint64_t a = (uint64_t)h->id << 32 | h->len << 8 | h->proto, b = h->frag_off;

	switch (h->proto) {
	case IPPROTO_TCP:
		b ^= (uint64_t)h->seq << 32 | h->ack;
		a ^= (uint64_t)h->tcp_flags << 24;
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		b ^= (uint64_t)h->icmp_id << 32 | (uint32_t)h->icmp_seq << 16 |
			(uint32_t)h->icmp_type << 8 | h->icmp_code;
		break;
	default:
		b ^= (uint64_t)h->ulen << 32 | h->spi;
	}
	a ^= (uint64_t)h->flowlabel << 40;
	a *= 0x9e3779b97f4a7c15u;
	b *= 0xc2b2ae3d27d4eb4fu;
	a ^= b;
	return a ^ a >> 32;
}

bool match_same(const struct np_hdr *a, const struct np_hdr *b)
{
	uint32_t both = a->set & b->set;

#define DIFFERS(bit, field) (both & (bit) && a->field != b->field)
	if (a->family != b->family || DIFFERS(NP_HDR_PROTO, proto) || DIFFERS(NP_HDR_ID, id) ||
		DIFFERS(NP_HDR_LEN, len) || DIFFERS(NP_HDR_FLOWLABEL, flowlabel))
		return false;
	if (DIFFERS(NP_HDR_SEQ, seq) || DIFFERS(NP_HDR_ACK, ack) ||
		DIFFERS(NP_HDR_WINDOW, tcp_flags) || DIFFERS(NP_HDR_WINDOW, window))
		return false;
	return !DIFFERS(NP_HDR_ULEN, ulen) && !DIFFERS(NP_HDR_ICMP, icmp_type) &&
		!DIFFERS(NP_HDR_ICMP, icmp_code) && !DIFFERS(NP_HDR_ICMP_ID, icmp_id) &&
		!DIFFERS(NP_HDR_ICMP_ID, icmp_seq) && !DIFFERS(NP_HDR_SPI, spi);
#undef DIFFERS
}

/* Fields that both lines must have said: a whole line and a whole line say the same ones. */
#define SHAPE (NP_HDR_ID | NP_HDR_FRAG | NP_HDR_PROTO | NP_HDR_LEN | NP_HDR_FLOWLABEL | \
	NP_HDR_ULEN | NP_HDR_SEQ | NP_HDR_ICMP | NP_HDR_ICMP_ID | NP_HDR_SPI)

static bool same_whole(const struct np_trace_event *x, const struct np_trace_event *y)
{
	const struct np_hdr *a = &x->hdr, *b = &y->hdr;

	if (np_trace_twins(x, y))
		return true;
	return !((a->set ^ b->set) & SHAPE) && a->frag_off == b->frag_off && match_same(a, b);
}

static bool same_addresses(const struct np_hdr *a, const struct np_hdr *b)
{
	if (a->set & b->set & NP_HDR_ADDR &&
		(memcmp(a->src, b->src, 16) || memcmp(a->dst, b->dst, 16)))
		return false;
	return !(a->set & b->set & NP_HDR_PORTS) ||
		(a->sport == b->sport && a->dport == b->dport);
}

static bool in_time(const struct open_packet *p, const struct line *ln)
{
	const struct np_trace_event *last = &p->pk.steps[p->pk.n_steps - 1].ev;
	struct stamp then = replay_stamp(last);
	int64_t gap = replay_elapsed(&then, &ln->when);

	return gap < GAP_US && gap > -GAP_US ? true :
		gap > 0 && gap < GAP_QUEUE_US && last->type == NP_TRACE_RULE;
}

/* The table goes on where it was. */
static int same_walk(const struct open_packet *p, const struct line *ln, struct fit *fit)
{
	const struct np_trace_event *ev = ln->ev, *last = &p->pk.steps[p->pk.n_steps - 1].ev;
	bool base = ln->at.hook != NP_HOOK_UNKNOWN;

	if (ev->table != p->table || (base && ln->at.hook != p->at.hook))
		return 0;
	if (!chainstack_next(&p->stack, ev->chain, ev->type, ev->number, base, &fit->chain))
		return 0;
	if (ev->in != last->in || ev->out != last->out)
		return 0;
	if (!np_trace_twins(last, ev) && !same_addresses(&last->hdr, &ev->hdr))
		return 0;
	fit->at = p->at;
	fit->same_walk = true;
	return FIT_PERFECT - 10 * fit->chain.gap;
}

/* The hook of a line in a user chain whose caller's line is missing: by its devices. */
static struct place guess(const struct timeline *tl, const struct open_packet *p,
	const struct line *ln)
{
	const struct np_trace_event *ev = ln->ev;
	bool in = ev->in && *ev->in, out = ev->out && *ev->out;
	static const enum np_hook inward[] = { NP_HOOK_PREROUTING, NP_HOOK_INPUT, 0 },
		through[] = { NP_HOOK_FORWARD, NP_HOOK_POSTROUTING, 0 },
		outward[] = { NP_HOOK_OUTPUT, NP_HOOK_POSTROUTING, 0 };
	const enum np_hook *hooks = !out ? inward : in ? through : outward;
	struct place at = ln->at;

	for (; *hooks; hooks++) {
		at.hook = (uint8_t)*hooks;
		at.order = tl->map.order[at.hook][at.table];
		if (at.table != TBL_OTHER && at.order < 0)
			continue;
		if (!p || (at.hook == p->at.hook ? at.order > p->at.order :
					walk_can_follow(p->at.hook, at.hook)))
			break;
	}
	return at;
}

static int fits(const struct timeline *tl, const struct open_packet *p, const struct line *ln,
	struct fit *fit)
{
	int score;

	*fit = (struct fit){ .at = ln->at };
	if (p->host != ln->host || packet_first(&p->pk)->host != ln->ev->host || !in_time(p, ln))
		return 0;
	if (replay_same_step(p, ln)) {
		fit->duplicate = true;
		return FIT_PERFECT;
	}
	score = same_walk(p, ln, fit);
	if (score)
		return score;
	fit->at = ln->at;
	if (ln->at.hook == NP_HOOK_UNKNOWN)
		fit->at = guess(tl, p, ln);
	score = order_forward(tl, p, ln, fit);
	if (score && ln->at.hook == NP_HOOK_UNKNOWN)
		score -= 10;
	return score && ln->host->replay ? score - 1 : score; /* the line itself may be found */
}

/* A rule of nat was the last line: what looks like another packet is likely the rewritten one. */
static bool rewritten(const struct open_packet *p, const struct line *ln)
{
	const struct np_trace_event *last = packet_last(&p->pk);
	const struct np_hdr *a = &last->hdr, *b = &ln->ev->hdr;

	return p->at.table == TBL_NAT && last->type == NP_TRACE_RULE && ln->ev->table != p->table &&
		last->in == ln->ev->in && a->set & b->set & NP_HDR_ADDR &&
		(!memcmp(a->src, b->src, 16) || !memcmp(a->dst, b->dst, 16));
}

/*
 * A line whose packet is not known by its key: one of the two was cut, the
 * packet's length changed on the way, or fragments were put together.
 */
static bool loosely(const struct open_packet *p, const struct line *ln)
{
	const struct np_hdr *a = &packet_whole(p)->hdr, *b = &ln->ev->hdr;
	bool id = a->set & b->set & NP_HDR_ID && a->id && a->id == b->id;

	if (ln->partial || p->partial)
		return match_same(a, b) && (id || same_addresses(a, b) ||
			same_addresses(&packet_last(&p->pk)->hdr, b) || rewritten(p, ln));
	if (!id || a->proto != b->proto || a->family != b->family || !same_addresses(a, b))
		return false;
	if (b->frag_off || a->frag_off)
		return false;
	if (a->ip_flags & NP_IPF_MF && !(b->ip_flags & NP_IPF_MF))
		return b->len > a->len;
	return true;
}

static struct open_packet *among_latest(struct timeline *tl, const struct line *ln,
	struct fit *fit)
{
	struct open_packet *p, *best = NULL;
	unsigned n = 0;

	for (p = TAILQ_FIRST(&tl->lru); p; p = TAILQ_NEXT(p, lru)) {
		struct fit f;

		if (n++ >= NEIGHBOURS)
			break;
		if (p->host != ln->host || !loosely(p, ln))
			continue;
		f.score = fits(tl, p, ln, &f);
		if (f.score && (!best || f.score > fit->score)) {
			best = p;
			*fit = f;
		}
	}
	return best;
}

/* The latest packet of the host, where the line's is that one in a tunnel's. */
static struct open_packet *find_wrapped(struct timeline *tl, const struct line *ln,
	struct fit *fit)
{
	struct open_packet *p;
	unsigned n = 0;

	TAILQ_FOREACH(p, &tl->lru, lru) {
		if (n++ >= NEIGHBOURS)
			break;
		/* cppcheck-suppress uninitvar ; what is in the list was filled */
		if (p->host == ln->host && packet_first(&p->pk)->host == ln->ev->host &&
			order_wrapped(p, ln, fit))
			return p;
	}
	return NULL;
}

/* The first line of a way, where a packet that nothing is known of yet may begin. */
static bool may_begin(const struct line *ln)
{
	return ln->at.table == TBL_RAW ||
		(ln->at.hook != NP_HOOK_UNKNOWN && ln->at.order <= 0 &&
			(ln->at.hook == NP_HOOK_PREROUTING || ln->at.hook == NP_HOOK_OUTPUT));
}

struct open_packet *match_line(struct timeline *tl, const struct line *ln, struct fit *fit)
{
	struct open_packet *p, *best = NULL;
	unsigned n = 0;

	fit->score = 0;
	if (!ln->partial) {
		for (p = LIST_FIRST(&tl->buckets[ln->key % BUCKETS]); p; p = LIST_NEXT(p, bucket)) {
			struct fit f;
			int score;

			if (n >= CANDIDATES)
				break;
			if (p->key != ln->key || p->partial)
				continue;
			n++;
			if (!same_whole(packet_whole(p), ln->ev))
				continue;
			score = fits(tl, p, ln, &f);
			if (!score || (best && score <= fit->score))
				continue;
			best = p;
			*fit = f;
			fit->score = score;
			if (score == FIT_PERFECT)
				return p;
		}
	}
	if (best)
		return best;
	if (ln->partial || tl->n_partial || !may_begin(ln))
		best = among_latest(tl, ln, fit);
	if (!best && !ln->partial && ln->at.hook == NP_HOOK_OUTPUT && may_begin(ln))
		best = find_wrapped(tl, ln, fit);
	if (!best) {
		fit->at = ln->at;
		if (ln->at.hook == NP_HOOK_UNKNOWN)
			fit->at = guess(tl, NULL, ln);
	}
	return best;
}
