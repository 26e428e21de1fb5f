// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "lib/route_nl.h"

void np_metrics_decode(struct np_metrics *m, const struct nlattr *nest)
{
	const struct nlattr *attr;

	*m = (struct np_metrics){ 0 };
	mnl_attr_for_each_nested(attr, nest) {
		unsigned type = mnl_attr_get_type(attr);
		size_t len = mnl_attr_get_payload_len(attr);

		if (type == 0 || type >= NP_METRIC_N)
			continue;
		if (type == RTAX_CC_ALGO) {
			if (len > sizeof(m->cc) - 1)
				len = sizeof(m->cc) - 1;
			memcpy(m->cc, mnl_attr_get_payload(attr), len);
		} else if (len < 4) {
			continue;
		} else if (type == RTAX_LOCK) {
			m->lock = mnl_attr_get_u32(attr);
		} else {
			m->v[type] = mnl_attr_get_u32(attr);
		}
		if (type != RTAX_LOCK)
			m->set |= 1u << type;
	}
}

int np_metrics_encode(const struct np_metrics *m, struct nlmsghdr *nlh, size_t size)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, size, RTA_METRICS);

	if (!nest)
		return -EMSGSIZE;
	/* the kernel of some attributes looks at the flag: it was never set for this one */
	nest->nla_type = RTA_METRICS;
	for (unsigned i = RTAX_LOCK + 1; i < NP_METRIC_N; i++) {
		bool put;

		if (!(m->set & 1u << i))
			continue;
		if (i == RTAX_CC_ALGO)
			put = mnl_attr_put_check(nlh, size, (uint16_t)i, strlen(m->cc), m->cc);
		else
			put = mnl_attr_put_u32_check(nlh, size, (uint16_t)i, m->v[i]);
		if (!put)
			return -EMSGSIZE;
	}
	if (m->lock && !mnl_attr_put_u32_check(nlh, size, RTAX_LOCK, m->lock))
		return -EMSGSIZE;
	mnl_attr_nest_end(nlh, nest);
	return 0;
}
