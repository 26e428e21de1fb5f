// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/timeline.h"

#include <errno.h>
#include <stdlib.h>

#include "trace/timeline_impl.h"

/*
 * Packets wait for the lines after them to tell more (which tables there are,
 * an ICMP error that quotes them), and are told in the order of their first
 * lines. These two bound the memory.
 */
#define WINDOW_PACKETS 4096
#define WINDOW_BYTES (8u << 20)

#define HOSTS_MAX 256   /* more names share what the last has learned, not its packets */

static void rules_init(struct timeline *tl)
{
	static const uint8_t families[2] = { AF_INET, AF_INET6 };
	const struct ruleset *rules = tl->opts.rules;

	for (int f = 0; rules && f < 2; f++) {
		tl->has_rules[f] = ruleset_has_family(rules, families[f]);
		for (int t = 0; t < TBL_OTHER; t++)
			if (ruleset_has_table(rules, families[f], tl->map.tables[t]))
				tl->ruled[f] |= (uint8_t)TBL_BIT(t);
	}
}

struct timeline *timeline_new(const struct timeline_opts *opts, timeline_done_fn done, void *arg)
{
	struct timeline *tl = calloc(1, sizeof(*tl));

	if (!tl)
		return NULL;
	tl->opts = *opts;
	tl->done = done;
	tl->arg = arg;
	TAILQ_INIT(&tl->window);
	TAILQ_INIT(&tl->lru);
	if (walk_init(&tl->map, opts->intern)) {
		free(tl);
		return NULL;
	}
	rules_init(tl);
	return tl;
}

static void forget(struct timeline *tl, struct open_packet *p)
{
	TAILQ_REMOVE(&tl->window, p, fifo);
	TAILQ_REMOVE(&tl->lru, p, lru);
	LIST_REMOVE(p, bucket);
	tl->n_open--;
	tl->n_partial -= p->partial;
	packets_free(tl, p);
}

void timeline_free(struct timeline *tl)
{
	struct open_packet *p;

	if (!tl)
		return;
	while ((p = TAILQ_FIRST(&tl->window)))
		forget(tl, p);
	packets_drain(tl);
	for (unsigned i = 0; i < tl->n_hosts; i++)
		free(tl->hosts[i]);
	free(tl->hosts);
	free(tl->learned);
	free(tl->bloom_mem);
	free(tl);
}

static struct host *host_of(struct timeline *tl, const char *name)
{
	struct host **more, *h;

	if (tl->last_host && tl->last_host->name == name)
		return tl->last_host;
	for (unsigned i = 0; i < tl->n_hosts; i++)
		if (tl->hosts[i]->name == name || i == HOSTS_MAX - 1)
			return tl->last_host = tl->hosts[i];
	more = reallocarray(tl->hosts, tl->n_hosts + 1, sizeof(struct host *));
	if (!more)
		return NULL;
	tl->hosts = more;
	h = calloc(1, sizeof(*h));
	if (!h)
		return NULL;
	h->name = name;
	tl->hosts[tl->n_hosts++] = h;
	return tl->last_host = h;
}

#define CACHE_LINE 64

static void fetch(const void *at, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += CACHE_LINE)
		__builtin_prefetch((const char *)at + i);
}

/*
 * The window is larger than a cache, and which packets are next is known: to wait for the
 * memory of each would cost more than to tell it.
 */
static void fetch_next(struct timeline *tl, const struct open_packet *p)
{
	p = TAILQ_NEXT(p, fifo);
	if (!p)
		return;
	replay_fetch(tl, p);
	/* each of these was fetched by the one before */
	p = TAILQ_NEXT(p, fifo);
	if (!p)
		return;
	fetch(&p->pk.steps[0], sizeof(p->pk.steps[0]));
	fetch(&p->pk.steps[p->pk.n_steps - 1], sizeof(p->pk.steps[0]));
	p = TAILQ_NEXT(p, fifo);
	if (p)
		fetch(p, sizeof(*p));
}

/* The oldest packet is told and forgotten. */
static int tell_first(struct timeline *tl)
{
	struct open_packet *p = TAILQ_FIRST(&tl->window);
	int ret = 0;

	fetch_next(tl, p);
	if (replay_known(tl, p)) {
		tl->stats.duplicates += p->pk.n_lines;
	} else if (cut_settle(tl, p)) {
		finish_packet(tl, p);
		if (p->older && !tl->stats.older)
			tl->stats.older = p->host->name;
		ret = tl->done(&p->pk, tl->arg);
	}
	forget(tl, p);
	return ret;
}

static int make_room(struct timeline *tl)
{
	int ret = 0;

	while (!ret && tl->n_open > 1 &&
		(tl->n_open >= WINDOW_PACKETS || tl->step_bytes >= WINDOW_BYTES))
		ret = tell_first(tl);
	return ret;
}

static void file_packet(struct timeline *tl, struct open_packet *p, const struct line *ln)
{
	p->key = ln->key;
	if (p->partial != ln->partial) {
		tl->n_partial += ln->partial;
		tl->n_partial -= p->partial;
		p->partial = ln->partial;
	}
	LIST_INSERT_HEAD(&tl->buckets[p->key % BUCKETS], p, bucket);
}

static int begin(struct timeline *tl, const struct line *ln, struct fit *fit)
{
	struct open_packet *p;
	int ret = make_room(tl);

	if (ret)
		return ret;
	p = packets_new(tl);
	if (!p)
		return -ENOMEM;
	p->host = ln->host;
	p->replay = ln->again;
	p->older = ln->host->older;
	p->cut = ln->partial;
	p->tick = tl->tick;
	*fit = (struct fit){ .at = fit->at, .before = STEP_NEW_HOOK };
	TAILQ_INSERT_TAIL(&tl->window, p, fifo);
	TAILQ_INSERT_HEAD(&tl->lru, p, lru);
	tl->n_open++;
	file_packet(tl, p, ln);
	ret = steps_add(tl, p, ln, fit);
	if (ret) {
		forget(tl, p);
		return ret;
	}
	journey_find(tl, p, ln);
	evidence_from(tl, p);
	return 0;
}

static int go_on(struct timeline *tl, struct open_packet *p, const struct line *ln,
	const struct fit *fit)
{
	const struct np_hdr *h = &packet_last(&p->pk)->hdr;
	bool whole = h->ip_flags & NP_IPF_MF && !(ln->ev->hdr.ip_flags & NP_IPF_MF) &&
		!ln->partial;
	int ret;

	p->tick = tl->tick;
	if (fit->duplicate) {
		tl->stats.duplicates++;
		return 0;
	}
	if (tl->opts.quiet_steps && ln->partial && cut_useless(p, ln)) {
		tl->stats.cut++;
		return 0;
	}
	p->cut |= ln->partial;
	learn_next(tl, p, fit->same_walk);
	if (fit->before & STEP_LOOPED)
		p->host->loops = true;
	if (tl->opts.quiet_steps && p->partial && !ln->partial) {
		tl->stats.cut += p->pk.n_lines;
		p->pk.n_lines = p->pk.n_steps = 0;
	}
	ret = steps_add(tl, p, ln, fit);
	if (ret)
		return ret;
	if (whole)
		evidence_whole(tl, p);
	if (p != TAILQ_FIRST(&tl->lru)) {
		TAILQ_REMOVE(&tl->lru, p, lru);
		TAILQ_INSERT_HEAD(&tl->lru, p, lru);
	}
	/* a cut line tells no new key; a packet known by one alone is filed when a whole comes */
	if (!ln->partial &&
		(p->key != ln->key || p != LIST_FIRST(&tl->buckets[p->key % BUCKETS]))) {
		LIST_REMOVE(p, bucket);
		file_packet(tl, p, ln);
	}
	return 0;
}

/* The key, which is the same for all twins of an event. */
static uint64_t key_of(struct timeline *tl, const struct np_trace_event *ev)
{
	struct known_key *k = &tl->keys[ev->twin % KNOWN_KEYS];

	if (!ev->twin || k->twin != ev->twin) {
		*k = (struct known_key){ .twin = ev->twin, .key = match_key(&ev->hdr) };
		__builtin_prefetch(&tl->buckets[k->key % BUCKETS]);
	}
	return k->key;
}

int timeline_add(struct timeline *tl, const struct np_trace_event *ev)
{
	struct line ln = { .ev = ev, .partial = ev->set & NP_TEV_CUT };
	struct open_packet *p;
	struct fit fit;

	if (tl->opts.rules && ruleset_imitates(tl->opts.rules, ev)) {
		tl->stats.imitations++;
		return 0;
	}
	ln.host = host_of(tl, ev->host);
	if (!ln.host)
		return -ENOMEM;
	ln.at = walk_place(&tl->map, ev);
	ln.key = key_of(tl, ev);
	replay_line(&ln);
	cut_count(&ln);
	if (ln.at.table != TBL_OTHER)
		ln.host->seen[tl_family(ev->hdr.family)] |= (uint8_t)TBL_BIT(ln.at.table);
	p = match_line(tl, &ln, &fit);
	return p ? go_on(tl, p, &ln, &fit) : begin(tl, &ln, &fit);
}

void timeline_note(struct timeline *tl, const struct timeline_note *note)
{
	evidence_note(tl, note);
}

int timeline_expire(struct timeline *tl, int64_t now_us)
{
	struct open_packet *p;
	int ret = 0;

	tl->tick = now_us > 0 ? (uint64_t)now_us : 0;
	while (!ret && (p = TAILQ_FIRST(&tl->window)) && p->tick + LIVE_QUIET_US <= tl->tick)
		ret = tell_first(tl);
	return ret;
}

int timeline_flush(struct timeline *tl)
{
	int ret = 0;

	while (!ret && !TAILQ_EMPTY(&tl->window))
		ret = tell_first(tl);
	return ret;
}

void timeline_get_stats(const struct timeline *tl, struct timeline_stats *stats)
{
	*stats = tl->stats;
	for (unsigned i = 0; i < tl->n_hosts && !stats->reversed; i++)
		if (replay_reversed(tl->hosts[i]))
			stats->reversed = tl->hosts[i]->name;
	if (stats->reversed)
		stats->older = NULL;
}
