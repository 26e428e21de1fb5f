/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_ROUTE_NL_H
#define NP_ROUTE_NL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/route.h"
#include "lib/route_encap.h"

/*
 * Routes on the wire: rtnetlink(7), linux/rtnetlink.h, net/ipv4/fib_frontend.c,
 * net/ipv6/route.c and net/mpls/af_mpls.c of the kernel.
 */
struct nlmsghdr;
struct nlattr;

/*
 * Reads RTM_NEWROUTE or RTM_DELROUTE into r, which must be initialised and is
 * reset first. Attributes that are unknown or too short are passed over, as a
 * newer kernel may have more of them. Returns 0, -ENOMEM, or -EBADMSG for a
 * message that is no route or whose attributes do not fit it.
 */
int np_route_decode(struct np_route *r, const struct nlmsghdr *nlh);

/*
 * Fills the rtmsg that nlh has behind its header and appends attributes; nlh has
 * room up to size bytes. Returns 0, or -EMSGSIZE with err filled.
 */
int np_route_encode(const struct np_route *r, struct nlmsghdr *nlh, size_t size,
		    struct np_err *err);

/* The parts, for route_nl.c, nexthop_nl.c and the tests. */
int np_nh_decode_multipath(struct np_route *r, const struct nlattr *attr);
int np_nh_encode_multipath(const struct np_route *r, struct nlmsghdr *nlh, size_t size);
/* One attribute of a nexthop, whether of the route or one of several. */
void np_nh_decode_attr(struct np_nh *nh, uint8_t family, const struct nlattr *attr);
/* RTA_ENCAP_TYPE may come after RTA_ENCAP, so the pair is decoded at the end. */
int np_nh_decode_encap(struct np_nh *nh, const struct nlattr *encap, uint16_t type);
int np_nh_encode(const struct np_nh *nh, uint8_t family, struct nlmsghdr *nlh, size_t size);

void np_metrics_decode(struct np_metrics *m, const struct nlattr *attr);
int np_metrics_encode(const struct np_metrics *m, struct nlmsghdr *nlh, size_t size);

void np_encap_decode(struct np_encap *e, const struct nlattr *attr, uint16_t type);
/* Appends what is inside RTA_ENCAP. */
int np_encap_encode(const struct np_encap *e, struct nlmsghdr *nlh, size_t size);

/*
 * The nested lists that more than one type has: tb[n] points at attribute n, NULL
 * where there is none; n goes up to max. Malformed tails end the list.
 */
void np_attr_table(const struct nlattr **tb, unsigned max, const void *payload, size_t len);

#endif
