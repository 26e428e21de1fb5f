/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NFT_RULESET_H
#define NP_NFT_RULESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/nft.h"

/* All of nf_tables in this network namespace, as far as a trace needs it. */
#define NP_NFT_NAME 256 /* NFT_NAME_MAXLEN */

struct np_nft_chain_info {
	uint8_t family; /* NFPROTO_INET, … */
	char table[NP_NFT_NAME], chain[NP_NFT_NAME];
	bool base;      /* the rest counts */
	bool nat;       /* of type nat: it rewrites addresses */
	uint32_t hook;  /* NF_INET_… */
	int32_t priority;
};

struct np_nft_rule_info {
	uint8_t family;
	char table[NP_NFT_NAME], chain[NP_NFT_NAME];
	uint64_t handle;
	uint32_t number; /* its place in the chain, from 1 */
	char *text;      /* np_nft_rule_text(); owned */
};

struct np_nft_ruleset {
	struct np_nft_chain_info *chains;
	size_t n_chains, cap_chains;
	struct np_nft_rule_info *rules;
	size_t n_rules, cap_rules;
};

/* Reads it all; np_nft_ruleset_clean() in any case. Returns 0 or -errno. */
int np_nft_ruleset_read(struct np_nft *nft, struct np_nft_ruleset *rs, struct np_err *err);
void np_nft_ruleset_clean(struct np_nft_ruleset *rs);

/*
 * A rule as nft(8) would list it, as far as its steps are known here; others by their
 * bare names. With its comment and handle: `tcp dport 80 accept comment "web" # handle 4`.
 * For the caller to free; NULL: no memory.
 */
struct nftnl_rule;
char *np_nft_rule_text(const struct nftnl_rule *rule);

#endif
