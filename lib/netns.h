/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NETNS_H
#define NP_NETNS_H

#include <stdbool.h>

#include "lib/err.h"

/*
 * Enters the network namespace of /run/netns/NAME; what is in /etc/netns/NAME lies over /etc then,
 * for this process and its children (ip-netns(8)). Returns 0 or -errno.
 */
int np_netns_enter(const char *name, struct np_err *err);

/*
 * The first network namespace, which has what others have not (drop_monitor, the logger's
 * sysctl): process 1 is taken to be in it.
 */
bool np_netns_is_first(void);
/* Enters it; *back is for np_netns_back(), which returns to this one. Returns 0 or -errno. */
int np_netns_first_enter(int *back, struct np_err *err);
int np_netns_back(int back);

#endif
