/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_LVS_QUICK_H
#define NP_LVS_QUICK_H

#include <stddef.h>

#include "lib/lvs.h"

/*
 * The real servers of an IPv4 service in one system call, where a dump over netlink
 * takes three: IPVS's older interface (getsockopt(2), IP_VS_SO_GET_DESTS in
 * net/netfilter/ipvs/ip_vs_ctl.c). It knows no IPv6, no tunnels but IPIP and no 64-bit
 * counters: stats and conns are left at 0.
 */
struct np_lvs_quick;

/* n: how many services there are. NULL: it cannot be had here; np_lvs_dests() can. */
struct np_lvs_quick *np_lvs_quick_new(size_t n);
void np_lvs_quick_free(struct np_lvs_quick *q);

/*
 * Each real server of svc, in the order of its list. Returns 0, what fn returned, or
 * -EAGAIN with nothing given to fn: np_lvs_dests() must be asked, because the service
 * has something that this interface does not show, or has changed.
 */
int np_lvs_quick_dests(struct np_lvs_quick *q, const struct np_lvs_svc *svc,
		       int (*fn)(const struct np_lvs_dest *dest, void *arg), void *arg);

#endif
