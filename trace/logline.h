/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOGLINE_H
#define PKTTRACE_LOGLINE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/intern.h"
#include "lib/trace.h"
#include "trace/timeline.h"

/*
 * One line of a log to one event. Pure; fuzzed. Understands every prefix that a
 * kernel line comes with (logprefix.h) and damage short of ambiguity: columns
 * aligned with blanks, blanks eaten ("policy:2IN=eth0", "TTL=64ID=0").
 */
struct logline; /* reader's state: memory of the lines before, assumed year, zone */

enum logline_kind {
	LOGLINE_OTHER,   /* no TRACE: a line of something else */
	LOGLINE_TRACE,   /* *ev is filled */
	LOGLINE_NOTE,    /* *note is filled: a martian line */
	LOGLINE_DAMAGED, /* a TRACE line that cannot be read without guessing: skipped, counted */
};

/* now_us: the wall clock, for logs without a year (the year that puts them in the past). */
struct logline *logline_new(struct np_intern *intern, int64_t now_us);
void logline_free(struct logline *ll);

/* For tests: from now on each line is read without what the lines before said. */
void logline_no_memory(struct logline *ll);

/* A new file begins: clocks and hosts of the one before do not carry over. */
void logline_file(struct logline *ll, const char *name);

/*
 * line needs no terminator and may hold any byte. ev's strings are interned.
 * why (may be NULL) gets a static sentence for LOGLINE_DAMAGED.
 */
enum logline_kind logline_parse(struct logline *ll, const char *line, size_t len,
	struct np_trace_event *ev, struct timeline_note *note, const char **why);

#endif
