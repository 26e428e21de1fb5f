/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_MSGS_H
#define NP_MSGS_H

#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;

/* No dump of routes or rules has a longer message (netlink_recvmsg() of the kernel). */
#define NP_MSG_MAX 32768

/* Netlink messages kept one behind the other. Zero-initialise. */
struct np_msgs {
	uint8_t *b; /* owned */
	size_t len, cap;
};

int np_msgs_add(struct np_msgs *m, const struct nlmsghdr *nlh); /* 0 or -ENOMEM */
/* NULL starts; NULL ends. The messages may be changed in place, but not their length. */
struct nlmsghdr *np_msgs_next(const struct np_msgs *m, const struct nlmsghdr *at);
void np_msgs_clear(struct np_msgs *m);
void np_msgs_free(struct np_msgs *m);

#endif
