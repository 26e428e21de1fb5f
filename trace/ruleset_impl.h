/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_RULESET_IMPL_H
#define PKTTRACE_RULESET_IMPL_H

#include <stddef.h>

#include "trace/ruleset.h"

/* How a ruleset is kept: for its reader (ruleset_read.c) and its look-ups (ruleset.c). */

/* One table of one dump, while it is being read. */
struct ruleset_dump {
	uint32_t number; /* from 1, a new one at each *table */
	uint8_t family;  /* 0: nothing told, it speaks for both */
	const char *table;
};

struct ruleset_chain {
	struct ruleset_chain *next;     /* same names in another family or dump, in order */
	struct ruleset_chain *all_next; /* every chain, for freeing */
	const char *table, *name;       /* interned */
	const char *policy;             /* interned; NULL for a user chain */
	uint8_t family;
	uint32_t dump;
	uint32_t n_rules, cap;
	struct ruleset_rule *rules;
};

struct ruleset_text {
	struct ruleset_text *next;
	size_t size, used;
	char data[];
};

/* A LOG rule's prefix that reads like a TRACE line's head: "filter:FAKE:rule:9". */
struct ruleset_imitation {
	struct ruleset_imitation *next;
	const char *head;
};

struct ruleset {
	struct np_intern *intern;
	struct ruleset_chain *all;
	struct ruleset_chain **slots; /* by table and chain; open addressing */
	uint32_t n_slots, n_names;
	uint32_t dumps;
	struct ruleset_imitation *imitations;
	struct ruleset_text *texts; /* the rules' words, not interned: each is different */
};

/* A kept copy of len bytes, NULL when out of memory. */
const char *ruleset_text(struct ruleset *rs, const char *s, size_t len);
/* Names are interned. NULL when out of memory. */
struct ruleset_chain *ruleset_chain_add(struct ruleset *rs, const struct ruleset_dump *dump,
	const char *chain, const char *policy);
/* The chain of this very dump, or NULL. */
struct ruleset_chain *ruleset_chain_of(const struct ruleset *rs, const struct ruleset_dump *dump,
	const char *chain);

/* Remembers a --log-prefix, quotes off, if it imitates TRACE. Returns 0 or -ENOMEM. */
int ruleset_log_prefix(struct ruleset *rs, const char *prefix, size_t len);

#endif
