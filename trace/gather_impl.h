/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GATHER_IMPL_H
#define GATHER_IMPL_H

#include <bsd/sys/queue.h>

#include "trace/gather.h"

/* What gather.c and gather_finish.c share. */
struct gather_meta {
	int32_t priority; /* GATHER_FIRST and _LAST: a hook's ends */
	enum gather_verdict verdict;
	bool base;        /* a base chain's */
	bool new_pass;    /* the packet came in again (lo) */
};

struct flight {
	struct packet pk;
	struct gather_meta *meta; /* of each step */
	uint32_t room;
	TAILQ_ENTRY(flight) fifo;
	LIST_ENTRY(flight) bucket;
	uint32_t id;
	enum np_hook hook;
	bool hook_ended; /* its end was seen */
	bool ended;      /* nothing more can come */
	bool ours;
	bool new_pass;   /* of the next step */
	uint32_t mark;   /* after the last rule */
	uint32_t logged; /* the step of its last line of the kernel log, plus 1 */
	struct np_trace_event now; /* headers and interfaces as last seen */
	int64_t tick;
};

/* Changes, depths, targets and the outcome of a packet whose events are all there. */
void gather_finish(struct flight *f, const struct ruleset *rules, bool loops);

#endif
