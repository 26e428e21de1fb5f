// SPDX-License-Identifier: GPL-2.0-only
/*
 * The language of /proc/net/static_nat. Strict: one blank between words, no leading zeros (some
 * programs read them as octal), nothing behind the direction. What is taken in parts of a word, or
 * with something behind it, is a typing error that silently does something else.
 */
#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/string.h>
#include <asm/byteorder.h>
#else
#include <errno.h>
#include <string.h>
#include <asm/byteorder.h>
#endif

#include "parse.h"

/* What of the line has not been read yet; cut: something that might stand behind it was wanted. */
struct cursor {
	const char *p;
	const char *end;
	bool cut;
};

static bool take(struct cursor *c, char wanted)
{
	if (c->p == c->end)
		c->cut = true;
	if (c->p == c->end || *c->p != wanted)
		return false;
	c->p++;
	return true;
}

static bool is_digit(const struct cursor *c)
{
	return c->p < c->end && *c->p >= '0' && *c->p <= '9';
}

static bool take_octet(struct cursor *c, __u32 *octet)
{
	const char *begin = c->p;
	__u32 value = 0;

	while (is_digit(c) && value <= 255)
		value = value * 10 + (__u32)(*c->p++ - '0');
	if (c->p == begin && c->p == c->end)
		c->cut = true;
	if (c->p == begin || value > 255)
		return false;
	if (*begin == '0' && c->p - begin > 1)
		return false;
	*octet = value;
	return true;
}

static bool take_address(struct cursor *c, __be32 *address)
{
	__u32 value = 0, octet;
	int i;

	for (i = 0; i < 4; i++) {
		if (i && !take(c, '.'))
			return false;
		if (!take_octet(c, &octet))
			return false;
		value = value << 8 | octet;
	}
	*address = __cpu_to_be32(value);
	return true;
}

static bool take_direction(struct cursor *c, bool *src)
{
	size_t len = c->end - c->p;
	bool dst;

	if (len > 3)
		return false;
	*src = !memcmp(c->p, "src", len);
	dst = !memcmp(c->p, "dst", len);
	c->cut = len < 3 && (*src || dst);
	return len == 3 && (*src || dst);
}

/* Loopback or multicast: what an older module took can be deleted still. */
static bool is_special(__be32 addr)
{
	__u32 host = __be32_to_cpu(addr);

	return host >> 24 == 127 || host >> 28 == 0xe;
}

int sn_parse_line(const char *text, size_t len, struct sn_line *line)
{
	struct cursor c = { text, text + len, false };

	line->add = take(&c, '+');
	if (!line->add && !take(&c, '-'))
		return c.cut ? -EAGAIN : -EINVAL;
	if (!take_address(&c, &line->from) || !take(&c, ' ') ||
	    !take_address(&c, &line->to) || !take(&c, ' ') || !take_direction(&c, &line->src))
		return c.cut ? -EAGAIN : -EINVAL;
	if (!line->from || !line->to || line->from == line->to)
		return -EINVAL;
	if (line->add && (is_special(line->from) || is_special(line->to)))
		return -EINVAL;
	return 0;
}

int sn_lines_end(struct sn_lines *s, sn_line_fn emit, void *arg)
{
	struct sn_line line;
	int err = sn_parse_line(s->tail, s->len, &line);

	s->len = 0;
	return err ? -EINVAL : emit(arg, &line);
}

int sn_lines_pause(struct sn_lines *s, sn_line_fn emit, void *arg)
{
	struct sn_line line;
	int err = sn_parse_line(s->tail, s->len, &line);

	if (err == -EAGAIN)
		return 0;
	s->len = 0;
	s->ended = !err;
	return err ? err : emit(arg, &line);
}

int sn_lines_feed(struct sn_lines *s, const char *text, size_t len, sn_line_fn emit, void *arg)
{
	const char *end = text + len;
	int err;

	if (s->ended && len) {
		s->ended = false;
		text += *text == '\n';
	}
	for (; text < end; text++) {
		if (*text != '\n') {
			if (s->len == SN_LINE_MAX)
				return -EINVAL;
			s->tail[s->len++] = *text;
			continue;
		}
		err = sn_lines_end(s, emit, arg);
		if (err)
			return err;
	}
	return 0;
}
