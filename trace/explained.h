/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_EXPLAINED_H
#define PKTTRACE_EXPLAINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/explain.h"
#include "trace/packet.h"

/*
 * What the routing model of a host says about a packet (trace/explain.h makes it,
 * the renderers draw it): facts and sentences, no columns.
 */

/* What the kernel answers to the same question now. */
enum explained_kernel { KERNEL_NOT_ASKED, KERNEL_AGREES, KERNEL_DISAGREES };

/* How the log went on after a decision. */
enum explained_fit {
	FIT_AS_LOGGED, /* as the model has it */
	FIT_CHANGED,   /* another way: rules, routes or settings have changed since */
	FIT_LOST,      /* the packet was not seen again */
};

/* What may have happened to a lost packet after its last line, and is not known. */
enum explained_unless {
	UNLESS_NOTHING,
	UNLESS_RULE,  /* the last line's rule of nat rewrote it */
	UNLESS_REPLY, /* conntrack translated the answer of a connection: no line says so */
};

/* One routing decision. */
struct packet_routing {
	uint32_t step;        /* it was made before this step; n_steps: after the last */
	enum np_verdict verdict;
	enum explained_fit fit;
	enum explained_kernel kernel;
	bool has_rule, has_route;
	uint32_t priority;    /* has_rule */
	struct np_line rule;  /* "from 192.168.235.13 lookup 100" */
	size_t action;        /* where in it the action begins */
	struct np_line route; /* "10.0.1.0/24 via 10.0.2.1 dev enp5s0" */
	struct np_line table; /* has_route, as all that follow: of the route */
	char prefix[NP_ADDR_STRLEN + 8];
	char gateway[NP_ADDR_STRLEN], dev[NP_IFNAMSIZ]; /* of its nexthop; "": none */
	bool via6;            /* the gateway of an IPv4 packet has an IPv6 address */
	struct np_line says;  /* the verdict, with its cause: np_explain_cause() */
	struct np_line asked; /* "kernel agrees (EXDEV)" */
};

/* A packet loops by lo, is routed again, and is never seen with more than a few. */
#define EXPLAINED_MAX 8

struct packet_explained {
	struct packet_routing routings[EXPLAINED_MAX];
	unsigned n;
	/*
	 * The last of them (FIT_LOST), which the packet that vanished had before it; it may
	 * pass. outcome.causes is cut down to what is left by it. NULL: none, or none known.
	 */
	const struct packet_routing *lost;
	bool decided;                /* there is one cause, and the model found it */
	const char *not_asked;       /* why: the routing is at stake and could not be asked; NULL */
	const char *not_asked_dev;   /* an interface that not_asked is about, or NULL */
	enum explained_unless unless; /* what would make it another question */
	uint32_t mtu;                /* of its way out; 0: none, or not known */
	struct np_line way_back;     /* rp_filter: where the source is; "" */
	struct np_explain_remedy remedies[NP_EXPLAIN_REMEDIES];
	size_t n_remedies;
};

/* How routing loses the packet, in words; NULL: it does not, or is not at stake. */
static inline const char *explained_loss(const struct packet_explained *x)
{
	return x && x->lost && !np_verdict_passes(x->lost->verdict) ? x->lost->says.b : NULL;
}

/* What became of a packet whose end was not seen, in words for a line; NULL: that is not known. */
static inline const char *explained_end(const struct packet *p)
{
	const struct packet_outcome *o = &p->outcome;

	if (o->n_causes && o->causes[0] == CAUSE_LEGACY)
		return "perhaps a rule of legacy iptables";
	if (o->n_causes && o->causes[0] == CAUSE_NOT_JOINED)
		return packet_cause_text(CAUSE_NOT_JOINED);
	if (o->n_causes && o->causes[0] == CAUSE_FRAGMENTS && o->state == PACKET_UNFINISHED)
		return packet_cause_text(CAUSE_FRAGMENTS);
	return explained_loss(p->explained);
}

/* The decision made before a step, NULL: none, or none that is known. */
static inline const struct packet_routing *explained_before(const struct packet_explained *x,
	uint32_t step)
{
	for (unsigned i = 0; x && i < x->n; i++)
		if (x->routings[i].step == step)
			return &x->routings[i];
	return NULL;
}

#endif
