/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_EXPLAIN_H
#define PRT_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "ip/ctx.h"
#include "lib/explain.h"
#include "lib/route.h"

/* A question: the words of `prt get`, for the kernel and for the model. */
struct explain_query {
	struct np_route route; /* what RTM_GETROUTE is asked */
	struct np_flow flow;
};

/*
 * Takes all words of a into q (initialised here; to be cleaned in any case).
 * Returns 0 or -EINVAL, -ENODEV with err filled.
 */
int explain_parse(struct explain_query *q, struct prt *p, struct np_args *a,
		  struct np_err *err);
void explain_query_clean(struct explain_query *q);

/* What the model has to say besides its decision. */
struct explain_besides {
	struct np_explain_note notes[NP_EXPLAIN_NOTES];
	struct np_explain_remedy remedies[NP_EXPLAIN_REMEDIES]; /* the verdict's */
	size_t n_notes, n_remedies;
	uint32_t mtu; /* 0: not known */
	struct np_line whose_mtu;
};

/* All that is to be said about one question, and how: no renderer asks the model. */
struct explanation {
	struct np_explanation e;
	const struct explain_besides *besides;
	const struct prt_show *show;
	const struct np_snapshot *snapshot; /* the kernel was not asked, but this; NULL */
	const char *time; /* of the answer, a member of the JSON; NULL: not said */
	bool all_rules; /* also those behind the one that decided */
};

void explain_text(const struct explanation *x);
/*
 * One line: the question, the verdict with its cause, whether the kernel agrees. Of what
 * is besides only the notes of the packet itself are needed.
 */
void explain_brief(const struct explanation *x, const char *question);
/* One object into j, without a newline. */
void explain_json(const struct explanation *x, struct np_json *j);

#endif
