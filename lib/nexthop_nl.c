// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/nexthop.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/route_nl.h"

void np_nexthop_clean(struct np_nexthop *nh)
{
	free(nh->member);
	free(nh->nh.encap);
	nh->member = NULL;
	nh->nh.encap = NULL;
	nh->n = 0;
}

static int decode_group(struct np_nexthop *nh, const struct nlattr *attr)
{
	const struct nexthop_grp *grp = mnl_attr_get_payload(attr);
	unsigned n = mnl_attr_get_payload_len(attr) / sizeof(*grp);

	nh->member = calloc(n ? n : 1, sizeof(*nh->member));
	if (!nh->member)
		return -ENOMEM;
	nh->n = n;
	for (unsigned i = 0; i < n; i++) {
		const uint8_t *b = (const uint8_t *)&grp[i];
		/* weight_high, zero before Linux 6.13; older headers have another name for it */
		unsigned high = b[offsetof(struct nexthop_grp, weight) + 1];

		nh->member[i].id = grp[i].id;
		nh->member[i].hops = (uint16_t)(high << 8 | grp[i].weight);
	}
	return 0;
}

static uint64_t number(const struct nlattr *attr, size_t size)
{
	uint64_t v64;
	uint32_t v32;
	uint16_t v16;

	if (!attr || mnl_attr_get_payload_len(attr) < size)
		return 0;
	if (size == 8) {
		memcpy(&v64, mnl_attr_get_payload(attr), 8);
		return v64;
	}
	if (size == 4) {
		memcpy(&v32, mnl_attr_get_payload(attr), 4);
		return v32;
	}
	memcpy(&v16, mnl_attr_get_payload(attr), 2);
	return v16;
}

static void decode_resilient(struct np_nexthop *nh, const struct nlattr *attr)
{
	const struct nlattr *tb[NHA_RES_GROUP_MAX + 1];

	np_attr_table(tb, NHA_RES_GROUP_MAX, mnl_attr_get_payload(attr),
		      mnl_attr_get_payload_len(attr));
	nh->resilient = true;
	nh->buckets = (uint16_t)number(tb[NHA_RES_GROUP_BUCKETS], 2);
	nh->idle_timer = (uint32_t)number(tb[NHA_RES_GROUP_IDLE_TIMER], 4);
	nh->unbalanced_timer = (uint32_t)number(tb[NHA_RES_GROUP_UNBALANCED_TIMER], 4);
	nh->unbalanced_time = number(tb[NHA_RES_GROUP_UNBALANCED_TIME], 8);
}

static void decode_gateway(struct np_nexthop *nh, const struct nlattr *attr)
{
	size_t len = mnl_attr_get_payload_len(attr);

	memcpy(nh->nh.gateway, mnl_attr_get_payload(attr), len < 16 ? len : 16);
	nh->nh.set |= NP_NH_GATEWAY;
}

static int decode_attrs(struct np_nexthop *nh, const struct nlattr *const *tb)
{
	int ret = 0;

	nh->id = (uint32_t)number(tb[NHA_ID], 4);
	nh->group_type = (uint16_t)number(tb[NHA_GROUP_TYPE], 2);
	nh->blackhole = tb[NHA_BLACKHOLE];
	nh->fdb = tb[NHA_FDB];
	if (tb[NHA_OIF] && mnl_attr_get_payload_len(tb[NHA_OIF]) >= 4) {
		nh->nh.ifindex = (int)number(tb[NHA_OIF], 4);
		nh->nh.set |= NP_NH_DEV;
	}
	if (tb[NHA_GATEWAY])
		decode_gateway(nh, tb[NHA_GATEWAY]);
	if (tb[NHA_RES_GROUP])
		decode_resilient(nh, tb[NHA_RES_GROUP]);
	if (tb[NHA_GROUP])
		ret = decode_group(nh, tb[NHA_GROUP]);
	if (!ret && tb[NHA_ENCAP] && tb[NHA_ENCAP_TYPE])
		ret = np_nh_decode_encap(&nh->nh, tb[NHA_ENCAP],
					 (uint16_t)number(tb[NHA_ENCAP_TYPE], 2));
	return ret;
}

int np_nexthop_decode(struct np_nexthop *nh, const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[NHA_MAX + 1];
	const struct nhmsg *nhm = mnl_nlmsg_get_payload(nlh);
	size_t head = NLMSG_LENGTH(sizeof(*nhm));
	int ret;

	memset(nh, 0, sizeof(*nh));
	if (nlh->nlmsg_type != RTM_NEWNEXTHOP || nlh->nlmsg_len < head)
		return -EBADMSG;
	nh->family = nhm->nh_family;
	nh->scope = nhm->nh_scope;
	nh->protocol = nhm->nh_protocol;
	nh->flags = nhm->nh_flags;
	np_attr_table(tb, NHA_MAX, (const char *)nlh + head, nlh->nlmsg_len - head);
	ret = decode_attrs(nh, tb);
	if (ret)
		np_nexthop_clean(nh);
	return ret;
}

static int got(const struct nlmsghdr *nlh, void *arg)
{
	return np_nexthop_decode(arg, nlh);
}

int np_nexthop_get(struct np_nl *nl, uint32_t id, struct np_nexthop *nh, struct np_err *err)
{
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, RTM_GETNEXTHOP, 0, sizeof(struct nhmsg), &extra);

	memset(nh, 0, sizeof(*nh));
	mnl_attr_put_u32(nlh, NHA_ID, id);
	return np_nl_get(nl, nlh, got, nh, err);
}
