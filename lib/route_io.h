/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_ROUTE_IO_H
#define NP_ROUTE_IO_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/nl.h"
#include "lib/nexthop.h"
#include "lib/route.h"

/* What ip-route(8) does to the tables: RTM_NEWROUTE with these flags, or RTM_DELROUTE. */
enum np_route_op {
	NP_ROUTE_ADD,     /* NLM_F_CREATE | NLM_F_EXCL */
	NP_ROUTE_CHANGE,  /* NLM_F_REPLACE */
	NP_ROUTE_REPLACE, /* NLM_F_CREATE | NLM_F_REPLACE */
	NP_ROUTE_PREPEND, /* NLM_F_CREATE */
	NP_ROUTE_APPEND,  /* NLM_F_CREATE | NLM_F_APPEND */
	NP_ROUTE_TEST,    /* NLM_F_EXCL */
	NP_ROUTE_DEL,
};

/* Sends a change; in a batch it may be kept back (np_nl_submit). 0 or -errno. */
int np_route_change(struct np_nl *nl, enum np_route_op op, const struct np_route *r,
		    struct np_err *err);

/* RTM_GETROUTE for one destination: the answer goes to msg, in a batch later (np_nl_ask). */
int np_route_ask(struct np_nl *nl, const struct np_route *query, np_nl_msg *msg,
		 const void *arg, size_t arg_len, struct np_err *err);
/* The same, now. */
int np_route_get(struct np_nl *nl, const struct np_route *query, np_nl_msg *msg, void *arg,
		 struct np_err *err);

/* What the kernel itself can leave out of a dump (net/ipv4/fib_frontend.c, strict checking). */
struct np_route_dump {
	uint8_t family;   /* AF_UNSPEC: all */
	uint8_t protocol; /* 0: all */
	bool cached;      /* RTM_F_CLONED */
	uint32_t table;   /* 0: all */
	int oif;          /* 0: all */
	bool absent_ok;   /* a table that does not exist is empty */
};

/*
 * Routes, message by message, to the sink. A table that does not exist is
 * refused by the kernel, except the main one, which counts as empty: a namespace
 * that never had a route has none.
 */
int np_route_list(struct np_nl *nl, const struct np_route_dump *dump,
		  const struct np_nl_sink *sink, struct np_err *err);

/*
 * A message that a dump gave, turned into a deletion of just that route, in place,
 * and submitted (np_nl_submit).
 */
int np_route_delete_msg(struct np_nl *nl, struct nlmsghdr *nlh, struct np_err *err);

/*
 * A message of a save file goes to the kernel again, changed in place. Returns 0 or
 * -errno; -EEXIST when the route is there already.
 */
int np_route_restore_msg(struct np_nl *nl, struct nlmsghdr *nlh, struct np_err *err);

#endif
