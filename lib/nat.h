/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NAT_H
#define NP_NAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/err.h"
#include "lib/line.h"

/*
 * The mappings of the module static_nat: stateless, two-way, one to one. What the
 * module is asked and answers is in lib/nat_nl.h.
 */
enum np_nat_kind {
	NP_NAT_KIND_DST = 1, /* packets to FROM go to TO, packets from TO come from FROM */
	NP_NAT_KIND_SRC = 2, /* packets from FROM come from TO, packets to TO go to FROM */
};

struct np_nat_counter {
	uint64_t packets, bytes;
};

/* Addresses in network order; IPv4 in the first four bytes and the rest zero. */
struct np_nat_mapping {
	uint8_t family; /* AF_INET, AF_INET6 */
	uint8_t kind;   /* enum np_nat_kind */
	uint8_t bits;   /* of both prefixes */
	bool nptv6;     /* RFC 6296: the checksum stays as it is */
	uint32_t ifindex; /* traffic of this interface alone; 0: of all */
	uint8_t from[16], to[16];
	uint32_t id;      /* in order of their making; 0: not known */
	/* Packets whose destination was rewritten, and whose source was. */
	struct np_nat_counter dst, src;
};

/* The words of a mapping and of a filter, in the order in which beginnings are tried. */
enum np_nat_key {
	NP_NAT_KEY_DST,
	NP_NAT_KEY_SRC,
	NP_NAT_KEY_FROM,
	NP_NAT_KEY_TO,
	NP_NAT_KEY_DEV,
	NP_NAT_KEY_NPTV6,
};

struct np_nat_word {
	const char *word;
	enum np_nat_key key;
	const char *value; /* "" where none follows */
	const char *help;
};
extern const struct np_nat_word np_nat_words[]; /* ends with word NULL */
/* NULL: it is none of them, nor the beginning of one. */
const struct np_nat_word *np_nat_word_find(const char *word);

/* "dst" or "src" */
const char *np_nat_kind_name(uint8_t kind);
/* Adds "dst 192.0.2.0/24 to 10.0.0.0/24 dev eth0"; dev: the name of m's interface. */
void np_nat_add_text(struct np_line *l, const struct np_nat_mapping *m, const char *dev);

/*
 * Can this be a mapping at all? Both of one family and length, nothing behind the
 * prefix, neither zero nor equal, NPTv6 with IPv6 alone. Returns 0 or -EINVAL.
 */
int np_nat_check(const struct np_nat_mapping *m, struct np_err *err);
/* The same of one that is to be added: it has no loopback and no multicast address. */
int np_nat_check_new(const struct np_nat_mapping *m, struct np_err *err);

/*
 * Only one of the two can be in a table: they would be looked up by the same address, where
 * a packet's destination is rewritten or where its source is.
 */
bool np_nat_clash(const struct np_nat_mapping *a, const struct np_nat_mapping *b);
/* The same translation said by the other kind: "dst A to B" is "src B to A". */
struct np_nat_mapping np_nat_turned(const struct np_nat_mapping *m);

/* Does it change this destination of a packet that came in there (0: that is sent here)? */
bool np_nat_fits_dst(const struct np_nat_mapping *m, uint8_t family, const uint8_t dst[16],
		     uint32_t iif);
/* What the destination is then. False: NPTv6, which is not worked out here. */
bool np_nat_becomes(const struct np_nat_mapping *m, const uint8_t dst[16], uint8_t becomes[16]);

/* What a list is narrowed to: bits 1 << NP_NAT_KEY_…. */
struct np_nat_filter {
	uint32_t set;
	uint8_t family; /* AF_UNSPEC: both */
	bool has_addr;
	uint32_t ifindex;
	struct np_addr from, to; /* mappings that have addresses in common with these */
	struct np_addr addr;     /* has_addr: on either side */
};
bool np_nat_match(const struct np_nat_filter *f, const struct np_nat_mapping *m);
#endif
