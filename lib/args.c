// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/args.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cli.h"

const char *np_args_peek(const struct np_args *a)
{
	return a->at < a->argc ? a->argv[a->at] : NULL;
}

const char *np_args_next(struct np_args *a)
{
	return a->at < a->argc ? a->argv[a->at++] : NULL;
}

int np_args_need(struct np_args *a, const char **value, const char *expected, struct np_err *err)
{
	*value = np_args_next(a);
	if (*value)
		return 0;
	if (!a->at)
		return np_err_set(err, EINVAL, "%s is missing", expected);
	return np_err_word(err, EINVAL, a->at - 1, "\"%s\" must be followed by %s",
			   a->argv[a->at - 1], expected);
}

int np_args_bad(const struct np_args *a, const char *expected, struct np_err *err)
{
	return np_args_fail(a, err, "\"%s\" is not %s", a->at ? a->argv[a->at - 1] : "", expected);
}

int np_args_fail(const struct np_args *a, struct np_err *err, const char *fmt, ...)
{
	char text[sizeof(((struct np_err *)NULL)->text)]; /* err may be NULL */
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return np_err_word(err, EINVAL, a->at - 1, "%s", text);
}

int np_args_unknown(const struct np_args *a, const char *const *words, size_t n,
		    struct np_err *err)
{
	const char *word = a->at ? a->argv[a->at - 1] : "";
	struct np_nearest near = { .word = word };

	for (size_t i = 0; i < n; i++)
		np_nearest_try(&near, words[i]);
	if (near.best)
		return np_args_fail(a, err, "unknown word \"%s\": did you mean \"%s\"?", word,
				    near.best);
	return np_args_fail(a, err, "unknown word \"%s\"", word);
}

int np_parse_uint(const char *word, int base, uint64_t max, uint64_t *v)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(word, &end, base);
	if (errno || end == word || *end || n > max)
		return -EINVAL;
	*v = n;
	return 0;
}

int np_parse_int(const char *word, int base, int64_t min, int64_t max, int64_t *v)
{
	long long n;
	char *end;

	errno = 0;
	n = strtoll(word, &end, base);
	if (errno || end == word || *end || n < min || n > max)
		return -EINVAL;
	*v = n;
	return 0;
}

int np_parse_u32(const char *word, uint32_t *v)
{
	uint64_t n;

	if (np_parse_uint(word, 0, UINT32_MAX, &n))
		return -EINVAL;
	*v = (uint32_t)n;
	return 0;
}

int np_parse_u8(const char *word, uint8_t *v)
{
	uint64_t n;

	if (np_parse_uint(word, 0, UINT8_MAX, &n))
		return -EINVAL;
	*v = (uint8_t)n;
	return 0;
}

bool np_word_head(char *buf, size_t size, const char *word, char end)
{
	size_t len = (size_t)(strchrnul(word, end) - word);

	if (len >= size)
		return false;
	memcpy(buf, word, len);
	buf[len] = '\0';
	return true;
}

int np_parse_mark(const char *word, uint32_t *mark, uint32_t *mask)
{
	const char *slash = strchr(word, '/');
	char first[32];

	if (!slash)
		return np_parse_u32(word, mark);
	if (!np_word_head(first, sizeof(first), word, '/') || np_parse_u32(slash + 1, mask))
		return -EINVAL;
	return np_parse_u32(first, mark);
}

#define SECONDS_MAX 1000000000

/* Microseconds of ".25", 0 for no fraction; -EINVAL. */
static int64_t parse_fraction(const char *word)
{
	int64_t us = 0, place = 1000000;
	bool more = false;

	for (word += *word == '.'; *word >= '0' && *word <= '9'; word++) {
		place /= 10;
		us += place * (*word - '0');
		more |= *word != '0';
	}
	return *word ? -EINVAL : us ? us : more;
}

int np_parse_seconds(const char *word, int at, int64_t *us, struct np_err *err)
{
	size_t digits = strspn(word, "0123456789");
	int64_t whole = 0, part = parse_fraction(word + digits);

	for (size_t i = 0; i < digits && whole <= SECONDS_MAX; i++)
		whole = whole * 10 + word[i] - '0';
	if (part < 0 || !(whole || part) || whole > SECONDS_MAX ||
	    (whole == SECONDS_MAX && part))
		return np_err_word(err, EINVAL, at, "\"%s\" is not a time in seconds: "
				   "above 0, up to %d", word, SECONDS_MAX);
	*us = whole * 1000000 + part;
	return 0;
}
