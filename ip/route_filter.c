// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/route_filter.h"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

static bool given(const struct np_addr *prefix)
{
	return prefix->family != AF_UNSPEC || prefix->flags & NP_ADDR_LEN_GIVEN;
}

/* root: inside the prefix, which is at least as short. */
static bool in_root(const struct np_addr *root, uint8_t family, const uint8_t *addr, unsigned bits)
{
	if (!given(root))
		return true;
	if (root->family != AF_UNSPEC && root->family != family)
		return false;
	return root->bits <= bits && np_bits_equal(addr, root->b, root->bits);
}

/* match: the prefix lies inside the route's, which is no longer. */
static bool in_match(const struct np_addr *match, uint8_t family, const uint8_t *addr,
		     unsigned bits)
{
	if (!given(match))
		return true;
	if (match->family != AF_UNSPEC && match->family != family)
		return false;
	return match->bits >= bits && np_bits_equal(addr, match->b, bits);
}

static bool match_table(struct route_filter *f, const struct np_route *r)
{
	if (r->family == AF_INET6 && r->table != RT_TABLE_MAIN)
		f->ip6_tables = true;
	if (!f->table)
		return true;
	if (r->family != AF_INET6 || f->ip6_tables)
		return f->table == r->table;
	/* a kernel with one table for IPv6: the type says which it would be */
	if (f->table == RT_TABLE_LOCAL)
		return r->type == RTN_LOCAL;
	return f->table == RT_TABLE_MAIN && r->type != RTN_LOCAL;
}

static bool match_head(const struct route_filter *f, const struct np_route *r)
{
	if (f->family != AF_UNSPEC && f->family != r->family)
		return false;
	if (f->cached != !!(r->flags & RTM_F_CLONED))
		return false;
	if (f->set & ROUTE_FILTER_PROTO && f->protocol != r->protocol)
		return false;
	if (f->set & ROUTE_FILTER_SCOPE && f->scope != r->scope)
		return false;
	if (f->types && !(f->types & 1ULL << (r->type & 63)))
		return false;
	return !(f->set & ROUTE_FILTER_TOS) || f->tos == r->tos;
}

static bool match_gateway(const struct route_filter *f, const struct np_route *r)
{
	static const uint8_t none[NP_ADDR_MAX];
	const struct np_hop *via = &r->nh.via;

	if (!f->via.family)
		return true;
	if (r->nh.set & NP_NH_VIA)
		return via->family == f->via.family &&
		       np_bits_equal(via->b, f->via.b, f->via.bits);
	if (r->family != f->via.family)
		return false;
	return np_bits_equal(r->nh.set & NP_NH_GATEWAY ? r->nh.gateway : none, f->via.b,
			     f->via.bits);
}

static bool match_prefsrc(const struct route_filter *f, const struct np_route *r)
{
	static const uint8_t none[16];

	if (!f->prefsrc.family)
		return true;
	if (r->family != f->prefsrc.family)
		return false;
	return np_bits_equal(r->set & NP_RT_PREFSRC ? r->prefsrc : none, f->prefsrc.b,
			     f->prefsrc.bits);
}

static bool match_numbers(const struct route_filter *f, const struct np_route *r)
{
	uint32_t realm = r->nh.set & NP_NH_REALMS ? r->nh.realms : 0;

	if ((realm ^ f->realm) & f->realm_mask)
		return false;
	if (f->set & ROUTE_FILTER_IIF && f->iif != (r->set & NP_RT_IIF ? r->iif : 0))
		return false;
	if (f->set & ROUTE_FILTER_OIF && f->oif != (r->nh.set & NP_NH_DEV ? r->nh.ifindex : 0))
		return false;
	if (f->set & ROUTE_FILTER_MARK && f->mark != (r->set & NP_RT_MARK ? r->mark : 0))
		return false;
	if (f->set & ROUTE_FILTER_NHID && f->nhid != (r->set & NP_RT_NHID ? r->nhid : 0))
		return false;
	return !(f->set & ROUTE_FILTER_METRIC) ||
	       f->metric == (r->set & NP_RT_PRIORITY ? r->priority : 0);
}

static bool is_null_route(const struct np_route *r)
{
	return r->family == AF_INET6 && !r->dst_bits && r->type == RTN_UNREACHABLE &&
	       r->set & NP_RT_PRIORITY && r->priority == UINT32_MAX;
}

bool route_filter_match(struct route_filter *f, const struct np_route *r)
{
	return match_table(f, r) && match_head(f, r) &&
	       in_root(&f->root_dst, r->family, r->dst, r->dst_bits) &&
	       in_match(&f->match_dst, r->family, r->dst, r->dst_bits) &&
	       in_root(&f->root_src, r->family, r->src, r->src_bits) &&
	       in_match(&f->match_src, r->family, r->src, r->src_bits) &&
	       match_gateway(f, r) && match_prefsrc(f, r) && match_numbers(f, r) &&
	       !(f->flush && is_null_route(r));
}

void route_filter_dump(const struct route_filter *f, const struct prt *p,
		       struct np_route_dump *dump)
{
	*dump = (struct np_route_dump){ .family = f->family,
		.protocol = f->set & ROUTE_FILTER_PROTO ? f->protocol : 0, .cached = f->cached,
		.table = f->table, .oif = f->set & ROUTE_FILTER_OIF ? f->oif : 0,
		.absent_ok = p->batch };
	if (f->family == AF_UNSPEC && f->table)
		dump->family = AF_INET;
}

void route_filter_hide(const struct route_filter *f, struct route_show *rs)
{
	static const struct {
		uint32_t filter, hide;
	} rows[] = {
		{ ROUTE_FILTER_PROTO, ROUTE_HIDE_PROTO }, { ROUTE_FILTER_SCOPE, ROUTE_HIDE_SCOPE },
		{ ROUTE_FILTER_TOS, ROUTE_HIDE_TOS }, { ROUTE_FILTER_IIF, ROUTE_HIDE_IIF },
		{ ROUTE_FILTER_OIF, ROUTE_HIDE_DEV }, { ROUTE_FILTER_METRIC, ROUTE_HIDE_METRIC },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (f->set & rows[i].filter)
			rs->hide |= rows[i].hide;
	}
	if (f->table)
		rs->hide |= ROUTE_HIDE_TABLE;
	if (f->realm_mask == UINT32_MAX)
		rs->hide |= ROUTE_HIDE_REALM;
	rs->via_bits = f->via.bits;
	rs->prefsrc_bits = f->prefsrc.bits;
}
