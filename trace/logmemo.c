// SPDX-License-Identifier: GPL-2.0-or-later
#include "logmemo.h"

#include <netinet/in.h>

#include "trace/logcur.h"
#include "trace/logfields.h"

const char *logmemo_prefix(
	const struct logmemo *m, const char *line, const char *end, int64_t *uptime_us)
{
	const struct logmemo_prefix *p = &m->prefix;
	struct logcur c = { line, end };
	int64_t s = 0, us = 0;
	int digits = 0;

	if (!p->len || logcur_left(&c) < p->len || memcmp(line, p->text, p->len))
		return NULL;
	c.p += p->len;
	logcur_skip(&c);
	/* no more digits than any reading takes, and as many after the point as printk writes */
	for (; logcur_digit(&c) && digits < 10; digits++)
		s = s * 10 + (*c.p++ - '0');
	if (!digits || !logcur_word(&c, "."))
		return NULL;
	for (digits = 0; logcur_digit(&c) && digits < 7; digits++)
		us = us * 10 + (*c.p++ - '0');
	if (digits != 6 || !logcur_word(&c, "] TRACE: "))
		return NULL;
	*uptime_us = s * 1000000 + us;
	return c.p;
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

/* Where a head is kept: its last bytes are what tells heads apart. */
static size_t head_slot(const char *s, size_t len)
{
	uint64_t tail;

	if (len < sizeof(tail))
		return 0;
	memcpy(&tail, s + len - sizeof(tail), sizeof(tail));
	tail ^= len << 56 ^ (uint64_t)(unsigned char)s[0] << 48 ^
		(uint64_t)(unsigned char)s[len / 2] << 40;
	return (size_t)(tail * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

const struct logmemo_head *logmemo_head(const struct logmemo *m, const char *s, size_t len)
{
	const struct logmemo_head *h = &m->heads[head_slot(s, len)];

	return h->len == len && len && !memcmp(h->text, s, len) ? h : NULL;
}

void logmemo_keep_head(
	struct logmemo *m, const char *s, size_t len, const struct np_trace_event *ev)
{
	struct logmemo_head *h = &m->heads[head_slot(s, len)];

	if (len > sizeof(h->text))
		return;
	memcpy(h->text, s, len);
	h->len = len;
	h->table = ev->table;
	h->chain = ev->chain;
	h->type = ev->type;
	h->number = ev->number;
}

static bool same(const struct logmemo_tail *t, const char *s, size_t len)
{
	return t->len == len && !memcmp(t->text, s, len);
}

/* Finds where a tail can differ from the next line's of the same packet. */
static void split(struct logmemo_tail *t)
{
	bool v4 = t->ev.hdr.family == AF_INET;
	const char *word = v4 ? " TTL=" : " HOPLIMIT=", *next = v4 ? " ID=" : " FLOWLBL=";
	const char *end = t->text + t->len, *ip, *ttl;
	struct logcur c;

	t->ip = 0;
	ip = memmem(t->text, t->len, " SRC=", 5);
	ttl = ip ? memmem(ip, (size_t)(end - ip), word, strlen(word)) : NULL;
	if (!ttl || !(t->ev.hdr.set & NP_HDR_TTL))
		return;
	c = (struct logcur){ ttl + strlen(word), end };
	while (logcur_digit(&c))
		c.p++;
	if (logcur_left(&c) < strlen(next) || memcmp(c.p, next, strlen(next)))
		return;
	t->ip = (size_t)(ip + 1 - t->text);
	t->ttl = (size_t)(ttl + strlen(word) - t->text);
	t->id = (size_t)(c.p - t->text);
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

static struct logmemo_tail *keep(
	struct logmemo *m, const char *s, size_t len, const struct np_trace_event *ev)
{
	struct logmemo_tail *t = give_up(m);

	memcpy(t->text, s, len);
	t->len = len;
	t->ev = *ev;
	return t;
}

void logmemo_keep_tail(
	struct logmemo *m, const char *s, size_t len, const struct np_trace_event *ev)
{
	if (len && len <= LOGMEMO_TAIL_MAX)
		split(keep(m, s, len, ev));
}

/*
 * Whether s is t but for the devices before SRC= and the TTL. *ip: where SRC=
 * is in s, *ttl: the TTL.
 */
static bool same_headers(
	const struct logmemo_tail *t, const char *s, size_t len, size_t *ip, uint8_t *ttl)
{
	size_t after = t->len - t->id, before = t->ttl - t->ip, at = len - after, n = 0;
	unsigned v = 0, scale = 1;

	if (!t->ip || len < after + 1 + before || memcmp(s + at, t->text + t->id, after))
		return false;
	while (n < 3 && n < at && (unsigned char)(s[at - 1 - n] - '0') <= 9) {
		v += (unsigned)(s[at - 1 - n] - '0') * scale;
		scale *= 10;
		n++;
	}
	at -= n;
	if (!n || v > 255 || at <= before || memcmp(s + at - before, t->text + t->ip, before))
		return false;
	*ip = at - before;
	*ttl = (uint8_t)v;
	return true;
}

static void take_devices(struct np_trace_event *to, const struct np_trace_event *from)
{
	to->in = from->in;
	to->out = from->out;
	to->physin = from->physin;
	to->physout = from->physout;
	memcpy(to->mac, from->mac, sizeof(to->mac));
	to->mac_len = from->mac_len;
}

/* The devices, s..ip, from another tail or read anew. */
static bool find_devices(const struct logmemo *m, struct np_intern *intern, const char *s,
	size_t ip, struct np_trace_event *ev)
{
	struct np_trace_event fresh = { 0 };

	for (unsigned i = 0; i < LOGMEMO_TAILS; i++) {
		const struct logmemo_tail *t = &m->tails[i];

		if (t->ip == ip && !memcmp(t->text, s, ip)) {
			take_devices(ev, &t->ev);
			return true;
		}
	}
	if (!logfields_devices(intern, s, ip, &fresh))
		return false;
	take_devices(ev, &fresh);
	return true;
}

bool logmemo_tail(struct logmemo *m, struct np_intern *intern, const char *s, size_t len,
	struct np_trace_event *ev)
{
	if (!len || len > LOGMEMO_TAIL_MAX)
		return false;
	for (unsigned i = 0; i < LOGMEMO_TAILS; i++) {
		unsigned at = (m->last + i) % LOGMEMO_TAILS;

		if (same(&m->tails[at], s, len)) {
			m->last = at;
			*ev = m->tails[at].ev;
			return true;
		}
	}
	for (unsigned i = 0; i < LOGMEMO_TAILS; i++) {
		const struct logmemo_tail *t = &m->tails[(m->last + i) % LOGMEMO_TAILS];
		struct logmemo_tail *kept;
		size_t ip, before, after;
		uint8_t ttl;

		if (!same_headers(t, s, len, &ip, &ttl))
			continue;
		*ev = t->ev;
		if (!find_devices(m, intern, s, ip, ev))
			return false;
		ev->hdr.ttl = ttl;
		before = t->ttl - t->ip;
		after = t->len - t->id;
		kept = keep(m, s, len, ev);
		kept->ip = ip;
		kept->ttl = ip + before;
		kept->id = len - after;
		return true;
	}
	return false;
}
