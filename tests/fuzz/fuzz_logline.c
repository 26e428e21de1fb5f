// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The readers of a log's lines: they never read outside a line, what they give
 * holds together, and the memory of the lines before never changes a result.
 * The input's lines are read as they are, then cut and spliced with one
 * another, which is where a memory goes wrong.
 */
#include <stdlib.h>

#include "trace/logline.h"

#include "tests/unit/logsame.h"

#define MAX_LINES 8

struct pair {
	struct np_intern *in;
	struct logline *with, *without;
};

static void demand(bool ok)
{
	if (!ok)
		abort();
}

static void check_event(const struct np_trace_event *ev)
{
	demand(ev->host && ev->table && *ev->table && ev->chain && *ev->chain && ev->file);
	demand(ev->in && ev->out);
	demand(memchr(ev->stamp, '\0', sizeof(ev->stamp)) != NULL);
	demand(ev->mac_len <= sizeof(ev->mac) && ev->ip_opt_len <= sizeof(ev->ip_opt) &&
		ev->tcp_opt_len <= sizeof(ev->tcp_opt));
	demand(ev->hdr.set & (NP_HDR_ADDR | NP_HDR_INCOMPLETE));
	demand(!(ev->set & NP_TEV_QUOTED) || ev->quoted.set & NP_HDR_ADDR);
}

/* The line is copied to a block of its own size, so that a byte past it is noticed. */
static void read_line(const struct pair *p, const char *s, size_t len)
{
	char *line = malloc(len ? len : 1);
	struct np_trace_event a, b;
	struct timeline_note na, nb;
	const char *wa = NULL, *wb = NULL;
	enum logline_kind ka, kb;

	demand(line != NULL);
	memcpy(line, s, len);
	ka = logline_parse(p->with, line, len, &a, &na, &wa);
	kb = logline_parse(p->without, line, len, &b, &nb, &wb);
	demand(ka == kb);
	if (ka == LOGLINE_TRACE) {
		check_event(&a);
		demand(logsame_event(&a, &b));
		/* a fresh reading writes all of an event; one from memory leaves out what is unused */
		demand(!(b.set & NP_TEV_QUOTED) == !(b.quoted.set & NP_HDR_ADDR));
	} else if (ka == LOGLINE_NOTE) {
		demand(na.host == nb.host && na.dev == nb.dev && *na.dev);
	} else if (ka == LOGLINE_DAMAGED) {
		demand(wa && wa == wb);
	}
	free(line);
}

/* a's beginning and b's end, both read again after it. */
static void splice(const struct pair *p, const char *a, size_t alen, size_t at, const char *b,
	size_t blen, size_t from)
{
	char both[8192];
	size_t n = alen < at ? alen : at, m;

	if (n > sizeof(both) / 2)
		n = sizeof(both) / 2;
	if (from > blen)
		from = blen;
	m = blen - from > sizeof(both) / 2 ? sizeof(both) / 2 : blen - from;
	memcpy(both, a, n);
	memcpy(both + n, b + from, m);
	read_line(p, both, n + m);
	read_line(p, a, n);
	read_line(p, a, alen);
	read_line(p, b, blen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pair p = { .in = np_intern_new() };
	const char *s = (const char *)data, *end = s + size, *start[MAX_LINES];
	size_t len[MAX_LINES], n = 0;
	uint32_t seed = 2166136261u;

	p.with = logline_new(p.in, INT64_C(1781524800) * 1000000);
	p.without = logline_new(p.in, INT64_C(1781524800) * 1000000);
	demand(p.with && p.without);
	logline_no_memory(p.without);
	logline_file(p.with, "log");
	logline_file(p.without, "log");
	while (s < end && n < MAX_LINES) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));

		start[n] = s;
		len[n] = (size_t)((nl ? nl : end) - s);
		read_line(&p, s, len[n]);
		s += len[n++] + 1;
	}
	for (size_t i = 0; i < size; i++)
		seed = (seed ^ data[i]) * 16777619u;
	for (size_t i = 0; i + 1 < n; i++) {
		size_t at = seed % (len[i] + 1), from = at;

		seed = seed * 1664525u + 1013904223u;
		/* mostly at the same place, as between lines of one packet; else anywhere */
		if (seed & 1u << 31)
			from = (seed >> 8) % (len[i + 1] + 1);
		splice(&p, start[i], len[i], at, start[i + 1], len[i + 1], from);
	}
	logline_free(p.with);
	logline_free(p.without);
	np_intern_free(p.in);
	return 0;
}
