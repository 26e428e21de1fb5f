/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_FIB_LOAD_H
#define NP_FIB_LOAD_H

#include "lib/err.h"
#include "lib/fib.h"
#include "lib/nl.h"

struct np_rule;
struct np_route;

/*
 * What the kernel knows, read into fib (np_fib_init'd, empty): links, addresses,
 * joined groups, sysctls, rules and the routes of all tables, sealed. Returns 0
 * or -errno.
 */
struct np_fib_rule_sink { /* for a renderer: gets the model of fib->rules[i] as the i-th */
	int (*rule)(void *arg, const struct np_rule *rule); /* 0 or -errno */
	void (*restart)(void *arg); /* the dump begins again: forget the rules seen */
	void *arg;
};
int np_fib_load(struct np_fib *fib, struct np_nl *nl, const struct np_fib_rule_sink *rules,
		struct np_err *err);

/* lib/fib_load.c: the model of a rule or a route into fib's. 0 or -ENOMEM. */
int np_fib_load_rule(struct np_fib *fib, const struct np_rule *rule);
int np_fib_load_route(struct np_fib *fib, const struct np_route *route);
/* lib/fib_link_nl.c: links and addresses over netlink. */
int np_fib_load_links(struct np_fib *fib, struct np_nl *nl, struct np_err *err);
int np_fib_load_addrs(struct np_fib *fib, struct np_nl *nl, struct np_err *err);
/* lib/fib_nl.c: rules (links must be there: names become indices) and routes. */
int np_fib_load_rules(struct np_fib *fib, struct np_nl *nl, const struct np_fib_rule_sink *rules,
		      struct np_err *err);
int np_fib_load_routes(struct np_fib *fib, struct np_nl *nl, struct np_err *err);
/* lib/fib_proc.c: /proc/sys/net/…/conf/all and /proc/net/igmp, igmp6. */
void np_fib_load_conf(struct np_fib *fib);
int np_fib_load_groups(struct np_fib *fib, struct np_err *err);

#endif
