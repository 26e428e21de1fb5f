// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What one packet tells of another: an ICMP error that this host made quotes the
 * packet it answers, a reset names its connection; a "martian" line gives the
 * addresses; a whole packet, its fragments.
 */
#include <netinet/in.h> /* before the kernel's, which know of its structs then; musl's do not */

#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/tcp.h>
#include <string.h>

#include "trace/timeline_impl.h"

#define LOOK_BACK 256

static bool address_is(const struct np_hdr *h, const uint8_t *src, const uint8_t *dst)
{
	size_t len = h->family == AF_INET6 ? 16 : 4;

	return !memcmp(h->src, src, len) && !memcmp(h->dst, dst, len);
}

/* Conntrack may have translated the packet, and the quotation back: both ends are tried. */
static bool has_addresses(const struct open_packet *p, uint8_t family, const uint8_t *src,
	const uint8_t *dst)
{
	const struct np_hdr *first = &packet_first(&p->pk)->hdr, *last = &packet_last(&p->pk)->hdr;

	return first->family == family &&
		(address_is(last, src, dst) || address_is(first, src, dst));
}

static bool is_quoted(const struct open_packet *p, const struct np_hdr *quoted)
{
	const struct np_hdr *h = &packet_last(&p->pk)->hdr;
	uint32_t both = h->set & quoted->set;

	if (!(quoted->set & NP_HDR_ADDR) || h->family != quoted->family)
		return false;
	if ((both & NP_HDR_PROTO && h->proto != quoted->proto) ||
		(both & NP_HDR_ID && h->id != quoted->id) ||
		(both & NP_HDR_SEQ && h->seq != quoted->seq) ||
		(both & NP_HDR_ICMP_ID &&
			(h->icmp_id != quoted->icmp_id || h->icmp_seq != quoted->icmp_seq)) ||
		(both & NP_HDR_LEN && h->len != quoted->len))
		return false;
	if (both & NP_HDR_PORTS && h->sport != quoted->sport)
		return false;
	return has_addresses(p, quoted->family, quoted->src, quoted->dst);
}

static bool answered_by_reset(const struct open_packet *p, const struct np_hdr *rst)
{
	const struct np_hdr *h = &packet_last(&p->pk)->hdr;
	const struct np_hdr *first = &packet_first(&p->pk)->hdr;

	if (h->proto != IPPROTO_TCP || !(h->set & NP_HDR_SEQ) || h->sport != rst->dport ||
		(h->dport != rst->sport && first->dport != rst->sport))
		return false;
	if (rst->ack - h->seq > h->len && rst->seq != h->ack)
		return false;
	return has_addresses(p, rst->family, rst->dst, rst->src);
}

static bool is_error(const struct np_trace_event *ev)
{
	if (!(ev->set & NP_TEV_QUOTED) || !(ev->hdr.set & NP_HDR_ICMP))
		return false;
	if (ev->hdr.family == AF_INET6)
		return !(ev->hdr.icmp_type & ICMP6_INFOMSG_MASK);
	return ev->hdr.icmp_type == ICMP_DEST_UNREACH || ev->hdr.icmp_type == ICMP_TIME_EXCEEDED ||
		ev->hdr.icmp_type == ICMP_PARAMETERPROB;
}

static void prove(struct open_packet *p, const struct np_trace_event *by)
{
	if (by->hdr.proto == IPPROTO_TCP) {
		p->evidence.proof = PROOF_RESET;
		return;
	}
	p->evidence = (struct outcome_evidence){ .proof = PROOF_ICMP, .type = by->hdr.icmp_type,
		.code = by->hdr.icmp_code };
}

void evidence_from(struct timeline *tl, const struct open_packet *p)
{
	const struct np_trace_event *ev = packet_first(&p->pk);
	bool error = is_error(ev), reset;
	struct open_packet *q;
	unsigned n = 0;

	reset = ev->hdr.set & NP_HDR_WINDOW && ev->hdr.tcp_flags & TH_RST;
	/* only what this host made itself tells what became of a packet on it */
	if (p->at.hook != NP_HOOK_OUTPUT || (!error && !reset))
		return;
	for (q = TAILQ_FIRST(&tl->lru); q; q = TAILQ_NEXT(q, lru)) {
		if (n++ >= LOOK_BACK)
			return;
		if (q == p || q->host != p->host || q->evidence.proof != PROOF_NONE)
			continue;
		if (error ? is_quoted(q, &ev->quoted) : answered_by_reset(q, &ev->hdr)) {
			prove(q, ev);
			return;
		}
	}
}

/* Addresses that no route can make good (RFC 1122, 3.2.1.3; RFC 1812, 5.3.7). */
static bool never_source(const uint8_t *a)
{
	return a[0] == 0 || a[0] == 127 || a[0] >= 224;
}

static bool never_destination(const uint8_t *a)
{
	return a[0] == 0 || a[0] == 127 || (a[0] & 0xf0) == 0xf0;
}

void evidence_note(struct timeline *tl, const struct timeline_note *note)
{
	bool sure = note->family == AF_INET6 || never_source(note->src) ||
		never_destination(note->dst);
	struct open_packet *q;
	unsigned n = 0;

	for (q = TAILQ_FIRST(&tl->lru); q; q = TAILQ_NEXT(q, lru)) {
		const struct np_trace_event *last = packet_last(&q->pk);

		if (n++ >= LOOK_BACK)
			return;
		if (q->host->name != note->host || q->at.hook != NP_HOOK_PREROUTING ||
			q->evidence.proof != PROOF_NONE)
			continue;
		if (note->dev && *note->dev && last->in && last->in != note->dev)
			continue;
		if (!has_addresses(q, note->family, note->src, note->dst))
			continue;
		q->evidence.proof = sure ? PROOF_MARTIAN : PROOF_MARTIAN_SOURCE;
		return;
	}
}

void evidence_whole(struct timeline *tl, const struct open_packet *p)
{
	const struct np_hdr *h = &packet_last(&p->pk)->hdr;
	struct open_packet *q;
	unsigned n = 0;

	for (q = TAILQ_FIRST(&tl->lru); q; q = TAILQ_NEXT(q, lru)) {
		const struct np_hdr *f = &packet_last(&q->pk)->hdr;

		if (n++ >= LOOK_BACK)
			return;
		if (q != p && q->host == p->host && (f->frag_off || f->ip_flags & NP_IPF_MF) &&
			f->id == h->id && f->proto == h->proto &&
			has_addresses(q, h->family, h->src, h->dst))
			q->evidence.proof = PROOF_REASSEMBLED;
	}
}
