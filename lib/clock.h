/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_CLOCK_H
#define NP_CLOCK_H

#include <stdint.h>
#include <time.h>

/* What a clock says (CLOCK_MONOTONIC, CLOCK_REALTIME), in microseconds. */
static inline int64_t np_clock_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

#endif
