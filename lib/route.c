// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/route.h"

#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/route_encap.h"

void np_route_init(struct np_route *r)
{
	memset(r, 0, sizeof(*r));
}

static void nh_reset(struct np_nh *nh)
{
	free(nh->encap);
	nh->encap = NULL;
	nh->set = 0;
	nh->flags = nh->hops = 0;
	nh->ifindex = 0;
}

void np_route_reset(struct np_route *r)
{
	for (unsigned i = 0; i < r->n_nhs; i++)
		nh_reset(&r->nhs[i]);
	r->n_nhs = 0;
	nh_reset(&r->nh);
	/* the rest is read only where its bit is set */
	memset(r, 0, offsetof(struct np_route, nh));
	r->metrics.set = r->metrics.lock = 0;
}

void np_route_clean(struct np_route *r)
{
	np_route_reset(r);
	free(r->nhs);
	np_route_init(r);
}

struct np_nh *np_route_add_nh(struct np_route *r)
{
	if (r->n_nhs == r->cap_nhs) {
		unsigned cap = r->cap_nhs ? 2 * r->cap_nhs : 4;
		struct np_nh *more = reallocarray(r->nhs, cap, sizeof(*more));

		if (!more)
			return NULL;
		memset(more + r->cap_nhs, 0, (cap - r->cap_nhs) * sizeof(*more));
		r->nhs = more;
		r->cap_nhs = cap;
	}
	return &r->nhs[r->n_nhs++];
}

struct np_encap *np_nh_add_encap(struct np_nh *nh)
{
	free(nh->encap);
	nh->encap = calloc(1, sizeof(*nh->encap));
	if (nh->encap)
		nh->set |= NP_NH_ENCAP;
	else
		nh->set &= ~(uint32_t)NP_NH_ENCAP;
	return nh->encap;
}

int np_route_family(const struct np_route *r)
{
	if (r->type == RTN_MULTICAST && r->family == RTNL_FAMILY_IPMR)
		return AF_INET;
	if (r->type == RTN_MULTICAST && r->family == RTNL_FAMILY_IP6MR)
		return AF_INET6;
	return r->family;
}

unsigned np_family_len(int family)
{
	return family == AF_INET || family == AF_MPLS ? 4 : family == AF_INET6 ? 16 : 0;
}
