/* SPDX-License-Identifier: GPL-2.0-only */
/* What each packet does in the tables, twice or thrice: every instruction of it counts. */
#ifndef _STATIC_NAT_LOOKUP_H
#define _STATIC_NAT_LOOKUP_H

#include <linux/hash.h>

#include "static_nat.h"

/*
 * The first product, by a number that nobody knows, keeps a container's root from choosing
 * addresses of one bucket; the second one spreads neighbours.
 */
static __always_inline struct hlist_head *sn_bucket4(struct sn_hash *h, enum sn_dir dir,
						     __be32 key, u8 plen)
{
	u64 x = ((u64)plen << 32 | be32_to_cpu(key)) * h->factor;

	x = (x ^ x >> 32) * GOLDEN_RATIO_64 >> h->shift;
	return &h->bucket[x * SN_DIRS + dir];
}

static __always_inline struct sn_entry *sn_entry_of(const struct hlist_node *node,
						    const struct sn_hash *h, enum sn_dir dir)
{
	return (void *)node - h->offset - dir * sizeof(*node);
}

#define sn_for_each(node, head)							\
	for (node = rcu_dereference_raw(hlist_first_rcu(head)); node;		\
	     node = rcu_dereference_raw(hlist_next_rcu(node)))

/*
 * The mapping of the interface goes before the one of any; *best is the one so far. @ifindex is
 * looked at only where a mapping has one.
 */
static __always_inline bool sn_better(struct sn_entry *e, const int *ifindex,
				      struct sn_entry **best)
{
	int own = e->spec.ifindex;

	if (own && ifindex && own != *ifindex)
		return false;
	if ((*best && !own) || !sn_visible(e))
		return false;
	*best = e;
	return own;
}

static __always_inline struct sn_entry *sn_walk4(const struct sn_table *t, enum sn_dir dir,
						 __be32 addr, const int *ifindex)
{
	const struct sn_shapes *s = rcu_dereference(t->shapes[SN_V4]);
	struct sn_hash *h = rcu_dereference(t->hash);
	struct sn_entry *e, *best = NULL;
	const struct sn_shape *shape;
	struct hlist_node *node;
	__be32 key;

	if (!s)
		return NULL;
	for (shape = s->shape; shape->plen; shape++) {
		key = addr & shape->mask;
		sn_for_each(node, sn_bucket4(h, dir, key, shape->plen)) {
			e = sn_entry_of(node, h, dir);
			if (e->spec.addr[dir].ip == key && e->spec.plen == shape->plen &&
			    e->spec.family == SN_V4 && sn_better(e, ifindex, &best))
				return best;
		}
		if (best)
			return best;
	}
	return NULL;
}

/* To read it; not const for the kernel's own types. */
static inline seqcount_t *sn_commits(const struct sn_table *t)
{
	return (seqcount_t *)&t->commits;
}

/*
 * Where a mapping is replaced, a walk may pass the place of the new one before the commit and that
 * of the old one behind it, and find neither.
 */
static __always_inline struct sn_entry *sn_look4(const struct sn_table *t, enum sn_dir dir,
						 __be32 addr, const int *ifindex)
{
	struct sn_entry *e;
	unsigned int seq;

	do {
		seq = read_seqcount_begin(sn_commits(t));
		e = sn_walk4(t, dir, addr, ifindex);
	} while (read_seqcount_retry(sn_commits(t), seq));
	return e;
}

#endif
