/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_LVS_H
#define NP_LVS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/ifname.h"
#include "lib/nl.h"

/*
 * IPVS over generic netlink (linux/ip_vs.h; net/netfilter/ipvs/ip_vs_ctl.c). Addresses are
 * in network order, IPv4 in the first four bytes and the rest zero; ports in host order.
 */
/* Counters since the last zeroing, and rates a second as the kernel estimates them. */
struct np_lvs_stats {
	uint64_t conns, inpkts, outpkts, inbytes, outbytes;
	uint64_t cps, inpps, outpps, inbps, outbps;
};

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
	struct np_lvs_stats stats;
};

/*
 * What a masquerading real server sees as the source. No business of IPVS, which keeps the
 * client's; the rest is FULLNAT.
 */
enum np_lvs_fullnat {
	NP_LVS_FULLNAT_NONE, /* the client: no FULLNAT */
	NP_LVS_FULLNAT_AUTO, /* the director's address on the way to the real server */
	NP_LVS_FULLNAT_ADDR, /* an address that was said */
};

struct np_lvs_dest {
	uint8_t af;
	uint8_t addr[16];
	uint16_t port;
	uint32_t fwd; /* IP_VS_CONN_F_MASQ, _LOCALNODE, _TUNNEL, _DROUTE */
	int32_t weight;
	uint32_t u_threshold, l_threshold; /* connections; 0: none */
	uint32_t active, inactive, persistent_conns;
	uint8_t tun_type;
	uint16_t tun_port, tun_flags;
	enum np_lvs_fullnat fullnat;
	uint8_t fullnat_af; /* as it was said; af is what works */
	uint8_t fullnat_addr[16];
	struct np_lvs_stats stats;
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
/*
 * np_nl_ask() for the service with key's key: in a batch *svc is filled, if there is one,
 * not before the flush; it has to be there until then. Returns 0 or -errno.
 */
int np_lvs_svc_ask(struct np_lvs *v, const struct np_lvs_svc *key, struct np_lvs_svc *svc,
		   struct np_err *err);

/* ---- lib/lvs_brief.c: real servers without what takes long ---- */

/*
 * The old interface of IPVS (getsockopt(2), do_ip_vs_get_ctl() in ip_vs_ctl.c): one system
 * call a service and no counters in attributes, where netlink takes three and some ten times
 * as long. It knows IPv4 only, and neither 64-bit counters nor what kind a tunnel is.
 */
struct np_lvs_brief;

/* The seam for tests: getsockopt() of such a socket. Returns 0 or -errno. */
struct np_lvs_brief_io {
	int (*get)(void *arg, int option, void *buf, size_t size);
	void *arg;
};

/* NULL: this kernel does not give it, or there is no memory; netlink does as well. io NULL: it. */
struct np_lvs_brief *np_lvs_brief_open(const struct np_lvs_brief_io *io);
void np_lvs_brief_close(struct np_lvs_brief *b);

/*
 * np_lvs_dests() with stats and tun_* all 0. tunnels: those fields of tunnels are
 * wanted. Returns 0, what fn returned, or -EOPNOTSUPP with fn not called: netlink must be
 * asked, about this service. Services in the order of np_lvs_svcs() are found at once.
 */
int np_lvs_brief_dests(struct np_lvs_brief *b, const struct np_lvs_svc *svc, bool tunnels,
		       int (*fn)(const struct np_lvs_dest *dest, void *arg), void *arg);

/* What is done with a service or with a real server. */
enum np_lvs_op { NP_LVS_ADD, NP_LVS_EDIT, NP_LVS_DEL };

/* np_nl_submit(): in a batch it may be kept back. Returns 0 or -errno. */
int np_lvs_change_svc(struct np_lvs *v, enum np_lvs_op op, const struct np_lvs_svc *svc,
		       struct np_err *err);
int np_lvs_change_dest(struct np_lvs *v, enum np_lvs_op op, const struct np_lvs_svc *svc,
			const struct np_lvs_dest *dest, struct np_err *err);

/* ---- lib/lvs_ctl_nl.c: what is not of one service ---- */

struct np_lvs_info {
	uint32_t version; /* 0x010201 is 1.2.1 */
	uint32_t size;    /* buckets of the table of connections */
};
int np_lvs_info(struct np_lvs *v, struct np_lvs_info *info, struct np_err *err);

/* Seconds; 0 when setting: as it is. */
struct np_lvs_timeouts {
	uint32_t tcp, tcpfin, udp;
};
int np_lvs_timeouts_get(struct np_lvs *v, struct np_lvs_timeouts *t, struct np_err *err);
int np_lvs_timeouts_set(struct np_lvs *v, const struct np_lvs_timeouts *t, struct np_err *err);

/* A daemon that tells of connections or hears of them. 0 and "" when starting: the kernel's. */
struct np_lvs_daemon {
	uint32_t state; /* IP_VS_STATE_MASTER or _BACKUP; 0: does not run */
	char ifn[NP_IFNAMSIZ];
	uint32_t syncid;
	uint16_t maxlen, port; /* bytes of a message; UDP */
	uint8_t ttl;
	uint8_t af;            /* of group; 0: none */
	uint8_t group[16];
};
/* Both that there can be: [0] the master, [1] the backup. */
int np_lvs_daemons(struct np_lvs *v, struct np_lvs_daemon daemons[2], struct np_err *err);
int np_lvs_daemon_start(struct np_lvs *v, const struct np_lvs_daemon *d, struct np_err *err);
int np_lvs_daemon_stop(struct np_lvs *v, uint32_t state, struct np_err *err);

/* Counters to 0: of one service with its real servers, or of all (svc NULL). */
int np_lvs_zero(struct np_lvs *v, const struct np_lvs_svc *svc, struct np_err *err);
/* No service is left. */
int np_lvs_flush(struct np_lvs *v, struct np_err *err);

/* ---- lib/lvs_err.c ---- */

/* What was asked of the kernel when it refused: the same errno means another thing for each. */
enum np_lvs_asked {
	NP_LVS_ASKED_OTHER,
	NP_LVS_ASKED_ADD_SVC,
	NP_LVS_ASKED_EDIT_SVC,
	NP_LVS_ASKED_DEL_SVC,
	NP_LVS_ASKED_ZERO,
	NP_LVS_ASKED_ADD_DEST,
	NP_LVS_ASKED_EDIT_DEST,
	NP_LVS_ASKED_DEL_DEST,
	NP_LVS_ASKED_START,
	NP_LVS_ASKED_STOP,
	NP_LVS_ASKED_LIST,
};
/*
 * Puts a sentence in place of what the netlink socket said of a refusal (err->code is
 * the kernel's errno). Errors that are none of the kernel's stay as they are.
 */
void np_lvs_refusal(struct np_err *err, enum np_lvs_asked asked);

#endif
