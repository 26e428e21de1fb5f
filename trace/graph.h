/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_GRAPH_H
#define PKTTRACE_GRAPH_H

#include <stdio.h>

#include "trace/render.h"

/*
 * A packet as a graph: a node a step, grouped by hook, an edge from each to the
 * next, and a last node for how it ended. The languages differ only in syntax:
 * each is a row of these.
 */
enum graph_shape { GRAPH_STEP, GRAPH_GOOD, GRAPH_BAD, GRAPH_OPEN };

struct graph_syntax {
	void (*begin)(FILE *fp);
	void (*end)(FILE *fp);
	/* Groups nest: packets, in them hooks. Their numbers are their own in the file. */
	void (*open)(FILE *fp, unsigned long number, const char *label);
	void (*close)(FILE *fp);
	/* Lines of a label are parted by \n. */
	void (*node)(FILE *fp, unsigned long number, enum graph_shape shape, const char *label);
	/* label: "" for none. */
	void (*edge)(FILE *fp, unsigned long from, unsigned long to, const char *label);
};

struct graph;

struct graph *graph_new(const struct render_opts *opts, const struct graph_syntax *syntax);
/* The rest of struct renderer, the same for all. */
int graph_packet(void *state, const struct packet *p);
int graph_end(void *state, const struct render_counts *counts);
void graph_free(void *state);

#endif
