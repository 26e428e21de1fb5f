/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_SCHED_PRIV_H
#define NP_SCHED_PRIV_H

/* What the files of the scheduler model share. */
#include "lib/sched.h"

/* Neither quiesced nor overloaded. */
bool np_sched_usable(const struct np_sched_dest *dest);

/* a is a smaller figure than b. */
bool np_sched_less(struct np_sched_figure a, struct np_sched_figure b);

/* lib/sched_turn.c: rr and wrr */
void np_sched_turn_init(struct np_sched *s);
void np_sched_turn_pick(const struct np_sched *s, struct np_sched_choice *choice);

/* lib/sched_least.c: those that compare figures */
void np_sched_least_pick(const struct np_sched *s, struct np_sched_choice *choice);
void np_sched_least_remember(struct np_sched *s, const struct np_sched_choice *choice);

/* lib/sched_hash.c: sh, dh, mh */
int np_sched_hash_init(struct np_sched *s, struct np_err *err);
void np_sched_hash_pick(const struct np_sched *s, const struct np_sched_flow *flow,
	struct np_sched_choice *choice);

/* lib/sched_mh.c: fills s->table, which has buckets entries */
int np_sched_mh_fill(struct np_sched *s, struct np_err *err);
uint32_t np_sched_mh_hash(uint32_t word, unsigned key);
/* ip_vs_*_hashkey(): an address as one number, in host order */
uint32_t np_sched_fold(uint8_t af, const uint8_t addr[16]);

#define NP_SCHED_SH_BITS 8
#define NP_SCHED_MH_BUCKETS 4093u
#define NP_SCHED_MH_BITS 6

#endif
