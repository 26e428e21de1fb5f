// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/gather.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/gather_impl.h"
#include "trace/timeline_impl.h"

#define FLIGHTS_MAX 4096 /* packets at hand: the oldest are told when more come */
#define STEPS_MAX 4096
#define REASON_US 1000000 /* what vanished waits for the kernel's reason */

struct gather *gather_new(const struct gather_opts *opts, gather_done_fn *done, void *arg)
{
	struct gather *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->opts = *opts;
	g->done = done;
	g->arg = arg;
	TAILQ_INIT(&g->flights);
	TAILQ_INIT(&g->late);
	TAILQ_INIT(&g->quotes);
	STAILQ_INIT(&g->drops);
	g->lo = np_intern(opts->intern, "lo", 2);
	g->empty = np_intern(opts->intern, "", 0);
	if (!g->lo || !g->empty) {
		free(g);
		return NULL;
	}
	return g;
}

void gather_forget(struct gather *g, struct flight *f)
{
	TAILQ_REMOVE(&g->flights, f, fifo);
	LIST_REMOVE(f, bucket);
	g->n--;
	free(f->pk.steps);
	free(f->meta);
	free(f);
}

void gather_free(struct gather *g)
{
	struct flight *f;

	if (!g)
		return;
	while ((f = TAILQ_FIRST(&g->flights)))
		gather_forget(g, f);
	gather_late_free(g);
	free(g);
}

void gather_set_rules(struct gather *g, const struct ruleset *rules)
{
	g->opts.rules = rules;
}

static int tell(struct gather *g, struct flight *f)
{
	int ret = 0;

	g->past[g->n_past++ % GATHER_PAST] = f->id;
	if (f->ours || !g->opts.ours) {
		gather_finish(f, g->opts.rules, g->loops);
		ret = g->done(&f->pk, g->arg);
	}
	gather_forget(g, f);
	return ret;
}

struct packet_step *gather_insert(struct flight *f, uint32_t at)
{
	uint32_t n = f->pk.n_steps;

	if (n == f->cap) {
		uint32_t cap = n ? 2 * n : 8;
		struct packet_step *steps = reallocarray(f->pk.steps, cap, sizeof(*steps));
		struct gather_meta *meta;

		if (steps)
			f->pk.steps = steps;
		meta = reallocarray(f->meta, cap, sizeof(*meta));
		if (meta)
			f->meta = meta;
		if (!steps || !meta || n >= STEPS_MAX)
			return NULL;
		f->cap = cap;
	}
	memmove(&f->pk.steps[at + 1], &f->pk.steps[at], (n - at) * sizeof(*f->pk.steps));
	memmove(&f->meta[at + 1], &f->meta[at], (n - at) * sizeof(*f->meta));
	f->pk.n_steps = f->pk.n_lines = n + 1;
	f->pk.steps[at] = (struct packet_step){ .offset_us = -1 };
	f->meta[at] = (struct gather_meta){ 0 };
	f->judged = false;
	return &f->pk.steps[at];
}

/* The headers and interfaces as they are now. */
static void look(struct flight *f, const struct gather_event *e)
{
	const uint32_t packet = NP_TEV_MARK;

	if (!e->has_packet)
		return;
	f->now.hdr = e->ev.hdr;
	f->now.in = e->ev.in;
	f->now.out = e->ev.out;
	f->now.set = (f->now.set & ~packet) | (e->ev.set & ~packet);
	f->now.wall_us = e->ev.wall_us;
	memcpy(f->now.stamp, e->ev.stamp, sizeof(f->now.stamp));
}

/* The event as a step; the mark is the one before the rule, as in a line of the log. */
static int add_step(struct flight *f, const struct gather_event *e)
{
	struct packet_step *st = gather_insert(f, f->pk.n_steps);
	struct gather_meta *m = f->meta + f->pk.n_steps - 1;
	const char *empty = "";

	if (!st)
		return -ENOMEM;
	st->ev = f->now;
	st->ev.type = e->ev.type;
	st->ev.table = e->ev.table;
	st->ev.chain = e->ev.chain;
	st->ev.number = e->ev.number;
	st->ev.rule = e->ev.rule;
	st->ev.host = e->ev.host ? e->ev.host : empty;
	st->ev.set = (f->now.set & ~(uint32_t)(NP_TEV_NUMBER | NP_TEV_NAT | NP_TEV_MARK)) |
		(e->ev.set & (NP_TEV_NUMBER | NP_TEV_NAT)) | (f->mark ? NP_TEV_MARK : 0u);
	st->ev.mark = f->mark;
	st->hook = f->hook;
	st->target = e->target;
	m->priority = e->probe == PROBE_END ? GATHER_LAST :
		e->probe == PROBE_NONE ? e->priority : GATHER_FIRST;
	m->verdict = e->verdict;
	m->base = e->hook != NP_HOOK_UNKNOWN;
	m->new_pass = f->new_pass;
	m->wrapped = f->wrapped;
	f->new_pass = f->wrapped = false;
	return 0;
}

static struct flight *begin(struct gather *g, const struct gather_event *e)
{
	struct flight *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->id = e->id;
	f->mark = e->ev.set & NP_TEV_MARK ? e->ev.mark : 0;
	TAILQ_INSERT_TAIL(&g->flights, f, fifo);
	LIST_INSERT_HEAD(&g->buckets[f->id % GATHER_HASH], f, bucket);
	g->n++;
	return f;
}

static struct flight *find(struct gather *g, uint32_t id)
{
	struct flight *f;

	LIST_FOREACH(f, &g->buckets[id % GATHER_HASH], bucket)
		if (f->id == id)
			return f;
	return NULL;
}

static bool was_told(const struct gather *g, uint32_t id)
{
	for (uint32_t i = 0; i < GATHER_PAST && i < g->n_past; i++)
		if (g->past[i] == id)
			return true;
	return false;
}

bool gather_same(const struct np_hdr *a, const struct np_hdr *b)
{
	return a->family == b->family && !memcmp(a->src, b->src, 16) &&
		!memcmp(a->dst, b->dst, 16) && match_same(a, b) &&
		(!(a->set & b->set & NP_HDR_PORTS) ||
			(a->sport == b->sport && a->dport == b->dport));
}

/* The event's packet is this one in a tunnel's, as IPVS sends it on from INPUT or OUTPUT. */
static bool wraps(const struct flight *f, const struct gather_event *e)
{
	const struct np_hdr *own = &f->now.hdr;

	if (!e->wraps || e->hook != NP_HOOK_OUTPUT || f->hook_ended ||
		(f->hook != NP_HOOK_INPUT && f->hook != NP_HOOK_OUTPUT))
		return false;
	if (e->inner.set & NP_HDR_ADDR &&
		(memcmp(own->src, e->inner.src, 16) || memcmp(own->dst, e->inner.dst, 16)))
		return false;
	return match_same(own, &e->inner);
}

/* With a number of its own: the kernel had to copy the packet to have room. */
static struct flight *find_wrapped(struct gather *g, const struct gather_event *e)
{
	struct flight *f;

	TAILQ_FOREACH(f, &g->flights, fifo) {
		/* cppcheck-suppress uninitvar ; what is in the list was filled */
		if (wraps(f, e))
			return f;
	}
	return NULL;
}

/* A packet that left by lo, or by a VRF's link for its second turn, and comes in again. */
static struct flight *find_returning(struct gather *g, const struct gather_event *e)
{
	struct flight *f;

	TAILQ_FOREACH(f, &g->flights, fifo) {
		/* cppcheck-suppress uninitvar ; what is in the list was filled */
		bool lo = f->hook == NP_HOOK_POSTROUTING && f->now.out == g->lo &&
			e->ev.in == g->lo;
		bool vrf = e->vrf && e->hook == NP_HOOK_PREROUTING &&
			f->hook == NP_HOOK_PREROUTING && f->now.in != e->ev.in;

		if (f->hook_ended && (lo || vrf) && gather_same(&f->now.hdr, &e->ev.hdr)) {
			g->loops |= lo;
			return f;
		}
	}
	return NULL;
}

/* A packet at hand that the event gives another number. */
static struct flight *find_renumbered(struct gather *g, const struct gather_event *e)
{
	struct flight *f = e->wraps ? find_wrapped(g, e) : NULL;

	if (f)
		return f;
	f = find_returning(g, e);
	if (f) {
		f->hook = NP_HOOK_UNKNOWN;
		f->new_pass = true;
	}
	return f;
}

static void renumber(struct gather *g, struct flight *f, uint32_t id)
{
	LIST_REMOVE(f, bucket);
	f->id = id;
	f->ended = false;
	LIST_INSERT_HEAD(&g->buckets[id % GATHER_HASH], f, bucket);
}

static bool is_start(const struct gather_event *e)
{
	return e->has_packet &&
		(e->hook == NP_HOOK_PREROUTING || e->hook == NP_HOOK_OUTPUT) &&
		(e->probe == PROBE_START || e->probe == PROBE_RULE);
}

/* Hooks that can come in one pass: else the number is another packet's by now. */
static bool goes_on(const struct flight *f, const struct gather_event *e)
{
	if (f->ended)
		return false;
	if (e->hook == NP_HOOK_UNKNOWN || e->hook == f->hook)
		return e->probe != PROBE_START || !f->hook_ended;
	return walk_can_follow(f->hook, e->hook);
}

/* The packet that an event belongs to, *f NULL where it belongs to none. 0 or -errno. */
static int flight_of(struct gather *g, const struct gather_event *e, struct flight **f)
{
	struct flight *whole = NULL;
	int ret = 0;

	*f = find(g, e->id);
	if (!*f || (*f)->ended || (*f)->hook != NP_HOOK_INPUT)
		whole = gather_join(g, e);
	if (whole) {
		*f = find(g, e->id); /* it may have been one of the fragments */
		if (*f && *f != whole)
			ret = tell(g, *f);
		renumber(g, whole, e->id);
		*f = whole;
		return ret;
	}
	if (*f && goes_on(*f, e))
		return 0;
	if (*f && !is_start(e)) {
		*f = NULL; /* behind its end: a bridge's chains, an egress hook */
		return 0;
	}
	if (*f)
		ret = tell(g, *f);
	*f = NULL;
	if (ret || !e->has_packet || (!is_start(e) && was_told(g, e->id)))
		return ret;
	*f = is_start(e) ? find_renumbered(g, e) : NULL;
	if (*f) {
		renumber(g, *f, e->id);
		return 0;
	}
	while (!ret && g->n >= FLIGHTS_MAX)
		ret = tell(g, TAILQ_FIRST(&g->flights));
	if (ret)
		return ret;
	*f = begin(g, e);
	return *f ? 0 : -ENOMEM;
}

static bool is_end(const struct gather *g, const struct flight *f, const struct gather_event *e)
{
	if (e->verdict == VERDICT_DROP)
		return true;
	if (e->probe != PROBE_END)
		return false;
	return f->hook == NP_HOOK_INPUT ||
		(f->hook == NP_HOOK_POSTROUTING && f->now.out != g->lo);
}

/* A step that says: the packet is in its hook (PROBE_START), or at the end of it. */
static int add_sign(struct gather *g, struct flight *f, const struct gather_event *e,
	enum gather_probe probe)
{
	struct gather_event sign = *e;
	const char *name = np_hook_name(f->hook);

	f->hook_ended = probe == PROBE_END;
	sign.ev.type = NP_TRACE_HOOK;
	sign.ev.table = g->empty;
	sign.ev.chain = np_intern(g->opts.intern, name, strlen(name));
	sign.probe = probe;
	/* nothing of ours changes the mark */
	if (e->probe != PROBE_NONE)
		f->mark = e->ev.set & NP_TEV_MARK ? e->ev.mark : 0;
	if (probe == PROBE_START) { /* whatever the event is that came first in the hook */
		sign.ev.rule = sign.target = NULL;
		sign.ev.set &= ~(uint32_t)(NP_TEV_NUMBER | NP_TEV_NAT);
		sign.verdict = VERDICT_GOES_ON;
	}
	return sign.ev.chain ? add_step(f, &sign) : -ENOMEM;
}

int gather_add(struct gather *g, const struct gather_event *e)
{
	struct flight *f;
	int ret = flight_of(g, e, &f);

	if (ret || !f)
		return ret;
	if (e->has_packet && wraps(f, e)) {
		f->hook = NP_HOOK_UNKNOWN;
		f->new_pass = f->wrapped = true;
	}
	look(f, e);
	g->fragments |= gather_is_fragment(&f->now.hdr);
	f->tick = g->tick;
	if (e->hook != NP_HOOK_UNKNOWN && e->hook != f->hook) {
		f->hook = e->hook;
		ret = add_sign(g, f, e, PROBE_START);
	}
	f->ours |= e->probe == PROBE_RULE;
	if (!ret && e->probe == PROBE_NONE)
		ret = add_step(f, e);
	if (!ret && e->probe == PROBE_END && !f->hook_ended)
		ret = add_sign(g, f, e, PROBE_END);
	f->mark = e->ev.set & NP_TEV_MARK ? e->ev.mark : 0;
	f->ended |= is_end(g, f, e);
	return ret;
}

void gather_now(struct gather *g, int64_t now_us)
{
	g->tick = now_us;
}

static bool is_quiet(const struct gather *g, const struct flight *f)
{
	return (f->ended && !gather_awaits_quote(g, f)) || f->tick + LIVE_QUIET_US <= g->tick;
}

/* drop_monitor tells from a work queue (net_dm_packet_work()): late, on a host with much to do. */
static bool awaits_reason(const struct gather *g, struct flight *f)
{
	if (!g->opts.drops || f->pk.drop_function || (g->opts.ours && !f->ours) ||
		f->tick + LIVE_QUIET_US + REASON_US <= g->tick)
		return false;
	if (!f->judged)
		gather_finish(f, g->opts.rules, g->loops);
	f->judged = true;
	return f->pk.outcome.state == PACKET_VANISHED ||
		(f->pk.outcome.n_causes && f->pk.outcome.causes[0] == CAUSE_FRAGMENTS);
}

bool gather_awaits_reason(struct gather *g)
{
	struct flight *f;

	TAILQ_FOREACH(f, &g->flights, fifo) {
		/* cppcheck-suppress uninitvar ; what is in the list was filled */
		if (is_quiet(g, f) && awaits_reason(g, f))
			return true;
	}
	return false;
}

int gather_settle(struct gather *g)
{
	struct flight *f, *next;
	int ret = gather_late(g);

	gather_late_drop(g, g->tick - LIVE_QUIET_US);
	for (f = TAILQ_FIRST(&g->flights); f && !ret; f = next) {
		next = TAILQ_NEXT(f, fifo);
		if (is_quiet(g, f) && !awaits_reason(g, f))
			ret = tell(g, f);
	}
	return ret;
}

int gather_flush(struct gather *g)
{
	int ret = gather_late(g);

	while (!ret && g->n)
		ret = tell(g, TAILQ_FIRST(&g->flights));
	return ret;
}

size_t gather_open(const struct gather *g)
{
	return g->n;
}
