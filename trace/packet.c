// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/packet.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

const char *const packet_state_words[PACKET_STATES + 1] = {
	[PACKET_SENT] = "sent",
	[PACKET_DELIVERED] = "delivered",
	[PACKET_DROPPED] = "dropped",
	[PACKET_VANISHED] = "vanished",
	[PACKET_UNFINISHED] = "unfinished",
};

static const struct {
	const char *word, *text;
} causes[CAUSE_COUNT] = {
	[CAUSE_MARTIAN] = { "martian", "martian addresses" },
	[CAUSE_NO_ROUTE] = { "no_route", "the route" },
	[CAUSE_RP_FILTER] = { "rp_filter", "the way back (rp_filter)" },
	[CAUSE_FORWARDING] = { "forwarding", "forwarding is off" },
	[CAUSE_TTL] = { "ttl", "the TTL ran out" },
	[CAUSE_MTU] = { "mtu", "too long for the way out, and not to be fragmented" },
	[CAUSE_SOURCE_ROUTE] = { "source_route", "a source route that cannot be kept" },
	[CAUSE_NO_SOCKET] = { "no_socket", "nothing listens there" },
	[CAUSE_NEIGHBOUR] = { "neighbour", "the next hop does not answer (ARP, ND)" },
	[CAUSE_CONNTRACK] = { "conntrack", "connection tracking or NAT refused it" },
	[CAUSE_IPVS] = { "ipvs", "IPVS" },
	[CAUSE_OTHER_HOOK] = { "other_hook", "another hook (nf_tables, LSM)" },
	[CAUSE_XFRM] = { "xfrm", "IPsec policy" },
	[CAUSE_QUEUE] = { "queue", "NFQUEUE: no listener, or the listener's verdict" },
	[CAUSE_NOT_JOINED] = { "not_joined", "nobody here has joined the group" },
	[CAUSE_FRAGMENTS] = { "fragments", "a fragment: the whole was not seen" },
	[CAUSE_LEGACY] = { "legacy", "a rule of legacy iptables" },
};

const char *packet_state_name(enum packet_state state)
{
	return (unsigned)state < PACKET_STATES ? packet_state_words[state] : "?";
}

const char *packet_cause_text(enum packet_cause cause)
{
	return (unsigned)cause < CAUSE_COUNT ? causes[cause].text : "?";
}

const char *packet_cause_word(enum packet_cause cause)
{
	return (unsigned)cause < CAUSE_COUNT ? causes[cause].word : "?";
}

bool packet_is_bridged(const struct packet *p, uint32_t step)
{
	const struct packet_step *st = &p->steps[step];

	if (st->ev.physout && *st->ev.physout)
		return true;
	return st->hook == NP_HOOK_FORWARD && step && st->ev.hdr.ttl &&
		!(st->changes & STEP_TTL) && st->ev.in && *st->ev.in && st->ev.out &&
		!strcmp(st->ev.in, st->ev.out);
}

const char *packet_wrap_name(const struct np_hdr *outer)
{
	return outer->proto == IPPROTO_GRE ? "GRE" : outer->proto == IPPROTO_UDP ? "GUE" : "IPIP";
}

#define TO_DESTINATION "--to-destination "

/* "--to-destination 10.0.1.12:8081", "[fd00::1]:80", "10.0.0.1-10.0.0.9": one address or none. */
static bool dnat_target(const char *rule, struct np_hdr *h)
{
	const char *at = rule ? strstr(rule, TO_DESTINATION) : NULL;
	uint8_t dst[16] = { 0 };
	char addr[INET6_ADDRSTRLEN];
	size_t len;

	if (!at)
		return false;
	at += strlen(TO_DESTINATION);
	at += *at == '[';
	len = strcspn(at, h->family == AF_INET6 ? " ]-" : " :-");
	if (len >= sizeof(addr) || at[len] == '-')
		return false;
	memcpy(addr, at, len);
	addr[len] = '\0';
	if (inet_pton(h->family, addr, dst) != 1)
		return false;
	memcpy(h->dst, dst, sizeof(dst));
	at += len;
	at += *at == ']';
	if (*at == ':')
		h->dport = (uint16_t)strtoul(at + 1, NULL, 10);
	return true;
}

static bool ends_in_nat(const struct packet *p)
{
	const struct np_trace_event *ev = packet_last(p);

	return ev->type == NP_TRACE_RULE && ev->table && !strcmp(ev->table, "nat");
}

bool packet_lost_hdr(const struct packet *p, struct np_hdr *h)
{
	*h = packet_last(p)->hdr;
	if (!(h->set & NP_HDR_ADDR))
		return false;
	if (ends_in_nat(p))
		dnat_target(packet_last(p)->rule, h);
	return true;
}

bool packet_lost_rewritten(const struct packet *p)
{
	const char *target = p->steps[p->n_steps - 1].target;
	struct np_hdr h = packet_last(p)->hdr;

	if (!ends_in_nat(p) || (target && !strcmp(target, "ACCEPT")))
		return false;
	return !dnat_target(packet_last(p)->rule, &h);
}
