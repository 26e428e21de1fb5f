// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/monitor_table.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <stdio.h>

#include "trace/live_map.h"

/*
 * Before everything, and, for what was put together of fragments (NF_IP_PRI_CONNTRACK_DEFRAG),
 * behind that and before iptables' raw table; and behind everything.
 */
#define PRIORITY_START INT32_MIN
#define PRIORITY_WHOLE (-350)
#define PRIORITY_END 2147483646

static const struct {
	uint32_t number;
	enum np_hook hook;
	uint8_t traced; /* the filter's chain */
} hooks[] = {
	{ NF_INET_PRE_ROUTING, NP_HOOK_PREROUTING, FILTER_PREROUTING },
	{ NF_INET_LOCAL_IN, NP_HOOK_INPUT, 0 },
	{ NF_INET_FORWARD, NP_HOOK_FORWARD, 0 },
	{ NF_INET_LOCAL_OUT, NP_HOOK_OUTPUT, FILTER_OUTPUT },
	{ NF_INET_POST_ROUTING, NP_HOOK_POSTROUTING, 0 },
};

static void put_chain(struct np_nft *nft, const char *prefix, unsigned i, int32_t priority,
	char name[32])
{
	(void)snprintf(name, 32, "%s%s", prefix, np_hook_word(hooks[i].hook));
	np_nft_add_chain(nft, &(struct np_nft_chain){ name, "filter", hooks[i].number, priority });
}

static void put_rule(struct np_nft *nft, const char *chain, const struct filter_rule *rule)
{
	np_nft_add_rule(nft, chain, rule->exprs, rule->n, NULL);
}

/* Fragments are not looked at until they are one packet: each would have a story of its own. */
static void pass_fragments(struct np_nft *nft, const char *chain)
{
	static const uint8_t families[] = { FILTER_V4, FILTER_V6 };

	for (unsigned i = 0; i < 2; i++) {
		struct filter_rule rule = { .n = 0 };

		filter_put_fragments(&rule, families[i]);
		put_rule(nft, chain, &rule);
	}
}

int monitor_table(struct np_nft *nft, const char *name, const struct filter_rule *rule,
	uint8_t chains, struct np_err *err)
{
	char chain[32];
	int ret;

	np_nft_begin(nft, &(struct np_nft_table){ NFPROTO_INET, name }, 0);
	np_nft_add_table(nft, NFT_TABLE_F_OWNER, "pkttrace monitor");
	for (unsigned i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		put_chain(nft, LIVE_END, i, PRIORITY_END, chain);
		put_chain(nft, LIVE_START, i, PRIORITY_START, chain);
		if (!hooks[i].traced)
			continue;
		pass_fragments(nft, chain);
		if (rule && chains & hooks[i].traced)
			put_rule(nft, chain, rule);
		put_chain(nft, LIVE_WHOLE, i, PRIORITY_WHOLE, chain);
		if (rule && chains & hooks[i].traced)
			put_rule(nft, chain, rule);
	}
	ret = np_nft_commit(nft, err);
	if (ret == -EPERM)
		np_err_set(err, EPERM, "nf_tables takes rules from root alone (CAP_NET_ADMIN)");
	return ret;
}
