/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_EXPLAIN_H
#define LVSCTL_EXPLAIN_H

#include "lib/addr.h"
#include "lib/json_write.h"
#include "lib/lvs.h"
#include "lib/out.h"
#include "lib/sched_sim.h"
#include "lvsctl/explain_args.h"

/* Who decides where the next connection goes. */
enum explain_by {
	EXPLAIN_SCHEDULER,
	EXPLAIN_TEMPLATE, /* persistence: the client was here before */
	EXPLAIN_CLIENT,   /* a hash of the client, and no client was named */
};

/* Whether the scheduler's own state, which the kernel shows nobody, is known. */
enum explain_state {
	EXPLAIN_KNOWN,    /* it has none */
	EXPLAIN_DEDUCED,  /* from the counters of connections */
	EXPLAIN_ASSUMED,
};

struct explain_server {
	char addr[NP_ADDR_STRLEN];
	uint16_t port;
	char text[NP_ADDR_STRLEN + 8]; /* ADDR:PORT as listings have it */
	struct np_sched_verdict verdict;
	size_t chosen; /* of the simulated connections */
};

#define EXPLAIN_NOTES 12

/* An answer: filled by explain.c, printed by explain_text.c and explain_json.c. */
struct lvs_explanation {
	struct np_lvs_svc svc;    /* what tells it from others */
	char service[80];         /* "TCP 10.0.0.1:80", "FWM 7" */
	struct np_sched sched;             /* before any simulation */
	struct explain_server *servers;    /* sched.n */

	char from[NP_ADDR_STRLEN]; /* the client that was named, or "" */
	enum explain_by by;
	enum explain_state state;
	struct np_sched_choice choice;
	size_t next;             /* where the next connection goes, or NP_SCHED_NONE */
	char client[NP_ADDR_STRLEN + 8]; /* EXPLAIN_TEMPLATE: whom it is for, "10.0.0.0/24" */
	unsigned expires;                /* EXPLAIN_TEMPLATE: seconds */

	struct np_sched_sim sim; /* count 0: nothing was simulated */
	size_t *choices;         /* sim.count */
	size_t refused;

	char notes[EXPLAIN_NOTES][200]; /* what was taken for granted */
	size_t n_notes;
};

/* What the kernel shows of the service: filled by explain.c, judged by explain_build.c. */
struct explain_input {
	const char *scheduler;
	unsigned sched_flags; /* NP_SCHED_F_* */
	bool ops;             /* UDP packets are connections of their own */
	unsigned persist;     /* seconds; 0: not persistent */
	unsigned persist_bits;
	size_t n;
	const struct np_sched_dest *dests;    /* overloaded and last_weight are found out here */
	const struct explain_server *servers; /* their names */
	size_t template;  /* the real server of the client's template, or NP_SCHED_NONE */
	unsigned expires; /* of that */
	bool expire_quiescent; /* net.ipv4.vs.expire_quiescent_template */
};

/*
 * x->svc and service are set already. Returns 0, -ENOMEM, or
 * -ENOTSUP for a scheduler that the model does not know.
 */
int lvs_explain_build(struct lvs_explanation *x, const struct explain_request *r,
	const struct explain_input *in, struct np_err *err);

void lvs_explain_clean(struct lvs_explanation *x);

/* A sentence more about what was taken for granted; lost when there are too many. */
void explain_note(struct lvs_explanation *x, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Why a real server was or was not chosen: a word for JSON, words for people. */
const char *lvs_explain_why_word(enum np_sched_why why);
void lvs_explain_why_text(const struct lvs_explanation *x, size_t i, char *buf, size_t size);

/* The share of the connections that a real server should have by its weight; 0..1. */
double lvs_explain_by_weight(const struct lvs_explanation *x, size_t i);

void lvs_explain_text(const struct np_out *out, const struct lvs_explanation *x);
void lvs_explain_json(struct np_json *j, const struct lvs_explanation *x);

#endif
