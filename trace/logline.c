// SPDX-License-Identifier: GPL-2.0-or-later
#include "logline.h"

#include <stdlib.h>
#include <string.h>

#include "trace/logcur.h"
#include "trace/logfields.h"
#include "trace/logmemo.h"
#include "trace/lognote.h"
#include "trace/logprefix.h"

struct logline {
	struct np_intern *intern;
	struct logprefix_state prefix;
	const char *file;
	uint64_t line;
	struct logmemo *memo; /* NULL: each line is read anew */
};

struct logline *logline_new(struct np_intern *intern, int64_t now_us)
{
	struct logline *ll = calloc(1, sizeof(*ll));

	if (!ll)
		return NULL;
	ll->intern = intern;
	ll->file = "";
	ll->memo = calloc(1, sizeof(*ll->memo));
	if (!ll->memo) {
		free(ll);
		return NULL;
	}
	logclock_init(&ll->prefix.clock, now_us);
	return ll;
}

void logline_free(struct logline *ll)
{
	if (!ll)
		return;
	free(ll->memo);
	free(ll);
}

void logline_no_memory(struct logline *ll)
{
	free(ll->memo);
	ll->memo = NULL;
}

void logline_file(struct logline *ll, const char *name)
{
	const char *kept = np_intern(ll->intern, name, strlen(name));

	ll->file = kept ? kept : "";
	ll->line = 0;
	logclock_reset(&ll->prefix.clock);
	ll->prefix.rel_us = 0;
	if (ll->memo)
		logmemo_forget_prefix(ll->memo);
}

/* "table:chain:type:number", the first word after "TRACE:". */
struct head {
	const char *table, *chain;
	size_t table_len, chain_len;
	enum np_trace_type type;
	uint32_t number;
};

static bool word_before(const char *start, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - start) > n && !memcmp(end - n, word, n);
}

static bool name_bytes(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == 0x7f || (unsigned char)s[i] == 0xa0)
			return false;
	return len > 0;
}

/*
 * Reads s..end as a head, its names as they are. From the right, as a chain's name may
 * hold ':' (nf_log writes it as it is), and the table's never does.
 */
static bool head_split(struct head *h, const char *s, const char *end)
{
	const char *digits = end, *colon, *type;
	struct logcur c;
	uint64_t n;

	while (digits > s && (unsigned char)(digits[-1] - '0') <= 9)
		digits--;
	c = (struct logcur){ digits, end };
	if (digits == s || digits[-1] != ':' || !logcur_u64(&c, UINT32_MAX, &n))
		return false;
	type = digits - 1;
	if (word_before(s, type, ":rule"))
		h->type = NP_TRACE_RULE;
	else if (word_before(s, type, ":return"))
		h->type = NP_TRACE_RETURN;
	else if (word_before(s, type, ":policy"))
		h->type = NP_TRACE_POLICY;
	else
		return false;
	type -= strlen(np_trace_type_name(h->type)) + 1;
	colon = memchr(s, ':', (size_t)(type - s));
	if (!colon)
		return false;
	h->table = s;
	h->table_len = (size_t)(colon - s);
	h->chain = colon + 1;
	h->chain_len = (size_t)(type - h->chain);
	h->number = (uint32_t)n;
	return name_bytes(h->table, h->table_len) && name_bytes(h->chain, h->chain_len);
}

static bool head_read(struct head *h, const char *s, const char *end)
{
	/* XT_TABLE_MAXNAMELEN, XT_FUNCTION_MAXNAMELEN */
	return head_split(h, s, end) && h->table_len < 32 && h->chain_len < 32;
}

/* Finds the head after "TRACE:"; *fields: where "IN=" should be. */
static bool head_find(struct head *h, const char *s, const char *end, const char **fields)
{
	struct logcur c = { s, end };
	const char *word_end, *in;

	logcur_skip(&c);
	word_end = logcur_word_end(&c);
	/* a number that the line ends in may have lost digits */
	if (word_end < end && head_read(h, c.p, word_end)) {
		*fields = word_end;
		return true;
	}
	/* "policy:2IN=eth0": the blank was eaten */
	for (s = c.p; (in = memmem(s, (size_t)(word_end - s), "IN=", 3)); s = in + 1)
		if (head_read(h, c.p, in)) {
			*fields = in;
			return true;
		}
	return false;
}

/* What spoiled a head at s: it was cut off by the line's end, or its chain has no such name. */
static const char *head_damage(const char *s, const char *end)
{
	static const char *const tables[] = { "raw:", "mangle:", "nat:", "filter:", "security:" };
	struct logcur c = { s, end };
	const char *word_end;
	struct head h;
	size_t left;

	logcur_skip(&c);
	word_end = logcur_word_end(&c);
	left = (size_t)(word_end - c.p);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		size_t n = strlen(tables[i]);

		if (!left || memcmp(c.p, tables[i], left < n ? left : n))
			continue;
		if (word_end == end)
			return "the line ends in its first word";
		return head_split(&h, c.p, word_end) ? "a name that is longer than any" : NULL;
	}
	return NULL;
}

static const char *find(const char *s, const char *end, const char *word)
{
	return memmem(s, (size_t)(end - s), word, strlen(word));
}

static const char two_lines[] = "two TRACE lines are run together";
static const char too_many[] = "too many different names";

/* The time and the host before the message; NULL, or what is wrong with them. */
static const char *set_prefix(
	struct logline *ll, const char *line, size_t len, struct np_trace_event *ev)
{
	struct logprefix p;

	logprefix_parse(&ll->prefix, line, len, &p);
	/* what is left of another TRACE line comes first, and the time may be that one's */
	if (!p.exact && find(line, line + len, "TRACE:"))
		return two_lines;
	ev->set |= p.set;
	ev->wall_us = p.wall_us;
	ev->uptime_us = p.uptime_us;
	ev->host = np_intern(ll->intern, p.host, p.host_len);
	if (p.stamp_len < sizeof(ev->stamp)) {
		memcpy(ev->stamp, p.stamp, p.stamp_len);
		ev->stamp[p.stamp_len] = '\0';
	}
	if (!ev->host)
		return too_many;
	if (ll->memo)
		logmemo_keep_prefix(ll->memo, line, p.uptime_at, ev);
	return NULL;
}

static bool set_head(struct logline *ll, const struct head *h, struct np_trace_event *ev)
{
	ev->type = h->type;
	ev->number = h->number;
	ev->table = np_intern(ll->intern, h->table, h->table_len);
	ev->chain = np_intern(ll->intern, h->chain, h->chain_len);
	return ev->table && ev->chain;
}

/* The parts of a TRACE line, as far as they are known. */
struct parts {
	const char *at;     /* "TRACE:" */
	const char *fields; /* after the first word */
	const struct logmemo_head *known;
	struct head head; /* where known is NULL */
};

/* The first word after "TRACE:" at hit. */
static bool find_head(struct logline *ll, struct parts *parts, const char *hit, const char *end)
{
	const char *word = hit + strlen("TRACE: "), *word_end;

	parts->at = hit;
	parts->known = NULL;
	/* the common case: one blank, a word that is known, another blank */
	if (ll->memo && word < end && word[-1] == ' ') {
		word_end = memchr(word, ' ', (size_t)(end - word));
		parts->known = word_end ? logmemo_head(ll->memo, word, (size_t)(word_end - word))
					: NULL;
		if (parts->known) {
			parts->fields = word_end;
			return true;
		}
	}
	return head_find(&parts->head, hit + strlen("TRACE:"), end, &parts->fields);
}

/* Sets what the first word says; a word that can be met again is remembered. */
static bool take_head(struct logline *ll, const struct parts *parts, struct np_trace_event *ev)
{
	const struct logmemo_head *k = parts->known;
	const struct head *h = &parts->head;

	ev->set |= NP_TEV_NUMBER;
	if (k) {
		ev->table = k->table;
		ev->chain = k->chain;
		ev->type = k->type;
		ev->number = k->number;
		return true;
	}
	if (!set_head(ll, h, ev))
		return false;
	if (ll->memo && *parts->fields == ' ')
		logmemo_keep_head(ll->memo, h->table, (size_t)(parts->fields - h->table), ev);
	return true;
}

static bool take_fields(struct logline *ll, const char *s, const char *end,
	struct np_trace_event *ev, const char **why)
{
	struct logmemo_parts parts = { 0 };
	size_t len = (size_t)(end - s);

	if (ll->memo && logmemo_tail(ll->memo, s, len, ev))
		return true;
	memset(ev, 0, sizeof(*ev));
	if (ll->memo) {
		parts.ip = logmemo_ip(s, len);
		parts.at = logmemo_devices(ll->memo, s, parts.ip, ev);
	}
	if (logfields_parse(ll->intern, s, len, parts.at ? parts.ip : 0, ev, &parts.ttl, why) ==
		LOGFIELDS_BAD)
		return false;
	if (ll->memo)
		logmemo_keep_tail(ll->memo, s, len, &parts, ev);
	return true;
}

/* The prefix, if it is the line before's but for the uptime. */
static const char *recall_prefix(
	struct logline *ll, const char *line, const char *end, int64_t *uptime_us)
{
	const char *word = ll->memo ? logmemo_prefix(ll->memo, line, end, uptime_us) : NULL;

	return word ? word - strlen("TRACE: ") : NULL;
}

/* The first "TRACE:" that is one: a LOG rule's prefix can hold the word too. */
static bool find_trace(struct logline *ll, struct parts *parts, const char *line,
	const char *end, const char **why)
{
	const char *hit = line;

	while ((hit = find(hit, end, "TRACE:"))) {
		if (find_head(ll, parts, hit, end))
			return true;
		hit += strlen("TRACE:");
		if (!*why)
			*why = head_damage(hit, end);
	}
	return false;
}

/* Why a line with a good head is damaged: most often another line begins in it. */
static const char *blame(struct logline *ll, const char *s, const char *end, const char *why)
{
	struct parts other;
	const char *damage = NULL;

	if (find_trace(ll, &other, s, end, &damage))
		return two_lines;
	return memchr(s, '\0', (size_t)(end - s)) ? "bytes of the line are lost" : why;
}

static void recalled(const struct logmemo_prefix *p, int64_t uptime_us, struct np_trace_event *ev)
{
	ev->set |= p->set;
	ev->host = p->host;
	ev->wall_us = p->wall_us;
	ev->uptime_us = uptime_us;
	memcpy(ev->stamp, p->stamp, sizeof(ev->stamp));
}

static enum logline_kind parse_trace(struct logline *ll, const char *line, const char *end,
	struct np_trace_event *ev, const char **why)
{
	struct parts parts;
	int64_t uptime_us;
	const char *known = recall_prefix(ll, line, end, &uptime_us), *wrong;
	const char *damage = NULL;

	if (known && !find_head(ll, &parts, known, end))
		known = NULL;
	if (!known && !find_trace(ll, &parts, line, end, &damage)) {
		*why = damage;
		return damage ? LOGLINE_DAMAGED : LOGLINE_OTHER;
	}
	/* a crash leaves blocks of NULs in a log; what they stand for is not known */
	if (!known && memchr(line, '\0', (size_t)(parts.at - line))) {
		*why = "bytes of the line are lost";
		return LOGLINE_DAMAGED;
	}
	if (!take_fields(ll, parts.fields, end, ev, why)) {
		*why = blame(ll, parts.fields, end, *why);
		return LOGLINE_DAMAGED;
	}
	ev->line = ll->line;
	ev->line_len = (uint32_t)(end - line);
	ev->file = ll->file;
	wrong = take_head(ll, &parts, ev) ? NULL : too_many;
	if (known)
		recalled(&ll->memo->prefix, uptime_us, ev);
	else if (!wrong)
		wrong = set_prefix(ll, line, (size_t)(parts.at - line), ev);
	if (!wrong)
		return LOGLINE_TRACE;
	*why = wrong;
	return LOGLINE_DAMAGED;
}

static enum logline_kind parse_note(
	struct logline *ll, const char *line, const char *end, struct timeline_note *note)
{
	struct timeline_note n = { 0 };
	const char *at, *dev;
	struct logprefix p;
	size_t dev_len;

	if (!lognote_parse(line, end, &n, &at, &dev, &dev_len))
		return LOGLINE_OTHER;
	logprefix_parse(&ll->prefix, line, (size_t)(at - line), &p);
	n.host = np_intern(ll->intern, p.host, p.host_len);
	n.dev = np_intern(ll->intern, dev, dev_len);
	if (!n.host || !n.dev)
		return LOGLINE_OTHER;
	*note = n;
	return LOGLINE_NOTE;
}

static enum logline_kind parse(struct logline *ll, const char *line, const char *end,
	struct np_trace_event *ev, struct timeline_note *note, const char **why)
{
	enum logline_kind kind = parse_trace(ll, line, end, ev, why);

	return kind == LOGLINE_OTHER && note ? parse_note(ll, line, end, note) : kind;
}

/* A TRACE line is shorter: about 1020 bytes and a prefix. */
#define CLEAN_MAX 4096

/* What a web page makes of blanks and of '>'. */
static const struct {
	const char *from;
	char to;
} web[] = { { "\xc2\xa0", ' ' }, { "&nbsp;", ' ' }, { "&#160;", ' ' }, { "&gt;", '>' } };

/* Copies the line without them; returns the length, 0 if there were none. */
static size_t clean(char *to, const char *s, size_t len)
{
	const char *end = s + len;
	size_t n = 0;
	bool any = false;

	while (s < end) {
		size_t skip = 1;

		to[n] = *s;
		for (size_t i = 0; i < sizeof(web) / sizeof(web[0]); i++) {
			size_t w = strlen(web[i].from);

			if ((size_t)(end - s) >= w && !memcmp(s, web[i].from, w)) {
				to[n] = web[i].to;
				skip = w;
				any = true;
			}
		}
		s += skip;
		n++;
	}
	return any ? n : 0;
}

/* Whether a reading may be better of a copy without the marks of the web. */
static bool wants_cleaning(
	enum logline_kind kind, const char *line, size_t len, const struct np_trace_event *ev)
{
	if (len > CLEAN_MAX)
		return false;
	if (kind == LOGLINE_TRACE)
		/* the fields were read: only the prefix can have hidden something */
		return !*ev->host && !ev->stamp[0] && memchr(line, 0xc2, len);
	return kind != LOGLINE_NOTE && (memchr(line, 0xc2, len) || memchr(line, '&', len));
}

enum logline_kind logline_parse(struct logline *ll, const char *line, size_t len,
	struct np_trace_event *ev, struct timeline_note *note, const char **why)
{
	const char *ignored;
	enum logline_kind kind;

	if (!why)
		why = &ignored;
	ll->line++;
	kind = parse(ll, line, line + len, ev, note, why);
	if (wants_cleaning(kind, line, len, ev)) {
		char copy[CLEAN_MAX];
		size_t n = clean(copy, line, len);

		if (n)
			return parse(ll, copy, copy + n, ev, note, why);
	}
	return kind;
}
