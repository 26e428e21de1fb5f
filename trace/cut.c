// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines that end before the kernel's own end. In a log that is whole they are
 * damage (a crash, a full disk): what they still say may be torn too, and the
 * packet is told by its whole lines alone. In a copy of a log (a terminal, a
 * wiki) lines are cut at one width, or the last one where the copy ends: these
 * are read.
 */
#include "trace/timeline_impl.h"

#define WIDTH_VOTES 3

void cut_count(const struct line *ln)
{
	struct host *h = ln->host;

	h->last_line = ln->ev->line;
	if (!ln->partial) {
		h->n_whole++;
		return;
	}
	h->n_cut++;
	if (h->cut_width == ln->ev->line_len) {
		h->cut_votes++;
	} else if (--h->cut_votes < 0) {
		h->cut_width = ln->ev->line_len;
		h->cut_votes = 1;
	}
}

/* Most of the cut lines end at the same column: someone copied them. */
static bool at_width(const struct host *h, const struct np_trace_event *ev)
{
	return h->cut_votes >= WIDTH_VOTES && (uint64_t)h->cut_votes * 2 > h->n_cut &&
		ev->line_len == h->cut_width;
}

bool cut_useless(const struct open_packet *p, const struct line *ln)
{
	return !p->partial && !at_width(p->host, ln->ev);
}

static bool counts(const struct open_packet *p, const struct np_trace_event *ev, bool any_whole)
{
	const struct host *h = p->host;

	if (!(ev->set & NP_TEV_CUT) || at_width(h, ev))
		return true;
	if (ev->line == h->last_line && ev->file == h->file)
		return true; /* where the log ends */
	return !any_whole && h->n_cut > h->n_whole;
}

/* What had happened before a step that is taken out happened before the next one. */
static void inherit(struct packet_step *s, const struct packet_step *gone)
{
	s->before |= STEP_GAP;
	if (s->hook == gone->hook)
		s->before |= gone->before & ~(uint32_t)STEP_GOTO;
}

static void relink(struct packet *pk)
{
	for (uint32_t i = 0; i < pk->n_steps; i++) {
		struct packet_step *s = &pk->steps[i];

		s->changes = i ? steps_changes(&s[-1].ev, &s->ev) : 0;
		s->offset_us = steps_offset(&pk->steps[0].ev, &s->ev);
	}
	pk->steps[0].before = STEP_NEW_HOOK;
}

static void stands_at(struct timeline *tl, struct open_packet *p)
{
	const struct packet_step *last = &p->pk.steps[p->pk.n_steps - 1];

	p->at = walk_place(&tl->map, &last->ev);
	p->at.hook = (uint8_t)last->hook;
	p->at.order = tl->map.order[last->hook][p->at.table];
	if (p->at.order < 0)
		p->at.order = 0;
}

bool cut_settle(struct timeline *tl, struct open_packet *p)
{
	struct packet *pk = &p->pk;
	uint32_t kept = 0, n = pk->n_steps;
	bool whole = !p->partial;

	if (!p->cut)
		return true;
	for (uint32_t i = 0; i < n; i++) {
		if (counts(p, &pk->steps[i].ev, whole)) {
			pk->steps[kept++] = pk->steps[i];
			continue;
		}
		if (i + 1 < n)
			inherit(&pk->steps[i + 1], &pk->steps[i]);
	}
	if (kept == n)
		return true;
	tl->stats.cut += tl->opts.quiet_steps && !kept ? pk->n_lines : n - kept;
	if (!kept)
		return false;
	pk->n_steps = kept;
	pk->n_lines -= n - kept;
	relink(pk);
	stands_at(tl, p);
	return true;
}
