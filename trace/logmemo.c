// SPDX-License-Identifier: GPL-2.0-or-later
#include "logmemo.h"

#include <netinet/in.h>

#include "trace/logcur.h"
#include "trace/logfields.h"

/* At most n digits; more than n follow, or none is there: the caller sees what comes. */
static const char *digits(const char *p, unsigned n, int64_t *v)
{
	int64_t sum = 0;

	for (; n && (unsigned char)(*p - '0') <= 9; n--)
		sum = sum * 10 + (*p++ - '0');
	*v = sum;
	return p;
}

#define UPTIME_MAX 40 /* blanks, seconds, "." and "123456] TRACE: " */

const char *logmemo_prefix(
	const struct logmemo *m, const char *line, const char *end, int64_t *uptime_us)
{
	static const char trace[] = "] TRACE: ";
	const struct logmemo_prefix *p = &m->prefix;
	size_t left = (size_t)(end - line);
	const char *s, *start;
	int64_t sec, us;

	/* so that nothing below reaches the end; a shorter line is read anew */
	if (!p->len || left < p->len + UPTIME_MAX || memcmp(line, p->text, p->len))
		return NULL;
	start = s = line + p->len;
	while (s < start + 8 && *s == ' ')
		s++;
	start = s;
	/* no more digits than any reading takes, and as many after the point as printk writes */
	s = digits(s, 10, &sec);
	if (s == start || *s != '.')
		return NULL;
	start = s + 1;
	s = digits(start, 6, &us);
	if (s != start + 6 || memcmp(s, trace, sizeof(trace) - 1))
		return NULL;
	*uptime_us = sec * 1000000 + us;
	return s + sizeof(trace) - 1;
}

void logmemo_keep_prefix(
	struct logmemo *m, const char *line, size_t uptime_at, const struct np_trace_event *ev)
{
	struct logmemo_prefix *p = &m->prefix;

	p->len = 0;
	if (!uptime_at || uptime_at >= sizeof(p->text))
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
	m->prefix.len = 0;
}

/* Where a text is kept among n, a power of two. */
static size_t slot(const char *s, size_t len, size_t n)
{
	uint64_t h = len, word;

	for (; len >= sizeof(word); len -= sizeof(word), s += sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	word = 0;
	memcpy(&word, s, len);
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

static const struct logmemo_devices *find_devices(const struct logmemo *m, const char *s, size_t ip)
{
	const struct logmemo_devices *d = &m->devices[slot(s, ip, LOGMEMO_DEVICES)];

	return ip && d->len == ip && !memcmp(d->text, s, ip) ? d : NULL;
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

bool logmemo_devices(const struct logmemo *m, const char *s, size_t ip, struct np_trace_event *ev)
{
	const struct logmemo_devices *d = find_devices(m, s, ip);

	if (!d)
		return false;
	take_devices(ev, d);
	return true;
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

/* The end of the TTL's digits, where it stands as the kernel writes it; *ttl: their beginning. */
static const char *find_ttl(const char *ip, const char *end, uint8_t family, const char **ttl)
{
	bool v4 = family == AF_INET;
	const char *name = v4 ? "TTL=" : "HOPLIMIT=", *next = v4 ? " ID=" : " FLOWLBL=";
	const char *at = logcur_field(ip, end, name);
	struct logcur c;

	if (!at)
		return NULL;
	*ttl = at + strlen(name);
	c = (struct logcur){ *ttl, end };
	while (logcur_digit(&c))
		c.p++;
	return logcur_left(&c) >= strlen(next) && !memcmp(c.p, next, strlen(next)) ? c.p : NULL;
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

void logmemo_keep_tail(struct logmemo *m, const char *s, size_t len, size_t ip,
	const struct np_trace_event *ev)
{
	const struct logmemo_devices *d = find_devices(m, s, ip);
	const char *end = s + len, *ttl = NULL, *id = NULL;
	struct logmemo_tail *t;

	if (!len || len > LOGMEMO_TAIL_MAX)
		return;
	if (!d)
		d = keep_devices(m, s, ip, ev);
	if (d && ev->hdr.set & NP_HDR_TTL)
		id = find_ttl(s + ip, end, ev->hdr.family, &ttl);
	t = give_up(m);
	np_trace_event_copy(&t->ev, ev);
	t->before = id ? (size_t)(ttl - s) - ip : 0;
	if (id) {
		memcpy(t->text, s + ip, t->before);
		memcpy(t->text + t->before, id, (size_t)(end - id));
		t->len = t->before + (size_t)(end - id);
		t->devices = d->serial;
	} else {
		memcpy(t->text, s, len);
		t->len = len;
	}
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

	if (len < after + 2 + before || memcmp(s + at, t->text + before, after))
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
		d = find_devices(m, s, ip);
		if (!d)
			return false;
		if (d->serial != t->devices)
			take_devices(&t->ev, d);
		t->devices = d->serial;
		t->ev.hdr.ttl = ttl;
	}
	np_trace_event_copy(ev, &t->ev);
	m->last = (unsigned)(t - m->tails);
	return true;
}

bool logmemo_tail(struct logmemo *m, const char *s, size_t len, struct np_trace_event *ev)
{
	if (!len || len > LOGMEMO_TAIL_MAX)
		return false;
	for (unsigned i = 0; i < LOGMEMO_TAILS; i++) {
		struct logmemo_tail *t = &m->tails[(m->last + i) % LOGMEMO_TAILS];
		size_t ip = 0;
		uint8_t ttl = 0;

		if (!t->before && (t->len != len || memcmp(t->text, s, len)))
			continue;
		if (t->before && !(ip = same_headers(t, s, len, &ttl)))
			continue;
		return take_tail(m, t, s, ip, ttl, ev);
	}
	return false;
}
