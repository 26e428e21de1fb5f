/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_FULLNAT_H
#define LVSCTL_FULLNAT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/lvs.h"

/*
 * FULLNAT on a kernel as it is. IPVS rewrites the destination of what it sends to a
 * masquerading real server (ip_vs_nat_xmit()), and with net.ipv4.vs.conntrack=1 tells
 * conntrack so (ip_vs_update_conntrack()); NAT in nf_tables can then rewrite the
 * source of the same connection in postrouting, and the answers find their way back
 * through the director whatever the real server's default route is.
 *
 * Which destinations are FULLNAT is kept in the kernel and nowhere else: in the maps of
 * one table, which is there as long as there is one such destination.
 */
struct fullnat;

#define FULLNAT_CONNTRACK "/proc/sys/net/ipv4/vs/conntrack"

/* A destination of a service. What identifies it depends on the service, see fullnat_key(). */
struct fullnat_dest {
	uint8_t family;   /* AF_INET or AF_INET6, of both addresses */
	uint8_t protocol; /* IPPROTO_TCP, _UDP, _SCTP; of no account with a fwmark */
	uint16_t port;    /* of the service, host byte order; 0: any */
	uint16_t rport;   /* of the real server; 0: as asked */
	uint32_t fwmark;  /* 0: the service is an address and a port */
	union fullnat_addr {
		struct in_addr v4;
		struct in6_addr v6;
	} vip, rip;
};

/* What the real server sees as the source. */
struct fullnat_source {
	enum np_lvs_fullnat mode;
	union fullnat_addr addr; /* NP_LVS_FULLNAT_ADDR: of the destination's family */
};

/*
 * Reads what there is. conntrack is FULLNAT_CONNTRACK (a file of their own for tests).
 * A kernel without nf_tables has no FULLNAT: that is no error until fullnat_set() wants
 * one; one whose nf_tables cannot be read is. Returns 0 or -errno.
 */
int fullnat_open(struct fullnat **f, const char *conntrack, struct np_err *err);
void fullnat_close(struct fullnat *f);

/* How the real server sees the clients of this destination. */
void fullnat_get(struct fullnat *f, const struct fullnat_dest *dest,
		 struct fullnat_source *source);

/*
 * Makes it so; NP_LVS_FULLNAT_NONE takes it away, and with the last one the table, and
 * vs.conntrack is as it was before the first. Returns 0, or -errno: nothing has changed.
 */
int fullnat_set(struct fullnat *f, const struct fullnat_dest *dest,
		const struct fullnat_source *source, struct np_err *err);

/*
 * fullnat_set() for many that have no source yet and of which no two have the same key, in
 * one transaction. Returns 0, or -errno: nothing has changed.
 */
struct fullnat_addition {
	struct fullnat_dest dest;
	struct fullnat_source source; /* not NP_LVS_FULLNAT_NONE */
};
int fullnat_add(struct fullnat *f, const struct fullnat_addition *add, size_t n,
		struct np_err *err);

/* Is a destination of dest's service FULLNAT? */
bool fullnat_serves(struct fullnat *f, const struct fullnat_dest *dest);

/* NP_LVS_FULLNAT_NONE for all destinations of dest's service. */
int fullnat_drop_service(struct fullnat *f, const struct fullnat_dest *dest, struct np_err *err);

/* NP_LVS_FULLNAT_NONE for all. */
int fullnat_flush(struct fullnat *f, struct np_err *err);

#endif
