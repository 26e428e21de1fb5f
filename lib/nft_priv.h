/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NFT_PRIV_H
#define NP_NFT_PRIV_H

#include <libmnl/libmnl.h>
#include <libnftnl/common.h>

#include "lib/nft.h"
#include "lib/nl_priv.h"

/* What lib/nft.c, lib/nft_add.c and lib/nft_dump.c share. */
struct np_nft {
	struct np_nl *nl;
	struct np_nft_table table; /* of the batch */
	char name[NP_NFT_NAME_MAX];
	uint32_t generation;
	char *buf;                 /* the batch: messages behind its beginning */
	size_t used, cap, messages;
	struct np_nft_what *what;  /* of each message, for an error */
	size_t cap_what;
	int failed;                /* -errno of the first change that could not be written */
	uint64_t msg[NP_NL_MSG_MAX / sizeof(uint64_t)]; /* the message being written */
};

struct np_nft_what {
	const char *verb, *noun;
	char name[NP_NFT_NAME_MAX];
};

/*
 * A message in nft->msg for the batch's table; np_nft_put() adds it to the batch, or
 * takes note of what went wrong: ok false is an allocation that failed.
 */
struct nlmsghdr *np_nft_message(struct np_nft *nft, uint16_t type, uint16_t flags);
void np_nft_put(struct np_nft *nft, struct nlmsghdr *nlh, bool ok, const char *verb,
		const char *noun, const char *name);

#endif
