// SPDX-License-Identifier: GPL-2.0-or-later
/* Source validation of IPv4: net/ipv4/fib_frontend.c (fib_validate_source and what it calls). */
#include "lib/fib4.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

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

static int reject_source(struct np_fib4 *c, enum np_fib_why why)
{
	np_fib4_end(c, NP_V_MARTIAN_SOURCE, why, EINVAL);
	return 1;
}

/* The rp_filter check failed or passed; on failure 1 and the verdict. */
static int rp_filter(struct np_fib4 *c, const struct np_fib_dev *dev, bool pass,
		     enum np_fib_why why, int reverse_dev)
{
	struct np_fib_check *k = np_fib4_check_conf(c, NP_CHK_RP_FILTER, pass, dev,
						    NP_FIB_RP_FILTER);

	k->has_reverse = true;
	k->reverse_dev = reverse_dev;
	if (pass)
		return 0;
	np_fib4_end(c, NP_V_RP_FILTER, why, EINVAL); /* EXDEV before Linux 6.14 */
	return 1;
}

/* __fib_validate_source(); dst is zero for a broadcast. */
static int full_validate(struct np_fib4 *c, const struct np_fib_dev *dev, const uint8_t *dst,
			 int oif)
{
	const struct np_fib *fib = c->fib;
	struct np_fib_walk *w = &c->d->back;
	int32_t rpf = np_fib_conf_get(fib, dev, NP_FIB_RP_FILTER);
	const struct np_fib_dev *lo = np_fib_loopback(fib);
	const struct np_fib_route *r;
	struct np_fib_key key;
	int reverse = 0;

	np_fib4_key(c, &key);
	memcpy(key.dst, c->flow->src, 4);
	memcpy(key.src, dst, 4);
	key.iif = oif ? oif : np_fib4_loopback(fib);
	key.l3mdev = np_fib_l3mdev(fib, dev->ifindex);
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

		np_fib4_check_conf(c, NP_CHK_ACCEPT_LOCAL, ok, dev, NP_FIB_ACCEPT_LOCAL);
		if (!ok)
			return reject_source(c, NP_WHY_SRC_OURS);
	}
	if (np_fib4_nh(fib, w))
		reverse = np_fib4_nh(fib, w)->ifindex;
	if (back_by(fib, r, dev->ifindex) || (r->type == RTN_LOCAL && dev == lo))
		return rp_filter(c, dev, true, NP_WHY_NONE, reverse);
	if (!dev->has_addr4)
		return rp_filter(c, dev, !rpf, NP_WHY_RP_NO_ADDR, reverse);
	return rp_filter(c, dev, rpf != 1, NP_WHY_RP_OTHER_DEV, reverse);
}

int np_fib4_validate(struct np_fib4 *c, const struct np_fib_dev *dev, const uint8_t *dst, int oif)
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
	np_fib4_check_conf(c, NP_CHK_ACCEPT_LOCAL, !ours, dev, NP_FIB_ACCEPT_LOCAL);
	return ours ? reject_source(c, NP_WHY_SRC_OURS) : 0;
}

