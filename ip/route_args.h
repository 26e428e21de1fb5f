/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_ROUTE_ARGS_H
#define PRT_ROUTE_ARGS_H

#include <stdbool.h>

#include "ip/ctx.h"
#include "lib/route.h"
#include "lib/route_io.h"

/* What the words of `route add` and its kin ask for, beside the route itself. */
struct route_req {
	struct prt *p;
	struct np_route route;
	bool via, nexthops, scope, table, type, dst;
	const char *dev; /* looked up at the end, as it is whichever device comes last */
	int dev_word;    /* its index in argv */
};

/* NODE_SPEC INFO_SPEC of ip-route(8) into req->route, which must be cleaned in any case. */
int route_parse(struct route_req *req, enum np_route_op op, struct np_args *a,
		struct np_err *err);

/* The words of one `nexthop`, until one that is not known. */
int route_parse_nh(struct route_req *req, struct np_nh *nh, struct np_args *a,
		   struct np_err *err);

/* [inet|inet6|…] ADDRESS of a gateway. */
int route_parse_via(struct route_req *req, struct np_nh *nh, struct np_args *a,
		    struct np_err *err);
/* [to] ADDRESS behind `as`. */
int route_parse_as(struct route_req *req, struct np_nh *nh, struct np_args *a,
		   struct np_err *err);

#endif
