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
#include <net/netfilter/nf_conntrack.h>

#include "rewrite.h"

unsigned int sn_net_id __read_mostly;
unsigned int sn_max_mappings __read_mostly = 2000000;
module_param_named(max_mappings, sn_max_mappings, uint, 0644);
MODULE_PARM_DESC(max_mappings, "mappings that a network namespace may have (default 2000000)");

/*
 * Neither half of a translated flow is for conntrack: a state that sees one of them only is worse
 * than none, and to see both it would have to be where the addresses are the same.
 */
void sn_untrack(struct sk_buff *skb)
{
	if (skb->_nfct == IP_CT_UNTRACKED)
		return;
	nf_conntrack_put(skb_nfct(skb));	/* of lo, or a template of the raw table */
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
}

/* Where a packet comes in: its destination, and whether it is of a translated flow at all. */
static unsigned int sn_come4(const struct sn_packet *p)
{
	const struct iphdr *ip = ip_hdr(p->skb);
	struct sn_entry *e = sn_lookup4(p->table, SN_DST, ip->daddr, p->ifindex);

	if (e || sn_lookup4(p->table, SN_SRC, ip->saddr, SN_ANY_DEV))
		sn_untrack(p->skb);
	return sn_translate4(p, e);
}

/* Where it leaves: its source. */
static unsigned int sn_leave4(const struct sn_packet *p)
{
	return sn_translate4(p, sn_lookup4(p->table, SN_SRC, ip_hdr(p->skb)->saddr, p->ifindex));
}

static unsigned int sn_pre4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct sn_packet p = sn_packet(skb, state, SN_DST, state->in);

	if (!rcu_access_pointer(p.table->shapes[SN_V4]))
		return NF_ACCEPT;
	return sn_come4(&p);
}

static unsigned int sn_post4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct sn_packet p = sn_packet(skb, state, SN_SRC, state->out);

	if (!rcu_access_pointer(p.table->shapes[SN_V4]))
		return NF_ACCEPT;
	return sn_leave4(&p);
}

static unsigned int sn_in4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct sn_packet p = sn_packet(skb, state, SN_SRC, NULL);

	if (!rcu_access_pointer(p.table->shapes[SN_V4]))
		return NF_ACCEPT;
	return sn_leave4(&p);
}

static unsigned int sn_out4(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct sn_packet p = sn_packet(skb, state, SN_DST, NULL);
	__be32 daddr = ip_hdr(skb)->daddr;
	unsigned int verdict;

	/* a raw socket may write a header that is none */
	if (!rcu_access_pointer(p.table->shapes[SN_V4]) || ip_hdr(skb)->ihl < 5)
		return NF_ACCEPT;
	verdict = sn_come4(&p);
	if (verdict != NF_ACCEPT || ip_hdr(skb)->daddr == daddr)
		return verdict;
	/* the route was chosen for the address that is no longer there */
	if (ip_route_me_harder(state->net, state->sk, skb, RTN_UNSPEC)) {
		sn_stat(p.sn, SN_UNROUTED);
		return NF_DROP_ERR(-EHOSTUNREACH);
	}
	return NF_ACCEPT;
}

static const struct nf_hook_ops sn_ops[] = {
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

static int __net_init sn_hooks_register(struct net *net)
{
	int err = nf_register_net_hooks(net, sn_ops, ARRAY_SIZE(sn_ops));

	if (err || !IS_ENABLED(CONFIG_IPV6))
		return err;
	err = nf_register_net_hooks(net, sn_ops6, SN_NR_OPS6);
	if (err)
		nf_unregister_net_hooks(net, sn_ops, ARRAY_SIZE(sn_ops));
	return err;
}

static void sn_hooks_unregister(struct net *net)
{
	if (IS_ENABLED(CONFIG_IPV6))
		nf_unregister_net_hooks(net, sn_ops6, SN_NR_OPS6);
	nf_unregister_net_hooks(net, sn_ops, ARRAY_SIZE(sn_ops));
}

static int __net_init sn_net_init(struct net *net)
{
	struct sn_net *sn = sn_net_of(net);
	struct sn_table *t = sn_table_new();
	int err = -ENOMEM;

	sn->net = net;
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
	err = sn_hooks_register(net);
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
	sn_hooks_unregister(net);
	sn_proc_exit(sn_net_of(net));
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
