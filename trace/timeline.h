/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_TIMELINE_H
#define PKTTRACE_TIMELINE_H

#include "lib/err.h"
#include "lib/intern.h"
#include "lib/trace.h"
#include "trace/packet.h"
#include "trace/ruleset.h"

/*
 * Puts trace events together into packets. Pure: no I/O and no clock; time is
 * what the events say. Memory is bounded by the packets that are open at once.
 */
struct timeline;

/*
 * Called for each packet when it has ended, in the order of their first lines, but a packet on
 * several hosts in that of its way.
 * Packets wait in a window (some thousand, 8 MiB) for what later lines tell.
 * The packet is the timeline's: it is gone when the call returns. A return
 * other than 0 stops the timeline (timeline_add() then returns it).
 */
typedef int (*timeline_done_fn)(const struct packet *p, void *arg);

struct timeline_opts {
	struct np_intern *intern;     /* the one the events' strings live in; not owned */
	const struct ruleset *rules;  /* NULL: none given; not owned */
	bool quiet_steps;             /* --summary: packets have their first and last step only */
};

/* Returns NULL when out of memory. */
struct timeline *timeline_new(const struct timeline_opts *opts, timeline_done_fn done, void *arg);
void timeline_free(struct timeline *tl);

/* A TRACE event. Copied. Returns 0, -ENOMEM, or what done returned. */
int timeline_add(struct timeline *tl, const struct np_trace_event *ev);

/*
 * Something else that the log says about a packet and that proves how it ended:
 * a "martian source" line. Copied.
 */
struct timeline_note {
	const char *host, *dev; /* interned; "" unknown */
	uint8_t family, src[16], dst[16];
};
void timeline_note(struct timeline *tl, const struct timeline_note *note);

/*
 * Live input: packets without a line for 300 ms end. now_us is any clock of the
 * caller's that goes forward, asked before it hands lines over; lines count from
 * the last call.
 */
int timeline_expire(struct timeline *tl, int64_t now_us);

/* The end of input: every packet ends, done is called for each. */
int timeline_flush(struct timeline *tl);

/* TRACE lines that no packet shows. */
struct timeline_stats {
	uint64_t duplicates; /* read before: a log given twice, files that overlap */
	uint64_t cut;        /* cut off, in a log whose lines are whole */
	uint64_t imitations; /* made by a LOG rule whose prefix looks like TRACE's */
	const char *reversed; /* a host whose lines came newest first, else NULL */
	const char *older;    /* a host of which older lines came after newer ones, else NULL */
};
void timeline_get_stats(const struct timeline *tl, struct timeline_stats *stats);

#endif
