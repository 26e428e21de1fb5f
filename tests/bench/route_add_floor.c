// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * route_add_floor DEV COUNT BATCH: the least work that adds COUNT host routes over
 * DEV: messages that are ready, BATCH of them in a send, one ack a send. What a
 * tool takes longer than this is its own doing.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 64

static size_t put_route(char *at, uint32_t number, uint32_t ifindex, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(at);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));

	nlh->nlmsg_type = RTM_NEWROUTE;
	nlh->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | flags);
	nlh->nlmsg_seq = number + 1;
	rtm->rtm_family = AF_INET;
	rtm->rtm_dst_len = 32;
	rtm->rtm_table = RT_TABLE_MAIN;
	rtm->rtm_protocol = RTPROT_BOOT;
	rtm->rtm_scope = RT_SCOPE_LINK;
	rtm->rtm_type = RTN_UNICAST;
	mnl_attr_put_u32(nlh, RTA_DST, htonl((172u << 24) + number));
	mnl_attr_put_u32(nlh, RTA_OIF, ifindex);
	return MNL_ALIGN(nlh->nlmsg_len);
}

/* Reads answers until that of message seq. Returns how many were errors. */
static unsigned collect(struct mnl_socket *sock, uint32_t seq)
{
	char buf[65536];
	unsigned errors = 0;

	for (;;) {
		ssize_t n = mnl_socket_recvfrom(sock, buf, sizeof(buf));
		struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
		int left = (int)n;

		if (n < 0) {
			perror("floor: receive");
			exit(1);
		}
		for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
			const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);

			errors += e->error != 0;
			if (nlh->nlmsg_seq == seq)
				return errors;
		}
	}
}

int main(int argc, char **argv)
{
	uint32_t ifindex = argc == 4 ? if_nametoindex(argv[1]) : 0;
	uint32_t count = argc == 4 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
	uint32_t batch = argc == 4 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0;
	struct mnl_socket *sock = mnl_socket_open(NETLINK_ROUTE);
	char *buf = malloc((size_t)batch * MESSAGE_MAX);
	unsigned errors = 0;

	if (!ifindex || !count || !batch || !sock || !buf ||
	    mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0)
		return 1;
	for (uint32_t i = 0; i < count; ) {
		size_t used = 0;
		uint32_t end = i + batch < count ? i + batch : count;

		for (; i < end; i++)
			used += put_route(buf + used, i, ifindex, i + 1 == end ? NLM_F_ACK : 0);
		if (mnl_socket_sendto(sock, buf, used) < 0)
			return 1;
		errors += collect(sock, end);
	}
	mnl_socket_close(sock);
	free(buf);
	return errors != 0;
}
