// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses of links: RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR (rtnetlink(7)). */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <bsd/string.h>
#include <sys/socket.h>

#include "lib/netdev.h"

struct list {
	struct np_netdev_addr *addrs;
	size_t n;
};

static size_t addr_len(const struct np_netdev_addr *a)
{
	return a->family == AF_INET ? 4 : 16;
}

static void read_attr(struct np_netdev_addr *a, const struct nlattr *attr)
{
	switch (mnl_attr_get_type(attr)) {
	case IFA_FLAGS:
		if (mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			a->flags = mnl_attr_get_u32(attr);
		break;
	case IFA_LABEL:
		if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			(void)strlcpy(a->label, mnl_attr_get_str(attr), sizeof(a->label));
		break;
	default:
		break;
	}
}

/* IFA_LOCAL is the address where there is a peer, which IFA_ADDRESS is then. */
static int addr_msg(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *own = NULL;
	struct np_netdev_addr *grown, a = { 0 };
	struct list *l = arg;

	if (nlh->nlmsg_type != RTM_NEWADDR || nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*ifa)) ||
	    (ifa->ifa_family != AF_INET && ifa->ifa_family != AF_INET6))
		return 0;
	a.ifindex = ifa->ifa_index;
	a.family = ifa->ifa_family;
	a.bits = ifa->ifa_prefixlen;
	a.scope = ifa->ifa_scope;
	a.flags = ifa->ifa_flags;
	mnl_attr_for_each(attr, nlh, sizeof(*ifa)) {
		read_attr(&a, attr);
		if (mnl_attr_get_type(attr) == IFA_LOCAL ||
		    (mnl_attr_get_type(attr) == IFA_ADDRESS && !own))
			own = attr;
	}
	if (!own || mnl_attr_get_payload_len(own) != addr_len(&a))
		return 0;
	memcpy(a.b, mnl_attr_get_payload(own), addr_len(&a));
	a.deprecated = a.flags & IFA_F_DEPRECATED;
	grown = reallocarray(l->addrs, l->n + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	grown[l->n++] = a;
	l->addrs = grown;
	return 0;
}

static int forget(void *arg)
{
	((struct list *)arg)->n = 0;
	return 0;
}

int np_netdev_addrs(struct np_nl *nl, struct np_netdev_addr **addrs, size_t *n,
		    struct np_err *err)
{
	struct list l = { 0 };
	const struct np_nl_sink sink = { addr_msg, forget, &l };
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, RTM_GETADDR, NLM_F_DUMP,
					     sizeof(struct ifaddrmsg), &extra);
	int ret = np_nl_dump(nl, nlh, &sink, err);

	if (ret) {
		free(l.addrs);
		l = (struct list){ 0 };
	}
	*addrs = l.addrs;
	*n = l.n;
	return ret;
}

static struct nlmsghdr *request(struct np_nl *nl, uint16_t type, uint16_t flags,
				const struct np_netdev_addr *a)
{
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, type, flags, sizeof(struct ifaddrmsg), &extra);
	struct ifaddrmsg *ifa = extra;

	ifa->ifa_family = a->family;
	ifa->ifa_index = a->ifindex;
	ifa->ifa_prefixlen = a->bits;
	ifa->ifa_scope = a->scope;
	mnl_attr_put_check(nlh, NP_NL_MSG_MAX, IFA_LOCAL, addr_len(a), a->b);
	mnl_attr_put_check(nlh, NP_NL_MSG_MAX, IFA_ADDRESS, addr_len(a), a->b);
	if (a->family == AF_INET && a->label[0])
		mnl_attr_put_strz_check(nlh, NP_NL_MSG_MAX, IFA_LABEL, a->label);
	return nlh;
}

int np_netdev_addr_add(struct np_nl *nl, const struct np_netdev_addr *addr, struct np_err *err)
{
	const struct ifa_cacheinfo life = { .ifa_prefered = 0, .ifa_valid = UINT32_MAX };
	struct nlmsghdr *nlh = request(nl, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, addr);

	if (addr->family == AF_INET6)
		mnl_attr_put_u32_check(nlh, NP_NL_MSG_MAX, IFA_FLAGS, IFA_F_NODAD);
	if (addr->deprecated)
		mnl_attr_put_check(nlh, NP_NL_MSG_MAX, IFA_CACHEINFO, sizeof(life), &life);
	return np_nl_talk(nl, nlh, err);
}

int np_netdev_addr_del(struct np_nl *nl, const struct np_netdev_addr *addr, struct np_err *err)
{
	return np_nl_talk(nl, request(nl, RTM_DELADDR, 0, addr), err);
}
