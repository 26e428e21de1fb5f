/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NEIGH_H
#define NP_NEIGH_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/nl.h"

/* An entry of the neighbour table (arp(7), rtnetlink(7)): who has an address on a link. */
#define NP_NEIGH_LLADDR 32 /* MAX_ADDR_LEN */

struct np_neigh {
	bool known;      /* there is an entry; else only whom it would be of */
	uint8_t family;
	int ifindex;
	uint8_t addr[16];
	uint16_t state;  /* NUD_… */
	uint8_t lladdr_len, lladdr[NP_NEIGH_LLADDR];
};

/*
 * Asks for the entry of n's family, ifindex and addr. One that is not there is no error,
 * nor a kernel that cannot be asked for a single one (before Linux 5.0). 0 or -errno.
 */
int np_neigh_get(struct np_nl *nl, struct np_neigh *n, struct np_err *err);

/* Some of a family's entries, for many questions. {0} is none. */
struct np_neighs {
	struct np_neigh *neighs;
	size_t n_neighs, cap;
	bool more; /* there are more than these */
};

/*
 * Reads a family's entries, at most max of them. 0 or -errno; np_neighs_clean() frees what is there
 * either way.
 */
int np_neighs_load(struct np_neighs *all, struct np_nl *nl, uint8_t family, size_t max,
		   struct np_err *err);
/* As np_neigh_get(), of what was read. */
void np_neighs_find(const struct np_neighs *all, struct np_neigh *n);
void np_neighs_clean(struct np_neighs *all);

/* It was asked for and has not answered: FAILED, INCOMPLETE. */
bool np_neigh_silent(const struct np_neigh *n);
/* "52:54:00:12:34:56" into buf; "" where there is none. Returns buf. */
const char *np_neigh_lladdr(const struct np_neigh *n, char buf[3 * NP_NEIGH_LLADDR]);
/* "REACHABLE", as ip-neighbour(8) has it; "NONE" for none. */
const char *np_neigh_state(const struct np_neigh *n);

#endif
