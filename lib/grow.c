// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/grow.h"

#include <stdlib.h>

void *np_grow(void *array, size_t have, size_t *cap, size_t n, size_t size)
{
	size_t want = *cap ? *cap : 8;

	if (have + n <= *cap)
		return array;
	while (want < have + n)
		want *= 2;
	array = reallocarray(array, want, size);
	if (array)
		*cap = want;
	return array;
}
