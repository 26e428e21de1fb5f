/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_GATHER_IMPL_H
#define PKTTRACE_GATHER_IMPL_H

#include <bsd/sys/queue.h>

#include "trace/gather.h"

/* What gather.c and gather_finish.c share. */
struct gather_meta {
	int32_t priority; /* GATHER_FIRST and _LAST: a hook's ends */
	enum outcome_verdict verdict;
	bool base;        /* a base chain's */
	bool new_pass;    /* the packet came in again (lo) */
	bool wrapped;     /* it is in another packet from here on */
};

struct flight {
	struct packet pk;
	struct gather_meta *meta; /* of each step */
	uint32_t cap;
	TAILQ_ENTRY(flight) fifo;
	LIST_ENTRY(flight) bucket;
	uint32_t id;
	enum np_hook hook;
	bool hook_ended; /* its end was seen */
	bool ended;      /* nothing more can come */
	bool ours;
	bool new_pass;   /* of the next step */
	bool wrapped;    /* likewise */
	uint32_t mark;   /* after the last rule */
	uint32_t logged; /* the step of its last line of the kernel log, plus 1 */
	bool judged;     /* how it ended is in pk.outcome: nothing has come since */
	struct np_trace_event now; /* headers and interfaces as last seen */
	int64_t tick;
};

TAILQ_HEAD(flights, flight);
LIST_HEAD(flight_bucket, flight);

/* A line of the log whose packet has had no event yet. */
struct late_line {
	TAILQ_ENTRY(late_line) fifo;
	int64_t tick;
	struct np_trace_event ev;
};
TAILQ_HEAD(late_lines, late_line);

/* What the kernel dropped, until the events that had come before are read. */
struct late_drop {
	STAILQ_ENTRY(late_drop) fifo;
	struct np_hdr hdr;
	const char *reason, *function;
};
STAILQ_HEAD(late_drops, late_drop);

/* What an ICMP error quotes, until its events are read. */
struct late_quote {
	TAILQ_ENTRY(late_quote) fifo;
	int64_t tick;
	struct np_hdr outer, quoted;
};
TAILQ_HEAD(late_quotes, late_quote);

#define GATHER_HASH 1024
#define GATHER_PAST 256 /* numbers of packets that were told */

struct gather {
	struct gather_opts opts;
	gather_done_fn *done;
	void *arg;
	struct flights flights;
	struct flight_bucket buckets[GATHER_HASH];
	size_t n;
	int64_t tick;
	uint32_t past[GATHER_PAST];
	uint32_t n_past;
	bool fragments; /* some were traced */
	bool loops; /* what leaves by lo is seen to come in again */
	const char *lo, *empty;
	struct late_lines late;
	struct late_drops drops;
	struct late_quotes quotes;
	size_t n_late, n_quotes;
};

/* Room for a step at `at`; NULL: no memory, or too many of them. */
struct packet_step *gather_insert(struct flight *f, uint32_t at);
/* Whether two headers are one packet's, not rewritten in between. */
bool gather_same(const struct np_hdr *a, const struct np_hdr *b);
/* A fragment of IPv4: those of IPv6 are put together behind INPUT (ip6_input_finish()). */
bool gather_is_fragment(const struct np_hdr *h);
/*
 * Where the event is the first of a packet that was put together of fragments: the first of these,
 * as which it goes on, and the others are forgotten. NULL: it is not.
 */
struct flight *gather_join(struct gather *g, const struct gather_event *e);
void gather_forget(struct gather *g, struct flight *f);
/* Whether what its ICMP error quotes is still to come. */
bool gather_awaits_quote(const struct gather *g, const struct flight *f);
/* Forgets the late lines and quotes that came by a time. */
void gather_late_drop(struct gather *g, int64_t before_us);
void gather_late_free(struct gather *g);

/* Changes, depths, targets and the outcome of a packet whose events are all there. */
void gather_finish(struct flight *f, const struct ruleset *rules, bool loops);

#endif
