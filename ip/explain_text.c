// SPDX-License-Identifier: GPL-2.0-or-later
/* The answer first, then the chain of reasons, then the remedy (one fact a line). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ip/explain.h"

#define AGREES_COL 75 /* where "kernel agrees" begins */
#define OUT_COL 40    /* where the outcome of a rule begins */
#define LINE_MAX 1024

/* A line put together piece by piece. */
struct line {
	char b[LINE_MAX];
	size_t n;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *l, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->b + l->n, sizeof(l->b) - l->n, fmt, ap);
	va_end(ap);
	if (n > 0)
		l->n += (size_t)n < sizeof(l->b) - l->n ? (size_t)n : sizeof(l->b) - l->n - 1;
}

/* Blanks up to a column, two at least. */
static void pad(struct line *l, size_t col)
{
	add(l, "%*s", l->n + 2 > col ? 2 : (int)(col - l->n), "");
}

static const char *dev_name(const struct explanation *x, int ifindex)
{
	const char *name = np_fib_dev_name(&x->host->fib, ifindex);

	return *name ? name : "nowhere";
}

/* What refused: "rule 14996", "route 10.0.0.0/8 in table main". */
static void add_refuser(const struct explanation *x, struct line *l)
{
	const struct np_fib_walk *w = &x->d->walk;
	char prefix[NP_ADDR_STRLEN + 8], table[NP_NAME_MAX];

	if (w->route != NP_FIB_NONE)
		add(l, "route %s in table %s",
		    explain_prefix(x, &x->host->fib.routes[w->route], prefix),
		    explain_table(x, w->table, table));
	else if (w->rule != NP_FIB_NONE)
		add(l, "rule %u", x->host->fib.rules[w->rule].priority);
}

static void add_path(const struct explanation *x, struct line *l)
{
	char gw[NP_ADDR_STRLEN];

	if (x->d->gw_family)
		add(l, " via %s", np_addr_text(x->d->gw_family, x->d->gw,
					       np_family_len(x->d->gw_family), gw));
	if (x->d->dev)
		add(l, " dev %s", dev_name(x, x->d->dev));
}

static void add_passed(const struct explanation *x, struct line *l)
{
	static const char *const in[NP_V_N] = {
		[NP_V_UNICAST] = ": forwarded", [NP_V_LOCAL] = ": for this host",
		[NP_V_BROADCAST] = ": received", [NP_V_MULTICAST] = ": received",
	};
	static const char *const out[NP_V_N] = {
		[NP_V_UNICAST] = ": sent", [NP_V_LOCAL] = ": to this host itself",
	};
	const char *words = (x->query->flow.iif ? in : out)[x->d->verdict];
	char src[NP_ADDR_STRLEN];

	add(l, "%s%s", np_verdict_name(x->d->verdict), words ? words : "");
	if (x->d->verdict != NP_V_LOCAL)
		add_path(x, l);
	if (x->kernel->asked && !x->kernel->err && !x->query->flow.iif &&
	    (x->kernel->answer.set & NP_RT_PREFSRC))
		add(l, " from %s", explain_addr(x, x->kernel->answer.prefsrc, src));
}

static void add_dropped(const struct explanation *x, struct line *l)
{
	const struct np_flow *f = &x->query->flow;
	char addr[NP_ADDR_STRLEN];

	switch (x->d->verdict) {
	case NP_V_RP_FILTER:
		add(l, "DROPPED by rp_filter on %s", dev_name(x, f->iif));
		break;
	case NP_V_FORWARDING_OFF:
		add(l, "DROPPED: forwarding is off on %s", dev_name(x, f->iif));
		break;
	case NP_V_MARTIAN_SOURCE:
		add(l, "DROPPED: martian source %s on %s", explain_addr(x, f->src, addr),
		    dev_name(x, f->iif));
		break;
	case NP_V_MARTIAN_DESTINATION:
		add(l, "DROPPED: martian destination %s on %s", explain_addr(x, f->dst, addr),
		    dev_name(x, f->iif));
		break;
	case NP_V_INVALID_SOURCE:
		add(l, "REFUSED: source %s", explain_addr(x, f->src, addr));
		break;
	case NP_V_NO_ROUTE:
		add(l, "NO ROUTE to %s", explain_addr(x, f->dst, addr));
		if (x->d->why == NP_WHY_RULE) {
			add(l, ": unreachable by ");
			add_refuser(x, l);
		}
		break;
	case NP_V_BLACKHOLE:
	case NP_V_UNREACHABLE:
	case NP_V_PROHIBIT:
		add(l, "%s by ", x->d->verdict == NP_V_BLACKHOLE ? "BLACKHOLE" :
		    x->d->verdict == NP_V_PROHIBIT ? "PROHIBITED" : "UNREACHABLE");
		add_refuser(x, l);
		break;
	case NP_V_NO_DEVICE:
		add(l, "NO SUCH INTERFACE");
		break;
	default:
		add(l, "REFUSED by %s", dev_name(x, f->iif ? f->iif : f->oif));
		break;
	}
}

static void add_agrees(const struct explanation *x, struct line *l)
{
	char err[16];

	if (!x->kernel->asked)
		add(l, "kernel not asked");
	else if (x->agrees)
		add(l, "kernel agrees");
	else
		add(l, "KERNEL DISAGREES");
	if (x->kernel->asked && x->kernel->err)
		add(l, " (%s)", explain_errno_name(x->kernel->err, err));
}

static void put(const struct explanation *x, const struct line *l)
{
	fwrite(l->b, 1, l->n, x->show->fp);
	fputc('\n', x->show->fp);
}

static void put_headline(const struct explanation *x)
{
	bool passes = np_verdict_passes(x->d->verdict);
	struct line l = { .n = 0 };
	const char *on = x->show->color ? (passes ? "\033[1;32m" : "\033[1;31m") : "";
	FILE *fp = x->show->fp;
	size_t n;

	if (passes)
		add_passed(x, &l);
	else
		add_dropped(x, &l);
	n = l.n;
	fprintf(fp, "%s%.*s%s", on, (int)n, l.b, *on ? "\033[0m" : "");
	pad(&l, AGREES_COL);
	add_agrees(x, &l);
	fprintf(fp, "%s\n", l.b + n);
}

/* "priority   selector action", up to the outcome. */
static void begin_rule(const struct explanation *x, struct line *l, uint32_t i)
{
	const struct explain_rule *words = &x->host->rules[i];

	add(l, "  %-6u %s %s", x->host->fib.rules[i].priority, words->selector, words->action);
	pad(l, OUT_COL);
}

static void add_miss(const struct explanation *x, struct line *l, const struct np_fib_step *s)
{
	char table[NP_NAME_MAX];

	if (np_fib_next_len(&x->host->fib, s->table, 128) < 0)
		add(l, "table %s is empty", explain_table(x, s->table, table));
	else
		add(l, "no match in table %s", explain_table(x, s->table, table));
}

static void add_suppressed(const struct explanation *x, struct line *l, const struct np_fib_step *s)
{
	const struct np_fib_rule *r = &x->host->fib.rules[s->rule];
	unsigned len = x->host->fib.routes[s->route].len;
	char route[EXPLAIN_ROUTE_MAX];

	add(l, "%s: turned away, ", explain_route(x, s->route, 0, route));
	if ((int)len <= r->suppress_len)
		add(l, "its length %u is not above %d", len, r->suppress_len);
	else
		add(l, "its interface is of the group");
}

static void add_outcome(const struct explanation *x, struct line *l, const struct np_fib_step *s)
{
	const struct np_fib_walk *w = &x->d->walk;
	char route[EXPLAIN_ROUTE_MAX];

	switch (s->result) {
	case NP_FR_HIT:
		if (s->route != NP_FIB_NONE)
			add(l, "%s", explain_route(x, s->route, w->nh, route));
		else
			add(l, "matches");
		break;
	case NP_FR_MISS:
		add_miss(x, l, s);
		break;
	case NP_FR_THROW:
		add(l, "%s: on to the next rule", explain_route(x, s->route, 0, route));
		break;
	case NP_FR_SUPPRESSED:
		add_suppressed(x, l, s);
		break;
	case NP_FR_GOTO:
		add(l, "goes on at %u", x->host->fib.rules[s->rule].goto_priority);
		break;
	case NP_FR_NOP:
		add(l, "does nothing");
		break;
	case NP_FR_SKIP:
		add(l, "does not match: %s", explain_selector_word(s->differs));
		break;
	}
}

static void put_rules(const struct explanation *x)
{
	const struct np_fib_walk *w = &x->d->walk;
	uint32_t last = 0;

	for (size_t i = 0; x->d->looked && i < w->n; i++) {
		struct line l = { .n = 0 };

		last = w->steps[i].rule + 1;
		if (w->steps[i].result == NP_FR_SKIP && !x->show->details && !x->all_rules)
			continue;
		begin_rule(x, &l, w->steps[i].rule);
		add_outcome(x, &l, &w->steps[i]);
		put(x, &l);
	}
	for (uint32_t i = last; x->all_rules && i < x->host->n_rules; i++) {
		struct line l = { .n = 0 };

		begin_rule(x, &l, i);
		add(&l, "not reached");
		put(x, &l);
	}
}

static void put_fact(const struct explanation *x, const char *name, const char *fact)
{
	struct line l = { .n = 0 };

	add(&l, "  %s", name);
	pad(&l, OUT_COL);
	add(&l, "%s", fact);
	put(x, &l);
}

static void put_paths(const struct explanation *x)
{
	const struct np_fib_decision *d = x->d;
	struct line l = { .n = 0 };
	uint32_t n = np_fib_picks(&x->host->fib, d);

	if (d->multipath && n > 1) {
		add(&l, "%u living ones: the kernel picks by a hash of the flow", n);
		put_fact(x, "nexthops", l.b);
	}
	if (d->shared)
		put_fact(x, "tables", "local and main are one until a rule is changed: "
			 "the kernel says main");
}

static void put_back(const struct explanation *x)
{
	const struct np_fib_walk *w = &x->d->back;
	const struct np_fib_check *c = NULL;
	char src[NP_ADDR_STRLEN], route[EXPLAIN_ROUTE_MAX], table[NP_NAME_MAX];
	struct line l = { .n = 0 };

	for (size_t i = 0; i < x->d->n_checks; i++)
		if (x->d->checks[i].name == NP_CHK_RP_FILTER)
			c = &x->d->checks[i];
	if (!x->d->looked_back || (np_verdict_passes(x->d->verdict) && !x->show->details))
		return;
	add(&l, "%s: ", explain_addr(x, x->query->flow.src, src));
	if (w->route == NP_FIB_NONE)
		add(&l, "no route");
	else
		add(&l, "%s %s", explain_table(x, w->table, table),
		    explain_route(x, w->route, w->nh, route));
	if (c && !c->pass && c->reverse_dev)
		add(&l, ", not %s", dev_name(x, x->query->flow.iif));
	put_fact(x, "way back", l.b);
}

/* "1, strict: the larger of all=1 and enp5s0=1" */
static void put_sysctl(const struct explanation *x, const struct np_fib_check *c)
{
	static const char *const modes[] = { "off", "strict", "loose" };
	const struct np_fib_conf_row *row = explain_conf(c->name);
	struct line l = { .n = 0 };

	add(&l, "%d", c->value);
	if (c->name == NP_CHK_RP_FILTER && c->value >= 0 && c->value < 3)
		add(&l, ", %s", modes[c->value]);
	if (row->join == NP_FIB_OWN)
		add(&l, " on %s", dev_name(x, c->dev));
	else
		add(&l, ": %s of all=%d and %s=%d",
		    row->join == NP_FIB_MAX ? "the larger" : "either", c->all,
		    dev_name(x, c->dev), c->own);
	put_fact(x, row->name, l.b);
}

static void put_checks(const struct explanation *x)
{
	put_back(x);
	for (size_t i = 0; i < x->d->n_checks; i++) {
		const struct np_fib_check *c = &x->d->checks[i];

		if (c->pass && !x->show->details)
			continue;
		if (c->has_value)
			put_sysctl(x, c);
		else if (c->pass)
			put_fact(x, np_fib_check_name(c->name), "passed");
	}
	if (x->d->why != NP_WHY_NONE)
		put_fact(x, "because", explain_why(x->d->why));
}

/* What the kernel said, when it is something else. */
static void put_kernel(const struct explanation *x)
{
	const struct np_route *r = &x->kernel->answer;
	char type[NP_NAME_MAX], gw[NP_ADDR_STRLEN], err[16], table[NP_NAME_MAX];
	struct line l = { .n = 0 };

	if (!x->kernel->asked || x->agrees)
		return;
	if (x->kernel->err) {
		add(&l, "refuses: %s", explain_errno_name(x->kernel->err, err));
	} else {
		add(&l, "%s", np_names_rttype(x->show->names, r->type, type));
		if (r->nh.set & NP_NH_GATEWAY)
			add(&l, " via %s", explain_addr(x, r->nh.gateway, gw));
		if (r->nh.set & NP_NH_DEV)
			add(&l, " dev %s", dev_name(x, r->nh.ifindex));
		add(&l, " table %s", explain_table(x, r->table, table));
	}
	put_fact(x, "the kernel", l.b);
}

static void put_remedies(const struct explanation *x)
{
	struct explain_remedy r[EXPLAIN_REMEDIES];
	size_t n = explain_remedies(x, r);

	if (n)
		fputc('\n', x->show->fp);
	for (size_t i = 0; i < n; i++) {
		struct line l = { .n = 0 };

		add(&l, i ? "   or    " : "cure     ");
		if (r[i].command[0])
			add(&l, "%s", r[i].command);
		if (r[i].command[0])
			pad(&l, 57);
		add(&l, "%s", r[i].what);
		put(x, &l);
	}
}

void explain_text(const struct explanation *x)
{
	put_headline(x);
	fputc('\n', x->show->fp);
	put_rules(x);
	put_paths(x);
	put_checks(x);
	put_kernel(x);
	put_remedies(x);
}

void explain_brief(const struct explanation *x, const char *question)
{
	struct line l = { .n = 0 };

	add(&l, "%s: ", question);
	if (np_verdict_passes(x->d->verdict))
		add_passed(x, &l);
	else
		add_dropped(x, &l);
	if (x->d->why != NP_WHY_NONE)
		add(&l, ", %s", explain_why(x->d->why));
	add(&l, "; ");
	add_agrees(x, &l);
	put(x, &l);
}
