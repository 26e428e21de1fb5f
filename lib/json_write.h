/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_JSON_WRITE_H
#define NP_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * A streaming JSON writer. jansson reads our JSON, but it can only write a
 * document that it holds whole: a million routes would be a million hash
 * tables, and the trees cost 15 times what writing the text does. A unit test
 * holds what this writes against jansson's own text.
 *
 * Compact output is what iproute2 prints with -j: no blanks at all. Pretty
 * output (-p) indents by four and puts a blank after each colon.
 */
#define NP_JSON_DEPTH 32

struct np_json {
	FILE *fp;
	bool pretty;
	unsigned lines; /* compact, but what is at most this deep begins a line */
	bool like_ip; /* pretty as iproute2 is: `[ {`, and only members on lines of their own */
	unsigned depth;
	uint32_t some; /* bit n: something was written at depth n */
	bool named;    /* the next value's key is written already */
};

void np_json_init(struct np_json *j, FILE *fp, bool pretty);

/* key is NULL inside arrays and at the top. */
void np_json_open(struct np_json *j, const char *key, char bracket); /* '{' or '[' */
void np_json_close(struct np_json *j, char bracket);                 /* '}' or ']' */
void np_json_str(struct np_json *j, const char *key, const char *s);
void np_json_strn(struct np_json *j, const char *key, const char *s, size_t len);
void np_json_uint(struct np_json *j, const char *key, uint64_t v);
void np_json_int(struct np_json *j, const char *key, int64_t v);
void np_json_hex(struct np_json *j, const char *key, uint64_t v); /* the string "0x…" */
void np_json_bool(struct np_json *j, const char *key, bool v);
void np_json_null(struct np_json *j, const char *key);
/* The key of the next value, for one whose writer knows of none (it gives NULL). */
void np_json_key(struct np_json *j, const char *key);
/* Text that is JSON already, such as a number with a fixed count of decimals. */
void np_json_raw(struct np_json *j, const char *key, const char *text);
/* A newline after the document or after a line of JSON lines. */
void np_json_end(struct np_json *j);

#endif
