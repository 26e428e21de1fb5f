/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOOKED_H
#define PKTTRACE_LOOKED_H

#include "lib/links.h"
#include "lib/lookups.h"
#include "trace/packet.h"

/*
 * The kernel's routing lookups, put to the packets that they were made for. They do not name
 * a packet, nor a network namespace: addresses, ports, interfaces and the time must be the
 * packet's, and where several decisions fit that are not the same, none is told. Pure, but for
 * the links that it asks.
 */

#define LOOKED_TABLES 6
#define LOOKED_MAX 8

struct packet_table {
	uint32_t id;
	const char *result;  /* "no route", "blackhole", "suppressed"; NULL: it has a route */
	char dev[NP_IFNAMSIZ];  /* of that route; "" where the packet left by another one */
};

/* The tables that were asked for one decision; the last one made it. */
struct packet_looked {
	uint32_t step; /* it was made before this step; n_steps: after the last */
	bool way_back; /* of the source's address (rp_filter) */
	unsigned n;
	struct packet_table tables[LOOKED_TABLES];
};

struct packet_lookups {
	struct packet_looked at[LOOKED_MAX];
	unsigned n;
};

/* The one before a step, of that way; NULL: not known. */
const struct packet_looked *looked_before(const struct packet_lookups *x, uint32_t step,
	bool way_back);

struct looked;

/* links: those of the packets' namespace; they live as long. NULL: out of memory. */
struct looked *looked_new(struct np_links *links);
void looked_free(struct looked *k);
/* wall_us: by the clock of the packets' events. The oldest of many thousand is forgotten. */
void looked_add(struct looked *k, const struct np_lookup *l, int64_t wall_us);
/* Some are missing before the next: nothing is told of packets of that time. */
void looked_lost(struct looked *k);
/*
 * What is known of p, which the model has explained, if it is asked; it lives until the next
 * call. NULL: nothing.
 */
const struct packet_lookups *looked_of(struct looked *k, const struct packet *p);

#endif
