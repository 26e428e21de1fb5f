// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/nft_ruleset.h"

#include <bsd/string.h>
#include <errno.h>
#include <libnftnl/chain.h>
#include <libnftnl/rule.h>
#include <linux/netfilter/nf_tables.h>
#include <stdlib.h>
#include <string.h>

#include "lib/grow.h"
#include "lib/nft_priv.h"

static void read_chain(struct np_nft_chain_info *to, const struct nftnl_chain *c)
{
	const char *type = nftnl_chain_get_str(c, NFTNL_CHAIN_TYPE);

	*to = (struct np_nft_chain_info){
		.family = (uint8_t)nftnl_chain_get_u32(c, NFTNL_CHAIN_FAMILY),
		.base = nftnl_chain_is_set(c, NFTNL_CHAIN_HOOKNUM),
		.nat = type && !strcmp(type, "nat"),
	};
	strlcpy(to->table, nftnl_chain_get_str(c, NFTNL_CHAIN_TABLE), NP_NFT_NAME);
	strlcpy(to->chain, nftnl_chain_get_str(c, NFTNL_CHAIN_NAME), NP_NFT_NAME);
	if (!to->base)
		return;
	to->hook = nftnl_chain_get_u32(c, NFTNL_CHAIN_HOOKNUM);
	to->priority = nftnl_chain_get_s32(c, NFTNL_CHAIN_PRIO);
}

static int got_chain(const struct nlmsghdr *nlh, void *arg)
{
	struct np_nft_ruleset *rs = arg;
	struct nftnl_chain *c = nftnl_chain_alloc();
	void *more = np_grow(rs->chains, rs->n_chains, &rs->cap_chains, 1, sizeof(*rs->chains));
	bool ok = c && more;

	if (more)
		rs->chains = more;
	if (ok && !nftnl_chain_nlmsg_parse(nlh, c))
		read_chain(&rs->chains[rs->n_chains++], c);
	if (c)
		nftnl_chain_free(c);
	return ok ? 0 : -ENOMEM;
}

static bool same_chain(const struct np_nft_rule_info *a, const struct np_nft_rule_info *b)
{
	return a->family == b->family && !strcmp(a->chain, b->chain) && !strcmp(a->table, b->table);
}

static int read_rule(struct np_nft_ruleset *rs, const struct nftnl_rule *r)
{
	struct np_nft_rule_info *to = &rs->rules[rs->n_rules];

	*to = (struct np_nft_rule_info){
		.family = (uint8_t)nftnl_rule_get_u32(r, NFTNL_RULE_FAMILY),
		.handle = nftnl_rule_get_u64(r, NFTNL_RULE_HANDLE),
		.number = 1,
		.text = np_nft_rule_text(r),
	};
	strlcpy(to->table, nftnl_rule_get_str(r, NFTNL_RULE_TABLE), NP_NFT_NAME);
	strlcpy(to->chain, nftnl_rule_get_str(r, NFTNL_RULE_CHAIN), NP_NFT_NAME);
	if (!to->text)
		return -ENOMEM;
	if (rs->n_rules && same_chain(to - 1, to)) /* a dump goes chain by chain, in order */
		to->number = to[-1].number + 1;
	rs->n_rules++;
	return 0;
}

static int got_rule(const struct nlmsghdr *nlh, void *arg)
{
	struct np_nft_ruleset *rs = arg;
	struct nftnl_rule *r = nftnl_rule_alloc();
	void *more = np_grow(rs->rules, rs->n_rules, &rs->cap_rules, 1, sizeof(*rs->rules));
	int ret = r && more ? 0 : -ENOMEM;

	if (more)
		rs->rules = more;
	if (!ret && !nftnl_rule_nlmsg_parse(nlh, r))
		ret = read_rule(rs, r);
	if (r)
		nftnl_rule_free(r);
	return ret;
}

static int no_rules(void *arg)
{
	struct np_nft_ruleset *rs = arg;

	while (rs->n_rules)
		free(rs->rules[--rs->n_rules].text);
	free(rs->rules);
	rs->rules = NULL;
	rs->cap_rules = 0;
	return 0;
}

static int no_chains(void *arg)
{
	struct np_nft_ruleset *rs = arg;

	free(rs->chains);
	rs->chains = NULL;
	rs->n_chains = rs->cap_chains = 0;
	return 0;
}

int np_nft_ruleset_read(struct np_nft *nft, struct np_nft_ruleset *rs, struct np_err *err)
{
	static const struct {
		uint16_t type;
		np_nl_msg *msg;
		int (*restart)(void *arg);
	} dumps[] = { { NFT_MSG_GETCHAIN, got_chain, no_chains },
		      { NFT_MSG_GETRULE, got_rule, no_rules } };
	int ret = 0;

	*rs = (struct np_nft_ruleset){ 0 };
	for (unsigned i = 0; i < 2 && !ret; i++) {
		struct np_nl_sink sink = { dumps[i].msg, dumps[i].restart, rs };
		struct nlmsghdr *nlh = nftnl_nlmsg_build_hdr((char *)nft->msg, dumps[i].type,
							     AF_UNSPEC, 0, 0);

		ret = np_nl_dump(nft->nl, nlh, &sink, err);
		if (ret)
			np_err_prefix(err, "nf_tables' rules");
	}
	return ret;
}

void np_nft_ruleset_clean(struct np_nft_ruleset *rs)
{
	no_rules(rs);
	no_chains(rs);
}
