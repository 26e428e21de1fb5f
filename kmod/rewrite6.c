// SPDX-License-Identifier: GPL-2.0-only
/* Translates an address of an IPv6 packet, and of the packet that an ICMPv6 error quotes. */
#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <net/ipv6.h>

#include "rewrite.h"
#include "static_nat_uapi.h"

/**
 * struct sn_head6 - what is behind an IPv6 header and its extensions
 * @l4: where
 * @protocol: what
 * @first: it is the beginning of a packet, not a later fragment
 */
struct sn_head6 {
	unsigned int l4;
	u8 protocol;
	bool first;
};

/* Of the header at @at. False: it is cut short. */
static bool sn_head6(const struct sk_buff *skb, unsigned int at, u8 nexthdr, struct sn_head6 *h)
{
	unsigned int off = at;
	__be16 frag = 0;
	int l4;

	h->protocol = nexthdr;
	l4 = ipv6_skip_exthdr(skb, at + sizeof(struct ipv6hdr), &h->protocol, &frag);
	if (l4 < 0) {
		/* RFC 8200, 4.7: nothing behind it, which is no fault */
		if (ipv6_find_hdr(skb, &off, NEXTHDR_NONE, NULL, NULL) != NEXTHDR_NONE)
			return false;
		h->protocol = NEXTHDR_NONE;
		l4 = off;
	}
	h->l4 = l4;
	h->first = !(frag & htons(IP6_OFFSET));
	return true;
}

/* Where in it is the checksum that covers the addresses? 0: nowhere. */
static unsigned int sn_check6(const struct sn_head6 *h)
{
	return h->first ? sn_check_offset(h->protocol) : 0;
}

/*
 * RFC 6296, 3.4 and 3.5: the first 16 bits behind the prefix that may take it balance the change of
 * the prefix. All ones would be the same as zero on the way back, so such a word cannot: where none
 * can that is -EHOSTUNREACH. -EINVAL: the interface identifier is zero (3.7).
 */
static int sn_adjust6(const struct sn_entry *e, enum sn_dir dir, struct in6_addr *addr)
{
	__wsum sum;
	int i = 3;

	if (e->spec.plen > 48) {
		if (!addr->s6_addr32[2] && !addr->s6_addr32[3])
			return -EINVAL;
		for (i = 4; i < 7 && addr->s6_addr16[i] == htons(0xffff); i++)
			;
	}
	if (addr->s6_addr16[i] == htons(0xffff))
		return -EHOSTUNREACH;
	sum = csum_unfold((__force __sum16)addr->s6_addr16[i]);
	sum = dir == SN_DST ? csum_add(sum, e->adjust) : csum_sub(sum, e->adjust);
	addr->s6_addr16[i] = (__force __be16)~csum_fold(sum);
	if (addr->s6_addr16[i] == htons(0xffff))
		addr->s6_addr16[i] = 0;
	return 0;
}

/* 0, or there is no address for it, as sn_adjust6() says. */
static int sn_map6(const struct sn_entry *e, enum sn_dir dir, const struct in6_addr *from,
		    struct in6_addr *to)
{
	*to = *from;
	ipv6_addr_prefix_copy(to, &e->spec.addr[!dir].in6, e->spec.plen);
	return e->spec.mode == STATIC_NAT_MODE_NPTV6 ? sn_adjust6(e, dir, to) : 0;
}

/*
 * There is no address for it: who sent it is told (RFC 6296, 3.2 and 3.7), and if that is this host
 * by the errno of its call. The RFC says of Destination Unreachable no code: RFC 4443, 3.1 has this
 * one for what no other is for.
 */
static unsigned int sn_refuse6(const struct sn_packet *p, int err)
{
	unsigned int id = sizeof(struct in6_addr) / 2;	/* the interface identifier */

	sn_stat(p->sn, SN_DROPPED);
	if (!p->state->in)
		return NF_DROP_ERR(err);
	id += p->dir == SN_DST ? offsetof(struct ipv6hdr, daddr) : offsetof(struct ipv6hdr, saddr);
	if (err == -EINVAL)
		icmpv6_send(p->skb, ICMPV6_PARAMPROB, ICMPV6_HDR_FIELD, id);
	else
		icmpv6_send(p->skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH, 0);
	return NF_DROP;
}

static __wsum sn_diff6(const struct in6_addr *from, const struct in6_addr *to)
{
	return csum_sub(csum_partial(to, sizeof(*to), 0), csum_partial(from, sizeof(*from), 0));
}

/* Bytes behind the ICMPv6 header have changed by @diff; a device that sums them sees it itself. */
static void sn_quote_sum6(struct sk_buff *skb, unsigned int icmp, __wsum diff)
{
	__sum16 *sum = &((struct icmp6hdr *)(skb->data + icmp))->icmp6_cksum;

	if (skb->ip_summed != CHECKSUM_PARTIAL || skb_checksum_start_offset(skb) != icmp)
		*sum = csum_fold(csum_add(~csum_unfold(*sum), diff));
}

/* Writes the other address of the quoted header at @at, and the checksum behind it, if there. */
static bool sn_quote6(const struct sn_packet *p, unsigned int icmp, unsigned int at, u8 nexthdr,
		      const struct in6_addr *from, const struct in6_addr *to)
{
	__wsum diff = sn_diff6(from, to);
	unsigned int end = at + sizeof(struct ipv6hdr), offset = 0;
	struct sn_head6 h;
	struct ipv6hdr *ip;
	__sum16 *sum, was;

	if (sn_head6(p->skb, at, nexthdr, &h))
		offset = sn_check6(&h);
	if (offset && h.l4 + offset + sizeof(*sum) <= p->skb->len)
		end = h.l4 + offset + sizeof(*sum);
	else
		offset = 0;
	if (skb_ensure_writable(p->skb, end))
		return false;
	ip = (struct ipv6hdr *)(p->skb->data + at);
	*(p->dir == SN_DST ? &ip->saddr : &ip->daddr) = *to;
	if (offset) {
		sum = (__sum16 *)(p->skb->data + h.l4 + offset);
		was = *sum;
		sn_check_inner(sum, h.protocol, diff);
		diff = csum_add(diff, csum_sub(csum_unfold(*sum), csum_unfold(was)));
	}
	sn_quote_sum6(p->skb, icmp, diff);
	sn_stat(p->sn, SN_ICMP);
	return true;
}

/* As sn_error4(): what is quoted went the other way. */
static bool sn_error6(const struct sn_packet *p, unsigned int icmp)
{
	unsigned int at = icmp + sizeof(struct icmp6hdr);
	const struct icmp6hdr *head;
	const struct ipv6hdr *inner;
	struct icmp6hdr head_buffer;
	struct ipv6hdr inner_buffer;
	struct in6_addr from, to;
	struct sn_entry *e;

	head = skb_header_pointer(p->skb, icmp, sizeof(head_buffer), &head_buffer);
	if (!head || head->icmp6_type & ICMPV6_INFOMSG_MASK)
		return true;
	inner = skb_header_pointer(p->skb, at, sizeof(inner_buffer), &inner_buffer);
	if (!inner || inner->version != 6)
		return true;
	from = p->dir == SN_DST ? inner->saddr : inner->daddr;
	e = sn_lookup6(p->table, p->dir, &from, p->ifindex);
	if (p->dir == SN_DST &&
	    (e || sn_lookup6(p->table, SN_SRC, &inner->daddr, NULL) ||
	     sn_lookup6(p->table, SN_SRC, &inner->saddr, NULL)))
		sn_untrack(p->skb);
	if (!e || sn_map6(e, p->dir, &from, &to))
		return true;
	return sn_quote6(p, icmp, at, inner->nexthdr, &from, &to);
}

/*
 * Checksums are of the last destination (RFC 8200, 8.1): that is not the one in the header, while a
 * routing header has places left to go to.
 */
static bool sn_is_way_point(const struct sn_packet *p)
{
	int flags = IP6_FH_F_SKIP_RH;
	unsigned int at = 0;

	return p->dir == SN_DST && ipv6_ext_hdr(ipv6_hdr(p->skb)->nexthdr) &&
	       ipv6_find_hdr(p->skb, &at, NEXTHDR_ROUTING, NULL, &flags) == NEXTHDR_ROUTING;
}

static unsigned int sn_write6(const struct sn_packet *p, struct sn_entry *e,
			      const struct sn_head6 *h)
{
	unsigned int offset = sn_check6(h);
	struct in6_addr from, to, *addr;
	struct ipv6hdr *ip = ipv6_hdr(p->skb);
	int err;

	from = p->dir == SN_DST ? ip->daddr : ip->saddr;
	err = sn_map6(e, p->dir, &from, &to);
	if (err)
		return sn_refuse6(p, err);
	if (e->spec.mode == STATIC_NAT_MODE_NPTV6 || (offset && sn_is_way_point(p)))
		offset = 0;
	if (skb_ensure_writable(p->skb, offset ? h->l4 + offset + sizeof(__sum16) : sizeof(*ip)))
		return sn_drop(p->sn);
	ip = ipv6_hdr(p->skb);
	addr = p->dir == SN_DST ? &ip->daddr : &ip->saddr;
	*addr = to;
	if (offset)
		sn_check_follow(p->skb, h->l4, offset, h->protocol, sn_diff6(&from, &to), true);
	else if (p->skb->ip_summed == CHECKSUM_COMPLETE)
		p->skb->csum = csum_add(p->skb->csum, sn_diff6(&from, &to));
	sn_account(p, e, h->l4, h->protocol);
	return NF_ACCEPT;
}

unsigned int sn_translate6(const struct sn_packet *p, struct sn_entry *e)
{
	struct sn_head6 h;

	if (!sn_head6(p->skb, 0, ipv6_hdr(p->skb)->nexthdr, &h))
		return e ? sn_drop(p->sn) : NF_ACCEPT;
	if (unlikely(h.protocol == IPPROTO_ICMPV6) && h.first && !sn_error6(p, h.l4))
		return sn_drop(p->sn);
	if (!e)
		return NF_ACCEPT;
	sn_trace(p->skb, p->state, e->id);
	return sn_write6(p, e, &h);
}
