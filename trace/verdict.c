// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "trace/outcome.h"

/*
 * Targets that end a table's walk, by what they do; every other one returns
 * XT_CONTINUE or calls a chain (net/netfilter/xt_*.c, net/ipv4/netfilter/ipt_*.c,
 * and the xtables-addons).
 */
static const struct {
	const char *target;
	enum outcome_verdict verdict;
} targets[] = {
	{ "ACCEPT", VERDICT_ACCEPT },
	{ "DROP", VERDICT_DROP },
	{ "REJECT", VERDICT_DROP },
	{ "QUEUE", VERDICT_QUEUE },
	{ "NFQUEUE", VERDICT_QUEUE },
	{ "DNAT", VERDICT_ACCEPT },
	{ "SNAT", VERDICT_ACCEPT },
	{ "MASQUERADE", VERDICT_ACCEPT },
	{ "REDIRECT", VERDICT_ACCEPT },
	{ "NETMAP", VERDICT_ACCEPT },
	{ "SAME", VERDICT_ACCEPT },
	{ "FULLCONENAT", VERDICT_ACCEPT },
	{ "TPROXY", VERDICT_ACCEPT },
	{ "SYNPROXY", VERDICT_DROP },
	{ "MIRROR", VERDICT_DROP },
	{ "TARPIT", VERDICT_DROP },
	{ "DELUDE", VERDICT_DROP },
	{ "CHAOS", VERDICT_DROP },
	{ "ECHO", VERDICT_DROP },
	{ "STEAL", VERDICT_DROP },
};

static enum outcome_verdict of_target(const struct ruleset_rule *r)
{
	if (r->target && !r->goes)
		for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++)
			if (!strcmp(r->target, targets[i].target))
				return targets[i].verdict;
	return VERDICT_GOES_ON;
}

static enum outcome_verdict of_policy(const struct ruleset *rules,
	const struct np_trace_event *ev)
{
	const char *policy = ruleset_policy(rules, ev->hdr.family, ev->table, ev->chain);

	if (!policy)
		return VERDICT_POLICY;
	if (!strcmp(policy, "ACCEPT"))
		return VERDICT_ACCEPT;
	return strcmp(policy, "DROP") ? VERDICT_POLICY : VERDICT_DROP;
}

static enum outcome_verdict unknown(const struct np_trace_event *ev, unsigned learned)
{
	if (ev->type == NP_TRACE_POLICY)
		return VERDICT_POLICY;
	if (learned & OUTCOME_LEARNED_GOES_ON)
		return VERDICT_GOES_ON;
	if (learned & OUTCOME_LEARNED_ACCEPTS)
		return VERDICT_ACCEPT;
	return ev->type == NP_TRACE_RULE ? VERDICT_RULE : VERDICT_RETURN;
}

enum outcome_verdict outcome_verdict(const struct ruleset *rules,
	const struct np_trace_event *ev, bool base, unsigned learned)
{
	const struct ruleset_rule *r;
	int len = rules ? ruleset_chain_len(rules, ev->hdr.family, ev->table, ev->chain) : -1;

	if (len < 0 || ev->number > (uint32_t)len + 1)
		return unknown(ev, learned);
	r = ruleset_find(rules, ev->hdr.family, ev->table, ev->chain, ev->number);
	if (r)
		return of_target(r);
	/* past the last rule: the policy, or the way back to the caller */
	if (ev->type == NP_TRACE_RULE)
		return unknown(ev, learned);
	return base ? of_policy(rules, ev) : VERDICT_GOES_ON;
}
