/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_SHOW_HINT_H
#define PKTTRACE_SHOW_HINT_H

#include <stdio.h>

#include "trace/args.h"
#include "trace/timeline.h"

/* Nothing was traced: says how to make TRACE lines of what the request looked for. */
void show_hint_no_trace(FILE *say, const struct show_request *req);

/* A line that was skipped, and why (NULL: it is not understood). */
/* Lines that were left out, and lines that came newest first. */
void show_hint_stats(FILE *say, const struct timeline_stats *stats);
void show_hint_damaged(FILE *say, const char *name, uint64_t number, const char *line, size_t len,
	const char *why);

#endif
