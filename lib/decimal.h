/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_DECIMAL_H
#define NP_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

#define NP_DECIMAL_MAX 20 /* digits of UINT64_MAX */

/*
 * Writes v's digits at the end of buf, not terminated, and returns where they begin:
 * buf + the result, NP_DECIMAL_MAX - the result bytes. For lists of millions, where
 * printf's own reading of its format is what takes the time.
 */
static inline size_t np_decimal(char buf[NP_DECIMAL_MAX], uint64_t v)
{
	size_t at = NP_DECIMAL_MAX;

	do {
		buf[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	return at;
}

#endif
