// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ip/explain.h"
#include "lib/cli.h"

enum value {
	V_DST,
	V_SRC,
	V_IIF,
	V_OIF,
	V_VRF,
	V_TOS,
	V_MARK,
	V_UID,
	V_IPPROTO,
	V_SPORT,
	V_DPORT,
	V_NOTHING,
};

/* The words of iproute_get() in iproute2's ip/iproute.c, in its order. */
static const struct {
	const char *word;
	enum value value;
	bool whole; /* no abbreviation */
} words[] = {
	{ "tos", V_TOS, false },        { "dsfield", V_TOS, false },
	{ "from", V_SRC, false },       { "iif", V_IIF, false },
	{ "mark", V_MARK, false },      { "oif", V_OIF, false },
	{ "dev", V_OIF, true },         { "notify", V_NOTHING, false },
	{ "connected", V_NOTHING, false }, { "vrf", V_VRF, false },
	{ "uid", V_UID, false },        { "fibmatch", V_NOTHING, true },
	{ "ipproto", V_IPPROTO, true }, { "sport", V_SPORT, true },
	{ "dport", V_DPORT, true },     { "to", V_DST, true },
};

static enum value find(const char *word)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].whole ? !strcmp(words[i].word, word) : np_abbrev(word, words[i].word))
			return words[i].value;
	return V_DST;
}

static int take_addr(struct explain_query *q, const struct prt *p, struct np_args *a, bool src,
		     struct np_err *err)
{
	uint8_t family = q->route.family ? q->route.family : p->show.family;
	const char *word = a->argv[a->at - 1];
	struct np_addr addr;

	if (np_prefix_parse(&addr, word, family))
		return np_args_bad(a, "an address", err);
	if (addr.family != AF_INET && addr.family != AF_INET6)
		return np_args_bad(a, "an address of IPv4 or IPv6", err);
	if (addr.bits != np_family_bits(addr.family))
		return np_args_bad(a, "one address (a packet has no prefix)", err);
	q->route.family = addr.family;
	if (src) {
		memcpy(q->flow.src, addr.b, 16);
		memcpy(q->route.src, addr.b, 16);
		q->route.src_len = (uint8_t)addr.bits;
		q->route.set |= NP_RT_SRC;
		q->flow.set |= NP_FLOW_SRC;
	} else {
		memcpy(q->flow.dst, addr.b, 16);
		memcpy(q->route.dst, addr.b, 16);
		q->route.dst_len = (uint8_t)addr.bits;
		q->route.set |= NP_RT_DST;
	}
	return 0;
}

static int take_link(struct explain_query *q, const struct prt *p, struct np_args *a, bool in,
		     struct np_err *err)
{
	uint32_t index;
	int ret = np_links_need(p->show.links, a->argv[a->at - 1], &index, a->at - 1, err);

	if (ret)
		return ret;
	if (in) {
		q->flow.iif = q->route.iif = (int)index;
		q->route.set |= NP_RT_IIF;
	} else {
		q->flow.oif = q->route.nh.ifindex = (int)index;
		q->route.nh.set |= NP_NH_DEV;
	}
	return 0;
}

static int take_port(struct explain_query *q, struct np_args *a, bool src, struct np_err *err)
{
	uint16_t port;

	if (np_parse_u16(a->argv[a->at - 1], &port))
		return np_args_bad(a, "a port", err);
	if (src) {
		q->flow.sport = q->route.sport = port;
		q->route.set |= NP_RT_SPORT;
	} else {
		q->flow.dport = q->route.dport = port;
		q->route.set |= NP_RT_DPORT;
	}
	return 0;
}

static int take_ipproto(struct explain_query *q, struct np_args *a, struct np_err *err)
{
	if (np_ipproto_parse(a->argv[a->at - 1], &q->flow.ipproto))
		return np_args_bad(a, "a protocol (tcp, udp, icmp, …)", err);
	q->route.ip_proto = q->flow.ipproto;
	q->route.set |= NP_RT_IP_PROTO;
	q->flow.set |= NP_FLOW_IPPROTO;
	return 0;
}

static int take_number(struct explain_query *q, const struct prt *p, struct np_args *a,
		       enum value value, struct np_err *err)
{
	const char *word = a->argv[a->at - 1];
	uint32_t v;

	if (value == V_TOS) {
		if (np_names_parse(p->show.names, NP_NAMES_DSFIELD, word, &v))
			return np_args_bad(a, "a DS field", err);
		q->flow.tos = q->route.tos = (uint8_t)v;
		return 0;
	}
	if (np_parse_u32(word, &v))
		return np_args_bad(a, value == V_MARK ? "a mark" : "a user's number", err);
	if (value == V_MARK) {
		q->flow.mark = q->route.mark = v;
		q->route.set |= NP_RT_MARK;
	} else {
		q->flow.uid = q->route.uid = v;
		q->route.set |= NP_RT_UID;
		q->flow.set |= NP_FLOW_UID;
	}
	return 0;
}

static int take(struct explain_query *q, const struct prt *p, struct np_args *a, enum value value,
		struct np_err *err)
{
	switch (value) {
	case V_DST:
		return take_addr(q, p, a, false, err);
	case V_SRC:
		return take_addr(q, p, a, true, err);
	case V_IIF:
		return take_link(q, p, a, true, err);
	case V_OIF:
	case V_VRF:
		return take_link(q, p, a, false, err);
	case V_SPORT:
		return take_port(q, a, true, err);
	case V_DPORT:
		return take_port(q, a, false, err);
	case V_IPPROTO:
		return take_ipproto(q, a, err);
	case V_TOS:
	case V_MARK:
	case V_UID:
		return take_number(q, p, a, value, err);
	case V_NOTHING:
		break;
	}
	return 0;
}

int explain_parse(struct explain_query *q, const struct prt *p, struct np_args *a,
		  struct np_err *err)
{
	memset(q, 0, sizeof(*q));
	np_route_init(&q->route);
	while (np_args_peek(a)) {
		const char *word = np_args_next(a), *value;
		enum value v = find(word);
		int ret;

		if (v == V_NOTHING)
			continue;
		if ((v != V_DST || !strcmp(word, "to")) &&
		    np_args_need(a, &value, "a value", err))
			return -EINVAL;
		ret = take(q, p, a, v, err);
		if (ret)
			return ret;
	}
	if (!(q->route.set & NP_RT_DST))
		return np_err_set(err, EINVAL, "explain needs a destination address");
	if (!(q->flow.set & NP_FLOW_UID))
		q->flow.uid = getuid();
	return 0;
}

void explain_query_clean(struct explain_query *q)
{
	np_route_clean(&q->route);
}
