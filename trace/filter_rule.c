// SPDX-License-Identifier: GPL-2.0-or-later
/* A filter as a rule of nf_tables. */
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <netinet/in.h>
#include <string.h>

#include "trace/filter.h"

/* A step; data of len bytes is copied, and pointed to by the step. */
static void put_expr(struct filter_rule *r, struct np_nft_expr x, const void *data)
{
	if (r->n == FILTER_EXPRS || r->used + x.len > sizeof(r->data))
		return; /* cannot be: the room is for all fields */
	if (data) {
		x.data = memcpy(r->data + r->used, data, x.len);
		r->used += x.len;
	}
	if (x.op != NP_NFT_COUNTER && x.op != NP_NFT_LIMIT)
		x.reg = NFT_REG_1;
	r->exprs[r->n++] = x;
}

static void put_cmp(struct filter_rule *r, bool negated, const void *data, uint32_t len)
{
	struct np_nft_expr x = { .op = NP_NFT_CMP, .key = negated ? NFT_CMP_NEQ : NFT_CMP_EQ,
		.len = len };

	put_expr(r, x, data);
}

static void put_meta(struct filter_rule *r, uint32_t key)
{
	put_expr(r, (struct np_nft_expr){ .op = NP_NFT_META, .key = key }, NULL);
}

static void put_payload(struct filter_rule *r, uint32_t base, uint32_t at, uint32_t len)
{
	put_expr(r, (struct np_nft_expr){ .op = NP_NFT_PAYLOAD, .key = base, .arg = at,
		.len = len }, NULL);
}

static void put_mask(struct filter_rule *r, const void *mask, uint32_t len)
{
	put_expr(r, (struct np_nft_expr){ .op = NP_NFT_BITWISE, .len = len }, mask);
}

static void put_families(struct filter_rule *r, const struct filter *f)
{
	const struct filter_prefix *end = f->src.family ? &f->src : &f->dst;
	uint8_t proto = f->families == FILTER_V4 || end->family == AF_INET ? NFPROTO_IPV4 :
		NFPROTO_IPV6;

	if (!f->families && !end->family)
		return;
	put_meta(r, NFT_META_NFPROTO);
	put_cmp(r, false, &proto, 1);
}

static void put_prefix(struct filter_rule *r, const struct filter_prefix *p, bool src, bool negated)
{
	uint32_t len = p->family == AF_INET ? 4 : 16;
	uint32_t at = p->family == AF_INET ? (src ? 12 : 16) : src ? 8 : 24;
	uint8_t mask[16] = { 0 }, addr[16];

	if (!p->family)
		return;
	for (unsigned i = 0; i < len; i++) {
		unsigned left = p->bits > 8 * i ? p->bits - 8 * i : 0;

		mask[i] = left >= 8 ? 0xff : (uint8_t)(0xff00u >> left);
		addr[i] = p->addr[i] & mask[i];
	}
	put_payload(r, NFT_PAYLOAD_NETWORK_HEADER, at, len);
	if (p->bits < 8 * len)
		put_mask(r, mask, len);
	put_cmp(r, negated, addr, len);
}

static void put_ports(struct filter_rule *r, const uint16_t ports[2], uint32_t at, bool negated)
{
	const uint16_t first = htons(ports[0]), last = htons(ports[1]);
	struct np_nft_expr x = { .op = NP_NFT_RANGE, .key = negated ? NFT_RANGE_NEQ : NFT_RANGE_EQ,
		.len = sizeof(first) };

	put_payload(r, NFT_PAYLOAD_TRANSPORT_HEADER, at, sizeof(first));
	if (first == last) {
		put_cmp(r, negated, &first, sizeof(first));
		return;
	}
	if (r->used + sizeof(last) > sizeof(r->data))
		return;
	x.data2 = memcpy(r->data + r->used, &last, sizeof(last));
	r->used += sizeof(last);
	put_expr(r, x, &first);
}

/* The whole name with its zeroes, or the beginning alone. */
static void put_dev(struct filter_rule *r, uint32_t key, const char dev[NP_IFNAMSIZ], bool negated)
{
	size_t len = strlen(dev);

	put_meta(r, key);
	put_cmp(r, negated, dev, dev[len - 1] == '+' ? (uint32_t)len - 1 : NP_IFNAMSIZ);
}

static void put_mark(struct filter_rule *r, const struct filter *f, bool negated)
{
	uint32_t mark = f->mark & f->mask;

	put_meta(r, NFT_META_MARK);
	if (f->mask != UINT32_MAX)
		put_mask(r, &f->mask, sizeof(f->mask));
	put_cmp(r, negated, &mark, sizeof(mark));
}

/* SYN, and none of ACK, RST, FIN. */
static void put_syn(struct filter_rule *r)
{
	const uint8_t mask = 0x17, syn = 0x02;

	put_payload(r, NFT_PAYLOAD_TRANSPORT_HEADER, 13, 1);
	put_mask(r, &mask, 1);
	put_cmp(r, false, &syn, 1);
}

static void put_cgroup(struct filter_rule *r, const struct filter *f)
{
	put_expr(r, (struct np_nft_expr){ .op = NP_NFT_SOCKET, .key = NFT_SOCKET_CGROUPV2,
		.arg = f->cgroup_level }, NULL);
	put_cmp(r, false, &f->cgroup, sizeof(f->cgroup));
}

void filter_put(struct filter_rule *r, const struct filter *f)
{
#define SET(field) (f->set & 1u << (field))
#define NOT(field) ((f->not & 1u << (field)) != 0)
	put_families(r, f);
	if (SET(FILTER_PROTO)) {
		put_meta(r, NFT_META_L4PROTO);
		put_cmp(r, NOT(FILTER_PROTO), &f->proto, 1);
	}
	put_prefix(r, &f->src, true, NOT(FILTER_SRC));
	put_prefix(r, &f->dst, false, NOT(FILTER_DST));
	if (SET(FILTER_SPORT))
		put_ports(r, f->sport, 0, NOT(FILTER_SPORT));
	if (SET(FILTER_DPORT))
		put_ports(r, f->dport, 2, NOT(FILTER_DPORT));
	if (SET(FILTER_IN) && f->in[0] != '+')
		put_dev(r, NFT_META_IIFNAME, f->in, NOT(FILTER_IN));
	if (SET(FILTER_OUT) && f->out[0] != '+')
		put_dev(r, NFT_META_OIFNAME, f->out, NOT(FILTER_OUT));
	if (SET(FILTER_MARK))
		put_mark(r, f, NOT(FILTER_MARK));
	if (SET(FILTER_SYN))
		put_syn(r);
	if (f->cgroup)
		put_cgroup(r, f);
	if (f->rate)
		put_expr(r, (struct np_nft_expr){ .op = NP_NFT_LIMIT, .key = f->rate,
			.arg = f->per, .len = 0 }, NULL);
	if (f->rate)
		r->exprs[r->n - 1].len = f->rate; /* the burst: a second's (or minute's) at once */
#undef SET
#undef NOT
}

void filter_put_fragments(struct filter_rule *r, uint8_t family)
{
	const uint8_t none[2] = { 0 }, mask[2] = { 0x3f, 0xff }, next = IPPROTO_FRAGMENT;
	const uint8_t proto = family == FILTER_V4 ? NFPROTO_IPV4 : NFPROTO_IPV6;

	put_meta(r, NFT_META_NFPROTO);
	put_cmp(r, false, &proto, 1);
	if (family == FILTER_V4) { /* more of them, or an offset */
		put_payload(r, NFT_PAYLOAD_NETWORK_HEADER, 6, sizeof(mask));
		put_mask(r, mask, sizeof(mask));
		put_cmp(r, true, none, sizeof(none));
	} else {
		put_payload(r, NFT_PAYLOAD_NETWORK_HEADER, 6, 1);
		put_cmp(r, false, &next, 1);
	}
	put_expr(r, (struct np_nft_expr){ .op = NP_NFT_VERDICT, .key = NF_ACCEPT }, NULL);
}

void filter_put_trace(struct filter_rule *r)
{
	const uint32_t on = 1;

	put_expr(r, (struct np_nft_expr){ .op = NP_NFT_COUNTER }, NULL);
	put_expr(r, (struct np_nft_expr){ .op = NP_NFT_IMMEDIATE, .len = sizeof(on) }, &on);
	put_expr(r, (struct np_nft_expr){ .op = NP_NFT_META_SET, .key = NFT_META_NFTRACE },
		NULL);
}
