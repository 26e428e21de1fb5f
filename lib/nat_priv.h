/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NAT_PRIV_H
#define NP_NAT_PRIV_H

/* What the codecs of mappings share; for lib/nat_*nl.c alone. */
#include <libmnl/libmnl.h>

#include "kmod/static_nat_uapi.h"
#include "lib/nat_nl.h"

struct np_nat {
	struct np_nl *nl;
	uint16_t family;
	uint32_t group;
};

/* An empty request for the module. */
struct nlmsghdr *np_nat_request(struct np_nat *nat, uint8_t cmd);
/* np_nl_talk(), a refusal put as a sentence. */
int np_nat_talk(struct np_nat *nat, struct nlmsghdr *nlh, struct np_err *err);
int np_nat_too_long(struct np_err *err); /* -EMSGSIZE */

/*
 * lib/nat_mapping_nl.c: one mapping as an attribute of the message. False: there is no room,
 * and the message is as it was.
 */
bool np_nat_put(struct nlmsghdr *nlh, const struct np_nat_mapping *m);
/* The same without TO. */
bool np_nat_put_key(struct nlmsghdr *nlh, const struct np_nat_mapping *m);
/* What the module can look for by itself; nothing where that is nothing. */
bool np_nat_put_filter(struct nlmsghdr *nlh, const struct np_nat_filter *want);
/* Each MAPPING of a message, until fn() returns not 0, which is returned. */
int np_nat_each(const struct nlmsghdr *nlh,
		int (*fn)(const struct np_nat_mapping *m, void *arg), void *arg);

#endif
