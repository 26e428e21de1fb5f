// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <netinet/in.h>

#include "logfields_priv.h"

bool logread_num(struct logread *r, uint32_t max, uint32_t *v, bool last)
{
	struct logcur *c = &r->c;
	uint64_t n;

	if (c->p == c->end) {
		r->cut = true;
		return false;
	}
	if (!logcur_u64(c, max, &n))
		return logread_bad(r, "a number is missing or too large");
	if (c->p == c->end && (!last || r->quoted || r->marked)) {
		r->cut = true;
		return false;
	}
	*v = (uint32_t)n;
	return true;
}

bool logread_hex(struct logread *r, unsigned min, unsigned max, uint32_t *v, bool last)
{
	struct logcur *c = &r->c;
	uint32_t n = 0;
	unsigned i;

	for (i = 0; i < max && c->p < c->end; i++, c->p++) {
		int d = logcur_hex(*c->p);

		if (d < 0)
			break;
		n = n << 4 | (uint32_t)d;
	}
	if (c->p == c->end && (i < min || (i < max && (!last || r->quoted)) || r->marked)) {
		r->cut = true;
		return false;
	}
	if (i < min)
		return logread_bad(r, "a hexadecimal number is garbled");
	*v = n;
	return true;
}

/* Four decimal bytes; does not judge what follows. */
static bool take_v4(struct logcur *c, uint8_t addr[16])
{
	struct logcur at = *c; /* addr may be where c is, for all that a compiler knows */

	for (int i = 0; i < 4; i++) {
		unsigned v = 0, n = 0;

		if (i && !logcur_word(&at, "."))
			return false;
		for (; n < 3 && logcur_digit(&at); n++)
			v = v * 10 + (unsigned)(*at.p++ - '0');
		if (!n || v > 255)
			return false;
		addr[i] = (uint8_t)v;
	}
	*c = at;
	return true;
}

/* The kernel's %pI6: eight groups of four digits, nothing left out. */
static bool take_v6_full(struct logcur *c, uint8_t addr[16])
{
	const char *s = c->p;

	if (logcur_left(c) < 39)
		return false;
	for (int i = 0; i < 8; i++, s += 5) {
		for (int j = 0; j < 2; j++) {
			int hi = logcur_hex(s[j * 2]), lo = logcur_hex(s[j * 2 + 1]);

			if (hi < 0 || lo < 0)
				return false;
			addr[i * 2 + j] = (uint8_t)(hi << 4 | lo);
		}
		if (i < 7 && s[4] != ':')
			return false;
	}
	c->p = s - 1;
	return true;
}

/* An address that something shortened on its way (2001:db8::1). */
static bool take_v6_short(struct logcur *c, uint8_t addr[16])
{
	char text[INET6_ADDRSTRLEN];
	const char *end = logcur_word_end(c);
	size_t n = (size_t)(end - c->p);

	if (n >= sizeof(text) || end == c->end)
		return false;
	memcpy(text, c->p, n);
	text[n] = '\0';
	if (strlen(text) != n || inet_pton(AF_INET6, text, addr) != 1)
		return false;
	c->p = end;
	return true;
}

int logread_addr(struct logread *r, int family, uint8_t addr[16])
{
	struct logcur *c = &r->c, start = *c;
	size_t n = 0;

	if (family != AF_INET6 && take_v4(c, addr)) {
		if (c->p == c->end)
			goto cut;
		if (!logcur_digit(c) && *c->p != '.' && *c->p != ':')
			return AF_INET;
	}
	*c = start;
	if (family != AF_INET && (take_v6_full(c, addr) || take_v6_short(c, addr))) {
		if (c->p < c->end && (logcur_hex(*c->p) < 0 || *c->p == 'D'))
			return AF_INET6;
		if (c->p == c->end && !r->marked)
			return AF_INET6;
	}
	*c = start;
	while (n < logcur_left(c) && (logcur_hex(c->p[n]) >= 0 || c->p[n] == '.' || c->p[n] == ':'))
		n++;
	if (c->p + n != c->end)
		return logread_bad(r, "an address is garbled");
cut:
	r->cut = true;
	return 0;
}

int logread_incomplete(struct logread *r, struct np_hdr *h)
{
	uint32_t n;

	if (!logread_opt(r, "INCOMPLETE"))
		return 0;
	h->set |= NP_HDR_INCOMPLETE;
	return logread_need(r, "[") && logread_num(r, UINT32_MAX, &n, false) &&
			       logread_need(r, "bytes]")
		       ? 1
		       : -1;
}

bool logread_opt_open(struct logread *r)
{
	struct logcur start;

	logcur_skip(&r->c);
	start = r->c;
	if (logcur_word(&r->c, "OPT") && logread_opt(r, "("))
		return true;
	r->c = start;
	return false;
}

bool logread_options(struct logread *r, uint8_t *buf, uint8_t *len)
{
	struct logcur *c = &r->c, at = *c;
	unsigned n = 0;

	while (logcur_left(&at) >= 2 && n < NP_TRACE_OPT_MAX) {
		int hi = logcur_hex(at.p[0]), lo = logcur_hex(at.p[1]);

		if (hi < 0 || lo < 0)
			break;
		if (buf)
			buf[n] = (uint8_t)(hi << 4 | lo);
		n++;
		at.p += 2;
	}
	*c = at;
	if (c->p == c->end || (c->p + 1 == c->end && logcur_hex(*c->p) >= 0)) {
		r->cut = true;
		return false;
	}
	if (!logcur_word(c, ")"))
		return logread_bad(r, "options are garbled");
	if (len)
		*len = (uint8_t)n;
	return true;
}

static bool take_ttl(struct logread *r, uint32_t *v)
{
	const char *start = r->c.p;

	if (!logread_num(r, 255, v, false))
		return false;
	if (!r->quoted) {
		r->ttl = start;
		r->ttl_end = r->c.p;
	}
	return true;
}

static bool take_v4_header(struct logread *r, struct np_hdr *h)
{
	struct np_trace_event *ev = r->ev;
	uint32_t tos, prec, v;

	if (!logread_need(r, "LEN=") || !logread_num(r, UINT32_MAX, &h->len, false))
		return false;
	h->set |= NP_HDR_LEN;
	if (!logread_need(r, "TOS=0x") || !logread_hex(r, 2, 2, &tos, false) ||
		!logread_need(r, "PREC=0x") || !logread_hex(r, 2, 2, &prec, false))
		return false;
	h->tos = (uint8_t)(tos | prec);
	h->set |= NP_HDR_TOS;
	if (!logread_need(r, "TTL=") || !take_ttl(r, &v))
		return false;
	h->ttl = (uint8_t)v;
	h->set |= NP_HDR_TTL;
	if (!logread_need(r, "ID=") || !logread_num(r, 65535, &h->id, false))
		return false;
	h->set |= NP_HDR_ID;
	if (logread_opt(r, "CE"))
		h->ip_flags |= NP_IPF_CE;
	if (logread_opt(r, "DF"))
		h->ip_flags |= NP_IPF_DF;
	if (logread_opt(r, "MF"))
		h->ip_flags |= NP_IPF_MF;
	if (logread_opt(r, "FRAG:")) {
		if (!logread_num(r, 8191, &v, false))
			return false;
		h->frag_off = (uint16_t)v;
		h->set |= NP_HDR_FRAG;
	}
	if (!logread_opt_open(r))
		return true;
	return logread_options(
		r, r->quoted ? NULL : ev->ip_opt, r->quoted ? NULL : &ev->ip_opt_len);
}

/*
 * The fragment header inside "OPT ( … )". Unlike IPv4's, FRAG: is in bytes, and
 * INCOMPLETE says that more fragments follow (ip6_frag_off's lowest bit).
 */
static bool take_v6_fragment(struct logread *r, struct np_hdr *h)
{
	uint32_t v;

	if (logread_opt(r, "TRUNCATED")) {
		h->set |= NP_HDR_INCOMPLETE;
		return true;
	}
	if (!logread_num(r, 65535, &v, false))
		return false;
	h->frag_off = (uint16_t)(v / 8);
	if (h->frag_off)
		h->set |= NP_HDR_FRAG;
	if (logread_opt(r, "INCOMPLETE"))
		h->ip_flags |= NP_IPF_MF;
	if (!logread_need(r, "ID:") || !logread_hex(r, 8, 8, &h->id, false))
		return false;
	h->set |= NP_HDR_ID;
	return true;
}

/* AH or ESP inside "OPT ( … )"; nothing more is printed of one in a later fragment. */
static bool take_v6_spi(struct logread *r, struct np_hdr *h)
{
	int incomplete = logread_incomplete(r, h);

	if (incomplete)
		return incomplete > 0;
	if (!logread_opt(r, "SPI=0x"))
		return true;
	if (!logread_hex(r, 1, 8, &h->spi, false))
		return false;
	h->set |= NP_HDR_SPI;
	return true;
}

/* The extension headers; *end: the kernel printed nothing after them. */
static bool take_v6_extensions(struct logread *r, struct np_hdr *h, bool *end)
{
	while (logread_opt_open(r)) {
		bool esp = false;

		if (logread_opt(r, "FRAG:")) {
			if (!take_v6_fragment(r, h))
				return false;
		} else if (logread_opt(r, "AH")) {
			if (!take_v6_spi(r, h))
				return false;
		} else if (logread_opt(r, "ESP")) {
			esp = true;
			h->proto = IPPROTO_ESP;
			h->set |= NP_HDR_PROTO;
			if (!take_v6_spi(r, h))
				return false;
		}
		/* the kernel stops where the packet does, with or without the parenthesis */
		if (h->set & NP_HDR_INCOMPLETE) {
			logread_opt(r, ")");
			*end = true;
			return true;
		}
		if (!logread_need(r, ")"))
			return false;
		*end = esp;
	}
	return true;
}

static bool take_v6_header(struct logread *r, struct np_hdr *h, bool *end)
{
	uint32_t v;

	if (!logread_need(r, "LEN=") || !logread_num(r, UINT32_MAX, &h->len, false))
		return false;
	h->set |= NP_HDR_LEN;
	if (!logread_need(r, "TC=") || !logread_num(r, 255, &v, false))
		return false;
	h->tos = (uint8_t)v;
	h->set |= NP_HDR_TOS;
	if (!logread_need(r, "HOPLIMIT=") || !take_ttl(r, &v))
		return false;
	h->ttl = (uint8_t)v;
	h->set |= NP_HDR_TTL;
	if (!logread_need(r, "FLOWLBL=") || !logread_num(r, 0xfffff, &h->flowlabel, false))
		return false;
	h->set |= NP_HDR_FLOWLABEL;
	return take_v6_extensions(r, h, end);
}

bool logread_headers(struct logread *r, struct np_hdr *h, bool quoted)
{
	bool end = false, ok;
	int family;

	if (!logread_need(r, quoted ? "[SRC=" : "SRC="))
		return false;
	family = logread_addr(r, 0, h->src);
	if (!family || !logread_need(r, "DST=") || !logread_addr(r, family, h->dst))
		return false;
	h->family = (uint8_t)family;
	h->set |= NP_HDR_ADDR;
	ok = family == AF_INET ? take_v4_header(r, h) : take_v6_header(r, h, &end);
	if (!ok || end)
		return ok;
	if (quoted && logread_opt(r, "TRUNCATED"))
		return true;
	return logread_transport(r, h);
}
