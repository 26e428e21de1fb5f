/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_ARM_H
#define PKTTRACE_ARM_H

#include "lib/nft.h"
#include "trace/filter.h"

/*
 * The rules of `pkttrace add`: a table of our own, whose two chains come before
 * iptables' raw table, so that its TRACE lines begin there. The match that a rule was
 * asked for with is its comment. Each call changes all it has to, or nothing.
 */
#define ARM_TABLE "netpath_trace"

struct arm_rule {
	char match[FILTER_TEXT]; /* filter_text() */
	uint8_t chains;          /* FILTER_PREROUTING | FILTER_OUTPUT */
	uint64_t packets, bytes; /* in all its chains */
	uint64_t handles[2];     /* by chain; 0: none */
};

/* In the order they were added, for the caller to free. No table: none. 0 or -errno. */
int arm_list(struct np_nft *nft, struct arm_rule **rules, size_t *n, struct np_err *err);
/* Returns 0, also when the rule is there already, or -errno. */
int arm_add(struct np_nft *nft, const struct filter *f, struct np_err *err);
/*
 * The rule of a number (from 1), or with number 0 of that match. The table goes with the
 * last, unless it has rules that somebody else has put there. Returns 0 or -errno (-ENOENT:
 * there is no such rule).
 */
int arm_del(struct np_nft *nft, uint32_t number, const struct filter *f, struct np_err *err);
/* All of them, likewise. Returns 0, also when there was nothing. */
int arm_flush(struct np_nft *nft, struct np_err *err);

/* The chain of FILTER_PREROUTING or FILTER_OUTPUT. */
const char *arm_chain(uint8_t chain);

#endif
