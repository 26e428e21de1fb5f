// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What IPv4 does around the lookup: net/ipv4/route.c (ip_route_input_slow,
 * ip_route_input_rcu, __mkroute_input, ip_route_output_key_hash_rcu,
 * __mkroute_output, inet_rtm_getroute), net/ipv4/fib_frontend.c
 * (fib_validate_source).
 */
#include "lib/fib.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

struct decide { /* one decision in the making */
	const struct np_fib *fib;
	const struct np_flow *flow;
	uint32_t pick;
	struct np_fib_decision *d;
};

static uint32_t word(const uint8_t *a)
{
	return (uint32_t)a[0] << 24 | (uint32_t)a[1] << 16 | (uint32_t)a[2] << 8 | a[3];
}

static bool is_zero(const uint8_t *a) { return !word(a); }
static bool is_lbcast(const uint8_t *a) { return word(a) == UINT32_MAX; }
static bool is_multicast(const uint8_t *a) { return a[0] >> 4 == 0xe; }
static bool is_loopback(const uint8_t *a) { return a[0] == 127; }
static bool is_local_multicast(const uint8_t *a) { return word(a) >> 8 == 0xe00000; }

/* Ends the decision. */
static void end(struct decide *c, enum np_verdict v, enum np_fib_why why, int err)
{
	c->d->verdict = v;
	c->d->why = why;
	c->d->err = err;
}

static struct np_fib_check *check(struct decide *c, enum np_fib_check_name name, bool pass)
{
	struct np_fib_check *k = &c->d->checks[c->d->n_checks++];

	*k = (struct np_fib_check){ .name = name, .pass = pass };
	return k;
}

/* A check whose outcome a sysctl of dev decides. */
static struct np_fib_check *check_conf(struct decide *c, enum np_fib_check_name name, bool pass,
				       const struct np_fib_dev *dev, enum np_fib_conf which)
{
	struct np_fib_check *k = check(c, name, pass);

	k->has_value = true;
	k->value = np_fib_conf_get(c->fib, dev, which);
	k->all = c->fib->all[which];
	k->own = dev->conf[which];
	k->dev = dev->ifindex;
	return k;
}

static int loopback_index(const struct np_fib *fib)
{
	const struct np_fib_dev *lo = np_fib_loopback(fib);

	return lo ? lo->ifindex : 1;
}

/* The kernel fills an skb for the lookup: ICMP has no ports there (inet_rtm_getroute_build_skb). */
static void fill_key(const struct decide *c, struct np_fib_key *key)
{
	const struct np_flow *f = c->flow;

	memset(key, 0, sizeof(*key));
	memcpy(key->dst, f->dst, 4);
	memcpy(key->src, f->src, 4);
	key->iif = f->iif ? f->iif : loopback_index(c->fib);
	key->mark = f->mark;
	key->tos = f->tos & 0xfc;
	key->tun_id = f->tun_id;
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

/* The lookup refused: which verdict its errno is. */
static void refuse(struct decide *c)
{
	const struct np_fib_walk *w = &c->d->walk;
	enum np_fib_why why = w->rule != NP_FIB_NONE && w->route == NP_FIB_NONE ? NP_WHY_RULE
										: NP_WHY_NONE;

	switch (w->err) {
	case -EACCES:
		end(c, NP_V_PROHIBIT, why, EACCES);
		return;
	case -EINVAL:
		end(c, NP_V_BLACKHOLE, why, EINVAL);
		return;
	case -EHOSTUNREACH:
		end(c, NP_V_UNREACHABLE, why, EHOSTUNREACH);
		return;
	default: /* also a rule of type unreachable: the kernel's answer is the same */
		end(c, NP_V_NO_ROUTE, why, ENETUNREACH);
	}
}

static const struct np_fib_nh *chosen_nh(const struct np_fib *fib, const struct np_fib_walk *w)
{
	const struct np_fib_route *r = &fib->routes[w->route];

	return r->n_nh ? &fib->nhs[r->nh + w->nh] : NULL;
}

/* fib_select_multipath(): of the living ones, the pick-th. */
static void select_path(struct decide *c)
{
	struct np_fib_walk *w = &c->d->walk;
	const struct np_fib_route *r = &c->fib->routes[w->route];
	uint32_t n = 0;

	if (r->n_nh < 2)
		return;
	c->d->multipath = true;
	for (uint32_t k = 0; k < r->n_nh; k++) {
		if (c->fib->nhs[r->nh + k].flags & RTNH_F_DEAD)
			continue;
		if (n++ == c->pick)
			w->nh = k;
	}
}

/* The answer's route, device and gateway; keep_gw as rt_set_nexthop() has it. */
static void use_route(struct decide *c, bool keep_gw)
{
	const struct np_fib_nh *nh = chosen_nh(c->fib, &c->d->walk);

	c->d->route = c->d->walk.route;
	c->d->dev = nh ? nh->ifindex : 0;
	c->d->gw_family = 0;
	if (nh && keep_gw) {
		c->d->gw_family = nh->gw_family;
		memcpy(c->d->gw, nh->gw, sizeof(c->d->gw));
	}
}

/* ---- source validation (input) ---- */

static bool realms_used(const struct np_fib *fib)
{
	for (size_t i = 0; i < fib->n_rules; i++)
		if (fib->rules[i].realms)
			return true;
	return false;
}

/* fib_info_nh_uses_dev(): any nexthop of the route back leaves by dev, or by its VRF's member. */
static bool back_by(const struct np_fib *fib, const struct np_fib_route *r, int ifindex)
{
	for (uint32_t k = 0; k < r->n_nh; k++) {
		int out = fib->nhs[r->nh + k].ifindex;

		/* nhc_l3mdev_matches_dev(): the nexthop's device or the VRF that it is in */
		if (out == ifindex || np_fib_l3mdev(fib, out) == ifindex)
			return true;
	}
	return false;
}

static int reject_source(struct decide *c, enum np_fib_why why)
{
	end(c, NP_V_MARTIAN_SOURCE, why, EINVAL);
	return 1;
}

/* The rp_filter check failed or passed; on failure 1 and the verdict. */
static int rp_filter(struct decide *c, const struct np_fib_dev *dev, bool pass,
		     enum np_fib_why why, int reverse_dev)
{
	struct np_fib_check *k = check_conf(c, NP_CHK_RP_FILTER, pass, dev, NP_FIB_RP_FILTER);

	k->has_reverse = true;
	k->reverse_dev = reverse_dev;
	if (pass)
		return 0;
	end(c, NP_V_RP_FILTER, why, EINVAL); /* EXDEV before Linux 6.14 */
	return 1;
}

/* __fib_validate_source(); dst is zero for a broadcast. */
static int full_validate(struct decide *c, const struct np_fib_dev *dev, const uint8_t *dst, int oif)
{
	const struct np_fib *fib = c->fib;
	struct np_fib_walk *w = &c->d->back;
	int32_t rpf = np_fib_conf_get(fib, dev, NP_FIB_RP_FILTER);
	const struct np_fib_dev *lo = np_fib_loopback(fib);
	const struct np_fib_route *r;
	struct np_fib_key key;
	int reverse = 0;

	fill_key(c, &key);
	memcpy(key.dst, c->flow->src, 4);
	memcpy(key.src, dst, 4);
	key.iif = oif ? oif : loopback_index(fib);
	key.l3mdev = np_fib_l3mdev(fib, dev->ifindex);
	key.tun_id = 0;
	key.mark = np_fib_conf_get(fib, dev, NP_FIB_SRC_VMARK) ? c->flow->mark : 0;
	key.sport = key.ipproto == IPPROTO_ICMP ? 0 : c->flow->dport;
	key.dport = key.ipproto == IPPROTO_ICMP ? 0 : c->flow->sport;
	if (np_fib_lookup4(fib, &key, w)) {
		c->d->error = -ENOMEM;
		return 1;
	}
	c->d->looked_back = true;
	if (w->err)
		return rp_filter(c, dev, !rpf, NP_WHY_RP_NO_ROUTE, 0);
	r = &fib->routes[w->route];
	if (r->type != RTN_UNICAST && r->type != RTN_LOCAL)
		return reject_source(c, NP_WHY_SRC_TYPE);
	if (r->type == RTN_LOCAL) {
		bool ok = np_fib_conf_get(fib, dev, NP_FIB_ACCEPT_LOCAL);

		check_conf(c, NP_CHK_ACCEPT_LOCAL, ok, dev, NP_FIB_ACCEPT_LOCAL);
		if (!ok)
			return reject_source(c, NP_WHY_SRC_OURS);
	}
	if (chosen_nh(fib, w))
		reverse = chosen_nh(fib, w)->ifindex;
	if (back_by(fib, r, dev->ifindex) || (r->type == RTN_LOCAL && dev == lo))
		return rp_filter(c, dev, true, NP_WHY_NONE, reverse);
	if (!dev->has_addr4)
		return rp_filter(c, dev, !rpf, NP_WHY_RP_NO_ADDR, reverse);
	return rp_filter(c, dev, rpf != 1, NP_WHY_RP_OTHER_DEV, reverse);
}

/* fib_validate_source(): 0 the source is fine, 1 the verdict is given. */
static int validate(struct decide *c, const struct np_fib_dev *dev, const uint8_t *dst, int oif)
{
	const struct np_fib *fib = c->fib;
	bool ours;

	if (np_fib_conf_get(fib, dev, NP_FIB_RP_FILTER) || realms_used(fib) ||
	    (dev->ifindex == oif && np_fib_conf_get(fib, dev, NP_FIB_SEND_REDIRECTS)))
		return full_validate(c, dev, dst, oif);
	if (np_fib_conf_get(fib, dev, NP_FIB_ACCEPT_LOCAL))
		return 0;
	if (fib->custom_local || fib->custom_rules)
		return full_validate(c, dev, dst, oif);
	ours = np_fib_find_addr(fib, c->flow->src) != NULL;
	check_conf(c, NP_CHK_ACCEPT_LOCAL, !ours, dev, NP_FIB_ACCEPT_LOCAL);
	return ours ? reject_source(c, NP_WHY_SRC_OURS) : 0;
}

/* ---- input ---- */

static const uint8_t zero[16];

/* The device of what stays on this host: the VRF it is in, else lo (ip_rt_get_dev). */
static int local_dev(const struct decide *c)
{
	const struct np_fib_walk *w = &c->d->walk;
	const struct np_fib_nh *nh;
	int vrf = 0;

	if (c->d->looked && !w->err && w->route != NP_FIB_NONE) {
		nh = chosen_nh(c->fib, w);
		vrf = nh ? np_fib_l3mdev(c->fib, nh->ifindex) : 0;
	}
	return vrf ? vrf : loopback_index(c->fib);
}

static void deliver(struct decide *c, enum np_verdict v)
{
	if (c->d->looked)
		c->d->route = c->d->walk.route;
	c->d->gw_family = 0;
	c->d->dev = local_dev(c);
	end(c, v, NP_WHY_NONE, 0);
}

static void broadcast_in(struct decide *c, const struct np_fib_dev *dev)
{
	if (!is_zero(c->flow->src) && validate(c, dev, zero, 0))
		return;
	deliver(c, NP_V_BROADCAST);
}

/* ip_route_input_rcu() and ip_mc_validate_source(). */
static void multicast_in(struct decide *c, const struct np_fib_dev *dev)
{
	const struct np_flow *f = c->flow;
	bool member = np_fib_in_group(c->fib, dev->ifindex, f->dst);
	int vrf = np_fib_l3mdev(c->fib, dev->ifindex);

	if (!member && vrf && vrf != dev->ifindex)
		member = np_fib_in_group(c->fib, vrf, f->dst);
	check(c, NP_CHK_MEMBER, member)->dev = dev->ifindex;
	if (!member && (is_local_multicast(f->dst) ||
			!np_fib_conf_get(c->fib, dev, NP_FIB_MC_FORWARDING))) {
		end(c, NP_V_MARTIAN_DESTINATION, NP_WHY_NOT_MEMBER, EINVAL);
		return;
	}
	if (is_multicast(f->src) || is_lbcast(f->src)) {
		end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_MULTICAST, EINVAL);
		return;
	}
	if (is_loopback(f->src) && !np_fib_conf_get(c->fib, dev, NP_FIB_ROUTE_LOCALNET)) {
		check_conf(c, NP_CHK_ROUTE_LOCALNET, false, dev, NP_FIB_ROUTE_LOCALNET);
		end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_LOOPBACK, EINVAL);
		return;
	}
	if (is_zero(f->src) && !is_local_multicast(f->dst)) {
		end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_ZERO, EINVAL);
		return;
	}
	if (!is_zero(f->src) && validate(c, dev, zero, 0))
		return;
	deliver(c, NP_V_MULTICAST);
}

/* What no lookup is needed for: 1 when it is decided. */
static int martians(struct decide *c, const struct np_fib_dev *dev)
{
	const uint8_t *src = c->flow->src, *dst = c->flow->dst;

	if (is_multicast(src) || is_lbcast(src)) {
		end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_MULTICAST, EINVAL);
		return 1;
	}
	if (is_lbcast(dst) || (is_zero(src) && is_zero(dst))) {
		broadcast_in(c, dev);
		return 1;
	}
	if (is_zero(src)) {
		end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_ZERO, EINVAL);
		return 1;
	}
	if (is_zero(dst)) {
		end(c, NP_V_MARTIAN_DESTINATION, NP_WHY_DST_ZERO, EINVAL);
		return 1;
	}
	if (is_loopback(dst) || is_loopback(src)) {
		bool ok = np_fib_conf_get(c->fib, dev, NP_FIB_ROUTE_LOCALNET);

		check_conf(c, NP_CHK_ROUTE_LOCALNET, ok, dev, NP_FIB_ROUTE_LOCALNET);
		if (ok)
			return 0;
		if (is_loopback(dst))
			end(c, NP_V_MARTIAN_DESTINATION, NP_WHY_DST_LOOPBACK, EINVAL);
		else
			end(c, NP_V_MARTIAN_SOURCE, NP_WHY_SRC_LOOPBACK, EINVAL);
		return 1;
	}
	return 0;
}

/* A unicast route, or a broadcast that may be forwarded. */
static void forward(struct decide *c, const struct np_fib_dev *dev, enum np_verdict v)
{
	const struct np_fib_nh *nh;

	select_path(c);
	nh = chosen_nh(c->fib, &c->d->walk);
	if (validate(c, dev, c->flow->dst, nh ? nh->ifindex : 0))
		return;
	use_route(c, true);
	end(c, v, NP_WHY_NONE, 0);
}

static void input(struct decide *c)
{
	const struct np_fib_dev *dev = np_fib_dev(c->fib, c->flow->iif);
	struct np_fib_walk *w = &c->d->walk;
	struct np_fib_key key;
	bool on;
	uint8_t type;

	if (!dev) {
		end(c, NP_V_NO_DEVICE, NP_WHY_NO_DEV, ENODEV);
		return;
	}
	if (!dev->in4) {
		check(c, NP_CHK_DEVICE, false)->dev = dev->ifindex;
		end(c, NP_V_INVALID, NP_WHY_NO_IP, EINVAL);
		return;
	}
	if (is_multicast(c->flow->dst)) {
		multicast_in(c, dev);
		return;
	}
	if (martians(c, dev))
		return;
	fill_key(c, &key);
	if (np_fib_lookup4(c->fib, &key, w)) {
		c->d->error = -ENOMEM;
		return;
	}
	c->d->looked = true;
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
		if (!validate(c, dev, c->flow->dst, 0))
			deliver(c, NP_V_LOCAL);
		return;
	}
	check_conf(c, NP_CHK_FORWARDING, on, dev, NP_FIB_FORWARDING);
	if (!on) /* whatever the lookup said */
		end(c, NP_V_FORWARDING_OFF, NP_WHY_NONE, EHOSTUNREACH);
	else if (w->err)
		refuse(c);
	else if (type != RTN_UNICAST)
		end(c, NP_V_MARTIAN_DESTINATION, NP_WHY_DST_TYPE, EINVAL);
	else
		forward(c, dev, NP_V_UNICAST);
}

/* ---- output ---- */

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
static void make_output(struct decide *c, int ifindex, const uint8_t *src, enum np_verdict v,
			enum np_fib_why why)
{
	const struct np_fib_dev *dev = np_fib_dev(c->fib, ifindex);
	const uint8_t *dst = c->flow->dst;

	if (!dev || !dev->in4) {
		check(c, NP_CHK_DEVICE, false)->dev = ifindex;
		end(c, NP_V_INVALID, NP_WHY_NO_IP, EINVAL);
		return;
	}
	if (is_loopback(src) && !(dev->flags & IFF_LOOPBACK) && !dev->vrf_table &&
	    !np_fib_conf_get(c->fib, dev, NP_FIB_ROUTE_LOCALNET)) {
		check_conf(c, NP_CHK_ROUTE_LOCALNET, false, dev, NP_FIB_ROUTE_LOCALNET);
		end(c, NP_V_INVALID_SOURCE, NP_WHY_SRC_LOOPBACK, EINVAL);
		return;
	}
	c->d->dev = ifindex;
	if (is_lbcast(dst)) {
		c->d->gw_family = 0;
		v = NP_V_BROADCAST;
	} else if (is_multicast(dst)) {
		v = NP_V_MULTICAST;
		if (c->d->route != NP_FIB_NONE && c->fib->routes[c->d->route].len < 4)
			c->d->gw_family = 0;
	}
	end(c, v, why, 0);
}

/* The checks on a source that was asked for: 1 when it is decided. */
static int output_source(struct decide *c)
{
	const uint8_t *src = c->flow->src, *dst = c->flow->dst;
	int dev;

	if (is_zero(src))
		return 0;
	if (is_multicast(src) || is_lbcast(src)) {
		end(c, NP_V_INVALID_SOURCE, NP_WHY_SRC_MULTICAST, EINVAL);
		return 1;
	}
	dev = owner(c->fib, src);
	check(c, NP_CHK_SOURCE, dev != 0)->dev = dev;
	if (!dev) {
		end(c, NP_V_INVALID_SOURCE, NP_WHY_SRC_FOREIGN, ENETUNREACH);
		return 1;
	}
	if (c->flow->oif || !(is_multicast(dst) || is_lbcast(dst)))
		return 0;
	make_output(c, dev, src, NP_V_UNICAST, NP_WHY_NONE);
	return 1;
}

/* The checks on a device that was asked for: 1 when it is decided. */
static int output_device(struct decide *c)
{
	const struct np_fib_dev *dev;
	const struct np_flow *f = c->flow;

	if (!f->oif)
		return 0;
	dev = np_fib_dev(c->fib, f->oif);
	if (!dev) {
		end(c, NP_V_NO_DEVICE, NP_WHY_NO_DEV, ENODEV);
		return 1;
	}
	if (!(dev->flags & IFF_UP) || !dev->in4) {
		check(c, NP_CHK_DEVICE, false)->dev = dev->ifindex;
		end(c, NP_V_NO_ROUTE, NP_WHY_NO_IP, ENETUNREACH);
		return 1;
	}
	if (is_local_multicast(f->dst) || is_lbcast(f->dst)) {
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
static void output_found(struct decide *c, const struct np_fib_key *key)
{
	struct np_fib_walk *w = &c->d->walk;
	const struct np_fib_route *r = &c->fib->routes[w->route];
	const uint8_t *src = c->flow->src;

	if (r->type == RTN_LOCAL) {
		if (is_zero(src)) /* it will be the destination, or what the route prefers */
			src = r->has_prefsrc ? r->prefsrc : c->flow->dst;
		c->d->route = w->route;
		make_output(c, local_dev(c), src, NP_V_LOCAL, NP_WHY_NONE);
		return;
	}
	if (!key->oif) { /* fib_select_path() */
		select_path(c);
		if (!c->d->multipath && !r->len && r->type == RTN_UNICAST)
			c->d->default_set = true;
	}
	if (is_zero(src) && r->has_prefsrc)
		src = r->prefsrc;
	use_route(c, true);
	make_output(c, c->d->dev, src, type_verdict(r->type), NP_WHY_NONE);
}

static void output(struct decide *c)
{
	struct np_fib_walk *w = &c->d->walk;
	struct np_fib_key key;

	if (output_source(c) || output_device(c))
		return;
	if (is_zero(c->flow->dst)) { /* "this host" */
		make_output(c, loopback_index(c->fib), zero, NP_V_LOCAL, NP_WHY_NONE);
		return;
	}
	fill_key(c, &key);
	if (np_fib_lookup4(c->fib, &key, w)) {
		c->d->error = -ENOMEM;
		return;
	}
	c->d->looked = true;
	if (!w->err)
		output_found(c, &key);
	else if (c->flow->oif && (is_multicast(c->flow->dst) || !key.l3mdev))
		make_output(c, c->flow->oif, c->flow->src, NP_V_UNICAST, NP_WHY_OIF_FORCED);
	else
		refuse(c);
}

int np_fib_decide4(const struct np_fib *fib, const struct np_flow *flow, uint32_t pick,
		   struct np_fib_decision *d)
{
	struct decide c = { .fib = fib, .flow = flow, .pick = pick, .d = d };

	if (flow->iif)
		input(&c);
	else
		output(&c);
	return d->error;
}
