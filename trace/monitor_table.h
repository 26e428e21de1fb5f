/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_MONITOR_TABLE_H
#define PKTTRACE_MONITOR_TABLE_H

#include "lib/nft.h"
#include "trace/filter.h"

/*
 * Makes the table of a monitor: an empty chain at either end of every hook, and in the
 * first of PREROUTING and OUTPUT the rule that traces (NULL: none). The socket of nft
 * owns it. Returns 0 or -errno.
 */
int monitor_table(struct np_nft *nft, const char *name, const struct filter_rule *rule,
	uint8_t chains, struct np_err *err);

#endif
