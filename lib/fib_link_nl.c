// SPDX-License-Identifier: GPL-2.0-or-later
/* Links with their sysctls, and addresses: RTM_GETLINK, RTM_GETADDR (rtnetlink(7)). */
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ipv6.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/fib_load.h"

/* An array of 32-bit values: the i-th, or def where the kernel has fewer. */
static int32_t array_at(const struct nlattr *attr, unsigned i, int32_t def)
{
	int32_t v;

	if ((i + 1) * sizeof(v) > mnl_attr_get_payload_len(attr))
		return def;
	memcpy(&v, (const char *)mnl_attr_get_payload(attr) + i * sizeof(v), sizeof(v));
	return v;
}

/* IFLA_AF_SPEC > AF_INET > IFLA_INET_CONF is indexed by IPV4_DEVCONF_… - 1. */
static void read_inet(struct np_fib_dev *d, const struct nlattr *af)
{
	const struct nlattr *attr;

	d->in4 = true;
	mnl_attr_for_each_nested(attr, af) {
		if (mnl_attr_get_type(attr) != IFLA_INET_CONF)
			continue;
		for (int i = 0; i < NP_FIB_CONF_N; i++)
			d->conf[i] = array_at(attr, np_fib_conf[i].devconf - 1u, 0);
	}
}

/* DEVCONF_FORCE_FORWARDING of Linux 6.17, which older headers lack. */
#define FORCE_FORWARDING (DEVCONF_ACCEPT_RA_MIN_LFT + 1)

static void read_inet6(struct np_fib_dev *d, const struct nlattr *af)
{
	const struct nlattr *attr;

	d->in6 = true;
	mnl_attr_for_each_nested(attr, af) {
		if (mnl_attr_get_type(attr) != IFLA_INET6_CONF)
			continue;
		d->forwarding6 = array_at(attr, DEVCONF_FORWARDING, 0);
		d->force_forwarding6 = array_at(attr, FORCE_FORWARDING, 0);
		d->ignore_linkdown6 = array_at(attr, DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN, 0);
		d->mtu6 = (uint32_t)array_at(attr, DEVCONF_MTU6, 0);
		d->disabled6 = array_at(attr, DEVCONF_DISABLE_IPV6, 0);
	}
}

static void read_af_spec(struct np_fib_dev *d, const struct nlattr *spec)
{
	const struct nlattr *af;

	mnl_attr_for_each_nested(af, spec) {
		if (mnl_attr_get_type(af) == AF_INET)
			read_inet(d, af);
		else if (mnl_attr_get_type(af) == AF_INET6)
			read_inet6(d, af);
	}
}

/* IFLA_LINKINFO: only what makes a VRF is of interest. */
static void read_linkinfo(struct np_fib_dev *d, const struct nlattr *info)
{
	const struct nlattr *attr, *data = NULL, *in;
	bool vrf = false;

	mnl_attr_for_each_nested(attr, info) {
		if (mnl_attr_get_type(attr) == IFLA_INFO_KIND &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			vrf = !strcmp(mnl_attr_get_str(attr), "vrf");
		else if (mnl_attr_get_type(attr) == IFLA_INFO_DATA)
			data = attr;
	}
	if (!vrf || !data)
		return;
	mnl_attr_for_each_nested(in, data)
		if (mnl_attr_get_type(in) == IFLA_VRF_TABLE &&
		    mnl_attr_validate(in, MNL_TYPE_U32) >= 0)
			d->vrf_table = mnl_attr_get_u32(in);
}

static void read_link_attr(struct np_fib_dev *d, const struct nlattr *attr)
{
	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			strncpy(d->name, mnl_attr_get_str(attr), sizeof(d->name) - 1);
		break;
	case IFLA_MASTER:
		if (mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			d->master = (int)mnl_attr_get_u32(attr);
		break;
	case IFLA_MTU:
		if (mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			d->mtu = mnl_attr_get_u32(attr);
		break;
	case IFLA_GROUP:
		if (mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			d->group = mnl_attr_get_u32(attr);
		break;
	case IFLA_LINKINFO:
		read_linkinfo(d, attr);
		break;
	case IFLA_AF_SPEC:
		read_af_spec(d, attr);
		break;
	default:
		break;
	}
}

static int link_msg(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	struct np_fib_dev d = { 0 };
	const struct nlattr *attr;

	if (nlh->nlmsg_type != RTM_NEWLINK || nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*ifi)))
		return 0;
	d.ifindex = ifi->ifi_index;
	d.flags = ifi->ifi_flags;
	mnl_attr_for_each(attr, nlh, sizeof(*ifi))
		read_link_attr(&d, attr);
	return np_fib_add_dev(arg, &d);
}

static int forget_links(void *arg)
{
	struct np_fib *fib = arg;

	fib->n_devs = 0;
	return 0;
}

int np_fib_load_links(struct np_fib *fib, struct np_nl *nl, struct np_err *err)
{
	const struct np_nl_sink sink = { .msg = link_msg, .restart = forget_links, .arg = fib };
	struct nlmsghdr *nlh;
	void *extra;

	nlh = np_nl_request(nl, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg), &extra);
	mnl_attr_put_u32_check(nlh, NP_NL_MSG_MAX, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return np_nl_dump(nl, nlh, &sink, err);
}

static void note_addr(struct np_fib *fib, const struct np_fib_addr *a)
{
	for (size_t i = 0; i < fib->n_devs; i++)
		if (fib->devs[i].ifindex == a->ifindex && a->family == AF_INET)
			fib->devs[i].has_addr4 = true;
}

static int addr_msg(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *address = NULL, *local = NULL;
	struct np_fib_addr a = { 0 };
	struct np_fib *fib = arg;

	if (nlh->nlmsg_type != RTM_NEWADDR || nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*ifa)))
		return 0;
	a.family = ifa->ifa_family;
	a.bits = ifa->ifa_prefixlen;
	a.scope = ifa->ifa_scope;
	a.flags = ifa->ifa_flags;
	a.ifindex = (int)ifa->ifa_index;
	mnl_attr_for_each(attr, nlh, sizeof(*ifa)) {
		if (mnl_attr_get_type(attr) == IFA_ADDRESS)
			address = attr;
		else if (mnl_attr_get_type(attr) == IFA_LOCAL)
			local = attr;
		else if (mnl_attr_get_type(attr) == IFA_FLAGS &&
			 mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			a.flags = mnl_attr_get_u32(attr);
	}
	local = local ? local : address; /* IPv6 says IFA_LOCAL only with a peer */
	if (!local || mnl_attr_get_payload_len(local) > sizeof(a.b))
		return 0;
	memcpy(a.b, mnl_attr_get_payload(local), mnl_attr_get_payload_len(local));
	note_addr(fib, &a);
	return np_fib_add_addr(fib, &a);
}

static int forget_addrs(void *arg)
{
	struct np_fib *fib = arg;

	fib->n_addrs = 0;
	for (size_t i = 0; i < fib->n_devs; i++)
		fib->devs[i].has_addr4 = false;
	return 0;
}

int np_fib_load_addrs(struct np_fib *fib, struct np_nl *nl, struct np_err *err)
{
	const struct np_nl_sink sink = { .msg = addr_msg, .restart = forget_addrs, .arg = fib };
	struct ifaddrmsg *ifa;
	struct nlmsghdr *nlh;
	void *extra;

	nlh = np_nl_request(nl, RTM_GETADDR, NLM_F_DUMP, sizeof(*ifa), &extra);
	ifa = extra;
	ifa->ifa_family = fib->family;
	return np_nl_dump(nl, nlh, &sink, err);
}
