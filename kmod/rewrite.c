// SPDX-License-Identifier: GPL-2.0-only
/* Translates an address of an IPv4 packet, and of the packet that an ICMP error quotes. */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/ip.h>

#include "rewrite.h"

/*
 * A checksum left to the device holds the sum of the pseudo header alone, not inverted; whose it is
 * csum_start says. In tunnels it is the inner one, except that segmentation wants the outer UDP one
 * in the same form (udp_set_csum()).
 *
 * A receiver's sum of the packet (CHECKSUM_COMPLETE) does not change in IPv6, where the address and
 * the checksum cancel each other; in IPv4 it is the header's checksum that cancels the address.
 */
void sn_check_follow(struct sk_buff *skb, unsigned int l4, unsigned int offset, u8 protocol,
		     __wsum diff, bool v6)
{
	__sum16 *sum = (__sum16 *)(skb->data + l4 + offset);
	bool udp = protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE;
	bool partial = skb->ip_summed == CHECKSUM_PARTIAL;
	bool ours = partial && skb_checksum_start_offset(skb) == l4;

	if (protocol == IPPROTO_UDP && !*sum && !ours) {
		/* RFC 768: the sender made none; so nothing cancels the address (RFC 6935) */
		if (skb->ip_summed == CHECKSUM_COMPLETE && v6)
			skb->csum = csum_add(skb->csum, diff);
		return;
	}
	if (ours || (partial && udp && skb_is_gso(skb))) {
		*sum = ~csum_fold(csum_add(csum_unfold(*sum), diff));
	} else {
		*sum = csum_fold(csum_add(~csum_unfold(*sum), diff));
		if (skb->ip_summed == CHECKSUM_COMPLETE && !v6)
			skb->csum = ~csum_add(~skb->csum, diff);
	}
	if (udp && !*sum)
		*sum = CSUM_MANGLED_0;
}

void sn_check_inner(__sum16 *sum, u8 protocol, __wsum diff)
{
	bool udp = protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE;

	if (protocol == IPPROTO_UDP && !*sum)
		return;
	*sum = csum_fold(csum_add(~csum_unfold(*sum), diff));
	if (udp && !*sum)
		*sum = CSUM_MANGLED_0;
}

/* What each segment of a GSO packet repeats: the headers. */
static unsigned int sn_gso_headers(const struct sk_buff *skb, unsigned int l4, u8 protocol)
{
	const struct tcphdr *tcp;
	struct tcphdr buffer;

	switch (protocol) {
	case IPPROTO_TCP:
		tcp = skb_header_pointer(skb, l4, sizeof(buffer), &buffer);
		return l4 + (tcp ? __tcp_hdrlen(tcp) : sizeof(buffer));
	case IPPROTO_UDP:	/* UFO makes fragments, which have one UDP header */
		return skb_shinfo(skb)->gso_type & SKB_GSO_UDP ? l4 : l4 + sizeof(struct udphdr);
	}
	return l4;
}

void sn_account(const struct sn_packet *p, struct sn_entry *e, unsigned int l4, u8 protocol)
{
	unsigned int packets = 1, bytes = p->skb->len, headers;

	if (unlikely(skb_is_gso(p->skb))) {
		packets = skb_shinfo(p->skb)->gso_segs;
		headers = sn_gso_headers(p->skb, l4, protocol);
		if (!packets)	/* a guest's packet that nobody has counted yet */
			packets = bytes > headers ? DIV_ROUND_UP(bytes - headers,
								 skb_shinfo(p->skb)->gso_size) : 1;
		bytes += (packets - 1) * headers;
	}
	sn_counts_add(e->counts, p->dir, packets, bytes);
	sn_stat(p->sn, SN_TRANSLATED);
}

static bool sn_is_error4(u8 type)
{
	return type == ICMP_DEST_UNREACH || type == ICMP_TIME_EXCEEDED ||
	       type == ICMP_PARAMETERPROB || type == ICMP_SOURCE_QUENCH || type == ICMP_REDIRECT;
}

/*
 * Writes the other address of the quoted header at @at. The address and the header's checksum
 * cancel each other in the ICMP checksum; a transport checksum, if so much is quoted, does not.
 */
static bool sn_quote4(const struct sn_packet *p, const struct sn_entry *e, unsigned int icmp,
		      unsigned int at, const struct iphdr *inner)
{
	unsigned int offset = sn_check_offset(inner->protocol);
	unsigned int l4 = at + inner->ihl * 4;
	unsigned int end = l4;
	__be32 from, to;
	struct iphdr *ip;
	__sum16 *sum, was;

	if (inner->protocol == IPPROTO_ICMPV6 || inner->frag_off & htons(IP_OFFSET))
		offset = 0;
	if (offset && l4 + offset + sizeof(__sum16) <= p->skb->len)
		end = l4 + offset + sizeof(__sum16);
	if (skb_ensure_writable(p->skb, min(end, p->skb->len)))
		return false;
	ip = (struct iphdr *)(p->skb->data + at);
	from = p->dir == SN_DST ? ip->saddr : ip->daddr;
	to = sn_map4(e, p->dir, from);
	csum_replace4(&ip->check, from, to);
	*(p->dir == SN_DST ? &ip->saddr : &ip->daddr) = to;
	if (end > l4) {
		sum = (__sum16 *)(p->skb->data + l4 + offset);
		was = *sum;
		sn_check_inner(sum, ip->protocol, sn_diff4(from, to));
		csum_replace2(&((struct icmphdr *)(p->skb->data + icmp))->checksum,
			      (__force __be16)was, (__force __be16)*sum);
	}
	sn_stat(p->sn, SN_ICMP);
	return true;
}

/*
 * An ICMP error quotes a packet that went the other way, as it was where the error was made. So
 * with the destination the quoted source is translated, with the source the quoted destination, and
 * whatever the outer address is: a router on the way has one of its own.
 *
 * Conntrack knows nothing of a translated flow, and would call an error about it invalid; also one
 * by this host, of what is not translated yet.
 */
static bool sn_error4(const struct sn_packet *p, unsigned int icmp)
{
	unsigned int at = icmp + sizeof(struct icmphdr);
	const struct icmphdr *head;
	const struct iphdr *inner;
	struct icmphdr head_buffer;
	struct iphdr inner_buffer;
	const struct sn_entry *e;

	head = skb_header_pointer(p->skb, icmp, sizeof(head_buffer), &head_buffer);
	if (!head || !sn_is_error4(head->type))
		return true;
	inner = skb_header_pointer(p->skb, at, sizeof(inner_buffer), &inner_buffer);
	if (!inner || inner->version != 4 || inner->ihl < 5)
		return true;
	e = sn_lookup4(p->table, p->dir, p->dir == SN_DST ? inner->saddr : inner->daddr,
		       p->ifindex);
	if (p->dir == SN_DST &&
	    (e || sn_lookup4(p->table, SN_SRC, inner->daddr, NULL) ||
	     sn_lookup4(p->table, SN_SRC, inner->saddr, NULL)))
		sn_untrack(p->skb);
	if (!e)
		return true;
	inner_buffer = *inner;	/* it may lie in what is about to be copied */
	return sn_quote4(p, e, icmp, at, &inner_buffer);
}

static bool sn_write4(const struct sn_packet *p, struct sn_entry *e)
{
	const struct iphdr *old = ip_hdr(p->skb);
	unsigned int l4 = old->ihl * 4, offset = 0;
	u8 protocol = old->protocol;
	__be32 from, to, *addr;
	struct iphdr *ip;

	/* the first fragment alone has a transport header */
	if (!(old->frag_off & htons(IP_OFFSET)) && protocol != IPPROTO_ICMPV6)
		offset = sn_check_offset(protocol);
	if (skb_ensure_writable(p->skb, offset ? l4 + offset + sizeof(__sum16) : l4))
		return false;
	ip = ip_hdr(p->skb);
	addr = p->dir == SN_DST ? &ip->daddr : &ip->saddr;
	from = *addr;
	to = sn_map4(e, p->dir, from);
	csum_replace4(&ip->check, from, to);
	*addr = to;
	if (offset)
		sn_check_follow(p->skb, l4, offset, protocol, sn_diff4(from, to), false);
	sn_account(p, e, l4, protocol);
	return true;
}

unsigned int sn_translate4(const struct sn_packet *p, struct sn_entry *e)
{
	const struct iphdr *ip = ip_hdr(p->skb);

	if (unlikely(ip->protocol == IPPROTO_ICMP) && !(ip->frag_off & htons(IP_OFFSET)) &&
	    !sn_error4(p, ip->ihl * 4))
		return sn_drop(p->sn);
	if (!e)
		return NF_ACCEPT;
	sn_trace(p->skb, p->state, e->id);
	return sn_write4(p, e) ? NF_ACCEPT : sn_drop(p->sn);
}
