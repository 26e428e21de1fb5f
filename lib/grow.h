/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_GROW_H
#define NP_GROW_H

#include <stddef.h>

/*
 * Room for n more elements of size bytes behind the have that are in the array, of which
 * *cap fit. Returns the array, moved or not; NULL: no memory, and the old one stays.
 */
void *np_grow(void *array, size_t have, size_t *cap, size_t n, size_t size);

#endif
