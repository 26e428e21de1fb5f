/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_ARGS_H
#define NP_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * A cursor over the words of a command. The words are never written to. Parsers
 * take words from the front; errors name the word to blame by its index, so that
 * main can point at it. Abbreviations: np_abbrev() of lib/cli.h.
 */
struct np_args {
	int argc;
	char *const *argv;
	int at; /* index of the next word */
};

/* The next word, NULL at the end; peek leaves it there. */
const char *np_args_peek(const struct np_args *a);
const char *np_args_next(struct np_args *a);

/*
 * Takes the value that must follow the word taken last. expected says what it
 * should be ("a table"). Returns 0, or -EINVAL with err filled.
 */
int np_args_need(struct np_args *a, const char **value, const char *expected, struct np_err *err);

/*
 * -EINVAL, the word taken last (np_args_next, np_args_need) to blame: `"WORD" is
 * not EXPECTED`.
 */
int np_args_bad(const struct np_args *a, const char *expected, struct np_err *err);

/* -EINVAL with a text of one's own; the word taken last is to blame. */
int np_args_fail(const struct np_args *a, struct np_err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * -EINVAL, the word taken last is none that is known here: `unknown word "W": did
 * you mean "lookup"?`. words: n keywords of which the nearest is suggested.
 */
int np_args_unknown(const struct np_args *a, const char *const *words, size_t n,
		    struct np_err *err);

/*
 * strtoul's language, as iproute2's get_u32() and its like take numbers: base 0
 * means 0x, 0 or decimal. The whole word must be a number up to max. Returns 0 or
 * -EINVAL.
 */
int np_parse_uint(const char *word, int base, uint64_t max, uint64_t *v);
int np_parse_int(const char *word, int base, int64_t min, int64_t max, int64_t *v);

/* The same for the usual widths, base 0. */
int np_parse_u32(const char *word, uint32_t *v);
int np_parse_u8(const char *word, uint8_t *v);
/* The word up to its first end, or all of it, into buf. False: it does not fit. */
bool np_word_head(char *buf, size_t size, const char *word, char end);
/* MARK or MARK/MASK. *mask is left alone where none is said. Returns 0 or -EINVAL. */
int np_parse_mark(const char *word, uint32_t *mark, uint32_t *mask);
/*
 * A time in seconds, with or without a fraction ("60", "1.5", ".3"), whatever the
 * locale's point: above 0, up to 1000000000. Below a microsecond is one. Returns 0, or
 * -EINVAL with err filled and word number at to blame.
 */
int np_parse_seconds(const char *word, int at, int64_t *us, struct np_err *err);

#endif
