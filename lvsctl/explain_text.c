// SPDX-License-Identifier: GPL-2.0-or-later
/* The answer first, then a table of the real servers, then what was taken for granted. */
#include <stdio.h>
#include <string.h>

#include "lvsctl/explain.h"

static int server_width(const struct lvs_explanation *x)
{
	size_t width = strlen("real server");

	for (size_t i = 0; i < x->sched.n; i++)
		if (strlen(x->servers[i].text) > width)
			width = strlen(x->servers[i].text);
	return (int)width;
}

static void answer(const struct np_out *out, const struct lvs_explanation *x)
{
	FILE *fp = out->fp;
	const char *of = *x->from ? " of " : "";

	fprintf(fp, "%s%s%s %s: ", np_style_on(out, NP_STYLE_BOLD), x->service,
		np_style_off(out), np_sched_name(x->sched.kind));
	if (x->by == EXPLAIN_CLIENT)
		fprintf(fp, "which real server comes next depends on the client (--from)\n");
	else if (!x->sched.n)
		fprintf(fp, "%sREFUSED%s: there is no real server\n",
			np_style_on(out, NP_STYLE_BAD), np_style_off(out));
	else if (x->next == NP_SCHED_NONE)
		fprintf(fp, "%sREFUSED%s: no real server can be had for the next connection%s%s\n",
			np_style_on(out, NP_STYLE_BAD), np_style_off(out), of, x->from);
	else
		fprintf(fp, "the next connection%s%s goes to %s%s%s\n", of, x->from,
			np_style_on(out, NP_STYLE_GOOD), x->servers[x->next].text,
			np_style_off(out));
	if (x->by == EXPLAIN_TEMPLATE)
		fprintf(fp, "  persistence: %s went there before, and will for %u s more\n",
			x->client, x->expires);
	else if (x->choice.bucket != NP_SCHED_NONE && x->by == EXPLAIN_SCHEDULER)
		fprintf(fp, "  the hash leads to bucket %zu of %zu\n", x->choice.bucket,
			x->sched.buckets);
}

static void figure_text(struct np_sched_figure f, char *buf, size_t size)
{
	if (!f.den)
		snprintf(buf, size, "-");
	else if (f.den == 1 || !f.num)
		snprintf(buf, size, "%llu", (unsigned long long)f.num);
	else
		snprintf(buf, size, "%.2f", (double)f.num / f.den);
}

static void table(const struct np_out *out, const struct lvs_explanation *x)
{
	FILE *fp = out->fp;
	const char *formula = np_sched_formula(x->sched.kind);
	bool has_figure = *formula && strcmp(formula, "weight") != 0;
	int width = server_width(x), wide = (int)strlen(formula);

	fprintf(fp, "\n  %s%-*s  weight   active  inactive", np_style_on(out, NP_STYLE_DIM),
		width, "real server");
	if (has_figure)
		fprintf(fp, "  %s", formula);
	fprintf(fp, "%s\n", np_style_off(out));
	for (size_t i = 0; i < x->sched.n; i++) {
		const struct np_sched_dest *d = &x->sched.dests[i];
		bool chosen = i == x->next;
		enum np_style style = chosen ? NP_STYLE_GOOD : NP_STYLE_PLAIN;
		char figure[32], why[100];

		figure_text(x->servers[i].verdict.figure, figure, sizeof(figure));
		lvs_explain_why_text(x, i, why, sizeof(why));
		fprintf(fp, "%s%s %-*s  %6d %8u  %8u", np_style_on(out, style),
			chosen ? np_glyph(out, "→", ">") : " ", width, x->servers[i].text,
			d->weight, d->active, d->inactive);
		if (has_figure)
			fprintf(fp, "  %*s", wide, figure);
		fprintf(fp, "%s%s%s\n", *why ? "  " : "", why, chosen ? np_style_off(out) : "");
	}
}

/* " that all stay open, of 20 clients" */
static void supposed(const struct np_out *out, const struct lvs_explanation *x)
{
	FILE *fp = out->fp;
	const struct np_sched_sim *sim = &x->sim;

	fprintf(fp, "\n%zu connections", sim->count);
	if (sim->clients > 1)
		fprintf(fp, " of %u clients", sim->clients);
	else if (*x->from)
		fprintf(fp, " of %s", x->from);
	if (!sim->hold)
		fprintf(fp, ", each over before the next comes\n");
	else if (sim->hold >= sim->count)
		fprintf(fp, ", all of which stay open\n");
	else
		fprintf(fp, ", %zu open at a time\n", sim->hold);
}

static double percent(const struct lvs_explanation *x, size_t part)
{
	return 100.0 * (double)part / (double)x->sim.count;
}

static void spread(const struct np_out *out, const struct lvs_explanation *x)
{
	FILE *fp = out->fp;
	int width = server_width(x);

	supposed(out, x);
	fprintf(fp, "\n  %s%-*s  %11s  %7s  %9s%s\n", np_style_on(out, NP_STYLE_DIM), width,
		"real server", "connections", "share", "by weight", np_style_off(out));
	for (size_t i = 0; i < x->sched.n; i++)
		fprintf(fp, "  %-*s  %11zu  %5.1f %%  %7.1f %%\n", width, x->servers[i].text,
			x->servers[i].chosen, percent(x, x->servers[i].chosen),
			100.0 * lvs_explain_by_weight(x, i));
	if (x->refused)
		fprintf(fp, "  %s%-*s  %11zu  %5.1f %%%s\n", np_style_on(out, NP_STYLE_BAD), width,
			"refused", x->refused, percent(x, x->refused), np_style_off(out));
}

void lvs_explain_text(const struct np_out *out, const struct lvs_explanation *x)
{
	FILE *fp = out->fp;
	answer(out, x);
	if (x->sched.n)
		table(out, x);
	if (x->sim.count)
		spread(out, x);
	if (x->n_notes)
		fputc('\n', fp);
	for (size_t i = 0; i < x->n_notes; i++)
		fprintf(fp, "%-8s %s\n", i ? "" : "note", x->notes[i]);
}
