// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/addr.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <linux/mpls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/args.h"

static const struct {
	uint8_t family;
	uint8_t bits;
	const char *name;
} families[] = {
	{ AF_INET, 32, "inet" },   { AF_INET6, 128, "inet6" }, { AF_PACKET, 0, "link" },
	{ AF_MPLS, 20, "mpls" },   { AF_BRIDGE, 0, "bridge" },
};

#define N_FAMILIES (sizeof(families) / sizeof(families[0]))

unsigned np_family_bits(uint8_t family)
{
	for (size_t i = 0; i < N_FAMILIES; i++)
		if (families[i].family == family)
			return families[i].bits;
	return 0;
}

const char *np_family_name(uint8_t family)
{
	for (size_t i = 0; i < N_FAMILIES; i++)
		if (families[i].family == family)
			return families[i].name;
	return "???";
}

int np_family_parse(const char *word)
{
	for (size_t i = 0; i < N_FAMILIES; i++)
		if (!strcmp(families[i].name, word))
			return families[i].family;
	return -EINVAL;
}

/* strtoul() in base 0; plain decimal, which is nearly all there is, without its detours. */
static unsigned long number(const char *s, const char **end)
{
	unsigned long n = 0;
	char *e;

	if (*s < '1' || *s > '9') {
		n = strtoul(s, &e, 0);
		*end = e;
		return n;
	}
	for (; *s >= '0' && *s <= '9' && n < 1000; s++)
		n = n * 10 + (unsigned long)(*s - '0');
	*end = s;
	return n;
}

/* One to four numbers between dots, not inet_aton's: what is missing is zero, on the right. */
static int parse_ipv4(uint8_t out[4], const char *word)
{
	for (int i = 0; i < 4; i++) {
		const char *end;
		unsigned long n = number(word, &end);

		if (n > 255 || end == word)
			return -EINVAL;
		out[i] = (uint8_t)n;
		if (!*end)
			return 0;
		if (*end != '.')
			return -EINVAL;
		word = end + 1;
	}
	return -EINVAL;
}

static int parse_link(struct np_addr *addr, const char *word)
{
	/* An interface of a tunnel has an IPv4 address where others have a MAC. */
	if (strchr(word, '.')) {
		struct in_addr in;

		if (!inet_aton(word, &in))
			return -EINVAL;
		memcpy(addr->b, &in, 4);
		addr->len = 4;
		return 0;
	}
	for (addr->len = 0; addr->len < NP_ADDR_MAX; ) {
		char *end;
		unsigned long n = strtoul(word, &end, 16);

		if (end == word || n > 255 || !isxdigit((unsigned char)*word))
			return -EINVAL;
		addr->b[addr->len++] = (uint8_t)n;
		if (!*end)
			return 0;
		if (*end != ':')
			return -EINVAL;
		word = end + 1;
	}
	return -EINVAL;
}

int np_mpls_parse(const char *word, uint8_t *out, size_t max)
{
	size_t used = 0;

	for (;;) {
		char *end;
		unsigned long label = strtoul(word, &end, 0);
		uint32_t entry;

		if (end == word || label >= 1 << 20 || used + 4 > max || *word == '-')
			return -EINVAL;
		entry = (uint32_t)label << MPLS_LS_LABEL_SHIFT;
		if (!*end)
			entry |= 1 << MPLS_LS_S_SHIFT;
		entry = htonl(entry);
		memcpy(out + used, &entry, 4);
		used += 4;
		if (!*end)
			return (int)used;
		if (*end != '/')
			return -EINVAL;
		word = end + 1;
	}
}

const char *np_mpls_text(const void *bytes, size_t len, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t at = 0; at + 4 <= len && used < size; at += 4) {
		uint32_t entry;
		int n;

		memcpy(&entry, (const uint8_t *)bytes + at, 4);
		entry = ntohl(entry);
		n = snprintf(buf + used, size - used, "%s%u", at ? "/" : "",
			     (entry & MPLS_LS_LABEL_MASK) >> MPLS_LS_LABEL_SHIFT);
		used += (size_t)n;
		if (entry & MPLS_LS_S_MASK)
			break;
	}
	return buf;
}

static int parse_mpls(struct np_addr *addr, const char *word)
{
	int len = np_mpls_parse(word, addr->b, sizeof(addr->b));

	if (len < 0)
		return len;
	addr->len = (uint8_t)len;
	return 0;
}

static int parse_inet(struct np_addr *addr, const char *word, uint8_t family)
{
	bool six = strchr(word, ':');

	if (family != AF_UNSPEC && family != (six ? AF_INET6 : AF_INET))
		return -EINVAL;
	addr->family = six ? AF_INET6 : AF_INET;
	addr->len = six ? 16 : 4;
	if (six)
		return inet_pton(AF_INET6, word, addr->b) == 1 ? 0 : -EINVAL;
	return parse_ipv4(addr->b, word);
}

int np_addr_parse(struct np_addr *addr, const char *word, uint8_t family)
{
	bool dflt = !strcmp(word, "default");
	int ret;

	memset(addr, 0, sizeof(*addr));
	addr->family = family;
	if (dflt || !strcmp(word, "any") || !strcmp(word, "all")) {
		if (family == AF_MPLS)
			return -EINVAL;
		addr->flags = dflt ? NP_ADDR_ANY | NP_ADDR_LEN_GIVEN : NP_ADDR_ANY;
		addr->len = dflt ? (uint8_t)(np_family_bits(family) / 8) : 0;
		return 0;
	}
	if (family == AF_PACKET)
		ret = parse_link(addr, word);
	else if (family == AF_MPLS)
		ret = strchr(word, ':') ? -EINVAL : parse_mpls(addr, word);
	else
		ret = parse_inet(addr, word, family);
	addr->bits = (uint16_t)(family == AF_PACKET ? addr->len * 8 : np_family_bits(addr->family));
	return ret;
}

/* A length, or a netmask whose ones are all at the front. */
static int parse_length(const char *word, uint32_t *bits)
{
	uint8_t b[4];
	uint32_t mask;

	if (!np_parse_u32(word, bits))
		return 0;
	if (parse_ipv4(b, word))
		return -EINVAL;
	mask = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	if (~mask & (~mask + 1))
		return -EINVAL;
	*bits = (uint32_t)__builtin_popcount(mask);
	return 0;
}

int np_prefix_parse(struct np_addr *addr, const char *word, uint8_t family)
{
	const char *slash = strchr(word, '/');
	char head[NP_ADDR_STRLEN];
	uint32_t bits;

	if (family == AF_PACKET)
		return -EINVAL;
	if (!slash)
		return np_addr_parse(addr, word, family);
	if (!np_word_head(head, sizeof(head), word, '/'))
		return -EINVAL;
	if (np_addr_parse(addr, head, family) || addr->flags & NP_ADDR_ANY ||
	    parse_length(slash + 1, &bits) || bits > np_family_bits(addr->family))
		return -EINVAL;
	addr->bits = (uint16_t)bits;
	addr->flags |= NP_ADDR_LEN_GIVEN;
	return 0;
}

static const char *link_text(const uint8_t *bytes, size_t len, char buf[NP_ADDR_STRLEN])
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < len && used + 4 <= NP_ADDR_STRLEN; i++)
		used += (size_t)snprintf(buf + used, NP_ADDR_STRLEN - used, "%s%02x",
					 i ? ":" : "", bytes[i]);
	return buf;
}

/* inet_ntop() goes through printf, which is half the time of listing many routes. */
static const char *ipv4_text(const uint8_t *b, char *buf)
{
	char *at = buf;

	for (int i = 0; i < 4; i++) {
		if (i)
			*at++ = '.';
		if (b[i] >= 100)
			*at++ = (char)('0' + b[i] / 100);
		if (b[i] >= 10)
			*at++ = (char)('0' + b[i] / 10 % 10);
		*at++ = (char)('0' + b[i] % 10);
	}
	*at = '\0';
	return buf;
}

const char *np_addr_text(uint8_t family, const void *bytes, size_t len, char buf[NP_ADDR_STRLEN])
{
	const char *text = NULL;

	if (family == AF_INET && len >= 4)
		text = ipv4_text(bytes, buf);
	else if (family == AF_INET6 && len >= 16)
		text = inet_ntop(family, bytes, buf, NP_ADDR_STRLEN);
	else if (family == AF_MPLS)
		text = np_mpls_text(bytes, len, buf, NP_ADDR_STRLEN);
	else if (family == AF_PACKET)
		text = link_text(bytes, len, buf);
	if (!text)
		snprintf(buf, NP_ADDR_STRLEN, "???");
	return buf;
}

bool np_bits_equal(const void *a, const void *b, unsigned bits)
{
	const uint8_t *x = a, *y = b;
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(x, y, whole))
		return false;
	return !rest || !((x[whole] ^ y[whole]) >> (8 - rest));
}

bool np_addr_is_zero(const struct np_addr *addr)
{
	static const uint8_t zero[NP_ADDR_MAX];

	return !memcmp(addr->b, zero, sizeof(zero));
}

bool np_addr_is_multicast(const struct np_addr *addr)
{
	return addr->family == AF_INET6 ? addr->b[0] == 0xff :
	       addr->family == AF_INET ? (addr->b[0] & 0xf0) == 0xe0 : false;
}
