// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "lib/route_nl.h"

static void decode_hop(struct np_hop *hop, uint8_t family, const void *bytes, size_t len)
{
	hop->family = family;
	hop->len = (uint8_t)(len < sizeof(hop->b) ? len : sizeof(hop->b));
	memcpy(hop->b, bytes, hop->len);
}

int np_nh_decode_encap(struct np_nh *nh, const struct nlattr *attr, uint16_t type)
{
	struct np_encap *e = np_nh_add_encap(nh);

	if (!e)
		return -ENOMEM;
	np_encap_decode(e, attr, type);
	return 0;
}

void np_nh_decode_attr(struct np_nh *nh, uint8_t family, const struct nlattr *attr)
{
	const uint8_t *b = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);

	switch (mnl_attr_get_type(attr)) {
	case RTA_GATEWAY:
		memset(nh->gateway, 0, sizeof(nh->gateway));
		memcpy(nh->gateway, b, len < 16 ? len : 16);
		nh->set |= NP_NH_GATEWAY;
		break;
	case RTA_VIA: /* struct rtvia: a family, then the address */
		if (len < 2)
			break;
		memcpy(&nh->via.family, b, 2);
		decode_hop(&nh->via, (uint8_t)nh->via.family, b + 2, len - 2);
		nh->set |= NP_NH_VIA;
		break;
	case RTA_NEWDST:
		decode_hop(&nh->newdst, family, b, len);
		nh->set |= NP_NH_NEWDST;
		break;
	case RTA_FLOW:
		if (len < 4)
			break;
		nh->realms = mnl_attr_get_u32(attr);
		nh->set |= NP_NH_REALMS;
		break;
	default:
		break;
	}
}

static int decode_one(struct np_route *r, const struct rtnexthop *rtnh)
{
	const struct nlattr *attr, *encap = NULL;
	struct np_nh *nh = np_route_add_nh(r);
	uint16_t type = 0;

	if (!nh)
		return -ENOMEM;
	nh->flags = rtnh->rtnh_flags;
	nh->hops = rtnh->rtnh_hops;
	nh->ifindex = rtnh->rtnh_ifindex;
	mnl_attr_for_each_payload((const void *)RTNH_DATA(rtnh), rtnh->rtnh_len - sizeof(*rtnh)) {
		if (mnl_attr_get_type(attr) == RTA_ENCAP)
			encap = attr;
		else if (mnl_attr_get_type(attr) == RTA_ENCAP_TYPE &&
			 mnl_attr_get_payload_len(attr) >= 2)
			type = mnl_attr_get_u16(attr);
		else
			np_nh_decode_attr(nh, r->family, attr);
	}
	return encap && type ? np_nh_decode_encap(nh, encap, type) : 0;
}

int np_nh_decode_multipath(struct np_route *r, const struct nlattr *attr)
{
	const uint8_t *at = mnl_attr_get_payload(attr);
	size_t left = mnl_attr_get_payload_len(attr);

	r->set |= NP_RT_MULTIPATH;
	while (left >= sizeof(struct rtnexthop)) {
		const struct rtnexthop *rtnh = (const void *)at;
		size_t step;
		int ret;

		if (rtnh->rtnh_len < sizeof(*rtnh) || rtnh->rtnh_len > left)
			return -EBADMSG;
		ret = decode_one(r, rtnh);
		if (ret)
			return ret;
		step = RTNH_ALIGN(rtnh->rtnh_len);
		if (step > left)
			break;
		at += step;
		left -= step;
	}
	return 0;
}

static bool put_via(const struct np_hop *via, struct nlmsghdr *nlh, size_t size)
{
	uint8_t b[2 + NP_HOP_MAX];

	memcpy(b, &via->family, 2);
	memcpy(b + 2, via->b, via->len);
	return mnl_attr_put_check(nlh, size, RTA_VIA, 2u + via->len, b);
}

static bool put_encap(const struct np_encap *e, struct nlmsghdr *nlh, size_t size)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, size, RTA_ENCAP);

	if (!nest)
		return false;
	nest->nla_type = RTA_ENCAP;
	if (np_encap_encode(e, nlh, size))
		return false;
	mnl_attr_nest_end(nlh, nest);
	return mnl_attr_put_u16_check(nlh, size, RTA_ENCAP_TYPE, e->type);
}

int np_nh_encode(const struct np_nh *nh, uint8_t family, struct nlmsghdr *nlh, size_t size)
{
	size_t len = nh->set & NP_NH_GATEWAY_EMPTY ? 0 : np_family_len(family);
	bool fits = true;

	if (nh->set & NP_NH_ENCAP)
		fits = put_encap(nh->encap, nlh, size);
	if (fits && nh->set & NP_NH_GATEWAY)
		fits = mnl_attr_put_check(nlh, size, RTA_GATEWAY, len, nh->gateway);
	if (fits && nh->set & NP_NH_VIA)
		fits = put_via(&nh->via, nlh, size);
	if (fits && nh->set & NP_NH_NEWDST)
		fits = mnl_attr_put_check(nlh, size, RTA_NEWDST, nh->newdst.len, nh->newdst.b);
	if (fits && nh->set & NP_NH_REALMS)
		fits = mnl_attr_put_u32_check(nlh, size, RTA_FLOW, nh->realms);
	return fits ? 0 : -EMSGSIZE;
}

int np_nh_encode_multipath(const struct np_route *r, struct nlmsghdr *nlh, size_t size)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, size, RTA_MULTIPATH);

	if (!nest)
		return -EMSGSIZE;
	nest->nla_type = RTA_MULTIPATH;
	for (unsigned i = 0; i < r->n_nhs; i++) {
		const struct np_nh *nh = &r->nhs[i];
		struct rtnexthop *rtnh;
		int ret;

		if (nlh->nlmsg_len + sizeof(*rtnh) > size)
			return -EMSGSIZE;
		rtnh = mnl_nlmsg_get_payload_tail(nlh);
		*rtnh = (struct rtnexthop){ .rtnh_flags = nh->flags, .rtnh_hops = nh->hops,
					    .rtnh_ifindex = nh->ifindex };
		nlh->nlmsg_len += sizeof(*rtnh);
		ret = np_nh_encode(nh, r->family, nlh, size);
		if (ret)
			return ret;
		rtnh->rtnh_len = (unsigned short)((uint8_t *)mnl_nlmsg_get_payload_tail(nlh) -
						  (uint8_t *)rtnh);
	}
	mnl_attr_nest_end(nlh, nest);
	return 0;
}
