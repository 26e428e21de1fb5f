// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of mappings: a hash by address and prefix length for packets, an xarray by number for
 * listings, which keep their place in it whatever comes and goes.
 */
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "lookup.h"

#define SN_BITS_MIN 4
#define SN_BITS_MAX 24

static struct kmem_cache *sn_cache;

int sn_map_init(void)
{
	sn_cache = KMEM_CACHE(sn_entry, SLAB_ACCOUNT);
	return sn_cache ? 0 : -ENOMEM;
}

void sn_map_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(sn_cache);
}

struct sn_entry *sn_entry_new(struct sn_net *sn, const struct sn_spec *spec)
{
	struct sn_entry *e = kmem_cache_zalloc(sn_cache, GFP_KERNEL);

	if (!e)
		return NULL;
	e->spec = *spec;
	if (sn_counts_get(sn, e)) {
		kmem_cache_free(sn_cache, e);
		return NULL;
	}
	return e;
}

static void sn_entry_free_rcu(struct rcu_head *rcu)
{
	struct sn_entry *e = container_of(rcu, struct sn_entry, rcu);

	sn_counts_put(e);
	kmem_cache_free(sn_cache, e);
}

void sn_entry_free(struct sn_entry *e)
{
	call_rcu(&e->rcu, sn_entry_free_rcu);
}

static struct hlist_head *sn_bucket6(struct sn_hash *h, enum sn_dir dir,
				     const struct in6_addr *key, u8 plen)
{
	u32 hash = jhash2((__force const u32 *)key->s6_addr32, 4, (u32)h->factor + plen);

	return &h->bucket[(hash >> (32 - h->bits)) * SN_DIRS + dir];
}

static struct hlist_head *sn_bucket(struct sn_hash *h, enum sn_dir dir,
				    const struct sn_spec *spec)
{
	if (spec->family == SN_V4)
		return sn_bucket4(h, dir, spec->addr[dir].ip, spec->plen);
	return sn_bucket6(h, dir, &spec->addr[dir].in6, spec->plen);
}

static struct sn_entry *sn_walk6(const struct sn_table *t, enum sn_dir dir,
				 const struct in6_addr *addr, const int *ifindex)
{
	const struct sn_shapes *s = rcu_dereference(t->shapes[SN_V6]);
	struct sn_hash *h = rcu_dereference(t->hash);
	struct sn_entry *e, *best = NULL;
	struct hlist_node *node;
	const struct sn_shape *shape;
	struct in6_addr key;

	if (!s)
		return NULL;
	for (shape = s->shape; shape->plen; shape++) {
		ipv6_addr_prefix(&key, addr, shape->plen);
		sn_for_each(node, sn_bucket6(h, dir, &key, shape->plen)) {
			e = sn_entry_of(node, h, dir);
			if (ipv6_addr_equal(&e->spec.addr[dir].in6, &key) &&
			    e->spec.plen == shape->plen && e->spec.family == SN_V6 &&
			    sn_better(e, ifindex, &best))
				return best;
		}
		if (best)
			return best;
	}
	return NULL;
}

struct sn_entry *sn_lookup4(const struct sn_table *t, enum sn_dir dir, __be32 addr,
			    const int *ifindex)
{
	return sn_look4(t, dir, addr, ifindex);
}

struct sn_entry *sn_lookup6(const struct sn_table *t, enum sn_dir dir,
			    const struct in6_addr *addr, const int *ifindex)
{
	struct sn_entry *e;
	unsigned int seq;

	do {
		seq = read_seqcount_begin(sn_commits(t));
		e = sn_walk6(t, dir, addr, ifindex);
	} while (read_seqcount_retry(sn_commits(t), seq));
	return e;
}

static bool sn_same_key(const struct sn_entry *e, const struct sn_spec *spec, enum sn_dir dir)
{
	return e->spec.family == spec->family && e->spec.plen == spec->plen &&
	       e->spec.ifindex == spec->ifindex &&
	       !memcmp(&e->spec.addr[dir], &spec->addr[dir], sizeof(spec->addr[dir]));
}

/* What a writer sees: with what its transaction adds, without what it deletes. */
struct sn_entry *sn_find_key(const struct sn_table *t, const struct sn_spec *spec,
			     enum sn_dir dir, const struct sn_txn *txn)
{
	struct sn_hash *h = rcu_dereference_raw(t->hash);
	struct hlist_node *node;
	struct sn_entry *e;

	sn_for_each(node, sn_bucket(h, dir, spec)) {
		e = sn_entry_of(node, h, dir);
		if (!sn_same_key(e, spec, dir))
			continue;
		if (e->txn && (e->txn & ~SN_TXN_DEL) != (unsigned long)txn)
			return ERR_PTR(-EAGAIN);
		if (!(e->txn & SN_TXN_DEL))
			return e;
	}
	return NULL;
}

static struct sn_entry *sn_walk_visible(const struct sn_table *t, const struct sn_spec *spec)
{
	struct sn_hash *h = rcu_dereference(t->hash);
	struct hlist_node *node;
	struct sn_entry *e;

	sn_for_each(node, sn_bucket(h, spec->kind, spec)) {
		e = sn_entry_of(node, h, spec->kind);
		if (sn_same_key(e, spec, spec->kind) && sn_visible(e))
			return e;
	}
	return NULL;
}

static struct sn_entry *sn_match(struct sn_entry *e, const struct sn_spec *spec,
				 unsigned int match)
{
	const union nf_inet_addr *to = &spec->addr[!spec->kind];

	if (IS_ERR_OR_NULL(e))
		return e;
	if (e->spec.kind != spec->kind)
		return NULL;
	if (match & SN_MATCH_MODE && e->spec.mode != spec->mode)
		return NULL;
	if (match & SN_MATCH_TO && memcmp(&e->spec.addr[!spec->kind], to, sizeof(*to)))
		return NULL;
	return e;
}

struct sn_entry *sn_find(const struct sn_table *t, const struct sn_spec *spec, unsigned int match,
			 const struct sn_txn *txn)
{
	return sn_match(sn_find_key(t, spec, spec->kind, txn), spec, match);
}

struct sn_entry *sn_find_visible(const struct sn_table *t, const struct sn_spec *spec,
				 unsigned int match)
{
	struct sn_entry *e;
	unsigned int seq;

	do {
		seq = read_seqcount_begin(sn_commits(t));
		e = sn_walk_visible(t, spec);
	} while (read_seqcount_retry(sn_commits(t), seq));
	return sn_match(e, spec, match);
}

struct sn_entry *sn_next(const struct sn_table *t, unsigned long *id)
{
	return xa_find((struct xarray *)&t->ids, id, U32_MAX, XA_PRESENT);
}

static struct sn_hash *sn_hash_new(u8 bits, u8 version)
{
	struct sn_hash *h = kvzalloc(struct_size(h, bucket, (size_t)SN_DIRS << bits),
				     GFP_KERNEL_ACCOUNT);

	if (h) {
		h->bits = bits;
		h->version = version;
		h->offset = offsetof(struct sn_entry, node[version]);
		h->shift = 64 - bits;
		h->factor = get_random_u64() | 1;
	}
	return h;
}

static void sn_hash_add(struct sn_hash *h, struct sn_entry *e)
{
	int dir;

	for (dir = 0; dir < SN_DIRS; dir++)
		hlist_add_head_rcu(&e->node[h->version][dir], sn_bucket(h, dir, &e->spec));
}

/*
 * The nodes of the other version were those of the hash before this one, which must have no readers
 * left: waited for where chains have become long, and else the next one who comes may find it so.
 */
static bool sn_may_resize(const struct sn_table *t, const struct sn_hash *h)
{
	if (!t->resized || poll_state_synchronize_rcu(t->grace))
		return true;
	if (t->nr < 8U << h->bits)
		return false;
	cond_synchronize_rcu(t->grace);
	return true;
}

/*
 * Before one more is added: where three quarters of the buckets would be in use if each had one,
 * twice as many buckets as there are mappings. A packet looks into several, and most of what it
 * looks for is not there, so that each mapping more in a bucket costs it.
 */
void sn_table_fit(struct sn_table *t)
{
	struct sn_hash *h, *old = rcu_dereference_raw(t->hash);
	struct sn_entry *e;
	unsigned long id;
	u8 bits;

	if (t->nr < (3U << old->bits) / 4 || old->bits == SN_BITS_MAX || !sn_may_resize(t, old))
		return;
	bits = min_t(u8, order_base_2(2 * t->nr), SN_BITS_MAX);
	h = sn_hash_new(bits, !old->version);
	if (!h)
		return;	/* longer chains are no error */
	xa_for_each(&t->ids, id, e) {
		sn_hash_add(h, e);
		if (!(id & 1023))
			cond_resched();
	}
	rcu_assign_pointer(t->hash, h);
	t->grace = start_poll_synchronize_rcu();
	t->resized = true;
	kvfree_rcu(old, rcu);
}

static int sn_shapes_update(struct sn_table *t, enum sn_family family)
{
	struct sn_shapes *s = NULL, *old = rcu_dereference_raw(t->shapes[family]);
	struct sn_shape *shape;
	int plen, n = 0;

	for (plen = 1; plen <= 128; plen++)
		n += !!t->uses[family][plen];
	if (n) {
		s = kzalloc(struct_size(s, shape, n + 1), GFP_KERNEL_ACCOUNT);
		if (!s)
			return -ENOMEM;
		shape = s->shape;
		for (plen = 128; plen; plen--) {
			if (!t->uses[family][plen])
				continue;
			shape->plen = plen;
			if (family == SN_V4)
				shape->mask = cpu_to_be32(~0U << (32 - plen));
			shape++;
		}
	}
	rcu_assign_pointer(t->shapes[family], s);
	if (old)
		kfree_rcu(old, rcu);
	return 0;
}

int sn_table_link(struct sn_table *t, struct sn_entry *e, u32 *next_id)
{
	u32 *uses = &t->uses[e->spec.family][e->spec.plen];
	int err = xa_alloc_cyclic(&t->ids, &e->id, e, XA_LIMIT(1, U32_MAX - 1), next_id,
				  GFP_KERNEL_ACCOUNT);

	if (err < 0)
		return err;
	if (!(*uses)++) {
		err = sn_shapes_update(t, e->spec.family);
		if (err) {
			(*uses)--;
			xa_erase(&t->ids, e->id);
			return err;
		}
	}
	sn_hash_add(rcu_dereference_raw(t->hash), e);
	t->nr_dev += !!e->spec.ifindex;
	return 0;
}

void sn_table_unlink(struct sn_table *t, struct sn_entry *e)
{
	struct sn_hash *h = rcu_dereference_raw(t->hash);
	int dir;

	for (dir = 0; dir < SN_DIRS; dir++)
		hlist_del_rcu(&e->node[h->version][dir]);
	xa_erase(&t->ids, e->id);
	t->nr_dev -= !!e->spec.ifindex;
	/* without memory for a shorter list the old one does: it finds nothing */
	if (!--t->uses[e->spec.family][e->spec.plen])
		sn_shapes_update(t, e->spec.family);
}

struct sn_table *sn_table_new(void)
{
	struct sn_table *t = kzalloc(sizeof(*t), GFP_KERNEL_ACCOUNT);
	struct sn_hash *h = sn_hash_new(SN_BITS_MIN, 0);

	if (!t || !h) {
		kfree(t);
		kvfree(h);
		return NULL;
	}
	seqcount_init(&t->commits);
	RCU_INIT_POINTER(t->hash, h);
	xa_init_flags(&t->ids, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	return t;
}

void sn_table_free(struct sn_table *t)
{
	struct sn_shapes *s;
	struct sn_hash *h = rcu_dereference_raw(t->hash);
	struct sn_entry *e;
	unsigned long id;
	int family;

	xa_for_each(&t->ids, id, e) {
		sn_entry_free(e);
		if (!(id & 1023))
			cond_resched();
	}
	xa_destroy(&t->ids);
	kvfree_rcu(h, rcu);
	for (family = 0; family < SN_FAMILIES; family++) {
		s = rcu_dereference_raw(t->shapes[family]);
		if (s)
			kfree_rcu(s, rcu);
	}
	kfree_rcu(t, rcu);
}

u64 sn_table_memory(const struct sn_table *t)
{
	const struct sn_hash *h = rcu_dereference(t->hash);
	u64 each = sizeof(struct sn_entry) + sizeof(struct xa_node) / XA_CHUNK_SIZE +
		   sizeof(struct sn_cpu_counts) * num_possible_cpus();

	return sizeof(*t) + struct_size(h, bucket, (size_t)SN_DIRS << h->bits) + each * t->nr;
}
