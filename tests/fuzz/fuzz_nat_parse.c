// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as a write to /proc/net/static_nat: a line that is taken is, byte for byte, what its
 * meaning would be written as; every beginning of it may become a line; and pieces make no
 * difference. The first byte says where the pieces end.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/parse.h"

#define LINES 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct taken {
	struct sn_line line[LINES];
	size_t n;
};

static int take_line(void *arg, const struct sn_line *line)
{
	struct taken *t = arg;

	if (t->n == LINES)
		return -ENOSPC;
	t->line[t->n++] = *line;
	return 0;
}

static int as_text(const struct sn_line *line, char *text, size_t size)
{
	char from[INET_ADDRSTRLEN], to[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &line->from, from, sizeof(from));
	inet_ntop(AF_INET, &line->to, to, sizeof(to));
	return snprintf(text, size, "%c%s %s %s", line->add ? '+' : '-', from, to,
			line->src ? "src" : "dst");
}

static void check_line(const char *text, size_t len)
{
	struct sn_line line, part;
	char want[64];

	if (sn_parse_line(text, len, &line))
		return;
	if (len > SN_LINE_MAX || as_text(&line, want, sizeof(want)) != (int)len ||
	    memcmp(text, want, len) != 0)
		abort();
	for (size_t i = 0; i < len; i++)
		if (sn_parse_line(text, i, &part) != -EAGAIN)
			abort();
}

static int in_pieces(const char *text, size_t size, size_t piece, struct taken *t)
{
	struct sn_lines s = { .len = 0 };
	int err = 0;

	for (size_t at = 0; !err && at < size; at += piece) {
		err = sn_lines_feed(&s, text + at, at + piece > size ? size - at : piece,
				    take_line, t);
		if (s.len > SN_LINE_MAX)
			abort();
	}
	return err ? err : s.len ? sn_lines_end(&s, take_line, t) : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct taken once, twice;
	const char *text = (const char *)data + 1, *end;

	if (!size)
		return 0;
	size--;
	for (size_t at = 0; at < size; at += (size_t)(end - text) - at + 1) {
		end = memchr(text + at, '\n', size - at);
		if (!end)
			end = text + size;
		check_line(text + at, (size_t)(end - text) - at);
	}
	once.n = twice.n = 0;
	if (in_pieces(text, size, size + 1, &once) !=
		    in_pieces(text, size, data[0] % 40 + 1, &twice) ||
	    once.n != twice.n)
		abort();
	for (size_t i = 0; i < once.n; i++)
		if (once.line[i].from != twice.line[i].from || once.line[i].to != twice.line[i].to ||
		    once.line[i].add != twice.line[i].add || once.line[i].src != twice.line[i].src)
			abort();
	return 0;
}
