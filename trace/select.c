// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/select.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/args.h"
#include "lib/cli.h"
#include "trace/ports.h"
#include "trace/when.h"

/* A decimal or 0x number that ends at one of ends or the word's end; NULL: none. */
static const char *number(const char *s, uint32_t *v)
{
	unsigned base = 10, digit, n = 0;
	uint64_t sum = 0;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	}
	for (; isxdigit((unsigned char)*s); s++, n++) {
		digit = isdigit((unsigned char)*s) ? (unsigned)(*s - '0') :
						     (unsigned)(tolower(*s) - 'a') + 10;
		if (digit >= base)
			return NULL;
		sum = sum * base + digit;
		if (sum > UINT32_MAX)
			return NULL;
	}
	*v = (uint32_t)sum;
	return n ? s : NULL;
}

static int parse_range(struct select_term *t, const char *word)
{
	const char *s = number(word, &t->u.range.lo);

	t->u.range.hi = t->u.range.lo;
	if (s && (*s == '-' || *s == ':'))
		s = number(s + 1, &t->u.range.hi);
	return s && !*s && t->u.range.lo <= t->u.range.hi ? 0 : -EINVAL;
}

static int parse_ports(struct select_term *t, const char *word)
{
	uint16_t ports[2];

	if (ports_parse(ports, word))
		return -EINVAL;
	t->u.range.lo = ports[0];
	t->u.range.hi = ports[1];
	return 0;
}

static int parse_prefix(struct select_term *t, const char *word)
{
	/* "any" has no bytes */
	return np_prefix_parse(&t->u.prefix, word, AF_UNSPEC) || !t->u.prefix.len ? -EINVAL : 0;
}

static int parse_proto(struct select_term *t, const char *word)
{
	int proto = np_proto_parse(word, strlen(word));

	if (proto < 0)
		return -EINVAL;
	t->u.range.lo = t->u.range.hi = (uint32_t)proto;
	return 0;
}

static int parse_mark(struct select_term *t, const char *word)
{
	t->u.mark.mask = UINT32_MAX;
	return np_parse_mark(word, &t->u.mark.value, &t->u.mark.mask);
}

static int parse_when(struct select_term *t, const char *word, int64_t now_us)
{
	return when_parse(word, now_us, &t->u.when.uptime, &t->u.when.us);
}

static int parse_states(struct select_term *t, const char *word, struct np_nearest *near,
	char *bad, size_t size)
{
	t->u.states = 0;
	for (const char *s = word;; s++) {
		size_t len = strcspn(s, ",");
		uint32_t fits = 0;

		for (unsigned i = 0; i < PACKET_STATES; i++) {
			if (len && !strncmp(packet_state_name(i), s, len))
				fits |= 1u << i;
		}
		t->u.states |= fits;
		/* none, or several: "d" is dropped and delivered */
		if (!fits || (fits & (fits - 1))) {
			size_t n = len < size ? len : size - 1;

			memcpy(bad, s, n);
			bad[n] = '\0';
			near->word = bad;
			for (unsigned i = 0; i < PACKET_STATES; i++)
				np_nearest_try(near, packet_state_name(i));
			return -EINVAL;
		}
		s += len;
		if (!*s)
			return 0;
	}
}

static int parse_term(struct select_term *t, const char *word, int64_t now_us)
{
	switch (t->kind) {
	case SELECT_SRC:
	case SELECT_DST:
		return parse_prefix(t, word);
	case SELECT_SPORT:
	case SELECT_DPORT:
		return parse_ports(t, word);
	case SELECT_ID:
	case SELECT_SEQ:
		return parse_range(t, word);
	case SELECT_PROTO:
		return parse_proto(t, word);
	case SELECT_MARK:
		return parse_mark(t, word);
	case SELECT_SINCE:
	case SELECT_UNTIL:
		return parse_when(t, word, now_us);
	default:
		t->u.word = word;
		return *word ? 0 : -EINVAL;
	}
}

#define A_TIME "a time (\"May  8 16:30:29\", 2026-05-08T16:30, -10min, uptime in seconds)"

static const char *const wanted[SELECT_KINDS] = {
	[SELECT_SRC] = "an address or prefix",
	[SELECT_DST] = "an address or prefix",
	[SELECT_SPORT] = "a port or a range of ports",
	[SELECT_DPORT] = "a port or a range of ports",
	[SELECT_PROTO] = "a protocol",
	[SELECT_ID] = "a number or a range of numbers",
	[SELECT_SEQ] = "a number or a range of numbers",
	[SELECT_HOST] = "a host",
	[SELECT_SINCE] = A_TIME,
	[SELECT_UNTIL] = A_TIME,
	[SELECT_ENDED] = "a state: sent, delivered, dropped, vanished or unfinished",
	[SELECT_IN] = "an interface",
	[SELECT_OUT] = "an interface",
	[SELECT_TABLE] = "a table",
	[SELECT_CHAIN] = "a chain",
	[SELECT_MARK] = "a mark (VALUE[/MASK])",
};

int select_add(struct select *s, enum select_kind kind, const char *word, int64_t now_us,
	int word_at, struct np_err *err)
{
	struct select_term *t = &s->terms[s->n];
	struct np_nearest near = { .word = "" };
	char bad[64];
	int ret;

	if (s->n == SELECT_MAX)
		return np_err_word(err, EINVAL, word_at, "more than %d things to select by",
			SELECT_MAX);
	t->kind = kind;
	if (kind == SELECT_ENDED)
		ret = parse_states(t, word, &near, bad, sizeof(bad));
	else
		ret = parse_term(t, word, now_us);
	if (ret && near.best)
		return np_err_word(err, EINVAL, word_at,
			"unknown state \"%s\": did you mean \"%s\"?", bad, near.best);
	if (ret)
		return np_err_word(err, EINVAL, word_at, "\"%s\" is not %s", word, wanted[kind]);
	s->kinds |= 1u << kind;
	s->n++;
	return 0;
}

static bool in_prefix(const struct select_term *t, const struct np_hdr *h, const uint8_t *addr)
{
	return h->set & NP_HDR_ADDR && h->family == t->u.prefix.family &&
		np_bits_equal(addr, t->u.prefix.b, t->u.prefix.bits);
}

static bool in_range(const struct select_term *t, bool known, uint32_t v)
{
	return known && v >= t->u.range.lo && v <= t->u.range.hi;
}

/* A line without a mark is of a packet whose mark is 0. */
static bool has_mark(const struct select_term *t, const struct np_trace_event *ev)
{
	uint32_t mark = ev->set & NP_TEV_MARK ? ev->mark : 0;

	return !((mark ^ t->u.mark.value) & t->u.mark.mask);
}

static bool is_name(const char *want, const char *name)
{
	size_t len = strlen(want);

	if (!name)
		return false;
	if (len && want[len - 1] == '+')
		return !strncmp(want, name, len - 1);
	return !strcmp(want, name);
}

/* Kinds that are asked of every line of a packet. */
static bool fits_step(const struct select_term *t, const struct np_trace_event *ev)
{
	const struct np_hdr *h = &ev->hdr;

	switch (t->kind) {
	case SELECT_SRC:
		return in_prefix(t, h, h->src);
	case SELECT_DST:
		return in_prefix(t, h, h->dst);
	case SELECT_SPORT:
		return in_range(t, h->set & NP_HDR_PORTS, h->sport);
	case SELECT_DPORT:
		return in_range(t, h->set & NP_HDR_PORTS, h->dport);
	case SELECT_IN:
		return is_name(t->u.word, ev->in) || is_name(t->u.word, ev->physin);
	case SELECT_OUT:
		return is_name(t->u.word, ev->out) || is_name(t->u.word, ev->physout);
	case SELECT_TABLE:
		return is_name(t->u.word, ev->table);
	case SELECT_CHAIN:
		return is_name(t->u.word, ev->chain);
	case SELECT_MARK:
		return has_mark(t, ev);
	default:
		return false;
	}
}

static bool fits_when(const struct select_term *t, const struct np_trace_event *ev)
{
	int64_t us = t->u.when.uptime ? ev->uptime_us : ev->wall_us;

	if (!(ev->set & (t->u.when.uptime ? NP_TEV_UPTIME : NP_TEV_WALL)))
		return false;
	return t->kind == SELECT_SINCE ? us >= t->u.when.us : us <= t->u.when.us;
}

static bool fits(const struct select_term *t, const struct packet *p)
{
	const struct np_trace_event *ev = packet_first(p);
	const struct np_hdr *h = &ev->hdr;

	switch (t->kind) {
	case SELECT_PROTO:
		return in_range(t, h->set & NP_HDR_PROTO, h->proto);
	case SELECT_ID:
		return in_range(t, h->set & NP_HDR_ID, h->id);
	case SELECT_SEQ:
		return in_range(t, h->set & NP_HDR_SEQ, h->seq);
	case SELECT_HOST:
		return is_name(t->u.word, ev->host);
	case SELECT_SINCE:
	case SELECT_UNTIL:
		return fits_when(t, ev);
	case SELECT_ENDED:
		return t->u.states & 1u << p->outcome.state;
	default:
		break;
	}
	for (uint32_t i = 0; i < p->n_steps; i++) {
		if (fits_step(t, &p->steps[i].ev))
			return true;
	}
	return false;
}

bool select_packet(const struct select *s, const struct packet *p)
{
	uint32_t found = 0;

	if (!s->kinds)
		return true;
	for (unsigned i = 0; i < s->n; i++) {
		if (!(found & 1u << s->terms[i].kind) && fits(&s->terms[i], p))
			found |= 1u << s->terms[i].kind;
	}
	return found == s->kinds;
}
