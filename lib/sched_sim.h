/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_SCHED_SIM_H
#define NP_SCHED_SIM_H

#include "lib/sched.h"

/* Connections to come, one after the other; nothing else happens meanwhile. */
struct np_sched_sim {
	size_t count;
	/* Connection i: from src + i % clients, port sport + i / clients, to dst + i % vips. */
	struct np_sched_flow first;
	uint32_t clients, vips; /* 0 is as 1 */
	bool active;            /* TCP and SCTP: a connection counts as active; UDP: as inactive */
	/* So many are open at a time: when one more comes the oldest is over, and forgotten. */
	size_t hold; /* 0: none (UDP's one-packet scheduling); SIZE_MAX: all stay open */
	/* Persistence: clients that are equal in so many bits go where the first of them went. */
	unsigned persist_bits; /* 0: none */
};

/* Connection number i of them. */
void np_sched_sim_flow(const struct np_sched *s, const struct np_sched_sim *sim, size_t i,
	struct np_sched_flow *flow);

/*
 * Plays them: choices[i] is the real server of connection i, or NP_SCHED_NONE. s is
 * afterwards as the kernel then is. Returns 0 or -ENOMEM.
 */
int np_sched_simulate(struct np_sched *s, const struct np_sched_sim *sim, size_t *choices,
	struct np_err *err);

#endif
