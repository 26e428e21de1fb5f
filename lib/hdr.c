// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/hdr.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <linux/icmp.h>
#include <linux/if_ether.h>
#include <string.h>
#include <sys/socket.h>

static uint16_t be16(const uint8_t *b)
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

static uint32_t be32(const uint8_t *b)
{
	return (uint32_t)be16(b) << 16 | be16(b + 2);
}

static int read_ipv4(struct np_hdr *h, const uint8_t *b, size_t len)
{
	uint16_t frag;

	if (len < 20)
		return -EINVAL;
	h->family = AF_INET;
	h->tos = b[1];
	h->len = be16(b + 2);
	h->id = be16(b + 4);
	frag = be16(b + 6);
	h->ip_flags = (uint8_t)((frag & 0x8000 ? NP_IPF_CE : 0) | (frag & 0x4000 ? NP_IPF_DF : 0) |
		(frag & 0x2000 ? NP_IPF_MF : 0));
	h->frag_off = frag & 0x1fff;
	h->ttl = b[8];
	h->proto = b[9];
	memcpy(h->src, b + 12, 4);
	memcpy(h->dst, b + 16, 4);
	h->set |= NP_HDR_ADDR | NP_HDR_LEN | NP_HDR_TOS | NP_HDR_TTL | NP_HDR_ID | NP_HDR_PROTO |
		(h->frag_off ? (uint32_t)NP_HDR_FRAG : 0);
	return 0;
}

/* Headers that stand between IPv6's and the protocol's: the protocol is behind them. */
static bool is_extension(uint8_t next)
{
	return next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_FRAGMENT ||
		next == IPPROTO_DSTOPTS || next == IPPROTO_MH;
}

static int read_ipv6(struct np_hdr *h, const uint8_t *b, size_t len)
{
	uint32_t first;

	if (len < 40)
		return -EINVAL;
	first = be32(b);
	h->family = AF_INET6;
	h->tos = (uint8_t)(first >> 20);
	h->flowlabel = first & 0xfffff;
	h->len = be16(b + 4) + 40u;
	h->ttl = b[7];
	memcpy(h->src, b + 8, 16);
	memcpy(h->dst, b + 24, 16);
	h->set |= NP_HDR_ADDR | NP_HDR_LEN | NP_HDR_TOS | NP_HDR_TTL | NP_HDR_FLOWLABEL;
	if (!is_extension(b[6])) {
		h->proto = b[6];
		h->set |= NP_HDR_PROTO;
	}
	return 0;
}

static void read_tcp(struct np_hdr *h, const uint8_t *b, size_t len)
{
	if (len < 20)
		return;
	h->seq = be32(b + 4);
	h->ack = be32(b + 8);
	h->tcp_res = (uint8_t)((b[12] & 0x0f) << 2);
	h->tcp_flags = b[13];
	h->window = be16(b + 14);
	h->urgp = be16(b + 18);
	h->set |= NP_HDR_SEQ | NP_HDR_WINDOW | (h->tcp_flags & 0x10 ? (uint32_t)NP_HDR_ACK : 0);
}

static void read_icmp(struct np_hdr *h, const uint8_t *b, size_t len)
{
	bool six = h->family == AF_INET6, echo;

	if (len < 4)
		return;
	h->icmp_type = b[0];
	h->icmp_code = b[1];
	h->set |= NP_HDR_ICMP;
	if (len < 8)
		return;
	echo = six ? h->icmp_type == ICMP6_ECHO_REQUEST || h->icmp_type == ICMP6_ECHO_REPLY :
		     h->icmp_type == ICMP_ECHO || h->icmp_type == ICMP_ECHOREPLY;
	if (echo) {
		h->icmp_id = be16(b + 4);
		h->icmp_seq = be16(b + 6);
		h->set |= NP_HDR_ICMP_ID;
	} else if (!six && h->icmp_type == ICMP_DEST_UNREACH && h->icmp_code == ICMP_FRAG_NEEDED) {
		h->mtu = be16(b + 6);
		h->set |= NP_HDR_MTU;
	} else if (six && h->icmp_type == ICMP6_PACKET_TOO_BIG) {
		h->mtu = be32(b + 4);
		h->set |= NP_HDR_MTU;
	}
}

static void read_transport(struct np_hdr *h, const uint8_t *b, size_t len)
{
	switch (h->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		if (len < 4)
			return;
		h->sport = be16(b);
		h->dport = be16(b + 2);
		h->set |= NP_HDR_PORTS;
		break;
	case IPPROTO_ESP:
	case IPPROTO_AH:
		if (len < 8)
			return;
		h->spi = be32(b + (h->proto == IPPROTO_AH ? 4 : 0));
		h->set |= NP_HDR_SPI;
		return;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		read_icmp(h, b, len);
		return;
	default:
		return;
	}
	if (h->proto == IPPROTO_TCP) {
		read_tcp(h, b, len);
	} else if (h->proto != IPPROTO_SCTP && h->proto != IPPROTO_DCCP && len >= 8) {
		h->ulen = be16(b + 4);
		h->set |= NP_HDR_ULEN;
	}
}

int np_hdr_read(struct np_hdr *h, const struct np_hdr_bytes *bytes)
{
	int ret = -EINVAL;

	memset(h, 0, sizeof(*h));
	if (!bytes->l3 || !bytes->l3_len)
		return ret;
	if (bytes->l3[0] >> 4 == 4)
		ret = read_ipv4(h, bytes->l3, bytes->l3_len);
	else if (bytes->l3[0] >> 4 == 6)
		ret = read_ipv6(h, bytes->l3, bytes->l3_len);
	if (!ret && bytes->l4 && h->set & NP_HDR_PROTO && !(h->set & NP_HDR_FRAG))
		read_transport(h, bytes->l4, bytes->l4_len);
	return ret;
}

/* Bytes between the outer IP header and the inner one; -1: there is none. */
static int inner_offset(const struct np_hdr *outer, const uint8_t *b, size_t len)
{
	bool udp = outer->proto == IPPROTO_UDP;
	int at;

	if (outer->proto == IPPROTO_IPIP || outer->proto == IPPROTO_IPV6)
		return 0;
	if (outer->proto == IPPROTO_GRE && len >= 4) {
		if (b[1] & 7 || (be16(b + 2) != ETH_P_IP && be16(b + 2) != ETH_P_IPV6))
			return -1;
		at = 4 + 4 * !!(b[0] & 0x80); /* a checksum, a key, a number */
		return at + 4 * !!(b[0] & 0x20) + 4 * !!(b[0] & 0x10);
	}
	/* no control message, and of a length that it can have with an IP packet */
	if (udp && len >= 12 && !(b[8] & 0xe0) && (b[9] == IPPROTO_IPIP || b[9] == IPPROTO_IPV6))
		return 12 + 4 * (b[8] & 0x1f);
	return -1;
}

/* Of a header that was cut, what is behind the end is not known. */
static uint32_t known(const struct np_hdr *h, size_t len)
{
	bool six = h->family == AF_INET6;
	uint32_t cut = 0;

	if (len < (six ? 40u : 20u))
		cut |= NP_HDR_ADDR;
	if (len < (six ? 8u : 10u))
		cut |= NP_HDR_TTL | NP_HDR_PROTO;
	return h->set & ~cut;
}

int np_hdr_read_inner(struct np_hdr *h, const struct np_hdr *outer,
	const struct np_hdr_bytes *bytes)
{
	struct np_hdr_bytes inner = { .l4 = NULL };
	uint8_t b[40] = { 0 };
	size_t len;
	int at;

	if (!bytes->l4 || !(outer->set & NP_HDR_PROTO) || outer->set & NP_HDR_FRAG)
		return -ENOENT;
	at = inner_offset(outer, bytes->l4, bytes->l4_len);
	if (at < 0 || bytes->l4_len < (size_t)at + 8)
		return -ENOENT;
	len = bytes->l4_len - (size_t)at;
	len = len < sizeof(b) ? len : sizeof(b);
	memcpy(b, bytes->l4 + at, len);
	inner.l3 = b;
	inner.l3_len = sizeof(b);
	if (np_hdr_read(h, &inner))
		return -ENOENT;
	h->set = known(h, len);
	return 0;
}

bool np_hdr_is_error(const struct np_hdr *h)
{
	if (!(h->set & NP_HDR_ICMP))
		return false;
	if (h->family == AF_INET6)
		return h->icmp_type && h->icmp_type < ICMP6_ECHO_REQUEST;
	return (h->icmp_type >= ICMP_DEST_UNREACH && h->icmp_type <= ICMP_REDIRECT) ||
		h->icmp_type == ICMP_TIME_EXCEEDED || h->icmp_type == ICMP_PARAMETERPROB;
}

int np_hdr_read_quoted(struct np_hdr *h, const struct np_hdr *outer,
	const struct np_hdr_bytes *bytes)
{
	struct np_hdr_bytes in = { .l3 = NULL };
	size_t len;

	if (!np_hdr_is_error(outer) || !bytes->l4 || bytes->l4_len <= 8)
		return -ENOENT;
	in.l3 = bytes->l4 + 8;
	in.l3_len = bytes->l4_len - 8;
	len = outer->family == AF_INET6 ? 40 : (in.l3[0] & 0xfu) * 4;
	if (in.l3_len > len) {
		in.l4 = in.l3 + len;
		in.l4_len = in.l3_len - len;
	}
	return np_hdr_read(h, &in) || h->family != outer->family ? -ENOENT : 0;
}
