/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NFT_CHANGE_H
#define NP_NFT_CHANGE_H

#include "lib/nft.h"

/*
 * A change of a table of ours that depends on what it holds: that is read, and the
 * change refused by the kernel if anything was changed since; then both once more, a
 * bounded number of times.
 */
struct np_nft_change {
	const struct np_nft_table *table;
	/* What is there, into arg, in place of what was read before. 0 or -errno. */
	int (*read)(struct np_nft *nft, void *arg, struct np_err *err);
	/*
	 * Puts the changes. keep: the table, or a chain, that was to go when nothing was
	 * left in it is not as we made it, somebody else has a hand in it: it stays.
	 * 0 or -errno, and then nothing is done.
	 */
	int (*put)(struct np_nft *nft, bool keep, void *arg, struct np_err *err);
};

/* Returns 0, what read or put returned, or what np_nft_commit() does. */
int np_nft_change(struct np_nft *nft, const struct np_nft_change *c, void *arg,
		  struct np_err *err);

#endif
