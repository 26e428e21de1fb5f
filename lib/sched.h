/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_SCHED_H
#define NP_SCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * What the schedulers of IPVS choose, as a model: nothing here asks the kernel.
 * Each behaviour is that of net/netfilter/ipvs/ip_vs_<name>.c, Linux 4.18 and
 * later on a 64-bit machine, with the table sizes that a kernel has which is not
 * configured otherwise (256 buckets for sh and dh, 4,093 for mh).
 */
enum np_sched_kind {
	NP_SCHED_RR,
	NP_SCHED_WRR,
	NP_SCHED_LC,
	NP_SCHED_WLC,
	NP_SCHED_SED,
	NP_SCHED_NQ,
	NP_SCHED_FO,
	NP_SCHED_OVF,
	NP_SCHED_SH,
	NP_SCHED_MH,
	NP_SCHED_DH,
	NP_SCHED_LBLC,
	NP_SCHED_LBLCR,
	NP_SCHED_KINDS,
};

/* IP_VS_SVC_F_SCHED1 and 2: what sh and mh make of the service's flags. */
enum {
	NP_SCHED_F_FALLBACK = 1 << 0, /* sh-fallback, mh-fallback: go on when it cannot be had */
	NP_SCHED_F_PORT = 1 << 1,     /* sh-port, mh-port: the client's port counts as well */
};

/* A real server as the schedulers see it. */
struct np_sched_dest {
	uint8_t addr[16]; /* network order; IPv4 in the first four bytes, the rest zero */
	uint16_t port;    /* host order */
	int32_t weight;
	int32_t last_weight; /* the last weight that was not 0: mh fills its table by it */
	uint32_t active;
	uint32_t inactive;
	uint32_t u_threshold, l_threshold; /* connections; 0: none */
	bool overloaded;       /* IP_VS_DEST_F_OVERLOAD; np_sched_load() guesses it */
	uint64_t conns;        /* connections counted so far, for np_sched_deduce() */
};

#define NP_SCHED_NONE SIZE_MAX /* no real server */

struct np_sched {
	enum np_sched_kind kind;
	uint8_t af;     /* of the service: AF_INET or AF_INET6 */
	unsigned flags; /* NP_SCHED_F_* */
	/* In the kernel's order, which is that of a dump: the youngest comes first. */
	struct np_sched_dest *dests;
	size_t n;
	/* rr, wrr: who was chosen last (NP_SCHED_NONE: the list's head), and wrr's marks. */
	size_t last;
	int32_t cw, mw, di;
	/* sh, dh, mh: the real server of each bucket. */
	uint32_t *table;
	size_t buckets;
	/* lblc, lblcr: who serves this virtual address, the youngest first. */
	size_t *set;
	size_t n_set;
};

struct np_sched_flow {
	uint8_t src[16]; /* the client, as np_sched_dest.addr */
	uint16_t sport;  /* host order */
	uint8_t dst[16]; /* the virtual address (dh, lblc, lblcr) */
};

/* Why a real server was or was not chosen. */
enum np_sched_why {
	NP_SCHED_CHOSEN,
	NP_SCHED_QUIESCED,   /* weight 0 */
	NP_SCHED_OVERLOADED, /* its upper threshold was reached */
	NP_SCHED_WORSE,      /* its figure is worse */
	NP_SCHED_TIE,        /* as good, but later in the list */
	NP_SCHED_TURN,       /* it is another one's turn */
	NP_SCHED_LIGHT,      /* wrr: its weight is below what this pass asks for */
	NP_SCHED_BUSY,       /* nq: another one is idle */
	NP_SCHED_FULL,       /* ovf: more active connections than its weight */
	NP_SCHED_HASH,       /* the hash leads elsewhere */
	NP_SCHED_AFFINE,     /* lblc, lblcr: the virtual address belongs to another one */
};

/* A scheduler's figure of a real server: num/den; den 0: it has none. */
struct np_sched_figure {
	uint64_t num;
	uint32_t den;
};

struct np_sched_verdict {
	enum np_sched_why why;
	struct np_sched_figure figure;
};

/* A choice, and what the kernel would remember of it. */
struct np_sched_choice {
	size_t dest;   /* NP_SCHED_NONE: no real server can be had, the packet is refused */
	size_t bucket; /* sh, dh, mh: where the hash led; else NP_SCHED_NONE */
	size_t first;  /* sh, mh, dh: who is in the bucket but cannot be had, or NP_SCHED_NONE */
	size_t last;   /* rr, wrr */
	int32_t cw;    /* wrr */
	bool affine;   /* lblc, lblcr: the real server was remembered */
};

/* The scheduler's name ("wlc"), "?" for none; the kind of a name, or -ENOENT. */
const char *np_sched_name(enum np_sched_kind kind);
int np_sched_kind(const char *name);

/* What the scheduler compares, "(active*256+inactive)/weight"; "" where it compares nothing. */
const char *np_sched_formula(enum np_sched_kind kind);

/* Its choice follows from what the kernel shows; if not, there is a state that it does not show. */
bool np_sched_stateless(enum np_sched_kind kind);

/*
 * Copies dests, fills the tables, and sets the state that the kernel has when the
 * real servers have been added one by one to a new service (the last of dests
 * first). Returns 0, -ENOMEM, or -EINVAL: more real servers than mh has buckets.
 */
int np_sched_init(struct np_sched *s, enum np_sched_kind kind, uint8_t af, unsigned flags,
	const struct np_sched_dest *dests, size_t n, struct np_err *err);
void np_sched_clean(struct np_sched *s);

/* The figure that the scheduler compares for this real server. */
struct np_sched_figure np_sched_figure(const struct np_sched *s, size_t dest);

/*
 * Who the next connection goes to. flow may be NULL where the scheduler looks at
 * no address (all but sh, dh, mh). Changes nothing.
 */
void np_sched_pick(const struct np_sched *s, const struct np_sched_flow *flow,
	struct np_sched_choice *choice);

/* Why each of s->n real servers was or was not chosen. */
void np_sched_explain(const struct np_sched *s, const struct np_sched_choice *choice,
	struct np_sched_verdict *verdicts);

/* The choice, remembered as the kernel does. Returns the real server or NP_SCHED_NONE. */
size_t np_sched_next(struct np_sched *s, const struct np_sched_flow *flow);

/*
 * A connection begins and ends (ip_vs_conn.c: ip_vs_bind_dest, ip_vs_unbind_dest).
 * A TCP or SCTP connection is active until it closes, one of UDP is inactive.
 */
void np_sched_open(struct np_sched *s, size_t dest, bool active);
void np_sched_close(struct np_sched *s, size_t dest, bool active);

/* What counters and thresholds say of IP_VS_DEST_F_OVERLOAD, which no dump shows. */
enum np_sched_load {
	NP_SCHED_LOAD_OK,
	NP_SCHED_LOAD_OVER,
	NP_SCHED_LOAD_MAYBE, /* between the thresholds: over, if it comes from above */
};
enum np_sched_load np_sched_load(const struct np_sched_dest *dest);

/*
 * rr and wrr remember where they are in their round, lblc and lblcr who serves the
 * virtual address, and no dump shows it; but the counters of connections (conns)
 * can tell: of rr and wrr if no weight was changed and every connection was
 * scheduled, of lblc and lblcr if at most one real server has had any. Sets the state
 * and returns true; true as well for schedulers without one. False: the state is that
 * of np_sched_init(), lblcr's set all who had connections.
 */
bool np_sched_deduce(struct np_sched *s);

#endif
