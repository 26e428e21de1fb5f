// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/route_nl.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>

/* The plain numbers of a route: attribute, bit, width, place. */
struct number_row {
	uint16_t attr;
	uint8_t size;
	bool big;      /* big-endian on the wire */
	uint32_t bit;
	size_t off;
};

static const struct number_row numbers[] = {
	{ RTA_IIF, 4, false, NP_RT_IIF, offsetof(struct np_route, iif) },
	{ RTA_PRIORITY, 4, false, NP_RT_PRIORITY, offsetof(struct np_route, priority) },
	{ RTA_TABLE, 4, false, NP_RT_TABLE, offsetof(struct np_route, table) },
	{ RTA_MARK, 4, false, NP_RT_MARK, offsetof(struct np_route, mark) },
	{ RTA_PREF, 1, false, NP_RT_PREF, offsetof(struct np_route, pref) },
	{ RTA_EXPIRES, 4, false, NP_RT_EXPIRES, offsetof(struct np_route, expires) },
	{ RTA_UID, 4, false, NP_RT_UID, offsetof(struct np_route, uid) },
	{ RTA_TTL_PROPAGATE, 1, false, NP_RT_TTL_PROPAGATE,
	  offsetof(struct np_route, ttl_propagate) },
	{ RTA_IP_PROTO, 1, false, NP_RT_IPPROTO, offsetof(struct np_route, ipproto) },
	{ RTA_SPORT, 2, true, NP_RT_SPORT, offsetof(struct np_route, sport) },
	{ RTA_DPORT, 2, true, NP_RT_DPORT, offsetof(struct np_route, dport) },
	{ RTA_NH_ID, 4, false, NP_RT_NHID, offsetof(struct np_route, nhid) },
};

#define N_NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

static const struct {
	uint16_t attr;
	uint32_t bit;
	uint32_t empty; /* the bit that says it has no bytes; 0: it always has */
	size_t off;
} addresses[] = {
	{ RTA_DST, NP_RT_DST, 0, offsetof(struct np_route, dst) },
	{ RTA_SRC, NP_RT_SRC, 0, offsetof(struct np_route, src) },
	{ RTA_PREFSRC, NP_RT_PREFSRC, NP_RT_PREFSRC_EMPTY, offsetof(struct np_route, prefsrc) },
};

#define N_ADDRESSES (sizeof(addresses) / sizeof(addresses[0]))

void np_attr_table(const struct nlattr **tb, unsigned max, const void *payload, size_t len)
{
	const struct nlattr *attr;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_for_each_payload(payload, len) {
		if (mnl_attr_get_type(attr) <= max)
			tb[mnl_attr_get_type(attr)] = attr;
	}
}

static bool decode_number(struct np_route *r, const struct nlattr *attr, unsigned type)
{
	for (size_t i = 0; i < N_NUMBERS; i++) {
		const struct number_row *row = &numbers[i];
		uint8_t *at = (uint8_t *)r + row->off;

		if (row->attr != type)
			continue;
		if (mnl_attr_get_payload_len(attr) < row->size)
			return true;
		memcpy(at, mnl_attr_get_payload(attr), row->size);
		if (row->big) {
			uint16_t v = (uint16_t)(at[0] << 8 | at[1]);

			memcpy(at, &v, sizeof(v));
		}
		r->set |= row->bit;
		return true;
	}
	return false;
}

/* An address may be cut to what its prefix needs; what is cut off is zero. */
static bool decode_address(struct np_route *r, const struct nlattr *attr, unsigned type)
{
	size_t len = mnl_attr_get_payload_len(attr);

	for (size_t i = 0; i < N_ADDRESSES; i++) {
		if (addresses[i].attr != type)
			continue;
		memcpy((uint8_t *)r + addresses[i].off, mnl_attr_get_payload(attr),
		       len < 16 ? len : 16);
		r->set |= addresses[i].bit;
		return true;
	}
	return false;
}

static void decode_cacheinfo(struct np_route *r, const struct nlattr *attr)
{
	struct rta_cacheinfo ci = { 0 };
	size_t len = mnl_attr_get_payload_len(attr);

	memcpy(&ci, mnl_attr_get_payload(attr), len < sizeof(ci) ? len : sizeof(ci));
	r->cache = (struct np_cacheinfo){ .clntref = ci.rta_clntref, .lastuse = ci.rta_lastuse,
		.expires = ci.rta_expires, .error = ci.rta_error, .used = ci.rta_used,
		.id = ci.rta_id, .ts = ci.rta_ts, .tsage = ci.rta_tsage };
	r->set |= NP_RT_CACHEINFO;
}

/* What only some routes have. encap and encap_type are a pair. */
static int decode_rare(struct np_route *r, const struct nlattr *attr, unsigned type)
{
	switch (type) {
	case RTA_METRICS:
		np_metrics_decode(&r->metrics, attr);
		r->set |= NP_RT_METRICS;
		return 0;
	case RTA_MULTIPATH:
		return np_nh_decode_multipath(r, attr);
	case RTA_CACHEINFO:
		decode_cacheinfo(r, attr);
		return 0;
	case RTA_OIF:
		if (mnl_attr_get_payload_len(attr) >= 4) {
			r->nh.ifindex = (int)mnl_attr_get_u32(attr);
			r->nh.set |= NP_NH_DEV;
		}
		return 0;
	default:
		np_nh_decode_attr(&r->nh, r->family, attr);
		return 0;
	}
}

static void decode_header(struct np_route *r, const struct rtmsg *rtm)
{
	r->family = rtm->rtm_family;
	r->dst_bits = rtm->rtm_dst_len;
	r->src_bits = rtm->rtm_src_len;
	r->tos = rtm->rtm_tos;
	r->table = rtm->rtm_table;
	r->protocol = rtm->rtm_protocol;
	r->scope = rtm->rtm_scope;
	r->type = rtm->rtm_type;
	r->flags = rtm->rtm_flags;
}

int np_route_decode(struct np_route *r, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr, *encap = NULL;
	const size_t head = NLMSG_LENGTH(sizeof(struct rtmsg));
	uint16_t encap_type = 0;
	int ret = 0;

	np_route_reset(r);
	if ((nlh->nlmsg_type != RTM_NEWROUTE && nlh->nlmsg_type != RTM_DELROUTE) ||
	    nlh->nlmsg_len < head)
		return -EBADMSG;
	decode_header(r, NLMSG_DATA(nlh));
	if (nlh->nlmsg_type == RTM_DELROUTE)
		r->set |= NP_RT_DELETED;
	/* not mnl_attr_for_each(), which counts the padding behind the message in */
	mnl_attr_for_each_payload((const void *)((const char *)nlh + head), nlh->nlmsg_len - head) {
		unsigned type = mnl_attr_get_type(attr);

		if (type == RTA_ENCAP)
			encap = attr;
		else if (type == RTA_ENCAP_TYPE && mnl_attr_get_payload_len(attr) >= 2)
			encap_type = mnl_attr_get_u16(attr);
		else if (!decode_address(r, attr, type) && !decode_number(r, attr, type))
			ret = decode_rare(r, attr, type);
		if (ret)
			return ret;
	}
	return encap && encap_type ? np_nh_decode_encap(&r->nh, encap, encap_type) : 0;
}

static bool encode_numbers(const struct np_route *r, struct nlmsghdr *nlh, size_t size)
{
	for (size_t i = 0; i < N_NUMBERS; i++) {
		const struct number_row *row = &numbers[i];
		const uint8_t *at = (const uint8_t *)r + row->off;
		uint8_t b[4];

		if (!(r->set & row->bit))
			continue;
		memcpy(b, at, row->size);
		if (row->big) {
			uint16_t v;

			memcpy(&v, at, sizeof(v));
			b[0] = (uint8_t)(v >> 8);
			b[1] = (uint8_t)v;
		}
		if (!mnl_attr_put_check(nlh, size, row->attr, row->size, b))
			return false;
	}
	return true;
}

static bool encode_addresses(const struct np_route *r, struct nlmsghdr *nlh, size_t size)
{
	unsigned len = np_family_len(r->family);

	for (size_t i = 0; i < N_ADDRESSES; i++) {
		if (r->set & addresses[i].bit &&
		    !mnl_attr_put_check(nlh, size, addresses[i].attr,
					r->set & addresses[i].empty ? 0 : len,
					(const uint8_t *)r + addresses[i].off))
			return false;
	}
	return true;
}

int np_route_encode(const struct np_route *r, struct nlmsghdr *nlh, size_t size,
		    struct np_err *err)
{
	struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);

	*rtm = (struct rtmsg){ .rtm_family = r->family, .rtm_dst_len = r->dst_bits,
		.rtm_src_len = r->src_bits, .rtm_tos = r->tos, .rtm_protocol = r->protocol,
		.rtm_table = r->set & NP_RT_TABLE ? RT_TABLE_UNSPEC : (uint8_t)r->table,
		.rtm_scope = r->scope, .rtm_type = r->type, .rtm_flags = r->flags };
	if (!encode_addresses(r, nlh, size) || !encode_numbers(r, nlh, size) ||
	    np_nh_encode(&r->nh, r->family, nlh, size) ||
	    (r->nh.set & NP_NH_DEV &&
	     !mnl_attr_put_u32_check(nlh, size, RTA_OIF, (uint32_t)r->nh.ifindex)) ||
	    (r->set & NP_RT_METRICS && np_metrics_encode(&r->metrics, nlh, size)) ||
	    (r->set & NP_RT_MULTIPATH && np_nh_encode_multipath(r, nlh, size)))
		return np_err_set(err, EMSGSIZE, "the route does not fit in one message");
	return 0;
}
