// SPDX-License-Identifier: GPL-2.0-or-later
/* Fragments that are traced as such, as where no conntrack puts them together before that. */
#include <string.h>
#include <sys/socket.h>

#include "trace/gather_impl.h"

bool gather_is_fragment(const struct np_hdr *h)
{
	return h->family == AF_INET && (h->frag_off || h->ip_flags & NP_IPF_MF);
}

/* ip_find(): what the kernel itself knows them by. */
static bool is_part(const struct flight *f, const struct np_hdr *whole)
{
	const struct np_hdr *h = &f->now.hdr;

	return f->hook == NP_HOOK_PREROUTING && f->hook_ended && gather_is_fragment(h) &&
		h->family == whole->family && h->id == whole->id && h->proto == whole->proto &&
		!memcmp(h->src, whole->src, 16) && !memcmp(h->dst, whole->dst, 16);
}

/* The first one has the ports; it may have come last. */
struct flight *gather_join(struct gather *g, const struct gather_event *e)
{
	struct flight *f, *next, *whole = NULL;
	bool ours = false;

	if (!g->fragments || e->hook != NP_HOOK_INPUT || !e->has_packet ||
		gather_is_fragment(&e->ev.hdr))
		return NULL;
	for (f = TAILQ_FIRST(&g->flights); f; f = next) {
		struct flight *other = f;

		next = TAILQ_NEXT(f, fifo);
		if (!is_part(f, &e->ev.hdr))
			continue;
		ours |= f->ours;
		if (!whole || f->now.hdr.frag_off < whole->now.hdr.frag_off) {
			other = whole;
			whole = f;
		}
		if (other)
			gather_forget(g, other);
	}
	if (whole)
		whole->ours = ours;
	return whole;
}
