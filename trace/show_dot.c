// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets as one digraph for dot(1), a cluster a packet. */
#include "trace/graph.h"

/* Within quotes dot knows only \" and its own escapes, all of which begin with \. */
static void put_label(FILE *fp, const char *s)
{
	fputs("label=\"", fp);
	for (; *s; s++) {
		if (*s == '\n') {
			fputs("\\n", fp);
			continue;
		}
		if (*s == '"' || *s == '\\')
			fputc('\\', fp);
		fputc(*s, fp);
	}
	fputc('"', fp);
}

static void begin(FILE *fp)
{
	fputs("digraph packets {\n"
		"rankdir=TB; fontname=\"sans-serif\";\n"
		"node [shape=box, fontname=\"monospace\", fontsize=10];\n"
		"edge [fontname=\"sans-serif\", fontsize=10];\n", fp);
}

static void end(FILE *fp)
{
	fputs("}\n", fp);
}

static void open_group(FILE *fp, unsigned long number, const char *label)
{
	fprintf(fp, "subgraph cluster_%lu {\n", number);
	put_label(fp, label);
	fputs(";\n", fp);
}

static void node(FILE *fp, unsigned long number, enum graph_shape shape, const char *label)
{
	static const char *const styles[] = {
		[GRAPH_STEP] = "",
		[GRAPH_GOOD] = ", shape=ellipse, style=filled, fillcolor=palegreen",
		[GRAPH_BAD] = ", shape=octagon, style=filled, fillcolor=salmon",
		[GRAPH_OPEN] = ", shape=ellipse, style=dashed",
	};

	fprintf(fp, "n%lu [", number);
	put_label(fp, label);
	fprintf(fp, "%s];\n", styles[shape]);
}

static void edge(FILE *fp, unsigned long from, unsigned long to, const char *label)
{
	fprintf(fp, "n%lu -> n%lu", from, to);
	if (*label) {
		fputs(" [", fp);
		put_label(fp, label);
		fputc(']', fp);
	}
	fputs(";\n", fp);
}

static void *start(const struct render_opts *opts)
{
	static const struct graph_syntax syntax = { .begin = begin, .end = end, .open = open_group,
		.close = end, .node = node, .edge = edge };

	return graph_new(opts, &syntax);
}

const struct renderer render_dot = {
	.start = start, .packet = graph_packet, .end = graph_end, .free = graph_free,
};
