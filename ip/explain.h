/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_EXPLAIN_H
#define PRT_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "ip/ctx.h"
#include "lib/addr.h"
#include "lib/fib.h"
#include "lib/fib_agree.h"
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
int explain_parse(struct explain_query *q, struct prt *p, struct np_args *a, struct np_err *err);
void explain_query_clean(struct explain_query *q);

/* A rule in words, cut where its action begins; both halves live in one string. */
struct explain_rule {
	char *selector; /* "from all fwmark 0x3" */
	const char *action; /* "lookup 100", "blackhole", "goto 200" */
	uint8_t action_id;  /* FR_ACT_… */
};

/* What a host knows, and how its rules are written. */
struct explain_host {
	struct np_fib fib;
	struct explain_rule *rules;
	size_t n_rules, cap_rules;
	const struct prt_show *show; /* how rules are written */
};

/* Reads all of it (again). Returns 0 or -errno. */
int explain_host_load(struct explain_host *host, const struct prt *p, uint8_t family,
		      struct np_err *err);
void explain_host_clean(struct explain_host *host);

/* All that is to be said about one question. */
struct explanation {
	const struct prt_show *show;
	const struct explain_host *host;
	const struct explain_query *query;
	const struct np_fib_decision *d;
	const struct np_fib_kernel *kernel;
	bool agrees;
	bool all_rules; /* also those behind the one that decided */
};

/* The errno to be named: the kernel's own where it was asked, else the model's. */
int explain_errno(const struct explanation *x);
/* "EXDEV"; "E123" for one without a name. */
const char *explain_errno_name(int err, char buf[16]);

/* An address of the question's family as text. */
const char *explain_addr(const struct explanation *x, const uint8_t *b,
			 char buf[NP_ADDR_STRLEN]);
/* "10.0.0.0/8", "default". */
const char *explain_prefix(const struct explanation *x, const struct np_fib_route *r,
			   char buf[NP_ADDR_STRLEN + 8]);
const char *explain_table(const struct explanation *x, uint32_t table, char buf[NP_NAME_MAX]);
/* The interface whose value decides, or "all": which of the two a sysctl's value comes from. */
const char *explain_decided_by(const struct explanation *x, const struct np_fib_check *c);
/* The sysctl that a check reads, NULL for one that reads none. */
const struct np_fib_conf_row *explain_conf(enum np_fib_check_name name);
/* "local 10.0.0.1/32 dev a", "default via 10.0.0.254 dev a metric 100". */
#define EXPLAIN_ROUTE_MAX 512
const char *explain_route(const struct explanation *x, uint32_t route, uint32_t nh,
			  char buf[EXPLAIN_ROUTE_MAX]);
/* The reason as a clause; "" for NP_WHY_NONE. */
const char *explain_why(enum np_fib_why why);
/* The word of a selector (NP_FRULE_…) in a rule. */
const char *explain_selector_word(uint32_t bit);
/* Length of the first word of text. */
size_t explain_word_len(const char *text);

/* The commands that would let the packet through, the nearest first. Returns their number. */
#define EXPLAIN_REMEDIES 4
#define EXPLAIN_REMEDY_MAX 256
struct explain_remedy {
	char command[EXPLAIN_REMEDY_MAX]; /* for a shell; "" where only words help */
	const char *what;                 /* what it does */
};
size_t explain_remedies(const struct explanation *x, struct explain_remedy r[EXPLAIN_REMEDIES]);

void explain_text(const struct explanation *x);
/* One line: the question, the verdict with its cause, whether the kernel agrees. */
void explain_brief(const struct explanation *x, const char *question);
/* One object into j, without a newline. */
void explain_json(const struct explanation *x, struct np_json *j);

#endif
