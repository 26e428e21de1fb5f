/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_EXPLAIN_H
#define PKTTRACE_EXPLAIN_H

#include "lib/err.h"
#include "lib/explain.h"
#include "trace/explained.h"
#include "trace/packet.h"

/* A host that can be asked how it routes. */
struct explain_host {
	/* What it knows of a family; the same pointer each time. Returns 0 or -errno. */
	int (*get)(struct explain_host *host, uint8_t family, const struct np_explain_host **known,
		struct np_err *err);
	/*
	 * Decides a packet into x, whose parts live until the next call. Returns 0 or
	 * -errno.
	 */
	int (*decide)(struct explain_host *host, uint8_t family, const struct np_flow *flow,
		struct np_explanation *x, struct np_err *err);
};

/*
 * Every routing decision of p, and of a vanished one the cause. p->outcome's causes
 * are cut down to those that the model leaves. Pure but for host. Returns 0 or
 * -errno with err filled.
 */
int explain_packet(struct explain_host *host, struct packet *p, struct packet_explained *x,
	struct np_err *err);

/* ---- trace/explain_flow.c ---- */

enum explain_way {
	WAY_NONE,
	WAY_IN,    /* came in by an interface: PREROUTING to INPUT or FORWARD */
	WAY_OUT,   /* made here: before OUTPUT */
	WAY_AGAIN, /* changed in OUTPUT: routed again before POSTROUTING */
};

/* The routing decision that was made before a step. */
enum explain_way explain_way_before(const struct packet *p, uint32_t step);
/* The one that a vanished packet did not survive, as far as its causes go. */
enum explain_way explain_way_lost(const struct packet *p);

/* What may have been done to it in between. */
enum explained_unless explain_unless(const struct packet *p, enum explain_way lost);

/* Why a packet cannot be asked about. */
struct explain_why {
	const char *text;
	const char *dev; /* the interface it is about, or NULL */
};

/*
 * The packet with header h as the lookup saw it; ev: the line that has the rest (in,
 * out, mark). False: something is not known, and why says what.
 */
bool explain_flow(const struct np_fib *fib, enum explain_way way,
	const struct np_trace_event *ev, const struct np_hdr *h, struct np_flow *flow,
	struct explain_why *why);

/* ---- trace/explainer.c ---- */

/*
 * Explains packets of this host, which is read at the first one that needs it.
 * Files of snapshots stand for the hosts that they were taken of instead.
 */
struct explainer;

/* Snapshots are read at once. Returns 0 or -errno with err filled. */
int explainer_new(struct explainer **ex, const char *const *snapshots, unsigned n,
	struct np_err *err);
void explainer_free(struct explainer *ex);

/*
 * Sets p->explained, which lives until the next call; leaves it NULL for a packet of
 * a host that is not known. Returns 0 or -errno with err filled.
 */
int explainer_packet(struct explainer *ex, struct packet *p, struct np_err *err);

/* Vanished packets that were not explained, and one of their hosts. */
uint64_t explainer_left(const struct explainer *ex, const char **host);

#endif
