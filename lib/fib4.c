// SPDX-License-Identifier: GPL-2.0-or-later
/* IPv4's tables and their lookup: net/ipv4/fib_trie.c, include/net/ip_fib.h. */
#include "lib/fib.h"

#include <errno.h>
#include <linux/rtnetlink.h>

/* fib_lookup_good_nhc(): the dump says dead also for linkdown where that is to be ignored. */
static bool good_nh(const struct np_fib *fib, const struct np_fib_nh *nh,
		    const struct np_fib_key *key)
{
	const struct np_fib_dev *d;

	if (nh->flags & RTNH_F_DEAD)
		return false;
	if (nh->flags & RTNH_F_LINKDOWN) {
		d = np_fib_dev(fib, nh->ifindex);
		if (d && np_fib_conf_get(fib, d, NP_FIB_IGNORE_LINKDOWN))
			return false;
	}
	return !key->oif || key->oif == nh->ifindex;
}

/*
 * The routes of one prefix in one table, in order. Returns 1 when nothing fits,
 * 2 when a nexthop object did not fit: the kernel then leaves the trie's leaf.
 */
static int try_prefix(const struct np_fib *fib, uint32_t first, const struct np_fib_key *key,
		      uint32_t *route, uint32_t *nh)
{
	for (uint32_t i = first; i != NP_FIB_NONE; i = fib->routes[i].next) {
		const struct np_fib_route *r = &fib->routes[i];
		int err = np_fib_type_errno(r->type);

		if (r->tos && r->tos != (key->tos & NP_FIB_TOS_MASK))
			continue;
		*route = i;
		if (err)
			return err;
		for (uint32_t k = 0; k < r->n_nh && !(r->flags & RTNH_F_DEAD); k++) {
			if (!good_nh(fib, &fib->nhs[r->nh + k], key))
				continue;
			*nh = k;
			return 0;
		}
		if (r->nhid && !(r->flags & RTNH_F_DEAD))
			return 2;
	}
	*route = NP_FIB_NONE;
	return 1;
}

static bool same_key(const uint8_t *dst, unsigned longer, unsigned shorter)
{
	for (unsigned bit = shorter; bit < longer; bit++)
		if (dst[bit / 8] & (0x80 >> (bit % 8)))
			return false;
	return true;
}

/* fib_table_lookup() on one table, or on two that share a trie (ids in the order of its leaves). */
static int scan(const struct np_fib *fib, const uint32_t *ids, unsigned n_ids,
		const struct np_fib_key *key, uint32_t *route, uint32_t *nh)
{
	int bits = 32, skip_from = -1;

	for (;; bits--) {
		int best = -1;

		for (unsigned t = 0; t < n_ids; t++) {
			int have = np_fib_next_bits(fib, ids[t], bits);

			best = have > best ? have : best;
		}
		bits = best;
		if (bits < 0)
			break;
		if (skip_from >= 0 && same_key(key->dst, (unsigned)skip_from, (unsigned)bits))
			continue;
		for (unsigned t = 0; t < n_ids; t++) {
			uint32_t at = np_fib_prefix(fib, ids[t], key->dst, (unsigned)bits);
			int ret = at == NP_FIB_NONE ? 1 : try_prefix(fib, at, key, route, nh);

			if (ret <= 0)
				return ret;
			if (ret == 2) {
				skip_from = bits;
				break;
			}
		}
	}
	*route = NP_FIB_NONE;
	return -EAGAIN;
}

static bool merged(const struct np_fib *fib, uint32_t table)
{
	return !fib->custom_rules && (table == RT_TABLE_LOCAL || table == RT_TABLE_MAIN);
}

int np_fib_table4(const struct np_fib *fib, uint32_t table, const struct np_fib_key *key,
		  uint32_t *route, uint32_t *nh)
{
	static const uint32_t both[] = { RT_TABLE_LOCAL, RT_TABLE_MAIN };

	if (merged(fib, table))
		return scan(fib, both, 2, key, route, nh);
	return scan(fib, &table, 1, key, route, nh);
}

/*
 * fib_lookup() while fib_has_custom_rules is not set: one look into the shared
 * trie, then table default. Told as the rules that stand for it.
 */
static int lookup_merged(const struct np_fib *fib, const struct np_fib_key *key,
			 struct np_fib_walk *w)
{
	uint32_t route = NP_FIB_NONE, nh = 0, table;
	int err = np_fib_table4(fib, RT_TABLE_MAIN, key, &route, &nh);
	uint32_t rule = 0;

	np_fib_walk_reset(w);
	table = route == NP_FIB_NONE ? RT_TABLE_MAIN : fib->routes[route].table;
	if (table == RT_TABLE_MAIN) {
		if (np_fib_walk_add(w, rule, NP_FR_MISS, 0, RT_TABLE_LOCAL, NP_FIB_NONE))
			return -ENOMEM;
		rule = 1;
	}
	if (err == -EAGAIN) {
		if (np_fib_walk_add(w, rule, route == NP_FIB_NONE ? NP_FR_MISS : NP_FR_THROW, 0,
				    table, route))
			return -ENOMEM;
		rule = 2;
		table = RT_TABLE_DEFAULT;
		err = np_fib_table4(fib, table, key, &route, &nh);
	}
	if (err == -EAGAIN) {
		w->err = -ENETUNREACH;
		return np_fib_walk_add(w, rule, route == NP_FIB_NONE ? NP_FR_MISS : NP_FR_THROW, 0,
				       table, route);
	}
	w->rule = rule;
	w->route = route;
	w->nh = nh;
	w->table = table;
	w->err = err;
	return np_fib_walk_add(w, rule, NP_FR_HIT, 0, table, route);
}

int np_fib_lookup4(const struct np_fib *fib, struct np_fib_key *key, struct np_fib_walk *w)
{
	if (!fib->custom_rules && fib->n_rules == 3)
		return lookup_merged(fib, key, w);
	return np_fib_walk(fib, key, np_fib_table4, w);
}
