// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/itemcode.h"

#include <string.h>

enum code { CODE_NOTE, CODE_EVENT, CODE_STEP };

/* The first cell: what comes, and of a step all that is not the slot's already. */
struct first {
	uint8_t code, slot, type, ttl;
	uint32_t number, line_len, set;
	const char *table, *chain, *in, *out;
	int64_t uptime_us;
	uint64_t line;
};

_Static_assert(sizeof(struct first) <= ITEMCODE_CELL, "a step is one cell");
_Static_assert(sizeof(struct timeline_note) <= (ITEMCODE_MAX - 1) * ITEMCODE_CELL,
	"a note is no longer than an event");

static size_t cells(size_t bytes)
{
	return (bytes + ITEMCODE_CELL - 1) / ITEMCODE_CELL;
}

/* Whether b is a but for what struct first has. */
static bool only_a_step(const struct np_trace_event *a, const struct np_trace_event *b)
{
	return np_trace_twins(a, b) && a->wall_us == b->wall_us && a->host == b->host &&
		a->file == b->file && a->rule == b->rule && a->physin == b->physin &&
		a->physout == b->physout && a->mac_len == b->mac_len &&
		!memcmp(a->mac, b->mac, sizeof(a->mac)) &&
		!memcmp(a->stamp, b->stamp, sizeof(a->stamp));
}

static void take_step(struct np_trace_event *ev, const struct first *f)
{
	ev->type = (enum np_trace_type)f->type;
	ev->hdr.ttl = f->ttl;
	ev->number = f->number;
	ev->line_len = f->line_len;
	ev->set = f->set;
	ev->table = f->table;
	ev->chain = f->chain;
	ev->in = f->in;
	ev->out = f->out;
	ev->uptime_us = f->uptime_us;
	ev->line = f->line;
}

static size_t put_event(struct itemcode *c, const struct np_trace_event *ev,
	struct itemcode_cell *to)
{
	struct first f = { .code = CODE_STEP, .slot = (uint8_t)(ev->twin % ITEMCODE_SLOTS),
		.type = (uint8_t)ev->type, .ttl = ev->hdr.ttl, .number = ev->number,
		.line_len = ev->line_len, .set = ev->set, .table = ev->table,
		.chain = ev->chain, .in = ev->in, .out = ev->out, .uptime_us = ev->uptime_us,
		.line = ev->line };
	struct np_trace_event *known = &c->slots[f.slot];
	size_t n = 1;

	if (!only_a_step(known, ev)) {
		f.code = CODE_EVENT;
		np_trace_event_copy(known, ev);
		np_trace_event_copy((struct np_trace_event *)(void *)(to + 1), ev);
		n += cells(np_trace_event_bytes(ev));
	}
	memcpy(to, &f, sizeof(f));
	return n;
}

size_t itemcode_put(struct itemcode *c, const struct log_item *item, struct itemcode_cell *to)
{
	struct first f = { .code = CODE_NOTE };

	if (item->kind == LOGLINE_TRACE)
		return put_event(c, item->ev, to);
	memcpy(to, &f, sizeof(f));
	memcpy(to + 1, item->note, sizeof(*item->note));
	return 1 + cells(sizeof(*item->note));
}

size_t itemcode_get(struct itemcode *c, const struct itemcode_cell *from, struct log_item *item)
{
	struct np_trace_event *ev;
	struct first f;

	memcpy(&f, from, sizeof(f));
	if (f.code == CODE_NOTE) {
		memcpy(&c->note, from + 1, sizeof(c->note));
		*item = (struct log_item){ .kind = LOGLINE_NOTE, .note = &c->note };
		return 1 + cells(sizeof(c->note));
	}
	ev = &c->slots[f.slot];
	*item = (struct log_item){ .kind = LOGLINE_TRACE, .ev = ev };
	if (f.code == CODE_STEP) {
		take_step(ev, &f);
		return 1;
	}
	np_trace_event_copy(ev, (const struct np_trace_event *)(const void *)(from + 1));
	return 1 + cells(np_trace_event_bytes(ev));
}
