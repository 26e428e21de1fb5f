/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_WALK_H
#define PKTTRACE_WALK_H

#include "lib/intern.h"
#include "lib/trace.h"

/* The map of hooks and tables that a packet walks through, by interned names. */

enum walk_table {
	TBL_RAW,
	TBL_MANGLE,
	TBL_NAT,
	TBL_FILTER,
	TBL_SECURITY,
	TBL_OTHER, /* not one of iptables': may stand anywhere */
	TBL_COUNT,
};
/* iptables' tables by name; NULL at the end, where TBL_OTHER is. */
extern const char *const walk_table_words[TBL_OTHER + 1];
#define TBL_BIT(table) (1u << (table))
#define HOOKS (NP_HOOK_POSTROUTING + 1)
/* A bit for a hook (not the unknown one) and a table. */
#define WALKED(hook, table) (1u << (((hook) - 1) * TBL_COUNT + (table)))

/* Where a line was printed. */
struct place {
	uint8_t hook;  /* NP_HOOK_UNKNOWN for a line of a user chain */
	uint8_t table; /* enum walk_table */
	int8_t order;  /* of the table in the hook, -1: not known */
};

#define ORDER_END 8 /* more than any */

struct walk_map {
	const char *tables[TBL_COUNT];
	const char *hooks[HOOKS];
	const char *names[HOOKS][TBL_COUNT]; /* "mangle:INPUT"; NULL: no such place */
	int8_t order[HOOKS][TBL_COUNT];
	uint8_t before[HOOKS][ORDER_END + 1]; /* the set of tables whose order is less */
	int8_t static_nat[HOOKS]; /* of a TBL_OTHER whose places are known */
	const char *lo, *empty;
};

/* Returns 0 or -ENOMEM. */
int walk_init(struct walk_map *map, struct np_intern *in);

/* The place of a line; its strings are interned in the map's table. */
struct place walk_place(const struct walk_map *map, const struct np_trace_event *ev);

/*
 * The first table after `order` (-1: from the first) at a hook of those in the
 * set of TBL_BIT, or TBL_COUNT.
 */
enum walk_table walk_next(const struct walk_map *map, uint8_t tables, enum np_hook hook,
	int order);

/* Tables of the set that lie between two places of one pass and are in neither. */
unsigned walk_between(const struct walk_map *map, uint8_t tables, struct place from,
	struct place to);

/*
 * Whether a hook can follow another in one pass. INPUT is left for OUTPUT and
 * POSTROUTING when IPVS takes a packet up (ip_vs_in() in net/netfilter/ipvs).
 */
bool walk_can_follow(enum np_hook from, enum np_hook to);

#endif
