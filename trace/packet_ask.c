// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/packet.h"

#include <arpa/inet.h>
#include <bsd/string.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>

#include "lib/fib.h"
#include "lib/line.h"

/* The packet's addresses and ports where it was lost. */
struct tuple {
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	struct np_hdr hdr;
};

/* What stands in a log is not trusted: a device name that a shell would read is left out. */
static bool plain_word(const char *s)
{
	return s && *s && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._:@+-") == strlen(s);
}

static bool tuple_of(const struct packet *p, struct tuple *t)
{
	return packet_lost_hdr(p, &t->hdr) &&
		inet_ntop(t->hdr.family, t->hdr.src, t->src, sizeof(t->src)) &&
		inet_ntop(t->hdr.family, t->hdr.dst, t->dst, sizeof(t->dst));
}

static void ask_route(const struct packet *p, const struct tuple *t, const char *verb,
	struct np_line *l)
{
	const struct np_trace_event *ev = packet_last(p);
	const struct np_hdr *h = &t->hdr;
	const char *proto = h->set & NP_HDR_PROTO ? np_proto_name(h->proto) : NULL;

	np_line_add(l, "prt %s %s from %s", verb, t->dst, t->src);
	if (plain_word(ev->in))
		np_line_add(l, " iif %s", ev->in);
	if (h->set & NP_HDR_TOS && h->tos & NP_FIB_TOS_MASK)
		np_line_add(l, " tos 0x%02x", h->tos & NP_FIB_TOS_MASK);
	if (proto && h->set & NP_HDR_PORTS)
		np_line_add(l, " ipproto %s sport %u dport %u", proto, h->sport, t->hdr.dport);
	if (ev->set & NP_TEV_MARK && ev->mark)
		np_line_add(l, " mark 0x%" PRIx32, ev->mark);
}

static void ask_sysctl(const struct packet *p, const char *name, struct np_line *l)
{
	const char *family = packet_last(p)->hdr.family == AF_INET6 ? "ipv6" : "ipv4";

	np_line_add(l, "sysctl net.%s.conf.all.%s", family, name);
	/* a dot in a device's name is written as a slash by sysctl(8): only plain names */
	if (plain_word(packet_last(p)->in) && !strchr(packet_last(p)->in, '.'))
		np_line_add(l, " net.%s.conf.%s.%s", family, packet_last(p)->in, name);
}

static void ask_socket(const struct tuple *t, struct np_line *l)
{
	static const struct {
		uint8_t proto;
		const char *opt;
	} rows[] = {
		{ IPPROTO_TCP, "-lnt" }, { IPPROTO_UDP, "-lnu" }, { IPPROTO_SCTP, "-lnS" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (t->hdr.proto != rows[i].proto)
			continue;
		np_line_add(l, "ss %s", rows[i].opt);
		if (t->hdr.set & NP_HDR_PORTS)
			np_line_add(l, " sport = :%u", t->hdr.dport);
		return;
	}
	np_line_add(l, "ss -lnw");
}

static void ask_link(const char *what, const char *dev, struct np_line *l)
{
	np_line_add(l, "%s", what);
	if (plain_word(dev))
		np_line_add(l, " dev %s", dev);
}

size_t packet_ask(const struct packet *p, enum packet_cause cause, char *buf, size_t size)
{
	struct np_line l = { .n = 0 };
	struct tuple t;

	if (!size)
		return 0;
	buf[0] = '\0';
	if (!p->n_steps || !tuple_of(p, &t))
		return 0;
	switch (cause) {
	case CAUSE_MARTIAN:
	case CAUSE_NO_ROUTE:
	case CAUSE_FORWARDING:
	case CAUSE_RP_FILTER:
		ask_route(p, &t, "explain", &l);
		break;
	case CAUSE_MTU:
		ask_route(p, &t, "get", &l);
		break;
	case CAUSE_SOURCE_ROUTE:
		ask_sysctl(p, "accept_source_route", &l);
		break;
	case CAUSE_NO_SOCKET:
		ask_socket(&t, &l);
		break;
	case CAUSE_NEIGHBOUR:
		ask_link("ip neigh show", packet_last(p)->out, &l);
		break;
	case CAUSE_CONNTRACK:
		np_line_add(&l, "sysctl net.netfilter.nf_conntrack_count "
			"net.netfilter.nf_conntrack_max");
		break;
	case CAUSE_IPVS:
		np_line_add(&l, "lvsctl check");
		break;
	case CAUSE_OTHER_HOOK:
		np_line_add(&l, "nft list ruleset");
		break;
	case CAUSE_XFRM:
		np_line_add(&l, "ip xfrm policy");
		break;
	case CAUSE_QUEUE:
		np_line_add(&l, "cat /proc/net/netfilter/nfnetlink_queue");
		break;
	case CAUSE_NOT_JOINED:
		ask_link("ip maddr show", packet_last(p)->in, &l);
		break;
	case CAUSE_LEGACY:
		np_line_add(&l, "ip%stables-legacy-save -c", t.hdr.family == AF_INET6 ? "6" : "");
		break;
	case CAUSE_FRAGMENTS:
		np_line_add(&l, "nstat -az 'IpReasm*'");
		break;
	case CAUSE_TTL:
	case CAUSE_COUNT:
		break;
	}
	return strlcpy(buf, l.b, size) < size ? l.n : size - 1;
}
