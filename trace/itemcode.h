/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_ITEMCODE_H
#define PKTTRACE_ITEMCODE_H

#include <stddef.h>

#include "trace/logline.h"

/*
 * What one thread read of a log, for another: a line that says of its packet what an earlier
 * one said is told as the difference, in one cache line instead of six. Moving those between
 * two CPUs costs more than reading the line did.
 */
struct log_item {
	enum logline_kind kind; /* LOGLINE_TRACE or LOGLINE_NOTE */
	/* The one that kind names. Valid until the next item is asked for. */
	const struct np_trace_event *ev;
	const struct timeline_note *note;
};

#define ITEMCODE_CELL 64 /* a cache line */

struct itemcode_cell {
	_Alignas(ITEMCODE_CELL) unsigned char bytes[ITEMCODE_CELL];
};

/* Cells that one item takes at most. */
#define ITEMCODE_MAX (1 + (sizeof(struct np_trace_event) + ITEMCODE_CELL - 1) / ITEMCODE_CELL)

#define ITEMCODE_SLOTS 8

/* What either side knows: each has one, zeroed at first, and sees all items in their order. */
struct itemcode {
	struct np_trace_event slots[ITEMCODE_SLOTS];
	struct timeline_note note;
};

/* Writes the item to `to`, which has ITEMCODE_MAX cells. Returns how many it took. */
size_t itemcode_put(
	struct itemcode *c, const struct log_item *item, struct itemcode_cell *to);

/* Reads an item into *item, which then points into c. Returns how many cells it took. */
size_t itemcode_get(struct itemcode *c, const struct itemcode_cell *from, struct log_item *item);

#endif
