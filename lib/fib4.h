/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_FIB4_H
#define NP_FIB4_H

#include "lib/fib.h"

/* Private to lib/fib4_*.c: what the two directions of IPv4 share. */

struct np_fib4 { /* one decision in the making */
	const struct np_fib *fib;
	const struct np_flow *flow;
	uint32_t pick;
	struct np_fib_decision *d;
};

static inline uint32_t np_fib4_word(const uint8_t *a)
{
	return (uint32_t)a[0] << 24 | (uint32_t)a[1] << 16 | (uint32_t)a[2] << 8 | a[3];
}

static inline bool np_fib4_is_zero(const uint8_t *a)
{
	return !np_fib4_word(a);
}

static inline bool np_fib4_is_lbcast(const uint8_t *a)
{
	return np_fib4_word(a) == UINT32_MAX;
}

static inline bool np_fib4_is_multicast(const uint8_t *a)
{
	return a[0] >> 4 == 0xe;
}

static inline bool np_fib4_is_loopback(const uint8_t *a)
{
	return a[0] == 127;
}

static inline bool np_fib4_is_local_multicast(const uint8_t *a)
{
	return np_fib4_word(a) >> 8 == 0xe00000;
}

/* Ends the decision. */
void np_fib4_end(struct np_fib4 *c, enum np_verdict v, enum np_fib_why why, int err);
/* A check; it may be told more. */
struct np_fib_check *np_fib4_check(struct np_fib4 *c, enum np_fib_check_name name, bool pass);
/* A check whose outcome a sysctl of dev decides. */
struct np_fib_check *np_fib4_check_conf(struct np_fib4 *c, enum np_fib_check_name name, bool pass,
				     const struct np_fib_dev *dev, enum np_fib_conf which);

int np_fib4_loopback(const struct np_fib *fib);
/* The flow as the kernel's lookup gets it. */
void np_fib4_key(const struct np_fib4 *c, struct np_fib_key *key);
/* The decision's own lookup of it, into its walk. -ENOMEM, which the decision then says too. */
int np_fib4_walk(struct np_fib4 *c, struct np_fib_key *key);
/* The nexthop that a walk ended with, NULL for a route without. */
const struct np_fib_nh *np_fib4_nh(const struct np_fib *fib, const struct np_fib_walk *w);
/* fib_select_multipath(): of the living ones, the pick-th. */
void np_fib4_select_path(struct np_fib4 *c);
/* The answer's route, device and gateway. */
void np_fib4_use_route(struct np_fib4 *c);
/* The device of what stays on this host: the VRF it is in, else lo (ip_rt_get_dev). */
int np_fib4_local_dev(const struct np_fib4 *c);

/*
 * fib_validate_source(): 0 the source is fine, 1 the verdict is given. dst is
 * zero for a broadcast, oif the device of the way on, 0: it stays here.
 */
int np_fib4_validate(struct np_fib4 *c, const struct np_fib_dev *dev, const uint8_t *dst, int oif);
void np_fib4_input(struct np_fib4 *c);
void np_fib4_output(struct np_fib4 *c);

#endif
