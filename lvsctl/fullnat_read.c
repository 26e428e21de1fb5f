// SPDX-License-Identifier: GPL-2.0-or-later
/* What FULLNAT there is: read from the kernel, and kept. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lvsctl/fullnat_priv.h"

int fullnat_compare(const struct fullnat_entry *a, const struct fullnat_entry *b)
{
	if (a->map != b->map)
		return a->map < b->map ? -1 : 1;
	return memcmp(a->elem.key, b->elem.key, NP_NFT_KEY_MAX);
}

RB_GENERATE(fullnat_entries, fullnat_entry, node, fullnat_compare)

void fullnat_forget(struct fullnat *f)
{
	struct fullnat_entry *e, *next;

	RB_FOREACH_SAFE(e, fullnat_entries, &f->entries, next) {
		RB_REMOVE(fullnat_entries, &f->entries, e);
		free(e);
	}
	f->there = f->was_off = false;
}

int fullnat_remember(struct fullnat *f, unsigned map, const struct np_nft_elem *elem)
{
	struct fullnat_entry *e = malloc(sizeof(*e));

	if (!e)
		return -ENOMEM;
	e->map = map;
	e->elem = *elem;
	if (RB_INSERT(fullnat_entries, &f->entries, e))
		free(e);
	return 0;
}

static int load_map(struct fullnat *f, unsigned map, struct np_err *err)
{
	struct np_nft_elem *elems;
	size_t n;
	int ret = np_nft_elems(f->nft, &fullnat_table, fullnat_maps[map].name, &elems, &n, err);

	for (size_t i = 0; !ret && i < n; i++)
		if (fullnat_remember(f, map, &elems[i]))
			ret = np_err_nomem(err);
	free(elems);
	return ret;
}

/* The generation comes first: what changes while we read makes the next commit fail. */
static int load(struct fullnat *f, struct np_err *err)
{
	char comment[64];
	int ret;

	fullnat_forget(f);
	ret = np_nft_generation(f->nft, &f->generation, err);
	if (!ret)
		ret = np_nft_get_table(f->nft, &fullnat_table, comment, sizeof(comment), err);
	if (ret)
		return ret;
	f->there = true;
	f->was_off = !strcmp(comment, FULLNAT_COMMENT_WAS_OFF);
	for (unsigned i = 0; !ret && i < FULLNAT_MAPS; i++)
		ret = load_map(f, i, err);
	return ret;
}

int fullnat_reload(struct fullnat *f, struct np_err *err)
{
	struct np_err gone = NP_ERR_INIT;
	int ret = load(f, &gone);

	if (!ret || ret == -ENOENT)
		return 0;
	if (err)
		*err = gone;
	return ret;
}

int fullnat_told(struct np_err *err, int ret, const char *prefix)
{
	if (ret && err) {
		np_err_prefix(err, "%s", prefix);
		err->refused = false;
	}
	return ret;
}

/* No nfnetlink: socket(2)'s errno; no nf_tables in it: nfnetlink_rcv_msg()'s. */
static bool without_nf_tables(int ret)
{
	return ret == -EPROTONOSUPPORT || ret == -EAFNOSUPPORT || ret == -EINVAL ||
	       ret == -EOPNOTSUPP;
}

/* Any other failure is no answer: entries that are not read are not entries that are not there. */
static int open_nft(struct fullnat *f, struct np_err *err)
{
	int ret = np_nft_open(&f->nft, &f->why);

	if (!ret)
		ret = np_nft_generation(f->nft, &f->generation, &f->why);
	if (without_nf_tables(ret)) {
		np_nft_close(f->nft);
		f->nft = NULL;
		return 0;
	}
	if (!ret)
		return fullnat_reload(f, err);
	if (err)
		*err = f->why;
	return ret;
}

int fullnat_open(struct fullnat **out, const char *conntrack, struct np_err *err)
{
	struct fullnat *f = calloc(1, sizeof(*f));
	int ret;

	if (!f)
		return np_err_nomem(err);
	f->conntrack = conntrack;
	RB_INIT(&f->entries);
	f->why = (struct np_err)NP_ERR_INIT;
	ret = open_nft(f, err);
	if (ret) {
		fullnat_close(f);
		return fullnat_told(err, ret, "FULLNAT cannot be read");
	}
	*out = f;
	return 0;
}

void fullnat_close(struct fullnat *f)
{
	if (!f)
		return;
	fullnat_forget(f);
	np_nft_close(f->nft);
	free(f);
}

struct fullnat_entry *fullnat_find(struct fullnat *f, const struct fullnat_dest *dest)
{
	struct fullnat_entry key;

	key.map = fullnat_key(dest, &key.elem);
	return RB_FIND(fullnat_entries, &f->entries, &key);
}

void fullnat_get(struct fullnat *f, const struct fullnat_dest *dest,
		 struct fullnat_source *source)
{
	const struct fullnat_entry *e = fullnat_find(f, dest);

	*source = (struct fullnat_source){ .mode = NP_LVS_FULLNAT_NONE };
	if (e)
		fullnat_chain_source(e->elem.chain, source);
}

bool fullnat_serves(struct fullnat *f, const struct fullnat_dest *dest)
{
	struct fullnat_entry *e;

	RB_FOREACH(e, fullnat_entries, &f->entries)
		if (fullnat_same_service(dest, e->map, &e->elem))
			return true;
	return false;
}
