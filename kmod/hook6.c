// SPDX-License-Identifier: GPL-2.0-only
/* Where IPv6 packets come in and leave; as main.c has it for IPv4. */
#include <linux/netfilter_ipv6.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "rewrite.h"

/* Neighbour discovery speaks of one link and the addresses on it; it never leaves it (RFC 4861). */
static bool sn_of_link(const struct sk_buff *skb)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);
	u8 room;
	const u8 *type;

	if (ip->nexthdr != IPPROTO_ICMPV6 || ip->hop_limit != 255)
		return false;
	type = skb_header_pointer(skb, skb_network_offset(skb) + sizeof(*ip), sizeof(room), &room);
	return type && *type >= NDISC_ROUTER_SOLICITATION && *type <= NDISC_REDIRECT;
}

static bool sn_passes6(const struct sn_packet *p)
{
	return !rcu_access_pointer(p->table->shapes[SN_V6]) || sn_of_link(p->skb);
}

static unsigned int sn_come6(const struct sn_packet *p)
{
	const struct ipv6hdr *ip = ipv6_hdr(p->skb);
	struct sn_entry *e = sn_lookup6(p->table, SN_DST, &ip->daddr, p->ifindex);

	if (e || sn_lookup6(p->table, SN_SRC, &ip->saddr, NULL))
		sn_untrack(p->skb);
	return sn_translate6(p, e);
}

static unsigned int sn_leave6(const struct sn_packet *p)
{
	return sn_translate6(p, sn_lookup6(p->table, SN_SRC, &ipv6_hdr(p->skb)->saddr,
					   p->ifindex));
}

static unsigned int sn_pre6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct sn_packet p = sn_packet(priv, skb, state, SN_DST, state->in);

	if (sn_passes6(&p))
		return NF_ACCEPT;
	return sn_come6(&p);
}

static unsigned int sn_post6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct sn_packet p = sn_packet(priv, skb, state, SN_SRC, state->out);

	if (sn_passes6(&p))
		return NF_ACCEPT;
	return sn_leave6(&p);
}

static unsigned int sn_in6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct sn_packet p = sn_packet(priv, skb, state, SN_SRC, NULL);

	if (sn_passes6(&p))
		return NF_ACCEPT;
	return sn_leave6(&p);
}

static unsigned int sn_out6(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct sn_packet p = sn_packet(priv, skb, state, SN_DST, NULL);
	struct in6_addr daddr = ipv6_hdr(skb)->daddr;
	unsigned int verdict;

	if (sn_passes6(&p))
		return NF_ACCEPT;
	verdict = sn_come6(&p);
	if (verdict != NF_ACCEPT || ipv6_addr_equal(&ipv6_hdr(skb)->daddr, &daddr))
		return verdict;
	/* the route was chosen for the address that is no longer there */
	if (nf_ip6_route_me_harder(state->net, state->sk, skb)) {
		sn_stat(p.sn, SN_UNROUTED);
		return NF_DROP_ERR(-EHOSTUNREACH);
	}
	return NF_ACCEPT;
}

const struct nf_hook_ops sn_ops6[SN_NR_HOOKS] = {
	{
		.hook = sn_pre6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_CONNTRACK - 1,
	},
	{
		.hook = sn_post6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_POST_ROUTING,
		.priority = NF_IP6_PRI_CONNTRACK + 1,
	},
	{
		.hook = sn_out6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_OUT,
		.priority = NF_IP6_PRI_CONNTRACK - 1,
	},
	{
		.hook = sn_in6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_CONNTRACK + 1,
	},
};
