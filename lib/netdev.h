/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NETDEV_H
#define NP_NETDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/ifname.h"
#include "lib/nl.h"

/*
 * Links and the addresses on them, to be read and changed (rtnetlink(7)). Addresses
 * are bytes in network order, 4 or 16 of them.
 */

struct np_netdev {
	uint32_t ifindex;
	uint32_t flags; /* IFF_… */
	uint32_t mtu;
	char name[NP_IFNAMSIZ];
	char kind[NP_IFNAMSIZ]; /* "ipip", "veth", …; "" for hardware and lo */
	uint32_t master; /* the bridge, bond or VRF that it is a port of; 0: none */
};

struct np_netdev_addr {
	uint32_t ifindex;
	uint32_t flags;  /* IFA_F_… */
	uint8_t family;
	uint8_t bits;    /* of the prefix */
	uint8_t scope;   /* RT_SCOPE_… (IPv4: the kernel finds that of IPv6 itself) */
	bool deprecated; /* never the source of what this host begins (preferred lifetime 0) */
	uint8_t b[16];
	char label[NP_IFNAMSIZ]; /* IPv4: "lo:0"; "" for the name of the link */
};

/* All links, all addresses of both families; free(*devs), free(*addrs). 0 or -errno. */
int np_netdev_list(struct np_nl *nl, struct np_netdev **devs, size_t *n, struct np_err *err);
int np_netdev_addrs(struct np_nl *nl, struct np_netdev_addr **addrs, size_t *n,
		    struct np_err *err);

/* Returns 0, or -ENODEV: there is no such link. */
int np_netdev_get(struct np_nl *nl, const char *name, struct np_netdev *dev, struct np_err *err);
/* A link of a kind; the kernel loads what it needs for it. 0, -EEXIST, -EOPNOTSUPP … */
int np_netdev_add(struct np_nl *nl, const char *name, const char *kind, struct np_err *err);
int np_netdev_del(struct np_nl *nl, uint32_t ifindex, struct np_err *err);
int np_netdev_up(struct np_nl *nl, uint32_t ifindex, bool up, struct np_err *err);

/* -EEXIST: the address is on the link. IPv6 without duplicate address detection. */
int np_netdev_addr_add(struct np_nl *nl, const struct np_netdev_addr *addr, struct np_err *err);
/* -EADDRNOTAVAIL: it is not there. */
int np_netdev_addr_del(struct np_nl *nl, const struct np_netdev_addr *addr, struct np_err *err);

#endif
