// SPDX-License-Identifier: GPL-2.0-or-later
#include "json_write.h"

#include <string.h>

#include "lib/decimal.h"

void np_json_init(struct np_json *j, FILE *fp, bool pretty)
{
	*j = (struct np_json){ .fp = fp, .pretty = pretty };
}

static void put(struct np_json *j, const char *s, size_t len)
{
	(void)fwrite_unlocked(s, 1, len, j->fp);
}

static void put_c(struct np_json *j, char c)
{
	(void)putc_unlocked(c, j->fp);
}

/* Before a value at this depth, or before the bracket that ends what was below it. */
static void newline(struct np_json *j, bool closing)
{
	if (!j->pretty && j->depth + closing > j->lines)
		return;
	put_c(j, '\n');
	if (!j->pretty)
		return;
	for (unsigned i = 0; i < j->depth; i++)
		put(j, "    ", 4);
}

/*
 * Length of the well-formed UTF-8 sequence at s, 0 where there is none (RFC
 * 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
 */
static size_t utf8_len(const unsigned char *s, size_t left)
{
	static const struct {
		unsigned char lo, hi, lo2, hi2;
		size_t len;
	} rows[] = {
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
		{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
		{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (s[0] < rows[i].lo || s[0] > rows[i].hi)
			continue;
		if (left < rows[i].len || s[1] < rows[i].lo2 || s[1] > rows[i].hi2)
			return 0;
		for (size_t k = 2; k < rows[i].len; k++) {
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		}
		return rows[i].len;
	}
	return 0;
}

static void put_escape(struct np_json *j, unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = c ? strchr(from, c) : NULL;

	put_c(j, '\\');
	if (at) {
		put_c(j, to[at - from]);
		return;
	}
	put(j, "u00", 3);
	put_c(j, hex[c >> 4]);
	put_c(j, hex[c & 15]);
}

static bool plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Bytes that are no UTF-8 (a kernel log may hold any) become U+FFFD. */
static void put_string(struct np_json *j, const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t i = 0, n;

	put_c(j, '"');
	while (i < len) {
		for (n = i; n < len && plain(p[n]); n++)
			;
		put(j, s + i, n - i);
		i = n;
		if (i == len)
			break;
		if (p[i] < 0x80) {
			if (p[i] == 0x7f)
				put_c(j, 0x7f);
			else
				put_escape(j, p[i]);
			i++;
			continue;
		}
		n = utf8_len(p + i, len - i);
		if (n)
			put(j, s + i, n);
		else
			put(j, "\xef\xbf\xbd", 3);
		i += n ? n : 1;
	}
	put_c(j, '"');
}

static void before_value(struct np_json *j, const char *key)
{
	uint32_t bit = 1u << j->depth;

	if (j->named) { /* np_json_key() has said it all */
		j->named = false;
		return;
	}
	if (j->some & bit)
		put_c(j, ',');
	j->some |= bit;
	if (j->depth && (key || !j->like_ip))
		newline(j, false);
	if (key) {
		put_string(j, key, strlen(key));
		put_c(j, ':');
		if (j->pretty)
			put_c(j, ' ');
	}
}

void np_json_key(struct np_json *j, const char *key)
{
	before_value(j, key);
	j->named = true;
}

void np_json_open(struct np_json *j, const char *key, char bracket)
{
	before_value(j, key);
	put_c(j, bracket);
	if (j->pretty && j->like_ip && bracket == '[')
		put_c(j, ' ');
	if (j->depth < NP_JSON_DEPTH - 1)
		j->depth++;
	j->some &= ~(1u << j->depth);
}

void np_json_close(struct np_json *j, char bracket)
{
	bool some = j->some & (1u << j->depth);

	if (j->depth)
		j->depth--;
	if (some && j->pretty && j->like_ip && bracket == ']')
		put_c(j, ' ');
	else if (some)
		newline(j, true);
	put_c(j, bracket);
}

void np_json_strn(struct np_json *j, const char *key, const char *s, size_t len)
{
	before_value(j, key);
	put_string(j, s, len);
}

void np_json_str(struct np_json *j, const char *key, const char *s)
{
	np_json_strn(j, key, s, strlen(s));
}

void np_json_raw(struct np_json *j, const char *key, const char *text)
{
	before_value(j, key);
	put(j, text, strlen(text));
}

static void put_uint(struct np_json *j, uint64_t v)
{
	char buf[NP_DECIMAL_MAX];
	size_t at = np_decimal(buf, v);

	put(j, buf + at, sizeof(buf) - at);
}

void np_json_uint(struct np_json *j, const char *key, uint64_t v)
{
	before_value(j, key);
	put_uint(j, v);
}

void np_json_int(struct np_json *j, const char *key, int64_t v)
{
	before_value(j, key);
	if (v < 0)
		put_c(j, '-');
	put_uint(j, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void np_json_hex(struct np_json *j, const char *key, uint64_t v)
{
	char buf[24];
	int n = snprintf(buf, sizeof(buf), "0x%llx", (unsigned long long)v);

	np_json_strn(j, key, buf, n > 0 ? (size_t)n : 0);
}

void np_json_bool(struct np_json *j, const char *key, bool v)
{
	np_json_raw(j, key, v ? "true" : "false");
}

void np_json_null(struct np_json *j, const char *key)
{
	np_json_raw(j, key, "null");
}

void np_json_end(struct np_json *j)
{
	put_c(j, '\n');
	j->some &= ~(1u << j->depth);
}
