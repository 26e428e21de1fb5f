// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The packets at hand and their steps, in pools: a step is half a kilobyte, and
 * a log has millions.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/timeline_impl.h"

#define FIRST_CAP_BITS 3 /* 8 steps: what most packets have */

static size_t cap_bytes(unsigned cap_bits)
{
	return sizeof(struct packet_step) << cap_bits;
}

static struct packet_step *take_steps(struct timeline *tl, unsigned cap_bits)
{
	struct free_steps *f = tl->free_steps[cap_bits];

	if (f)
		tl->free_steps[cap_bits] = f->next;
	else
		f = malloc(cap_bytes(cap_bits));
	if (f)
		tl->step_bytes += cap_bytes(cap_bits);
	return (struct packet_step *)f;
}

static void give_steps(struct timeline *tl, struct packet_step *s, unsigned cap_bits)
{
	struct free_steps *f = (struct free_steps *)s;

	tl->step_bytes -= cap_bytes(cap_bits);
	if (cap_bits > FIRST_CAP_BITS) { /* rare: not worth keeping */
		free(s);
		return;
	}
	f->next = tl->free_steps[cap_bits];
	tl->free_steps[cap_bits] = f;
}

struct open_packet *packets_new(struct timeline *tl)
{
	struct open_packet *p = tl->free_packets;
	unsigned cap_bits = tl->opts.quiet_steps ? 1 : FIRST_CAP_BITS;

	if (p)
		tl->free_packets = p->lru.tqe_next;
	else
		p = malloc(sizeof(*p));
	if (!p)
		return NULL;
	memset(p, 0, sizeof(*p));
	p->cap_bits = (uint8_t)cap_bits;
	p->pk.steps = take_steps(tl, cap_bits);
	if (!p->pk.steps) {
		free(p);
		return NULL;
	}
	return p;
}

void packets_free(struct timeline *tl, struct open_packet *p)
{
	give_steps(tl, p->pk.steps, p->cap_bits);
	p->lru.tqe_next = tl->free_packets;
	tl->free_packets = p;
}

void packets_drain(struct timeline *tl)
{
	struct open_packet *p;
	struct free_steps *f;

	while ((p = tl->free_packets)) {
		tl->free_packets = p->lru.tqe_next;
		free(p);
	}
	for (unsigned i = 0; i < CAP_BITS_END; i++) {
		while ((f = tl->free_steps[i])) {
			tl->free_steps[i] = f->next;
			free(f);
		}
	}
}

static struct packet_step *next_step(struct timeline *tl, struct open_packet *p)
{
	struct packet_step *more;

	if (tl->opts.quiet_steps) {
		p->pk.n_steps = p->pk.n_steps ? 2 : 1;
		return &p->pk.steps[p->pk.n_steps - 1];
	}
	if (p->pk.n_steps >> p->cap_bits) {
		if (p->cap_bits + 1 >= CAP_BITS_END)
			return NULL;
		more = take_steps(tl, p->cap_bits + 1u);
		if (!more)
			return NULL;
		memcpy(more, p->pk.steps, p->pk.n_steps * sizeof(*more));
		give_steps(tl, p->pk.steps, p->cap_bits);
		p->pk.steps = more;
		p->cap_bits++;
	}
	return &p->pk.steps[p->pk.n_steps++];
}

static uint32_t header_changes(const struct np_hdr *a, const struct np_hdr *b)
{
	uint32_t both = a->set & b->set, changes = 0;

	if (both & NP_HDR_ADDR && a->family == b->family) {
		changes |= memcmp(a->src, b->src, 16) ? STEP_SRC : 0;
		changes |= memcmp(a->dst, b->dst, 16) ? STEP_DST : 0;
	}
#define CHANGED(bit, field, step) \
	(both & (bit) && a->field != b->field ? (uint32_t)(step) : 0)
	changes |= CHANGED(NP_HDR_PORTS, sport, STEP_SPORT);
	changes |= CHANGED(NP_HDR_PORTS, dport, STEP_DPORT);
	changes |= CHANGED(NP_HDR_TTL, ttl, STEP_TTL);
	changes |= CHANGED(NP_HDR_TOS, tos, STEP_TOS);
	changes |= CHANGED(NP_HDR_LEN, len, STEP_LEN);
	changes |= CHANGED(NP_HDR_ID, id, STEP_ID);
	changes |= CHANGED(NP_HDR_SEQ, seq, STEP_SEQ);
#undef CHANGED
	return changes;
}

static bool changed_name(const char *a, const char *b)
{
	return a && b && a != b;
}

uint32_t steps_changes(const struct np_trace_event *a, const struct np_trace_event *b)
{
	uint32_t changes = changed_name(a->in, b->in) ? STEP_IN : 0;
	uint32_t ma = a->set & NP_TEV_MARK ? a->mark : 0, mb = b->set & NP_TEV_MARK ? b->mark : 0;

	changes |= changed_name(a->out, b->out) ? STEP_OUT : 0;
	changes |= changed_name(a->physin, b->physin) ? STEP_PHYSIN : 0;
	changes |= changed_name(a->physout, b->physout) ? STEP_PHYSOUT : 0;
	if (np_trace_twins(a, b))
		return changes | (a->hdr.ttl != b->hdr.ttl ? STEP_TTL : 0);
	changes |= header_changes(&a->hdr, &b->hdr);
	/* a mark of 0 is not printed, but neither is one that was cut off */
	changes |= ma != mb && !((a->set | b->set) & NP_TEV_CUT) ? STEP_MARK : 0;
	return changes;
}

/* A stamp of whole seconds tells nothing about steps that are microseconds apart. */
static bool fine_stamp(const struct np_trace_event *ev)
{
	return (ev->set & NP_TEV_WALL) && strpbrk(ev->stamp, ".,");
}

int64_t steps_offset(const struct np_trace_event *first, const struct np_trace_event *ev)
{
	if (first->set & ev->set & NP_TEV_UPTIME)
		return ev->uptime_us - first->uptime_us;
	if (fine_stamp(first) && fine_stamp(ev))
		return ev->wall_us - first->wall_us;
	return -1;
}

/* What happened between the two lines, beyond what the way itself told. */
static uint32_t before_of(const struct open_packet *p, const struct np_trace_event *prev,
	const struct np_trace_event *ev, const struct fit *fit, uint32_t changes)
{
	const uint32_t nat = WALKED(NP_HOOK_PREROUTING, TBL_NAT) | WALKED(NP_HOOK_INPUT, TBL_NAT) |
		WALKED(NP_HOOK_OUTPUT, TBL_NAT) | WALKED(NP_HOOK_POSTROUTING, TBL_NAT);
	uint32_t before = fit->before;

	if (fit->same_walk)
		return fit->chain.gap ? STEP_GAP : 0;
	if (changes & STEP_OUT && p->at.hook == NP_HOOK_OUTPUT && *prev->out && *ev->out &&
		!(before & STEP_WRAPPED))
		before |= STEP_REROUTED;
	if (changes & (STEP_SRC | STEP_DST | STEP_SPORT | STEP_DPORT) && !(p->walked & nat) &&
		!np_table_translates(prev->table) && !(before & (STEP_IPVS | STEP_LOOPED)))
		before |= STEP_UNNAT;
	return before;
}

static void move_on(struct timeline *tl, struct open_packet *p, const struct line *ln,
	const struct fit *fit, uint32_t step)
{
	const struct np_trace_event *ev = ln->ev;
	bool base = ln->at.hook != NP_HOOK_UNKNOWN;

	if (fit->same_walk) {
		if (fit->chain.gone && !tl->opts.quiet_steps)
			p->pk.steps[p->stack.f[fit->chain.keep + 1].step].before |= STEP_GOTO;
		chainstack_go(&p->stack, &fit->chain, ev->chain, ev->type, ev->number, step);
		return;
	}
	if (fit->new_pass) {
		p->walked = 0;
		p->in = NULL;
	}
	p->at = fit->at;
	if (p->at.order < 0) /* a table that may stand anywhere: the order goes on from before */
		p->at.order = 0;
	p->table = ev->table;
	p->walked |= WALKED(p->at.hook, p->at.table);
	chainstack_start(&p->stack, ev->chain, ev->type, ev->number, base, step);
}

int steps_add(struct timeline *tl, struct open_packet *p, const struct line *ln,
	const struct fit *fit)
{
	const struct np_trace_event *ev = ln->ev;
	bool first = !p->pk.n_steps;
	struct packet_step *s, *prev;
	uint32_t changes = 0, before = STEP_NEW_HOOK;

	if (!first) {
		prev = &p->pk.steps[p->pk.n_steps - 1];
		changes = steps_changes(&prev->ev, ev);
		if (fit->before & STEP_WRAPPED)
			changes &= STEP_OF_BOTH;
		before = before_of(p, &prev->ev, ev, fit, changes);
	}
	s = next_step(tl, p);
	if (!s)
		return -ENOMEM;
	np_trace_event_copy(&s->ev, ev);
	s->changes = changes;
	s->before = before;
	s->target = NULL;
	s->offset_us = steps_offset(&p->pk.steps[0].ev, ev);
	move_on(tl, p, ln, fit, p->pk.n_steps - 1);
	s->hook = (enum np_hook)p->at.hook;
	s->depth = (uint8_t)(p->stack.n - 1);
	if (ev->in && *ev->in)
		p->in = ev->in;
	if (!ln->partial || first)
		p->whole = p->pk.n_steps - 1;
	else if (p->whole == p->pk.n_steps - 1)
		p->whole--; /* quiet_steps: the last step was written over */
	p->pk.n_lines++;
	return 0;
}
