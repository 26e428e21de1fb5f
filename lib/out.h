/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_OUT_H
#define NP_OUT_H

#include <stdbool.h>
#include <stdio.h>

/* How a stream wants its text: decided once by main, handed to every renderer. */
struct np_out {
	FILE *fp;
	bool color;     /* escape sequences may be written */
	bool utf8;      /* the locale has arrows and box characters */
	unsigned width; /* columns of the terminal; 0: not a terminal, no limit */
};

enum np_color_when { NP_COLOR_NEVER, NP_COLOR_AUTO, NP_COLOR_ALWAYS };

enum np_style {
	NP_STYLE_PLAIN,
	NP_STYLE_BOLD,
	NP_STYLE_DIM,
	NP_STYLE_GOOD,   /* sent, delivered, ok */
	NP_STYLE_BAD,    /* dropped, vanished, error */
	NP_STYLE_WARN,   /* unfinished, warning */
	NP_STYLE_CHANGE, /* what a step rewrote */
	NP_STYLE_NAME,   /* chains, interfaces */
};

/*
 * Looks at fp, the locale (setlocale must have been called) and, for
 * NP_COLOR_AUTO, at NO_COLOR (https://no-color.org: set and not empty) and TERM.
 */
void np_out_init(struct np_out *out, FILE *fp, enum np_color_when when);

/*
 * Parses the word of -c[olor]=WORD: always, auto or never; "" means always, as
 * ip(8) has it. Returns 0, or -EINVAL and leaves *when alone.
 */
int np_color_parse(const char *word, enum np_color_when *when);

/* The escape sequence that begins a style, "" where out has no colour. */
const char *np_style_on(const struct np_out *out, enum np_style style);
const char *np_style_off(const struct np_out *out);

/* wide where out has UTF-8, else ascii. */
const char *np_glyph(const struct np_out *out, const char *wide, const char *ascii);

/* Opens /dev/null where stdin, stdout or stderr are closed: a socket would take their place. */
void np_out_fill_standard(void);

/*
 * Flushes fp and says whether all that was written arrived. Returns 0 or -errno
 * (EPIPE, ENOSPC, …); main turns that into its exit status.
 */
int np_out_finish(const struct np_out *out);

#endif
