/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_SHOW_TEXT_H
#define PKTTRACE_SHOW_TEXT_H

#include "trace/packet.h"
#include "trace/text.h"

/* Parts of the timeline, each in its file. All end their lines. */

/* Columns of a step's line. */
enum {
	COL_OFFSET = 8,  /* where the number ends */
	COL_TABLE = 10,
	COL_CHAIN = 18,
	COL_EVENT = 54,
	COL_DID = 64,
	COL_RIGHT = 120, /* where the header's end state ends, unless the terminal says otherwise */
};

/* One step: its place, and what the lines after it show that it did. */
void show_text_step(struct text *t, const struct packet *p, uint32_t i);
/* Heading of the hook that a step enters. */
void show_text_hook(struct text *t, const struct packet *p, uint32_t i);
/* What happened between a step and the one before it: routed again, IPVS, lines lost … */
void show_text_between(struct text *t, const struct packet *p, uint32_t i);
/* Why a packet vanished, and what to ask. */
void show_text_why(struct text *t, const struct packet *p);
/* What an unfinished one waits for, where that is known. */
void show_text_unfinished(struct text *t, const struct packet *p);

struct packet_routing;

/* trace/show_lookups.c: the tables that the kernel asked before a step, where that is known. */
void show_text_lookups(struct text *t, const struct packet *p, uint32_t step);

/* trace/show_explain.c; p->explained is set. */
/* The rule and route of a decision; alone: no line says before it where it led. */
void show_text_routing(struct text *t, const struct packet_routing *r, bool alone);
/* After the cross: what the routing model found, and the cure. */
void show_text_answer(struct text *t, const struct packet *p);
/* Before the list of causes: what it can say all the same. */
void show_text_no_answer(struct text *t, const struct packet *p);

#endif
