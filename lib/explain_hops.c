// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of several nexthops, and the routes that were passed over for want of one. */
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "lib/explain.h"

void np_explain_hop(const struct np_explanation *x, const struct np_fib_nh *nh, struct np_line *l)
{
	char gateway[NP_ADDR_STRLEN];

	if (nh->gateway_family)
		np_line_add(l, "via %s ",
			    np_addr_text(nh->gateway_family, nh->gateway,
					 np_family_len(nh->gateway_family), gateway));
	if (nh->ifindex)
		np_line_add(l, "dev %s", np_fib_dev_name(&x->host->fib, nh->ifindex));
	if (nh->flags & RTNH_F_ONLINK)
		np_line_add(l, " onlink");
}

/* What the hash makes of a nexthop. */
static const char *share_words(const struct np_explanation *x, const struct np_fib_nh *nh,
			       bool taken)
{
	switch (np_fib_share(&x->host->fib, nh)) {
	case NP_SHARE_STALE:
		return taken ? "taken, no carrier: ignore_routes_with_linkdown came after it went" :
			       "no carrier, ignore_routes_with_linkdown";
	case NP_SHARE_LIVE:
		return taken ? "taken, by a hash of the flow" : "for other flows";
	case NP_SHARE_NONE:
		break;
	}
	return "dead, its link is down";
}

void np_explain_share(const struct np_explanation *x, uint32_t k, struct np_line *l)
{
	const struct np_fib *fib = &x->host->fib;
	const struct np_fib_nh *nh = &fib->nhs[fib->routes[x->d->walk.route].nh + k];

	np_explain_hop(x, nh, l);
	np_line_add(l, " weight %u: %s", nh->hops + 1,
		    !np_explain_asked(x) && np_fib_share(fib, nh) == NP_SHARE_LIVE ?
		    "taken or not, by a hash of the flow" :
		    share_words(x, nh, np_explain_asked(x) && k == x->d->walk.nh));
}

/* No nexthop of the route can be used, because of their links alone. */
static bool is_down(const struct np_fib *fib, const struct np_fib_route *r)
{
	for (uint32_t k = 0; k < r->n_nh; k++)
		if (np_fib_share(fib, &fib->nhs[r->nh + k]) == NP_SHARE_LIVE)
			return false;
	return r->n_nh;
}

/*
 * The routes of a table that would have been taken before the step's own, were
 * their links up; those of length *bits from index i on, then those of shorter
 * ones. Returns the next, NP_FIB_NONE: no more.
 */
static uint32_t next_down(const struct np_explanation *x, const struct np_fib_step *s, int *bits,
			  uint32_t i)
{
	const struct np_fib *fib = &x->host->fib;
	int end = s->route != NP_FIB_NONE ? fib->routes[s->route].dst_bits : 0;

	for (;;) {
		for (; i != NP_FIB_NONE && i != s->route; i = fib->routes[i].next)
			if (is_down(fib, &fib->routes[i]))
				return i;
		*bits = *bits <= end ? -1 : np_fib_next_bits(fib, s->table, *bits - 1);
		if (*bits < end)
			return NP_FIB_NONE;
		i = np_fib_prefix(fib, s->table, x->flow->dst, (unsigned)*bits);
	}
}

static void say_down(const struct np_explanation *x, uint32_t route, struct np_line *l)
{
	const struct np_fib *fib = &x->host->fib;
	char text[NP_EXPLAIN_ROUTE_MAX];

	np_line_add(l, "%s: passed over, %s", np_explain_route(x, route, 0, text),
		    np_fib_share(fib, &fib->nhs[fib->routes[route].nh]) == NP_SHARE_STALE ?
		    "no carrier, ignore_routes_with_linkdown" : "its link is down");
}

bool np_explain_passed_over(const struct np_explanation *x, const struct np_fib_step *s,
			    size_t n, struct np_line *l)
{
	int bits = x->host->fib.family == AF_INET6 ? 129 : 33;
	uint32_t i = s->table ? next_down(x, s, &bits, NP_FIB_NONE) : NP_FIB_NONE;

	for (; n && i != NP_FIB_NONE; n--)
		i = next_down(x, s, &bits, x->host->fib.routes[i].next);
	if (i == NP_FIB_NONE)
		return false;
	say_down(x, i, l);
	return true;
}

bool np_explain_any_passed_over(const struct np_explanation *x)
{
	struct np_line l;

	for (size_t i = 0; x->d->looked && i < x->d->walk.n; i++) {
		l.n = 0;
		if (np_explain_passed_over(x, &x->d->walk.steps[i], 0, &l))
			return true;
	}
	return false;
}
