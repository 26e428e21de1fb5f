// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module static_nat changes a destination before the route is looked up: a question about
 * the address as it was before is one about no packet. It is never loaded for this.
 */
#include <unistd.h>

#include "ip/explain_run.h"
#include "lib/nat_nl.h"

void explain_ask_nat(struct explain_run *run, struct explain_slot *s)
{
	const struct np_flow *f = &s->query.flow;

	/* of this network namespace, and gone with the module */
	if (run->snapshot || access("/proc/net/static_nat", F_OK) || prt_need_nat(run->p, NULL))
		return;
	s->has_nat = !np_nat_find_dst(run->p->nat, s->query.route.family, f->dst,
				      (uint32_t)f->iif, &s->nat);
}
