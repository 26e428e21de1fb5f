/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NFT_TRACE_H
#define NP_NFT_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/hdr.h"
#include "lib/nft.h"
#include "lib/nl.h"

/*
 * What nf_tables tells of a packet whose nftrace is set (net/netfilter/nf_tables_trace.c):
 * one event a rule that matched and one at a base chain's end, to the listeners of the
 * packet's network namespace.
 */
struct np_nft_trace {
	uint32_t id;       /* the packet's, as long as netfilter has it; used again later */
	uint8_t family;    /* of the table: NFPROTO_INET, … */
	uint32_t type;     /* NFT_TRACETYPE_RULE, _RETURN, _POLICY */
	const char *table, *chain; /* "" where they are not said */
	uint64_t handle;   /* of the rule; 0: none */
	int32_t verdict;   /* NF_DROP, NF_ACCEPT, NFT_CONTINUE, NFT_JUMP, …; of a policy too */
	const char *jump;  /* the chain of a jump or goto; NULL */
	uint32_t mark;     /* after the rule; 0: none */
	/* The first event of each base chain has the packet, the others do not. */
	bool has_packet;
	uint32_t iif, oif; /* 0: none */
	struct np_hdr_bytes bytes;
};

/* t lives until the call returns. Returns 0, or what stops the reading. */
typedef int np_nft_trace_fn(const struct np_nft_trace *t, void *arg);

/* A socket that gets the events, with room for thousands of them. Returns 0 or -errno. */
int np_nft_trace_open(struct np_nl **nl, struct np_err *err);
/*
 * Reads the events that are there; np_nl_fd() can be waited for. lost() is told when
 * the kernel had to throw some away. Returns 0, or what fn returned.
 */
struct np_nft_trace_sink {
	np_nft_trace_fn *fn;
	void (*lost)(void *arg);
	void *arg;
};
int np_nft_trace_take(struct np_nl *nl, const struct np_nft_trace_sink *sink, struct np_err *err);

#endif
