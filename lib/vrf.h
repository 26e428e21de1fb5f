/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_VRF_H
#define NP_VRF_H

#include <stdint.h>

#include "lib/err.h"
#include "lib/nl.h"

/*
 * The routing table of a VRF device (IFLA_VRF_TABLE, linux/if_link.h). *table is 0
 * for a device that is no VRF. Returns 0 or -errno.
 */
int np_vrf_table(struct np_nl *nl, uint32_t ifindex, uint32_t *table, struct np_err *err);

#endif
