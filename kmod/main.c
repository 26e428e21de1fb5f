// SPDX-License-Identifier: GPL-2.0-only
/*
 * static_nat: stateless two-way network address translation.
 *
 * Where a packet comes in, before conntrack, its destination is translated; where it leaves, its
 * source is. The host's own packets come in at LOCAL_OUT and leave at LOCAL_IN.
 */
#include <linux/module.h>
#include <linux/netfilter_ipv4.h>
#include <net/ip.h>
#include <net/net_namespace.h>

#include "fast.h"
#include "rewrite.h"

unsigned int sn_net_id __read_mostly;
unsigned int sn_max_mappings __read_mostly = 2000000;
module_param_named(max_mappings, sn_max_mappings, uint, 0644);
MODULE_PARM_DESC(max_mappings, "mappings that a network namespace may have (default 2000000)");

/* All that sn_fast4() is not for. @t: where @e was found, or not. */
static noinline unsigned int sn_slow4(struct sn_net *sn, const struct sn_table *t,
				      struct sk_buff *skb, const struct nf_hook_state *state,
				      struct sn_entry *e, enum sn_dir dir)
{
	const struct net_device *dev = state->hook == NF_INET_PRE_ROUTING ? state->in :
				       state->hook == NF_INET_POST_ROUTING ? state->out : NULL;
	struct sn_packet p = sn_packet(sn, skb, state, dir, dev);

	p.table = t;
	return sn_translate4(&p, e);
}

/* What has no mapping and is no ICMP, most packets of some hosts, goes at once. */
static __always_inline unsigned int sn_pass4(struct sn_net *sn, const struct sn_table *t,
					     struct sk_buff *skb,
					     const struct nf_hook_state *state, struct sn_entry *e,
					     enum sn_dir dir)
{
	if (e ? sn_fast4(sn, skb, e, dir) : likely(ip_hdr(skb)->protocol != IPPROTO_ICMP))
		return NF_ACCEPT;
	return sn_slow4(sn, t, skb, state, e, dir);
}

/* Where a packet comes in: its destination, and whether it is of a translated flow at all. */
static __always_inline unsigned int sn_come4(struct sn_net *sn, struct sk_buff *skb,
					     const struct nf_hook_state *state,
					     const struct net_device *dev)
{
	const struct sn_table *t = rcu_dereference(sn->table);
	const struct iphdr *ip = ip_hdr(skb);
	struct sn_entry *e;

	if (!rcu_access_pointer(t->shapes[SN_V4]))
		return NF_ACCEPT;
	e = sn_look4(t, SN_DST, ip->daddr, sn_ifindex(dev));
	if (e || sn_look4(t, SN_SRC, ip->saddr, NULL))
		sn_untrack(skb);
	return sn_pass4(sn, t, skb, state, e, SN_DST);
}

/* Where it leaves: its source. */
static __always_inline unsigned int sn_leave4(struct sn_net *sn, struct sk_buff *skb,
					      const struct nf_hook_state *state,
					      const struct net_device *dev)
{
	const struct sn_table *t = rcu_dereference(sn->table);
	struct sn_entry *e;

	if (!rcu_access_pointer(t->shapes[SN_V4]))
		return NF_ACCEPT;
	e = sn_look4(t, SN_SRC, ip_hdr(skb)->saddr, sn_ifindex(dev));
	return sn_pass4(sn, t, skb, state, e, SN_SRC);
}

static unsigned int sn_pre4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return sn_come4(priv, skb, state, state->in);
}

/* A raw socket may write a header that is none, where the kernel does not see to it (raw.c). */
static inline bool sn_no_header4(const struct sk_buff *skb)
{
	return ip_hdr(skb)->ihl < 5;
}

static unsigned int sn_post4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (sn_no_header4(skb))
		return NF_ACCEPT;
	return sn_leave4(priv, skb, state, state->out);
}

static unsigned int sn_in4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return sn_leave4(priv, skb, state, NULL);
}

static unsigned int sn_out4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	__be32 daddr = ip_hdr(skb)->daddr;
	unsigned int verdict;

	if (sn_no_header4(skb))
		return NF_ACCEPT;
	verdict = sn_come4(priv, skb, state, NULL);
	if (verdict != NF_ACCEPT || ip_hdr(skb)->daddr == daddr)
		return verdict;
	/* the route was chosen for the address that is no longer there */
	if (ip_route_me_harder(state->net, state->sk, skb, RTN_UNSPEC)) {
		sn_stat(priv, SN_UNROUTED);
		return NF_DROP_ERR(-EHOSTUNREACH);
	}
	return NF_ACCEPT;
}

static const struct nf_hook_ops sn_ops[SN_NR_HOOKS] = {
	{
		.hook = sn_pre4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_CONNTRACK - 1,
	},
	{
		.hook = sn_post4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = NF_IP_PRI_CONNTRACK + 1,
	},
	{
		.hook = sn_out4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP_PRI_CONNTRACK - 1,
	},
	{
		.hook = sn_in4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_CONNTRACK + 1,
	},
};

static int __net_init sn_hooks_register(struct sn_net *sn)
{
	int i, err;

	memcpy(sn->ops[SN_V4], sn_ops, sizeof(sn_ops));
	if (IS_ENABLED(CONFIG_IPV6))
		memcpy(sn->ops[SN_V6], sn_ops6, sizeof(sn_ops6));
	for (i = 0; i < SN_NR_HOOKS; i++)
		sn->ops[SN_V4][i].priv = sn->ops[SN_V6][i].priv = sn;
	err = nf_register_net_hooks(sn->net, sn->ops[SN_V4], SN_NR_HOOKS);
	if (err || !IS_ENABLED(CONFIG_IPV6))
		return err;
	err = nf_register_net_hooks(sn->net, sn->ops[SN_V6], SN_NR_HOOKS);
	if (err)
		nf_unregister_net_hooks(sn->net, sn->ops[SN_V4], SN_NR_HOOKS);
	return err;
}

static void sn_hooks_unregister(struct sn_net *sn)
{
	if (IS_ENABLED(CONFIG_IPV6))
		nf_unregister_net_hooks(sn->net, sn->ops[SN_V6], SN_NR_HOOKS);
	nf_unregister_net_hooks(sn->net, sn->ops[SN_V4], SN_NR_HOOKS);
}

static int __net_init sn_net_init(struct net *net)
{
	struct sn_net *sn = sn_net_of(net);
	struct sn_table *t = sn_table_new();
	int err = -ENOMEM;

	sn->net = net;
	mutex_init(&sn->alone);
	mutex_init(&sn->lock);
	seqcount_init(&sn->changing);
	INIT_LIST_HEAD(&sn->staged);
	spin_lock_init(&sn->block_lock);
	INIT_LIST_HEAD(&sn->blocks);
	RCU_INIT_POINTER(sn->table, t);
	sn->stats = alloc_percpu_gfp(struct sn_stats, GFP_KERNEL_ACCOUNT);
	if (!t || !sn->stats)
		goto free;
	err = sn_proc_init(sn);
	if (err)
		goto free;
	/* last of all: from here on packets come */
	err = sn_hooks_register(sn);
	if (!err)
		return 0;
	sn_proc_exit(sn);
free:
	synchronize_rcu();	/* packets that were in the first hooks when the others failed */
	free_percpu(sn->stats);
	if (t)
		sn_table_free(t);
	rcu_barrier();		/* what was written meanwhile gives its counters back to sn */
	return err;
}

/* Between this and the exit all readers come to their end (ops_pre_exit_list(), setup_net()). */
static void __net_exit sn_net_pre_exit(struct net *net)
{
	struct sn_net *sn = sn_net_of(net);

	sn_hooks_unregister(sn);
	sn_proc_exit(sn);
}

static void __net_exit sn_net_exit_batch(struct list_head *nets)
{
	struct sn_net *sn;
	struct net *net;

	list_for_each_entry(net, nets, exit_list) {
		sn = sn_net_of(net);
		sn_staged_drop_all(sn);
		sn_table_free(rcu_dereference_raw(sn->table));
		free_percpu(sn->stats);
	}
	rcu_barrier();	/* freed entries give their counters back to struct sn_net */
}

static struct pernet_operations sn_net_ops = {
	.init = sn_net_init,
	.pre_exit = sn_net_pre_exit,
	.exit_batch = sn_net_exit_batch,
	.id = &sn_net_id,
	.size = sizeof(struct sn_net),
};

static int __init sn_init(void)
{
	int err = sn_map_init();

	if (err)
		return err;
	err = register_pernet_subsys(&sn_net_ops);
	if (err)
		goto map;
	err = sn_netlink_init();
	if (!err)
		return 0;
	unregister_pernet_subsys(&sn_net_ops);
map:
	sn_map_exit();
	return err;
}

static void __exit sn_exit(void)
{
	sn_netlink_exit();
	unregister_pernet_subsys(&sn_net_ops);
	sn_map_exit();
}

module_init(sn_init);
module_exit(sn_exit);
MODULE_DESCRIPTION("stateless two-way NAT");
MODULE_AUTHOR("netpath");
MODULE_LICENSE("GPL");
