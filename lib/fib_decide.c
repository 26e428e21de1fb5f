// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/fib.h"

#include <errno.h>
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

static void refused(struct np_fib_decision *d, enum np_verdict v, int err)
{
	bool rule = d->walk.rule != NP_FIB_NONE && d->walk.route == NP_FIB_NONE;

	d->verdict = v;
	d->err = err;
	d->why = rule ? NP_WHY_RULE : NP_WHY_NONE;
}

void np_fib_refuse(struct np_fib_decision *d)
{
	switch (d->walk.err) {
	case -EACCES:
		refused(d, NP_V_PROHIBIT, EACCES);
		return;
	case -EINVAL:
		refused(d, NP_V_BLACKHOLE, EINVAL);
		return;
	case -EHOSTUNREACH:
		refused(d, NP_V_UNREACHABLE, EHOSTUNREACH);
		return;
	default: /* also a rule of type unreachable: the kernel's answer is the same */
		refused(d, NP_V_NO_ROUTE, ENETUNREACH);
	}
}

int np_fib_decide(const struct np_fib *fib, const struct np_flow *flow, uint32_t pick,
		  struct np_fib_decision *d)
{
	reset(d);
	if (fib->family == AF_INET6)
		return np_fib_decide6(fib, flow, pick, d);
	return np_fib_decide4(fib, flow, pick, d);
}

uint32_t np_fib_picks(const struct np_fib *fib, const struct np_fib_decision *d)
{
	const struct np_fib_route *r;
	uint32_t n = 0;

	if (!d->multipath)
		return 1;
	r = &fib->routes[d->walk.route];
	for (uint32_t k = 0; k < r->n_nh; k++)
		n += !(fib->nhs[r->nh + k].flags & RTNH_F_DEAD);
	n = n ? n : 1;
	/* IPv6 chooses by score and then perhaps by hash: the choice, and each of them */
	return fib->family == AF_INET6 ? n + 1 : n;
}
