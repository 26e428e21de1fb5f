// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/graph.h"

#include <errno.h>
#include <stdlib.h>

#include "trace/explained.h"
#include "trace/text_words.h"

struct graph {
	const struct render_opts *opts;
	const struct graph_syntax *syntax;
	unsigned long groups, nodes;
	/* labels are put together by the functions that write text, in memory */
	char *label;
	size_t label_len;
	FILE *fp;
	struct np_out plain;
	struct text t;
};

void graph_free(void *state)
{
	struct graph *g = state;

	if (!g)
		return;
	if (g->fp)
		fclose(g->fp);
	free(g->label);
	free(g);
}

struct graph *graph_new(const struct render_opts *opts, const struct graph_syntax *syntax)
{
	struct graph *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->opts = opts;
	g->syntax = syntax;
	g->fp = open_memstream(&g->label, &g->label_len);
	if (!g->fp) {
		free(g);
		return NULL;
	}
	g->plain = (struct np_out){ .fp = g->fp, .utf8 = opts->out->utf8 };
	g->t.out = &g->plain;
	syntax->begin(opts->out->fp);
	return g;
}

static struct text *label_begin(struct graph *g)
{
	rewind(g->fp);
	g->t.col = 0;
	return &g->t;
}

/* Valid until the next label; one that found no memory shows at the end (ferror). */
static const char *label_end(struct graph *g)
{
	if (putc_unlocked('\0', g->fp) == EOF || fflush(g->fp) != 0)
		return "";
	return g->label;
}

static void put_group(struct graph *g, const struct packet *p)
{
	const struct np_trace_event *ev = packet_first(p);
	struct text *t = label_begin(g);

	if (ev->host && *ev->host) {
		text_put(t, ev->host);
		text_put(t, " ");
	}
	if (text_time(t, g->opts->utc, ev))
		text_put(t, " ");
	text_proto(t, &ev->hdr);
	if (ev->hdr.set & NP_HDR_ADDR) {
		text_put(t, " ");
		text_end_of(t, &ev->hdr, ev->hdr.src, ev->hdr.sport);
		text_glyph(t, " → ", " > ");
		text_end_of(t, &ev->hdr, ev->hdr.dst, ev->hdr.dport);
	}
	g->syntax->open(g->opts->out->fp, g->groups++, label_end(g));
}

static void put_hook(struct graph *g, const struct packet_step *st)
{
	struct text *t = label_begin(g);

	text_put(t, np_hook_name(st->hook));
	if (st->ev.in && *st->ev.in) {
		text_put(t, " in ");
		text_put(t, st->ev.in);
	}
	if (st->ev.out && *st->ev.out) {
		text_put(t, " out ");
		text_put(t, st->ev.out);
	}
	g->syntax->open(g->opts->out->fp, g->groups++, label_end(g));
}

static void put_step(struct graph *g, const struct packet_step *st)
{
	const struct np_trace_event *ev = &st->ev;
	struct text *t = label_begin(g);

	if (*ev->table) {
		text_put(t, ev->table);
		text_put(t, ":");
	}
	text_put(t, ev->chain);
	text_end(t);
	text_put(t, np_trace_type_name(ev->type));
	if (ev->set & NP_TEV_NUMBER) {
		text_put(t, " ");
		text_uint(t, ev->number);
	}
	if (st->target) {
		text_put(t, " ");
		text_put(t, st->target);
	}
	g->syntax->node(g->opts->out->fp, g->nodes++, GRAPH_STEP, label_end(g));
}

/* What changed on the way from one step to the next. */
static void put_edge(struct graph *g, const struct packet *p, uint32_t i)
{
	const struct packet_routing *r = explained_before(p->explained, i);
	const struct packet_step *st = &p->steps[i];
	const struct np_hdr *a = &st[-1].ev.hdr, *b = &st->ev.hdr;
	struct text *t = label_begin(g);

	if (st->changes & (STEP_DST | STEP_DPORT)) {
		text_put(t, "dst ");
		text_end_of(t, a, a->dst, a->dport);
		text_glyph(t, " ⇒ ", " => ");
		text_end_of(t, b, b->dst, b->dport);
	}
	if (st->changes & (STEP_SRC | STEP_SPORT)) {
		text_put(t, t->col ? " src " : "src ");
		text_end_of(t, a, a->src, a->sport);
		text_glyph(t, " ⇒ ", " => ");
		text_end_of(t, b, b->src, b->sport);
	}
	if (st->before & STEP_REROUTED)
		text_put(t, t->col ? " routed again" : "routed again");
	if (st->before & STEP_LOOPED)
		text_put(t, t->col ? " by lo" : "by lo");
	if (st->before & STEP_IPVS)
		text_put(t, t->col ? " IPVS" : "IPVS");
	if (st->before & STEP_WRAPPED) {
		text_put(t, " ");
		text_put(t, packet_wrap_name(b));
		text_put(t, " ");
		text_end_of(t, b, b->dst, b->dport);
	}
	if (r && r->has_rule && r->fit == FIT_AS_LOGGED) {
		text_put(t, t->col ? " rule " : "rule ");
		text_uint(t, r->priority);
		text_put(t, " ");
		text_put(t, r->rule.b);
	}
	g->syntax->edge(g->opts->out->fp, g->nodes - 1, g->nodes, label_end(g));
}

static void put_outcome(struct graph *g, const struct packet *p)
{
	enum np_style style = text_state_style(p->outcome.state);
	enum graph_shape shape = style == NP_STYLE_BAD ? GRAPH_BAD :
		style == NP_STYLE_GOOD ? GRAPH_GOOD : GRAPH_OPEN;
	const struct packet_explained *x = p->explained;
	struct text *t = label_begin(g);

	text_put(t, packet_state_name(p->outcome.state));
	for (unsigned i = 0; i < p->outcome.n_expected; i++) {
		if (!i)
			text_end(t);
		text_put(t, i ? " or " : "expected ");
		text_put(t, p->outcome.expected[i]);
	}
	if (explained_loss(x)) {
		text_end(t);
		text_put(t, explained_loss(x));
	}
	g->syntax->edge(g->opts->out->fp, g->nodes - 1, g->nodes, "");
	g->syntax->node(g->opts->out->fp, g->nodes++, shape, label_end(g));
}

int graph_packet(void *state, const struct packet *p)
{
	struct graph *g = state;
	FILE *fp = g->opts->out->fp;

	put_group(g, p);
	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct packet_step *st = &p->steps[i];
		bool hook = !i || (st->before & STEP_NEW_HOOK);

		if (hook && i)
			g->syntax->close(fp);
		if (i)
			put_edge(g, p, i);
		if (hook)
			put_hook(g, st);
		put_step(g, st);
	}
	g->syntax->close(fp);
	put_outcome(g, p);
	g->syntax->close(fp);
	return ferror(g->fp) ? -ENOMEM : 0;
}

int graph_end(void *state, const struct render_counts *counts)
{
	struct graph *g = state;

	(void)counts;
	g->syntax->end(g->opts->out->fp);
	return 0;
}
