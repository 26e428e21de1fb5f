// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transactions: changes of a table that packets see all at once, or not at all. What is added hangs
 * in the table at once and what is deleted hangs there still; each names the transaction, which
 * says whether it is done (sn_visible() in map.c).
 */
#include <linux/slab.h>
#include <net/checksum.h>

#include "static_nat.h"
#include "static_nat_uapi.h"

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

/* RFC 6296, 3.1: the outer prefix's sum without the inner one's. */
static __wsum sn_adjust(const struct sn_spec *spec)
{
	return csum_sub(csum_partial(&spec->addr[SN_DST], 16, 0),
			csum_partial(&spec->addr[SN_SRC], 16, 0));
}

int sn_txn_add(struct sn_txn *txn, const struct sn_spec *spec)
{
	struct sn_table *t = txn->table;
	struct sn_entry *e;
	int err;

	if (sn_find_key(t, spec, SN_DST) || sn_find_key(t, spec, SN_SRC))
		return -EEXIST;
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

struct sn_entry *sn_find(const struct sn_table *t, const struct sn_spec *spec)
{
	struct sn_entry *e = sn_find_key(t, spec, spec->kind);

	if (!e || e->spec.kind != spec->kind || e->spec.mode != spec->mode ||
	    memcmp(&e->spec.addr, &spec->addr, sizeof(spec->addr)))
		return NULL;
	return e;
}

int sn_txn_del(struct sn_txn *txn, const struct sn_spec *spec)
{
	struct sn_entry *e = sn_find(txn->table, spec);

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

void sn_txn_commit(struct sn_txn *txn, u32 portid)
{
	struct sn_net *sn = txn->net;
	struct sn_entry *e;

	/* pairs with the acquire in sn_visible() */
	smp_store_release(&txn->done, true);
	list_for_each_entry(e, &txn->adds, link) {
		WRITE_ONCE(e->txn, 0);
		cond_resched();
	}
	list_for_each_entry(e, &txn->dels, link) {
		sn_table_unlink(txn->table, e);
		cond_resched();
	}
	if (txn->table == rcu_dereference_raw(sn->table) &&
	    !(list_empty(&txn->adds) && list_empty(&txn->dels))) {
		WRITE_ONCE(sn->generation, sn->generation + 1);
		sn_notify(sn, STATIC_NAT_CMD_DEL, &txn->dels, portid);
		sn_notify(sn, STATIC_NAT_CMD_NEW, &txn->adds, portid);
	}
	sn_free_list(&txn->dels);
	sn_free_list(&txn->dead);
	kfree_rcu(txn, rcu);
}

void sn_txn_abort(struct sn_txn *txn)
{
	struct sn_table *t = txn->table;
	struct sn_entry *e;

	list_for_each_entry(e, &txn->adds, link) {
		sn_table_unlink(t, e);
		WRITE_ONCE(t->nr, t->nr - 1);
		cond_resched();
	}
	list_for_each_entry(e, &txn->dels, link) {
		WRITE_ONCE(e->txn, 0);
		WRITE_ONCE(t->nr, t->nr + 1);
		cond_resched();
	}
	sn_free_list(&txn->adds);
	sn_free_list(&txn->dead);
	kfree_rcu(txn, rcu);
}

struct sn_table *sn_table_swap(struct sn_net *sn, struct sn_table *t)
{
	struct sn_table *old = rcu_dereference_raw(sn->table);

	rcu_assign_pointer(sn->table, t);
	WRITE_ONCE(sn->generation, sn->generation + 1);
	return old;
}
