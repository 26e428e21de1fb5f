// SPDX-License-Identifier: GPL-2.0-or-later
/* One question of explain or watch: the kernel's answer, the model's decision, both shown. */
#include "ip/explain_run.h"

#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/clock.h"
#include "lib/route_io.h"
#include "lib/route_nl.h"

void explain_run_init(struct explain_run *run, struct prt *p)
{
	*run = (struct explain_run){ .p = p };
	np_fib_decision_init(&run->d);
	run->d.back.brief = true;
}

void explain_run_clean(struct explain_run *run)
{
	np_fib_decision_clean(&run->d);
	np_explain_host_clean(&run->hosts[0]);
	np_explain_host_clean(&run->hosts[1]);
	np_neighs_clean(&run->neighs[0]);
	np_neighs_clean(&run->neighs[1]);
}

static int answer_msg(const struct nlmsghdr *nlh, void *arg)
{
	struct np_route *const *r = arg;

	return np_route_decode(*r, nlh);
}

/* One of the two: a refusal is an answer and goes to *code, unless it comes with the flush. */
static int ask(struct explain_run *run, struct explain_slot *s, bool match, struct np_err *err)
{
	struct np_route *room = match ? &s->kernel.match : &s->kernel.answer;
	int *code = match ? &s->kernel.match_err : &s->kernel.err, ret;
	struct np_err refusal = NP_ERR_INIT;
	struct np_nl *nl = run->p->nl;

	/* IPv6 names the table always and knows no such flag */
	s->query.route.flags = (s->query.route.family == AF_INET ? RTM_F_LOOKUP_TABLE : 0) |
			       (match ? RTM_F_FIB_MATCH : 0);
	if (run->batched)
		np_nl_tag(nl, s->tag + match);
	*code = 0; /* before: a full round of a batch goes out here, and its refusals come back */
	/* prt -batch keeps questions back too, but the slot is gone when it sends them */
	ret = run->batched ? np_route_ask(nl, &s->query.route, answer_msg, &room, sizeof(room),
					  &refusal) :
			     np_route_get(nl, &s->query.route, answer_msg, &room, &refusal);
	if (ret && !refusal.refused) {
		*err = refusal;
		return ret;
	}
	if (ret)
		*code = -ret;
	return 0;
}

int explain_ask(struct explain_run *run, struct explain_slot *s, bool match, struct np_err *err)
{
	int ret;

	if (run->snapshot)
		return 0;
	s->kernel.asked = true;
	s->kernel.matched = match;
	ret = ask(run, s, false, err);
	return ret || !match ? ret : ask(run, s, true, err);
}

static struct np_explain_host *host_of(struct explain_run *run, uint8_t family)
{
	return &(run->snapshot ? run->snapshot->hosts : run->hosts)[family == AF_INET6];
}

static int need_host(struct explain_run *run, uint8_t family, struct np_err *err)
{
	bool *loaded = &run->loaded[family == AF_INET6];
	int ret;

	if (*loaded || run->snapshot)
		return 0;
	ret = np_explain_host_load(host_of(run, family), run->p->nl, run->p->show.names,
				   family, err);
	*loaded = !ret;
	return ret;
}

static int decide(struct explain_run *run, struct explain_slot *s, struct np_err *err)
{
	struct np_explain_host *host = host_of(run, s->query.route.family);

	if (np_fib_explain(&host->fib, &s->query.flow, &s->kernel, &run->d, &s->agrees))
		return np_err_nomem(err);
	return 0;
}

/*
 * A disagreement can mean that the host has changed since it was read: it is
 * read again, and the question asked again, before the user is told.
 */
static int settle(struct explain_run *run, struct explain_slot *s, struct np_err *err)
{
	const struct np_fib *fib = &host_of(run, s->query.route.family)->fib;
	bool batched = run->batched;
	int ret = decide(run, s, err);

	if (!ret && np_fib_wants_match(fib, &run->d, &s->kernel)) {
		run->batched = false;
		ret = explain_ask(run, s, true, err);
		run->batched = batched;
		if (!ret)
			ret = decide(run, s, err);
	}
	if (ret || s->agrees || run->snapshot || run->rereads >= EXPLAIN_REREADS)
		return ret;
	run->rereads++;
	run->loaded[s->query.route.family == AF_INET6] = false;
	ret = need_host(run, s->query.route.family, err);
	if (ret)
		return ret;
	run->batched = false;
	ret = explain_ask(run, s, true, err);
	run->batched = batched;
	if (!ret)
		ret = decide(run, s, err);
	if (!ret && s->agrees)
		run->rereads--; /* that was it */
	return ret;
}

static struct np_explanation model_of(struct explain_run *run, const struct explain_slot *s)
{
	return (struct np_explanation){
		.host = host_of(run, s->query.route.family), .flow = &s->query.flow,
		.d = &run->d, .kernel = &s->kernel, .agrees = s->agrees,
		.neigh = s->has_neigh ? &s->neigh : NULL,
		.nat = s->has_nat ? &s->nat : NULL,
	};
}

#define MANY 8             /* so many questions cost more than a list */
#define NEIGHBOURS_MAX 512 /* where there are more, no second list is made */
#define NEIGHBOURS_US 20000

void explain_expect(struct explain_run *run, size_t n_questions)
{
	int64_t now = np_clock_us(CLOCK_MONOTONIC);

	run->many = n_questions >= MANY;
	run->hop.ifindex = 0;
	if (now - run->neighs_us < NEIGHBOURS_US)
		return;
	run->neighs_us = now;
	run->has_neighs[0] = run->has_neighs[1] = false;
}

/* *listed: the neighbour was looked up in the list of all. */
static int look_up(struct explain_run *run, struct np_neigh *n, bool *listed, struct np_err *err)
{
	bool v6 = n->family == AF_INET6;
	struct np_neighs *all = &run->neighs[v6];
	int ret = 0;

	if (run->many && !run->has_neighs[v6] && !all->more) {
		ret = np_neighs_load(all, run->p->nl, n->family, NEIGHBOURS_MAX, err);
		run->has_neighs[v6] = !ret;
	}
	*listed = run->many && run->has_neighs[v6] && !all->more;
	if (*listed)
		np_neighs_find(all, n);
	return ret;
}

/* A snapshot knows no neighbours. Most questions of a batch have one in common. */
static int ask_neighbour(struct explain_run *run, struct explain_slot *s, struct np_err *err)
{
	const struct np_explanation x = model_of(run, s);
	struct np_neigh *kept = &run->hop;
	bool listed;
	int ret = 0;

	s->has_neigh = !run->snapshot && np_explain_hop_of(&x, &s->neigh);
	if (!s->has_neigh)
		return 0;
	ret = look_up(run, &s->neigh, &listed, err);
	if (ret || listed)
		return ret;
	if (kept->ifindex != s->neigh.ifindex || kept->family != s->neigh.family ||
	    memcmp(kept->addr, s->neigh.addr, sizeof(kept->addr)) != 0) {
		*kept = s->neigh;
		ret = np_neigh_get(run->p->nl, kept, err);
	}
	s->neigh = *kept;
	return ret;
}

int explain_settle(struct explain_run *run, struct explain_slot *s, struct np_err *err)
{
	int ret = settle(run, s, err);

	return ret ? ret : ask_neighbour(run, s, err);
}

struct explanation explain_of(struct explain_run *run, const struct explain_slot *s, bool brief)
{
	struct explain_besides *b = &run->besides;
	const struct explanation x = {
		.e = model_of(run, s), .besides = b, .show = &run->p->show,
		.snapshot = run->snapshot, .all_rules = run->all_rules,
	};

	b->n_notes = np_explain_notes(&x.e, b->notes);
	b->n_remedies = 0;
	b->mtu = 0;
	b->whose_mtu.n = 0;
	if (brief)
		return x;
	b->n_notes += np_explain_reply(&x.e, &b->notes[b->n_notes]);
	b->n_remedies = np_explain_remedies(&x.e, b->remedies);
	b->mtu = np_explain_mtu(&x.e, &b->whose_mtu);
	return x;
}

static void show_it(struct explain_run *run, struct explain_slot *s, const char *question)
{
	struct prt *p = run->p;
	const struct explanation x = explain_of(run, s, question && !p->want_json);

	if (p->want_json) {
		np_json_init(&p->json_room, p->show.fp, p->pretty && !question);
		explain_json(&x, &p->json_room);
		np_json_end(&p->json_room);
	} else if (question) {
		explain_brief(&x, question);
	} else {
		explain_text(&x);
	}
}

int explain_parse_slot(struct explain_run *run, struct explain_slot *s, struct np_args *a,
		       struct np_err *err)
{
	int ret = explain_parse(&s->query, run->p, a, err);

	return ret ? ret : need_host(run, s->query.route.family, err);
}

int explain_answer(struct explain_run *run, struct explain_slot *s, const char *question,
		   struct np_err *err)
{
	int ret = explain_settle(run, s, err);

	if (!ret)
		show_it(run, s, question);
	return ret;
}
