// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/rebuild.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Bytes being put together; what does not fit is lost and marks it cut. */
struct bytes {
	uint8_t *b;
	size_t len;
	bool cut; /* a header is missing here or later: nothing may follow */
};

static void put(struct bytes *o, const void *data, size_t len)
{
	if (o->cut || len > REBUILD_MAX - o->len) {
		o->cut = true;
		return;
	}
	if (len)
		memcpy(o->b + o->len, data, len);
	o->len += len;
}

static void put8(struct bytes *o, unsigned v)
{
	uint8_t b = (uint8_t)v;

	put(o, &b, 1);
}

static void put16(struct bytes *o, unsigned v)
{
	put8(o, v >> 8);
	put8(o, v & 0xff);
}

static void put32(struct bytes *o, uint32_t v)
{
	put16(o, v >> 16);
	put16(o, v & 0xffff);
}

static void set16(uint8_t *at, unsigned v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

/* RFC 1071, to be folded by checksum(). */
static uint32_t sum(const uint8_t *p, size_t len, uint32_t start)
{
	for (; len > 1; len -= 2, p += 2)
		start += (uint32_t)(p[0] << 8 | p[1]);
	return len ? start + (uint32_t)(p[0] << 8) : start;
}

static unsigned checksum(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return ~s & 0xffff;
}

static uint32_t pseudo_sum(const struct np_hdr *h, size_t len)
{
	size_t n = h->family == AF_INET6 ? 16 : 4;

	return sum(h->dst, n, sum(h->src, n, (uint32_t)len + h->proto));
}

/* Options are padded to 4 bytes; those that are too many for the length field are none. */
static size_t options_len(size_t len)
{
	return len > 40 ? 0 : (len + 3) & ~(size_t)3;
}

static void put_options(struct bytes *o, const uint8_t *opt, size_t len)
{
	if (len > 40)
		return;
	put(o, opt, len);
	put(o, "\0\0\0", options_len(len) - len);
}

static void put_tcp(struct bytes *o, const struct np_hdr *h, const uint8_t *opt, size_t opt_len)
{
	if (!(h->set & NP_HDR_PORTS)) {
		o->cut = true;
		return;
	}
	put16(o, h->sport);
	put16(o, h->dport);
	if (!(h->set & NP_HDR_SEQ)) {
		o->cut = true;
		return;
	}
	put32(o, h->seq);
	put32(o, h->set & NP_HDR_ACK ? h->ack : 0);
	put8(o, (unsigned)(5 + options_len(opt_len) / 4) << 4 | (h->tcp_res & 15));
	put8(o, h->tcp_flags);
	put16(o, h->window);
	put16(o, 0);
	put16(o, h->urgp);
	put_options(o, opt, opt_len);
}

static void put_udp(struct bytes *o, const struct np_hdr *h)
{
	if (!(h->set & NP_HDR_PORTS)) {
		o->cut = true;
		return;
	}
	put16(o, h->sport);
	put16(o, h->dport);
	put16(o, h->set & NP_HDR_ULEN ? h->ulen : 8);
	put16(o, 0);
}

/* The second word of an ICMP header, by what the line had of it. */
static void put_icmp(struct bytes *o, const struct np_hdr *h)
{
	if (!(h->set & NP_HDR_ICMP)) {
		o->cut = true;
		return;
	}
	put8(o, h->icmp_type);
	put8(o, h->icmp_code);
	put16(o, 0);
	if (h->set & NP_HDR_ICMP_ID) {
		put16(o, h->icmp_id);
		put16(o, h->icmp_seq);
	} else if (h->set & NP_HDR_MTU) {
		put32(o, h->mtu);
	} else if (h->set & NP_HDR_GATEWAY) {
		put(o, h->gateway, 4);
	} else if (h->set & NP_HDR_PARAM) {
		put32(o, h->family == AF_INET ? h->param << 24 : h->param);
	} else {
		put32(o, 0);
	}
}

/* Where a transport's checksum stands in its header; 0: it has none that we set. */
static size_t checksum_at(uint8_t proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 2;
	default:
		return 0;
	}
}

static void put_l4(struct bytes *o, const struct np_hdr *h, const uint8_t *opt, size_t opt_len)
{
	switch (h->proto) {
	case IPPROTO_TCP:
		put_tcp(o, h, opt, opt_len);
		break;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		put_udp(o, h);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		put_icmp(o, h);
		break;
	case IPPROTO_ESP:
		if (h->set & NP_HDR_SPI)
			put32(o, h->spi);
		o->cut = true;
		break;
	default:
		o->cut = true;
	}
}

static void put_ipv4(struct bytes *o, const struct np_hdr *h, const uint8_t *opt, size_t opt_len)
{
	size_t from = o->len, len = 20 + options_len(opt_len);
	unsigned flags = (h->ip_flags & NP_IPF_CE ? 0x8000u : 0) |
		(h->ip_flags & NP_IPF_DF ? 0x4000u : 0) | (h->ip_flags & NP_IPF_MF ? 0x2000u : 0);

	put8(o, 0x40 | (unsigned)len / 4);
	put8(o, h->tos);
	put16(o, h->set & NP_HDR_LEN ? h->len : (unsigned)len);
	put16(o, h->id);
	put16(o, flags | (h->set & NP_HDR_FRAG ? h->frag_off & 0x1fffu : 0));
	put8(o, h->ttl);
	put8(o, h->proto);
	put16(o, 0);
	put(o, h->src, 4);
	put(o, h->dst, 4);
	put_options(o, opt, opt_len);
	if (!o->cut)
		set16(o->b + from + 10, checksum(sum(o->b + from, len, 0)));
}

/* A fragment has a header of its own before the transport's. */
static void put_ipv6(struct bytes *o, const struct np_hdr *h)
{
	bool frag = h->set & (NP_HDR_FRAG | NP_HDR_ID) || (h->ip_flags & NP_IPF_MF);
	uint32_t payload = h->set & NP_HDR_LEN && h->len >= 40 ? h->len - 40 : 0;

	put32(o, 6u << 28 | (uint32_t)h->tos << 20 | (h->flowlabel & 0xfffff));
	put16(o, payload);
	put8(o, frag ? IPPROTO_FRAGMENT : h->proto);
	put8(o, h->ttl);
	put(o, h->src, 16);
	put(o, h->dst, 16);
	if (!frag)
		return;
	put8(o, h->proto);
	put8(o, 0);
	put16(o, (unsigned)h->frag_off << 3 | (h->ip_flags & NP_IPF_MF ? 1 : 0));
	put32(o, h->id);
}

/*
 * UDP over IPv6 must have a checksum (RFC 8200, 8.1), and the payload is not known: that of the
 * pseudo header alone, as a kernel leaves it for a device to finish.
 */
static void set_partial(uint8_t *udp, const struct np_hdr *h)
{
	size_t len = h->set & NP_HDR_ULEN ? h->ulen : 8;
	unsigned c = ~checksum(pseudo_sum(h, len)) & 0xffff;

	set16(udp + 6, c ? c : 0xffff);
}

/* The headers of one packet; a checksum needs the whole packet to be there. */
static void put_hdr(struct bytes *o, const struct np_hdr *h, const struct np_trace_event *ev)
{
	size_t from = o->len, l4, at = checksum_at(h->proto);
	bool fragment = h->set & NP_HDR_FRAG || h->ip_flags & NP_IPF_MF;

	if (h->family == AF_INET6)
		put_ipv6(o, h);
	else
		put_ipv4(o, h, ev ? ev->ip_opt : NULL, ev ? ev->ip_opt_len : 0);
	l4 = o->len;
	if (!(h->set & NP_HDR_PROTO) || (h->set & NP_HDR_FRAG && h->frag_off))
		return;
	put_l4(o, h, ev ? ev->tcp_opt : NULL, ev ? ev->tcp_opt_len : 0);
	if (ev && (ev->set & NP_TEV_QUOTED) && (ev->quoted.set & NP_HDR_ADDR)) {
		struct bytes quoted = *o;

		put_hdr(&quoted, &ev->quoted, NULL);
		o->len = quoted.len;
	}
	if (h->family == AF_INET6 && h->proto == IPPROTO_UDP && !o->cut)
		set_partial(o->b + l4, h);
	if (o->cut || fragment || !at || o->len - from != h->len || !(h->set & NP_HDR_LEN))
		return;
	set16(o->b + l4 + at, 0);
	/* RFC 768: a UDP sum of 0 is sent as all ones, 0 means none */
	unsigned c = checksum(sum(o->b + l4, o->len - l4,
		h->proto == IPPROTO_ICMP ? 0 : pseudo_sum(h, o->len - l4)));
	set16(o->b + l4 + at, h->proto == IPPROTO_UDP && !c ? 0xffff : c);
}

/* MAC= of an Ethernet device: destination, source and type in one. */
static bool is_ethernet(const struct np_trace_event *ev)
{
	unsigned type = (unsigned)(ev->mac[12] << 8 | ev->mac[13]);

	return ev->mac_len == 14 && type == (ev->hdr.family == AF_INET6 ? 0x86dd : 0x0800);
}

int rebuild_packet(const struct np_trace_event *ev, uint8_t buf[REBUILD_MAX], uint32_t *cap,
	uint32_t *orig, bool *ethernet)
{
	struct bytes o = { .b = buf };

	if (!(ev->hdr.set & NP_HDR_ADDR))
		return -EINVAL;
	*ethernet = is_ethernet(ev);
	if (*ethernet)
		put(&o, ev->mac, ev->mac_len);
	put_hdr(&o, &ev->hdr, ev);
	*cap = (uint32_t)o.len;
	*orig = ev->hdr.set & NP_HDR_LEN ? ev->hdr.len + (*ethernet ? 14 : 0) : *cap;
	/* a line can be wrong about its length: a capture must not be */
	if (*orig < *cap)
		*cap = *orig;
	return 0;
}
