// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/vrf.h"

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "lib/route_nl.h"

static const struct nlattr *nested(const struct nlattr *attr, unsigned type)
{
	const struct nlattr *tb[IFLA_INFO_MAX + 1];

	np_attr_table(tb, IFLA_INFO_MAX, mnl_attr_get_payload(attr),
		      mnl_attr_get_payload_len(attr));
	return tb[type];
}

static int got(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr, *kind, *data;

	mnl_attr_for_each(attr, nlh, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) != IFLA_LINKINFO)
			continue;
		kind = nested(attr, IFLA_INFO_KIND);
		data = nested(attr, IFLA_INFO_DATA);
		if (!kind || !data || mnl_attr_get_payload_len(kind) < sizeof("vrf") ||
		    memcmp(mnl_attr_get_payload(kind), "vrf", sizeof("vrf")))
			continue;
		data = nested(data, IFLA_VRF_TABLE);
		if (data && mnl_attr_get_payload_len(data) >= 4)
			*(uint32_t *)arg = mnl_attr_get_u32(data);
	}
	return 0;
}

int np_vrf_table(struct np_nl *nl, uint32_t ifindex, uint32_t *table, struct np_err *err)
{
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, RTM_GETLINK, 0, sizeof(struct ifinfomsg), &extra);
	struct ifinfomsg *ifi = extra;

	*table = 0;
	ifi->ifi_index = (int)ifindex;
	return np_nl_get(nl, nlh, got, table, err);
}
