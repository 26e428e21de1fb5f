// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ip/route_verbs.h"
#include "lib/route_nl.h"

void route_printer_init(struct route_printer *rp, struct prt *p)
{
	long hz = sysconf(_SC_CLK_TCK);

	memset(rp, 0, sizeof(*rp));
	rp->p = p;
	rp->show.show = &p->show;
	rp->show.hz = hz > 0 ? (unsigned)hz : 100;
	np_route_init(&rp->route);
}

void route_printer_clean(struct route_printer *rp)
{
	for (unsigned i = 0; rp->object && i < ROUTE_OBJECTS; i++)
		np_nexthop_clean(&rp->object[i]);
	free(rp->object);
	np_nl_close(rp->objects);
	np_route_clean(&rp->route);
}

/* NULL: the kernel has no such object (any more), or there is no asking it. */
static const struct np_nexthop *find_object(struct route_printer *rp, uint32_t id)
{
	struct np_nexthop *nh;

	if (!rp->object)
		rp->object = calloc(ROUTE_OBJECTS, sizeof(*rp->object));
	if (!rp->object || (!rp->objects && np_nl_open(&rp->objects, NETLINK_ROUTE, NULL)))
		return NULL;
	nh = &rp->object[id % ROUTE_OBJECTS];
	if (nh->id == id)
		return nh;
	np_nexthop_clean(nh);
	if (np_nexthop_get(rp->objects, id, nh, NULL)) {
		memset(nh, 0, sizeof(*nh));
		return NULL;
	}
	return nh;
}

void route_printer_print(struct route_printer *rp)
{
	const struct np_route *r = &rp->route;

	rp->show.object = r->set & NP_RT_NHID && rp->p->show.details && r->nhid ?
				  find_object(rp, r->nhid) : NULL;
	route_print(&rp->show, r);
}

int route_printer_read(struct route_printer *rp, const struct nlmsghdr *nlh, struct np_err *err)
{
	int ret = np_route_decode(&rp->route, nlh);

	if (ret == -ENOMEM)
		return np_err_nomem(err);
	return ret ? np_err_set(err, -ret, "a message that is no route (type %u)",
				nlh->nlmsg_type) : 0;
}
