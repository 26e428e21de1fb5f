/* SPDX-License-Identifier: GPL-2.0-only */
/* The translation of most packets, which sn_translate4() does of all; every instruction counts. */
#ifndef _STATIC_NAT_FAST_H
#define _STATIC_NAT_FAST_H

#include <linux/ip.h>

#include "lookup.h"
#include "rewrite.h"

/*
 * True: done. It is not for fragments, protocols without a checksum of their own, packets that are
 * traced, of several segments, not linear, or whose checksum needs a thought (it is not the
 * one that the device is to make, there is none, or the receiver's follows it).
 */
static __always_inline bool sn_fast4(struct sn_net *sn, struct sk_buff *skb, struct sn_entry *e,
				     enum sn_dir dir)
{
	struct iphdr *ip = ip_hdr(skb);
	unsigned int l4 = ip->ihl * 4, at = l4;
	bool partial = skb->ip_summed == CHECKSUM_PARTIAL;
	__be32 from, to, *addr;
	__sum16 *sum, new;
	__wsum diff;

	if (ip->protocol == IPPROTO_TCP)
		at += sn_check_offset(IPPROTO_TCP);
	else if (ip->protocol == IPPROTO_UDP)
		at += sn_check_offset(IPPROTO_UDP);
	else
		return false;
	if (unlikely(at + sizeof(*sum) > skb_headlen(skb)))
		return false;
	/* ip_forward() would make the copy otherwise */
	if (skb_cloned(skb) && skb_ensure_writable(skb, at + sizeof(*sum)))
		return false;
	ip = ip_hdr(skb);
	sum = (void *)ip + at;
	if (unlikely(ip->frag_off & htons(IP_OFFSET) || skb_is_gso(skb) || sn_is_traced(skb) ||
		     skb->ip_summed == CHECKSUM_COMPLETE ||
		     (partial ? skb_checksum_start_offset(skb) != l4 : !*sum)))
		return false;
	addr = dir == SN_DST ? &ip->daddr : &ip->saddr;
	from = *addr;
	to = sn_map4(e, dir, from);
	diff = sn_diff4(from, to);
	ip->check = csum_fold(csum_add(~csum_unfold(ip->check), diff));
	*addr = to;
	/* what is left to the device is the sum of the pseudo header, not inverted */
	new = partial ? ~csum_fold(csum_add(csum_unfold(*sum), diff)) :
			csum_fold(csum_add(~csum_unfold(*sum), diff));
	*sum = !new && ip->protocol == IPPROTO_UDP ? CSUM_MANGLED_0 : new;
	sn_counts_add(e->counts, dir, 1, skb->len);
	sn_stat(sn, SN_TRANSLATED);
	return true;
}

#endif
