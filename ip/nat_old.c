// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The NAT of Linux 2.2 and 2.4 (iproute2's ip-cref, "Route NAT status"): `route add nat A
 * via B` and `rule add from B nat A`, by mappings of the module. Kernels since 2.6 refuse
 * the route, and take the rule as one that drops what it selects.
 */
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "ip/change.h"
#include "ip/nat.h"
#include "ip/nat_old.h"
#include "lib/nat_nl.h"

static void forget(struct np_err *err)
{
	if (err)
		*err = (struct np_err)NP_ERR_INIT;
}

/* What a mapping cannot say. */
static const char *route_excess(const struct np_route *r)
{
	if (r->set & ~(uint32_t)(NP_RT_DST | NP_RT_TABLE))
		return "has a prefix, \"via\" and \"dev\" alone";
	if (r->nh.set & ~(uint32_t)(NP_NH_GATEWAY | NP_NH_DEV) || r->tos || r->nhid || r->flags)
		return "has a prefix, \"via\" and \"dev\" alone";
	if (r->table != RT_TABLE_LOCAL && r->table != RT_TABLE_MAIN)
		return "is of no table but local and main: the module translates for all";
	return NULL;
}

static int mapping_of_route(const struct np_route *r, struct np_nat_mapping *m, struct np_err *err)
{
	const char *excess = route_excess(r);

	*m = (struct np_nat_mapping){ .family = AF_INET, .kind = NP_NAT_KIND_DST,
				      .bits = r->dst_bits };
	if (excess)
		return np_err_set(err, EINVAL, "a route of type nat %s", excess);
	memcpy(m->from, r->dst, 4);
	if (r->nh.set & NP_NH_GATEWAY)
		memcpy(m->to, r->nh.gateway, 4);
	if (r->nh.set & NP_NH_DEV)
		m->ifindex = (uint32_t)r->nh.ifindex;
	return 0;
}

bool nat_is_route(const struct np_route *r, enum np_route_op op)
{
	return r->family == AF_INET && r->type == RTN_NAT &&
	       (op == NP_ROUTE_DEL || r->nh.set & NP_NH_GATEWAY);
}

/*
 * The pair of commands that translated both ways in its time, `route add nat A via B` and
 * `rule add from B nat A`, is one mapping here. Its kind tells which of the two made it, and
 * that one's deletion takes it away. Returns 0 for a clash of the other one with it, else ret.
 */
static int allow_pair(struct prt *p, const struct np_nat_mapping *m, int ret, struct np_err *err)
{
	if (ret != -EEXIST)
		return ret;
	if (!np_nat_has_turned(p->nat, m))
		return nat_clash(p, m, ret, err);
	forget(err);
	return 0;
}

static bool at_same_place(const struct np_nat_mapping *found, const struct np_nat_mapping *m)
{
	return found->bits == m->bits && found->ifindex == m->ifindex;
}

/* Has a rule's mapping the addresses of the route, which may be without its "via"? */
static bool has_rule(struct prt *p, const struct np_route *r, const struct np_nat_mapping *m)
{
	struct np_nat_filter want = { .family = AF_INET,
				      .set = 1u << NP_NAT_KEY_SRC | 1u << NP_NAT_KEY_TO };
	struct np_nat_mapping found;

	if (r->nh.set & NP_NH_GATEWAY)
		return np_nat_has_turned(p->nat, m);
	want.to = (struct np_addr){ .family = AF_INET, .len = 4, .bits = m->bits };
	memcpy(want.to.b, m->from, 4);
	return !np_nat_find(p->nat, &want, at_same_place, m, &found);
}

/* A deletion may leave out what the addresses became. */
static int delete_route(struct prt *p, const struct np_route *r, struct np_nat_mapping *m,
			struct np_err *err)
{
	int ret = r->nh.set & NP_NH_GATEWAY ? 0 : np_nat_get(p->nat, m, err);

	if (!ret)
		ret = np_nat_del(p->nat, m, err);
	if (ret != -ENOENT || !has_rule(p, r, m))
		return ret;
	forget(err);
	prt_note(p, "Warning: the mapping is that of a NAT rule, and stays until the rule is "
		 "deleted");
	return 0;
}

int nat_route(struct prt *p, enum np_route_op op, const struct np_route *r, struct np_err *err)
{
	struct np_nat_mapping m;
	int ret = prt_need_nat(p, err);

	if (ret == -ENOENT && op == NP_ROUTE_DEL && !(r->nh.set & NP_NH_GATEWAY))
		return prt_route_change(p, op, r, err);
	if (!ret)
		ret = mapping_of_route(r, &m, err);
	if (ret) {
		np_err_prefix(err, "the kernel has no route NAT since Linux 2.6");
		/* as ip's refusal by the kernel */
		if (err && ret == -ENOENT)
			err->refused = true;
		return ret;
	}
	switch (op) {
	case NP_ROUTE_ADD:
	case NP_ROUTE_REPLACE:
		ret = np_nat_check_new(&m, err);
		if (ret)
			return ret;
		ret = op == NP_ROUTE_ADD ? np_nat_add(p->nat, &m, err) :
					   np_nat_replace(p->nat, &m, err);
		return allow_pair(p, &m, ret, err);
	case NP_ROUTE_DEL:
		ret = delete_route(p, r, &m, err);
		/* perhaps a route that leads nowhere, as kernels of today take it */
		if (ret == -ENOENT && !(r->nh.set & NP_NH_GATEWAY))
			return prt_route_change(p, op, r, err);
		return ret;
	default:
		return np_err_set(err, EINVAL, "a route of type nat is added, replaced or "
				  "deleted");
	}
}

static int mapping_of_rule(const struct np_rule *rule, bool del, struct np_nat_mapping *m,
			   struct np_err *err)
{
	const uint32_t may = 1u << NP_RULE_PRIORITY | 1u << NP_RULE_FROM | 1u << NP_RULE_NAT |
			     1u << NP_RULE_TABLE | 1u << NP_RULE_PROTOCOL;

	*m = (struct np_nat_mapping){ .family = AF_INET, .kind = NP_NAT_KIND_SRC };
	if (rule->set & ~may || !rule->from.bits)
		return np_err_set(err, EINVAL, "a rule of NAT selects by \"from PREFIX\" alone: "
				  "the module knows no more of a packet");
	m->bits = (uint8_t)rule->from.bits;
	memcpy(m->from, rule->from.b, 4);
	memcpy(m->to, rule->nat.b, 4);
	return (del ? np_nat_check : np_nat_check_new)(m, err);
}

bool nat_is_rule(const struct np_rule *rule)
{
	return np_rule_has(rule, NP_RULE_NAT);
}

/* A batch keeps nothing back: the mapping goes with the rule's success. */
static int change_rule(struct prt *p, const struct np_rule *rule, bool del, struct np_err *err)
{
	int ret = prt_rule_change(p, rule, del, err);

	if (!ret && p->batch && np_nl_flush(p->nl))
		ret = -ECANCELED; /* told already */
	return ret;
}

/*
 * *mine: the mapping came or went with this. A rule whose mapping went with a route that was
 * deleted before it can be deleted still, unless its source has another by now.
 */
static int change_mapping(struct prt *p, const struct np_nat_mapping *m, bool del, bool *mine,
			  struct np_err *err)
{
	struct np_nat_mapping other;
	int ret = del ? np_nat_del(p->nat, m, err) : np_nat_add(p->nat, m, err);

	*mine = !ret;
	if (!del)
		return allow_pair(p, m, ret, err);
	if (ret != -ENOENT)
		return ret;
	if (!np_nat_has_turned(p->nat, m)) {
		if (np_nat_find_clash(p->nat, m, &other) != -ENOENT)
			return ret;
		prt_note(p, "Warning: there is no such mapping: the rule alone is deleted");
	}
	forget(err);
	return 0;
}

int nat_rule(struct prt *p, struct np_rule *rule, bool del, struct np_err *err)
{
	struct np_nat_mapping m;
	bool mine = false;
	int ret = rule->family == AF_INET ? prt_need_nat(p, err) : -ENOENT;

	if (ret == -ENOENT) {
		forget(err);
		prt_note(p, "Warning: the kernel has had no route NAT since Linux 2.6%s: the rule "
			 "translates nothing, and what it selects is dropped",
			 rule->family == AF_INET ? ", and the module static_nat is not there" :
						   "");
		return prt_rule_change(p, rule, del, err);
	}
	if (!ret)
		ret = mapping_of_rule(rule, del, &m, err);
	if (!ret)
		ret = change_mapping(p, &m, del, &mine, err);
	if (ret)
		return ret;
	/* What is left of the rule is its lookup. */
	rule->set &= ~(1u << NP_RULE_NAT);
	rule->action = FR_ACT_TO_TBL;
	if (!rule->table) {
		rule->table = RT_TABLE_MAIN;
		rule->set |= 1u << NP_RULE_TABLE;
	}
	ret = change_rule(p, rule, del, err);
	if (ret && del && mine)
		np_err_prefix(err, "the mapping is deleted, but its rule is not");
	else if (ret && mine && np_nat_del(p->nat, &m, NULL))
		np_err_prefix(err, "the mapping was added, and could not be taken back");
	return ret;
}
