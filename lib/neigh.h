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

/* It was asked for and has not answered: FAILED, INCOMPLETE. */
bool np_neigh_silent(const struct np_neigh *n);
/* "52:54:00:12:34:56" into buf; "" where there is none. Returns buf. */
const char *np_neigh_lladdr(const struct np_neigh *n, char buf[3 * NP_NEIGH_LLADDR]);
/* "REACHABLE", as ip-neighbour(8) has it; "NONE" for none. */
const char *np_neigh_state(const struct np_neigh *n);

#endif
