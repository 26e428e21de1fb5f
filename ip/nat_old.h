/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_NAT_OLD_H
#define PRT_NAT_OLD_H

#include "ip/ctx.h"
#include "lib/route.h"
#include "lib/route_io.h"
#include "lib/rule.h"

/* `route … nat A via B`: is the route one for the module, or one for the kernel? */
bool nat_is_route(const struct np_route *r, enum np_route_op op);
/* The mapping in the place of such a route. Returns 0 or -errno. */
int nat_route(struct prt *p, enum np_route_op op, const struct np_route *r, struct np_err *err);

/* `rule … from B nat A`. */
bool nat_is_rule(const struct np_rule *rule);
/*
 * The mapping, and the rule without its NAT. Where the module is not, the rule as ip
 * makes it, with a warning. Returns 0 or -errno.
 */
int nat_rule(struct prt *p, struct np_rule *rule, bool del, struct np_err *err);

#endif
