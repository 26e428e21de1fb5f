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

/* All that is to be said about one question, and how. */
struct explanation {
	struct np_explanation e;
	const struct prt_show *show;
	const struct np_snapshot *snapshot; /* the kernel was not asked, but this; NULL */
	const char *time; /* of the answer, a member of the JSON; NULL: not said */
	bool all_rules; /* also those behind the one that decided */
};

void explain_text(const struct explanation *x);
/* One line: the question, the verdict with its cause, whether the kernel agrees. */
void explain_brief(const struct explanation *x, const char *question);
/* One object into j, without a newline. */
void explain_json(const struct explanation *x, struct np_json *j);

#endif
