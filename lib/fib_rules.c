// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The walk over the rules, as net/core/fib_rules.c (fib_rules_lookup,
 * fib_rule_match), net/ipv4/fib_rules.c (fib4_rule_match, fib4_rule_action,
 * fib4_rule_suppress) and net/l3mdev/l3mdev.c do it.
 */
#include "lib/fib.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <netinet/in.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/grow.h"

/* The first rule from i on that may match; most cannot, which is seen at a glance. */
static uint32_t skip(const struct np_fib *fib, uint32_t i, const struct np_fib_glance *key)
{
	const struct np_fib_rule *r, *end;
	const uint64_t addrs = key->addrs;
	const uint32_t mark = key->mark;

	if (i >= fib->n_rules)
		return i;
	r = &fib->rules[i];
	end = &fib->rules[fib->n_rules];
	while (r < end && (((r->glance.addrs ^ addrs) & r->glance.addrs_mask) |
			   ((r->glance.mark ^ mark) & r->glance.mark_mask)))
		r++;
	return (uint32_t)(r - fib->rules);
}

int np_fib_l3mdev(const struct np_fib *fib, int ifindex)
{
	const struct np_fib_dev *d = np_fib_dev(fib, ifindex), *m;

	if (!d)
		return 0;
	if (d->vrf_table)
		return d->ifindex;
	m = np_fib_dev(fib, d->master);
	return m && m->vrf_table ? m->ifindex : 0;
}

/* l3mdev_update_flow(): oif wins over iif; an oif that is a VRF stands for its table alone. */
static void update_l3mdev(const struct np_fib *fib, struct np_fib_key *key)
{
	const struct np_fib_dev *d = key->oif ? np_fib_dev(fib, key->oif) : NULL;
	const struct np_fib_dev *lo;

	if (d) {
		if (!key->l3mdev) {
			key->l3mdev = np_fib_l3mdev(fib, key->oif);
			key->l3mdev_oif = true;
		}
		if (d->vrf_table) {
			if (key->prefer == key->oif)
				key->prefer = 0; /* IPv6 weighs by flowi6_oif, too */
			key->oif = 0;
		}
		return;
	}
	lo = np_fib_loopback(fib);
	if (key->iif && !(lo && lo->ifindex == key->iif) && !key->l3mdev)
		key->l3mdev = np_fib_l3mdev(fib, key->iif);
}

static bool iface_match(const struct np_fib *fib, int want, int have, const struct np_fib_key *key,
			bool oif)
{
	const struct np_fib_dev *d = np_fib_dev(fib, want);

	if (d && d->vrf_table && fib->vrf_selectors)
		return key->l3mdev == want && key->l3mdev_oif == oif;
	return want == have;
}

static bool port_match(uint16_t port, uint16_t start, uint16_t end, uint16_t mask)
{
	if (mask)
		return !((start ^ port) & mask);
	return port >= start && port <= end;
}

/* The selectors that both families share (fib_rule_match): the first that differs, or 0. */
static uint32_t common_differs(const struct np_fib *fib, const struct np_fib_rule *r,
			       const struct np_fib_key *key, uint32_t *table)
{
	const struct np_fib_dev *vrf;

	if ((r->set & NP_FRULE_IIF) && !iface_match(fib, r->iif, key->iif, key, false))
		return NP_FRULE_IIF;
	if ((r->set & NP_FRULE_OIF) && !iface_match(fib, r->oif, key->oif, key, true))
		return NP_FRULE_OIF;
	if ((r->fwmark ^ key->mark) & r->fwmask)
		return NP_FRULE_FWMARK;
	if (r->set & NP_FRULE_TUN_ID) /* never 0, and no packet here comes with another */
		return NP_FRULE_TUN_ID;
	if (r->set & NP_FRULE_L3MDEV) {
		vrf = key->l3mdev ? np_fib_dev(fib, key->l3mdev) : NULL;
		if (!vrf || !vrf->vrf_table)
			return NP_FRULE_L3MDEV;
		*table = vrf->vrf_table;
	}
	if (key->uid < r->uid_start || key->uid > r->uid_end)
		return NP_FRULE_UID;
	return 0;
}

/* The selectors of fib4_rule_match and fib6_rule_match. */
static uint32_t family_differs(const struct np_fib *fib, const struct np_fib_rule *r,
			       const struct np_fib_key *key)
{
	uint8_t tos = fib->family == AF_INET ? key->tos & NP_FIB_TOS_MASK : key->tos & 0xfc;

	if ((r->src_bits && key->no_src) || !np_bits_equal(r->src, key->src, r->src_bits))
		return NP_FRULE_SRC;
	if (!np_bits_equal(r->dst, key->dst, r->dst_bits))
		return NP_FRULE_DST;
	if ((r->set & NP_FRULE_DSCP) && ((r->dscp ^ key->tos >> 2) & r->dscp_mask))
		return NP_FRULE_DSCP;
	if ((r->set & NP_FRULE_TOS) && r->tos && r->tos != tos)
		return NP_FRULE_TOS;
	if ((r->set & NP_FRULE_FLOWLABEL) &&
	    ((r->flowlabel ^ key->flowlabel) & r->flowlabel_mask))
		return NP_FRULE_FLOWLABEL;
	if ((r->set & NP_FRULE_IPPROTO) && r->ipproto && r->ipproto != key->ipproto)
		return NP_FRULE_IPPROTO;
	if ((r->set & NP_FRULE_SPORT) &&
	    !port_match(key->sport, r->sport_start, r->sport_end, r->sport_mask))
		return NP_FRULE_SPORT;
	if ((r->set & NP_FRULE_DPORT) &&
	    !port_match(key->dport, r->dport_start, r->dport_end, r->dport_mask))
		return NP_FRULE_DPORT;
	return 0;
}

bool np_fib_rule_match(const struct np_fib *fib, const struct np_fib_rule *r,
		       const struct np_fib_key *key, uint32_t *table, uint32_t *differs)
{
	*table = r->table;
	*differs = common_differs(fib, r, key, table);
	if (!*differs)
		*differs = family_differs(fib, r, key);
	return r->invert ? *differs != 0 : *differs == 0;
}

/* The route is one that the rule's suppressors turn away. */
static bool suppressed(const struct np_fib *fib, const struct np_fib_rule *r, uint32_t route)
{
	const struct np_fib_route *rt = &fib->routes[route];
	const struct np_fib_dev *d;

	if (rt->dst_bits <= r->suppress_prefixlen)
		return true;
	/* the device of the first nexthop, whichever is used */
	d = rt->n_nh ? np_fib_dev(fib, fib->nhs[rt->nh].ifindex) : NULL;
	return r->suppress_ifgroup != -1 && d && d->group == r->suppress_ifgroup;
}

void np_fib_walk_reset(struct np_fib_walk *w)
{
	w->n = 0;
	w->rule = w->route = NP_FIB_NONE;
	w->nh = w->table = 0;
	w->err = 0;
}

int np_fib_walk_add(struct np_fib_walk *w, uint32_t rule, enum np_fib_result result,
		    uint32_t differs, uint32_t table, uint32_t route)
{
	struct np_fib_step *steps = np_grow(w->steps, w->n, &w->cap, 1, sizeof(*steps));

	if (!steps)
		return -ENOMEM;
	w->steps = steps;
	w->steps[w->n++] = (struct np_fib_step){
		.rule = rule, .result = result, .differs = differs, .table = table, .route = route,
	};
	return 0;
}

/* The errno that the action of a rule is by itself; 0: it looks up a table. */
static int action_errno(uint8_t action)
{
	switch (action) {
	case FR_ACT_TO_TBL:
		return 0;
	case FR_ACT_UNREACHABLE: /* fib4_rule_action, fib6_rule_action */
		return -ENETUNREACH;
	case FR_ACT_PROHIBIT:
		return -EACCES;
	default:
		return -EINVAL;
	}
}

/* One rule that matches and is no goto or nop: 1 the walk is over, 0 it goes on, -ENOMEM. */
static int act(const struct np_fib *fib, uint32_t i, uint32_t table, const struct np_fib_key *key,
	       np_fib_table_fn *look, struct np_fib_walk *w)
{
	const struct np_fib_rule *r = &fib->rules[i];
	int err = action_errno(r->action);
	uint32_t route = NP_FIB_NONE, nh = 0;

	if (err) {
		w->rule = i;
		w->err = err;
		return np_fib_walk_add(w, i, NP_FR_HIT, 0, 0, NP_FIB_NONE) ?: 1;
	}
	err = look(fib, table, key, &route, &nh);
	if (err == -EAGAIN)
		return np_fib_walk_add(w, i, route == NP_FIB_NONE ? NP_FR_MISS : NP_FR_THROW, 0,
				       table, route);
	if (!err && suppressed(fib, r, route))
		return np_fib_walk_add(w, i, NP_FR_SUPPRESSED, 0, table, route);
	w->rule = i;
	w->route = route;
	w->nh = nh;
	w->table = table;
	w->err = err;
	return np_fib_walk_add(w, i, NP_FR_HIT, 0, table, route) ?: 1;
}

int np_fib_walk(const struct np_fib *fib, struct np_fib_key *key, np_fib_table_fn *look,
		struct np_fib_walk *w)
{
	struct np_fib_glance glance;
	uint32_t i = 0;

	np_fib_walk_reset(w);
	update_l3mdev(fib, key);
	glance = np_fib_glance(key->src, key->dst, key->mark);
	while (i < fib->n_rules) {
		uint32_t table, differs, at = w->brief ? skip(fib, i, &glance) : i;
		const struct np_fib_rule *r;
		int ret;

		if (at >= fib->n_rules)
			break;
		r = &fib->rules[at];
		i = at + 1;
		if (!np_fib_rule_match(fib, r, key, &table, &differs)) {
			ret = w->brief ? 0 : np_fib_walk_add(w, at, NP_FR_SKIP, differs, 0,
							     NP_FIB_NONE);
		} else if (r->action == FR_ACT_GOTO && r->goto_index != NP_FIB_NONE) {
			ret = np_fib_walk_add(w, at, NP_FR_GOTO, 0, 0, NP_FIB_NONE);
			i = r->goto_index; /* always forward: np_fib_seal */
		} else if (r->action == FR_ACT_GOTO || r->action == FR_ACT_NOP) {
			ret = np_fib_walk_add(w, at, NP_FR_NOP, 0, 0, NP_FIB_NONE);
		} else {
			ret = act(fib, at, table, key, look, w);
		}
		if (ret)
			return ret < 0 ? ret : 0;
	}
	w->err = -ENETUNREACH;
	return 0;
}
