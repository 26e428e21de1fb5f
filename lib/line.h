/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_LINE_H
#define NP_LINE_H

#include <stddef.h>

#define NP_LINE_MAX 1024

/* A line put together piece by piece; what does not fit is cut. {0} is an empty one. */
struct np_line {
	char b[NP_LINE_MAX]; /* terminated */
	size_t n;
};

void np_line_add(struct np_line *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Blanks up to a column, two at least. */
void np_line_pad(struct np_line *l, size_t col);

#endif
