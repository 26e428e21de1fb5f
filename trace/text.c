// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/text.h"

#include <string.h>

#include "trace/fmt.h"

static void put(struct text *t, const char *s, size_t len)
{
	(void)fwrite_unlocked(s, 1, len, t->out->fp);
}

static const char blanks[] = "                                                                ";

static void put_blanks(struct text *t, unsigned n)
{
	t->col += n;
	for (; n > sizeof(blanks) - 1; n -= sizeof(blanks) - 1)
		put(t, blanks, sizeof(blanks) - 1);
	put(t, blanks, n);
}

void text_gap(struct text *t, unsigned n)
{
	t->gap = n;
}

static void close_gap(struct text *t)
{
	if (t->gap)
		put_blanks(t, t->gap);
	t->gap = 0;
}

/* Counts towards the column: not the second or a later byte of a UTF-8 sequence. */
static bool is_column(unsigned char c)
{
	return (c & 0xc0) != 0x80;
}

/*
 * Bytes at s that can be written as they are: 0 for a control character (U+0080
 * to U+009F are some as well), and for what is no UTF-8 or has no place in the
 * locale. A terminal copes with the rest.
 */
static size_t clean(const struct text *t, const unsigned char *s)
{
	size_t len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;

	if (s[0] < 0x80)
		return s[0] >= 0x20 && s[0] != 0x7f;
	if (!t->out->utf8 || s[0] < 0xc2 || s[0] > 0xf4 || (s[0] == 0xc2 && s[1] < 0xa0))
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (is_column(s[i]))
			return 0;
	}
	return len;
}

void text_put(struct text *t, const char *s)
{
	const char *from = s;
	size_t len;

	if (*s)
		close_gap(t);
	while (*s) {
		len = clean(t, (const unsigned char *)s);
		t->col++;
		if (len) {
			s += len;
			continue;
		}
		put(t, from, (size_t)(s - from));
		put(t, "?", 1);
		from = ++s;
	}
	put(t, from, (size_t)(s - from));
}

unsigned text_cols(const char *s)
{
	unsigned n = 0;

	for (; *s; s++)
		n += is_column((unsigned char)*s);
	return n;
}

void text_put_cut(struct text *t, const char *s, unsigned cols)
{
	char buf[2048]; /* more than the columns of any terminal */
	size_t at = 0;
	unsigned n = 0;

	if (text_cols(s) <= cols) {
		text_put(t, s);
		return;
	}
	while (at < sizeof(buf) - 1 && s[at] && (n + 1 < cols || !is_column((unsigned char)s[at])))
		n += is_column((unsigned char)s[at++]);
	memcpy(buf, s, at);
	buf[at] = '\0';
	text_put(t, buf);
	text_glyph(t, "…", ">");
}

void text_uint(struct text *t, uint64_t v)
{
	char buf[FMT_NUM];
	size_t len = fmt_uint(buf, v);

	close_gap(t);
	put(t, buf, len);
	t->col += (unsigned)len;
}

void text_to(struct text *t, unsigned col, unsigned least)
{
	unsigned n = t->col + least < col ? col - t->col : least;

	t->gap = 0;
	put_blanks(t, n);
}

void text_glyph(struct text *t, const char *wide, const char *ascii)
{
	const char *s = np_glyph(t->out, wide, ascii);

	close_gap(t);
	put(t, s, strlen(s));
	t->col += text_cols(s);
}

void text_on(struct text *t, enum np_style style)
{
	const char *s = np_style_on(t->out, style);

	put(t, s, strlen(s));
}

void text_off(struct text *t)
{
	const char *s = np_style_off(t->out);

	put(t, s, strlen(s));
}

void text_styled(struct text *t, enum np_style style, const char *s)
{
	text_on(t, style);
	text_put(t, s);
	text_off(t);
}

void text_end(struct text *t)
{
	put(t, "\n", 1);
	t->col = 0;
	t->gap = 0;
}
