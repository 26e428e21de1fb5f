// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/nft_change.h"

#include <errno.h>

#define TRIES 32 /* when somebody else changes nf_tables meanwhile */

static int try(struct np_nft *nft, const struct np_nft_change *c, bool *keep, void *arg,
	       struct np_err *err)
{
	uint32_t generation;
	int ret = np_nft_generation(nft, &generation, err);

	if (!ret)
		ret = c->read(nft, arg, err);
	if (ret)
		return ret;
	np_nft_begin(nft, c->table, generation);
	ret = c->put(nft, *keep, arg, err);
	if (ret)
		return ret;
	ret = np_nft_commit(nft, err);
	/* something is left in what was to be empty, or has gone already */
	if (*keep || (ret != -EBUSY && ret != -ENOENT))
		return ret;
	*keep = true;
	return -ERESTART;
}

int np_nft_change(struct np_nft *nft, const struct np_nft_change *c, void *arg, struct np_err *err)
{
	int ret = -ERESTART;
	bool keep = false;

	for (int i = 0; i < TRIES && ret == -ERESTART; i++)
		ret = try(nft, c, &keep, arg, err);
	return ret;
}
