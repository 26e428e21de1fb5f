/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_ERR_H
#define NP_ERR_H

#include <stdbool.h>

#define NP_ERR_TEXT 480

/*
 * Errors are values: a call that can fail returns 0 or a negative errno and
 * fills the np_err it was given, and only a tool's main prints it.
 */
struct np_err {
	int code;       /* positive errno; 0: no error */
	int word;       /* index of the word of argv that is to blame, -1: none */
	bool refused;   /* the kernel said no: main exits 2, not 1 */
	bool help;      /* no error: see np_err_help() */
	/* a sentence, no newline (but see lib/nl.h), no program; may be cut */
	char text[NP_ERR_TEXT];
};

#define NP_ERR_INIT { .word = -1 }

/*
 * Fills err (which may be NULL) with a positive errno and a formatted text.
 * Returns -code, so that callers write `return np_err_set(err, EINVAL, …)`.
 */
int np_err_set(struct np_err *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, and names the word of argv (an index) that is to blame. */
int np_err_word(struct np_err *err, int code, int word, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * Help was asked for where something else was to come: whoever knows of what shows it.
 * The text is empty. Returns -EINVAL, for the tools that this one replaces fail then.
 */
int np_err_help(struct np_err *err);

/* ENOMEM with its usual sentence. Returns -ENOMEM. */
int np_err_nomem(struct np_err *err);

/* Puts "PREFIX: " before the text that err holds, as an error climbs up. */
void np_err_prefix(struct np_err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
