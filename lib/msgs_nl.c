// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/msgs.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *reserve(struct np_msgs *m, size_t len)
{
	if (m->cap - m->len < len) {
		size_t cap = m->cap ? 2 * m->cap : 2 * NP_MSG_MAX;
		uint8_t *more = realloc(m->b, cap);

		if (!more)
			return NULL;
		m->b = more;
		m->cap = cap;
	}
	return m->b + m->len;
}

int np_msgs_add(struct np_msgs *m, const struct nlmsghdr *nlh)
{
	size_t len = NLMSG_ALIGN(nlh->nlmsg_len);
	uint8_t *at = len <= NP_MSG_MAX ? reserve(m, len) : NULL;

	if (!at)
		return -ENOMEM;
	memset(at + len - NLMSG_ALIGNTO, 0, NLMSG_ALIGNTO);
	memcpy(at, nlh, nlh->nlmsg_len);
	m->len += len;
	return 0;
}

struct nlmsghdr *np_msgs_next(const struct np_msgs *m, const struct nlmsghdr *at)
{
	size_t off = at ? (size_t)((const uint8_t *)at - m->b) + NLMSG_ALIGN(at->nlmsg_len) : 0;

	return off < m->len ? (struct nlmsghdr *)(m->b + off) : NULL;
}

void np_msgs_clear(struct np_msgs *m)
{
	m->len = 0;
}

void np_msgs_free(struct np_msgs *m)
{
	free(m->b);
	*m = (struct np_msgs){ 0 };
}
