// SPDX-License-Identifier: GPL-2.0-or-later
/* The schedulers that look an address up in a table of buckets: sh, dh, mh. */
#include <stdlib.h>
#include <sys/socket.h>

#include "lib/sched_priv.h"

uint32_t np_sched_fold(uint8_t af, const uint8_t addr[16])
{
	uint32_t folded = 0;

	for (int i = 0; i < (af == AF_INET6 ? 16 : 4); i += 4)
		folded ^= (uint32_t)addr[i] << 24 | (uint32_t)addr[i + 1] << 16 |
			(uint32_t)addr[i + 2] << 8 | addr[i + 3];
	return folded;
}

/* hash_32() of include/linux/hash.h */
static uint32_t golden(uint32_t v, unsigned bits)
{
	return v * 0x61c88647u >> (32 - bits);
}

/*
 * ip_vs_sh_reassign(), ip_vs_dh_reassign(): round the list until all buckets are
 * taken; sh gives each as many in a row as its weight says, but one at least.
 */
static void fill_in_turn(struct np_sched *s)
{
	size_t dest = 0;
	int32_t given = 0;

	for (size_t i = 0; i < s->buckets; i++) {
		s->table[i] = (uint32_t)dest;
		if (s->kind == NP_SCHED_SH && ++given < s->dests[dest].weight)
			continue;
		given = 0;
		dest = (dest + 1) % s->n;
	}
}

int np_sched_hash_init(struct np_sched *s, struct np_err *err)
{
	s->buckets = s->kind == NP_SCHED_MH ? NP_SCHED_MH_BUCKETS : 1u << NP_SCHED_SH_BITS;
	s->table = malloc(s->buckets * sizeof(*s->table));
	if (!s->table)
		return np_err_nomem(err);
	for (size_t i = 0; i < s->buckets; i++)
		s->table[i] = UINT32_MAX;
	if (!s->n)
		return 0;
	if (s->kind == NP_SCHED_MH)
		return np_sched_mh_fill(s, err);
	fill_in_turn(s);
	return 0;
}

static size_t bucket(const struct np_sched *s, uint32_t key, uint32_t offset)
{
	if (s->kind == NP_SCHED_MH)
		return np_sched_mh_hash(offset + key, 0) % NP_SCHED_MH_BUCKETS;
	return (offset + golden(key, NP_SCHED_SH_BITS)) & (s->buckets - 1);
}

static size_t dest_in(const struct np_sched *s, size_t at)
{
	return s->table[at] == UINT32_MAX ? NP_SCHED_NONE : s->table[at];
}

/* Others are tried in an order that begins with the first bucket's own number. */
static size_t fall_back(const struct np_sched *s, uint32_t key, size_t first, size_t *where)
{
	for (size_t k = 0; k < s->buckets; k++) {
		size_t at = bucket(s, key, (uint32_t)((first + k) % s->buckets));
		size_t dest = dest_in(s, at);

		if (dest == NP_SCHED_NONE)
			break;
		if (np_sched_usable(&s->dests[dest])) {
			*where = at;
			return dest;
		}
	}
	return NP_SCHED_NONE;
}

void np_sched_hash_pick(const struct np_sched *s, const struct np_sched_flow *flow,
	struct np_sched_choice *choice)
{
	uint32_t key = np_sched_fold(s->af, s->kind == NP_SCHED_DH ? flow->dst : flow->src);
	size_t dest;

	if (s->kind != NP_SCHED_DH && s->flags & NP_SCHED_F_PORT)
		key += flow->sport;
	choice->bucket = bucket(s, key, 0);
	dest = dest_in(s, choice->bucket);
	if (dest != NP_SCHED_NONE && !np_sched_usable(&s->dests[dest])) {
		choice->first = dest;
		dest = NP_SCHED_NONE;
		if (s->kind != NP_SCHED_DH && s->flags & NP_SCHED_F_FALLBACK)
			dest = fall_back(s, key, choice->bucket, &choice->bucket);
	}
	choice->dest = dest;
}
