/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * static_nat: what the module's files share.
 *
 * A mapping has two addresses, one for each direction of translation: addr[SN_DST] is what
 * destinations are looked up by, and what a translated source becomes; addr[SN_SRC] is what sources
 * are looked up by, and what a translated destination becomes.
 *
 * Packets read under RCU alone and write nothing but their own processor's counters. All changes
 * hold sn_net.lock, and are made in a transaction: until its commit no packet sees any of it,
 * afterwards each sees all.
 *
 * A long transaction lets go of the lock now and then, and others make theirs meanwhile, as long as
 * they touch nothing that it has touched. What they would have to know the end of it for holds
 * sn_net.alone, as the long one does from its beginning to its end.
 */
#ifndef _STATIC_NAT_H
#define _STATIC_NAT_H

#include <linux/netfilter.h>
#include <linux/netlink.h>
#include <linux/seqlock.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>
#include <linux/xarray.h>
#include <net/netns/generic.h>

enum sn_dir { SN_DST, SN_SRC, SN_DIRS };
enum sn_family { SN_V4, SN_V6, SN_FAMILIES };

/* In each family: where packets come in and leave, be it from and to this host. */
#define SN_NR_HOOKS 4

/**
 * struct sn_spec - what a mapping is
 * @family: enum sn_family
 * @kind: enum sn_dir, the half that was asked for; the other is [AUTO]
 * @plen: prefix length of both addresses
 * @mode: STATIC_NAT_MODE_*
 * @ifindex: 0: any interface
 * @addr: by enum sn_dir; of IPv4 the first word
 */
struct sn_spec {
	u8 family;
	u8 kind;
	u8 plen;
	u8 mode;
	int ifindex;
	union nf_inet_addr addr[SN_DIRS];
};

struct sn_counts {
	u64 packets[SN_DIRS];
	u64 bytes[SN_DIRS];
};

/* Those of one processor. Where a u64 is written in two steps, @syncp makes readers see both. */
struct sn_cpu_counts {
	struct sn_counts n;
	struct u64_stats_sync syncp;
};

struct sn_block;
struct sn_net;
struct sn_txn;

/* Tags of sn_entry.txn */
#define SN_TXN_DEL 1UL

/**
 * struct sn_entry - a mapping in a table
 * @node: in the buckets, by the hash's version (a hash that replaces another uses the other one, so
 *	that readers of both find their way) and direction
 * @txn: 0, or the struct sn_txn that adds it, or with SN_TXN_DEL deletes it
 * @counts: one a processor
 * @block: where counts come from
 * @id: index in sn_table.ids, the rule number of TRACE lines
 * @adjust: NPTv6: what is added to a word when the destination is translated, RFC 6296, 3.2
 * @link: in a transaction's list
 */
struct sn_entry {
	struct hlist_node node[2][SN_DIRS];
	struct sn_spec spec;
	unsigned long txn;
	struct sn_cpu_counts __percpu *counts;
	struct sn_block *block;
	u32 id;
	__wsum adjust;
	union {
		struct list_head link;
		struct rcu_head rcu;
	};
};

/**
 * struct sn_hash - the buckets
 * @bits: log2 of the buckets of one direction
 * @version: which of sn_entry.node
 * @offset: where that is
 * @shift: 64 less @bits
 * @factor: of the hash function
 * @bucket: each one's of SN_DST and SN_SRC beside each other
 */
struct sn_hash {
	struct rcu_head rcu;
	u8 bits;
	u8 version;
	u8 shift;
	u8 offset;
	u64 factor;
	struct hlist_head bucket[];
};

/* A prefix length in use; @mask: in IPv4. */
struct sn_shape {
	__be32 mask;
	u8 plen;
};

/* The longest first; behind the last one comes one of length 0. */
struct sn_shapes {
	struct rcu_head rcu;
	struct sn_shape shape[];
};

/**
 * struct sn_table - all mappings of a namespace, or of a transaction of netlink
 * @commits: a lookup that a commit ran into is done again
 * @shapes: NULL where a family has no mapping, which is all that its packets look at then
 * @ids: struct sn_entry, by id: the order of listings
 * @nr: mappings
 * @nr_dev: mappings with an interface
 * @uses: mappings by family and prefix length
 * @resized: @hash took the place of another one
 * @grace: then
 */
struct sn_table {
	seqcount_t commits;
	struct sn_hash __rcu *hash;
	struct sn_shapes __rcu *shapes[SN_FAMILIES];
	struct xarray ids;
	u32 nr;
	u32 nr_dev;
	u32 uses[SN_FAMILIES][129];
	bool resized;
	unsigned long grace;
	struct rcu_head rcu;
};

/* enum sn_stat - what is counted for each processor of a namespace */
enum sn_stat { SN_TRANSLATED, SN_ICMP, SN_DROPPED, SN_UNROUTED, SN_STATS };

struct sn_stats {
	u64 n[SN_STATS];
	struct u64_stats_sync syncp;
};

/**
 * struct sn_net - what a namespace has
 * @table: in use
 * @stats: one a processor
 * @net: the namespace
 * @alone: of long transactions, and of what must be alone with the table; taken before @lock
 * @lock: of all changes of tables
 * @next_id: of mappings, for all tables
 * @generation: changes of @table
 * @changing: what makes readers see a change and its generation together
 * @knows_devs: a mapping has had an interface
 * @staged: tables that sockets prepare (staged.c)
 * @nr_staged: of them
 * @block_lock: of @blocks
 * @blocks: counters with free places (counts.c)
 * @ops: its hooks, whose private word is this struct: to ask for it by number costs each packet
 *	more
 */
struct sn_net {
	struct sn_table __rcu *table;
	struct sn_stats __percpu *stats;
	struct net *net;
	struct mutex alone;
	struct mutex lock;
	u32 next_id;
	u32 generation;
	seqcount_t changing;
	bool knows_devs;
	struct list_head staged;
	u32 nr_staged;
	spinlock_t block_lock;
	struct list_head blocks;
	struct nf_hook_ops ops[SN_FAMILIES][SN_NR_HOOKS];
};

/**
 * struct sn_txn - changes of a table that become true together
 * @done: they are
 * @alone: the caller holds sn_net.alone, and others may come between the steps
 * @steps: for sn_txn_pause()
 * @net: the namespace
 * @table: the one that changes
 * @adds: entries
 * @dels: entries, still in the table until the commit
 * @dead: entries that came and went in the same transaction
 */
struct sn_txn {
	bool done;
	bool alone;
	unsigned int steps;
	struct sn_net *net;
	struct sn_table *table;
	struct list_head adds;
	struct list_head dels;
	struct list_head dead;
	struct rcu_head rcu;
};

/*
 * Packets do not see what a transaction adds before it is done, nor what it deletes afterwards.
 * The acquire makes those who see one of its changes see all of them.
 */
static inline bool sn_visible(const struct sn_entry *e)
{
	unsigned long tag = READ_ONCE(e->txn);
	const struct sn_txn *txn = (const void *)(tag & ~SN_TXN_DEL);

	if (likely(!tag))
		return true;
	return smp_load_acquire(&txn->done) != !!(tag & SN_TXN_DEL);
}

/* main.c */
extern unsigned int sn_net_id;
extern unsigned int sn_max_mappings;

static inline struct sn_net *sn_net_of(const struct net *net)
{
	return net_generic(net, sn_net_id);
}

/* map.c: tables and lookup */
int sn_map_init(void);
void sn_map_exit(void);
struct sn_table *sn_table_new(void);
/*
 * Frees the table and all in it, which nobody finds any more; those who still read it may go on,
 * each piece goes when the last of them has left. Yields, but waits for nobody.
 */
void sn_table_free(struct sn_table *t);
u64 sn_table_memory(const struct sn_table *t);
/*
 * The mapping that a packet with this address takes, under RCU; NULL: none. @ifindex: where the
 * packet is; NULL: a mapping of any interface fits.
 */
struct sn_entry *sn_lookup4(const struct sn_table *t, enum sn_dir dir, __be32 addr,
			    const int *ifindex);
struct sn_entry *sn_lookup6(const struct sn_table *t, enum sn_dir dir,
			    const struct in6_addr *addr, const int *ifindex);
/*
 * The first mapping from *id on, under RCU, be it visible or not; *id becomes its own. There may be
 * a million that the caller does not want: he leaves RCU behind each SN_WALK of them.
 */
struct sn_entry *sn_next(const struct sn_table *t, unsigned long *id);
#define SN_WALK 1024
/* What else than family, kind, FROM, prefix length and interface must agree. */
#define SN_MATCH_TO 1
#define SN_MATCH_MODE 2
/*
 * The mapping that this names, as the holder of sn_net.lock sees it, in @txn or, being alone, in
 * none. ERR_PTR(-EAGAIN): another transaction will say.
 */
struct sn_entry *sn_find(const struct sn_table *t, const struct sn_spec *spec, unsigned int match,
			 const struct sn_txn *txn);
/* The same as packets see it, under RCU. */
struct sn_entry *sn_find_visible(const struct sn_table *t, const struct sn_spec *spec,
				 unsigned int match);

/* txn.c: changes, under sn_net.lock. -EAGAIN: it must be done again, alone. */
struct sn_txn *sn_txn_begin(struct sn_net *sn, struct sn_table *t);
/* Between two changes: now and then yields, and lets others have the lock if it may. */
void sn_txn_pause(struct sn_txn *txn);
int sn_txn_add(struct sn_txn *txn, const struct sn_spec *spec);
/* In the place of the mapping of the same kind, FROM, prefix length and interface. */
int sn_txn_replace(struct sn_txn *txn, const struct sn_spec *spec);
/* match: SN_MATCH_* of what must be the same, as for sn_find(). */
int sn_txn_del(struct sn_txn *txn, const struct sn_spec *spec, unsigned int match);
void sn_txn_del_entry(struct sn_txn *txn, struct sn_entry *e);
/* Both free the transaction; portid is for the notification. */
void sn_txn_commit(struct sn_txn *txn, u32 portid);
void sn_txn_abort(struct sn_txn *txn);
/*
 * Alone: another table takes the place of the one in use, whose counters it takes over for the
 * mappings that both have; the old one is returned, to be freed.
 */
struct sn_table *sn_table_swap(struct sn_net *sn, struct sn_table *t);
/* An interface is gone, and its mappings with it. Cannot fail. */
void sn_table_drop_dev(struct sn_net *sn, struct sn_table *t, int ifindex);
/* For txn.c: the entry is in, or out of, the table's buckets, ids and shapes. */
int sn_table_link(struct sn_table *t, struct sn_entry *e, u32 *next_id);
void sn_table_unlink(struct sn_table *t, struct sn_entry *e);
void sn_table_fit(struct sn_table *t);
/* By one of its addresses; the rest as sn_find(). */
struct sn_entry *sn_find_key(const struct sn_table *t, const struct sn_spec *spec,
			     enum sn_dir dir, const struct sn_txn *txn);
struct sn_entry *sn_entry_new(struct sn_net *sn, const struct sn_spec *spec);
/* Once no reader is left. In any context. */
void sn_entry_free(struct sn_entry *e);

/* counts.c: places for counters */
int sn_counts_get(struct sn_net *sn, struct sn_entry *e);
void sn_counts_put(struct sn_entry *e);
/* Those of @from are @to's from now on; @from must not be in use much longer. */
void sn_counts_move(struct sn_entry *to, struct sn_entry *from);
void sn_counts_sum(const struct sn_entry *e, struct sn_counts *sum);
u64 sn_stats_sum(const struct sn_net *sn, enum sn_stat which);

/*
 * By packets, in softirq and process context. Where a u64 is written at once nothing needs to be
 * held off.
 */
static inline void sn_counts_add(struct sn_cpu_counts __percpu *counts, enum sn_dir dir,
				 unsigned int packets, unsigned int bytes)
{
#if BITS_PER_LONG == 64
	this_cpu_add(counts->n.packets[dir], packets);
	this_cpu_add(counts->n.bytes[dir], bytes);
#else
	struct sn_cpu_counts *c;

	local_bh_disable();
	c = this_cpu_ptr(counts);
	u64_stats_update_begin(&c->syncp);
	c->n.packets[dir] += packets;
	c->n.bytes[dir] += bytes;
	u64_stats_update_end(&c->syncp);
	local_bh_enable();
#endif
}

static inline void sn_stat(struct sn_net *sn, enum sn_stat which)
{
#if BITS_PER_LONG == 64
	this_cpu_inc(sn->stats->n[which]);
#else
	struct sn_stats *s;

	local_bh_disable();
	s = this_cpu_ptr(sn->stats);
	u64_stats_update_begin(&s->syncp);
	s->n[which]++;
	u64_stats_update_end(&s->syncp);
	local_bh_enable();
#endif
}

/* trace.c */
void sn_trace_step(const struct sk_buff *skb, const struct nf_hook_state *state, u32 id);

static inline bool sn_is_traced(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_NETFILTER_XT_TARGET_TRACE) || IS_ENABLED(CONFIG_NF_TABLES)
	return skb->nf_trace;
#else
	return false;
#endif
}

static inline void sn_trace(const struct sk_buff *skb, const struct nf_hook_state *state, u32 id)
{
	if (unlikely(sn_is_traced(skb)))
		sn_trace_step(skb, state, id);
}

/* proc.c */
int sn_proc_init(struct sn_net *sn);
void sn_proc_exit(struct sn_net *sn);

/* netlink.c */
int sn_netlink_init(void);
void sn_netlink_exit(void);
/* Under sn_net.lock; @entries: linked by their link, NULL: the event is of the whole table. */
void sn_notify(struct sn_net *sn, u8 cmd, struct list_head *entries, u32 portid);

/* staged.c */
void sn_staged_drop_all(struct sn_net *sn);

#endif
