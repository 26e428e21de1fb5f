/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_LVS_H
#define NP_LVS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/nl.h"

/*
 * IPVS over generic netlink (linux/ip_vs.h; net/netfilter/ipvs/ip_vs_ctl.c). Addresses are
 * in network order, IPv4 in the first four bytes and the rest zero; ports in host order.
 */
struct np_lvs_svc {
	uint8_t af;
	uint8_t protocol; /* IPPROTO_TCP, _UDP, _SCTP; 0 with a firewall mark */
	uint16_t port;
	uint32_t fwmark;  /* 0: the service is protocol, address and port */
	uint8_t addr[16];
	char sched[16];
	char pe[16];       /* persistence engine, or "" */
	uint32_t flags;    /* IP_VS_SVC_F_* */
	uint32_t timeout;  /* of persistence, seconds */
	uint32_t netmask;  /* IPv4: in network order; IPv6: length of the prefix */
	uint64_t conns;    /* counted so far */
};

struct np_lvs_dest {
	uint8_t af;
	uint8_t addr[16];
	uint16_t port;
	uint32_t fwd; /* IP_VS_CONN_F_MASQ, _LOCALNODE, _TUNNEL, _DROUTE */
	int32_t weight;
	uint32_t upper, lower; /* thresholds; 0: none */
	uint32_t active, inactive, persistent;
	uint8_t tun_type;
	uint16_t tun_port, tun_flags;
	/*
	 * No business of IPVS, which sees a masquerading one: 0, or the source is rewritten
	 * too (FULLNAT), to an address of the director's choice or to fullnat_addr.
	 */
	enum { NP_LVS_FULLNAT_NONE, NP_LVS_FULLNAT_AUTO, NP_LVS_FULLNAT_ADDR } fullnat;
	uint8_t fullnat_af; /* as it was said; af is what works */
	uint8_t fullnat_addr[16];
	uint64_t conns;
};

struct np_lvs {
	struct np_nl *nl;
	uint16_t family;
};

/* Returns 0 or -errno; the module ip_vs is loaded by the kernel if it can be. */
int np_lvs_open(struct np_lvs *v, struct np_err *err);
void np_lvs_close(struct np_lvs *v);

/*
 * Each service, in no order; each real server of one, in the order of its list. fn's
 * answer that is not 0 ends it. Returns 0 or -errno.
 */
int np_lvs_svcs(struct np_lvs *v, int (*fn)(const struct np_lvs_svc *svc, void *arg), void *arg,
		 struct np_err *err);
int np_lvs_dests(struct np_lvs *v, const struct np_lvs_svc *svc,
		  int (*fn)(const struct np_lvs_dest *dest, void *arg), void *arg,
		  struct np_err *err);
/* One service by its key (af, and fwmark or protocol, addr and port). -ESRCH: there is none. */
int np_lvs_svc_get(struct np_lvs *v, struct np_lvs_svc *svc, struct np_err *err);

enum np_lvs_op { NP_LVS_ADD, NP_LVS_EDIT, NP_LVS_DEL };

/* np_nl_submit(): in a batch it may be kept back. Returns 0 or -errno. */
int np_lvs_change_svc(struct np_lvs *v, enum np_lvs_op op, const struct np_lvs_svc *svc,
		       struct np_err *err);
int np_lvs_change_dest(struct np_lvs *v, enum np_lvs_op op, const struct np_lvs_svc *svc,
			const struct np_lvs_dest *dest, struct np_err *err);

#endif
