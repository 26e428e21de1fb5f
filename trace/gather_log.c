// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of the kernel log, put into the packets that nf_tables' events tell of. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hdr.h"
#include "trace/gather_impl.h"

#define LATE_MAX 1024 /* lines of packets that nothing else is known of are not kept long */

/*
 * Priorities of iptables' tables: include/uapi/linux/netfilter_ipv4.h; static_nat's, of which
 * np_table_order() knows the place, are in kmod/main.c.
 */
static int32_t priority_of(enum np_hook hook, const char *table)
{
	bool source = hook == NP_HOOK_INPUT || hook == NP_HOOK_POSTROUTING;

	if (!strcmp(table, "raw"))
		return -300;
	if (!strcmp(table, "static_nat"))
		return source ? -199 : -201;
	if (!strcmp(table, "mangle"))
		return -150;
	if (!strcmp(table, "nat"))
		return source ? 100 : -100;
	return strcmp(table, "security") ? 0 : 50;
}

static bool is_hook_start(const struct flight *f, uint32_t i)
{
	return f->pk.steps[i].ev.type == NP_TRACE_HOOK && f->meta[i].priority == GATHER_FIRST;
}

/* Where the line goes: behind what its hook has of its priority; 0: there is no such hook. */
static uint32_t place(const struct flight *f, const struct np_trace_event *ev, enum np_hook hook,
	int32_t priority)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < f->pk.n_steps; i++) {
		if (is_hook_start(f, i) && f->pk.steps[i].hook == hook &&
			f->pk.steps[i].ev.in == ev->in)
			at = i + 1;
	}
	while (at && at < f->pk.n_steps && !is_hook_start(f, at) &&
		f->meta[at].priority <= priority)
		at++;
	return at;
}

/* A user chain's line goes behind the line that called it. */
static uint32_t place_user(const struct flight *f, const struct np_trace_event *ev)
{
	return f->logged && f->pk.steps[f->logged - 1].ev.table == ev->table ? f->logged : 0;
}

static bool had_header(const struct flight *f, const struct np_hdr *h)
{
	for (uint32_t i = 0; i < f->pk.n_steps; i++)
		if (gather_same(&f->pk.steps[i].ev.hdr, h))
			return true;
	return false;
}

static int log_to(struct flight *f, const struct np_trace_event *ev, uint32_t at,
	enum np_hook hook, int32_t priority)
{
	struct packet_step *st = gather_insert(f, at);

	if (!st)
		return -ENOMEM;
	st->ev = *ev;
	st->hook = hook != NP_HOOK_UNKNOWN ? hook : f->pk.steps[at - 1].hook;
	f->meta[at].priority = hook != NP_HOOK_UNKNOWN ? priority : f->meta[at - 1].priority;
	f->meta[at].base = hook != NP_HOOK_UNKNOWN;
	f->meta[at].verdict = ev->type == NP_TRACE_RULE ? VERDICT_RULE : VERDICT_GOES_ON;
	f->logged = at + 1;
	return 0;
}

/* Puts the line into the packet that it is about. Returns 1, 0: there is none yet, or -ENOMEM. */
static int log_in(struct gather *g, const struct np_trace_event *ev)
{
	enum np_hook hook = np_hook_of_chain(ev->chain);
	int32_t priority = priority_of(hook, ev->table);
	struct flight *f;

	TAILQ_FOREACH_REVERSE(f, &g->flights, flights, fifo) {
		uint32_t at;

		/* cppcheck-suppress uninitvar ; what is in the list was filled */
		if (!had_header(f, &ev->hdr))
			continue;
		at = hook == NP_HOOK_UNKNOWN ? place_user(f, ev) : place(f, ev, hook, priority);
		if (at)
			return log_to(f, ev, at, hook, priority) ? -ENOMEM : 1;
	}
	return 0;
}

/* ---- what the kernel dropped ---- */

int gather_drop(struct gather *g, const struct np_hdr *hdr, const char *reason,
	const char *function)
{
	struct late_drop *d = calloc(1, sizeof(*d));

	if (!d)
		return -ENOMEM;
	d->hdr = *hdr;
	d->reason = reason;
	d->function = function;
	STAILQ_INSERT_TAIL(&g->drops, d, fifo);
	return 0;
}

static void drop_in(struct gather *g, const struct late_drop *d)
{
	struct flight *f;

	TAILQ_FOREACH_REVERSE(f, &g->flights, flights, fifo) {
		/* cppcheck-suppress uninitvar ; what is in the list was filled */
		if (f->pk.drop_function || !had_header(f, &d->hdr))
			continue;
		f->pk.drop_reason = d->reason;
		f->pk.drop_function = d->function;
		return;
	}
}

static void take_drops(struct gather *g)
{
	struct late_drop *d;

	while ((d = STAILQ_FIRST(&g->drops))) {
		STAILQ_REMOVE_HEAD(&g->drops, fifo);
		drop_in(g, d);
		free(d);
	}
}

/* ---- what ICMP errors quote ---- */

#define QUOTES_MAX 1024

static void forget_quote(struct gather *g, struct late_quote *q)
{
	TAILQ_REMOVE(&g->quotes, q, fifo);
	g->n_quotes--;
	free(q);
}

int gather_quote(struct gather *g, const struct np_hdr *outer, const struct np_hdr *quoted)
{
	struct late_quote *q = calloc(1, sizeof(*q));

	if (!q)
		return -ENOMEM;
	if (g->n_quotes >= QUOTES_MAX)
		forget_quote(g, TAILQ_FIRST(&g->quotes));
	q->tick = g->tick;
	q->outer = *outer;
	q->quoted = *quoted;
	TAILQ_INSERT_TAIL(&g->quotes, q, fifo);
	g->n_quotes++;
	return 0;
}

static bool lacks_quote(const struct flight *f)
{
	return f->pk.n_steps && np_hdr_is_error(&packet_first(&f->pk)->hdr) &&
		!(packet_first(&f->pk)->set & NP_TEV_QUOTED);
}

/* It leaves before it is seen to; and one that a rule dropped never is. */
bool gather_awaits_quote(const struct gather *g, const struct flight *f)
{
	return g->opts.quotes && f->hook == NP_HOOK_POSTROUTING && lacks_quote(f);
}

static bool quote_in(struct gather *g, const struct late_quote *q)
{
	struct flight *f;

	TAILQ_FOREACH(f, &g->flights, fifo) {
		/* cppcheck-suppress uninitvar ; what is in the list was filled */
		if (!lacks_quote(f) || !had_header(f, &q->outer))
			continue;
		f->pk.steps[0].ev.quoted = q->quoted;
		f->pk.steps[0].ev.set |= NP_TEV_QUOTED;
		return true;
	}
	return false;
}

static void take_quotes(struct gather *g)
{
	struct late_quote *q, *next;

	for (q = TAILQ_FIRST(&g->quotes); q; q = next) {
		next = TAILQ_NEXT(q, fifo);
		if (quote_in(g, q))
			forget_quote(g, q);
	}
}

/* ---- lines that were read before the events of their packet ---- */

static void drop(struct gather *g, struct late_line *l)
{
	TAILQ_REMOVE(&g->late, l, fifo);
	g->n_late--;
	free(l);
}

/*
 * A line of the same packet waits, among those before `end` (NULL: among all): this one
 * must stay behind it.
 */
static bool waits(const struct gather *g, const struct np_trace_event *ev,
	const struct late_line *end)
{
	const struct late_line *l;

	for (l = TAILQ_FIRST(&g->late); l != end; l = TAILQ_NEXT(l, fifo))
		if (gather_same(&l->ev.hdr, &ev->hdr))
			return true;
	return false;
}

int gather_log(struct gather *g, const struct np_trace_event *ev)
{
	int ret = waits(g, ev, NULL) ? 0 : log_in(g, ev);
	struct late_line *l;

	if (ret)
		return ret < 0 ? ret : 0;
	if (g->n_late >= LATE_MAX)
		drop(g, TAILQ_FIRST(&g->late));
	l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	np_trace_event_copy(&l->ev, ev);
	l->tick = g->tick;
	TAILQ_INSERT_TAIL(&g->late, l, fifo);
	g->n_late++;
	return 0;
}

int gather_late(struct gather *g)
{
	struct late_line *l, *next;
	int ret = 0;

	take_drops(g);
	take_quotes(g);
	for (l = TAILQ_FIRST(&g->late); l && ret >= 0; l = next) {
		next = TAILQ_NEXT(l, fifo);
		ret = waits(g, &l->ev, l) ? 0 : log_in(g, &l->ev);
		if (ret == 1)
			drop(g, l);
	}
	return ret < 0 ? ret : 0;
}

void gather_late_drop(struct gather *g, int64_t before_us)
{
	struct late_quote *q;
	struct late_line *l;

	while ((l = TAILQ_FIRST(&g->late)) && l->tick <= before_us)
		drop(g, l);
	while ((q = TAILQ_FIRST(&g->quotes)) && q->tick <= before_us)
		forget_quote(g, q);
}

void gather_late_free(struct gather *g)
{
	gather_late_drop(g, INT64_MAX);
	take_drops(g);
}
