// SPDX-License-Identifier: GPL-2.0-or-later
/* Links, addresses and multicast groups of a snapshot. */
#include <stddef.h>

#include "lib/snapshot_priv.h"

#define DEV(member) .offset = offsetof(struct np_fib_dev, member)

static int read_ipv6(struct np_snap_in *in, const json_t *v, struct np_fib_dev *d)
{
	static const struct np_snap_row rows[] = {
		{ .key = "enabled", .kind = NP_SNAP_BOOL, .needed = true, DEV(in6) },
		{ .key = "forwarding", .kind = NP_SNAP_I32, .needed = true, DEV(forwarding6) },
		{ .key = "ignore_routes_with_linkdown", .kind = NP_SNAP_BOOL, .needed = true,
		  DEV(ignore_linkdown6) },
		{ .key = "disable_ipv6", .kind = NP_SNAP_BOOL, .needed = true, DEV(disabled6) },
		{ .key = "mtu", .kind = NP_SNAP_U32, DEV(mtu6) },
		{ .key = "force_forwarding", .kind = NP_SNAP_BOOL, DEV(force_forwarding6) },
		{ 0 },
	};

	return np_snap_object(in, "ipv6", v, rows, d);
}

int np_snap_read_link(struct np_snap_in *in, const json_t *v)
{
	static const struct np_snap_row rows[] = {
		{ .key = "ifindex", .kind = NP_SNAP_I32, .needed = true, DEV(ifindex) },
		{ .key = "ifname", .needed = true },
		{ .key = "flags", .kind = NP_SNAP_FLAGS, .needed = true,
		  .flags = np_snap_link_flags, DEV(flags) },
		{ .key = "mtu", .kind = NP_SNAP_U32, DEV(mtu) },
		{ .key = "master", .kind = NP_SNAP_LINK, DEV(master) },
		{ .key = "group", .kind = NP_SNAP_NAME, .needed = true, .max = NP_NAMES_GROUP,
		  DEV(group) },
		{ .key = "vrf_table", .kind = NP_SNAP_NAME, .max = NP_NAMES_TABLE,
		  DEV(vrf_table) },
		{ .key = "ipv4", .needed = true },
		{ .key = "ipv6", .needed = true },
		{ 0 },
	};
	struct np_fib_dev d = { 0 };
	int ret = np_snap_object(in, NULL, v, rows, &d);

	if (!ret)
		ret = np_snap_string(in, v, "ifname", d.name, sizeof(d.name));
	if (!ret)
		ret = np_snap_read_conf(in, json_object_get(v, "ipv4"), d.conf, &d.in4);
	if (!ret)
		ret = read_ipv6(in, json_object_get(v, "ipv6"), &d);
	if (!ret && np_fib_dev(&in->s->hosts[0].fib, d.ifindex))
		ret = np_snap_bad(in, "ifindex", "an index that no other link has",
				  json_object_get(v, "ifindex"));
	for (int i = 0; i < 2 && !ret; i++)
		ret = np_fib_add_dev(&in->s->hosts[i].fib, &d);
	return ret;
}

int np_snap_read_addr(struct np_snap_in *in, const json_t *v)
{
	static const struct np_snap_row rows[] = {
		{ .key = "family", .needed = true },
		{ .key = "local", .kind = NP_SNAP_ADDR, .needed = true,
		  .offset = offsetof(struct np_fib_addr, b) },
		{ .key = "prefixlen", .kind = NP_SNAP_U8, .needed = true, .max = 128,
		  .offset = offsetof(struct np_fib_addr, bits) },
		{ .key = "scope", .kind = NP_SNAP_NAME8, .needed = true, .max = NP_NAMES_SCOPE,
		  .offset = offsetof(struct np_fib_addr, scope) },
		{ .key = "dev", .kind = NP_SNAP_LINK, .needed = true,
		  .offset = offsetof(struct np_fib_addr, ifindex) },
		{ .key = "flags", .kind = NP_SNAP_FLAGS, .needed = true,
		  .flags = np_snap_addr_flags, .offset = offsetof(struct np_fib_addr, flags) },
		{ 0 },
	};
	struct np_fib_addr a = { 0 };
	struct np_fib *fib;
	int ret = np_snap_family(in, v);

	if (!ret)
		ret = np_snap_object(in, NULL, v, rows, &a);
	if (ret)
		return ret;
	a.family = in->family;
	fib = &np_snap_host(in)->fib;
	for (size_t i = 0; i < fib->n_devs && a.family == AF_INET; i++)
		if (fib->devs[i].ifindex == a.ifindex)
			fib->devs[i].has_addr4 = true;
	return np_fib_add_addr(fib, &a);
}

int np_snap_read_group(struct np_snap_in *in, const json_t *v)
{
	static const struct np_snap_row rows[] = {
		{ .key = "family", .needed = true },
		{ .key = "group", .kind = NP_SNAP_ADDR, .needed = true,
		  .offset = offsetof(struct np_fib_group, b) },
		{ .key = "dev", .kind = NP_SNAP_LINK, .needed = true,
		  .offset = offsetof(struct np_fib_group, ifindex) },
		{ 0 },
	};
	struct np_fib_group g = { 0 };
	int ret = np_snap_family(in, v);

	if (!ret)
		ret = np_snap_object(in, NULL, v, rows, &g);
	if (ret)
		return ret;
	g.family = in->family;
	return np_fib_add_group(&np_snap_host(in)->fib, &g);
}
