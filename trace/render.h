/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_RENDER_H
#define PKTTRACE_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/out.h"
#include "trace/packet.h"

/*
 * What draws packets. One is chosen for a run; it is handed packets one by one
 * and keeps nothing that grows with their number. None makes a system call
 * beyond writing to opts.out->fp, whose errors the caller finds at the end
 * (np_out_finish).
 */
struct render_opts {
	const struct np_out *out;
	bool pretty; /* JSON: indented */
	bool lines;  /* JSON: one object a line, no array */
	bool utc;    /* times in UTC, not as logged */
};

/* What the whole input was, for the renderer's end. */
struct render_counts {
	uint64_t lines;   /* TRACE lines that were read */
	uint64_t damaged; /* TRACE lines that were not */
	uint64_t packets; /* packets found, shown or not */
	uint64_t shown;
};

struct renderer {
	/* Returns NULL when out of memory. opts stay valid until free. */
	void *(*start)(const struct render_opts *opts);
	/* Returns 0 or -errno. */
	int (*packet)(void *state, const struct packet *p);
	int (*end)(void *state, const struct render_counts *counts);
	/* All that was started is freed; NULL is allowed. */
	void (*free)(void *state);
	/* Needs only the ends of a packet (struct timeline_opts.quiet_steps). */
	bool quiet_steps;
};

extern const struct renderer render_text;
extern const struct renderer render_brief;
extern const struct renderer render_json;
extern const struct renderer render_dot;
extern const struct renderer render_mermaid;
extern const struct renderer render_pcapng;
extern const struct renderer render_summary;

#endif
