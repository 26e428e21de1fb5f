// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/route_io.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "lib/route_nl.h"

static struct nlmsghdr *request(struct np_nl *nl, uint16_t type, uint16_t flags,
				const struct np_route *r, struct np_err *err)
{
	void *rtm;
	struct nlmsghdr *nlh = np_nl_request(nl, type, flags, sizeof(struct rtmsg), &rtm);

	return np_route_encode(r, nlh, NP_NL_MSG_MAX, err) ? NULL : nlh;
}

int np_route_change(struct np_nl *nl, enum np_route_op op, const struct np_route *r,
		    struct np_err *err)
{
	static const uint16_t flags[] = {
		[NP_ROUTE_ADD] = NLM_F_CREATE | NLM_F_EXCL,
		[NP_ROUTE_CHANGE] = NLM_F_REPLACE,
		[NP_ROUTE_REPLACE] = NLM_F_CREATE | NLM_F_REPLACE,
		[NP_ROUTE_PREPEND] = NLM_F_CREATE,
		[NP_ROUTE_APPEND] = NLM_F_CREATE | NLM_F_APPEND,
		[NP_ROUTE_TEST] = NLM_F_EXCL,
		[NP_ROUTE_DEL] = 0,
	};
	uint16_t type = op == NP_ROUTE_DEL ? RTM_DELROUTE : RTM_NEWROUTE;
	struct nlmsghdr *nlh = request(nl, type, flags[op], r, err);

	return nlh ? np_nl_submit(nl, nlh, err) : -EMSGSIZE;
}

int np_route_ask(struct np_nl *nl, const struct np_route *query, np_nl_msg *msg,
		 const void *arg, size_t arg_len, struct np_err *err)
{
	struct nlmsghdr *nlh = request(nl, RTM_GETROUTE, 0, query, err);

	return nlh ? np_nl_ask(nl, nlh, msg, arg, arg_len, err) : -EMSGSIZE;
}

int np_route_get(struct np_nl *nl, const struct np_route *query, np_nl_msg *msg, void *arg,
		 struct np_err *err)
{
	struct nlmsghdr *nlh = request(nl, RTM_GETROUTE, 0, query, err);

	return nlh ? np_nl_get(nl, nlh, msg, arg, err) : -EMSGSIZE;
}

int np_route_list(struct np_nl *nl, const struct np_route_dump *dump,
		  const struct np_nl_sink *sink, struct np_err *err)
{
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, RTM_GETROUTE, NLM_F_DUMP, sizeof(struct rtmsg),
					     &extra);
	struct rtmsg *rtm = extra;
	int ret;

	rtm->rtm_family = dump->family;
	rtm->rtm_protocol = dump->protocol;
	if (dump->cached)
		rtm->rtm_flags |= RTM_F_CLONED;
	if (dump->table)
		mnl_attr_put_u32(nlh, RTA_TABLE, dump->table);
	if (dump->oif)
		mnl_attr_put_u32(nlh, RTA_OIF, (uint32_t)dump->oif);
	ret = np_nl_dump(nl, nlh, sink, err);
	return ret == -ENOENT && (dump->absent_ok || dump->table == RT_TABLE_MAIN) ? 0 : ret;
}

int np_route_delete_msg(struct np_nl *nl, struct nlmsghdr *nlh, struct np_err *err)
{
	nlh->nlmsg_type = RTM_DELROUTE;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	return np_nl_submit(nl, nlh, err);
}

int np_route_restore_msg(struct np_nl *nl, struct nlmsghdr *nlh, struct np_err *err)
{
	nlh->nlmsg_flags |= NLM_F_REQUEST | NLM_F_CREATE;
	return np_nl_talk(nl, nlh, err);
}
