/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_EXPLAIN_H
#define NP_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/addr.h"
#include "lib/err.h"
#include "lib/fib.h"
#include "lib/fib_agree.h"
#include "lib/line.h"
#include "lib/nat.h"
#include "lib/names.h"
#include "lib/neigh.h"
#include "lib/nl.h"
#include "lib/rule.h"

/*
 * A routing decision in words: what every tool says about one. In short:
 *
 *	struct np_explain_host host = { 0 };
 *	struct np_fib_decision d;
 *	struct np_flow flow = { .iif = …, … };
 *	struct np_line l = { 0 };
 *
 *	np_explain_host_load(&host, nl, names, AF_INET, err);
 *	np_fib_decision_init(&d);
 *	np_fib_decide(&host.fib, &flow, 0, &d);
 *	np_explain_cause(&(struct np_explanation){ &host, &flow, &d, NULL, false }, &l);
 *
 * l.b is then "rp_filter=1 on enp5s0 (from all): replies to 192.168.235.13 leave by
 * enp3s0". Nothing here makes a system call but np_explain_host_load(). Functions
 * that take a line add to what it holds; they end no line and use no colour.
 */

/* ---- the host ---- */

/* The rule that is fib.rules[i], with its words cut where the action begins. */
struct np_explain_rule {
	char *selector;     /* "from all fwmark 0x3"; owned, action is a part of it */
	const char *action; /* "lookup 100", "blackhole", "goto 200" */
	struct np_rule rule;
};

/* What a host knows of one family, and how its rules are written. {0} is none. */
struct np_explain_host {
	struct np_fib fib;
	struct np_explain_rule *rules; /* as many as fib.n_rules, in the same order */
	size_t n_rules, cap_rules;
	const struct np_names *names;  /* borrowed */
};

/*
 * Reads all that np_fib_load() reads, after cleaning host; family is AF_INET or
 * AF_INET6. names must outlive the host. Returns 0 or -errno with err filled; the
 * host is to be cleaned in any case.
 */
int np_explain_host_load(struct np_explain_host *host, struct np_nl *nl,
			 const struct np_names *names, uint8_t family, struct np_err *err);
void np_explain_host_clean(struct np_explain_host *host);
/*
 * For one that fills host->fib by other ways: keeps the words of the rule that was just
 * added to it. Returns 0 or -ENOMEM.
 */
int np_explain_host_add_rule(struct np_explain_host *host, const struct np_rule *rule);

/* ---- what is explained: all of it is borrowed ---- */

struct np_explanation {
	const struct np_explain_host *host;
	const struct np_flow *flow;
	const struct np_fib_decision *d;
	const struct np_fib_kernel *kernel; /* NULL, or !asked: the model alone */
	bool agrees;                        /* as np_fib_explain() has it */
	const struct np_neigh *neigh;       /* of np_explain_hop_of(); NULL: not asked for */
	const struct np_nat_mapping *nat;   /* changes the destination first; NULL: none known */
};

static inline bool np_explain_asked(const struct np_explanation *x)
{
	return x->kernel && x->kernel->asked;
}

/* ---- sentences (lib/explain_say.c) ---- */

/*
 * The verdict: "unicast: forwarded via 10.0.0.254 dev eth1", "DROPPED by rp_filter on
 * enp5s0", "BLACKHOLE by rule 14996", "PROHIBITED by route 10.0.0.0/8 in table main".
 */
void np_explain_verdict(const struct np_explanation *x, struct np_line *l);
/*
 * Why the packet does not go on, in one line: the setting with its value and whose it
 * is ("rp_filter=1 on enp5s0 (from all): replies to 192.168.235.13 leave by enp3s0",
 * "forwarding=0 on enp5s0, and NO ROUTE to 10.9.9.9"), or the verdict and its reason
 * ("DROPPED: martian source 10.0.0.1 on a: the source is an address of this host
 * itself"). For a packet that
 * passes: the verdict.
 */
void np_explain_cause(const struct np_explanation *x, struct np_line *l);
/* "kernel agrees (EXDEV)", "KERNEL DISAGREES", "kernel not asked". */
void np_explain_agrees(const struct np_explanation *x, struct np_line *l);

/* What became of one rule: "no match in table local", "goes on at 200", the route found. */
void np_explain_step(const struct np_explanation *x, const struct np_fib_step *s,
		     struct np_line *l);
/* One nexthop: "via 10.0.0.254 dev eth1 onlink". */
void np_explain_hop(const struct np_explanation *x, const struct np_fib_nh *nh, struct np_line *l);
/*
 * The k-th nexthop of the route that was found and its part in the choice (see
 * d->multipath): "via 10.0.0.254 dev eth1 weight 1: taken, by a hash of the flow".
 */
void np_explain_share(const struct np_explanation *x, uint32_t k, struct np_line *l);
/*
 * The n-th (from 0) route that the step's lookup passed over because its links are
 * down: "10.0.0.0/8 dev a: passed over, its link is down". False: there are not so many.
 */
bool np_explain_passed_over(const struct np_explanation *x, const struct np_fib_step *s,
			    size_t n, struct np_line *l);
/* Any step of the decision passed one over. */
bool np_explain_any_passed_over(const struct np_explanation *x);
/* The source's way: "192.168.235.13: main 192.168.235.0/24 dev enp3s0, not enp5s0". */
void np_explain_way_back(const struct np_explanation *x, struct np_line *l);
/* The value of a check that has one: "1, strict: the larger of all=1 and enp5s0=1". */
void np_explain_sysctl(const struct np_explanation *x, const struct np_fib_check *c,
		       struct np_line *l);

/* ---- words (lib/explain_words.c) ---- */

/* The errno to be named, positive: the kernel's own where it was asked, else the model's. */
int np_explain_errno(const struct np_explanation *x);
/* "EXDEV"; "E123" for one without a name. */
const char *np_explain_errno_name(int err, char buf[16]);

/* An address of the question's family as text. */
const char *np_explain_addr(const struct np_explanation *x, const uint8_t *b,
			    char buf[NP_ADDR_STRLEN]);
/* "10.0.0.0/8", "default". */
const char *np_explain_prefix(const struct np_explanation *x, const struct np_fib_route *r,
			      char buf[NP_ADDR_STRLEN + 8]);
const char *np_explain_table(const struct np_explanation *x, uint32_t table,
			     char buf[NP_NAME_MAX]);
/* The name of a link; "nowhere" for one that is not there. */
const char *np_explain_dev(const struct np_explanation *x, int ifindex);
/* "local 10.0.0.1/32 dev a", "default via 10.0.0.254 dev a metric 100". */
#define NP_EXPLAIN_ROUTE_MAX NP_LINE_MAX
const char *np_explain_route(const struct np_explanation *x, uint32_t route, uint32_t nh,
			     char buf[NP_EXPLAIN_ROUTE_MAX]);

/* The sysctl that a check reads, NULL for one that reads none. */
const struct np_fib_conf_row *np_explain_conf(enum np_fib_check_name name);
/* The interface whose value decides, or "all": which of the two a sysctl's value comes from. */
const char *np_explain_decided_by(const struct np_explanation *x, const struct np_fib_check *c);
/* The check of that name, NULL when it was not made. */
const struct np_fib_check *np_explain_check(const struct np_explanation *x,
					    enum np_fib_check_name name);
/* The reason as a clause; "" for NP_WHY_NONE. */
const char *np_explain_why(enum np_fib_why why);
/* The word of a selector (NP_FRULE_…) in a rule. */
const char *np_explain_selector_word(uint32_t bit);

/* ---- remedies (lib/explain_remedy.c) ---- */

#define NP_EXPLAIN_REMEDIES 8
#define NP_EXPLAIN_REMEDY_MAX 256

struct np_explain_remedy {
	char command[NP_EXPLAIN_REMEDY_MAX]; /* for a shell; "" where only words help */
	const char *what;                    /* what it does; static */
	bool also;                           /* needed besides one of those before it */
};

/*
 * The commands that would let the packet through and its reply back, the nearest first.
 * Returns their number, 0 for a packet that passes.
 */
size_t np_explain_remedies(const struct np_explanation *x,
			   struct np_explain_remedy r[NP_EXPLAIN_REMEDIES]);

/* ---- what loses a packet that has its route, or may (lib/explain_notes.c) ---- */

#define NP_EXPLAIN_NOTES 8
#define NP_EXPLAIN_BRIEF_MAX 160

struct np_explain_note {
	/* what it is about: "static_nat", "link", "neighbour", "mtu", "replies"; static */
	const char *name;
	struct np_line says;
	char brief[NP_EXPLAIN_BRIEF_MAX]; /* of one that loses the packet: behind ", but " */
	bool lost;           /* the packet does not arrive, whatever its route is */
	bool maybe;          /* it may not: the note says when */
	struct np_explain_remedy remedy; /* .what NULL: none, or the verdict's own */
};

/* Returns their number. */
size_t np_explain_notes(const struct np_explanation *x,
			struct np_explain_note n[NP_EXPLAIN_NOTES]);
/* What refuses the reply to a packet that passes, as a note. False: nothing that is known. */
bool np_explain_reply(const struct np_explanation *x, struct np_explain_note *n);
/*
 * Whom a packet is handed to: *hop is of that address. False: to nobody, it is not sent, or
 * its link asks for nobody (NOARP).
 */
bool np_explain_hop_of(const struct np_explanation *x, struct np_neigh *hop);
/*
 * The longest packet that goes out as it is; 0: not known, or it does not go out. l: also
 * as "1400 of eth1", "1300 of the route", "1280 of the path"; or NULL.
 */
uint32_t np_explain_mtu(const struct np_explanation *x, struct np_line *l);
/* Of one that is no note: "10.0.0.254: REACHABLE on eth1, lladdr …". False: there is none. */
bool np_explain_neighbour(const struct np_explanation *x, struct np_line *l);
/*
 * The address of this host on a link that is down whose network has the destination, is
 * nearer to it than the route that was found, and comes back with the link; NULL: none.
 */
const struct np_fib_addr *np_explain_asleep(const struct np_explanation *x);

#endif
