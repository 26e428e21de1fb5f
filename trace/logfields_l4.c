// SPDX-License-Identifier: GPL-2.0-or-later
#include <netinet/in.h>

#include "logfields_priv.h"

static bool take_ports(struct logread *r, struct np_hdr *h)
{
	uint32_t sport, dport;

	if (!logread_need(r, "SPT=") || !logread_num(r, 65535, &sport, false) ||
		!logread_need(r, "DPT=") || !logread_num(r, 65535, &dport, false))
		return false;
	h->sport = (uint16_t)sport;
	h->dport = (uint16_t)dport;
	h->set |= NP_HDR_PORTS;
	return true;
}

/* In the order of nf_log_dump_tcp_header(). URG comes before "URGP=", which is none. */
static const struct {
	const char *word;
	uint8_t bit;
} tcp_flags[] = {
	{ "CWR", 0x80 },
	{ "ECE", 0x40 },
	{ "URG", 0x20 },
	{ "ACK", 0x10 },
	{ "PSH", 0x08 },
	{ "RST", 0x04 },
	{ "SYN", 0x02 },
	{ "FIN", 0x01 },
};

static uint8_t take_flags(struct logread *r)
{
	uint8_t flags = 0;

	for (size_t i = 0; i < sizeof(tcp_flags) / sizeof(tcp_flags[0]); i++) {
		struct logcur *c = &r->c;

		logcur_skip(c);
		if (logcur_left(c) < 3) {
			if (memcmp(c->p, tcp_flags[i].word, logcur_left(c)))
				continue;
			r->cut = true;
			break;
		}
		if (memcmp(c->p, tcp_flags[i].word, 3))
			continue;
		if (tcp_flags[i].bit == 0x20 && logcur_left(c) > 4 && !memcmp(c->p, "URGP=", 5))
			continue;
		c->p += 3;
		flags |= tcp_flags[i].bit;
	}
	return flags;
}

static bool take_tcp(struct logread *r, struct np_hdr *h)
{
	uint32_t window, res, urgp;
	uint8_t flags;

	if (!take_ports(r, h))
		return false;
	if (logread_opt(r, "SEQ=")) {
		if (!logread_num(r, UINT32_MAX, &h->seq, false))
			return false;
		h->set |= NP_HDR_SEQ;
		if (!logread_need(r, "ACK=") || !logread_num(r, UINT32_MAX, &h->ack, false))
			return false;
		h->set |= NP_HDR_ACK;
	}
	if (!logread_need(r, "WINDOW=") || !logread_num(r, 65535, &window, false) ||
		!logread_need(r, "RES=0x") || !logread_hex(r, 2, 2, &res, false))
		return false;
	flags = take_flags(r);
	if (!logread_need(r, "URGP=") || !logread_num(r, 65535, &urgp, true))
		return false;
	h->window = (uint16_t)window;
	h->tcp_res = (uint8_t)res;
	h->tcp_flags = flags;
	h->urgp = (uint16_t)urgp;
	h->set |= NP_HDR_WINDOW;
	if (!logread_opt_open(r))
		return true;
	return logread_options(
		r, r->quoted ? NULL : r->ev->tcp_opt, r->quoted ? NULL : &r->ev->tcp_opt_len);
}

/*
 * A line may end right after UDP's length, blank and all. The IP length tells
 * "LEN=2" of a line that was cut from one that was not: it says 20, so 2 is
 * no length but the beginning of one. A first fragment's is of the whole
 * datagram, which is longer than the fragment.
 */
static bool length_is_cut(const struct logread *r, const struct np_hdr *h, uint32_t ulen)
{
	uint32_t want = h->len - 20 - r->ev->ip_opt_len;

	if (r->c.p != r->c.end || h->family != AF_INET || h->len < 28 || ulen == want)
		return false;
	if (h->ip_flags & NP_IPF_MF)
		return ulen < want;
	while (want > ulen)
		want /= 10;
	return want == ulen;
}

static bool take_udp(struct logread *r, struct np_hdr *h)
{
	uint32_t v;

	if (!take_ports(r, h))
		return false;
	if (!logread_need(r, "LEN=") || !logread_num(r, 65535, &v, true))
		return false;
	if (length_is_cut(r, h, v)) {
		r->cut = true;
		return false;
	}
	h->ulen = (uint16_t)v;
	h->set |= NP_HDR_ULEN;
	return true;
}

static bool take_spi(struct logread *r, struct np_hdr *h)
{
	if (!logread_need(r, "SPI=0x") || !logread_hex(r, 1, 8, &h->spi, true))
		return false;
	h->set |= NP_HDR_SPI;
	return true;
}

/* The packet that an ICMP error quotes, in brackets; one level only. */
static bool take_quoted(struct logread *r)
{
	struct np_trace_event *ev = r->ev;
	bool ok;

	logcur_skip(&r->c);
	if (r->quoted || r->c.p == r->c.end || *r->c.p != '[')
		return true;
	r->quoted = true;
	if (logread_opt(r, "[TRUNCATED")) {
		ev->quoted.set |= NP_HDR_INCOMPLETE;
		ok = true;
	} else {
		ok = logread_headers(r, &ev->quoted, true);
	}
	if (ev->quoted.set & NP_HDR_ADDR)
		ev->set |= NP_TEV_QUOTED;
	ok = ok && logread_need(r, "]");
	r->quoted = false;
	return ok;
}

/* Which parts an ICMP message of a type has after CODE=; the rest has none. */
enum {
	ICMP_HAS_ECHO = 1,
	ICMP_HAS_PARAM = 2,
	ICMP_HAS_POINTER = 4,
	ICMP_HAS_GATEWAY = 8,
	ICMP_HAS_QUOTED = 16
};

static unsigned icmp_parts(uint8_t proto, uint8_t type)
{
	static const uint8_t v4[] = { [0] = ICMP_HAS_ECHO,
		[8] = ICMP_HAS_ECHO,
		[13] = ICMP_HAS_ECHO,
		[14] = ICMP_HAS_ECHO,
		[15] = ICMP_HAS_ECHO,
		[16] = ICMP_HAS_ECHO,
		[17] = ICMP_HAS_ECHO,
		[18] = ICMP_HAS_ECHO,
		[3] = ICMP_HAS_QUOTED,
		[4] = ICMP_HAS_QUOTED,
		[11] = ICMP_HAS_QUOTED,
		[12] = ICMP_HAS_PARAM,
		[5] = ICMP_HAS_GATEWAY | ICMP_HAS_QUOTED };

	if (proto == IPPROTO_ICMP)
		return type < sizeof(v4) ? v4[type] : 0;
	if (type == 128 || type == 129)
		return ICMP_HAS_ECHO;
	if (type >= 1 && type <= 4)
		return ICMP_HAS_QUOTED | (type == 4 ? ICMP_HAS_POINTER : 0);
	return 0;
}

static bool take_echo(struct logread *r, struct np_hdr *h)
{
	uint32_t id, seq;

	/* kernels print them for echo only; others left timestamps and masks bare */
	if (h->icmp_type != 8 && h->icmp_type != 0 && h->proto == IPPROTO_ICMP) {
		if (!logread_opt(r, "ID="))
			return true;
	} else if (!logread_need(r, "ID=")) {
		return false;
	}
	if (!logread_num(r, 65535, &id, false) || !logread_need(r, "SEQ=") ||
		!logread_num(r, 65535, &seq, true))
		return false;
	h->icmp_id = (uint16_t)id;
	h->icmp_seq = (uint16_t)seq;
	h->set |= NP_HDR_ICMP_ID;
	return true;
}

static bool take_icmp_rest(struct logread *r, struct np_hdr *h, unsigned parts)
{
	if (parts & ICMP_HAS_ECHO)
		return take_echo(r, h);
	if (parts & ICMP_HAS_PARAM) {
		if (!logread_need(r, "PARAMETER=") || !logread_num(r, UINT32_MAX, &h->param, true))
			return false;
		h->set |= NP_HDR_PARAM;
	}
	if (parts & ICMP_HAS_POINTER) {
		if (!logread_need(r, "POINTER=") || !logread_hex(r, 1, 8, &h->param, true))
			return false;
		h->set |= NP_HDR_PARAM;
	}
	if (parts & ICMP_HAS_GATEWAY) {
		if (!logread_need(r, "GATEWAY=") || !logread_addr(r, AF_INET, h->gateway))
			return false;
		h->set |= NP_HDR_GATEWAY;
	}
	if (parts & ICMP_HAS_QUOTED && !take_quoted(r))
		return false;
	if (!logread_opt(r, "MTU="))
		return true;
	if (!logread_num(r, UINT32_MAX, &h->mtu, true))
		return false;
	h->set |= NP_HDR_MTU;
	return true;
}

static bool take_icmp(struct logread *r, struct np_hdr *h)
{
	uint32_t type, code;
	unsigned parts;
	int incomplete;

	if (!logread_need(r, "TYPE=") || !logread_num(r, 255, &type, false))
		return false;
	parts = icmp_parts(h->proto, (uint8_t)type);
	if (!logread_need(r, "CODE=") || !logread_num(r, 255, &code, !parts))
		return false;
	h->icmp_type = (uint8_t)type;
	h->icmp_code = (uint8_t)code;
	h->set |= NP_HDR_ICMP;
	incomplete = logread_incomplete(r, h);
	if (incomplete)
		return incomplete > 0;
	return take_icmp_rest(r, h, parts);
}

/* In this order, so that no word is taken for the beginning of a longer one. */
static const struct l4 {
	const char *word;
	uint8_t proto;
	bool (*take)(struct logread *r, struct np_hdr *h);
} l4s[] = {
	{ "TCP", IPPROTO_TCP, take_tcp },
	{ "UDPLITE", IPPROTO_UDPLITE, take_udp },
	{ "UDP", IPPROTO_UDP, take_udp },
	{ "ICMPv6", IPPROTO_ICMPV6, take_icmp },
	{ "ICMP", IPPROTO_ICMP, take_icmp },
	{ "AH", IPPROTO_AH, take_spi },
	{ "ESP", IPPROTO_ESP, take_spi },
};
#define N_L4 (sizeof(l4s) / sizeof(l4s[0]))

/* The row whose word comes next; NULL with cut or bad set. */
static const struct l4 *take_l4(struct logread *r)
{
	size_t left = logcur_left(&r->c);

	for (size_t i = 0; i < N_L4; i++)
		if (logcur_word(&r->c, l4s[i].word))
			return &l4s[i];
	for (size_t i = 0; i < N_L4; i++)
		if (left < strlen(l4s[i].word) && !memcmp(r->c.p, l4s[i].word, left))
			r->cut = true;
	if (!r->cut)
		logread_bad(r, "a protocol is garbled");
	return NULL;
}

/* A protocol that the kernel knows no more of than its number. */
static bool take_number(struct logread *r, struct np_hdr *h)
{
	uint32_t v;

	if (!logread_num(r, 255, &v, true))
		return false;
	/* one that the kernel has a word for is the beginning of a longer number */
	for (size_t i = 0; i < N_L4; i++)
		if (r->c.p == r->c.end && l4s[i].proto == v) {
			r->cut = true;
			return false;
		}
	h->proto = (uint8_t)v;
	h->set |= NP_HDR_PROTO;
	return true;
}

bool logread_transport(struct logread *r, struct np_hdr *h)
{
	const struct l4 *l4;
	int incomplete;
	bool at_end;

	if (!logread_need(r, "PROTO="))
		return false;
	if (logcur_digit(&r->c))
		return take_number(r, h);
	l4 = take_l4(r);
	if (!l4)
		return false;
	/* "UDP" may be what is left of "UDPLITE", "ICMP" of "ICMPv6" */
	at_end = r->c.p == r->c.end && !(h->set & NP_HDR_FRAG);
	if (at_end && (l4->proto == IPPROTO_UDP ||
			      (l4->proto == IPPROTO_ICMP && h->family == AF_INET6))) {
		r->cut = true;
		return false;
	}
	h->proto = l4->proto;
	h->set |= NP_HDR_PROTO;
	if (h->set & NP_HDR_FRAG)
		return true;
	incomplete = logread_incomplete(r, h);
	if (incomplete)
		return incomplete > 0;
	return l4->take(r, h);
}
