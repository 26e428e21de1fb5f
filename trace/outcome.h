/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_OUTCOME_H
#define PKTTRACE_OUTCOME_H

#include "trace/packet.h"
#include "trace/ruleset.h"
#include "trace/walk.h"

/* How a packet ended, from its last line and what else is known. Pure. */

/* What a line's rule did to the packet. */
enum outcome_verdict {
	VERDICT_GOES_ON, /* more lines of this table had to follow */
	VERDICT_ACCEPT,  /* the table let it through; live: this chain */
	VERDICT_DROP,    /* DROP, REJECT, and what swallows packets */
	VERDICT_QUEUE,   /* handed to user space */
	/* no ruleset tells: */
	VERDICT_RULE,
	VERDICT_RETURN,  /* a user chain's end, or its unconditional ACCEPT, DROP */
	VERDICT_POLICY,
};

/* What the lines of other packets told of a rule. */
enum {
	OUTCOME_LEARNED_GOES_ON = 1, /* another line of its table followed */
	OUTCOME_LEARNED_ACCEPTS = 2, /* the next table followed */
};

/* What another line of the log proves about the packet. */
enum outcome_proof {
	PROOF_NONE,
	PROOF_MARTIAN_SOURCE, /* "martian source": printed for rp_filter too */
	PROOF_MARTIAN,        /* and no doubt */
	PROOF_ICMP,           /* this host answered with an ICMP error that quotes it */
	PROOF_RESET,          /* this host answered with a TCP reset */
	PROOF_REASSEMBLED,    /* a fragment: the whole was seen going on */
};

struct outcome_evidence {
	enum outcome_proof proof;
	uint8_t type, code; /* PROOF_ICMP */
};

struct outcome_in {
	const struct walk_map *map;
	const struct np_trace_event *last;
	struct place at;
	enum outcome_verdict verdict;
	uint32_t walked;  /* WALKED() of the last pass */
	uint8_t tables;   /* TBL_BIT of the tables that packets of this host walk */
	bool loops;       /* what goes out on lo is traced when it comes in */
	struct outcome_evidence evidence;
};

/*
 * The verdict of a line. rules may be NULL, or not know the rule; learned is a
 * set of OUTCOME_LEARNED_*. base: the chain is a built-in one.
 */
enum outcome_verdict outcome_verdict(const struct ruleset *rules,
	const struct np_trace_event *ev, bool base, unsigned learned);

void outcome_decide(const struct outcome_in *in, struct packet_outcome *out);

/* What drops a packet between PREROUTING and the next hook, as far as its header allows. */
void outcome_routing_causes(const struct np_trace_event *last, struct packet_outcome *out);
/* Adds one, while there is room. */
void outcome_cause(struct packet_outcome *out, enum packet_cause cause);
/* The same, before all others. */
void outcome_first_cause(struct packet_outcome *out, enum packet_cause cause);

#endif
