// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A packet that this host sends: net/ipv4/route.c
 * (ip_route_output_key_hash_rcu, __mkroute_output), devinet.c (__ip_dev_find).
 */
#include "lib/fib4.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <string.h>

/* __ip_dev_find(): the link that has the address; 0: it is not ours. */
static int owner(const struct np_fib *fib, const uint8_t *addr)
{
	const struct np_fib_addr *a = np_fib_find_addr(fib, addr);
	struct np_fib_key key = { 0 };
	uint32_t route, nh = 0;

	if (a)
		return a->ifindex;
	memcpy(key.dst, addr, 4);
	if (np_fib_table4(fib, RT_TABLE_LOCAL, &key, &route, &nh) ||
	    fib->routes[route].type != RTN_LOCAL || !fib->routes[route].n_nh)
		return 0;
	return fib->nhs[fib->routes[route].nh + nh].ifindex;
}

/*
 * __mkroute_output(): ifindex is the device, src the source as it is now
 * (chosen or asked for), v what the lookup came to.
 */
static void make_output(struct np_fib4 *c, int ifindex, const uint8_t *src, enum np_verdict v,
			enum np_fib_why why)
{
	const struct np_fib_dev *dev = np_fib_dev(c->fib, ifindex);
	const uint8_t *dst = c->flow->dst;

	if (!dev || !dev->in4) {
		np_fib4_check(c, NP_CHK_DEVICE, false)->dev = ifindex;
		np_fib4_end(c, NP_V_INVALID, NP_WHY_NO_IP, EINVAL);
		return;
	}
	if (np_fib4_is_loopback(src) && !(dev->flags & IFF_LOOPBACK) && !dev->vrf_table &&
	    !np_fib_conf_get(c->fib, dev, NP_FIB_ROUTE_LOCALNET)) {
		np_fib4_check_conf(c, NP_CHK_ROUTE_LOCALNET, false, dev, NP_FIB_ROUTE_LOCALNET);
		np_fib4_end(c, NP_V_INVALID_SOURCE, NP_WHY_SRC_LOOPBACK, EINVAL);
		return;
	}
	c->d->dev = ifindex;
	if (np_fib4_is_lbcast(dst)) {
		c->d->gateway_family = 0;
		v = NP_V_BROADCAST;
	} else if (np_fib4_is_multicast(dst)) {
		v = NP_V_MULTICAST;
		if (c->d->route != NP_FIB_NONE && c->fib->routes[c->d->route].dst_bits < 4)
			c->d->gateway_family = 0;
	}
	np_fib4_end(c, v, why, 0);
}

/* The checks on a source that was asked for: 1 when it is decided. */
static int output_source(struct np_fib4 *c)
{
	const uint8_t *src = c->flow->src, *dst = c->flow->dst;
	int dev;

	if (np_fib4_is_zero(src))
		return 0;
	if (np_fib4_is_multicast(src) || np_fib4_is_lbcast(src)) {
		np_fib4_end(c, NP_V_INVALID_SOURCE, NP_WHY_SRC_MULTICAST, EINVAL);
		return 1;
	}
	dev = owner(c->fib, src);
	np_fib4_check(c, NP_CHK_SOURCE, dev != 0)->dev = dev;
	if (!dev) {
		np_fib4_end(c, NP_V_INVALID_SOURCE, NP_WHY_SRC_FOREIGN, ENETUNREACH);
		return 1;
	}
	if (c->flow->oif || !(np_fib4_is_multicast(dst) || np_fib4_is_lbcast(dst)))
		return 0;
	make_output(c, dev, src, NP_V_UNICAST, NP_WHY_NONE);
	return 1;
}

/* The checks on a device that was asked for: 1 when it is decided. */
static int output_device(struct np_fib4 *c)
{
	const struct np_fib_dev *dev;
	const struct np_flow *f = c->flow;

	if (!f->oif)
		return 0;
	dev = np_fib_dev(c->fib, f->oif);
	if (!dev) {
		np_fib4_end(c, NP_V_NO_DEVICE, NP_WHY_NO_DEV, ENODEV);
		return 1;
	}
	if (!(dev->flags & IFF_UP) || !dev->in4) {
		np_fib4_check(c, NP_CHK_DEVICE, false)->dev = dev->ifindex;
		np_fib4_end(c, NP_V_NO_ROUTE, NP_WHY_NO_IP, ENETUNREACH);
		return 1;
	}
	if (np_fib4_is_local_multicast(f->dst) || np_fib4_is_lbcast(f->dst)) {
		make_output(c, dev->ifindex, f->src, NP_V_UNICAST, NP_WHY_NONE);
		return 1;
	}
	return 0;
}

static enum np_verdict type_verdict(uint8_t type)
{
	switch (type) {
	case RTN_LOCAL:
		return NP_V_LOCAL;
	case RTN_BROADCAST:
		return NP_V_BROADCAST;
	case RTN_MULTICAST:
		return NP_V_MULTICAST;
	case RTN_ANYCAST:
		return NP_V_ANYCAST;
	default:
		return NP_V_UNICAST;
	}
}

/* The lookup found a route. */
static void output_found(struct np_fib4 *c, const struct np_fib_key *key)
{
	struct np_fib_walk *w = &c->d->walk;
	const struct np_fib_route *r = &c->fib->routes[w->route];
	const uint8_t *src = c->flow->src;

	if (r->type == RTN_LOCAL) {
		if (np_fib4_is_zero(src)) /* the destination, or what the route prefers */
			src = r->has_prefsrc ? r->prefsrc : c->flow->dst;
		c->d->route = w->route;
		make_output(c, np_fib4_local_dev(c), src, NP_V_LOCAL, NP_WHY_NONE);
		return;
	}
	if (!key->oif) { /* fib_select_path() */
		np_fib4_select_path(c);
		if (!c->d->multipath && !r->dst_bits && r->type == RTN_UNICAST)
			c->d->default_set = true;
	}
	if (np_fib4_is_zero(src) && r->has_prefsrc)
		src = r->prefsrc;
	np_fib4_use_route(c);
	make_output(c, c->d->dev, src, type_verdict(r->type), NP_WHY_NONE);
}

void np_fib4_output(struct np_fib4 *c)
{
	static const uint8_t none[16];
	struct np_fib_key key;

	if (output_source(c) || output_device(c))
		return;
	if (np_fib4_is_zero(c->flow->dst)) { /* "this host" */
		make_output(c, np_fib4_loopback(c->fib), none, NP_V_LOCAL, NP_WHY_NONE);
		return;
	}
	if (np_fib4_walk(c, &key))
		return;
	if (!c->d->walk.err)
		output_found(c, &key);
	else if (key.oif && (np_fib4_is_multicast(c->flow->dst) || !key.l3mdev)) /* 0 for a VRF */
		make_output(c, c->flow->oif, c->flow->src, NP_V_UNICAST, NP_WHY_OIF_FORCED);
	else
		np_fib_refuse(c->d);
}

