// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One packet on several hosts of a merged log, by what NAT leaves unchanged. A
 * log whose lines name no host tells it by a second way in: another device or
 * MAC address, or a TTL already lowered.
 */
#include <string.h>

#include "trace/timeline_impl.h"

#define CANDIDATES 32

static unsigned same_sides(const struct np_hdr *a, const struct np_hdr *b)
{
	size_t len = a->family == AF_INET6 ? 16 : 4;

	return !memcmp(a->src, b->src, len) + !memcmp(a->dst, b->dst, len);
}

/* Whether the fields leave no room for two packets. */
static bool telling(const struct np_hdr *a, const struct np_hdr *b)
{
	unsigned sides = same_sides(a, b);

	if (!match_same(a, b) || a->frag_off != b->frag_off)
		return false;
	if (a->set & NP_HDR_SEQ && (a->seq || a->ack) && (a->id || a->family == AF_INET6))
		return true;
	if (a->set & NP_HDR_ID && a->id)
		return sides >= 1;
	if (a->family == AF_INET6 && a->flowlabel)
		return sides == 2;
	return a->set & (NP_HDR_SEQ | NP_HDR_ICMP_ID) && sides == 2;
}

static bool other_way_in(const struct np_trace_event *last, const struct np_trace_event *ev)
{
	if (!last->out || !*last->out || !ev->in || !*ev->in)
		return false; /* it did not leave, or did not come in */
	if (ev->hdr.ttl > last->hdr.ttl)
		return false;
	return ev->in != last->in || ev->hdr.ttl < last->hdr.ttl ||
		ev->mac_len != last->mac_len || memcmp(ev->mac, last->mac, ev->mac_len) != 0;
}

/* Whether a's host is before b's on the way, whichever log was read first. */
static bool is_before(const struct np_trace_event *a, const struct np_trace_event *b)
{
	if (!(a->hdr.set & b->hdr.set & NP_HDR_TTL))
		return false;
	if (a->hdr.ttl != b->hdr.ttl)
		return a->hdr.ttl > b->hdr.ttl;
	return a->in && !*a->in && b->in && *b->in; /* made there */
}

/* q, if p is before it and nothing nearer, of those to be told behind p. */
static struct open_packet *nearer(const struct open_packet *p, struct open_packet *q,
	struct open_packet *next)
{
	const struct np_trace_event *ev = packet_first(&q->pk);

	if (!is_before(packet_first(&p->pk), ev))
		return next;
	return next && !is_before(ev, packet_first(&next->pk)) ? next : q;
}

void journey_find(struct timeline *tl, struct open_packet *p, const struct line *ln)
{
	struct open_packet *q, *next = NULL;
	unsigned n = 0;

	for (q = LIST_FIRST(&tl->buckets[p->key % BUCKETS]); q; q = LIST_NEXT(q, bucket)) {
		const struct np_trace_event *last = &q->pk.steps[q->pk.n_steps - 1].ev;

		if (q == p || q->key != p->key || q->partial || p->partial)
			continue;
		if (n++ >= CANDIDATES)
			break;
		if (p->pk.journey && q->pk.journey != p->pk.journey)
			continue;
		if (!telling(&last->hdr, &ln->ev->hdr))
			continue;
		if (last->host == ln->ev->host && !other_way_in(last, ln->ev))
			continue;
		if (!q->pk.journey)
			q->pk.journey = ++tl->journeys;
		p->pk.journey = q->pk.journey;
		next = nearer(p, q, next);
	}
	if (!next)
		return;
	TAILQ_REMOVE(&tl->window, p, fifo);
	TAILQ_INSERT_BEFORE(next, p, fifo);
}
