// SPDX-License-Identifier: GPL-2.0-or-later
#include "logprefix.h"

#include <ctype.h>
#include <stdbool.h>

#include "lib/trace.h"
#include "trace/logcur.h"
#include "trace/logstamp.h"

/* A prefix that begins somewhere in the line, before its time is worked out. */
struct reading {
	struct logcur c;
	struct logprefix out;
	struct logstamp st;
	enum { NO_TIME, STAMP, UNIX, REL_MINUTE, REL_DELTA } time;
	int64_t us; /* of UNIX and REL_DELTA */
	bool syslog5424;
	bool bracket; /* the time stood in brackets: dmesg, or journalctl's short-monotonic */
	bool exact;   /* read to the message, nothing left over */
};

/* The stamp's text is from start to here. */
static bool stamped(struct reading *r, const char *start)
{
	r->out.stamp = start;
	r->out.stamp_len = (size_t)(r->c.p - start);
	return true;
}

/* What dmesg puts between its brackets; the first one has been taken. */
static bool take_bracketed(struct reading *r)
{
	struct logcur *c = &r->c, start;
	int64_t us;

	logcur_skip(c);
	start = *c;
	r->bracket = true;
	if (logstamp_uptime(c, &us)) {
		r->out.uptime_us = us;
		r->out.set |= NP_TEV_UPTIME;
	} else if (*c = start, logcur_word(c, "+") && logstamp_uptime(c, &us)) {
		r->time = REL_DELTA;
		r->us = us;
		stamped(r, start.p);
	} else if (*c = start, logstamp_weekday(c) && logstamp_bsd(c, &r->st)) {
		r->time = STAMP;
		stamped(r, start.p);
	} else if (*c = start, r->st = (struct logstamp){ 0 }, logstamp_minute(c, &r->st)) {
		r->time = REL_MINUTE;
		stamped(r, start.p);
	} else {
		*c = start;
	}
	/* the time since the line before, with `dmesg -d` */
	logcur_skip(c);
	if (logcur_word(c, "<") && !logstamp_uptime(c, &us))
		return false;
	logcur_skip(c);
	logcur_word(c, ">");
	return logcur_word(c, "]") && c->p > start.p + 1;
}

/* /dev/kmsg's "4,1234,72841930,-;" and "4,1234,72841930,-,caller=T1;" */
static bool take_kmsg(struct reading *r)
{
	struct logcur *c = &r->c;
	const char *semicolon;
	uint64_t level, seq, us;

	if (!logcur_u64(c, 4095, &level) || !logcur_word(c, ",") ||
		!logcur_u64(c, UINT64_MAX, &seq) || !logcur_word(c, ",") ||
		!logcur_u64(c, INT64_MAX, &us) || !logcur_word(c, ","))
		return false;
	semicolon = memchr(c->p, ';', logcur_left(c));
	if (!semicolon || semicolon - c->p > 32)
		return false;
	c->p = semicolon + 1;
	r->out.uptime_us = (int64_t)us;
	r->out.set |= NP_TEV_UPTIME;
	return true;
}

/* "1779208271.570127" of `journalctl -o short-unix` */
static bool take_unix(struct reading *r)
{
	const char *start = r->c.p;
	int64_t us;

	if (!logstamp_uptime(&r->c, &us) || us < 100000000 * INT64_C(1000000))
		return false;
	r->us = us;
	r->time = UNIX;
	return stamped(r, start);
}

/* One of the forms of a time. On failure nothing is taken. */
static bool take_stamp(struct reading *r)
{
	struct reading start = *r;
	const char *s = r->c.p;

	if (r->c.p == r->c.end)
		return false;
	if (logcur_digit(&r->c)) {
		if (logstamp_iso(&r->c, &r->st)) {
			r->time = STAMP;
			return stamped(r, s);
		}
		*r = start;
		if (take_kmsg(r))
			return true;
		*r = start;
		if (take_unix(r))
			return true;
	} else if (logcur_word(&r->c, "[")) {
		if (take_bracketed(r))
			return true;
	} else if (isupper((unsigned char)*s)) {
		bool weekday = logstamp_weekday(&r->c);

		if (!weekday)
			r->c = start.c;
		if (logcur_digit(&r->c) ? weekday && logstamp_full(&r->c, &r->st)
					: logstamp_bsd(&r->c, &r->st)) {
			r->time = STAMP;
			return stamped(r, s);
		}
	}
	*r = start;
	return false;
}

/* dmesg -x: "kern  :warn  : " */
static void take_level_words(struct logcur *c)
{
	struct logcur start = *c;

	for (int i = 0; i < 2; i++) {
		const char *s = c->p;

		while (c->p < c->end && (islower((unsigned char)*c->p) || logcur_digit(c)))
			c->p++;
		if (c->p == s)
			break;
		logcur_skip(c);
		if (!logcur_word(c, ":"))
			break;
		if (i) {
			logcur_skip(c);
			return;
		}
	}
	*c = start;
}

/* "kern.warn", which some syslogds put before the tag */
static bool is_level_word(const char *s, size_t n)
{
	return n > 5 && n < 16 && (!memcmp(s, "kern.", 5) || !memcmp(s, "user.", 5));
}

/* "kernel:", or another program's "name:" */
static bool take_tag(struct logcur *c)
{
	const char *e;

	if (logcur_word(c, "kernel:"))
		return true;
	e = logcur_word_end(c);
	if (e - c->p < 2 || e[-1] != ':')
		return false;
	c->p = e;
	return true;
}

static void take_level_word(struct logcur *c)
{
	const char *e;

	logcur_skip(c);
	e = logcur_word_end(c);
	if (!is_level_word(c->p, (size_t)(e - c->p)))
		return;
	c->p = e;
	logcur_skip(c);
}

/* RFC 952's letters and an address's; a word with anything else is no host. */
static bool host_ok(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("._:%-", s[i]))
			return false;
	return len > 0;
}

/* The host and the tag after a time. */
static void take_origin(struct reading *r)
{
	struct logcur *c = &r->c, start;
	const char *host, *e, *tag;

	take_level_word(c);
	start = *c;
	if (c->p == c->end || *c->p == '[')
		return;
	host = c->p;
	e = logcur_word_end(c);
	tag = memmem(host, (size_t)(e - host), "kernel:", 7);
	/* "gw1kernel:", where the blank was eaten */
	if (tag && tag > host) {
		e = c->p = tag;
	} else {
		if (take_tag(c))
			return;
		c->p = e;
	}
	take_level_word(c);
	/* after dmesg's brackets a word is a message's own, unless the kernel's tag follows it */
	if (!host_ok(host, (size_t)(e - host)) ||
		(!take_tag(c) && (r->bracket || r->time == NO_TIME))) {
		*c = start;
		return;
	}
	r->out.host = host;
	r->out.host_len = (size_t)(e - host);
}

/* RFC 5424: HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA */
static void take_5424(struct reading *r)
{
	struct logcur *c = &r->c;

	for (int i = 0; i < 4; i++) {
		const char *e;

		logcur_skip(c);
		e = logcur_word_end(c);
		if (!i && !(e - c->p == 1 && *c->p == '-')) {
			r->out.host = c->p;
			r->out.host_len = (size_t)(e - c->p);
		}
		c->p = e;
	}
	logcur_skip(c);
	if (logcur_word(c, "-"))
		return;
	/* structured data, not the uptime */
	while (logcur_left(c) > 1 && *c->p == '[' && isalpha((unsigned char)c->p[1])) {
		const char *e = memchr(c->p, ']', logcur_left(c));

		if (!e)
			return;
		c->p = e + 1;
	}
}

/* The kernel's own "[ 72.841930]" and "[   T123]" (CONFIG_PRINTK_CALLER) after the tag. */
static void take_kernel_words(struct reading *r, const char *line)
{
	struct logcur *c = &r->c, start;
	int64_t us;

	logcur_skip(c);
	logcur_word(c, "\xef\xbb\xbf");
	logcur_skip(c);
	start = *c;
	if (logcur_word(c, "[") && logstamp_uptime(c, &us) && logcur_word(c, "]")) {
		r->out.uptime_us = us;
		r->out.set |= NP_TEV_UPTIME;
		r->out.uptime_at = (size_t)(start.p - line);
	} else {
		*c = start;
	}
	logcur_skip(c);
	start = *c;
	if (logcur_word(c, "[")) {
		uint64_t id;

		logcur_skip(c);
		if ((logcur_word(c, "T") || logcur_word(c, "C")) &&
			logcur_u64(c, UINT32_MAX, &id) && logcur_word(c, "]"))
			r->out.uptime_at = 0;
		else
			*c = start;
	}
	logcur_skip(c);
}

static bool take_priority(struct logcur *c)
{
	uint64_t n;

	return logcur_word(c, "<") && logcur_u64(c, 4095, &n) && logcur_word(c, ">");
}

/* Reads as if the prefix began at offset at. */
static void read_at(struct reading *r, const char *line, size_t len, size_t at)
{
	struct logcur start;
	bool stamp;

	*r = (struct reading){ .c = { line + at, line + len }, .out = { .host = "", .stamp = "" } };
	start = r->c;
	if (take_priority(&r->c))
		r->syslog5424 = logcur_word(&r->c, "1 ");
	else
		r->c = start;
	take_level_words(&r->c);
	stamp = take_stamp(r);
	if (stamp && r->syslog5424)
		take_5424(r);
	else
		take_origin(r);
	take_kernel_words(r, line);
	r->exact = r->c.p == r->c.end;
	r->out.exact = r->exact;
	if (!r->exact)
		r->out.uptime_at = 0;
}

static int score(const struct reading *r)
{
	return (r->time != NO_TIME) * 4 + r->exact * 2 + !!(r->out.set & NP_TEV_UPTIME) +
	       (r->out.host_len > 0);
}

/* Works out the time that a reading found. */
static void settle(struct logprefix_state *st, struct reading *r)
{
	struct logprefix *out = &r->out;

	switch (r->time) {
	case NO_TIME:
		return;
	case STAMP:
		out->wall_us = logclock_wall(&st->clock, &r->st);
		break;
	case UNIX:
		out->wall_us = r->us;
		break;
	case REL_MINUTE:
		out->wall_us = st->rel_us = logclock_wall(&st->clock, &r->st);
		break;
	case REL_DELTA:
		if (!st->rel_us)
			return;
		out->wall_us = st->rel_us += r->us;
		break;
	}
	out->set |= NP_TEV_WALL;
	if (r->time == REL_DELTA || (r->time != UNIX && !r->st.year))
		out->set |= NP_TEV_NO_YEAR;
}

/* Whether a time can begin here: the cheap look before read_at(). */
static bool may_begin(const char *line, size_t len, size_t at)
{
	unsigned char ch = (unsigned char)line[at];

	if (isalnum((unsigned char)line[at - 1]))
		return false;
	if (ch == '<' || ch == '[' || isdigit(ch))
		return true;
	if (ch == 'k')
		return len - at > 4 && !memcmp(line + at, "kern", 4);
	return isupper(ch) && len - at > 3 && islower((unsigned char)line[at + 1]) &&
	       islower((unsigned char)line[at + 2]);
}

/* How far into a line a prefix may begin, after file names, prompts and quotes. */
#define SEARCH_MAX 300

void logprefix_parse(
	struct logprefix_state *st, const char *line, size_t len, struct logprefix *out)
{
	struct reading best, r;

	read_at(&best, line, len, 0);
	if (!(best.exact && (best.time != NO_TIME || best.out.set & NP_TEV_UPTIME)))
		for (size_t at = 1; at < len && at < SEARCH_MAX; at++) {
			if (!may_begin(line, len, at))
				continue;
			read_at(&r, line, len, at);
			if (score(&r) > score(&best))
				best = r;
		}
	settle(st, &best);
	*out = best.out;
}
