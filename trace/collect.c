// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/collect.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define KEY_MAX 256

struct seen {
	json_t *p;       /* NULL: told */
	size_t host;
	int64_t at_us;   /* by its host's clock */
	int64_t came_us;
	uint64_t journey;
	char in[KEY_MAX], out[KEY_MAX]; /* the packet as it came, as it left; "": it did not */
};

struct collect {
	const char *const *hosts;
	size_t n_hosts;
	struct seen *seen;
	size_t n;
	uint64_t journeys, lost;
	bool known[COLLECT_HOSTS][COLLECT_HOSTS];
	int64_t least[COLLECT_HOSTS][COLLECT_HOSTS]; /* time from one host to another, as seen */
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
	(void)snprintf(key, KEY_MAX, "%.20s %.60s %lld %.60s %lld id %lld seq %lld len %lld",
		str(p, "protocol", false), str(p, "src", out), number(p, "sport", out),
		str(p, "dst", out), number(p, "dport", out), number(p, "id", false),
		number(p, "seq", false), number(p, "len", false));
}

static bool was_sent(const json_t *p)
{
	return !strcmp(str(json_object_get(p, "outcome"), "state", false), "sent");
}

/* ---- the hosts' clocks ---- */

/* By how much b's clock is before a's. Returns false: nothing is known of the two. */
static bool skew(const struct collect *c, size_t a, size_t b, int64_t *us)
{
	if (c->known[a][b] && c->known[b][a])
		*us = (c->least[a][b] - c->least[b][a]) / 2; /* as long there as back */
	else if (c->known[a][b])
		*us = c->least[a][b]; /* the fastest took no time */
	else if (c->known[b][a])
		*us = -c->least[b][a];
	else
		return false;
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

static void joined(struct collect *c, struct seen *from, struct seen *to)
{
	int64_t took = to->at_us - from->at_us;
	bool *known = &c->known[from->host][to->host];
	int64_t *least = &c->least[from->host][to->host];

	if (!from->journey)
		from->journey = to->journey ? to->journey : ++c->journeys;
	to->journey = from->journey;
	if (*known && *least <= took)
		return;
	*known = true;
	*least = took;
	set_clocks(c);
}

/* ---- packets ---- */

static void join(struct collect *c, struct seen *s)
{
	for (size_t i = c->n; i-- > 0;) {
		struct seen *o = &c->seen[i];

		if (o == s || o->host == s->host)
			continue;
		if (*o->out && !strcmp(o->out, s->in))
			joined(c, o, s);
		else if (*s->out && !strcmp(s->out, o->in))
			joined(c, s, o);
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
	*s = (struct seen){ .p = p, .host = host, .at_us = at_us, .came_us = now_us };
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

static bool comes_before(const struct collect *c, const struct seen *a, const struct seen *b)
{
	if (when(c, a) != when(c, b))
		return when(c, a) < when(c, b);
	return *a->out && !strcmp(a->out, b->in);
}

int collect_tell(struct collect *c, int64_t now_us, collect_fn *fn, void *arg)
{
	for (;;) {
		struct seen *next = NULL;
		bool due = now_us == INT64_MAX; /* one has waited long enough, whichever */
		int ret = 0;

		for (size_t i = 0; i < c->n; i++) {
			struct seen *s = &c->seen[i];

			due |= s->p && s->came_us + COLLECT_HOLD_US <= now_us;
			if (s->p && (!next || comes_before(c, s, next)))
				next = s;
		}
		if (!next || !due)
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
