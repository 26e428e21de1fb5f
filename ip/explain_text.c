// SPDX-License-Identifier: GPL-2.0-or-later
/* The answer first, then the chain of reasons, then the remedy (one fact a line). */
#include <stdio.h>
#include <string.h>

#include "ip/explain.h"
#include "lib/snapshot.h"

#define AGREES_COL 75 /* where "kernel agrees" begins */
#define OUT_COL 40    /* where the outcome of a rule begins */
#define REMEDY_COL 9  /* where a remedy begins, behind "cure", "or" and "and" */
#define WHAT_COL 57   /* where what it does begins, at least */

static void put(const struct explanation *x, const struct np_line *l)
{
	fwrite(l->b, 1, l->n, x->show->fp);
	fputc('\n', x->show->fp);
}

static void put_headline(const struct explanation *x)
{
	bool passes = np_verdict_passes(x->e.d->verdict);
	struct np_line l = { .n = 0 };
	const char *on = x->show->color ? (passes ? "\033[1;32m" : "\033[1;31m") : "";
	FILE *fp = x->show->fp;
	size_t n;

	np_explain_verdict(&x->e, &l);
	n = l.n;
	fprintf(fp, "%s%.*s%s", on, (int)n, l.b, *on ? "\033[0m" : "");
	np_line_pad(&l, AGREES_COL);
	if (x->snapshot)
		np_line_add(&l, "kernel: not asked (snapshot of %s, %s)", x->snapshot->host,
			    x->snapshot->time);
	else
		np_explain_agrees(&x->e, &l);
	fprintf(fp, "%s\n", l.b + n);
}

static void put_fact(const struct explanation *x, const char *name, const char *fact)
{
	struct np_line l = { .n = 0 };

	np_line_add(&l, "  %s", name);
	np_line_pad(&l, OUT_COL);
	np_line_add(&l, "%s", fact);
	put(x, &l);
}

/* "priority   selector action", up to the outcome. */
static void begin_rule(const struct explanation *x, struct np_line *l, uint32_t i)
{
	const struct np_explain_rule *words = &x->e.host->rules[i];

	np_line_add(l, "  %-6u %s %s", x->e.host->fib.rules[i].priority, words->selector,
		    words->action);
	np_line_pad(l, OUT_COL);
}

static void put_passed_over(const struct explanation *x, const struct np_fib_step *s)
{
	struct np_line l = { .n = 0 };

	for (size_t n = 0; np_explain_passed_over(&x->e, s, n, &l); n++) {
		put_fact(x, "", l.b);
		l.n = 0;
	}
}

static void put_rules(const struct explanation *x)
{
	const struct np_fib_walk *w = &x->e.d->walk;
	uint32_t last = 0;

	for (size_t i = 0; x->e.d->looked && i < w->n; i++) {
		struct np_line l = { .n = 0 };

		last = w->steps[i].rule + 1;
		if (w->steps[i].result == NP_FR_SKIP && !x->show->details && !x->all_rules)
			continue;
		begin_rule(x, &l, w->steps[i].rule);
		np_explain_step(&x->e, &w->steps[i], &l);
		put(x, &l);
		put_passed_over(x, &w->steps[i]);
	}
	for (uint32_t i = last; x->all_rules && i < x->e.host->n_rules; i++) {
		struct np_line l = { .n = 0 };

		begin_rule(x, &l, i);
		np_line_add(&l, "not reached");
		put(x, &l);
	}
}

/* What gets through without a look at the rules. */
static void put_unasked(const struct explanation *x)
{
	const struct np_flow *f = x->e.flow;

	if (x->e.d->looked || !np_verdict_passes(x->e.d->verdict))
		return;
	if (x->e.d->verdict == NP_V_BROADCAST)
		put_fact(x, "no lookup", "255.255.255.255 is everybody on the link");
	else if (f->iif)
		put_fact(x, "no lookup", "the interface has joined the group");
	else
		put_fact(x, "no lookup", f->oif ? "the interface was named" :
			 "the source says by which interface");
}

static void put_hops(const struct explanation *x)
{
	const struct np_fib_decision *d = x->e.d;
	const struct np_fib *fib = &x->e.host->fib;

	if (!d->multipath || d->walk.route == NP_FIB_NONE)
		return;
	for (uint32_t k = 0; k < fib->routes[d->walk.route].n_nh; k++) {
		struct np_line l = { .n = 0 };

		np_explain_share(&x->e, k, &l);
		put_fact(x, k ? "" : "nexthops", l.b);
	}
}

static void put_shared(const struct explanation *x)
{
	if (x->e.d->shared)
		put_fact(x, "tables", "local and main are one until a rule is changed: "
			 "the kernel says main");
}

static void put_back(const struct explanation *x)
{
	struct np_line l = { .n = 0 };

	if (!x->e.d->looked_back || (np_verdict_passes(x->e.d->verdict) && !x->show->details))
		return;
	np_explain_way_back(&x->e, &l);
	put_fact(x, "way back", l.b);
}

static void put_sysctl(const struct explanation *x, const struct np_fib_check *c)
{
	struct np_line l = { .n = 0 };

	np_explain_sysctl(&x->e, c, &l);
	put_fact(x, np_explain_conf(c->name)->name, l.b);
}

static void put_checks(const struct explanation *x)
{
	put_back(x);
	for (size_t i = 0; i < x->e.d->n_checks; i++) {
		const struct np_fib_check *c = &x->e.d->checks[i];

		if (c->pass && !x->show->details)
			continue;
		if (c->has_value)
			put_sysctl(x, c);
		else if (c->pass)
			put_fact(x, np_fib_check_name(c->name), "passed");
	}
	if (x->e.d->why != NP_WHY_NONE && x->e.d->why != NP_WHY_RULE)
		put_fact(x, "because", np_explain_why(x->e.d->why));
}

/* What the kernel said, when it is something else. */
static void put_kernel(const struct explanation *x)
{
	const struct np_route *r = &x->e.kernel->answer;
	char type[NP_NAME_MAX], gateway[NP_ADDR_STRLEN], err[16], table[NP_NAME_MAX];
	struct np_line l = { .n = 0 };

	if (!np_explain_asked(&x->e) || x->e.agrees)
		return;
	if (x->e.kernel->err) {
		np_line_add(&l, "refuses: %s", np_explain_errno_name(x->e.kernel->err, err));
	} else {
		np_line_add(&l, "%s", np_names_rttype(x->show->names, r->type, type));
		if (r->nh.set & NP_NH_GATEWAY)
			np_line_add(&l, " via %s", np_explain_addr(&x->e, r->nh.gateway, gateway));
		if (r->nh.set & NP_NH_DEV)
			np_line_add(&l, " dev %s", np_explain_dev(&x->e, r->nh.ifindex));
		np_line_add(&l, " table %s", np_explain_table(&x->e, r->table, table));
	}
	put_fact(x, "the kernel", l.b);
}

static void put_remedy(const struct explanation *x, const struct np_explain_remedy *r,
		       const char *label, size_t col)
{
	struct np_line l = { .n = 0 };

	np_line_add(&l, "%s", label);
	if (r->command[0]) {
		np_line_add(&l, "%s", r->command);
		np_line_pad(&l, col);
	}
	np_line_add(&l, "%s", r->what);
	put(x, &l);
}

/* Where what it does begins, behind the longest command. */
static size_t remedy_col(const struct np_explain_remedy *r, size_t n)
{
	size_t col = WHAT_COL;

	for (size_t i = 0; i < n; i++)
		if (strlen(r[i].command) + REMEDY_COL + 2 > col)
			col = strlen(r[i].command) + REMEDY_COL + 2;
	return col;
}

static void put_remedies(const struct explanation *x)
{
	const struct explain_besides *b = x->besides;
	struct np_explain_remedy r[NP_EXPLAIN_REMEDIES + NP_EXPLAIN_NOTES];
	size_t n = b->n_remedies, col;

	memcpy(r, b->remedies, n * sizeof(*r));
	for (size_t i = 0; i < b->n_notes; i++) {
		if (!b->notes[i].remedy.what)
			continue;
		r[n] = b->notes[i].remedy;
		r[n++].also = true;
	}
	col = remedy_col(r, n);
	if (n)
		fputc('\n', x->show->fp);
	for (size_t i = 0; i < n; i++)
		put_remedy(x, &r[i], !i ? "cure     " : r[i].also ? "   and   " : "   or    ", col);
}

static void put_notes(const struct explanation *x)
{
	const struct explain_besides *b = x->besides;
	struct np_line l = { .n = 0 };

	for (size_t i = 0; i < b->n_notes; i++)
		put_fact(x, b->notes[i].name, b->notes[i].says.b);
	if (x->show->details && b->mtu)
		put_fact(x, "mtu", b->whose_mtu.b);
	if (x->show->details && np_explain_neighbour(&x->e, &l))
		put_fact(x, "neighbour", l.b);
}

void explain_text(const struct explanation *x)
{
	put_headline(x);
	fputc('\n', x->show->fp);
	put_rules(x);
	put_unasked(x);
	put_hops(x);
	put_shared(x);
	put_checks(x);
	put_notes(x);
	put_kernel(x);
	put_remedies(x);
}

/* Each note loses the packet for itself: the first that does will do, else one that may. */
static void add_lost(const struct explanation *x, struct np_line *l)
{
	const struct np_explain_note *note = NULL;

	for (size_t i = x->besides->n_notes; i--;) {
		const struct np_explain_note *n = &x->besides->notes[i];

		if (n->lost || (n->maybe && (!note || !note->lost)))
			note = n;
	}
	if (note && np_verdict_passes(x->e.d->verdict))
		np_line_add(l, ", but %s", note->brief);
}

void explain_brief(const struct explanation *x, const char *question)
{
	struct np_line l = { .n = 0 };

	np_line_add(&l, "%s: ", question);
	np_explain_verdict(&x->e, &l);
	if (x->e.d->why == NP_WHY_RULE) /* several can have its number */
		np_line_add(&l, ", %s", x->e.host->rules[x->e.d->walk.rule].selector);
	else if (x->e.d->why != NP_WHY_NONE)
		np_line_add(&l, ", %s", np_explain_why(x->e.d->why));
	add_lost(x, &l);
	np_line_add(&l, "; ");
	np_explain_agrees(&x->e, &l);
	put(x, &l);
}
