// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transactions: changes of a table that packets see all at once, or not at all. What is added hangs
 * in the table at once and what is deleted hangs there still; each names the transaction, which
 * says whether it is done (sn_visible()).
 */
#include <linux/slab.h>
#include <net/checksum.h>

#include "static_nat.h"
#include "static_nat_uapi.h"

#define SN_STEPS 256

struct sn_txn *sn_txn_begin(struct sn_net *sn, struct sn_table *t)
{
	struct sn_txn *txn = kzalloc(sizeof(*txn), GFP_KERNEL_ACCOUNT);

	if (!txn)
		return NULL;
	txn->net = sn;
	txn->table = t;
	INIT_LIST_HEAD(&txn->adds);
	INIT_LIST_HEAD(&txn->dels);
	INIT_LIST_HEAD(&txn->dead);
	return txn;
}

void sn_txn_pause(struct sn_txn *txn)
{
	if (++txn->steps % SN_STEPS)
		return;
	if (txn->alone)
		mutex_unlock(&txn->net->lock);
	cond_resched();
	if (txn->alone)
		mutex_lock(&txn->net->lock);
}

/* RFC 6296, 3.1: the outer prefix's sum without the inner one's. */
static __wsum sn_adjust(const struct sn_spec *spec)
{
	return csum_sub(csum_partial(&spec->addr[SN_DST], 16, 0),
			csum_partial(&spec->addr[SN_SRC], 16, 0));
}

static int sn_taken(const struct sn_txn *txn, const struct sn_spec *spec)
{
	const struct sn_entry *dst = sn_find_key(txn->table, spec, SN_DST, txn);
	const struct sn_entry *src = sn_find_key(txn->table, spec, SN_SRC, txn);

	if (IS_ERR(dst) || IS_ERR(src))
		return -EAGAIN;
	return dst || src ? -EEXIST : 0;
}

int sn_txn_add(struct sn_txn *txn, const struct sn_spec *spec)
{
	struct sn_table *t = txn->table;
	struct sn_entry *e;
	int err = sn_taken(txn, spec);

	if (err)
		return err;
	if (t->nr >= READ_ONCE(sn_max_mappings))
		return -ENOSPC;
	sn_table_fit(t);
	e = sn_entry_new(txn->net, spec);
	if (!e)
		return -ENOMEM;
	e->adjust = sn_adjust(spec);
	e->txn = (unsigned long)txn;
	err = sn_table_link(t, e, &txn->net->next_id);
	if (err) {
		sn_entry_free(e);
		return err;
	}
	list_add_tail(&e->link, &txn->adds);
	WRITE_ONCE(t->nr, t->nr + 1);
	return 0;
}

void sn_txn_del_entry(struct sn_txn *txn, struct sn_entry *e)
{
	WRITE_ONCE(txn->table->nr, txn->table->nr - 1);
	if (e->txn) {	/* it came in this very transaction, and nobody has seen it */
		sn_table_unlink(txn->table, e);
		list_move_tail(&e->link, &txn->dead);
		return;
	}
	/* pairs with READ_ONCE in sn_visible(); the transaction itself was written long ago */
	smp_store_release(&e->txn, (unsigned long)txn | SN_TXN_DEL);
	list_add_tail(&e->link, &txn->dels);
}

int sn_txn_replace(struct sn_txn *txn, const struct sn_spec *spec)
{
	struct sn_entry *old = sn_find(txn->table, spec, 0, txn);

	if (IS_ERR(old))
		return PTR_ERR(old);
	if (old && !memcmp(&old->spec, spec, sizeof(*spec)))
		return 0;
	if (old)
		sn_txn_del_entry(txn, old);
	return sn_txn_add(txn, spec);
}

int sn_txn_del(struct sn_txn *txn, const struct sn_spec *spec, unsigned int match)
{
	struct sn_entry *e = sn_find(txn->table, spec, match, txn);

	if (IS_ERR(e))
		return PTR_ERR(e);
	if (!e)
		return -ENOENT;
	sn_txn_del_entry(txn, e);
	return 0;
}

static void sn_free_list(struct list_head *list)
{
	struct sn_entry *e, *next;

	list_for_each_entry_safe(e, next, list, link) {
		sn_entry_free(e);
		cond_resched();
	}
}

static struct sn_entry *sn_take_first(struct list_head *list)
{
	struct sn_entry *e = list_first_entry_or_null(list, struct sn_entry, link);

	if (e)
		list_del(&e->link);
	return e;
}

static void sn_txn_free(struct sn_txn *txn)
{
	sn_free_list(&txn->dead);
	kfree_rcu(txn, rcu);
}

/*
 * What is true from now on, and its number, are seen together: a reader that has the number before
 * reads again what it has read before. A packet on this processor must not wait for the end of it.
 */
static void sn_change_begin(struct sn_net *sn)
{
	local_bh_disable();
	preempt_disable();	/* PREEMPT_RT: a sender above us would wait for ever */
	write_seqcount_begin(&sn->changing);
}

static void sn_change_end(struct sn_net *sn)
{
	write_seqcount_end(&sn->changing);
	preempt_enable();
	local_bh_enable();
}

void sn_txn_commit(struct sn_txn *txn, u32 portid)
{
	struct sn_net *sn = txn->net;
	bool change = txn->table == rcu_dereference_raw(sn->table) &&
		      !(list_empty(&txn->adds) && list_empty(&txn->dels));
	struct sn_entry *e;

	sn_change_begin(sn);
	write_seqcount_begin(&txn->table->commits);
	/* pairs with the acquire in sn_visible() */
	smp_store_release(&txn->done, true);
	write_seqcount_end(&txn->table->commits);
	WRITE_ONCE(sn->generation, sn->generation + change);
	sn_change_end(sn);
	if (change) {
		sn_notify(sn, STATIC_NAT_CMD_DEL, &txn->dels, portid);
		sn_notify(sn, STATIC_NAT_CMD_NEW, &txn->adds, portid);
	}
	/* what has no transaction any more is anybody's as soon as this one pauses */
	while ((e = sn_take_first(&txn->adds))) {
		WRITE_ONCE(e->txn, 0);
		sn_txn_pause(txn);
	}
	while ((e = sn_take_first(&txn->dels))) {
		sn_table_unlink(txn->table, e);
		sn_entry_free(e);
		sn_txn_pause(txn);
	}
	sn_txn_free(txn);
}

void sn_txn_abort(struct sn_txn *txn)
{
	struct sn_table *t = txn->table;
	struct sn_entry *e;

	while ((e = sn_take_first(&txn->adds))) {
		sn_table_unlink(t, e);
		WRITE_ONCE(t->nr, t->nr - 1);
		sn_entry_free(e);
		sn_txn_pause(txn);
	}
	while ((e = sn_take_first(&txn->dels))) {
		WRITE_ONCE(e->txn, 0);
		WRITE_ONCE(t->nr, t->nr + 1);
		sn_txn_pause(txn);
	}
	sn_txn_free(txn);
}

static void sn_inherit_counts(struct sn_table *t, const struct sn_table *old)
{
	struct sn_entry *e, *was;
	unsigned long id;

	xa_for_each(&t->ids, id, e) {
		was = sn_find(old, &e->spec, SN_MATCH_TO | SN_MATCH_MODE, NULL);
		if (!IS_ERR_OR_NULL(was))
			sn_counts_move(e, was);
		cond_resched();
	}
}

struct sn_table *sn_table_swap(struct sn_net *sn, struct sn_table *t)
{
	struct sn_table *old = rcu_dereference_raw(sn->table);

	sn_inherit_counts(t, old);
	sn_change_begin(sn);
	rcu_assign_pointer(sn->table, t);
	WRITE_ONCE(sn->generation, sn->generation + 1);
	sn_change_end(sn);
	return old;
}

/*
 * No transaction: an interface that is gone has no packets that could see a part of it. A long
 * transaction that pauses adds no mapping of an interface, and what it deletes goes with it.
 */
void sn_table_drop_dev(struct sn_net *sn, struct sn_table *t, int ifindex)
{
	struct sn_entry *e;
	unsigned long id;
	LIST_HEAD(dels);

	if (!t->nr_dev)
		return;
	xa_for_each(&t->ids, id, e) {
		cond_resched();
		if (e->spec.ifindex != ifindex || e->txn)
			continue;
		sn_table_unlink(t, e);
		WRITE_ONCE(t->nr, t->nr - 1);
		list_add_tail(&e->link, &dels);
	}
	if (t == rcu_dereference_raw(sn->table) && !list_empty(&dels)) {
		sn_change_begin(sn);
		WRITE_ONCE(sn->generation, sn->generation + 1);
		sn_change_end(sn);
		sn_notify(sn, STATIC_NAT_CMD_DEL, &dels, 0);
	}
	sn_free_list(&dels);
}
