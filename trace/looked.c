// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/looked.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "trace/explain.h"

#define KEPT 16384
#define DIFFERENT 8
#define LO 1            /* LOOPBACK_IFINDEX: where what is made here comes from (net/flow.h) */
/* Of the packets' events the time is known at which they were read, on a busy host late. */
#define EARLIER_US 2000000
#define LATER_US 500000

struct kept {
	struct np_lookup l;
	int64_t wall_us;
	bool hole; /* some are missing before it */
};

struct looked {
	struct np_links *links;
	struct packet_lookups found;
	uint64_t n; /* ever: the last KEPT of them are there */
	bool lost;
	struct kept kept[KEPT];
};

/* What is searched for. */
struct wanted {
	uint8_t family, proto;
	int iif, or_iif;
	const uint8_t *src, *dst;
	uint16_t sport, dport; /* 0: not known */
	bool no_src; /* a socket may have had none yet */
	bool socket; /* it was one that asked: by its protocol */
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
	k->kept[k->n % KEPT] = (struct kept){ .l = *l, .wall_us = wall_us, .hole = k->lost };
	k->lost = false;
	k->n++;
}

void looked_lost(struct looked *k)
{
	k->lost = true;
}

const struct packet_looked *looked_before(const struct packet_lookups *x, uint32_t step,
	bool way_back)
{
	for (unsigned i = 0; x && i < x->n; i++)
		if (x->at[i].step == step && x->at[i].way_back == way_back)
			return &x->at[i];
	return NULL;
}

/* ---- which fit ---- */

/* The header behind IPv6's own is what ip6_route_input() looks up by. */
static bool is_extension(const struct np_lookup *l)
{
	return l->family == AF_INET6 && (l->proto == IPPROTO_ROUTING ||
		l->proto == IPPROTO_FRAGMENT || l->proto == IPPROTO_DSTOPTS);
}

static bool fits(const struct np_lookup *l, const struct wanted *w)
{
	static const uint8_t none[16];

	if (l->family != w->family || memcmp(l->dst, w->dst, 16) != 0)
		return false;
	if (memcmp(l->src, w->src, 16) != 0 && !(w->no_src && !memcmp(l->src, none, 16)))
		return false;
	/* inet_addr_type() asks as nobody: iif 0 */
	if (!l->iif || (l->iif != w->iif && l->iif != w->or_iif))
		return false;
	if (!l->proto || is_extension(l))
		return !w->socket;
	/* they are there only where a rule asks for them, or a socket had them */
	return l->proto == w->proto && (!l->sport || !w->sport || l->sport == w->sport) &&
		(!l->dport || !w->dport || l->dport == w->dport);
}

/* A route, or a refusal; else the next rule is asked. */
static bool decides(const struct np_lookup *l)
{
	return !l->error || l->error == EINVAL || l->error == EACCES ||
		(l->family == AF_INET && l->error == EHOSTUNREACH);
}

/* Each is one pointer: by that they are compared. */
static const char suppressed[] = "suppressed", no_route[] = "no route";

static const char *result_of(const struct np_lookup *l)
{
	switch (l->error) {
	case 0:
		return NULL;
	case EINVAL:
		return "blackhole";
	case EACCES:
		return "prohibit";
	case EHOSTUNREACH: /* IPv6 says so of a table without a route, too */
		return l->family == AF_INET ? "unreachable" : no_route;
	default:
		return no_route;
	}
}

/* ---- decisions ---- */

/* Those that fit and differ. */
struct found {
	struct packet_looked d[DIFFERENT];
	unsigned n;
};

static void put(struct packet_looked *d, const struct np_lookup *l)
{
	struct packet_table *t;

	/* another was asked all the same: suppress_prefixlength did not want the route */
	if (d->n && !d->tables[d->n - 1].result)
		d->tables[d->n - 1].result = suppressed;
	if (d->n == LOOKED_TABLES)
		memmove(d->tables, d->tables + 1, (--d->n) * sizeof(*d->tables));
	t = &d->tables[d->n++];
	*t = (struct packet_table){ .id = l->table, .result = result_of(l) };
	if (!l->error)
		memcpy(t->dev, l->dev, sizeof(t->dev));
}

static bool same(const struct packet_looked *a, const struct packet_looked *b)
{
	if (a->n != b->n)
		return false;
	for (unsigned i = 0; i < a->n; i++)
		if (a->tables[i].id != b->tables[i].id ||
			a->tables[i].result != b->tables[i].result ||
			strcmp(a->tables[i].dev, b->tables[i].dev) != 0)
			return false;
	return true;
}

static void found_one(const struct packet_looked *d, struct found *f)
{
	for (unsigned i = 0; i < f->n; i++)
		if (same(&f->d[i], d))
			return;
	if (f->n < DIFFERENT)
		f->d[f->n++] = *d;
}

static const struct packet_table *last_of(const struct packet_looked *d)
{
	return &d->tables[d->n - 1];
}

static uint64_t oldest(const struct looked *k)
{
	return k->n > KEPT ? k->n - KEPT : 0;
}

static bool is_then(const struct kept *one, const struct wanted *w)
{
	return one->wall_us >= w->from_us && one->wall_us <= w->to_us;
}

/* The next CPU that something fits on, or UINT_MAX. */
static unsigned next_cpu(const struct looked *k, const struct wanted *w, unsigned from)
{
	unsigned next = UINT_MAX;

	for (uint64_t i = oldest(k); i < k->n; i++) {
		const struct kept *one = &k->kept[i % KEPT];

		if (one->l.cpu >= from && one->l.cpu < next && is_then(one, w) && fits(&one->l, w))
			next = one->l.cpu;
	}
	return next;
}

/*
 * What decides may be the end, or the next is asked all the same; or that one is another
 * namespace's, the next host's: both are found.
 */
static void search_cpu(const struct looked *k, const struct wanted *w, unsigned cpu,
	struct found *f)
{
	struct packet_looked now = { .n = 0 };
	bool decided = true;
	uint32_t first = 0;

	for (uint64_t i = oldest(k); i < k->n; i++) {
		const struct kept *one = &k->kept[i % KEPT];

		if (one->l.cpu != cpu || !is_then(one, w) || !fits(&one->l, w))
			continue;
		if (now.n && first == one->l.table) { /* the tables begin anew */
			if (!decided)
				found_one(&now, f);
			now.n = 0;
		}
		if (!now.n)
			first = one->l.table;
		put(&now, &one->l);
		decided = decides(&one->l);
		if (decided)
			found_one(&now, f);
	}
	if (!decided)
		found_one(&now, f);
}

static bool all_there(const struct looked *k, const struct wanted *w)
{
	uint64_t i = oldest(k);

	if (i && k->kept[i % KEPT].wall_us >= w->from_us)
		return false;
	for (; i < k->n; i++)
		if (k->kept[i % KEPT].hole && is_then(&k->kept[i % KEPT], w))
			return false;
	return true;
}

/* A CPU makes one decision after the other, several make theirs at a time. */
static void search(const struct looked *k, const struct wanted *w, struct found *f)
{
	unsigned cpu;

	f->n = 0;
	for (cpu = next_cpu(k, w, 0); cpu != UINT_MAX; cpu = next_cpu(k, w, cpu + 1))
		search_cpu(k, w, cpu, f);
}

/* What this namespace cannot have decided goes; with routed, what has no route. */
static void keep_possible(const struct looked *k, struct found *f, bool routed)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->n; i++) {
		const struct packet_table *t = last_of(&f->d[i]);

		if ((t->result && routed) || (*t->dev && !np_links_index(k->links, t->dev)))
			continue;
		f->d[n++] = f->d[i];
	}
	f->n = n;
}

static bool has_suppressed(const struct packet_looked *d)
{
	for (unsigned i = 0; i < d->n; i++)
		if (d->tables[i].result == suppressed)
			return true;
	return false;
}

/* Copies those by a dev (NULL: by any), plain: without those that go on behind a route. */
static unsigned keep(const struct found *f, const char *dev, bool plain, struct found *kept)
{
	kept->n = 0;
	for (unsigned i = 0; i < f->n; i++)
		if ((!dev || !strcmp(last_of(&f->d[i])->dev, dev)) &&
			(!plain || !has_suppressed(&f->d[i])))
			kept->d[kept->n++] = f->d[i];
	return kept->n;
}

/* Those by where the packet left; or by several nexthops, of which the event has the first. */
static void keep_by(struct found *f, const char *out)
{
	const struct found all = *f;

	if (!keep(&all, out, true, f) && !keep(&all, out, false, f))
		keep(&all, NULL, true, f);
}

/* The one that all that fits tells of, NULL: none, or several. */
static struct packet_looked *add(struct looked *k, const struct wanted *w, uint32_t step,
	const char *out, bool routed)
{
	struct packet_looked *d = &k->found.at[k->found.n];
	struct found f;

	if (k->found.n == LOOKED_MAX || !all_there(k, w))
		return NULL;
	search(k, w, &f);
	keep_possible(k, &f, routed);
	if (f.n > 1 && out)
		keep_by(&f, out);
	if (f.n != 1)
		return NULL;
	*d = f.d[0];
	d->step = step;
	d->way_back = false;
	k->found.n++;
	return d;
}

/* ---- packets ---- */

/* False: it cannot be known by what interface it came. */
static bool want(const struct looked *k, const struct packet *p, enum explain_way way,
	const char *in, const struct np_hdr *h, struct wanted *w)
{
	bool ports = h->set & NP_HDR_PORTS;

	*w = (struct wanted){ .family = h->family, .proto = h->proto, .iif = LO, .or_iif = LO,
		.src = h->src, .dst = h->dst, .no_src = way != WAY_IN, .socket = way == WAY_OUT,
		.from_us = packet_first(p)->wall_us - EARLIER_US,
		.to_us = packet_last(p)->wall_us + LATER_US };
	w->sport = ports ? h->sport : 0;
	w->dport = ports ? h->dport : 0;
	if (way == WAY_IN)
		w->iif = w->or_iif = in && *in ? (int)np_links_index(k->links, in) : 0;
	return w->iif;
}

static void on_the_way(struct looked *k, const struct packet *p, uint32_t i)
{
	const struct packet_step *st = &p->steps[i];
	enum explain_way way = explain_way_before(p, i);
	const char *out = st->ev.out && *st->ev.out ? st->ev.out : NULL;
	struct packet_looked *d;
	struct wanted w;

	if (way == WAY_NONE || !want(k, p, way, st->ev.in, &st->ev.hdr, &w))
		return;
	d = add(k, &w, i, out, true);
	if (!d || !out || !strcmp(out, last_of(d)->dev))
		return;
	/* of several nexthops the event has the first; an address of the host's own is at lo */
	if (way == WAY_IN || !strcmp(out, "lo"))
		d->tables[d->n - 1].dev[0] = '\0';
	else
		k->found.n--;
}

/* The source's own turn (__fib_validate_source(), net/ipv4/fib_frontend.c). */
static void way_back(struct looked *k, const struct packet *p, struct wanted w,
	const struct packet_looked *there)
{
	const uint8_t *src = w.src;
	uint16_t sport = w.sport;
	struct packet_looked *d;

	w.src = w.dst;
	w.dst = src;
	w.sport = w.dport;
	w.dport = sport;
	w.iif = w.or_iif = LO;
	/* of a packet that was to be sent on, as if it came from there */
	if (there && *last_of(there)->dev)
		w.or_iif = (int)np_links_index(k->links, last_of(there)->dev);
	d = add(k, &w, p->n_steps, NULL, false);
	if (d)
		d->way_back = true;
}

/* ICMP's errors look up the way back as well: it is rp_filter's only where it was the cause. */
static bool asked_back(const struct packet *p)
{
	const struct packet_outcome *o = &p->outcome;

	return p->explained && packet_first(p)->hdr.family == AF_INET && o->n_causes == 1 &&
		(o->causes[0] == CAUSE_RP_FILTER || o->causes[0] == CAUSE_MARTIAN);
}

const struct packet_lookups *looked_of(struct looked *k, const struct packet *p)
{
	enum explain_way way = explain_way_lost(p);
	const struct packet_looked *there;
	struct wanted w;
	struct np_hdr h;

	k->found.n = 0;
	for (uint32_t i = 0; i < p->n_steps; i++)
		on_the_way(k, p, i);
	if (way != WAY_NONE && packet_lost_hdr(p, &h) &&
		want(k, p, way, packet_last(p)->in, &h, &w)) {
		there = add(k, &w, p->n_steps, NULL, false);
		if (way == WAY_IN && asked_back(p))
			way_back(k, p, w, there);
	}
	return k->found.n ? &k->found : NULL;
}
