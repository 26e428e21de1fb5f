// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mh's table: Maglev hashing (Eisenbud et al., NSDI 2016, section 3.4) with the
 * kernel's keys, as ip_vs_mh_permutate() and ip_vs_mh_populate() fill it.
 */
#include <errno.h>
#include <stdlib.h>

#include "lib/sched_priv.h"

static uint64_t rotate(uint64_t v, unsigned by)
{
	return v << by | v >> (64 - by);
}

/* A round of SipHash (Aumasson and Bernstein 2012, section 2.2). */
static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32) + v[3];
	v[2] += v[1];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/*
 * hsiphash() of four bytes: SipHash-1-3 cut to 32 bits on 64-bit machines. Both
 * halves of a key are the same number (generate_hash_secret in ip_vs_mh.c).
 */
uint32_t np_sched_mh_hash(uint32_t word, unsigned key)
{
	const uint64_t k = key ? 2654446892u : 2654435761u;
	const uint64_t block = UINT64_C(4) << 56 | word;
	uint64_t v[4] = {
		UINT64_C(0x736f6d6570736575) ^ k, UINT64_C(0x646f72616e646f6d) ^ k,
		UINT64_C(0x6c7967656e657261) ^ k, UINT64_C(0x7465646279746573) ^ k,
	};

	v[3] ^= block;
	sip_round(v);
	v[0] ^= block;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return (uint32_t)(v[0] ^ v[1] ^ v[2] ^ v[3]);
}

struct wish {
	uint32_t at;    /* the bucket it wants next */
	uint32_t skip;  /* and how far on the one after that is */
	uint32_t turns; /* buckets it may take in a row */
};

/* Turns are the weights without their common divisor, and at most 64 (ip_vs_mh_shift_weight). */
static bool set_turns(const struct np_sched *s, struct wish *wishes)
{
	uint32_t divisor = 0, heaviest = 0, shift = 0;

	for (size_t i = 0; i < s->n; i++) {
		uint32_t a = s->dests[i].last_weight > 0 ? (uint32_t)s->dests[i].last_weight : 0;

		wishes[i].turns = a;
		heaviest = a > heaviest ? a : heaviest;
		while (a) {
			uint32_t rest = divisor % a;

			divisor = a;
			a = rest;
		}
	}
	if (!divisor)
		return false;
	while (heaviest / divisor >> shift >= 1u << NP_SCHED_MH_BITS)
		shift++;
	for (size_t i = 0; i < s->n; i++) {
		uint32_t weight = wishes[i].turns;

		wishes[i].turns = weight / divisor >> shift;
		if (weight && !wishes[i].turns)
			wishes[i].turns = 1;
	}
	return true;
}

static void take(struct np_sched *s, struct wish *w, size_t dest)
{
	while (s->table[w->at] != UINT32_MAX)
		w->at = (w->at + w->skip) % NP_SCHED_MH_BUCKETS;
	s->table[w->at] = (uint32_t)dest;
}

static void populate(struct np_sched *s, struct wish *wishes)
{
	size_t taken = 0;

	for (;;)
		for (size_t i = 0; i < s->n; i++)
			for (uint32_t turn = 0; turn < wishes[i].turns; turn++) {
				take(s, &wishes[i], i);
				if (++taken == NP_SCHED_MH_BUCKETS)
					return;
			}
}

int np_sched_mh_fill(struct np_sched *s, struct np_err *err)
{
	struct wish *wishes;

	if (s->n > NP_SCHED_MH_BUCKETS)
		return np_err_set(err, EINVAL, "mh has room for %u real servers, not for %zu",
			NP_SCHED_MH_BUCKETS, s->n);
	wishes = calloc(s->n, sizeof(*wishes));
	if (!wishes)
		return np_err_nomem(err);
	for (size_t i = 0; i < s->n; i++) {
		uint32_t key = np_sched_fold(s->af, s->dests[i].addr) + s->dests[i].port;

		wishes[i].at = np_sched_mh_hash(key, 0) % NP_SCHED_MH_BUCKETS;
		wishes[i].skip = np_sched_mh_hash(key, 1) % (NP_SCHED_MH_BUCKETS - 1) + 1;
	}
	if (set_turns(s, wishes))
		populate(s, wishes);
	free(wishes);
	return 0;
}
