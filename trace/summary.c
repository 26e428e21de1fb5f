// SPDX-License-Identifier: GPL-2.0-or-later
/* How many packets, how they ended, and where: memory does not grow with the log. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "trace/fmt.h"
#include "trace/render.h"
#include "trace/text_words.h"

#define PLACES 4096 /* a power of two; three quarters of it may be used */
#define HOSTS 1024
#define TOP 10
#define COL_WHERE 44

/* Strings are interned: equal names are equal pointers. */
struct place {
	const char *table, *chain, *host, *dev;
	uint64_t n;
	uint32_t number;
	uint8_t state, type;
	bool out; /* dev is the way out, not the way in */
};

struct summary {
	const struct render_opts *opts;
	struct text t;
	uint64_t ended[PACKET_STATES];
	struct place places[PLACES];
	unsigned n_places;
	uint64_t elsewhere[PACKET_STATES]; /* places that found no room */
	const char *hosts[HOSTS];
	unsigned n_hosts;
	struct np_trace_event first, last; /* by time: only stamps and clocks are used */
};

static void *start(const struct render_opts *opts)
{
	struct summary *s = calloc(1, sizeof(*s));

	if (s) {
		s->opts = opts;
		s->t.out = opts->out;
	}
	return s;
}

static void count_host(struct summary *s, const char *host)
{
	if (!host || !*host)
		return;
	for (unsigned i = s->n_hosts; i-- > 0;) {
		if (s->hosts[i] == host)
			return;
	}
	if (s->n_hosts < HOSTS)
		s->hosts[s->n_hosts++] = host;
}

static size_t hash_place(const struct place *p)
{
	const uintptr_t parts[] = { (uintptr_t)p->table, (uintptr_t)p->chain, (uintptr_t)p->host,
		(uintptr_t)p->dev, p->number, (uintptr_t)p->state << 8 | p->type };
	uint64_t h = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		h = (h ^ parts[i]) * 0x9e3779b97f4a7c15ULL;
	return (size_t)(h >> 40);
}

static bool same_place(const struct place *a, const struct place *b)
{
	return a->table == b->table && a->chain == b->chain && a->host == b->host &&
		a->dev == b->dev && a->number == b->number && a->state == b->state &&
		a->type == b->type && a->out == b->out;
}

static void count_place(struct summary *s, const struct place *key)
{
	for (size_t at = hash_place(key);; at++) {
		struct place *p = &s->places[at % PLACES];

		if (p->n && !same_place(p, key))
			continue;
		if (!p->n) {
			if (s->n_places >= PLACES / 4 * 3)
				break;
			s->n_places++;
			*p = *key;
		}
		p->n++;
		return;
	}
	s->elsewhere[key->state]++;
}

/* Both clocks may be missing; hosts' clocks differ, so that only walls are compared across them. */
static void span(struct summary *s, const struct np_trace_event *ev)
{
	bool wall = ev->set & NP_TEV_WALL, known = s->first.set & NP_TEV_WALL;

	if (known && !wall)
		return;
	if (!s->first.set || (wall && (!known || ev->wall_us < s->first.wall_us)))
		s->first = *ev;
	if (!s->last.set || !known || ev->wall_us >= s->last.wall_us)
		s->last = *ev;
}

static int packet(void *state, const struct packet *p)
{
	struct summary *s = state;
	const struct np_trace_event *last = packet_last(p), *first = packet_first(p);
	struct place key = { .table = last->table, .chain = last->chain, .host = last->host,
		.number = last->number, .state = p->outcome.state, .type = last->type };

	s->ended[p->outcome.state]++;
	count_host(s, first->host);
	span(s, first);
	if (p->outcome.state == PACKET_SENT || p->outcome.state == PACKET_DELIVERED)
		return 0;
	key.dev = last->in;
	if (!key.dev || !*key.dev) {
		key.dev = last->out;
		key.out = true;
	}
	count_place(s, &key);
	return 0;
}

static int by_count(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int d;

	if (x->n != y->n || !x->n)
		return x->n < y->n ? 1 : -(x->n > y->n);
	/* equal counts in an order that does not depend on the hash */
	d = strcmp(x->table, y->table);
	if (!d)
		d = strcmp(x->chain, y->chain);
	if (!d)
		d = (x->number > y->number) - (x->number < y->number);
	if (!d && x->host && y->host)
		d = strcmp(x->host, y->host);
	return d;
}

static void put_count(struct text *t, uint64_t n, const char *one, const char *many)
{
	text_uint(t, n);
	text_put(t, " ");
	text_put(t, n == 1 ? one : many);
}

/* Whether two times are written alike: digits, or what fills up a column, in the same places. */
static bool same_form(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		bool fits = (isdigit((unsigned char)*a) || *a == ' ') &&
			(isdigit((unsigned char)*b) || *b == ' ');

		fits |= isalpha((unsigned char)*a) && isalpha((unsigned char)*b);
		if (*a != *b && !fits)
			return false;
	}
	return *a == *b;
}

static void put_span(struct summary *s)
{
	struct text *t = &s->t;
	const char *from = s->first.stamp, *to = s->last.stamp;
	char a[FMT_TIME], b[FMT_TIME];
	size_t same = 0;

	if ((s->opts->utc || !same_form(from, to)) && s->first.set & s->last.set & NP_TEV_WALL) {
		fmt_utc(a, s->first.wall_us);
		fmt_utc(b, s->last.wall_us);
		from = a;
		to = b;
	} else if (!*from || !*to) {
		if (!(s->first.set & s->last.set & NP_TEV_UPTIME))
			return;
		fmt_seconds(a, s->first.uptime_us);
		fmt_seconds(b, s->last.uptime_us);
		from = a;
		to = b;
	}
	text_put(t, ", ");
	text_put(t, from);
	/* the day is said once */
	for (size_t i = 0; from[i] && from[i] == to[i]; i++) {
		if (from[i] == ' ' || from[i] == 'T')
			same = i + 1;
	}
	text_put(t, " to ");
	text_put(t, to + same);
}

/* "  1  nat:PREROUTING:policy:3   ceph3 in enp5s0"; counts end in one column. */
static void put_place(struct text *t, const struct place *p, unsigned width)
{
	const struct np_trace_event ev = { .table = p->table, .chain = p->chain, .type = p->type,
		.number = p->number, .set = NP_TEV_NUMBER };
	char buf[FMT_PLACE];

	text_to(t, 2 + width - (unsigned)fmt_uint(buf, p->n), 0);
	text_put(t, buf);
	fmt_place(buf, &ev);
	text_gap(t, 2);
	text_put(t, buf);
	text_to(t, COL_WHERE, 2);
	if (p->host && *p->host)
		text_put(t, p->host);
	text_gap(t, 1);
	if (p->dev && *p->dev) {
		text_put(t, p->out ? "out " : "in ");
		text_put(t, p->dev);
	}
	text_end(t);
}

static void put_places(struct summary *s, enum packet_state state, const char *title)
{
	struct text *t = &s->t;
	char buf[FMT_NUM];
	unsigned shown = 0, width = 0;
	uint64_t rest = s->elsewhere[state];

	if (!s->ended[state])
		return;
	text_styled(t, NP_STYLE_BOLD, title);
	text_end(t);
	for (unsigned i = 0; i < PLACES && s->places[i].n; i++) {
		const struct place *p = &s->places[i];

		if (p->state != state)
			continue;
		if (!shown)
			width = (unsigned)fmt_uint(buf, p->n); /* the first is the largest */
		if (shown++ < TOP)
			put_place(t, p, width);
		else
			rest += p->n;
	}
	if (!rest)
		return;
	text_put(t, "  and ");
	put_count(t, rest, "packet", "packets");
	text_put(t, " at other places");
	text_end(t);
}

static int end(void *state, const struct render_counts *counts)
{
	struct summary *s = state;
	struct text *t = &s->t;

	put_count(t, counts->shown, "packet", "packets");
	text_put(t, " in ");
	put_count(t, counts->lines, "line", "lines");
	if (s->n_hosts) {
		text_put(t, ", ");
		put_count(t, s->n_hosts, "host", "hosts");
	}
	if (s->n_hosts == HOSTS)
		text_put(t, " or more");
	if (s->first.set)
		put_span(s);
	text_end(t);
	if (!counts->shown)
		return 0;
	for (unsigned i = 0; i < PACKET_STATES; i++) {
		if (!s->ended[i])
			continue;
		text_gap(t, t->col ? 3 : 2);
		text_on(t, text_state_style(i));
		text_put(t, packet_state_name(i));
		text_off(t);
		text_put(t, " ");
		text_uint(t, s->ended[i]);
	}
	text_end(t);
	/* the table is no longer searched: sorted, it begins with what is used */
	qsort(s->places, PLACES, sizeof(s->places[0]), by_count);
	put_places(s, PACKET_DROPPED, "dropped at");
	put_places(s, PACKET_VANISHED, "vanished after");
	put_places(s, PACKET_UNFINISHED, "unfinished after");
	return 0;
}

const struct renderer render_summary = {
	.start = start, .packet = packet, .end = end, .free = free, .quiet_steps = true,
};
