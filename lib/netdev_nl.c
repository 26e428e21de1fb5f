// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/netdev.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <bsd/string.h>

struct list {
	struct np_netdev *devs;
	size_t n;
};

static void copy_name(char to[NP_IFNAMSIZ], const struct nlattr *attr)
{
	if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
		(void)strlcpy(to, mnl_attr_get_str(attr), NP_IFNAMSIZ);
}

static void read_link(const struct nlmsghdr *nlh, struct np_netdev *d)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *info;

	d->ifindex = (uint32_t)ifi->ifi_index;
	d->flags = ifi->ifi_flags;
	mnl_attr_for_each(attr, nlh, sizeof(*ifi)) {
		if (mnl_attr_get_type(attr) == IFLA_IFNAME)
			copy_name(d->name, attr);
		if (mnl_attr_get_type(attr) == IFLA_MTU &&
		    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			d->mtu = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == IFLA_MASTER &&
		    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			d->master = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) != IFLA_LINKINFO)
			continue;
		mnl_attr_for_each_nested(info, attr)
			if (mnl_attr_get_type(info) == IFLA_INFO_KIND)
				copy_name(d->kind, info);
	}
}

static int link_msg(const struct nlmsghdr *nlh, void *arg)
{
	struct list *l = arg;
	struct np_netdev *grown;

	if (nlh->nlmsg_type != RTM_NEWLINK ||
	    nlh->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg)))
		return 0;
	grown = reallocarray(l->devs, l->n + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	l->devs = grown;
	memset(&grown[l->n], 0, sizeof(*grown));
	read_link(nlh, &grown[l->n++]);
	return 0;
}

static int forget(void *arg)
{
	((struct list *)arg)->n = 0;
	return 0;
}

static struct nlmsghdr *link_request(struct np_nl *nl, uint16_t type, uint16_t flags,
				     struct ifinfomsg **ifi)
{
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, type, flags, sizeof(**ifi), &extra);

	*ifi = extra;
	return nlh;
}

int np_netdev_list(struct np_nl *nl, struct np_netdev **devs, size_t *n, struct np_err *err)
{
	struct list l = { 0 };
	const struct np_nl_sink sink = { link_msg, forget, &l };
	struct ifinfomsg *ifi;
	struct nlmsghdr *nlh = link_request(nl, RTM_GETLINK, NLM_F_DUMP, &ifi);
	int ret;

	mnl_attr_put_u32_check(nlh, NP_NL_MSG_MAX, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	ret = np_nl_dump(nl, nlh, &sink, err);
	if (ret) {
		free(l.devs);
		l = (struct list){ 0 };
	}
	*devs = l.devs;
	*n = l.n;
	return ret;
}

int np_netdev_get(struct np_nl *nl, const char *name, struct np_netdev *dev, struct np_err *err)
{
	struct list l = { 0 };
	struct ifinfomsg *ifi;
	struct nlmsghdr *nlh = link_request(nl, RTM_GETLINK, 0, &ifi);
	int ret;

	mnl_attr_put_u32_check(nlh, NP_NL_MSG_MAX, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	mnl_attr_put_strz_check(nlh, NP_NL_MSG_MAX, IFLA_IFNAME, name);
	ret = np_nl_get(nl, nlh, link_msg, &l, err);
	if (!ret && l.n)
		*dev = l.devs[0];
	free(l.devs);
	if (ret == -ENODEV || (!ret && !l.n))
		return np_err_set(err, ENODEV, "there is no device \"%s\"", name);
	return ret;
}

int np_netdev_add(struct np_nl *nl, const char *name, const char *kind, struct np_err *err)
{
	struct ifinfomsg *ifi;
	struct nlmsghdr *nlh = link_request(nl, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi);
	struct nlattr *info;
	int ret;

	mnl_attr_put_strz_check(nlh, NP_NL_MSG_MAX, IFLA_IFNAME, name);
	info = mnl_attr_nest_start_check(nlh, NP_NL_MSG_MAX, IFLA_LINKINFO);
	mnl_attr_put_strz_check(nlh, NP_NL_MSG_MAX, IFLA_INFO_KIND, kind);
	mnl_attr_nest_end(nlh, info);
	ret = np_nl_talk(nl, nlh, err);
	if (ret == -EOPNOTSUPP)
		return np_err_set(err, EOPNOTSUPP, "this kernel makes no %s devices: %s",
				  kind, "its module is missing");
	return ret;
}

int np_netdev_del(struct np_nl *nl, uint32_t ifindex, struct np_err *err)
{
	struct ifinfomsg *ifi;
	struct nlmsghdr *nlh = link_request(nl, RTM_DELLINK, 0, &ifi);

	ifi->ifi_index = (int)ifindex;
	return np_nl_talk(nl, nlh, err);
}

int np_netdev_up(struct np_nl *nl, uint32_t ifindex, bool up, struct np_err *err)
{
	struct ifinfomsg *ifi;
	struct nlmsghdr *nlh = link_request(nl, RTM_NEWLINK, 0, &ifi);

	ifi->ifi_index = (int)ifindex;
	ifi->ifi_change = IFF_UP;
	ifi->ifi_flags = up ? IFF_UP : 0;
	return np_nl_talk(nl, nlh, err);
}
