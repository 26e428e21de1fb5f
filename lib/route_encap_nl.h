/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_ROUTE_ENCAP_NL_H
#define NP_ROUTE_ENCAP_NL_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/route_encap.h"

struct nlattr;
struct nlmsghdr;

/* The values of route_encap_nl.c that are headers or lists of their own. */
void np_encap_get_nested(struct np_encap *e, const struct np_encap_row *row,
			 const struct nlattr *attr);
/* False: it does not fit in size bytes, or cannot be sent (a BPF program is a file of ours). */
bool np_encap_put_nested(const struct np_encap *e, const struct np_encap_row *row,
			 struct nlmsghdr *nlh, size_t size);

/* IOAM: five attributes that say one thing (linux/ioam6_iptunnel.h). tb: attributes up to 31. */
void np_encap_get_ioam6(struct np_encap *e, const struct nlattr *const *tb);
bool np_encap_put_ioam6(const struct np_encap *e, struct nlmsghdr *nlh, size_t size);

/* NP_EK_OPTS (linux/lwtunnel.h, LWTUNNEL_IP_OPTS_…). */
void np_encap_get_opts(struct np_encap *e, const struct nlattr *attr);
bool np_encap_put_opts(const struct np_encap *e, uint16_t type, struct nlmsghdr *nlh,
		       size_t size);

#endif
