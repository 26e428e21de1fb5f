// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether a line of another table, hook or pass can come after a packet's last
 * line: the order of hooks, and what must stay the same on the way.
 */
#include <netinet/in.h>
#include <string.h>

#include "trace/timeline_impl.h"

#define WRAP_US 200000 /* a console that prints each line takes 20 ms for one */
#define GUE_PORT 6080  /* of IANA */

/* Multicast and broadcast: sent to oneself as well, by the same device. */
static bool group_dst(const struct np_trace_event *ev)
{
	const struct np_hdr *h = &ev->hdr;

	if (!(h->set & NP_HDR_ADDR))
		return false;
	if (h->family == AF_INET6)
		return h->dst[0] == 0xff;
	/* the mask is not known: .255 is what broadcast addresses end in */
	return (h->dst[0] & 0xf0) == 0xe0 || h->dst[3] == 0xff;
}

static const struct np_trace_event *last_of(const struct open_packet *p)
{
	return &p->pk.steps[p->pk.n_steps - 1].ev;
}

static bool same_mac(const struct np_trace_event *a, const struct np_trace_event *b)
{
	return !a->mac_len || !b->mac_len ||
		(a->mac_len == b->mac_len && !memcmp(a->mac, b->mac, a->mac_len));
}

/* It left by a device of this host and comes in again on the same host. */
static bool loops(const struct timeline *tl, const struct open_packet *p, const struct line *ln,
	struct place to)
{
	const struct np_trace_event *ev = ln->ev;

	if (p->at.hook != NP_HOOK_OUTPUT && p->at.hook != NP_HOOK_POSTROUTING)
		return false;
	if (to.hook != NP_HOOK_PREROUTING && to.hook != NP_HOOK_INPUT)
		return false;
	if (ev->in == tl->map.lo)
		return true;
	return group_dst(ev) && ev->in == last_of(p)->out && ev->in != tl->map.empty;
}

/*
 * A device that stands for others (VRF, a bridge's port) gives the packet to
 * PREROUTING once more under its own name: nothing else has changed.
 */
static bool enslaved(const struct open_packet *p, const struct line *ln, struct place to)
{
	const struct np_trace_event *ev = ln->ev, *last = last_of(p);

	return p->at.hook == NP_HOOK_PREROUTING && to.hook == NP_HOOK_PREROUTING && p->in &&
		ev->in && ev->in != p->in && ev->mac_len && last->mac_len && same_mac(ev, last) &&
		ev->hdr.ttl == last->hdr.ttl && !group_dst(ev) && to.order <= p->at.order;
}

/* IPVS sends a client of this host on from OUTPUT: the hook is walked again. */
static bool ipvs_again(const struct open_packet *p, const struct line *ln, struct place to)
{
	const struct np_trace_event *ev = ln->ev, *last = last_of(p);

	if (p->at.hook != NP_HOOK_OUTPUT || to.hook != NP_HOOK_OUTPUT || to.order > p->at.order ||
		p->at.table == TBL_FILTER || p->at.table == TBL_SECURITY)
		return false;
	return ev->out != last->out || memcmp(ev->hdr.dst, last->hdr.dst, sizeof(ev->hdr.dst));
}

/* A second POSTROUTING: the copy of a group's packet that the sender gets itself. */
static bool group_copy(const struct open_packet *p, const struct line *ln, struct place to)
{
	return p->at.hook == NP_HOOK_POSTROUTING && to.hook == NP_HOOK_POSTROUTING &&
		to.order <= p->at.order && group_dst(ln->ev) && ln->ev->out == last_of(p)->out;
}

/* 0: the way from p's last place to the line's does not exist. */
static int way(const struct timeline *tl, const struct open_packet *p, const struct line *ln,
	struct fit *fit)
{
	struct place to = fit->at;

	if (to.hook == p->at.hook &&
		(to.order > p->at.order || to.order < 0 || p->at.order < 0))
		return to.table != p->at.table || ln->ev->table != p->table;
	fit->before = STEP_NEW_HOOK;
	if (loops(tl, p, ln, to)) {
		fit->before |= STEP_LOOPED;
		return fit->new_pass = true;
	}
	if (enslaved(p, ln, to) || group_copy(p, ln, to))
		return fit->new_pass = true;
	if (ipvs_again(p, ln, to)) {
		fit->before |= STEP_IPVS;
		return fit->new_pass = true;
	}
	if (!walk_can_follow(p->at.hook, to.hook))
		return 0;
	if (p->at.hook == NP_HOOK_INPUT)
		fit->before |= STEP_IPVS;
	if (p->at.hook == NP_HOOK_PREROUTING)
		fit->before |= STEP_ROUTED;
	fit->new_pass = p->at.hook == NP_HOOK_INPUT;
	return 1;
}

static unsigned sides_changed(const struct np_hdr *a, const struct np_hdr *b, bool *ports)
{
	unsigned n = 0;
	size_t len = a->family == AF_INET6 ? 16 : 4;
	bool both = (a->set & b->set & NP_HDR_PORTS) != 0;

	if (!(a->set & b->set & NP_HDR_ADDR))
		return 0;
	n += memcmp(a->src, b->src, len) || (both && a->sport != b->sport);
	n += memcmp(a->dst, b->dst, len) || (both && a->dport != b->dport);
	*ports = both;
	return n;
}

/* What translated addresses take off a score; -1: no translation does that. */
static int address_cost(const struct np_hdr *a, const struct np_hdr *b)
{
	bool ports = false;

	switch (sides_changed(a, b, &ports)) {
	case 0:
		return 0;
	case 1:
		return 20;
	default: /* both at once: only where the rest leaves no doubt */
		return a->set & b->set & NP_HDR_SEQ && a->id && (a->seq || a->ack) ? 50 : -1;
	}
}

static bool devices_fit(const struct open_packet *p, const struct line *ln, const struct fit *fit)
{
	const struct np_trace_event *ev = ln->ev;

	/* what IPVS sends on still says by which device it came in */
	if (fit->new_pass && !(fit->before & STEP_IPVS))
		return true;
	if (ev->in && *ev->in && p->in && ev->in != p->in)
		return false;
	return fit->new_pass || same_mac(ev, last_of(p));
}

/* Tables that packets of this host walk on that way, and this one did not. */
static unsigned skipped(const struct timeline *tl, const struct open_packet *p,
	const struct fit *fit, uint8_t family)
{
	unsigned f = tl_family(family);
	uint8_t tables = p->host->seen[f] | tl->ruled[f];

	tables &= (uint8_t)~TBL_BIT(TBL_NAT);
	if (fit->new_pass && !(fit->before & STEP_IPVS))
		return 0;
	return walk_between(&tl->map, tables, p->at, fit->at);
}

int order_forward(const struct timeline *tl, const struct open_packet *p, const struct line *ln,
	struct fit *fit)
{
	const struct np_hdr *last = &last_of(p)->hdr, *h = &ln->ev->hdr;
	int score = FIT_PERFECT, cost = 0;
	unsigned gaps;

	if (!way(tl, p, ln, fit) || !devices_fit(p, ln, fit))
		return 0;
	if (!np_trace_twins(last_of(p), ln->ev))
		cost = address_cost(last, h);
	if (cost < 0)
		return 0;
	score -= cost;
	gaps = skipped(tl, p, fit, h->family);
	score -= (int)(gaps > 3 ? 3 : gaps) * 8;
	if (last->set & h->set & NP_HDR_TTL && h->ttl != last->ttl)
		score -= h->ttl > last->ttl ? 15 : last->ttl - h->ttl == 1 ? 0 : 3;
	return score;
}

/* A tunnel of IPVS, as long as the inner packet and what is before it, without options. */
static bool has_room_for(const struct np_hdr *outer, uint32_t inner)
{
	uint32_t header = outer->family == AF_INET6 ? 40 : 20;
	uint32_t more = outer->len - header - inner;

	if (outer->len < header + inner)
		return false;
	switch (outer->proto) {
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
		return more == 0;
	case IPPROTO_GRE:
		return more == 4 || more == 8; /* with a checksum */
	case IPPROTO_UDP: /* GUE, with a checksum from afar */
		return outer->dport == GUE_PORT && (more == 12 || more == 16);
	default:
		return false;
	}
}

/*
 * The line does not say what is inside: of UDP, where many lengths come, the port must be GUE's.
 * IPVS takes TOS and TTL over, the packet's own less one (ip_vs_tunnel_xmit()), and the mark is
 * the same.
 */
bool order_wrapped(const struct open_packet *p, const struct line *ln, struct fit *fit)
{
	const uint32_t said = NP_HDR_ADDR | NP_HDR_LEN | NP_HDR_PROTO | NP_HDR_TTL |
		NP_HDR_TOS;
	const struct np_trace_event *last = last_of(p), *ev = ln->ev;
	const struct np_hdr *in = &last->hdr, *out = &ev->hdr;
	struct stamp then = replay_stamp(last);
	int64_t gap = replay_elapsed(&then, &ln->when);

	if ((p->at.hook != NP_HOOK_INPUT && p->at.hook != NP_HOOK_OUTPUT) || p->partial ||
		gap < 0 || gap > WRAP_US || (in->set & out->set & said) != said)
		return false;
	if (!has_room_for(out, in->len) || in->ttl < out->ttl || in->ttl - out->ttl > 1 ||
		in->tos != out->tos || steps_changes(last, ev) & STEP_MARK ||
		!memcmp(in->dst, out->dst, sizeof(in->dst)))
		return false;
	*fit = (struct fit){ .score = FIT_PERFECT - 50, .at = ln->at, .new_pass = true,
		.before = STEP_NEW_HOOK | STEP_IPVS | STEP_WRAPPED };
	return true;
}
