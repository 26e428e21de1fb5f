/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_ADDR_H
#define NP_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NP_ADDR_MAX 32     /* bytes of the longest address of a link */
#define NP_ADDR_STRLEN 128 /* of any address or prefix in text, NUL included */

enum {
	NP_ADDR_ANY = 1 << 0,       /* "default", "any" or "all" was said */
	NP_ADDR_LEN_GIVEN = 1 << 1, /* a length was said; "default" counts as one */
};

/* An address or prefix; bytes in network order, those after len are zero. */
struct np_addr {
	uint8_t family; /* AF_INET, AF_INET6, AF_MPLS, AF_PACKET; AF_UNSPEC: "any" of no family */
	uint8_t len;    /* bytes in b; 0 for "any" and "all" */
	uint8_t flags;  /* NP_ADDR_* */
	uint16_t bits;  /* of the prefix; an address has all of its family's */
	uint8_t b[NP_ADDR_MAX];
};

/*
 * An address in the language of iproute2: inet_pton's IPv6, IPv4 also short
 * ("10", "10.1" are 10.0.0.0, 10.1.0.0) and in hex or octal, "default", "any",
 * "all"; MPLS labels "100/200" (one stack, at most 8), link addresses
 * "00:11:…". family AF_UNSPEC takes IPv4 and IPv6. No name is looked up.
 * Returns 0 or -EINVAL.
 */
int np_addr_parse(struct np_addr *addr, const char *word, uint8_t family);

/*
 * ADDRESS[/LENGTH|/NETMASK] for inet, inet6 and mpls. Host bits stay as they
 * were said (the kernel judges them). Returns 0 or -EINVAL, as for any word of family link.
 */
int np_prefix_parse(struct np_addr *addr, const char *word, uint8_t family);

/* Bits of an address of the family: 32, 128, 20 (MPLS), else 0. */
unsigned np_family_bits(uint8_t family);

/* "inet", "inet6", "mpls", "link", "bridge"; "???" as iproute2 has it for others. */
const char *np_family_name(uint8_t family);
/* The family of such a word; -EINVAL. */
int np_family_parse(const char *word);

/* Bytes of an address as text, "???" for a family or length that is not known. */
const char *np_addr_text(uint8_t family, const void *bytes, size_t len, char buf[NP_ADDR_STRLEN]);

/* The first bits bits of a and b are equal. Both hold that many. */
bool np_bits_equal(const void *a, const void *b, unsigned bits);

/* from cut to its first bits bits, the rest of the sixteen bytes zero. It may be to. */
static inline void np_bits_cut(uint8_t to[16], const uint8_t *from, unsigned bits)
{
	unsigned n = bits / 8;

	memmove(to, from, n);
	if (bits % 8) {
		to[n] = from[n] & (uint8_t)(0xff00 >> (bits % 8));
		n++;
	}
	memset(to + n, 0, 16 - n);
}

/* As an address of its family is: all zero; multicast (224/4, ff00::/8). */
bool np_addr_is_zero(const struct np_addr *addr);
bool np_addr_is_multicast(const struct np_addr *addr);

/*
 * A stack of MPLS labels "100/200/300" as the wire has it: 4 bytes a label, the
 * bottom bit on the last. max: bytes of out. Returns the bytes used or -EINVAL.
 */
int np_mpls_parse(const char *word, uint8_t *out, size_t max);
/* The labels of such a stack; stops at the bottom bit. size: of buf, may cut. */
const char *np_mpls_text(const void *bytes, size_t len, char *buf, size_t size);

#endif
