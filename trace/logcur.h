/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOGCUR_H
#define PKTTRACE_LOGCUR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/*
 * A place in a line of a log, for the readers of its prefix and its fields.
 * Nothing here reads at or past end. The words are constants, so that a
 * compiler turns each comparison into one or two instructions.
 */
struct logcur {
	const char *p, *end;
};

static inline bool logcur_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline void logcur_skip(struct logcur *c)
{
	while (c->p < c->end && logcur_blank(*c->p))
		c->p++;
}

/* The same; false if there was none. */
static inline bool logcur_gap(struct logcur *c)
{
	const char *start = c->p;

	logcur_skip(c);
	return c->p > start;
}

static inline size_t logcur_left(const struct logcur *c)
{
	return (size_t)(c->end - c->p);
}

/* Takes word if it is the next that comes. */
static inline bool logcur_word(struct logcur *c, const char *word)
{
	size_t n = strlen(word);

	if (logcur_left(c) < n || memcmp(c->p, word, n))
		return false;
	c->p += n;
	return true;
}

static inline bool logcur_digit(const struct logcur *c)
{
	return c->p < c->end && (unsigned char)(*c->p - '0') <= 9;
}

/* Takes a run of digits; false if there is none or it does not fit. */
static inline bool logcur_u64(struct logcur *c, uint64_t max, uint64_t *v)
{
	const char *p = c->p, *stop = c->end - p > 19 ? p + 19 : c->end;
	uint64_t n = 0;

	for (; p < stop && (unsigned char)(*p - '0') <= 9; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	*v = n;
	stop = c->p;
	c->p = p;
	return p > stop && n <= max && !(p - stop == 19 && logcur_digit(c));
}

/* Value of a hexadecimal digit, -1 for any other byte. */
static inline int logcur_hex(char ch)
{
	/* 1 more than the value: 0 is no digit */
	static const uint8_t digits[256] = { ['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
		['A'] = 11, 12, 13, 14, 15, 16, ['a'] = 11, 12, 13, 14, 15, 16 };

	return digits[(unsigned char)ch] - 1;
}

/* The first " NAME=" in s..end: where NAME begins, or NULL. name: with the '='. */
static inline const char *logcur_field(const char *s, const char *end, const char *name)
{
	size_t n = strlen(name);

	while ((s = memchr(s, ' ', (size_t)(end - s)))) {
		s++;
		if ((size_t)(end - s) < n)
			return NULL;
		if (!memcmp(s, name, n))
			return s;
	}
	return NULL;
}

/* The end of the word that begins here: the next blank. */
static inline const char *logcur_word_end(const struct logcur *c)
{
	const char *e = c->p;

	while (e < c->end && !logcur_blank(*e))
		e++;
	return e;
}

#endif
