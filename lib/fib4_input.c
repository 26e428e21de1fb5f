// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A packet that comes in: net/ipv4/route.c (ip_route_input_rcu,
 * ip_route_input_slow, ip_mc_validate_source, __mkroute_input).
 */
#include "lib/fib4.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>

static const uint8_t zero[16];

static void deliver(struct np_fib4 *c, enum np_verdict v)
{
	if (c->d->looked)
		c->d->route = c->d->walk.route;
	c->d->gateway_family = 0;
	c->d->dev = np_fib4_local_dev(c);
	np_fib4_end(c, v, NP_WHY_NONE, 0);
}

static void broadcast_in(struct np_fib4 *c, const struct np_fib_dev *dev)
{
	if (!np_fib4_is_zero(c->flow->src) && np_fib4_validate(c, dev, zero, 0))
		return;
	deliver(c, NP_V_BROADCAST);
}

/* ip_route_input_rcu() and ip_mc_validate_source(). */
static void multicast_in(struct np_fib4 *c, const struct np_fib_dev *dev)
{
	const struct np_flow *f = c->flow;
	bool member = np_fib_in_group(c->fib, dev->ifindex, f->dst);
	int vrf = np_fib_l3mdev(c->fib, dev->ifindex);

	if (!member && vrf && vrf != dev->ifindex)
		member = np_fib_in_group(c->fib, vrf, f->dst);
	np_fib4_check(c, NP_CHK_MEMBER, member)->dev = dev->ifindex;
	if (!member && (np_fib4_is_local_multicast(f->dst) ||
			!np_fib_conf_get(c->fib, dev, NP_FIB_MC_FORWARDING))) {
		np_fib4_end(c, NP_V_MARTIAN_DESTINATION, NP_WHY_NOT_MEMBER, EINVAL);
		return;
	}
	if (np_fib4_is_multicast(f->src) || np_fib4_is_lbcast(f->src)) {
		np_fib4_end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_MULTICAST, EINVAL);
		return;
	}
	if (np_fib4_is_loopback(f->src) && !np_fib_conf_get(c->fib, dev, NP_FIB_ROUTE_LOCALNET)) {
		np_fib4_check_conf(c, NP_CHK_ROUTE_LOCALNET, false, dev, NP_FIB_ROUTE_LOCALNET);
		np_fib4_end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_LOOPBACK, EINVAL);
		return;
	}
	if (np_fib4_is_zero(f->src) && !np_fib4_is_local_multicast(f->dst)) {
		np_fib4_end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_ZERO, EINVAL);
		return;
	}
	if (!np_fib4_is_zero(f->src) && np_fib4_validate(c, dev, zero, 0))
		return;
	deliver(c, NP_V_MULTICAST);
}

/* What no lookup is needed for: 1 when it is decided. */
static int martians(struct np_fib4 *c, const struct np_fib_dev *dev)
{
	const uint8_t *src = c->flow->src, *dst = c->flow->dst;

	if (np_fib4_is_multicast(src) || np_fib4_is_lbcast(src)) {
		np_fib4_end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_MULTICAST, EINVAL);
		return 1;
	}
	if (np_fib4_is_lbcast(dst) || (np_fib4_is_zero(src) && np_fib4_is_zero(dst))) {
		broadcast_in(c, dev);
		return 1;
	}
	if (np_fib4_is_zero(src)) {
		np_fib4_end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_ZERO, EINVAL);
		return 1;
	}
	if (np_fib4_is_zero(dst)) {
		np_fib4_end(c, NP_V_MARTIAN_DESTINATION, NP_WHY_DST_ZERO, EINVAL);
		return 1;
	}
	if (np_fib4_is_loopback(dst) || np_fib4_is_loopback(src)) {
		bool ok = np_fib_conf_get(c->fib, dev, NP_FIB_ROUTE_LOCALNET);

		np_fib4_check_conf(c, NP_CHK_ROUTE_LOCALNET, ok, dev, NP_FIB_ROUTE_LOCALNET);
		if (ok)
			return 0;
		if (np_fib4_is_loopback(dst))
			np_fib4_end(c, NP_V_MARTIAN_DESTINATION, NP_WHY_DST_LOOPBACK, EINVAL);
		else
			np_fib4_end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_LOOPBACK, EINVAL);
		return 1;
	}
	return 0;
}

/* A unicast route, or a broadcast that may be forwarded. */
static void forward(struct np_fib4 *c, const struct np_fib_dev *dev, enum np_verdict v)
{
	const struct np_fib_nh *nh;

	np_fib4_select_path(c);
	nh = np_fib4_nh(c->fib, &c->d->walk);
	if (np_fib4_validate(c, dev, c->flow->dst, nh ? nh->ifindex : 0))
		return;
	np_fib4_use_route(c);
	np_fib4_end(c, v, NP_WHY_NONE, 0);
}

void np_fib4_input(struct np_fib4 *c)
{
	const struct np_fib_dev *dev = np_fib_dev(c->fib, c->flow->iif);
	struct np_fib_walk *w = &c->d->walk;
	struct np_fib_key key;
	bool on;
	uint8_t type;

	if (!dev) {
		np_fib4_end(c, NP_V_NO_DEVICE, NP_WHY_NO_DEV, ENODEV);
		return;
	}
	if (!dev->in4) {
		np_fib4_check(c, NP_CHK_DEVICE, false)->dev = dev->ifindex;
		np_fib4_end(c, NP_V_INVALID, NP_WHY_NO_IP, EINVAL);
		return;
	}
	if (np_fib4_is_multicast(c->flow->dst)) {
		multicast_in(c, dev);
		return;
	}
	if (martians(c, dev))
		return;
	if (np_fib4_walk(c, &key))
		return;
	on = np_fib_conf_get(c->fib, dev, NP_FIB_FORWARDING);
	type = w->err ? RTN_UNSPEC : c->fib->routes[w->route].type;
	if (type == RTN_BROADCAST) {
		if (np_fib_conf_get(c->fib, dev, NP_FIB_BC_FORWARDING))
			forward(c, dev, NP_V_BROADCAST);
		else
			broadcast_in(c, dev);
		return;
	}
	if (type == RTN_LOCAL) {
		if (!np_fib4_validate(c, dev, c->flow->dst, 0))
			deliver(c, NP_V_LOCAL);
		return;
	}
	np_fib4_check_conf(c, NP_CHK_FORWARDING, on, dev, NP_FIB_FORWARDING);
	if (!on) /* whatever the lookup said */
		np_fib4_end(c, NP_V_FORWARDING_OFF, NP_WHY_NONE, EHOSTUNREACH);
	else if (w->err)
		np_fib_refuse(c->d);
	else if (type != RTN_UNICAST)
		np_fib4_end(c, NP_V_MARTIAN_DESTINATION, NP_WHY_DST_TYPE, EINVAL);
	else
		forward(c, dev, NP_V_UNICAST);
}

