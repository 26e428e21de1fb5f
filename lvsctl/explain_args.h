/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_EXPLAIN_ARGS_H
#define LVSCTL_EXPLAIN_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/cli.h"
#include "lvsctl/endpoint.h"

struct explain_request {
	uint8_t protocol; /* IPPROTO_TCP, _UDP, _SCTP; 0: a firewall mark */
	struct lvs_endpoint service;
	uint32_t fwmark;
	bool ipv6;       /* the mark's service of IPv6 */
	struct lvs_endpoint from, to;
	size_t simulate; /* 0: not wanted */
	size_t hold;     /* SIZE_MAX: all stay open */
	bool json, pretty;
};

extern const struct np_opt lvs_explain_opts[];

/*
 * argv[at] is the first word after the verb; simulate: the verb was that, with its own
 * word N. Returns 0 or -EINVAL with the word to blame.
 */
int lvs_explain_parse(struct explain_request *r, bool simulate, int argc, char **argv, int at,
	struct np_err *err);

#endif
