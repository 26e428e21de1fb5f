// SPDX-License-Identifier: GPL-2.0-or-later
/* Nexthop objects as the kernel tells them. */
#include <libmnl/libmnl.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "lib/nexthop.h"
#include "tests/unit/unit.h"

/* struct nexthop_grp: id, the weight's low and high byte (Linux 6.13), padding; weight less one. */
static void test_weights(void)
{
	static const uint8_t bytes[3][4] = { { 0, 0 }, { 255, 0 }, { 0xe7, 0x03 } };
	static const unsigned weights[] = { 1, 256, 1000 };
	char buf[256] = "", group[24] = "";
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct np_nexthop nh;

	nlh->nlmsg_type = RTM_NEWNEXTHOP;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct nhmsg));
	mnl_attr_put_u32(nlh, NHA_ID, 9);
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t id = i + 1;

		memcpy(group + 8 * i, &id, sizeof(id));
		memcpy(group + 8 * i + 4, bytes[i], 4);
	}
	mnl_attr_put(nlh, NHA_GROUP, sizeof(group), group);
	unit_int(np_nexthop_decode(&nh, nlh), 0, "a group is read");
	unit_int(nh.id, 9, "… its id");
	unit_int(nh.n, 3, "… its members");
	for (unsigned i = 0; i < nh.n; i++) {
		unit_int(nh.member[i].id, i + 1, "… a member's id");
		unit_int(nh.member[i].hops + 1, weights[i], "… a member's weight");
	}
	np_nexthop_clean(&nh);
}

int main(void)
{
	test_weights();
	return unit_done();
}
