// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets as one flowchart for Mermaid, a subgraph a packet. */
#include <string.h>

#include "trace/graph.h"

/*
 * A label in quotes. Mermaid has no escape but entities (#quot;), and reads some
 * HTML and Markdown in labels: what could mean something there is an entity.
 */
static void put_label(FILE *fp, const char *s)
{
	fputc('"', fp);
	for (; *s; s++) {
		if (*s == '\n')
			fputs("<br/>", fp);
		else if (strchr("\"#<>&`*_|[]{}()\\;", *s))
			fprintf(fp, "#%d;", *s);
		else
			fputc(*s, fp);
	}
	fputc('"', fp);
}

static void begin(FILE *fp)
{
	fputs("flowchart TB\n"
		"classDef good fill:#9f9,stroke:#393\n"
		"classDef bad fill:#f99,stroke:#933\n"
		"classDef open fill:#fff,stroke:#999,stroke-dasharray:4\n", fp);
}

static void end(FILE *fp)
{
	(void)fp;
}

static void open_group(FILE *fp, unsigned long number, const char *label)
{
	fprintf(fp, "subgraph g%lu[", number);
	put_label(fp, label);
	fputs("]\n", fp);
}

static void close_group(FILE *fp)
{
	fputs("end\n", fp);
}

static void node(FILE *fp, unsigned long number, enum graph_shape shape, const char *label)
{
	static const char *const styles[] = {
		[GRAPH_STEP] = "", [GRAPH_GOOD] = ":::good", [GRAPH_BAD] = ":::bad",
		[GRAPH_OPEN] = ":::open",
	};

	fprintf(fp, "n%lu%s", number, shape == GRAPH_STEP ? "[" : "([");
	put_label(fp, label);
	fprintf(fp, "%s%s\n", shape == GRAPH_STEP ? "]" : "])", styles[shape]);
}

static void edge(FILE *fp, unsigned long from, unsigned long to, const char *label)
{
	fprintf(fp, "n%lu -->", from);
	if (*label) {
		fputc('|', fp);
		put_label(fp, label);
		fputc('|', fp);
	}
	fprintf(fp, " n%lu\n", to);
}

static void *start(const struct render_opts *opts)
{
	static const struct graph_syntax syntax = { .begin = begin, .end = end, .open = open_group,
		.close = close_group, .node = node, .edge = edge };

	return graph_new(opts, &syntax);
}

const struct renderer render_mermaid = {
	.start = start, .packet = graph_packet, .end = graph_end, .free = graph_free,
};
