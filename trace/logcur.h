/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LOGCUR_H
#define LOGCUR_H

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
	const char *start = c->p;
	uint64_t n = 0;

	for (; logcur_digit(c); c->p++) {
		if (c->p - start == 19)
			return false;
		n = n * 10 + (uint64_t)(*c->p - '0');
	}
	*v = n;
	return c->p > start && n <= max;
}

/* Value of a hexadecimal digit, -1 for any other byte. */
static inline int logcur_hex(char ch)
{
	unsigned d = (unsigned char)ch - (unsigned)'0', a = ((unsigned char)ch | 0x20u) - 'a';

	return d <= 9 ? (int)d : a <= 5 ? (int)a + 10 : -1;
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
