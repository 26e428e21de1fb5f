// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines that were read before: a log given twice, rotated files that overlap. A
 * host's clock goes forward, so only what is not newer than its latest line (or
 * comes from another file) is looked up; packets that were told are remembered
 * in a Bloom filter of their first and last lines.
 */
#include <stdlib.h>

#include "trace/timeline_impl.h"

#define BLOOM_BITS 25 /* 4 MiB: 10 million lines with one false answer in 400 */
#define BLOOM_PROBES 4

struct stamp replay_stamp(const struct np_trace_event *ev)
{
	return (struct stamp){ .wall = ev->wall_us, .uptime = ev->uptime_us,
		.has_wall = ev->set & NP_TEV_WALL, .has_uptime = ev->set & NP_TEV_UPTIME };
}

int64_t replay_elapsed(const struct stamp *a, const struct stamp *b)
{
	if (a->has_uptime && b->has_uptime)
		return b->uptime - a->uptime;
	return a->has_wall && b->has_wall ? b->wall - a->wall : 0;
}

static bool same_stamp(const struct stamp *a, const struct stamp *b)
{
	return a->has_wall == b->has_wall && a->has_uptime == b->has_uptime &&
		(!a->has_wall || a->wall == b->wall) &&
		(!a->has_uptime || a->uptime == b->uptime);
}

/* -1: a is older than b, 1: newer, 0: nothing tells. A reboot starts uptime again. */
static int compare(const struct stamp *a, const struct stamp *b)
{
	if (a->has_wall && b->has_wall && a->wall != b->wall)
		return a->wall < b->wall ? -1 : 1;
	if (a->has_uptime && b->has_uptime && a->uptime != b->uptime)
		return a->uptime < b->uptime ? -1 : 1;
	return 0;
}

/* Whether a clock tells lines apart that follow each other: not the seconds of a syslog. */
static bool fine(const struct stamp *s)
{
	return s->has_uptime || (s->has_wall && s->wall % 1000000);
}

#define SEAM_US 1000000 /* seconds of a syslog may be mixed */

/*
 * By both clocks, where both are there: a boot starts the one again, and the other may be set.
 * Without a name the lines may be two hosts'.
 */
static bool goes_back(const struct host *h, const struct stamp *last, const struct stamp *now)
{
	return *h->name && now->has_wall && last->has_wall && now->wall < last->wall - SEAM_US &&
		!(now->has_uptime && last->has_uptime && now->uptime >= last->uptime);
}

/* order: to the latest line, which the one before most often was. */
static void count_order(struct line *ln, int order)
{
	struct host *h = ln->host;
	const struct stamp *last = h->behind ? &h->last : &h->latest;
	int step = h->behind ? compare(&ln->when, last) : order;

	h->n_forth += step > 0;
	if (step < 0) {
		h->n_back++;
		h->older |= h->file == ln->ev->file && goes_back(h, last, &ln->when);
	}
	h->behind = order < 0;
	if (h->behind)
		h->last = ln->when;
}

bool replay_reversed(const struct host *h)
{
	return h->n_back > 1 && h->n_back > h->n_forth;
}

void replay_line(struct line *ln)
{
	struct host *h = ln->host;
	int order;

	ln->when = replay_stamp(ln->ev);
	order = compare(&ln->when, &h->latest);
	count_order(ln, order);
	if (h->file != ln->ev->file) {
		h->replay = h->file != NULL;
		h->file = ln->ev->file;
	}
	if (order < 0)
		h->replay = true;
	else if (order > 0)
		h->replay = h->older = false;
	/* the very moment of the line before: printk's own clock, or the line once more */
	ln->again = h->replay || (!order && fine(&ln->when));
	if (order >= 0)
		h->latest = ln->when;
}

static bool same_line(const struct np_trace_event *a, const struct line *ln)
{
	const struct np_trace_event *b = ln->ev;
	struct stamp when;

	if (a->number != b->number || a->chain != b->chain || a->type != b->type ||
		a->table != b->table)
		return false;
	when = replay_stamp(a);
	return same_stamp(&when, &ln->when);
}

bool replay_same_step(const struct open_packet *p, const struct line *ln)
{
	uint32_t i = p->pk.n_steps - 1;

	/* a logger that writes each line twice; no rule matches one packet twice in a row */
	if (same_line(&p->pk.steps[i].ev, ln) &&
		(fine(&ln->when) || ln->host->replay || ln->ev->hdr.id))
		return true;
	if (!ln->host->replay)
		return false;
	while (i--)
		if (same_line(&p->pk.steps[i].ev, ln))
			return true;
	return false;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static uint64_t fingerprint(const struct open_packet *p, const struct np_trace_event *ev)
{
	uint64_t h = mix((uintptr_t)ev->host, match_key(&ev->hdr));

	h = mix(h, ev->set & NP_TEV_WALL ? (uint64_t)ev->wall_us : 1);
	h = mix(h, ev->set & NP_TEV_UPTIME ? (uint64_t)ev->uptime_us : 1);
	h = mix(h, (uintptr_t)ev->chain ^ (uintptr_t)ev->table << 1);
	h = mix(h, (uint64_t)ev->number << 8 | (uint64_t)ev->type << 4);
	return mix(h, (uintptr_t)p->in);
}

static uint64_t first_print(const struct open_packet *p)
{
	return fingerprint(p, &p->pk.steps[0].ev);
}

static uint64_t last_print(const struct open_packet *p)
{
	return mix(fingerprint(p, &p->pk.steps[p->pk.n_steps - 1].ev), 1);
}

/* All probes are in one block, a line of the cache: one miss, not four. */
static struct bloom_block *block_of(struct bloom_block *blocks, uint64_t h)
{
	return &blocks[h >> (64 - BLOOM_BITS + 9)];
}

void replay_fetch(const struct timeline *tl, const struct open_packet *p)
{
	if (!tl->bloom)
		return;
	__builtin_prefetch(block_of(tl->bloom, first_print(p)), 1);
	__builtin_prefetch(block_of(tl->bloom, last_print(p)), 1);
}

static bool bloom(struct bloom_block *blocks, uint64_t h)
{
	uint64_t *words = block_of(blocks, h)->words;
	bool known = true;

	for (int i = 0; i < BLOOM_PROBES; i++, h >>= 9) {
		uint64_t bit = UINT64_C(1) << (h & 63);

		known &= (words[h >> 6 & 7] & bit) != 0;
		words[h >> 6 & 7] |= bit;
	}
	return known;
}

bool replay_known(struct timeline *tl, const struct open_packet *p)
{
	bool first, last;

	if (!tl->bloom) {
		/* calloc's own alignment is not a block's */
		tl->bloom_mem = calloc((1u << (BLOOM_BITS - 9)) + 1, sizeof(*tl->bloom));
		if (!tl->bloom_mem)
			return false; /* told twice rather than not at all */
		tl->bloom = (void *)(((uintptr_t)tl->bloom_mem + sizeof(*tl->bloom) - 1) &
			~(uintptr_t)(sizeof(*tl->bloom) - 1));
	}
	first = bloom(tl->bloom, first_print(p));
	last = bloom(tl->bloom, last_print(p));
	return p->replay && (first || last);
}
