/* SPDX-License-Identifier: GPL-2.0-only */
/* What the rewriting of IPv4 and IPv6 share. */
#ifndef _STATIC_NAT_REWRITE_H
#define _STATIC_NAT_REWRITE_H

#include <linux/netdevice.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/netfilter/nf_conntrack.h>

#include "static_nat.h"

/**
 * struct sn_packet - a packet at a hook
 * @dir: which address is to be translated; in the header that an ICMP error quotes, which was sent
 *	the other way, it is the other one
 * @ifindex: for the lookup, sn_ifindex()
 */
struct sn_packet {
	struct sn_net *sn;
	const struct sn_table *table;
	struct sk_buff *skb;
	const struct nf_hook_state *state;
	enum sn_dir dir;
	const int *ifindex;
};

/* Where a lookup finds it; of this host's own packets, 0. */
static __always_inline const int *sn_ifindex(const struct net_device *dev)
{
	static const int none;

	return dev ? &dev->ifindex : &none;
}

/* @priv: of the hook */
static inline struct sn_packet sn_packet(void *priv, struct sk_buff *skb,
					 const struct nf_hook_state *state, enum sn_dir dir,
					 const struct net_device *dev)
{
	struct sn_net *sn = priv;

	return (struct sn_packet) {
		.sn = sn,
		.table = rcu_dereference(sn->table),
		.skb = skb,
		.state = state,
		.dir = dir,
		.ifindex = sn_ifindex(dev),
	};
}

static inline unsigned int sn_drop(struct sn_net *sn)
{
	sn_stat(sn, SN_DROPPED);
	return NF_DROP;
}

static inline __be32 sn_map4(const struct sn_entry *e, enum sn_dir dir, __be32 addr)
{
	__be32 mask = cpu_to_be32(~0U << (32 - e->spec.plen));

	return e->spec.addr[!dir].ip | (addr & ~mask);
}

static inline __wsum sn_diff4(__be32 from, __be32 to)
{
	return csum_add((__force __wsum)~from, (__force __wsum)to);
}

/* Where in a transport header is the checksum that covers the addresses? 0: there is none. */
static inline unsigned int sn_check_offset(u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_DCCP:
		return 6;
	case IPPROTO_ICMPV6:	/* asked for in IPv6 only */
		return 2;
	}
	return 0;	/* SCTP's covers SCTP alone (RFC 9260, 6.8) */
}

/*
 * sn_check_follow: the checksum at @offset of the transport header at @l4 follows a change of an
 * address by @diff. Both lie in the writable, linear part.
 */
void sn_check_follow(struct sk_buff *skb, unsigned int l4, unsigned int offset, u8 protocol,
		     __wsum diff, bool v6);

/* sn_check_inner: the same in a quoted packet, whose checksum is nothing but bytes. */
void sn_check_inner(__sum16 *sum, u8 protocol, __wsum diff);

/* sn_account: the packet, a GSO packet as its segments, whose headers end at @l4 and its own. */
void sn_account(const struct sn_packet *p, struct sn_entry *e, unsigned int l4, u8 protocol);

/*
 * sn_translate4: the address that the packet's direction means, by @e (NULL: it stays), and those
 * that an ICMP error quotes. An NF_ verdict.
 */
unsigned int sn_translate4(const struct sn_packet *p, struct sn_entry *e);

/* sn_translate6: the same. rewrite6.c */
unsigned int sn_translate6(const struct sn_packet *p, struct sn_entry *e);

/* hook6.c */
extern const struct nf_hook_ops sn_ops6[SN_NR_HOOKS];

/*
 * Neither half of a translated flow is for conntrack: a state that sees one of them only is worse
 * than none, and to see both it would have to be where the addresses are the same.
 */
static inline void sn_untrack(struct sk_buff *skb)
{
	if (skb->_nfct == IP_CT_UNTRACKED)
		return;
	if (unlikely(skb->_nfct))	/* of lo, or a template of the raw table */
		nf_conntrack_put(skb_nfct(skb));
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
}

#endif
