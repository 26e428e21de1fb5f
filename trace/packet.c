// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/packet.h"

static const char *const state_names[PACKET_STATES] = {
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
	[CAUSE_REDIRECT] = { "redirect", "a source route that cannot be kept" },
	[CAUSE_NO_SOCKET] = { "no_socket", "nothing listens there" },
	[CAUSE_NEIGHBOUR] = { "neighbour", "the next hop does not answer (ARP, ND)" },
	[CAUSE_CONNTRACK] = { "conntrack", "connection tracking or NAT refused it" },
	[CAUSE_IPVS] = { "ipvs", "IPVS" },
	[CAUSE_OTHER_HOOK] = { "other_hook", "another hook (nf_tables, LSM)" },
	[CAUSE_XFRM] = { "xfrm", "IPsec policy" },
	[CAUSE_QUEUE] = { "queue", "NFQUEUE: no listener, or the listener's verdict" },
};

const char *packet_state_name(enum packet_state state)
{
	return (unsigned)state < PACKET_STATES ? state_names[state] : "?";
}

const char *packet_cause_text(enum packet_cause cause)
{
	return (unsigned)cause < CAUSE_COUNT ? causes[cause].text : "?";
}

const char *packet_cause_word(enum packet_cause cause)
{
	return (unsigned)cause < CAUSE_COUNT ? causes[cause].word : "?";
}
