// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "ip/explain.h"
#include "ip/route_show.h"
#include "lib/snapshot.h"

static void put_query(const struct explanation *x, struct np_json *j)
{
	const struct np_flow *f = x->e.flow;
	const struct np_fib *fib = &x->e.host->fib;
	char buf[NP_ADDR_STRLEN], name[NP_NAME_MAX];

	np_json_open(j, "query", '{');
	np_json_str(j, "family", np_family_name(fib->family));
	np_json_str(j, "dst", np_explain_addr(&x->e, f->dst, buf));
	if (f->set & NP_FLOW_SRC)
		np_json_str(j, "src", np_explain_addr(&x->e, f->src, buf));
	if (f->iif)
		np_json_str(j, "iif", np_fib_dev_name(fib, f->iif));
	if (f->oif)
		np_json_str(j, "oif", np_fib_dev_name(fib, f->oif));
	if (f->mark)
		np_json_uint(j, "mark", f->mark);
	if (f->tos)
		np_json_hex(j, "tos", f->tos);
	if (f->set & NP_FLOW_IPPROTO)
		np_json_str(j, "ipproto", np_names_ipproto(x->show->names, f->ipproto, name));
	if (f->sport)
		np_json_uint(j, "sport", f->sport);
	if (f->dport)
		np_json_uint(j, "dport", f->dport);
	if (f->set & NP_FLOW_UID)
		np_json_uint(j, "uid", f->uid);
	if (f->len)
		np_json_uint(j, "len", f->len);
	np_json_close(j, '}');
}

/* table: that was looked up; 0: the rule's own, if it has one. */
static void put_rule_head(const struct explanation *x, struct np_json *j, uint32_t i,
			  uint32_t table)
{
	const struct np_fib_rule *r = &x->e.host->fib.rules[i];
	const struct np_explain_rule *words = &x->e.host->rules[i];
	char buf[NP_NAME_MAX];

	np_json_open(j, NULL, '{');
	np_json_uint(j, "priority", r->priority);
	np_json_str(j, "selector", words->selector);
	np_json_strn(j, "action", words->action, strcspn(words->action, " "));
	if (table || r->table)
		np_json_str(j, "table", np_explain_table(&x->e, table ? table : r->table, buf));
	if (r->goto_priority)
		np_json_uint(j, "goto", r->goto_priority);
}

static void put_step(const struct explanation *x, struct np_json *j, const struct np_fib_step *s)
{
	const struct np_fib *fib = &x->e.host->fib;
	char prefix[NP_ADDR_STRLEN + 8];

	put_rule_head(x, j, s->rule, s->table);
	np_json_bool(j, "matched", s->result != NP_FR_SKIP);
	if (s->result == NP_FR_SKIP)
		np_json_str(j, "differs", np_explain_selector_word(s->differs));
	else
		np_json_str(j, "result", np_fib_result_name(s->result));
	if (s->route != NP_FIB_NONE)
		np_json_str(j, "prefix", np_explain_prefix(&x->e, &fib->routes[s->route], prefix));
	np_json_close(j, '}');
}

static void put_rules(const struct explanation *x, struct np_json *j)
{
	const struct np_fib_walk *w = &x->e.d->walk;
	uint32_t last = 0;

	np_json_open(j, "rules", '[');
	for (size_t i = 0; x->e.d->looked && i < w->n; i++) {
		if (w->steps[i].result != NP_FR_SKIP || x->show->details || x->all_rules)
			put_step(x, j, &w->steps[i]);
		last = w->steps[i].rule + 1;
	}
	for (uint32_t i = last; x->all_rules && i < x->e.host->n_rules; i++) {
		put_rule_head(x, j, i, 0);
		np_json_bool(j, "reached", false);
		np_json_close(j, '}');
	}
	np_json_close(j, ']');
}

static void put_checks(const struct explanation *x, struct np_json *j)
{
	np_json_open(j, "checks", '[');
	for (size_t i = 0; i < x->e.d->n_checks; i++) {
		const struct np_fib_check *c = &x->e.d->checks[i];

		np_json_open(j, NULL, '{');
		np_json_str(j, "name", np_fib_check_name(c->name));
		if (c->has_value) {
			np_json_int(j, "value", c->value);
			np_json_str(j, "decided_by", np_explain_decided_by(&x->e, c));
		}
		if (c->dev)
			np_json_str(j, "dev", np_fib_dev_name(&x->e.host->fib, c->dev));
		if (c->reverse_dev)
			np_json_str(j, "reverse_dev",
				    np_fib_dev_name(&x->e.host->fib, c->reverse_dev));
		else if (c->has_reverse)
			np_json_null(j, "reverse_dev");
		np_json_bool(j, "pass", c->pass);
		np_json_close(j, '}');
	}
	np_json_close(j, ']');
}

static void put_back(const struct explanation *x, struct np_json *j)
{
	const struct np_fib_walk *w = &x->e.d->back;
	char buf[NP_NAME_MAX], prefix[NP_ADDR_STRLEN + 8], addr[NP_ADDR_STRLEN];

	if (!x->e.d->looked_back)
		return;
	np_json_open(j, "way_back", '{');
	np_json_str(j, "dst", np_explain_addr(&x->e, x->e.flow->src, addr));
	if (w->rule != NP_FIB_NONE)
		np_json_uint(j, "priority", x->e.host->fib.rules[w->rule].priority);
	if (w->route != NP_FIB_NONE) {
		np_json_str(j, "table", np_explain_table(&x->e, w->table, buf));
		np_json_str(j, "prefix", np_explain_prefix(&x->e, &x->e.host->fib.routes[w->route],
							   prefix));
	}
	np_json_close(j, '}');
}

static void put_answer(const struct explanation *x, struct np_json *j)
{
	const struct np_fib_decision *d = x->e.d;
	char buf[NP_NAME_MAX], prefix[NP_ADDR_STRLEN + 8], err[16];
	uint32_t route = d->route != NP_FIB_NONE ? d->route : d->walk.route;
	int code = np_explain_errno(&x->e);

	np_json_str(j, "verdict", np_verdict_name(d->verdict));
	if (d->why != NP_WHY_NONE)
		np_json_str(j, "why", np_explain_why(d->why));
	if (code)
		np_json_str(j, "errno", np_explain_errno_name(code, err));
	else
		np_json_null(j, "errno");
	if (d->looked && route != NP_FIB_NONE) {
		np_json_str(j, "table", np_explain_table(&x->e, d->walk.table, buf));
		np_json_str(j, "prefix", np_explain_prefix(&x->e, &x->e.host->fib.routes[route],
							   prefix));
	} else {
		np_json_null(j, "table");
		np_json_null(j, "prefix");
	}
}

static void put_route(const struct explanation *x, struct np_json *j)
{
	struct prt_show show = *x->show;
	struct route_show rs = { .show = &show, .hz = 100 };

	if (!np_explain_asked(&x->e) || x->e.kernel->err) {
		np_json_null(j, "route");
		return;
	}
	show.json = j;
	np_json_key(j, "route");
	route_json(&rs, &x->e.kernel->answer);
}

/* As `ip -j neigh` has it. */
static void put_neighbour(const struct explanation *x, struct np_json *j)
{
	const struct np_neigh *hop = x->e.neigh;
	char addr[NP_ADDR_STRLEN], lladdr[3 * NP_NEIGH_LLADDR];

	if (!hop || !hop->known)
		return;
	np_json_open(j, "neighbour", '{');
	np_json_str(j, "dst", np_addr_text(hop->family, hop->addr, np_family_len(hop->family),
					   addr));
	np_json_str(j, "dev", np_fib_dev_name(&x->e.host->fib, hop->ifindex));
	if (hop->lladdr_len)
		np_json_str(j, "lladdr", np_neigh_lladdr(hop, lladdr));
	np_json_open(j, "state", '[');
	np_json_str(j, NULL, np_neigh_state(hop));
	np_json_close(j, ']');
	np_json_close(j, '}');
}

static void put_commands(struct np_json *j, const char *name, const struct np_explain_remedy *r,
			 size_t n, bool also)
{
	np_json_open(j, name, '[');
	for (size_t i = 0; i < n; i++)
		if (r[i].command[0] && r[i].also == also)
			np_json_str(j, NULL, r[i].command);
	np_json_close(j, ']');
}

static void put_notes(const struct explain_besides *b, struct np_json *j)
{
	np_json_open(j, "notes", '[');
	for (size_t i = 0; i < b->n_notes; i++) {
		np_json_open(j, NULL, '{');
		np_json_str(j, "name", b->notes[i].name);
		np_json_str(j, "says", b->notes[i].says.b);
		np_json_bool(j, "lost", b->notes[i].lost);
		np_json_bool(j, "maybe", b->notes[i].maybe);
		put_commands(j, "remedy", &b->notes[i].remedy, 1, false);
		np_json_close(j, '}');
	}
	np_json_close(j, ']');
}

static void put_kernel(const struct explanation *x, struct np_json *j)
{
	char err[16];

	if (!np_explain_asked(&x->e)) {
		np_json_null(j, "kernel");
		return;
	}
	np_json_open(j, "kernel", '{');
	if (x->e.kernel->err)
		np_json_str(j, "errno", np_explain_errno_name(x->e.kernel->err, err));
	else
		np_json_null(j, "errno");
	np_json_bool(j, "agrees", x->e.agrees);
	np_json_close(j, '}');
}

void explain_json(const struct explanation *x, struct np_json *j)
{
	const struct explain_besides *b = x->besides;

	np_json_open(j, NULL, '{');
	if (x->time)
		np_json_str(j, "time", x->time);
	put_query(x, j);
	put_rules(x, j);
	put_checks(x, j);
	put_back(x, j);
	put_answer(x, j);
	put_route(x, j);
	if (b->mtu)
		np_json_uint(j, "mtu", b->mtu);
	put_neighbour(x, j);
	put_notes(b, j);
	put_commands(j, "remedy", b->remedies, b->n_remedies, false);
	put_commands(j, "also", b->remedies, b->n_remedies, true);
	if (x->snapshot) {
		np_json_open(j, "snapshot", '{');
		np_json_str(j, "host", x->snapshot->host);
		np_json_str(j, "kernel", x->snapshot->kernel);
		np_json_str(j, "time", x->snapshot->time);
		np_json_close(j, '}');
	}
	put_kernel(x, j);
	np_json_close(j, '}');
}
