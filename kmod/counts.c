// SPDX-License-Identifier: GPL-2.0-only
/*
 * Places for the mappings' counters. Each processor has its own, so that the packet path writes no
 * line that another one does. The allocator of such memory is slow and its pieces are small, so
 * places come from blocks of a page; a mapping that goes leaves its place to the next one.
 */
#include <linux/percpu.h>
#include <linux/slab.h>

#include "static_nat.h"

#define SN_PLACES (4096 / sizeof(struct sn_counts))

/**
 * struct sn_block - a block of places
 * @list: in sn_net.blocks, when one is free
 * @sn: whose
 * @base: the counters
 * @used: which places are
 */
struct sn_block {
	struct list_head list;
	struct sn_net *sn;
	struct sn_counts __percpu *base;
	DECLARE_BITMAP(used, SN_PLACES);
};

static struct sn_block *sn_block_new(struct sn_net *sn)
{
	struct sn_block *b = kzalloc(sizeof(*b), GFP_KERNEL_ACCOUNT);

	if (!b)
		return NULL;
	b->sn = sn;
	b->base = __alloc_percpu_gfp(SN_PLACES * sizeof(*b->base), L1_CACHE_BYTES,
				     GFP_KERNEL_ACCOUNT);
	if (!b->base) {
		kfree(b);
		return NULL;
	}
	return b;
}

static void sn_block_free(struct sn_block *b)
{
	free_percpu(b->base);
	kfree(b);
}

/* A place of the first block that has one; false: none has. */
static bool sn_place_take(struct sn_net *sn, struct sn_entry *e)
{
	struct sn_block *b;
	unsigned long place;

	spin_lock_bh(&sn->block_lock);
	b = list_first_entry_or_null(&sn->blocks, struct sn_block, list);
	if (b) {
		place = find_first_zero_bit(b->used, SN_PLACES);
		__set_bit(place, b->used);
		if (bitmap_full(b->used, SN_PLACES))
			list_del_init(&b->list);
		e->block = b;
		e->counts = b->base + place;
	}
	spin_unlock_bh(&sn->block_lock);
	return b;
}

int sn_counts_get(struct sn_net *sn, struct sn_entry *e)
{
	struct sn_block *b;
	int cpu;

	if (!sn_place_take(sn, e)) {
		b = sn_block_new(sn);
		if (!b)
			return -ENOMEM;
		spin_lock_bh(&sn->block_lock);
		list_add(&b->list, &sn->blocks);
		spin_unlock_bh(&sn->block_lock);
		/* only holders of sn_net.lock take places */
		if (WARN_ON_ONCE(!sn_place_take(sn, e)))
			return -ENOMEM;
	}
	for_each_possible_cpu(cpu)
		memset(per_cpu_ptr(e->counts, cpu), 0, sizeof(*e->counts));
	return 0;
}

/* In any context: entries go by call_rcu(). */
void sn_counts_put(struct sn_entry *e)
{
	struct sn_block *b = e->block;
	bool empty;

	spin_lock_bh(&b->sn->block_lock);
	if (bitmap_full(b->used, SN_PLACES))
		list_add(&b->list, &b->sn->blocks);
	__clear_bit(e->counts - b->base, b->used);
	empty = bitmap_empty(b->used, SN_PLACES);
	if (empty)
		list_del(&b->list);
	spin_unlock_bh(&b->sn->block_lock);
	if (empty)
		sn_block_free(b);
}

void sn_counts_sum(const struct sn_entry *e, struct sn_counts *sum)
{
	const struct sn_counts __percpu *counts = READ_ONCE(e->counts);
	const struct sn_counts *c;
	int cpu, dir;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		c = per_cpu_ptr(counts, cpu);
		for (dir = 0; dir < SN_DIRS; dir++) {
			sum->packets[dir] += READ_ONCE(c->packets[dir]);
			sum->bytes[dir] += READ_ONCE(c->bytes[dir]);
		}
	}
}
