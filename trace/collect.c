// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/collect.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "trace/packet.h"

#define KEY_MAX 256
/* A busy host reads its events so late: the best of some, and any single one. */
#define JITTER_US 10000
#define JITTER_ONE_US 100000
#define SOME 4

struct seen {
	json_t *p;       /* NULL: told */
	size_t host;
	int64_t at_us;   /* by its host's clock */
	int64_t came_us;
	uint64_t journey;
	uint64_t hosts;  /* a bit for each that its journey has a packet of */
	int ttl;         /* as it came, -1: not said */
	bool own;        /* its host made it */
	char in[KEY_MAX], out[KEY_MAX]; /* the packet as it came, as it left; "": it did not */
};

/* The time from one host to another, as seen: by clocks that differ. */
struct transit {
	uint64_t n;
	int64_t least, most;
};

struct collect {
	const char *const *hosts;
	size_t n_hosts;
	struct seen *seen;
	size_t n;
	uint64_t journeys, lost;
	struct transit transit[COLLECT_HOSTS][COLLECT_HOSTS];
	int64_t offset[COLLECT_HOSTS];
};

struct collect *collect_new(const char *const *hosts, size_t n)
{
	struct collect *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->hosts = hosts;
	c->n_hosts = n;
	c->seen = calloc(COLLECT_SEEN, sizeof(*c->seen));
	if (c->seen)
		return c;
	free(c);
	return NULL;
}

void collect_free(struct collect *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++)
		json_decref(c->seen[i].p);
	free(c->seen);
	free(c);
}

uint64_t collect_lost(const struct collect *c)
{
	return c->lost;
}

int64_t collect_offset(const struct collect *c, size_t host)
{
	return c->offset[host];
}

/* ---- what a line says ---- */

/* "2026-11-26T09:30:58.003609+0000". Returns false: it is no time. */
static bool read_time(const char *s, int64_t *us)
{
	struct tm tm = { 0 };
	const char *end = s ? strptime(s, "%Y-%m-%dT%H:%M:%S", &tm) : NULL;
	int micro = 0, zone = 0, used = 0;

	if (!end || sscanf(end, ".%6d%n", &micro, &used) != 1 || used != 7)
		return false;
	if (sscanf(end + used, "%5d", &zone) != 1)
		zone = 0;
	*us = ((int64_t)timegm(&tm) - (zone / 100 * 60 + zone % 100) * 60) * 1000000 + micro;
	return true;
}

/* A field; with nat what it was rewritten to. */
static json_t *field(const json_t *p, const char *name, bool nat)
{
	json_t *to = nat ? json_array_get(json_object_get(json_object_get(p, "nat"), name), 1) :
		NULL;

	return to ? to : json_object_get(p, name);
}

static const char *str(const json_t *p, const char *name, bool nat)
{
	const char *s = json_string_value(field(p, name, nat));

	return s ? s : "";
}

static long long number(const json_t *p, const char *name, bool nat)
{
	json_t *v = field(p, name, nat);

	return v ? json_integer_value(v) : -1;
}

/* What no host changes but by NAT. */
static void put_key(const json_t *p, bool out, char key[KEY_MAX])
{
	const json_t *icmp = json_object_get(p, "icmp");

	(void)snprintf(key, KEY_MAX, "%.20s %.60s %lld %.60s %lld id %lld seq %lld len %lld "
		"icmp %lld %lld %lld",
		str(p, "protocol", false), str(p, "src", out), number(p, "sport", out),
		str(p, "dst", out), number(p, "dport", out), number(p, "id", false),
		number(p, "seq", false), number(p, "len", false), number(icmp, "type", false),
		number(icmp, "id", false), number(icmp, "seq", false));
}

static bool was_sent(const json_t *p)
{
	return !strcmp(str(json_object_get(p, "outcome"), "state", false),
		packet_state_name(PACKET_SENT));
}

/* On this host: its first hook is OUTPUT. */
static bool was_made(const json_t *p)
{
	const json_t *step = json_array_get(json_object_get(p, "steps"), 0);

	return !strcmp(str(step, "hook", false), np_hook_word(NP_HOOK_OUTPUT));
}

/* ---- the hosts' clocks ---- */

/*
 * By how much b's clock is before a's: 0 where the way and the reading of events, which takes a
 * packet's time after it has passed, may make as much. Returns false: nothing is known of the two.
 */
static bool skew(const struct collect *c, size_t a, size_t b, int64_t *us)
{
	const struct transit *to = &c->transit[a][b], *back = &c->transit[b][a];
	int64_t doubt = 0;

	if (to->n && back->n) {
		*us = (to->least - back->least) / 2; /* as long there as back */
		doubt = (to->least + back->least) / 2;
	} else if (to->n) {
		*us = to->least; /* the fastest took no time */
		doubt = to->most - to->least;
	} else if (back->n) {
		*us = -back->least;
		doubt = back->most - back->least;
	} else {
		return false;
	}
	doubt += to->n + back->n < SOME ? JITTER_ONE_US : JITTER_US;
	if (llabs(*us) <= doubt)
		*us = 0;
	return true;
}

/* From the first host on to all that are known by others. */
static void set_clocks(struct collect *c)
{
	size_t queue[COLLECT_HOSTS] = { 0 }, n = 1;
	bool done[COLLECT_HOSTS] = { true };
	int64_t us;

	for (size_t i = 0; i < n; i++) {
		for (size_t b = 0; b < c->n_hosts; b++) {
			if (done[b] || !skew(c, queue[i], b, &us))
				continue;
			c->offset[b] = c->offset[queue[i]] + us;
			done[b] = true;
			queue[n++] = b;
		}
	}
}

static void timed(struct collect *c, const struct seen *from, const struct seen *to)
{
	int64_t took = to->at_us - from->at_us;
	struct transit *t = &c->transit[from->host][to->host];

	t->least = !t->n || took < t->least ? took : t->least;
	t->most = !t->n || took > t->most ? took : t->most;
	t->n++;
	set_clocks(c);
}

/* ---- packets ---- */

/*
 * By the way, not by a clock: -1, a is before b on it, 1: behind it, 0: nothing tells, as of two
 * bridges.
 */
static int compare_way(const struct seen *a, const struct seen *b)
{
	if (a->own != b->own)
		return a->own ? -1 : 1;
	if (a->ttl >= 0 && b->ttl >= 0 && a->ttl != b->ttl)
		return a->ttl > b->ttl ? -1 : 1;
	if (!*a->out != !*b->out)
		return *a->out ? -1 : 1;
	if (!*a->out)
		return 0;
	/* one of them rewrote it */
	return !strcmp(b->out, a->in) - !strcmp(a->out, b->in);
}

/* Makes one journey of the two's. */
static void unite(struct collect *c, struct seen *a, struct seen *b)
{
	uint64_t gone = b->journey, hosts = a->hosts | b->hosts;

	if (!a->journey)
		a->journey = gone ? gone : ++c->journeys;
	b->journey = a->journey;
	for (size_t i = 0; i < c->n; i++) {
		struct seen *s = &c->seen[i];

		if (s->journey != a->journey && (!gone || s->journey != gone))
			continue;
		s->journey = a->journey;
		s->hosts = hosts;
	}
}

static bool goes_on_as(const struct seen *from, const struct seen *to)
{
	return *from->out && !strcmp(from->out, to->in);
}

/* The oldest first: of packets that look alike none has overtaken another. */
static void join(struct collect *c, struct seen *s)
{
	for (size_t i = 0; i < c->n; i++) {
		struct seen *o = &c->seen[i];
		int order;

		if (o == s || o->host == s->host || (!goes_on_as(o, s) && !goes_on_as(s, o)))
			continue;
		if (o->journey != s->journey || !o->journey) {
			if (o->hosts & s->hosts)
				continue; /* another one, that looks alike */
			unite(c, o, s);
		}
		order = compare_way(o, s);
		if (order)
			timed(c, order < 0 ? o : s, order < 0 ? s : o);
	}
}

/* Room for one more: the oldest that was told goes, or else the newest that was not. */
static struct seen *add(struct collect *c)
{
	size_t oldest = 0;

	if (c->n == COLLECT_SEEN) {
		while (oldest < c->n - 1 && c->seen[oldest].p)
			oldest++;
		c->lost += c->seen[oldest].p != NULL;
		json_decref(c->seen[oldest].p);
		memmove(&c->seen[oldest], &c->seen[oldest + 1],
			(c->n - oldest - 1) * sizeof(*c->seen));
		c->n--;
	}
	return &c->seen[c->n++];
}

int collect_line(struct collect *c, size_t host, const char *line, size_t len, int64_t now_us)
{
	json_t *p = json_loadb(line, len, 0, NULL);
	struct seen *s;
	int64_t at_us;

	if (!json_is_object(p) || !json_object_get(p, "outcome") ||
		!read_time(str(p, "first_seen", false), &at_us)) {
		json_decref(p);
		return -EINVAL;
	}
	s = add(c);
	*s = (struct seen){ .p = p, .host = host, .at_us = at_us, .came_us = now_us,
		.hosts = UINT64_C(1) << host, .ttl = (int)number(p, "ttl", false),
		.own = was_made(p) };
	put_key(p, false, s->in);
	if (was_sent(p))
		put_key(p, true, s->out);
	join(c, s);
	return json_object_set_new(p, "host", json_string(c->hosts[host])) ? -ENOMEM : 0;
}

/* By the first host's clock. */
static int64_t when(const struct collect *c, const struct seen *s)
{
	return s->at_us - c->offset[s->host];
}

/* The first by the clock; of its journey the first by the way, which no clock's error changes. */
static struct seen *first_of(struct collect *c)
{
	struct seen *first = NULL, *next;

	for (size_t i = 0; i < c->n; i++) {
		struct seen *s = &c->seen[i];

		if (s->p && (!first || when(c, s) < when(c, first)))
			first = s;
	}
	next = first;
	for (size_t i = 0; first && first->journey && i < c->n; i++) {
		struct seen *s = &c->seen[i];

		if (s->p && s->journey == first->journey && compare_way(s, next) < 0)
			next = s;
	}
	return next;
}

static bool is_due(const struct collect *c, int64_t now_us)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->seen[i].p && c->seen[i].came_us + COLLECT_HOLD_US <= now_us)
			return true;
	}
	return now_us == INT64_MAX;
}

int collect_tell(struct collect *c, int64_t now_us, collect_fn *fn, void *arg)
{
	for (;;) {
		/* one has waited long enough, whichever */
		struct seen *next = is_due(c, now_us) ? first_of(c) : NULL;
		int ret = 0;

		if (!next)
			return 0;
		if (next->journey)
			ret = json_object_set_new(next->p, "journey",
				json_integer((json_int_t)next->journey)) ? -ENOMEM : 0;
		if (!ret)
			ret = fn(next->p, arg);
		json_decref(next->p);
		next->p = NULL;
		if (ret)
			return ret;
	}
}
