// SPDX-License-Identifier: GPL-2.0-or-later
/* What a host knows: arrays in the dump's order, and a hash of prefixes for the lookup. */
#include "lib/fib.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/grow.h"

/*
 * The longest prefix is found by asking the hash for each length that the table
 * has at all, longest first: a handful of probes, whatever the table's size.
 */
struct np_fib_table {
	uint32_t id;
	uint64_t lens[3]; /* bit n: a prefix of length n, 0 to 128 */
};

void np_fib_init(struct np_fib *fib, uint8_t family)
{
	memset(fib, 0, sizeof(*fib));
	fib->family = family;
	fib->vrf_selectors = true;
}

void np_fib_clean(struct np_fib *fib)
{
	free(fib->rules);
	free(fib->routes);
	free(fib->nhs);
	free(fib->devs);
	free(fib->addrs);
	free(fib->groups);
	free(fib->hash);
	free(fib->tables);
	np_fib_init(fib, fib->family);
}

#define GROW(fib, field, n)                                                                        \
	np_grow((fib)->field, (fib)->n_##field, &(fib)->cap_##field, (n), sizeof(*(fib)->field))

int np_fib_add_rule(struct np_fib *fib, const struct np_fib_rule *r)
{
	struct np_fib_rule *p = GROW(fib, rules, 1);

	if (!p)
		return -ENOMEM;
	fib->rules = p;
	fib->rules[fib->n_rules++] = *r;
	return 0;
}

int np_fib_add_addr(struct np_fib *fib, const struct np_fib_addr *a)
{
	struct np_fib_addr *p = GROW(fib, addrs, 1);

	if (!p)
		return -ENOMEM;
	fib->addrs = p;
	fib->addrs[fib->n_addrs++] = *a;
	return 0;
}

int np_fib_add_group(struct np_fib *fib, const struct np_fib_group *g)
{
	struct np_fib_group *p = GROW(fib, groups, 1);

	if (!p)
		return -ENOMEM;
	fib->groups = p;
	fib->groups[fib->n_groups++] = *g;
	return 0;
}

int np_fib_add_dev(struct np_fib *fib, const struct np_fib_dev *d)
{
	struct np_fib_dev *p = GROW(fib, devs, 1);
	size_t i = fib->n_devs;

	if (!p)
		return -ENOMEM;
	fib->devs = p;
	while (i && p[i - 1].ifindex > d->ifindex)
		i--;
	memmove(&p[i + 1], &p[i], (fib->n_devs - i) * sizeof(*p));
	p[i] = *d;
	fib->n_devs++;
	return 0;
}

/* ---- tables and prefixes ---- */

static const struct np_fib_table *find_table(const struct np_fib *fib, uint32_t id, size_t *at)
{
	size_t lo = 0, hi = fib->n_tables;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (fib->tables[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (at)
		*at = lo;
	return lo < fib->n_tables && fib->tables[lo].id == id ? &fib->tables[lo] : NULL;
}

static int mark_bits(struct np_fib *fib, uint32_t id, uint8_t bits)
{
	struct np_fib_table *p;
	size_t at;

	if (!find_table(fib, id, &at)) {
		p = GROW(fib, tables, 1);
		if (!p)
			return -ENOMEM;
		fib->tables = p;
		memmove(&p[at + 1], &p[at], (fib->n_tables - at) * sizeof(*p));
		p[at] = (struct np_fib_table){ .id = id };
		fib->n_tables++;
	}
	fib->tables[at].lens[bits / 64] |= UINT64_C(1) << (bits % 64);
	return 0;
}

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	h ^= h >> 32;
	return h;
}

static uint32_t prefix_hash(uint32_t table, const uint8_t prefix[16], unsigned bits)
{
	uint64_t w[2];

	memcpy(w, prefix, 16);
	return (uint32_t)mix(mix(w[0] ^ ((uint64_t)table << 8 | bits)) ^ w[1]);
}

/*
 * The slot of a prefix of that hash: where it is or where it would go. prefix is
 * cut. Routes of another hash are not looked at: each is a miss of the cache.
 */
static uint32_t slot(const struct np_fib *fib, uint32_t hash, uint32_t table,
		     const uint8_t prefix[16], unsigned bits)
{
	for (uint32_t i = hash;; i++) {
		const struct np_fib_slot *s = &fib->hash[i & (fib->hash_size - 1)];
		const struct np_fib_route *r;

		if (s->route == NP_FIB_NONE)
			return i & (fib->hash_size - 1);
		if (s->hash != hash)
			continue;
		r = &fib->routes[s->route];
		if (r->table == table && r->dst_bits == bits && !memcmp(r->dst, prefix, 16))
			return i & (fib->hash_size - 1);
	}
}

static int rehash(struct np_fib *fib)
{
	uint32_t size = fib->hash_size ? fib->hash_size * 4 : 64, old_size = fib->hash_size;
	struct np_fib_slot *old = fib->hash;

	fib->hash = malloc(size * sizeof(*fib->hash));
	if (!fib->hash) {
		fib->hash = old;
		return -ENOMEM;
	}
	memset(fib->hash, 0xff, size * sizeof(*fib->hash)); /* NP_FIB_NONE */
	fib->hash_size = size;
	for (uint32_t i = 0; i < old_size; i++) {
		uint32_t at = old[i].hash;

		if (old[i].route == NP_FIB_NONE)
			continue;
		while (fib->hash[at & (size - 1)].route != NP_FIB_NONE)
			at++;
		fib->hash[at & (size - 1)] = old[i];
	}
	free(old);
	return 0;
}

int np_fib_add_route(struct np_fib *fib, const struct np_fib_route *from,
		     const struct np_fib_nh *nhs)
{
	struct np_fib_route *routes = GROW(fib, routes, 1), *r;
	struct np_fib_nh *nh;
	uint32_t hash, s, at;

	if (!routes)
		return -ENOMEM;
	fib->routes = routes;
	nh = GROW(fib, nhs, from->n_nh);
	if (!nh && from->n_nh)
		return -ENOMEM;
	if (nh)
		fib->nhs = nh;
	if ((fib->n_prefixes + 1) * 2 > fib->hash_size && rehash(fib))
		return -ENOMEM;
	if (mark_bits(fib, from->table, from->dst_bits))
		return -ENOMEM;

	r = &fib->routes[fib->n_routes];
	*r = *from;
	np_bits_cut(r->dst, from->dst, from->dst_bits);
	r->next = NP_FIB_NONE;
	r->nh = (uint32_t)fib->n_nhs;
	if (r->n_nh)
		memcpy(&fib->nhs[fib->n_nhs], nhs, r->n_nh * sizeof(*nhs));
	fib->n_nhs += r->n_nh;
	hash = prefix_hash(r->table, r->dst, r->dst_bits);
	s = slot(fib, hash, r->table, r->dst, r->dst_bits);
	at = fib->hash[s].route;
	if (at == NP_FIB_NONE) {
		fib->hash[s] = (struct np_fib_slot){ hash, (uint32_t)fib->n_routes };
		fib->n_prefixes++;
	} else {
		while (fib->routes[at].next != NP_FIB_NONE)
			at = fib->routes[at].next;
		fib->routes[at].next = (uint32_t)fib->n_routes;
	}
	fib->n_routes++;
	return 0;
}

void np_fib_forget_routes(struct np_fib *fib)
{
	fib->n_routes = fib->n_nhs = fib->n_tables = 0;
	fib->n_prefixes = 0;
	if (fib->hash)
		memset(fib->hash, 0xff, fib->hash_size * sizeof(*fib->hash));
}

uint32_t np_fib_prefix(const struct np_fib *fib, uint32_t table, const uint8_t *dst, unsigned bits)
{
	uint8_t prefix[16];

	if (!fib->hash_size)
		return NP_FIB_NONE;
	np_bits_cut(prefix, dst, bits);
	return fib->hash[slot(fib, prefix_hash(table, prefix, bits), table, prefix, bits)].route;
}

int np_fib_next_bits(const struct np_fib *fib, uint32_t table, int bits)
{
	const struct np_fib_table *t = find_table(fib, table, NULL);

	for (int w = bits / 64; t && bits >= 0 && w >= 0; w--) {
		uint64_t lens = t->lens[w];

		if (w == bits / 64 && bits % 64 != 63)
			lens &= (UINT64_C(2) << (bits % 64)) - 1;
		if (lens)
			return w * 64 + 63 - __builtin_clzll(lens);
	}
	return -1;
}

/* ---- links and addresses ---- */

const struct np_fib_dev *np_fib_dev(const struct np_fib *fib, int ifindex)
{
	size_t lo = 0, hi = fib->n_devs;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (fib->devs[mid].ifindex < ifindex)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < fib->n_devs && fib->devs[lo].ifindex == ifindex ? &fib->devs[lo] : NULL;
}

const char *np_fib_dev_name(const struct np_fib *fib, int ifindex)
{
	const struct np_fib_dev *d = np_fib_dev(fib, ifindex);

	return d ? d->name : "";
}

const struct np_fib_dev *np_fib_loopback(const struct np_fib *fib)
{
	for (size_t i = 0; i < fib->n_devs; i++)
		if (fib->devs[i].flags & IFF_LOOPBACK)
			return &fib->devs[i];
	return NULL;
}

const struct np_fib_addr *np_fib_find_addr(const struct np_fib *fib, const uint8_t *b)
{
	for (size_t i = 0; i < fib->n_addrs; i++)
		if (fib->addrs[i].family == fib->family && !memcmp(fib->addrs[i].b, b, 16))
			return &fib->addrs[i];
	return NULL;
}

bool np_fib_in_group(const struct np_fib *fib, int ifindex, const uint8_t *b)
{
	for (size_t i = 0; i < fib->n_groups; i++) {
		const struct np_fib_group *g = &fib->groups[i];

		if (g->family == fib->family && g->ifindex == ifindex && !memcmp(g->b, b, 16))
			return true;
	}
	return false;
}

/* ---- rules ---- */

int np_fib_type_errno(uint8_t type)
{
	switch (type) {
	case RTN_UNREACHABLE:
		return -EHOSTUNREACH;
	case RTN_PROHIBIT:
		return -EACCES;
	case RTN_THROW:
		return -EAGAIN;
	case RTN_BLACKHOLE:
	case RTN_UNSPEC:
	case RTN_NAT:
	case RTN_XRESOLVE:
		return -EINVAL;
	default:
		return 0;
	}
}

void np_fib_rule_init(struct np_fib_rule *r)
{
	*r = (struct np_fib_rule){
		.action = FR_ACT_TO_TBL,
		.suppress_prefixlen = -1,
		.suppress_ifgroup = -1,
		.goto_index = NP_FIB_NONE,
		.uid_end = UINT32_MAX,
	};
}

/* The rules are the ones that a new network namespace has. */
static bool rules_untouched(const struct np_fib *fib)
{
	static const struct {
		uint32_t priority, table;
	} born[] = {
		{ 0, RT_TABLE_LOCAL },
		{ 0x7ffe, RT_TABLE_MAIN },
		{ 0x7fff, RT_TABLE_DEFAULT },
	};

	if (fib->n_rules != 3)
		return false;
	for (size_t i = 0; i < 3; i++) {
		const struct np_fib_rule *r = &fib->rules[i];

		if (r->set || r->invert || r->action != FR_ACT_TO_TBL ||
		    r->suppress_prefixlen != -1 || r->suppress_ifgroup != -1 ||
		    r->priority != born[i].priority || r->table != born[i].table)
			return false;
	}
	return true;
}

struct np_fib_glance np_fib_glance(const uint8_t *src, const uint8_t *dst, uint32_t mark)
{
	struct np_fib_glance g = { .mark = mark };

	memcpy(&g.addrs, src, 4);
	memcpy((uint8_t *)&g.addrs + 4, dst, 4);
	return g;
}

static struct np_fib_glance glance_of(const struct np_fib_rule *r)
{
	struct np_fib_glance g = np_fib_glance(r->src, r->dst, r->fwmark), masks;
	uint8_t ones[16], src[16], dst[16];

	if (r->invert)
		return (struct np_fib_glance){ 0 };
	memset(ones, 0xff, sizeof(ones));
	np_bits_cut(src, ones, r->src_bits);
	np_bits_cut(dst, ones, r->dst_bits);
	masks = np_fib_glance(src, dst, r->fwmask);
	g.addrs_mask = masks.addrs;
	g.mark_mask = masks.mark;
	return g;
}

void np_fib_seal(struct np_fib *fib)
{
	for (size_t i = 0; i < fib->n_rules; i++) {
		struct np_fib_rule *r = &fib->rules[i];

		r->glance = glance_of(r);
		r->goto_index = NP_FIB_NONE;
		for (size_t k = i + 1; r->action == FR_ACT_GOTO && k < fib->n_rules; k++)
			if (fib->rules[k].priority == r->goto_priority) {
				r->goto_index = (uint32_t)k;
				break;
			}
	}
	fib->custom_rules = !rules_untouched(fib);
	fib->custom_local = false;
	for (size_t i = 0; i < fib->n_routes; i++)
		if (fib->routes[i].type == RTN_LOCAL && fib->routes[i].protocol != RTPROT_KERNEL)
			fib->custom_local = true;
}
