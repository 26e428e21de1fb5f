// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The chains a packet is in while one table is walked: ipt_do_table() in
 * net/ipv4/netfilter/ip_tables.c, seen from its trace lines. Numbers only grow
 * in a chain; a chain is entered by a rule's line in its caller; its end prints
 * `return`, and the caller goes on, or the caller's caller where goto led in.
 */
#include "trace/timeline_impl.h"

static bool over_but(const struct chainstack *st, enum np_trace_type type, uint32_t number)
{
	/* an unconditional RETURN in a built-in chain prints as policy, then the policy follows */
	return type == NP_TRACE_POLICY && st->n == 1 && number > st->f[0].number;
}

bool chainstack_next(const struct chainstack *st, const char *chain, enum np_trace_type type,
	uint32_t number, bool base, struct chainstep *next)
{
	unsigned top = st->n - 1u;

	if (st->over) {
		*next = (struct chainstep){ .keep = 1 };
		return st->f[0].chain == chain && over_but(st, type, number);
	}
	for (unsigned i = st->n; i--;) {
		if (st->f[i].chain != chain && !(base && !i && !st->f[i].chain))
			continue;
		if (i == top && st->returned)
			break; /* its end was seen: entered again, by a line that is missing */
		if (number <= st->f[i].number)
			return false;
		/* the end of a chain entered by goto passes over the chain that said goto */
		*next = (struct chainstep){ .keep = (uint8_t)(i + 1),
			.gone = st->returned && top > i + 1 };
		return true;
	}
	if (base)
		return false;
	*next = (struct chainstep){ .push = true, .keep = st->n, .gap = !st->at_rule };
	if (st->returned)
		next->keep--;
	return next->keep > 0;
}

static void put(struct chainstack *st, const char *chain, enum np_trace_type type,
	uint32_t number, uint32_t step, bool push)
{
	if (push && st->n < STACK_MAX)
		st->f[st->n++].step = step;
	st->f[st->n - 1].chain = chain;
	st->f[st->n - 1].number = number;
	st->at_rule = type == NP_TRACE_RULE;
	st->returned = type == NP_TRACE_RETURN;
	st->over = type == NP_TRACE_POLICY;
}

void chainstack_start(struct chainstack *st, const char *chain, enum np_trace_type type,
	uint32_t number, bool base, uint32_t step)
{
	st->n = 0;
	if (!base) { /* the built-in chain's own line is missing */
		st->f[0] = (struct frame){ .step = step };
		st->n = 1;
	}
	put(st, chain, type, number, step, true);
}

void chainstack_go(struct chainstack *st, const struct chainstep *next, const char *chain,
	enum np_trace_type type, uint32_t number, uint32_t step)
{
	st->n = next->keep;
	put(st, chain, type, number, step, next->push);
}
