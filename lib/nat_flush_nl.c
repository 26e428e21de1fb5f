// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "lib/grow.h"
#include "lib/nat_priv.h"

#define TRIES 16

/* The mappings that are to go: they are deleted when the list has been read. */
struct flushing {
	struct np_nat_mapping *mappings;
	size_t n, cap;
};

static int flush_one(const struct np_nat_mapping *m, void *arg)
{
	struct flushing *f = arg;

	struct np_nat_mapping *mappings = np_grow(f->mappings, f->n, &f->cap, 1,
						 sizeof(*mappings));

	if (!mappings)
		return -ENOMEM;
	f->mappings = mappings;
	f->mappings[f->n++] = *m;
	return 0;
}

static int flush_restart(void *arg)
{
	struct flushing *f = arg;

	f->n = 0;
	return 0;
}

static int delete_all(struct np_nat *nat, const struct flushing *f, struct np_err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < f->n; ) {
		struct nlmsghdr *nlh = np_nat_request(nat, STATIC_NAT_CMD_DEL);

		while (i < f->n && np_nat_put(nlh, &f->mappings[i]))
			i++;
		ret = np_nat_talk(nat, nlh, err);
	}
	return ret;
}

/* What the module cannot look for is looked for here. */
static int flush_some(struct np_nat *nat, const struct np_nat_filter *want, struct np_err *err)
{
	struct flushing f = { 0 };
	struct np_nat_sink sink = { flush_one, flush_restart, &f };
	int ret = -ENOENT;

	/* -ENOENT: another has deleted one of them meanwhile */
	for (int i = 0; i < TRIES && ret == -ENOENT; i++) {
		f.n = 0;
		ret = np_nat_dump(nat, want, &sink, err);
		if (ret == -ENOMEM)
			np_err_nomem(err);
		if (!ret)
			ret = delete_all(nat, &f, err);
	}
	free(f.mappings);
	return ret;
}

int np_nat_flush(struct np_nat *nat, const struct np_nat_filter *want, struct np_err *err)
{
	const uint32_t known = 1u << NP_NAT_KEY_DST | 1u << NP_NAT_KEY_SRC | 1u << NP_NAT_KEY_DEV;
	struct nlmsghdr *nlh;

	if (want->set & ~known || want->has_addr)
		return flush_some(nat, want, err);
	nlh = np_nat_request(nat, STATIC_NAT_CMD_FLUSH);
	return np_nat_put_filter(nlh, want) ? np_nat_talk(nat, nlh, err) : np_nat_too_long(err);
}
