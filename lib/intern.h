/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_INTERN_H
#define NP_INTERN_H

#include <stddef.h>

/* A set of strings: each is kept once, so that equal strings are equal pointers. */
struct np_intern;

/* Returns NULL when out of memory. Freed, with every string, by np_intern_free(). */
struct np_intern *np_intern_new(void);
void np_intern_free(struct np_intern *in);

/*
 * The kept copy of s (len bytes, may hold any byte but NUL). Returns NULL when
 * out of memory, or when the set is full (a garbled log must not fill memory).
 */
const char *np_intern(struct np_intern *in, const char *s, size_t len);

#endif
