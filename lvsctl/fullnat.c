// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes of FULLNAT, each in one transaction of nf_tables. */
#include "lvsctl/fullnat.h"

#include <bsd/string.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lvsctl/fullnat_conntrack.h"
#include "lvsctl/fullnat_priv.h"

/* Others that change nf_tables at the same time win so many times. */
#define TRIES 32

/* Does an entry other than but lead to the chain? */
static bool in_use(struct fullnat *f, const char *chain, const struct fullnat_entry *but)
{
	struct fullnat_entry *e;

	RB_FOREACH(e, fullnat_entries, &f->entries)
		if (e != but && !strcmp(e->elem.chain, chain))
			return true;
	return false;
}

/* Takes old's entry, and its chain with the last that needs it. */
static void put_gone(struct fullnat *f, const struct fullnat_entry *old, const char *keep)
{
	np_nft_del_elem(f->nft, fullnat_maps[old->map].name, &old->elem);
	if (strcmp(old->elem.chain, FULLNAT_CHAIN_AUTO) && strcmp(old->elem.chain, keep) &&
	    !in_use(f, old->elem.chain, old))
		np_nft_del_chain(f->nft, old->elem.chain);
}

/* A batch that begins with the table, if that is not there. off: vs.conntrack was 0. */
static void begin(struct fullnat *f, bool off)
{
	np_nft_begin(f->nft, &fullnat_table, f->generation);
	if (!f->there)
		fullnat_put_table(f->nft, off ? FULLNAT_COMMENT_WAS_OFF : FULLNAT_COMMENT);
}

static int commit(struct fullnat *f, bool off, struct np_err *err)
{
	int ret = np_nft_commit(f->nft, err);

	if (ret)
		return ret;
	f->generation++;
	f->was_off = f->there ? f->was_off : off;
	f->there = true;
	return 0;
}

static void put_entry(struct fullnat *f, uint8_t family, const struct fullnat_source *source,
		      unsigned map, const struct np_nft_elem *elem)
{
	if (strcmp(elem->chain, FULLNAT_CHAIN_AUTO) && !in_use(f, elem->chain, NULL))
		fullnat_put_chain(f->nft, family, source, elem->chain);
	np_nft_add_elem(f->nft, fullnat_maps[map].name, elem);
}

/* One attempt to put the entry of dest there, in place of old (or NULL). */
static int try_put(struct fullnat *f, const struct fullnat_dest *dest,
		   const struct fullnat_source *source, struct fullnat_entry *old, bool off,
		   struct np_err *err)
{
	struct np_nft_elem elem;
	unsigned map = fullnat_key(dest, &elem);
	int ret;

	fullnat_chain(dest->family, source, elem.chain);
	begin(f, off);
	if (old)
		put_gone(f, old, elem.chain);
	put_entry(f, dest->family, source, map, &elem);
	ret = commit(f, off, err);
	if (ret)
		return ret;
	if (old)
		strlcpy(old->elem.chain, elem.chain, sizeof(old->elem.chain));
	else if (fullnat_remember(f, map, &elem))
		return np_err_nomem(err);
	return 0;
}

/* The table goes; vs.conntrack first, so that whoever finds the table still knows of it. */
static int try_drop_table(struct fullnat *f, struct np_err *err)
{
	struct np_err ignored = NP_ERR_INIT;
	int ret = 0;

	if (f->was_off && fullnat_conntrack_read(f->conntrack, &ignored) == '1')
		ret = fullnat_conntrack_write(f->conntrack, '0', err);
	if (ret)
		return ret;
	np_nft_begin(f->nft, &fullnat_table, f->generation);
	np_nft_del_table(f->nft);
	ret = np_nft_commit(f->nft, err);
	if (!ret) {
		f->generation++;
		fullnat_forget(f);
	} else if (f->was_off) {
		fullnat_conntrack_write(f->conntrack, '1', &ignored);
	}
	return ret;
}

/* Entries to go: one, or all of a service. */
struct goers {
	const struct fullnat_dest *dest;
	bool service;
};

static bool goes(const struct goers *g, const struct fullnat_entry *e)
{
	struct fullnat_entry key;

	if (g->service)
		return fullnat_same_service(g->dest, e->map, &e->elem);
	key.map = fullnat_key(g->dest, &key.elem);
	return !fullnat_compare(&key, e);
}

/* One attempt; f->entries is changed only by success. */
static int try_drop(struct fullnat *f, const struct goers *g, struct np_err *err)
{
	struct fullnat_entries gone = RB_INITIALIZER(&gone);
	struct fullnat_entry *e, *next;
	int ret;

	np_nft_begin(f->nft, &fullnat_table, f->generation);
	for (e = RB_MIN(fullnat_entries, &f->entries); e; e = next) {
		next = RB_NEXT(fullnat_entries, &f->entries, e);
		if (!goes(g, e))
			continue;
		RB_REMOVE(fullnat_entries, &f->entries, e);
		put_gone(f, e, "");
		RB_INSERT(fullnat_entries, &gone, e);
	}
	if (RB_EMPTY(&gone))
		ret = 0;
	else if (RB_EMPTY(&f->entries))
		ret = try_drop_table(f, err);
	else if (!(ret = np_nft_commit(f->nft, err)))
		f->generation++;
	RB_FOREACH_SAFE(e, fullnat_entries, &gone, next) {
		RB_REMOVE(fullnat_entries, &gone, e);
		if (ret)
			RB_INSERT(fullnat_entries, &f->entries, e);
		else
			free(e);
	}
	return ret;
}

static int refused(struct np_err *err, int ret)
{
	if (ret == -ERESTART || ret == -ENOBUFS || ret == -ENOMEM || ret == -EAGAIN)
		return fullnat_told(err, ret, "FULLNAT cannot be put in");
	return fullnat_told(err, ret, "FULLNAT needs NAT in nf_tables (CONFIG_NFT_NAT, "
			    "CONFIG_NFT_MASQ, CONFIG_NFT_CT)");
}

static int drop(struct fullnat *f, const struct goers *g, struct np_err *err)
{
	int ret = -ERESTART;

	if (!f->nft)
		return 0;
	for (int i = 0; ret == -ERESTART && i < TRIES; i++) {
		ret = i ? fullnat_reload(f, err) : 0;
		if (!ret)
			ret = try_drop(f, g, err);
	}
	return fullnat_told(err, ret, "FULLNAT cannot be taken away");
}

int fullnat_drop_service(struct fullnat *f, const struct fullnat_dest *dest, struct np_err *err)
{
	return drop(f, &(struct goers){ dest, true }, err);
}

int fullnat_flush(struct fullnat *f, struct np_err *err)
{
	int ret = -ERESTART;

	if (!f->nft)
		return 0;
	for (int i = 0; ret == -ERESTART && i < TRIES; i++) {
		ret = i ? fullnat_reload(f, err) : 0;
		if (!ret && f->there)
			ret = try_drop_table(f, err);
	}
	return fullnat_told(err, ret, "FULLNAT cannot be taken away");
}

static int put(struct fullnat *f, const struct fullnat_dest *dest,
	       const struct fullnat_source *source, bool off, struct np_err *err)
{
	int ret = -ERESTART;

	for (int i = 0; ret == -ERESTART && i < TRIES; i++) {
		ret = i ? fullnat_reload(f, err) : 0;
		if (!ret)
			ret = try_put(f, dest, source, fullnat_find(f, dest), off, err);
	}
	return refused(err, ret);
}

/* Can there be FULLNAT? Returns '0' or '1', what vs.conntrack is, or -errno. */
static int ready(const struct fullnat *f, struct np_err *err)
{
	if (f->nft)
		return fullnat_conntrack_read(f->conntrack, err);
	if (err)
		*err = f->why;
	return refused(err, -f->why.code);
}

int fullnat_set(struct fullnat *f, const struct fullnat_dest *dest,
		const struct fullnat_source *source, struct np_err *err)
{
	struct np_err ignored = NP_ERR_INIT;
	struct fullnat_source old;
	int value, ret;

	if (source->mode == NP_LVS_FULLNAT_NONE)
		return drop(f, &(struct goers){ dest, false }, err);
	value = ready(f, err);
	if (value < 0)
		return value;
	fullnat_get(f, dest, &old);
	if (old.mode != source->mode || memcmp(&old.addr, &source->addr, sizeof(old.addr))) {
		ret = put(f, dest, source, value == '0', err);
		if (ret)
			return ret;
	}
	if (value != '0')
		return 0;
	ret = fullnat_conntrack_write(f->conntrack, '1', err);
	if (!ret)
		return 0;
	if (old.mode == NP_LVS_FULLNAT_NONE)
		drop(f, &(struct goers){ dest, false }, &ignored);
	else
		put(f, dest, &old, true, &ignored);
	return ret;
}

/* One entry into the batch that has begun. Returns 0 or -errno. */
static int put_new(struct fullnat *f, const struct fullnat_addition *add, struct np_err *err)
{
	struct np_nft_elem elem;
	unsigned map = fullnat_key(&add->dest, &elem);

	if (fullnat_find(f, &add->dest))
		return np_err_set(err, EEXIST, "FULLNAT is there already: somebody else put it");
	fullnat_chain(add->dest.family, &add->source, elem.chain);
	put_entry(f, add->dest.family, &add->source, map, &elem);
	return fullnat_remember(f, map, &elem) ? np_err_nomem(err) : 0;
}

static int try_add(struct fullnat *f, const struct fullnat_addition *add, size_t n, bool off,
		   struct np_err *err)
{
	size_t done = 0;
	int ret = 0;

	begin(f, off);
	while (!ret && done < n) {
		ret = put_new(f, &add[done], err);
		done += !ret;
	}
	if (!ret)
		ret = commit(f, off, err);
	while (ret && done--) {
		struct fullnat_entry *e = fullnat_find(f, &add[done].dest);

		RB_REMOVE(fullnat_entries, &f->entries, e);
		free(e);
	}
	return ret;
}

int fullnat_add(struct fullnat *f, const struct fullnat_addition *add, size_t n,
		struct np_err *err)
{
	struct np_err ignored = NP_ERR_INIT;
	int value = ready(f, err), ret = -ERESTART;

	if (value < 0)
		return value;
	for (int i = 0; ret == -ERESTART && i < TRIES; i++) {
		ret = i ? fullnat_reload(f, err) : 0;
		if (!ret)
			ret = try_add(f, add, n, value == '0', err);
	}
	if (ret)
		return refused(err, ret);
	if (value != '0')
		return 0;
	ret = fullnat_conntrack_write(f->conntrack, '1', err);
	for (size_t i = 0; ret && i < n; i++)
		drop(f, &(struct goers){ &add[i].dest, false }, &ignored);
	return ret;
}
