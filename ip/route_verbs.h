/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_ROUTE_VERBS_H
#define PRT_ROUTE_VERBS_H

#include "ip/ctx.h"
#include "ip/route_filter.h"
#include "ip/route_show.h"
#include "lib/nexthop.h"
#include "lib/route.h"

/* The verbs of ip/route.c that have a file of their own. */
prt_cmd route_list, route_flush, route_save, route_restore, route_showdump;

/*
 * The words of get into q, which is initialised here and to be cleaned in any case; and
 * `len`, which is left alone where it is not said.
 */
int route_get_parse(struct prt *p, struct np_args *a, struct np_route *q, uint32_t *len,
		    struct np_err *err);

/*
 * A printer of routes from messages: the route that is filled again and again, and
 * the nexthop objects that -d shows, which are asked for over a socket of their own,
 * as the other one is in the middle of a dump.
 */
#define ROUTE_OBJECTS 64

struct route_printer {
	struct prt *p;
	struct route_show show;
	struct np_route route;
	struct np_nl *objects; /* NULL: not opened yet */
	struct np_nexthop *object; /* ROUTE_OBJECTS of them, by id (0: none); NULL: none yet */
};

void route_printer_init(struct route_printer *rp, struct prt *p);
void route_printer_clean(struct route_printer *rp);
/* Prints rp->route. */
void route_printer_print(struct route_printer *rp);
/* Decodes a message into rp->route. 0, or -errno with err filled (err may be NULL). */
int route_printer_read(struct route_printer *rp, const struct nlmsghdr *nlh, struct np_err *err);

#endif
