// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/fullnat.h"

#include <bsd/string.h>
#include <bsd/sys/tree.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lvsctl/fullnat_conntrack.h"
#include "lvsctl/fullnat_table.h"

/* What the table's comment says: the fact has to be known when the last one goes. */
#define COMMENT "lvsctl"
#define COMMENT_WAS_OFF "lvsctl; vs.conntrack was 0"

/* Others that change nf_tables at the same time win so many times. */
#define TRIES 32

struct entry {
	RB_ENTRY(entry) node;
	unsigned map;
	struct np_nft_elem elem;
};

RB_HEAD(entries, entry);

struct fullnat {
	const char *conntrack;
	struct np_nft *nft;       /* NULL: this kernel has no nf_tables */
	struct np_err why;        /* … and what it said */
	uint32_t generation;      /* of nf_tables, when entries was right */
	bool there;               /* the table is */
	bool was_off;
	struct entries entries;
};

static int compare(const struct entry *a, const struct entry *b)
{
	if (a->map != b->map)
		return a->map < b->map ? -1 : 1;
	return memcmp(a->elem.key, b->elem.key, NP_NFT_KEY_MAX);
}

/* Without libbsd's word for it, a name that fields of Linux's headers have, too. */
RB_PROTOTYPE_INTERNAL(entries, entry, node, compare, __attribute__((unused)) static)
RB_GENERATE_INTERNAL(entries, entry, node, compare, __attribute__((unused)) static)

static void forget(struct fullnat *f)
{
	struct entry *e, *next;

	RB_FOREACH_SAFE(e, entries, &f->entries, next) {
		RB_REMOVE(entries, &f->entries, e);
		free(e);
	}
	f->there = f->was_off = false;
}

static int remember(struct fullnat *f, unsigned map, const struct np_nft_elem *elem)
{
	struct entry *e = malloc(sizeof(*e));

	if (!e)
		return -ENOMEM;
	e->map = map;
	e->elem = *elem;
	if (RB_INSERT(entries, &f->entries, e))
		free(e);
	return 0;
}

static int load_map(struct fullnat *f, unsigned map, struct np_err *err)
{
	struct np_nft_elem *elems;
	size_t n;
	int ret = np_nft_elems(f->nft, &fullnat_table, fullnat_maps[map].name, &elems, &n, err);

	for (size_t i = 0; !ret && i < n; i++)
		if (remember(f, map, &elems[i]))
			ret = np_err_nomem(err);
	free(elems);
	return ret;
}

/* The generation comes first: what changes while we read makes the next commit fail. */
static int load(struct fullnat *f, struct np_err *err)
{
	char comment[64];
	int ret;

	forget(f);
	ret = np_nft_generation(f->nft, &f->generation, err);
	if (!ret)
		ret = np_nft_get_table(f->nft, &fullnat_table, comment, sizeof(comment), err);
	if (ret)
		return ret;
	f->there = true;
	f->was_off = !strcmp(comment, COMMENT_WAS_OFF);
	for (unsigned i = 0; !ret && i < FULLNAT_MAPS; i++)
		ret = load_map(f, i, err);
	return ret;
}

static int reload(struct fullnat *f, struct np_err *err)
{
	struct np_err gone = NP_ERR_INIT;
	int ret = load(f, &gone);

	if (!ret || ret == -ENOENT)
		return 0;
	if (err)
		*err = gone;
	return ret;
}

/* An errno of nf_tables is none of IPVS's, whose meaning the caller knows. */
static int told(struct np_err *err, int ret, const char *prefix)
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
		return reload(f, err);
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
		return told(err, ret, "FULLNAT cannot be read");
	}
	*out = f;
	return 0;
}

void fullnat_close(struct fullnat *f)
{
	if (!f)
		return;
	forget(f);
	np_nft_close(f->nft);
	free(f);
}

static struct entry *find(struct fullnat *f, const struct fullnat_dest *dest)
{
	struct entry key;

	key.map = fullnat_key(dest, &key.elem);
	return RB_FIND(entries, &f->entries, &key);
}

void fullnat_get(struct fullnat *f, const struct fullnat_dest *dest,
		 struct fullnat_source *source)
{
	const struct entry *e = find(f, dest);

	*source = (struct fullnat_source){ .mode = NP_LVS_FULLNAT_NONE };
	if (e)
		fullnat_chain_source(e->elem.chain, source);
}

/* Does an entry other than but lead to the chain? */
static bool in_use(struct fullnat *f, const char *chain, const struct entry *but)
{
	struct entry *e;

	RB_FOREACH(e, entries, &f->entries)
		if (e != but && !strcmp(e->elem.chain, chain))
			return true;
	return false;
}

/* Takes old's entry, and its chain with the last that needs it. */
static void put_gone(struct fullnat *f, const struct entry *old, const char *keep)
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
		fullnat_put_table(f->nft, off ? COMMENT_WAS_OFF : COMMENT);
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
		   const struct fullnat_source *source, struct entry *old, bool off,
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
	else if (remember(f, map, &elem))
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
		forget(f);
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

static bool goes(const struct goers *g, const struct entry *e)
{
	struct entry key;

	if (g->service)
		return fullnat_same_service(g->dest, e->map, &e->elem);
	key.map = fullnat_key(g->dest, &key.elem);
	return !compare(&key, e);
}

/* One attempt; f->entries is changed only by success. */
static int try_drop(struct fullnat *f, const struct goers *g, struct np_err *err)
{
	struct entries gone = RB_INITIALIZER(&gone);
	struct entry *e, *next;
	int ret;

	np_nft_begin(f->nft, &fullnat_table, f->generation);
	RB_FOREACH_SAFE(e, entries, &f->entries, next) {
		if (!goes(g, e))
			continue;
		RB_REMOVE(entries, &f->entries, e);
		put_gone(f, e, "");
		RB_INSERT(entries, &gone, e);
	}
	if (RB_EMPTY(&gone))
		ret = 0;
	else if (RB_EMPTY(&f->entries))
		ret = try_drop_table(f, err);
	else if (!(ret = np_nft_commit(f->nft, err)))
		f->generation++;
	RB_FOREACH_SAFE(e, entries, &gone, next) {
		RB_REMOVE(entries, &gone, e);
		if (ret)
			RB_INSERT(entries, &f->entries, e);
		else
			free(e);
	}
	return ret;
}

static int refused(struct np_err *err, int ret)
{
	if (ret == -ERESTART || ret == -ENOBUFS || ret == -ENOMEM || ret == -EAGAIN)
		return told(err, ret, "FULLNAT cannot be put in");
	return told(err, ret, "FULLNAT needs NAT in nf_tables (CONFIG_NFT_NAT, CONFIG_NFT_MASQ, "
		    "CONFIG_NFT_CT)");
}

static int drop(struct fullnat *f, const struct goers *g, struct np_err *err)
{
	int ret = -ERESTART;

	if (!f->nft)
		return 0;
	for (int i = 0; ret == -ERESTART && i < TRIES; i++) {
		ret = i ? reload(f, err) : 0;
		if (!ret)
			ret = try_drop(f, g, err);
	}
	return told(err, ret, "FULLNAT cannot be taken away");
}

bool fullnat_serves(struct fullnat *f, const struct fullnat_dest *dest)
{
	struct entry *e;

	RB_FOREACH(e, entries, &f->entries)
		if (fullnat_same_service(dest, e->map, &e->elem))
			return true;
	return false;
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
		ret = i ? reload(f, err) : 0;
		if (!ret && f->there)
			ret = try_drop_table(f, err);
	}
	return told(err, ret, "FULLNAT cannot be taken away");
}

static int put(struct fullnat *f, const struct fullnat_dest *dest,
	       const struct fullnat_source *source, bool off, struct np_err *err)
{
	int ret = -ERESTART;

	for (int i = 0; ret == -ERESTART && i < TRIES; i++) {
		ret = i ? reload(f, err) : 0;
		if (!ret)
			ret = try_put(f, dest, source, find(f, dest), off, err);
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

	if (find(f, &add->dest))
		return np_err_set(err, EEXIST, "FULLNAT is there already: somebody else put it");
	fullnat_chain(add->dest.family, &add->source, elem.chain);
	put_entry(f, add->dest.family, &add->source, map, &elem);
	return remember(f, map, &elem) ? np_err_nomem(err) : 0;
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
		struct entry *e = find(f, &add[done].dest);

		RB_REMOVE(entries, &f->entries, e);
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
		ret = i ? reload(f, err) : 0;
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
