// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/fib.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void np_fib_decision_init(struct np_fib_decision *d)
{
	memset(d, 0, sizeof(*d));
	np_fib_walk_reset(&d->walk);
	np_fib_walk_reset(&d->back);
	d->route = NP_FIB_NONE;
}

void np_fib_decision_clean(struct np_fib_decision *d)
{
	free(d->walk.steps);
	free(d->back.steps);
	np_fib_decision_init(d);
}

/* Forgets all but the memory. */
static void reset(struct np_fib_decision *d)
{
	struct np_fib_walk walk = d->walk, back = d->back;

	np_fib_decision_init(d);
	d->walk.steps = walk.steps;
	d->walk.cap = walk.cap;
	d->walk.brief = walk.brief;
	d->back.steps = back.steps;
	d->back.cap = back.cap;
	d->back.brief = back.brief;
}

enum np_verdict np_fib_refusal(const struct np_fib_decision *d)
{
	switch (d->walk.err) {
	case -EACCES:
		return NP_V_PROHIBIT;
	case -EINVAL:
		return NP_V_BLACKHOLE;
	case -EHOSTUNREACH:
		return NP_V_UNREACHABLE;
	default: /* also a rule of type unreachable: the kernel's answer is the same */
		return NP_V_NO_ROUTE;
	}
}

void np_fib_refuse(struct np_fib_decision *d)
{
	bool rule = d->walk.rule != NP_FIB_NONE && d->walk.route == NP_FIB_NONE;

	d->verdict = np_fib_refusal(d);
	d->err = d->verdict == NP_V_NO_ROUTE ? ENETUNREACH : -d->walk.err;
	d->why = rule ? NP_WHY_RULE : NP_WHY_NONE;
}

int np_fib_decide(const struct np_fib *fib, const struct np_flow *flow, uint32_t pick,
		  struct np_fib_decision *d)
{
	reset(d);
	if (fib->family == AF_INET6)
		return np_fib_decide6(fib, flow, pick, d);
	return np_fib_decide4(fib, flow, pick, d);
}

enum np_fib_share np_fib_share(const struct np_fib *fib, const struct np_fib_nh *nh)
{
	const struct np_fib_dev *d = np_fib_dev(fib, nh->ifindex);
	bool ignored;

	if (!(nh->flags & RTNH_F_LINKDOWN))
		return nh->flags & RTNH_F_DEAD ? NP_SHARE_NONE : NP_SHARE_LIVE;
	/* a dump says dead also for linkdown that is to be ignored; a link that is down is both */
	if (!d || !(d->flags & IFF_UP))
		return NP_SHARE_NONE;
	ignored = fib->family == AF_INET6 ? d->ignore_linkdown6 :
		  np_fib_conf_get(fib, d, NP_FIB_IGNORE_LINKDOWN);
	return ignored || nh->flags & RTNH_F_DEAD ? NP_SHARE_STALE : NP_SHARE_LIVE;
}

uint32_t np_fib_pick(const struct np_fib *fib, const struct np_fib_route *r, uint32_t pick,
		     uint32_t keep)
{
	static const enum np_fib_share order[] = { NP_SHARE_LIVE, NP_SHARE_STALE };
	uint32_t n = 0;

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (uint32_t k = 0; k < r->n_nh; k++)
			if (np_fib_share(fib, &fib->nhs[r->nh + k]) == order[i] && n++ == pick)
				return k;
	return keep;
}

uint32_t np_fib_picks(const struct np_fib *fib, const struct np_fib_decision *d)
{
	const struct np_fib_route *r;
	uint32_t n = 0;

	if (!d->multipath)
		return 1;
	r = &fib->routes[d->walk.route];
	for (uint32_t k = 0; k < r->n_nh; k++)
		n += np_fib_share(fib, &fib->nhs[r->nh + k]) != NP_SHARE_NONE;
	n = n ? n : 1;
	/* IPv6 chooses by score and then perhaps by hash: the choice, and each of them */
	return fib->family == AF_INET6 ? n + 1 : n;
}
