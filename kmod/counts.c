// SPDX-License-Identifier: GPL-2.0-only
/*
 * Places for the mappings' counters. Each processor has its own, so that the packet path writes no
 * line that another one does. The allocator of such memory is slow and its pieces are small, so
 * places come from blocks of a page; a mapping that goes leaves its place to the next one.
 */
#include <linux/percpu.h>
#include <linux/slab.h>

#include "static_nat.h"

#define SN_PLACES (4096 / sizeof(struct sn_cpu_counts))

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
	struct sn_cpu_counts __percpu *base;
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
	struct sn_cpu_counts *c;
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
	for_each_possible_cpu(cpu) {
		c = per_cpu_ptr(e->counts, cpu);
		memset(&c->n, 0, sizeof(c->n));
		u64_stats_init(&c->syncp);
	}
	return 0;
}

/* In any context: entries go by call_rcu(). */
void sn_counts_put(struct sn_entry *e)
{
	struct sn_block *b = e->block;
	bool empty;

	if (!b)		/* another entry has them now */
		return;
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

/*
 * Packets that found @from before still count by its pointer, which stays: what they count is
 * @to's as well.
 */
void sn_counts_move(struct sn_entry *to, struct sn_entry *from)
{
	sn_counts_put(to);
	to->counts = from->counts;
	to->block = from->block;
	from->block = NULL;
}

void sn_counts_sum(const struct sn_entry *e, struct sn_counts *sum)
{
	const struct sn_cpu_counts *c;
	struct sn_counts one;
	unsigned int start;
	int cpu, dir;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		c = per_cpu_ptr(e->counts, cpu);
		do {
			start = u64_stats_fetch_begin(&c->syncp);
			for (dir = 0; dir < SN_DIRS; dir++) {
				one.packets[dir] = READ_ONCE(c->n.packets[dir]);
				one.bytes[dir] = READ_ONCE(c->n.bytes[dir]);
			}
		} while (u64_stats_fetch_retry(&c->syncp, start));
		for (dir = 0; dir < SN_DIRS; dir++) {
			sum->packets[dir] += one.packets[dir];
			sum->bytes[dir] += one.bytes[dir];
		}
	}
}

u64 sn_stats_sum(const struct sn_net *sn, enum sn_stat which)
{
	const struct sn_stats *s;
	unsigned int start;
	u64 one, sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		s = per_cpu_ptr(sn->stats, cpu);
		do {
			start = u64_stats_fetch_begin(&s->syncp);
			one = READ_ONCE(s->n[which]);
		} while (u64_stats_fetch_retry(&s->syncp, start));
		sum += one;
	}
	return sum;
}
