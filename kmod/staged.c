// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables that sockets prepare, to take the place of the one in use; and what makes tables or
 * mappings go by themselves: the end of a socket, and of an interface.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "netlink.h"

/* A table of the socket with this port, in sn_net.staged, under sn_net.lock. */
struct sn_staged {
	struct list_head list;
	u32 portid;
	struct sn_table *table;
};

static struct sn_staged *sn_staged_find(const struct sn_net *sn, u32 portid)
{
	struct sn_staged *s;

	list_for_each_entry(s, &sn->staged, list)
		if (s->portid == portid)
			return s;
	return NULL;
}

struct sn_table *sn_staged_table(const struct sn_net *sn, u32 portid)
{
	struct sn_staged *s = sn_staged_find(sn, portid);

	return s ? s->table : NULL;
}

/* The table of it, which is the caller's then. */
static struct sn_table *sn_staged_take(struct sn_net *sn, struct sn_staged *s)
{
	struct sn_table *t = s->table;

	list_del(&s->list);
	WRITE_ONCE(sn->nr_staged, sn->nr_staged - 1);
	kfree(s);
	return t;
}

/* *t becomes what is to be freed: the table that was there before, or NULL. */
static int sn_staged_begin(struct sn_net *sn, u32 portid, struct sn_table **t,
			   struct netlink_ext_ack *extack)
{
	struct sn_staged *s = sn_staged_find(sn, portid);

	if (s) {
		swap(s->table, *t);
		return 0;
	}
	if (sn->nr_staged >= SN_MAX_STAGED) {
		NL_SET_ERR_MSG(extack, "too many tables are being prepared");
		return -EBUSY;
	}
	s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);
	if (!s)
		return -ENOMEM;
	s->portid = portid;
	s->table = *t;
	*t = NULL;
	list_add_tail(&s->list, &sn->staged);
	WRITE_ONCE(sn->nr_staged, sn->nr_staged + 1);
	return 0;
}

int sn_cmd_begin(struct sk_buff *skb, struct genl_info *info)
{
	struct sn_net *sn = sn_net_of(genl_info_net(info));
	struct sn_table *t = sn_table_new();
	int err = -EINTR;

	if (!t)
		return -ENOMEM;
	if (!mutex_lock_killable(&sn->lock)) {
		err = sn_staged_begin(sn, info->snd_portid, &t, info->extack);
		mutex_unlock(&sn->lock);
	}
	if (t)
		sn_table_free(t);
	return err;
}

static int sn_commit_check(const struct sn_net *sn, const struct sn_staged *s,
			   const struct genl_info *info)
{
	const struct nlattr *generation = info->attrs[STATIC_NAT_A_GENERATION];

	if (!s) {
		GENL_SET_ERR_MSG(info, "this socket has begun no table");
		return -ENOENT;
	}
	if (generation && nla_get_u32(generation) != sn->generation) {
		NL_SET_ERR_MSG_ATTR(info->extack, generation, "the table has changed meanwhile");
		return -ESTALE;
	}
	return 0;
}

int sn_cmd_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct sn_net *sn = sn_net_of(genl_info_net(info));
	struct sn_table *old = NULL;
	struct sn_staged *s;
	int err = sn_lock_alone(sn);

	if (err)
		return err;
	s = sn_staged_find(sn, info->snd_portid);
	err = sn_commit_check(sn, s, info);
	if (!err) {
		old = sn_table_swap(sn, sn_staged_take(sn, s));
		sn_notify(sn, STATIC_NAT_CMD_REPLACED, NULL, info->snd_portid);
	}
	sn_unlock_alone(sn);
	if (old)
		sn_table_free(old);
	return err;
}

static bool sn_staged_drop(struct sn_net *sn, u32 portid)
{
	struct sn_table *t = NULL;
	struct sn_staged *s;

	mutex_lock(&sn->lock);
	s = sn_staged_find(sn, portid);
	if (s)
		t = sn_staged_take(sn, s);
	mutex_unlock(&sn->lock);
	if (t)
		sn_table_free(t);
	return t;
}

int sn_cmd_abort(struct sk_buff *skb, struct genl_info *info)
{
	if (sn_staged_drop(sn_net_of(genl_info_net(info)), info->snd_portid))
		return 0;
	GENL_SET_ERR_MSG(info, "this socket has begun no table");
	return -ENOENT;
}

/* The namespace goes; nobody else is there. */
void sn_staged_drop_all(struct sn_net *sn)
{
	struct sn_staged *s, *next;

	list_for_each_entry_safe(s, next, &sn->staged, list)
		sn_table_free(sn_staged_take(sn, s));
}

static int sn_on_netlink(struct notifier_block *nb, unsigned long event, void *arg)
{
	const struct netlink_notify *n = arg;
	struct sn_net *sn;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	sn = sn_net_of(n->net);
	/* a socket that has begun one has seen it counted */
	if (READ_ONCE(sn->nr_staged))
		sn_staged_drop(sn, n->portid);
	return NOTIFY_DONE;
}

/* In another namespace it is another interface as well: it is unregistered from the first one. */
static int sn_on_netdevice(struct notifier_block *nb, unsigned long event, void *arg)
{
	struct net_device *dev = netdev_notifier_info_to_dev(arg);
	struct sn_net *sn = sn_net_of(dev_net(dev));
	struct sn_staged *s;

	if (event != NETDEV_UNREGISTER)
		return NOTIFY_DONE;
	/* the interface is in no list any more; a long change must not hold up RTNL for nothing */
	smp_mb();
	if (!READ_ONCE(sn->knows_devs))
		return NOTIFY_DONE;
	mutex_lock(&sn->lock);
	sn_table_drop_dev(sn, rcu_dereference_raw(sn->table), dev->ifindex);
	list_for_each_entry(s, &sn->staged, list)
		sn_table_drop_dev(sn, s->table, dev->ifindex);
	mutex_unlock(&sn->lock);
	return NOTIFY_DONE;
}

static struct notifier_block sn_netlink_notifier = { .notifier_call = sn_on_netlink };
static struct notifier_block sn_netdevice_notifier = { .notifier_call = sn_on_netdevice };

int sn_watch_init(void)
{
	int err = netlink_register_notifier(&sn_netlink_notifier);

	if (err)
		return err;
	err = register_netdevice_notifier(&sn_netdevice_notifier);
	if (err)
		netlink_unregister_notifier(&sn_netlink_notifier);
	return err;
}

void sn_watch_exit(void)
{
	unregister_netdevice_notifier(&sn_netdevice_notifier);
	netlink_unregister_notifier(&sn_netlink_notifier);
}
