/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NETNS_H
#define NP_NETNS_H

#include "lib/err.h"

/* Enters the network namespace of /run/netns/NAME (ip-netns(8)). Returns 0 or -errno. */
int np_netns_enter(const char *name, struct np_err *err);

#endif
