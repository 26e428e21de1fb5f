/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_TEXT_H
#define PKTTRACE_TEXT_H

#include <stdint.h>

#include "lib/out.h"

/*
 * A line of text being written, which knows its column. What a log says is shown
 * with control characters (a log can hold any byte) as '?'.
 */
struct text {
	const struct np_out *out;
	unsigned col;
	unsigned gap; /* blanks due before what comes next, so that no line ends in them */
};

void text_put(struct text *t, const char *s);
/* Columns that text_put() would use. */
unsigned text_cols(const char *s);
/* At most cols columns; what is cut ends in "…". */
void text_put_cut(struct text *t, const char *s, unsigned cols);
void text_uint(struct text *t, uint64_t v);
/* Blanks up to a column; at least `least` of them. */
void text_to(struct text *t, unsigned col, unsigned least);
/* Blanks before whatever comes next on this line. */
void text_gap(struct text *t, unsigned n);
/* wide where the locale has it, else ascii. */
void text_glyph(struct text *t, const char *wide, const char *ascii);
void text_styled(struct text *t, enum np_style style, const char *s);
void text_on(struct text *t, enum np_style style);
void text_off(struct text *t);
void text_end(struct text *t);

#endif
