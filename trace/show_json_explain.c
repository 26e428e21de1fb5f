// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/show_json_explain.h"

#include <string.h>
#include <sys/socket.h>

#include "lib/via_json.h"
#include "trace/explained.h"

static void put_kernel(struct np_json *j, const struct packet_routing *r)
{
	if (r->kernel == KERNEL_NOT_ASKED)
		return;
	np_json_open(j, "kernel", '{');
	np_json_bool(j, "agrees", r->kernel == KERNEL_AGREES);
	np_json_close(j, '}');
}

/* With the keys that prt's explain and get have. */
static void put_lookup(struct np_json *j, const struct packet_routing *r)
{
	const char *action = r->rule.b + r->action;

	np_json_str(j, "verdict", np_verdict_name(r->verdict));
	np_json_str(j, "says", r->says.b);
	if (r->has_rule) {
		np_json_uint(j, "priority", r->priority);
		np_json_strn(j, "selector", r->rule.b, r->action - 1);
		np_json_strn(j, "action", action, strcspn(action, " "));
	}
	if (r->has_route) {
		np_json_str(j, "table", r->table.b);
		np_json_str(j, "prefix", r->prefix);
		if (r->via6)
			np_via_json(j, AF_INET6, r->gateway);
		else if (r->gateway[0])
			np_json_str(j, "gateway", r->gateway);
		if (r->dev[0])
			np_json_str(j, "dev", r->dev);
	}
	put_kernel(j, r);
}

void show_json_routing(struct np_json *j, const struct packet_explained *x, uint32_t step)
{
	const struct packet_routing *r = explained_before(x, step);

	if (!r)
		return;
	np_json_open(j, "routing", '{');
	put_lookup(j, r);
	np_json_bool(j, "as_logged", r->fit == FIT_AS_LOGGED);
	np_json_close(j, '}');
}

void show_json_explain(struct np_json *j, const struct packet_explained *x)
{
	static const char *const unless[] = {
		[UNLESS_RULE] = "rewritten by the last rule", [UNLESS_REPLY] = "translated back",
	};

	if (!x || (!x->lost && !x->not_asked))
		return;
	np_json_open(j, "explain", '{');
	if (x->lost)
		put_lookup(j, x->lost);
	else
		np_json_str(j, "not_asked", x->not_asked);
	if (x->lost)
		np_json_bool(j, "decided", x->decided);
	if (x->unless != UNLESS_NOTHING)
		np_json_str(j, "unless", unless[x->unless]);
	if (x->way_back.n) {
		np_json_open(j, "way_back", '{');
		np_json_str(j, "says", x->way_back.b);
		np_json_close(j, '}');
	}
	if (x->lost) {
		np_json_open(j, "remedy", '[');
		for (size_t i = 0; i < x->n_remedies; i++)
			if (x->remedies[i].command[0])
				np_json_str(j, NULL, x->remedies[i].command);
		np_json_close(j, ']');
	}
	np_json_close(j, '}');
}
