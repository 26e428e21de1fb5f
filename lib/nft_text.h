/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NFT_TEXT_H
#define NP_NFT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <libnftnl/expr.h>

/*
 * What lib/nft_text.c (the steps of a rule) and lib/nft_value.c (what they load and
 * compare) share: the words so far, and what each register was loaded with, in words.
 */
enum np_nft_kind {
	/* as on the wire */
	NP_NFT_K_HEX, NP_NFT_K_NUMBER, NP_NFT_K_WIRE_CLASSID,
	/* the same in the host's byte order */
	NP_NFT_K_HOST_HEX, NP_NFT_K_HOST, NP_NFT_K_CLASSID,
	NP_NFT_K_IPV4, NP_NFT_K_IPV6, NP_NFT_K_PROTO, NP_NFT_K_ETHERTYPE, NP_NFT_K_FAMILY,
	NP_NFT_K_PKTTYPE, NP_NFT_K_NAME, NP_NFT_K_CT_STATE,
};

#define NP_NFT_REGS 24 /* NFT_REG_1 … and NFT_REG32_00 … NFT_REG32_15 */

struct np_nft_reg {
	char words[64];   /* "ip daddr" */
	enum np_nft_kind kind;
	uint8_t data[64]; /* of an immediate */
	uint32_t len;
	uint8_t mask[16];
	uint32_t mask_len; /* 0: none */
};

struct np_nft_text {
	char buf[2048];
	size_t used;
	char proto[24]; /* "tcp", said once and not yet written: "tcp dport" will say it */
	char family[8]; /* "ip", the same */
	struct np_nft_reg regs[NP_NFT_REGS];
};

void np_nft_say(struct np_nft_text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A blank, where something stands before, and a word. */
void np_nft_word(struct np_nft_text *t, const char *w);
struct np_nft_reg *np_nft_reg(struct np_nft_text *t, uint32_t n);
/* Writes the protocol and family that were kept back because a later word could say them. */
void np_nft_flush(struct np_nft_text *t);

/* Steps that load a register. */
void np_nft_load_payload(struct np_nft_text *t, const struct nftnl_expr *e);
void np_nft_load_byteorder(struct np_nft_text *t, const struct nftnl_expr *e);
void np_nft_load_bitwise(struct np_nft_text *t, const struct nftnl_expr *e);
void np_nft_load_meta(struct np_nft_reg *r, uint32_t key);
void np_nft_load_ct(struct np_nft_reg *r, uint32_t key);

/* A value of a kind, from len bytes as the kernel keeps them. */
void np_nft_put_value(struct np_nft_text *t, enum np_nft_kind kind, const uint8_t *data,
		      uint32_t len);
/* Bits of enum ip_conntrack_info: "established,related". */
void np_nft_put_ct_state(struct np_nft_text *t, uint32_t bits);
uint64_t np_nft_number(const uint8_t *data, uint32_t len, bool host);
/* Bits of a prefix that the register's mask is, -1: it is none. */
int np_nft_prefix_of(const struct np_nft_reg *r);
bool np_nft_is_zero(const uint8_t *data, uint32_t len);

#endif
