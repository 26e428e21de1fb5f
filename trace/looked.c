// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/looked.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "trace/explain.h"

#define KEPT 4096
#define DIFFERENT 8
#define ANY (-1)
#define LO 1 /* LOOPBACK_IFINDEX: where what is made here comes from (net/flow.h) */

struct looked {
	struct np_links *links;
	struct packet_lookups found;
	uint64_t n; /* ever: the last KEPT of them are there */
	struct {
		struct np_lookup l;
		int64_t wall_us;
	} kept[KEPT];
};

/* What is searched for. */
struct wanted {
	uint8_t family, proto;
	int iif; /* ANY; 0: made here */
	const uint8_t *src, *dst;
	uint16_t sport, dport; /* 0: not known */
	bool no_src; /* a socket may have had none yet */
	int64_t from_us, to_us;
};

struct looked *looked_new(struct np_links *links)
{
	struct looked *k = calloc(1, sizeof(*k));

	if (k)
		k->links = links;
	return k;
}

void looked_free(struct looked *k)
{
	free(k);
}

void looked_add(struct looked *k, const struct np_lookup *l, int64_t wall_us)
{
	k->kept[k->n % KEPT].l = *l;
	k->kept[k->n % KEPT].wall_us = wall_us;
	k->n++;
}

const struct packet_looked *looked_before(const struct packet_lookups *x, uint32_t step, bool back)
{
	for (unsigned i = 0; x && i < x->n; i++)
		if (x->at[i].step == step && x->at[i].back == back)
			return &x->at[i];
	return NULL;
}

static bool fits(const struct np_lookup *l, const struct wanted *w)
{
	static const uint8_t none[16];

	if (l->family != w->family || memcmp(l->dst, w->dst, 16) != 0)
		return false;
	if (memcmp(l->src, w->src, 16) != 0 && !(w->no_src && !memcmp(l->src, none, 16)))
		return false;
	if (w->iif > 0 ? l->iif != w->iif : !w->iif && l->iif > LO)
		return false;
	/* ports are there only where a rule asks for them, or a socket had them */
	return !l->proto || l->proto != w->proto ||
		((!l->sport || !w->sport || l->sport == w->sport) &&
			(!l->dport || !w->dport || l->dport == w->dport));
}

/* A route, or a refusal; else the next rule is asked. IPv6 so tells of a table without one, too. */
static bool decides(const struct np_lookup *l)
{
	return !l->error || l->error == EINVAL || l->error == EACCES ||
		(l->family == AF_INET && l->error == EHOSTUNREACH);
}

static const char *says(const struct np_lookup *l)
{
	switch (l->error) {
	case 0:
		return NULL;
	case EINVAL:
		return "blackhole";
	case EACCES:
		return "prohibit";
	case EHOSTUNREACH:
		return l->family == AF_INET ? "unreachable" : "no route";
	default:
		return "no route";
	}
}

static void put(struct packet_looked *d, const struct np_lookup *l)
{
	struct packet_table *t;

	if (d->n == LOOKED_TABLES)
		memmove(d->tables, d->tables + 1, (--d->n) * sizeof(*d->tables));
	t = &d->tables[d->n++];
	*t = (struct packet_table){ .id = l->table, .says = says(l) };
	if (!l->error)
		memcpy(t->dev, l->dev, sizeof(t->dev));
}

static bool same(const struct packet_looked *a, const struct packet_looked *b)
{
	if (a->n != b->n)
		return false;
	for (unsigned i = 0; i < a->n; i++)
		if (a->tables[i].id != b->tables[i].id || a->tables[i].says != b->tables[i].says ||
			strcmp(a->tables[i].dev, b->tables[i].dev) != 0)
			return false;
	return true;
}

/* Decisions that fit and differ. */
struct found {
	struct packet_looked d[DIFFERENT];
	unsigned n;
};

/* A decision is whole. */
static void finish(struct packet_looked *now, struct found *f)
{
	bool known = !now->n;

	for (unsigned i = 0; i < f->n && !known; i++)
		known = same(&f->d[i], now);
	if (!known && f->n < DIFFERENT)
		f->d[f->n++] = *now;
	now->n = 0;
}

static void search(const struct looked *k, const struct wanted *w, struct found *f)
{
	uint64_t i = k->n > KEPT ? k->n - KEPT : 0;
	struct packet_looked now = { .n = 0 };

	f->n = 0;
	for (; i < k->n; i++) {
		const struct np_lookup *l = &k->kept[i % KEPT].l;
		int64_t at = k->kept[i % KEPT].wall_us;

		if (at < w->from_us || at > w->to_us || !fits(l, w))
			continue;
		/* the tables begin anew: the one before ended without a route */
		if (now.n && now.tables[0].id == l->table)
			finish(&now, f);
		put(&now, l);
		if (decides(l))
			finish(&now, f);
	}
	finish(&now, f);
}

static const char *dev_of(const struct packet_looked *d)
{
	return d->tables[d->n - 1].dev;
}

/* Only those by a dev stay; NULL: by any of this namespace, or by none. */
static void keep(const struct looked *k, struct found *f, const char *dev)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->n; i++) {
		const char *by = dev_of(&f->d[i]);

		if (dev ? !strcmp(by, dev) : !*by || np_links_index(k->links, by))
			f->d[n++] = f->d[i];
	}
	f->n = n;
}

/* out: where the packet was seen to leave, NULL: it was not. */
static void add(struct looked *k, const struct wanted *w, uint32_t step, bool back,
	const char *out)
{
	struct packet_looked *d = &k->found.at[k->found.n];
	struct found f;

	if (k->found.n == LOOKED_MAX)
		return;
	search(k, w, &f);
	keep(k, &f, NULL);
	if (f.n > 1 && out)
		keep(k, &f, out);
	if (f.n != 1)
		return;
	*d = f.d[0];
	d->step = step;
	d->back = back;
	/* of several nexthops the event has the first, the packet took its own */
	if (out && strcmp(out, dev_of(d)) != 0)
		d->tables[d->n - 1].dev[0] = '\0';
	k->found.n++;
}

static struct wanted wanted_of(const struct looked *k, const struct packet *p,
	enum explain_way way, const char *in, const struct np_hdr *h)
{
	bool ports = h->set & NP_HDR_PORTS;
	struct wanted w = { .family = h->family, .proto = h->proto, .src = h->src,
		.dst = h->dst, .no_src = way != WAY_IN };

	w.sport = ports ? h->sport : 0;
	w.dport = ports ? h->dport : 0;
	if (way == WAY_IN && in && *in)
		w.iif = (int)np_links_index(k->links, in);
	w.from_us = packet_first(p)->wall_us - LIVE_QUIET_US;
	w.to_us = packet_last(p)->wall_us + LIVE_QUIET_US;
	return w;
}

/* The source's own turn (__fib_validate_source(), net/ipv4/fib_frontend.c). */
static struct wanted turned(struct wanted w)
{
	const uint8_t *src = w.src;
	uint16_t sport = w.sport;

	w.src = w.dst;
	w.dst = src;
	w.sport = w.dport;
	w.dport = sport;
	w.iif = ANY; /* lo, or where the packet was to leave */
	w.no_src = false;
	return w;
}

const struct packet_lookups *looked_of(struct looked *k, const struct packet *p)
{
	enum explain_way way = explain_way_lost(p);
	struct wanted w;
	struct np_hdr h;

	k->found.n = 0;
	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct packet_step *st = &p->steps[i];
		enum explain_way before = explain_way_before(p, i);

		if (before == WAY_NONE)
			continue;
		w = wanted_of(k, p, before, st->ev.in, &st->ev.hdr);
		add(k, &w, i, false, st->ev.out && *st->ev.out ? st->ev.out : NULL);
	}
	if (way != WAY_NONE && packet_lost_hdr(p, &h)) {
		w = wanted_of(k, p, way, packet_last(p)->in, &h);
		add(k, &w, p->n_steps, false, NULL);
		w = turned(w);
		if (way == WAY_IN)
			add(k, &w, p->n_steps, true, NULL);
	}
	return k->found.n ? &k->found : NULL;
}
