// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/line.h"

#include <stdarg.h>
#include <stdio.h>

void np_line_add(struct np_line *l, const char *fmt, ...)
{
	size_t room = sizeof(l->b) - l->n;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->b + l->n, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		l->n += (size_t)n < room ? (size_t)n : room - 1;
}

void np_line_pad(struct np_line *l, size_t col)
{
	np_line_add(l, "%*s", l->n + 2 > col ? 2 : (int)(col - l->n), "");
}
