// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * IPv6: tables and their lookup (net/ipv6/route.c: fib6_table_lookup, rt6_select,
 * find_rr_leaf, rt6_score_route; ip6_fib.c: fib6_node_lookup) and what
 * inet6_rtm_getroute makes of it. There is no source validation in IPv6.
 */
#include "lib/fib.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "lib/addr.h"

/* rt6_score_route(): -1 it cannot be, else the larger the better. pref: RFC 4191's two bits. */
static int score(const struct np_fib *fib, const struct np_fib_route *r,
		 const struct np_fib_nh *nh, const struct np_fib_key *key)
{
	const struct np_fib_dev *d = np_fib_dev(fib, nh->ifindex);
	int m = 0;

	if (nh->flags & RTNH_F_DEAD)
		return -1;
	if (nh->flags & RTNH_F_LINKDOWN && d && d->ignore_linkdown6)
		return -1;
	if (!key->prefer || key->prefer == nh->ifindex)
		m = 2;
	else if (key->strict)
		return -1;
	return m | ((r->pref & 3) ^ 2) << 2;
}

struct best {
	uint32_t route, nh;
	int score;
};

/* The best nexthop of a route, when it is better than what there is. */
static void weigh(const struct np_fib *fib, uint32_t at, const struct np_fib_key *key,
		  struct best *best)
{
	const struct np_fib_route *r = &fib->routes[at];

	for (uint32_t k = 0; k < r->n_nh; k++) {
		int s = score(fib, r, &fib->nhs[r->nh + k], key);

		if (s > best->score)
			*best = (struct best){ at, k, s };
	}
}

static bool src_fits(const struct np_fib_route *r, uint8_t src_bits, const struct np_fib_key *key)
{
	return r->src_bits == src_bits && np_bits_equal(r->src, key->src, src_bits);
}

/*
 * find_rr_leaf() on the routes of one node: those with the least metric first;
 * when none of them can be, all others compete, whatever their metric.
 */
static struct best select_route(const struct np_fib *fib, uint32_t first, uint8_t src_bits,
				const struct np_fib_key *key)
{
	struct best best = { .route = NP_FIB_NONE, .score = -1 };
	uint32_t i = first, metric = 0;
	bool seen = false;

	for (; i != NP_FIB_NONE; i = fib->routes[i].next) {
		const struct np_fib_route *r = &fib->routes[i];

		if (!src_fits(r, src_bits, key))
			continue;
		if (seen && r->priority != metric)
			break;
		seen = true;
		metric = r->priority;
		weigh(fib, i, key, &best);
	}
	for (; best.route == NP_FIB_NONE && i != NP_FIB_NONE;) {
		for (; i != NP_FIB_NONE; i = fib->routes[i].next)
			if (src_fits(&fib->routes[i], src_bits, key))
				weigh(fib, i, key, &best);
	}
	return best;
}

/* The source lengths of a prefix's routes, longest first (CONFIG_IPV6_SUBTREES). */
static int next_src_bits(const struct np_fib *fib, uint32_t first, int below)
{
	int best = -1;

	for (uint32_t i = first; i != NP_FIB_NONE; i = fib->routes[i].next)
		if (fib->routes[i].src_bits < below && fib->routes[i].src_bits > best)
			best = fib->routes[i].src_bits;
	return best;
}

/* np_fib_table_fn */
static int look(const struct np_fib *fib, uint32_t table, const struct np_fib_key *key,
		uint32_t *route, uint32_t *nh)
{
	*route = NP_FIB_NONE;
	for (int bits = np_fib_next_bits(fib, table, 128); bits >= 0;
	     bits = np_fib_next_bits(fib, table, bits - 1)) {
		uint32_t first = np_fib_prefix(fib, table, key->dst, (unsigned)bits);

		for (int src_bits = next_src_bits(fib, first, 129); src_bits >= 0;
		     src_bits = next_src_bits(fib, first, src_bits)) {
			struct best best = select_route(fib, first, (uint8_t)src_bits, key);

			if (best.route == NP_FIB_NONE)
				continue;
			*route = best.route;
			*nh = best.nh;
			return np_fib_type_errno(fib->routes[best.route].type);
		}
	}
	return -EAGAIN;
}

static bool is_multicast(const uint8_t *a) { return a[0] == 0xff; }
static bool is_linklocal(const uint8_t *a) { return a[0] == 0xfe && (a[1] & 0xc0) == 0x80; }

/* rt6_need_strict(): addresses that mean nothing without their link. */
static bool need_strict(const uint8_t *a)
{
	static const uint8_t loopback[16] = { [15] = 1 };

	return is_multicast(a) || is_linklocal(a) ||
	       !memcmp(a, loopback, 16);
}

static void fill_key(const struct np_fib *fib, const struct np_flow *f, struct np_fib_key *key)
{
	static const uint8_t any[16];
	const struct np_fib_dev *lo = np_fib_loopback(fib);

	memset(key, 0, sizeof(*key));
	memcpy(key->dst, f->dst, 16);
	memcpy(key->src, f->src, 16);
	key->no_src = !memcmp(f->src, any, 16);
	key->iif = f->iif ? f->iif : lo ? lo->ifindex : 1;
	key->oif = f->iif ? 0 : f->oif;
	key->prefer = f->iif ? f->iif : f->oif;
	key->strict = need_strict(f->dst) || (!f->iif && f->oif && key->no_src);
	key->mark = f->mark;
	key->tos = f->tos;
	key->flowlabel = f->flowlabel;
	key->ipproto = f->set & NP_FLOW_IPPROTO ? f->ipproto : 0;
	key->sport = f->sport;
	key->dport = f->dport;
	/* what comes in belongs to nobody, unless one is named (INVALID_UID) */
	key->uid = f->iif && !(f->set & NP_FLOW_UID) ? UINT32_MAX : f->uid;
}

/* ip6_rt_get_dev_rcu(): what is ours stays on lo, or on the VRF it is in. */
static int answer_dev(const struct np_fib *fib, const struct np_fib_route *r, int ifindex)
{
	const struct np_fib_dev *d = np_fib_dev(fib, ifindex), *lo = np_fib_loopback(fib);
	int vrf = np_fib_l3mdev(fib, ifindex);

	if (r->type != RTN_LOCAL && r->type != RTN_ANYCAST)
		return ifindex;
	if (vrf && vrf != ifindex && !need_strict(r->dst))
		return vrf;
	return d && d->vrf_table ? ifindex : lo ? lo->ifindex : ifindex;
}

static void found(const struct np_fib *fib, uint32_t pick, struct np_fib_decision *d)
{
	static const uint8_t verdicts[] = {
		[RTN_LOCAL] = NP_V_LOCAL, [RTN_BROADCAST] = NP_V_BROADCAST,
		[RTN_ANYCAST] = NP_V_ANYCAST, [RTN_MULTICAST] = NP_V_MULTICAST,
	};
	const struct np_fib_route *r = &fib->routes[d->walk.route];
	const struct np_fib_nh *nh;

	d->route = d->walk.route;
	d->default_set = true; /* of equals the first in a list that turns round */
	d->verdict = r->type < sizeof(verdicts) ? verdicts[r->type] : NP_V_UNICAST;
	if (!r->n_nh)
		return;
	if (r->n_nh > 1) {
		/* an oif that fits ended the choice in Linux 6.12, and does not in 6.18 */
		d->multipath = true;
		/* the first pick is what the score chose, the others count through */
		if (pick)
			d->walk.nh = np_fib_pick(fib, r, pick - 1, d->walk.nh);
	}
	nh = &fib->nhs[r->nh + d->walk.nh];
	d->dev = answer_dev(fib, r, nh->ifindex);
	d->gateway_family = nh->gateway_family;
	memcpy(d->gateway, nh->gateway, sizeof(d->gateway));
}

/* ip6_mc_input(): the lookup takes all multicast, a socket gets what its link has joined. */
static void check_member(const struct np_fib *fib, const struct np_flow *f,
			 struct np_fib_decision *d)
{
	if (f->iif && d->verdict == NP_V_MULTICAST)
		d->checks[d->n_checks++] = (struct np_fib_check){
			.name = NP_CHK_MEMBER, .dev = f->iif,
			.pass = np_fib_in_group(fib, f->iif, f->dst) };
}

/* ip6_forward(): not what RTM_GETROUTE answers, but what becomes of the packet. */
static void check_forwarding(const struct np_fib *fib, const struct np_flow *f,
			     struct np_fib_decision *d)
{
	const struct np_fib_dev *dev = np_fib_dev(fib, f->iif);
	struct np_fib_check *k;
	bool on;

	if (!f->iif || d->verdict != NP_V_UNICAST || !dev)
		return;
	on = fib->all_forwarding6 || dev->force_forwarding6;
	k = &d->checks[d->n_checks++];
	*k = (struct np_fib_check){ .name = NP_CHK_FORWARDING, .pass = on, .has_value = true,
				    .value = on, .all = fib->all_forwarding6,
				    .own = dev->forwarding6, .dev = f->iif };
	if (!on)
		d->verdict = NP_V_FORWARDING_OFF;
}

static uint32_t l3mdev_rule(const struct np_fib *fib)
{
	for (uint32_t i = 0; i < fib->n_rules; i++)
		if (fib->rules[i].set & NP_FRULE_L3MDEV)
			return i;
	return NP_FIB_NONE;
}

/*
 * vrf_link_scope_lookup() of drivers/net/vrf.c: what goes out by a link of a VRF to a
 * group or to a link-local address is looked up in the VRF's table, whatever the
 * rules say (told as its own rule); a VRF itself has no such addresses. Returns
 * false when that is not the question, else true with w->err.
 */
static bool link_scope(const struct np_fib *fib, const struct np_flow *f,
		       const struct np_fib_key *key, struct np_fib_decision *d)
{
	struct np_fib_walk *w = &d->walk;
	uint32_t rule = l3mdev_rule(fib);
	int vrf = f->iif || !f->oif ? 0 : np_fib_l3mdev(fib, f->oif);

	if (!vrf || !(is_multicast(f->dst) || is_linklocal(f->dst)))
		return false;
	np_fib_walk_reset(w);
	w->err = -ENETUNREACH;
	if (vrf == f->oif) {
		d->why = NP_WHY_VRF_LINK;
		return true;
	}
	w->table = np_fib_dev(fib, vrf)->vrf_table;
	w->err = look(fib, w->table, key, &w->route, &w->nh);
	if (w->err == -EAGAIN)
		w->err = -ENETUNREACH;
	w->rule = w->route == NP_FIB_NONE ? NP_FIB_NONE : rule;
	d->looked = true;
	if (rule != NP_FIB_NONE)
		d->error = np_fib_walk_add(w, rule,
					   w->route == NP_FIB_NONE ? NP_FR_MISS : NP_FR_HIT, 0,
					   w->table, w->route);
	return true;
}

int np_fib_decide6(const struct np_fib *fib, const struct np_flow *f, uint32_t pick,
		   struct np_fib_decision *d)
{
	struct np_fib_key key;
	int ifindex = f->iif;

	if (ifindex && !np_fib_dev(fib, ifindex)) {
		d->verdict = NP_V_NO_DEVICE;
		d->why = NP_WHY_NO_DEV;
		d->err = ENODEV;
		return 0;
	}
	fill_key(fib, f, &key);
	if (!link_scope(fib, f, &key, d)) {
		d->error = np_fib_walk(fib, &key, look, &d->walk);
		d->looked = true;
	}
	if (d->error)
		return d->error;
	if (d->walk.err) {
		enum np_fib_why why = d->why;

		np_fib_refuse(d);
		d->why = why ? why : d->why;
		return 0;
	}
	found(fib, pick, d);
	check_member(fib, f, d);
	check_forwarding(fib, f, d);
	return 0;
}
