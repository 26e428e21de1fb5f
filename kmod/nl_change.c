// SPDX-License-Identifier: GPL-2.0-only
/* ADD, DEL and FLUSH: a message is one transaction. */
#include <linux/netdevice.h>

#include "netlink.h"

typedef int sn_change_fn(struct sn_txn *txn, const struct nlattr *nest, struct genl_info *info);

/* What errors of a change mean, where nothing has been said yet. */
static const char *sn_refusal(int err)
{
	switch (err) {
	case -EEXIST:
		return "one of the addresses has a mapping already";
	case -ENOENT:
		return "there is no such mapping";
	case -ENOSPC:
		return "the table is full (module parameter max_mappings)";
	}
	return NULL;
}

static int sn_refused(struct genl_info *info, const struct nlattr *nest, int err)
{
	struct netlink_ext_ack *extack = info->extack;

	if (err == -EAGAIN)	/* not for the user */
		return err;
	if (err && extack && !extack->bad_attr)
		NL_SET_BAD_ATTR(extack, nest);
	if (err && extack && !extack->_msg)
		extack->_msg = sn_refusal(err);
	return err;
}

static int sn_each_mapping(struct sn_txn *txn, struct genl_info *info, sn_change_fn *fn)
{
	const struct nlattr *attr;
	unsigned int n = 0;
	int rem, err;

	nla_for_each_attr(attr, genlmsg_data(info->genlhdr), genlmsg_len(info->genlhdr), rem) {
		if (nla_type(attr) != STATIC_NAT_A_MAPPING)
			continue;
		err = sn_refused(info, attr, fn(txn, attr, info));
		if (err)
			return err;
		if (!(++n & 63))
			cond_resched();
	}
	if (n)
		return 0;
	GENL_SET_ERR_MSG(info, "the message has no mapping");
	return -EINVAL;
}

/* The table that the message is for. */
static struct sn_table *sn_target(struct sn_net *sn, const struct genl_info *info)
{
	if (info->attrs[STATIC_NAT_A_STAGED])
		return sn_staged_table(sn, info->snd_portid);
	return rcu_dereference_raw(sn->table);
}

static int sn_change_locked(struct sn_net *sn, struct genl_info *info, sn_change_fn *fn)
{
	struct sn_table *t = sn_target(sn, info);
	struct sn_txn *txn;
	int err;

	if (!t) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[STATIC_NAT_A_STAGED],
				    "this socket has begun no table");
		return -ENOENT;
	}
	txn = sn_txn_begin(sn, t);
	if (!txn)
		return -ENOMEM;
	err = sn_each_mapping(txn, info, fn);
	if (err)
		sn_txn_abort(txn);
	else
		sn_txn_commit(txn, info->snd_portid);
	return err;
}

static int sn_change_once(struct sn_net *sn, struct genl_info *info, sn_change_fn *fn)
{
	int err;

	if (mutex_lock_killable(&sn->lock))
		return -EINTR;
	err = sn_change_locked(sn, info, fn);
	mutex_unlock(&sn->lock);
	return err;
}

static int sn_change(struct genl_info *info, sn_change_fn *fn)
{
	struct sn_net *sn = sn_net_of(genl_info_net(info));
	int err = sn_change_once(sn, info, fn);

	if (err != -EAGAIN)
		return err;
	if (mutex_lock_killable(&sn->alone))
		return -EINTR;
	err = sn_change_once(sn, info, fn);
	mutex_unlock(&sn->alone);
	return err;
}

/*
 * An interface that is found here is one of which the notifier will tell, and that one waits for
 * sn_net.lock, if it sees that there is a mapping of any (the barrier pairs with its own).
 */
static bool sn_dev_there(struct sn_net *sn, int ifindex)
{
	bool there;

	WRITE_ONCE(sn->knows_devs, true);
	smp_mb();
	rcu_read_lock();
	there = dev_get_by_index_rcu(sn->net, ifindex);
	rcu_read_unlock();
	return there;
}

static int sn_add_one(struct sn_txn *txn, const struct nlattr *nest, struct genl_info *info)
{
	struct sn_spec spec;
	unsigned int given;
	int err = sn_mapping_read(nest, &spec, &given, info->extack);

	if (!err)
		err = sn_mapping_check(nest, &spec, given, info->extack);
	if (err)
		return err;
	if (spec.family == SN_V6 && !IS_ENABLED(CONFIG_IPV6)) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest, "the kernel has no IPv6");
		return -EAFNOSUPPORT;
	}
	if (spec.ifindex && !sn_dev_there(txn->net, spec.ifindex)) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest, "there is no such interface");
		return -ENODEV;
	}
	if (info->attrs[STATIC_NAT_A_REPLACE])
		return sn_txn_replace(txn, &spec);
	return sn_txn_add(txn, &spec);
}

int sn_cmd_add(struct sk_buff *skb, struct genl_info *info)
{
	return sn_change(info, sn_add_one);
}

static int sn_del_one(struct sn_txn *txn, const struct nlattr *nest, struct genl_info *info)
{
	struct sn_spec spec;
	unsigned int given;
	int err = sn_mapping_read(nest, &spec, &given, info->extack);

	return err ? err : sn_txn_del(txn, &spec, given);
}

int sn_cmd_del(struct sk_buff *skb, struct genl_info *info)
{
	return sn_change(info, sn_del_one);
}

/* Alone. */
static int sn_flush_some(struct sn_net *sn, const struct sn_filter *f, u32 portid)
{
	struct sn_table *t = rcu_dereference_raw(sn->table);
	struct sn_txn *txn = sn_txn_begin(sn, t);
	struct sn_entry *e;
	unsigned long id;

	if (!txn)
		return -ENOMEM;
	txn->alone = true;
	xa_for_each(&t->ids, id, e) {
		if (sn_filter_fits(f, &e->spec))
			sn_txn_del_entry(txn, e);
		cond_resched();
	}
	sn_txn_commit(txn, portid);
	return 0;
}

/* All at once: an empty table takes the place of this one, which is taken apart afterwards. */
static int sn_flush_all(struct sn_net *sn, u32 portid)
{
	struct sn_table *t = sn_table_new(), *old;

	if (!t)
		return -ENOMEM;
	if (sn_lock_alone(sn)) {
		sn_table_free(t);
		return -EINTR;
	}
	if (((struct sn_table *)rcu_dereference_raw(sn->table))->nr) {
		old = sn_table_swap(sn, t);
		sn_notify(sn, STATIC_NAT_CMD_FLUSH, NULL, portid);
	} else {
		old = t;
	}
	sn_unlock_alone(sn);
	sn_table_free(old);
	return 0;
}

int sn_cmd_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct sn_net *sn = sn_net_of(genl_info_net(info));
	struct sn_filter f;
	int err = sn_mapping_single(info->genlhdr, info->extack);

	if (!err)
		err = sn_filter_read(info->attrs[STATIC_NAT_A_MAPPING], &f, info->extack);
	if (err)
		return err;
	if (!f.family && !f.kind && !f.dev)
		return sn_flush_all(sn, info->snd_portid);
	err = sn_lock_alone(sn);
	if (err)
		return err;
	err = sn_flush_some(sn, &f, info->snd_portid);
	sn_unlock_alone(sn);
	return err;
}
