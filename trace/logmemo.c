// SPDX-License-Identifier: GPL-2.0-or-later
#include "logmemo.h"

#include <endian.h>
#include <netinet/in.h>

#include "trace/logcur.h"

static const char message[] = "] TRACE: ";
#define MESSAGE (sizeof(message) - 1)
#define MICROS 6 /* digits that printk writes after the point */

/* At most n digits; more than n follow, or none is there: the caller sees what comes. */
static const char *digits(const char *p, unsigned n, int64_t *v)
{
	int64_t sum = 0;

	for (; n && (unsigned char)(*p - '0') <= 9; n--)
		sum = sum * 10 + (*p++ - '0');
	*v = sum;
	return p;
}

static uint64_t load64(const char *s)
{
	uint64_t word;

	memcpy(&word, s, sizeof(word));
	return word;
}

/* Six digits at once, two bytes after them are there: all of a byte's pairs, then those's pairs. */
static bool micros(const char *s, int64_t *us)
{
	uint64_t word = le64toh(load64(s)) & UINT64_C(0xffffffffffff), low;

	low = word - UINT64_C(0x303030303030);
	if ((low | (word + UINT64_C(0x464646464646))) & UINT64_C(0x808080808080))
		return false;
	low = low * 10 + (low >> 8); /* "12" is now in byte 0, "34" in byte 2, "56" in byte 4 */
	*us = (int64_t)((low & 0xff) * 10000 + (low >> 16 & 0xff) * 100 + (low >> 32 & 0xff));
	return true;
}

#define UPTIME_MAX 40 /* blanks, seconds, "." and "123456] TRACE: " */

/* Past the blanks, the seconds and the point; NULL: these are not there. */
static const char *seconds(const char *s, int64_t *sec)
{
	const char *start = s;

	while (s < start + 8 && *s == ' ')
		s++;
	start = s;
	/* no more digits than any reading takes */
	s = digits(s, 10, sec);
	return s != start && *s == '.' ? s + 1 : NULL;
}

const char *logmemo_prefix(
	struct logmemo *m, const char *line, const char *end, int64_t *uptime_us)
{
	struct logmemo_prefix *p = &m->prefix;
	size_t left = (size_t)(end - line);
	const char *s = line + p->until_us;
	int64_t us;

	/* so that nothing below reaches the end; a shorter line is read anew */
	if (!p->len || left < p->len + UPTIME_MAX)
		return NULL;
	/* most lines come in the second of the one before */
	if (!p->until_us || memcmp(line, p->text, p->until_us)) {
		if (memcmp(line, p->text, p->len))
			return NULL;
		s = seconds(line + p->len, &p->sec);
		p->until_us = s ? (size_t)(s - line) : 0;
		if (!s)
			return NULL;
		memcpy(p->text + p->len, line + p->len, p->until_us - p->len);
	}
	if (!micros(s, &us) || memcmp(s + MICROS, message, MESSAGE))
		return NULL;
	*uptime_us = p->sec * 1000000 + us;
	return s + MICROS + MESSAGE;
}

void logmemo_keep_prefix(
	struct logmemo *m, const char *line, size_t uptime_at, const struct np_trace_event *ev)
{
	struct logmemo_prefix *p = &m->prefix;

	p->len = p->until_us = 0;
	if (!uptime_at || uptime_at >= LOGMEMO_PREFIX_MAX)
		return;
	memcpy(p->text, line, uptime_at + 1);
	p->set = ev->set & (NP_TEV_UPTIME | NP_TEV_WALL | NP_TEV_NO_YEAR);
	p->host = ev->host;
	p->wall_us = ev->wall_us;
	memcpy(p->stamp, ev->stamp, sizeof(p->stamp));
	p->len = uptime_at + 1;
}

void logmemo_forget_prefix(struct logmemo *m)
{
	m->prefix.len = m->prefix.until_us = 0;
}

/* Where a text is kept among n, a power of two. */
static size_t slot(const char *s, size_t len, size_t n)
{
	const char *last = s + len;
	uint64_t h = len, word = 0;

	for (; last - s >= (ptrdiff_t)sizeof(word); s += sizeof(word)) {
		h = (h ^ load64(s)) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	/*
	 * A word that is put together from bytes in memory costs more than all the rest
	 * (no store can be forwarded to its load): bytes that were in already are again.
	 */
	if (len >= sizeof(word))
		word = load64(last - sizeof(word));
	else
		while (s < last)
			word = word << 8 | (unsigned char)*s++;
	return (size_t)((h ^ word) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (n - 1);
}

const struct logmemo_head *logmemo_head(const struct logmemo *m, const char *s, size_t len)
{
	const struct logmemo_head *h = &m->heads[slot(s, len, LOGMEMO_HEADS)];

	return h->len == len && len && !memcmp(h->text, s, len) ? h : NULL;
}

void logmemo_keep_head(
	struct logmemo *m, const char *s, size_t len, const struct np_trace_event *ev)
{
	struct logmemo_head *h = &m->heads[slot(s, len, LOGMEMO_HEADS)];

	if (len > sizeof(h->text))
		return;
	memcpy(h->text, s, len);
	h->len = len;
	h->table = ev->table;
	h->chain = ev->chain;
	h->type = ev->type;
	h->number = ev->number;
}

size_t logmemo_ip(const char *s, size_t len)
{
	const char *at = logcur_field(s, s + len, "SRC=");

	return at ? (size_t)(at - s) : 0;
}

static bool devices_are(const struct logmemo_devices *d, const char *s, size_t ip)
{
	return d->len == ip && !memcmp(d->text, s, ip);
}

static const struct logmemo_devices *find_devices(const struct logmemo *m, const char *s, size_t ip)
{
	const struct logmemo_devices *d = &m->devices[slot(s, ip, LOGMEMO_DEVICES)];

	return ip && devices_are(d, s, ip) ? d : NULL;
}

static void take_devices(struct np_trace_event *ev, const struct logmemo_devices *d)
{
	ev->in = d->in;
	ev->out = d->out;
	ev->physin = d->physin;
	ev->physout = d->physout;
	memcpy(ev->mac, d->mac, sizeof(ev->mac));
	ev->mac_len = d->mac_len;
}

const struct logmemo_devices *logmemo_devices(
	const struct logmemo *m, const char *s, size_t ip, struct np_trace_event *ev)
{
	const struct logmemo_devices *d = find_devices(m, s, ip);

	if (d)
		take_devices(ev, d);
	return d;
}

static const struct logmemo_devices *keep_devices(
	struct logmemo *m, const char *s, size_t ip, const struct np_trace_event *ev)
{
	struct logmemo_devices *d = &m->devices[slot(s, ip, LOGMEMO_DEVICES)];

	if (!ip || ip > sizeof(d->text))
		return NULL;
	*d = (struct logmemo_devices){ .len = ip, .serial = ++m->serial, .in = ev->in,
		.out = ev->out, .physin = ev->physin, .physout = ev->physout,
		.mac_len = ev->mac_len };
	memcpy(d->text, s, ip);
	memcpy(d->mac, ev->mac, sizeof(d->mac));
	return d;
}

/* Whether the TTL stands in s as the kernel writes it, so that it can be told from the rest. */
static bool ttl_apart(const char *s, size_t len, const struct logfields_ttl *ttl, uint8_t family)
{
	bool v4 = family == AF_INET;
	const char *name = v4 ? " TTL=" : " HOPLIMIT=", *next = v4 ? " ID=" : " FLOWLBL=";
	size_t n = strlen(name), m = strlen(next);

	return ttl->begin >= n && len - ttl->end >= m && !memcmp(s + ttl->begin - n, name, n) &&
		!memcmp(s + ttl->end, next, m);
}

/* The place for a new tail: any but the one that was right last. */
static struct logmemo_tail *give_up(struct logmemo *m)
{
	if (m->next == m->last)
		m->next = (m->next + 1) % LOGMEMO_TAILS;
	m->last = m->next;
	m->next = (m->next + 1) % LOGMEMO_TAILS;
	return &m->tails[m->last];
}

void logmemo_keep_tail(struct logmemo *m, const char *s, size_t len,
	const struct logmemo_parts *parts, struct np_trace_event *ev)
{
	const struct logmemo_devices *d = parts->at;
	size_t ip = parts->ip, end = parts->ttl.end;
	struct logmemo_glance *g;
	struct logmemo_tail *t;

	if (!len || len > LOGMEMO_TAIL_MAX)
		return;
	if (!d)
		d = keep_devices(m, s, ip, ev);
	t = give_up(m);
	g = &m->glances[t - m->tails];
	/* once around, those of long ago are in use nowhere */
	m->twin += m->twin == UINT32_MAX ? 2 : 1;
	ev->twin = m->twin;
	np_trace_event_copy(&t->ev, ev);
	t->before = 0;
	g->after = 0;
	if (!d || len - end < sizeof(g->word) || !ttl_apart(s, len, &parts->ttl, ev->hdr.family)) {
		memcpy(t->text, s, len);
		t->len = len;
		return;
	}
	t->before = parts->ttl.begin - ip;
	t->len = t->before + (len - end);
	t->at = d;
	t->devices = d->serial;
	memcpy(t->text, s + ip, t->before);
	memcpy(t->text + t->before, s + end, len - end);
	g->after = (uint32_t)(len - end);
	g->word = load64(s + end);
}

/*
 * Whether s is t but for the devices before SRC= and the TTL. Returns where
 * SRC= is in s, 0: it is not; *ttl: the TTL.
 */
static size_t same_headers(
	const struct logmemo_tail *t, const char *s, size_t len, uint8_t *ttl)
{
	size_t before = t->before, after = t->len - before, at = len - after, n = 0;
	unsigned v = 0, scale = 1;

	if (at < before + 2 || memcmp(s + at, t->text + before, after))
		return 0;
	for (; n < 3 && (unsigned char)(s[at - 1] - '0') <= 9; n++) {
		v += (unsigned)(s[--at] - '0') * scale;
		scale *= 10;
		if (!at)
			return 0;
	}
	if (!n || v > 255 || at <= before || memcmp(s + at - before, t->text, before))
		return 0;
	*ttl = (uint8_t)v;
	return at - before;
}

/* ev from t, which same_headers() or the whole text found to be s. */
static bool take_tail(struct logmemo *m, struct logmemo_tail *t, const char *s, size_t ip,
	uint8_t ttl, struct np_trace_event *ev)
{
	const struct logmemo_devices *d;

	if (t->before) {
		d = t->at;
		if (d->serial != t->devices || !devices_are(d, s, ip)) {
			d = find_devices(m, s, ip);
			if (!d)
				return false;
			take_devices(&t->ev, d);
			t->at = d;
			t->devices = d->serial;
		}
	}
	np_trace_event_copy(ev, &t->ev);
	/* there and not in t->ev: a byte just written would hold up the copying */
	if (t->before)
		ev->hdr.ttl = ttl;
	m->last = (unsigned)(t - m->tails);
	return true;
}

bool logmemo_tail(struct logmemo *m, const char *s, size_t len, struct np_trace_event *ev)
{
	if (!len || len > LOGMEMO_TAIL_MAX)
		return false;
	for (unsigned i = 0; i < LOGMEMO_TAILS; i++) {
		unsigned k = (m->last + i) % LOGMEMO_TAILS;
		const struct logmemo_glance *g = &m->glances[k];
		struct logmemo_tail *t = &m->tails[k];
		size_t ip = 0;
		uint8_t ttl = 0;

		if (g->after) {
			if (g->after > len || load64(s + len - g->after) != g->word ||
				!(ip = same_headers(t, s, len, &ttl)))
				continue;
		} else if (t->len != len || memcmp(t->text, s, len)) {
			continue;
		}
		return take_tail(m, t, s, ip, ttl, ev);
	}
	return false;
}
