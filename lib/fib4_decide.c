// SPDX-License-Identifier: GPL-2.0-or-later
/* What IPv4's input and output have in common: net/ipv4/route.c, fib_semantics.c. */
#include "lib/fib4.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

void np_fib4_end(struct np_fib4 *c, enum np_verdict v, enum np_fib_why why, int err)
{
	c->d->verdict = v;
	c->d->why = why;
	c->d->err = err;
}

struct np_fib_check *np_fib4_check(struct np_fib4 *c, enum np_fib_check_name name, bool pass)
{
	struct np_fib_check *k = &c->d->checks[c->d->n_checks++];

	*k = (struct np_fib_check){ .name = name, .pass = pass };
	return k;
}

struct np_fib_check *np_fib4_check_conf(struct np_fib4 *c, enum np_fib_check_name name, bool pass,
				       const struct np_fib_dev *dev, enum np_fib_conf which)
{
	struct np_fib_check *k = np_fib4_check(c, name, pass);

	k->has_value = true;
	k->value = np_fib_conf_get(c->fib, dev, which);
	k->all = c->fib->all[which];
	k->own = dev->conf[which];
	k->dev = dev->ifindex;
	return k;
}

int np_fib4_loopback(const struct np_fib *fib)
{
	const struct np_fib_dev *lo = np_fib_loopback(fib);

	return lo ? lo->ifindex : 1;
}

/* The kernel fills an skb for the lookup: ICMP has no ports there (inet_rtm_getroute_build_skb). */
void np_fib4_key(const struct np_fib4 *c, struct np_fib_key *key)
{
	const struct np_flow *f = c->flow;

	memset(key, 0, sizeof(*key));
	memcpy(key->dst, f->dst, 4);
	memcpy(key->src, f->src, 4);
	key->iif = f->iif ? f->iif : np_fib4_loopback(c->fib);
	key->mark = f->mark;
	key->tos = f->tos & 0xfc;
	key->ipproto = f->set & NP_FLOW_IPPROTO ? f->ipproto : IPPROTO_UDP;
	if (!f->iif || key->ipproto != IPPROTO_ICMP) {
		key->sport = f->sport;
		key->dport = f->dport;
	}
	if (!f->iif) { /* on input sock_net_uid(net, NULL): the namespace's root */
		key->oif = f->oif;
		key->uid = f->uid;
	}
}

int np_fib4_walk(struct np_fib4 *c, struct np_fib_key *key)
{
	np_fib4_key(c, key);
	c->d->error = np_fib_lookup4(c->fib, key, &c->d->walk) ? -ENOMEM : 0;
	c->d->looked = !c->d->error;
	return c->d->error;
}

const struct np_fib_nh *np_fib4_nh(const struct np_fib *fib, const struct np_fib_walk *w)
{
	const struct np_fib_route *r = &fib->routes[w->route];

	return r->n_nh ? &fib->nhs[r->nh + w->nh] : NULL;
}

void np_fib4_select_path(struct np_fib4 *c)
{
	struct np_fib_walk *w = &c->d->walk;
	const struct np_fib_route *r = &c->fib->routes[w->route];

	if (r->n_nh < 2)
		return;
	c->d->multipath = true;
	w->nh = np_fib_pick(c->fib, r, c->pick, w->nh);
}

/*
 * rt_set_nexthop() takes the gateway of a nexthop whose scope is link. The scope
 * is in no dump: it is host when the gateway was an address of this host
 * (fib_check_nh_v4_gw).
 */
static bool uses_gateway(const struct np_fib *fib, const struct np_fib_nh *nh)
{
	const struct np_fib_dev *dev = np_fib_dev(fib, nh->ifindex);

	if (nh->gateway_family != AF_INET || nh->flags & RTNH_F_ONLINK)
		return nh->gateway_family;
	return !(dev && dev->flags & IFF_LOOPBACK) && !np_fib_find_addr(fib, nh->gateway);
}

void np_fib4_use_route(struct np_fib4 *c)
{
	const struct np_fib_nh *nh = np_fib4_nh(c->fib, &c->d->walk);

	c->d->route = c->d->walk.route;
	c->d->dev = nh ? nh->ifindex : 0;
	c->d->gateway_family = 0;
	if (nh && uses_gateway(c->fib, nh)) {
		c->d->gateway_family = nh->gateway_family;
		memcpy(c->d->gateway, nh->gateway, sizeof(c->d->gateway));
	}
}

int np_fib4_local_dev(const struct np_fib4 *c)
{
	const struct np_fib_walk *w = &c->d->walk;
	const struct np_fib_nh *nh;
	int vrf = 0;

	if (c->d->looked && !w->err && w->route != NP_FIB_NONE) {
		nh = np_fib4_nh(c->fib, w);
		vrf = nh ? np_fib_l3mdev(c->fib, nh->ifindex) : 0;
	}
	return vrf ? vrf : np_fib4_loopback(c->fib);
}

int np_fib_decide4(const struct np_fib *fib, const struct np_flow *flow, uint32_t pick,
		   struct np_fib_decision *d)
{
	struct np_fib4 c = { .fib = fib, .flow = flow, .pick = pick, .d = d };

	if (flow->iif)
		np_fib4_input(&c);
	else
		np_fib4_output(&c);
	return d->error;
}
