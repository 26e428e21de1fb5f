/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_EXPLAIN_RUN_H
#define PRT_EXPLAIN_RUN_H

#include <stdint.h>

#include "ip/explain.h"
#include "lib/nat.h"
#include "lib/snapshot.h"

/* One run of prt explain: the host is read once and serves all questions. */

#define EXPLAIN_REREADS 3 /* times that a host is read again in vain */

struct explain_slot { /* a question on its way */
	struct explain_query query;
	struct np_fib_kernel kernel;
	bool agrees;
	struct np_neigh neigh; /* whom it is handed to, as the kernel knows him */
	bool has_neigh;
	struct np_nat_mapping nat; /* the mapping that changes its destination first */
	bool has_nat;
	uint32_t tag;  /* of its first message in a batch; the second has the next */
	char *line;    /* batch: owned */
	char *words;   /* batch: the line cut into words, owned */
	struct np_err err; /* batch: it is no question */
};

struct explain_run {
	struct prt *p;
	struct np_explain_host hosts[2]; /* IPv4, IPv6 */
	bool loaded[2];
	struct np_snapshot *snapshot; /* holds the hosts instead; NULL: the kernel does */
	bool all_rules;
	bool batched; /* questions are kept back (np_nl_batch_begin) */
	unsigned rereads;
	struct np_neigh hop; /* the neighbour that was asked for last; ifindex 0: forgotten */
	/* of IPv4, IPv6, while there are many questions: all of them, as they were just now */
	struct np_neighs neighs[2];
	bool many, has_neighs[2];
	int64_t neighs_us; /* CLOCK_MONOTONIC, of the older ones */
	struct np_fib_decision d;
	struct explain_besides besides;
};

/* Words into s->query; the host is read when it was not yet. 0 or -errno. */
int explain_parse_slot(struct explain_run *run, struct explain_slot *s, struct np_args *a,
		       struct np_err *err);
/*
 * Asks the kernel for its answer and, with match, for the route of a table that it
 * comes from; in a batch the answers come with the flush.
 */
int explain_ask(struct explain_run *run, struct explain_slot *s, bool match, struct np_err *err);
/*
 * Decides, after a second look where the kernel disagrees, and asks for the neighbour that
 * the packet is handed to; the decision is in run->d.
 */
int explain_settle(struct explain_run *run, struct explain_slot *s, struct np_err *err);
/*
 * So many questions come at once: their neighbours are read together, where the host has not very
 * many. What was known of neighbours is forgotten, unless it is quite new.
 */
void explain_expect(struct explain_run *run, size_t n_questions);
/* Is the destination one that static_nat changes? Not asked for in a batch or a watch. */
void explain_ask_nat(struct explain_run *run, struct explain_slot *s);
/*
 * What a renderer takes, after explain_settle(), as long as run is not asked again; brief: for
 * explain_brief() only.
 */
struct explanation explain_of(struct explain_run *run, const struct explain_slot *s, bool brief);
/* Decides and prints; question: the line of a batch, answered in one line, or NULL. */
int explain_answer(struct explain_run *run, struct explain_slot *s, const char *question,
		   struct np_err *err);

void explain_run_init(struct explain_run *run, struct prt *p);
void explain_run_clean(struct explain_run *run);

/* ip/explain_batch.c: a question a line of FILE or of stdin ("-"), an answer a line. */
int explain_batch(struct explain_run *run, const char *file, struct np_err *err);

#endif
