/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_CHANGE_H
#define PRT_CHANGE_H

#include "ip/ctx.h"
#include "lib/route_io.h"
#include "lib/rule.h"

/* A change by p->nl, shown if -echo wants it. Returns 0 or -errno, as np_rule_add() and others. */
int prt_rule_change(struct prt *p, const struct np_rule *rule, bool del, struct np_err *err);
int prt_route_change(struct prt *p, enum np_route_op op, const struct np_route *route,
		     struct np_err *err);

#endif
