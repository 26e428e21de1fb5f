// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/fib_agree.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

void np_fib_kernel_init(struct np_fib_kernel *k)
{
	memset(k, 0, sizeof(*k));
	np_route_init(&k->answer);
	np_route_init(&k->match);
}

void np_fib_kernel_clean(struct np_fib_kernel *k)
{
	np_route_clean(&k->answer);
	np_route_clean(&k->match);
}

/* Strict rp_filter was EXDEV until the drop reasons of Linux 6.14 replaced it. */
static bool same_errno(const struct np_fib_decision *d, int err)
{
	return d->err == err || (d->verdict == NP_V_RP_FILTER && (err == EXDEV || err == EINVAL));
}

static bool same_type(enum np_verdict v, uint8_t type)
{
	static const uint8_t types[NP_V_N] = {
		[NP_V_UNICAST] = RTN_UNICAST, [NP_V_LOCAL] = RTN_LOCAL,
		[NP_V_BROADCAST] = RTN_BROADCAST, [NP_V_MULTICAST] = RTN_MULTICAST,
		[NP_V_ANYCAST] = RTN_ANYCAST,
	};

	return types[v] == type;
}

static bool same_hop(int dev, uint8_t family, const uint8_t *gateway, const struct np_route *r)
{
	const struct np_nh *nh = &r->nh;

	if ((nh->set & NP_NH_DEV ? nh->ifindex : 0) != dev)
		return false;
	if (nh->set & NP_NH_GATEWAY)
		return family == r->family && !memcmp(nh->gateway, gateway, 16);
	if (nh->set & NP_NH_VIA)
		return family == nh->via.family && !memcmp(nh->via.b, gateway, nh->via.len);
	return !family;
}

/* A trie that local and main share is main's (see np_fib.custom_rules). */
static bool is_shared(const struct np_fib *fib, const struct np_fib_route *r,
		      const struct np_route *match)
{
	return !fib->custom_rules && fib->n_rules == 3 && fib->family == AF_INET &&
	       r->table == RT_TABLE_LOCAL && match->table == RT_TABLE_MAIN;
}

static bool same_table(const struct np_fib *fib, const struct np_fib_route *r,
		       const struct np_route *said)
{
	return r->table == said->table || is_shared(fib, r, said);
}

static bool same_prefix(const struct np_fib *fib, const struct np_fib_route *r,
			const struct np_route *match)
{
	static const uint8_t none[16];

	return same_table(fib, r, match) && r->dst_bits == match->dst_bits &&
	       !memcmp(r->dst, match->set & NP_RT_DST ? match->dst : none, 16);
}

/* See np_fib_explain(); k->asked is set. */
static bool agrees_with(const struct np_fib *fib, const struct np_fib_decision *d,
			const struct np_fib_kernel *k)
{
	/* IPv6's lookup does not ask whether forwarding is on; the packet would be dropped */
	if (d->verdict == NP_V_FORWARDING_OFF && fib->family == AF_INET6)
		return !k->err && k->answer.type == RTN_UNICAST;
	if (!np_verdict_passes(d->verdict))
		return k->err && same_errno(d, k->err);
	/*
	 * IPv6 multicast that comes in: RTM_GETROUTE asks the multicast router alone
	 * (rt6_fill_node, ip6mr_get_route), and without one it can give no answer.
	 */
	if (d->verdict == NP_V_MULTICAST && fib->family == AF_INET6 && k->err == EMSGSIZE)
		return true;
	if (k->err || !same_type(d->verdict, k->answer.type) ||
	    !same_hop(d->dev, d->gateway_family, d->gateway, &k->answer))
		return false;
	if (!k->matched)
		return d->route == NP_FIB_NONE || !k->answer.table ||
		       same_table(fib, &fib->routes[d->route], &k->answer);
	if (k->match_err)
		return true; /* it used no route of a table, or cannot say which */
	return d->route != NP_FIB_NONE && same_prefix(fib, &fib->routes[d->route], &k->match);
}

/* Told as the kernel tells it: the route was found in main. */
static void tell_shared(const struct np_fib *fib, const struct np_fib_kernel *k,
			struct np_fib_decision *d)
{
	static const struct np_route main_table = { .table = RT_TABLE_MAIN };

	if (k->err || (k->matched && k->match_err) || d->route == NP_FIB_NONE || !d->walk.n ||
	    !is_shared(fib, &fib->routes[d->route], k->asked ? &k->answer : &main_table))
		return;
	d->shared = true;
	d->walk.rule = 1;
	d->walk.table = RT_TABLE_MAIN;
	d->walk.n = 1;
	d->walk.steps[0] = (struct np_fib_step){
		.rule = 1, .result = NP_FR_HIT, .table = RT_TABLE_MAIN, .route = d->route,
	};
}

/* Also in the step that found it, where there is one: link_scope() may have none to tell. */
static void set_route(struct np_fib_decision *d, uint32_t route)
{
	d->route = d->walk.route = route;
	if (d->walk.n)
		d->walk.steps[d->walk.n - 1].route = route;
}

/*
 * fib_select_default(): another default route of the table, because its gateway
 * lives; IPv6: another route that is as good.
 */
static bool try_defaults(const struct np_fib *fib, const struct np_fib_kernel *k,
			 struct np_fib_decision *d)
{
	const struct np_fib_route *base = &fib->routes[d->route];
	const struct np_fib_decision keep = *d;

	for (uint32_t i = base->next; i != NP_FIB_NONE; i = fib->routes[i].next) {
		const struct np_fib_route *r = &fib->routes[i];

		if (r->n_nh != 1 || r->type != base->type ||
		    (fib->family == AF_INET6 && r->priority != base->priority))
			continue;
		set_route(d, i);
		d->walk.nh = 0;
		d->dev = fib->nhs[r->nh].ifindex;
		d->gateway_family = fib->nhs[r->nh].gateway_family;
		memcpy(d->gateway, fib->nhs[r->nh].gateway, sizeof(d->gateway));
		if (agrees_with(fib, d, k))
			return true;
	}
	*d = keep;
	set_route(d, d->route);
	return false;
}

bool np_fib_wants_match(const struct np_fib *fib, const struct np_fib_decision *d,
			const struct np_fib_kernel *k)
{
	return k->asked && !k->err && !k->matched && d->default_set &&
	       d->route != NP_FIB_NONE && fib->routes[d->route].next != NP_FIB_NONE;
}

static int try_picks(const struct np_fib *fib, const struct np_flow *flow,
		     const struct np_fib_kernel *k, struct np_fib_decision *d, bool *agrees)
{
	uint32_t n;
	int ret = np_fib_decide(fib, flow, 0, d);

	if (ret)
		return ret;
	*agrees = agrees_with(fib, d, k);
	n = np_fib_picks(fib, d);
	for (uint32_t pick = 1; !*agrees && pick < n; pick++) {
		ret = np_fib_decide(fib, flow, pick, d);
		if (ret)
			return ret;
		*agrees = agrees_with(fib, d, k);
	}
	if (!*agrees && d->default_set && d->route != NP_FIB_NONE && !k->err)
		*agrees = try_defaults(fib, k, d);
	return 0;
}

#define GUESSES 8 /* three bits */

/*
 * What np_fib_seal had to guess, the other way round where it can be: the
 * custom_* flags can only be on without a cause to be seen. False: that is
 * nothing new.
 */
static bool guess_again(struct np_fib *fib, const struct np_fib *was, unsigned guess)
{
	fib->custom_rules = was->custom_rules || guess & 1;
	fib->custom_local = was->custom_local || guess & 2;
	fib->vrf_selectors = was->vrf_selectors != !!(guess & 4);
	return !(guess & 1 && was->custom_rules) && !(guess & 2 && was->custom_local);
}

int np_fib_explain(struct np_fib *fib, const struct np_flow *flow, const struct np_fib_kernel *k,
		   struct np_fib_decision *d, bool *agrees)
{
	const struct np_fib was = *fib;
	int ret;

	*agrees = false;
	if (!k->asked) {
		ret = np_fib_decide(fib, flow, 0, d);
		if (!ret && !d->err)
			tell_shared(fib, k, d);
		return ret;
	}
	ret = try_picks(fib, flow, k, d, agrees);
	for (unsigned guess = 1; guess < GUESSES && !*agrees && !ret; guess++) {
		if (!guess_again(fib, &was, guess))
			continue;
		ret = try_picks(fib, flow, k, d, agrees);
	}
	if (*agrees && !ret)
		tell_shared(fib, k, d);
	if (*agrees || ret)
		return ret;
	guess_again(fib, &was, 0);
	return np_fib_decide(fib, flow, 0, d);
}
