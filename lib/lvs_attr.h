/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_LVS_ATTR_H
#define NP_LVS_ATTR_H

#include <libmnl/libmnl.h>

#include "lib/lvs.h"

/* What the codecs of IPVS share; for lib/lvs*_nl.c alone. */

/* A message of generic netlink (linux/genetlink.h). */
struct nlmsghdr *np_lvs_request(struct np_nl *nl, uint16_t family, uint8_t cmd);

/* Attributes of a nest by type; np_lvs_nest_attr is the callback that fills it. */
struct np_lvs_nest {
	const struct nlattr *a[32];
};
int np_lvs_nest_attr(const struct nlattr *attr, void *arg);
/* The attribute `type` of a message, taken apart. False: it has none. */
bool np_lvs_open_nest(const struct nlmsghdr *nlh, int type, struct np_lvs_nest *inner);

/* Values of attributes; 0 and "" where one is missing or has a size that it cannot have. */
uint64_t np_lvs_number(const struct np_lvs_nest *n, int type);
void np_lvs_address(const struct np_lvs_nest *n, int type, uint8_t addr[16], uint8_t af);
void np_lvs_string(const struct np_lvs_nest *n, int type, char *buf, size_t size);

/* What tells the service from others, as a nest still open; NULL: no room. */
struct nlattr *np_lvs_put_key(struct nlmsghdr *nlh, const struct np_lvs_svc *svc);
int np_lvs_too_long(struct np_err *err); /* -EMSGSIZE */

#endif
