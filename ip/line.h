/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_LINE_H
#define PRT_LINE_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "ip/ctx.h"
#include "lib/decimal.h"

/*
 * Text of one record, put together here and handed to stdio in one piece: a list
 * of a million routes is mostly this.
 */
struct prt_line {
	const struct prt_show *show;
	size_t n;
	char b[1024];
};

static inline void line_begin(struct prt_line *l, const struct prt_show *show)
{
	l->show = show;
	l->n = 0;
}

static inline void line_end(struct prt_line *l)
{
	(void)fwrite_unlocked(l->b, 1, l->n, l->show->fp);
	l->n = 0;
}

static inline void line_mem(struct prt_line *l, const char *s, size_t len)
{
	if (len > sizeof(l->b) - l->n) {
		line_end(l);
		if (len > sizeof(l->b)) {
			(void)fwrite_unlocked(s, 1, len, l->show->fp);
			return;
		}
	}
	memcpy(l->b + l->n, s, len);
	l->n += len;
}

static inline void line_str(struct prt_line *l, const char *s)
{
	line_mem(l, s, strlen(s));
}

static inline void line_uint(struct prt_line *l, uint64_t v)
{
	char buf[NP_DECIMAL_MAX];
	size_t at = np_decimal(buf, v);

	line_mem(l, buf + at, sizeof(buf) - at);
}

/* "WORD VALUE " */
static inline void line_pair(struct prt_line *l, const char *word, const char *value)
{
	line_str(l, word);
	line_mem(l, " ", 1);
	line_str(l, value);
	line_mem(l, " ", 1);
}

static inline void line_pair_uint(struct prt_line *l, const char *word, uint64_t v)
{
	line_str(l, word);
	line_mem(l, " ", 1);
	line_uint(l, v);
	line_mem(l, " ", 1);
}

/* "VALUE ", the blank inside the colour as iproute2 has it. */
static inline void line_colored(struct prt_line *l, enum prt_color color, const char *value)
{
	if (l->show->color)
		line_str(l, prt_color_on(l->show, color));
	line_str(l, value);
	line_mem(l, " ", 1);
	if (l->show->color)
		line_str(l, prt_color_off(l->show, color));
}

#endif
