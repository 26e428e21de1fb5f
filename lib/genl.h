/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_GENL_H
#define NP_GENL_H

#include <stdint.h>

#include "lib/nl.h"

/* Generic netlink (linux/genetlink.h): requests, and what a family's name stands for. */

/* np_nl_request() with the header of generic netlink. */
struct nlmsghdr *np_genl_request(struct np_nl *nl, uint16_t family, uint16_t flags, uint8_t cmd,
				 uint8_t version);

/* The same at buf, which has room for it; more is put behind it with libmnl. */
struct nlmsghdr *np_genl_header(void *buf, uint16_t family, uint16_t flags, uint8_t cmd,
				uint8_t version);

/*
 * The number of a family, and of its multicast group (0: it has none of that name);
 * group and group_id may be NULL. Asking makes the kernel load the family's module,
 * where it can; where there is no such family, module is loaded by name. Returns 0 or
 * -errno; -ENOENT: there is none still.
 */
int np_genl_find(struct np_nl *nl, const char *module, const char *name, uint16_t *id,
		 const char *group, uint32_t *group_id, struct np_err *err);

#endif
