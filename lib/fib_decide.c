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
	d->back.steps = back.steps;
	d->back.cap = back.cap;
}

int np_fib_decide(const struct np_fib *fib, const struct np_flow *flow, uint32_t pick,
		  struct np_fib_decision *d)
{
	reset(d);
	if (fib->family != AF_INET)
		return d->error = -EAFNOSUPPORT;
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
	return n ? n : 1;
}
