/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_BATCH_WORDS_H
#define PRT_BATCH_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/err.h"

/*
 * The lines of a batch file in iproute2's language: words between blanks, or between
 * quotes of either kind; # begins a remark; a backslash at the end joins lines.
 * Zero-initialise.
 */
struct words {
	char *text;       /* the line, its words ended by NULs */
	size_t text_cap;
	char *more;       /* a line that is joined */
	size_t more_cap;
	char **argv;      /* argv[0] is "prt"; NULL at the end */
	int argc;
	size_t argv_cap;
	uint32_t line;    /* number of the first line of the command, from 1 */
	uint32_t next;    /* lines read */
	const char *remark; /* behind the #, to the line's end; NULL: it has none */
};

/*
 * The next command. Returns 1 (argc is 1 for an empty line), 0 at the end, or -errno
 * with err filled: -ENODATA when the file ends where a line was to be joined.
 */
int words_read(struct words *w, FILE *fp, struct np_err *err);
void words_clean(struct words *w);

#endif
