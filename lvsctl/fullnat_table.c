// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/fullnat_table.h"

#include <arpa/inet.h>
#include <bsd/string.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_tuple_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter_ipv4.h>
#include <stdio.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define TYPES2(a, b) ((a) << NP_NFT_TYPE_BITS | (b))
#define TYPES3(a, b, c) (TYPES2(a, b) << NP_NFT_TYPE_BITS | (c))
#define TYPES5(a, b, c, d, e) (TYPES2(TYPES3(a, b, c), d) << NP_NFT_TYPE_BITS | (e))

/* In the order in which IPVS looks for a service: a mark, a port, port 0. */
enum { MARK4, PORT4, HOST4, MARK6, PORT6, HOST6 };

const struct np_nft_table fullnat_table = { NFPROTO_INET, "netpath_fullnat" };

const struct np_nft_map fullnat_maps[FULLNAT_MAPS] = {
	[PORT4] = { "port4", TYPES5(NP_NFT_TYPE_PROTO, NP_NFT_TYPE_IPV4, NP_NFT_TYPE_PORT,
				    NP_NFT_TYPE_IPV4, NP_NFT_TYPE_PORT), 20 },
	[HOST4] = { "host4", TYPES3(NP_NFT_TYPE_PROTO, NP_NFT_TYPE_IPV4, NP_NFT_TYPE_IPV4), 12 },
	[MARK4] = { "mark4", TYPES2(NP_NFT_TYPE_MARK, NP_NFT_TYPE_IPV4), 8 },
	[PORT6] = { "port6", TYPES5(NP_NFT_TYPE_PROTO, NP_NFT_TYPE_IPV6, NP_NFT_TYPE_PORT,
				    NP_NFT_TYPE_IPV6, NP_NFT_TYPE_PORT), 44 },
	[HOST6] = { "host6", TYPES3(NP_NFT_TYPE_PROTO, NP_NFT_TYPE_IPV6, NP_NFT_TYPE_IPV6), 36 },
	[MARK6] = { "mark6", TYPES2(NP_NFT_TYPE_MARK, NP_NFT_TYPE_IPV6), 20 },
};

static size_t addr_len(uint8_t family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}

/* A field of a key fills whole words. */
static void put(struct np_nft_elem *elem, const void *data, size_t len)
{
	memcpy(elem->key + elem->len, data, len);
	elem->len += (uint32_t)(len + 3) / 4 * 4;
}

/* What all destinations of a service have in common is the beginning of the key. */
static unsigned put_service(const struct fullnat_dest *dest, struct np_nft_elem *elem)
{
	unsigned family = dest->family == AF_INET6 ? MARK6 : MARK4;
	uint16_t port = htons(dest->port);

	*elem = (struct np_nft_elem){ .verdict = NFT_GOTO };
	if (dest->fwmark) {
		put(elem, &dest->fwmark, sizeof(dest->fwmark));
		return family + MARK4;
	}
	put(elem, &dest->protocol, sizeof(dest->protocol));
	put(elem, &dest->vip, addr_len(dest->family));
	if (!dest->port)
		return family + HOST4;
	put(elem, &port, sizeof(port));
	return family + PORT4;
}

unsigned fullnat_key(const struct fullnat_dest *dest, struct np_nft_elem *elem)
{
	unsigned map = put_service(dest, elem);
	uint16_t port = htons(dest->rport ? dest->rport : dest->port);

	put(elem, &dest->rip, addr_len(dest->family));
	if (map == PORT4 || map == PORT6)
		put(elem, &port, sizeof(port));
	return map;
}

bool fullnat_same_service(const struct fullnat_dest *dest, unsigned map,
			  const struct np_nft_elem *elem)
{
	struct np_nft_elem service;

	return put_service(dest, &service) == map &&
	       !memcmp(service.key, elem->key, service.len);
}

#define CHAIN_SNAT "snat_"

/* nft reads no colon in a name. */
static void swap(char *text, char from, char to)
{
	for (; *text; text++)
		if (*text == from)
			*text = to;
}

void fullnat_chain(uint8_t family, const struct fullnat_source *source,
		   char chain[NP_NFT_NAME_MAX])
{
	char text[INET6_ADDRSTRLEN];

	strlcpy(chain, FULLNAT_CHAIN_AUTO, NP_NFT_NAME_MAX);
	if (source->mode != NP_LVS_FULLNAT_ADDR)
		return;
	inet_ntop(family, &source->addr, text, sizeof(text));
	swap(text, ':', '-');
	snprintf(chain, NP_NFT_NAME_MAX, CHAIN_SNAT "%s", text);
}

void fullnat_chain_source(const char *chain, struct fullnat_source *source)
{
	char text[NP_NFT_NAME_MAX];
	size_t prefix = strlen(CHAIN_SNAT);

	*source = (struct fullnat_source){ .mode = NP_LVS_FULLNAT_AUTO };
	if (strncmp(chain, CHAIN_SNAT, prefix))
		return;
	strlcpy(text, chain + prefix, sizeof(text));
	swap(text, '-', ':');
	if (inet_pton(strchr(text, ':') ? AF_INET6 : AF_INET, text, &source->addr) == 1)
		source->mode = NP_LVS_FULLNAT_ADDR;
}

/* A rule being written: its key's fields go to one 32-bit register after the other. */
struct rule {
	struct np_nft_expr exprs[12];
	size_t n;
	uint32_t reg;
};

static void add(struct rule *r, struct np_nft_expr expr)
{
	r->exprs[r->n++] = expr;
}

static void field(struct rule *r, struct np_nft_expr expr, size_t len)
{
	/* As nft writes it: the 32-bit registers begin with the first of 128. */
	expr.reg = r->reg == NFT_REG32_00 ? NFT_REG_1 : r->reg;
	add(r, expr);
	r->reg += (uint32_t)(len + 3) / 4;
}

static void match(struct rule *r, uint32_t meta, const uint8_t *value)
{
	add(r, (struct np_nft_expr){ .op = NP_NFT_META, .key = meta, .reg = NFT_REG_1 });
	add(r, (struct np_nft_expr){ .op = NP_NFT_CMP, .key = NFT_CMP_EQ, .reg = NFT_REG_1,
				     .data = value, .len = 1 });
}

/* meta l4proto . ct original ip daddr . */
static void put_vip(struct rule *r, bool v6)
{
	field(r, (struct np_nft_expr){ .op = NP_NFT_META, .key = NFT_META_L4PROTO }, 1);
	field(r, (struct np_nft_expr){ .op = NP_NFT_CT, .key = v6 ? NFT_CT_DST_IP6 : NFT_CT_DST_IP,
				       .arg = IP_CT_DIR_ORIGINAL }, v6 ? 16 : 4);
}

/*
 * One look into one map. IPVS has given conntrack the real server's address and port as
 * the source of the answers; nft lists `ct reply proto-src` so that it reads it again,
 * which `th dport` here would not be.
 */
static void put_look(struct np_nft *nft, unsigned map, const uint8_t *protocol)
{
	static const uint8_t families[] = { NFPROTO_IPV4, NFPROTO_IPV6 };
	bool v6 = map >= MARK6;
	struct rule r = { .reg = NFT_REG32_00 };

	if (protocol)
		match(&r, NFT_META_L4PROTO, protocol);
	match(&r, NFT_META_NFPROTO, &families[v6]);
	if (map == MARK4 || map == MARK6)
		field(&r, (struct np_nft_expr){ .op = NP_NFT_META, .key = NFT_META_MARK }, 4);
	else
		put_vip(&r, v6);
	if (protocol)
		field(&r, (struct np_nft_expr){ .op = NP_NFT_CT, .key = NFT_CT_PROTO_DST,
						.arg = IP_CT_DIR_ORIGINAL }, 2);
	field(&r, (struct np_nft_expr){ .op = NP_NFT_PAYLOAD, .key = NFT_PAYLOAD_NETWORK_HEADER,
					.arg = v6 ? 24 : 16, .len = v6 ? 16 : 4 }, v6 ? 16 : 4);
	if (protocol)
		field(&r, (struct np_nft_expr){ .op = NP_NFT_CT, .key = NFT_CT_PROTO_SRC,
						.arg = IP_CT_DIR_REPLY }, 2);
	add(&r, (struct np_nft_expr){ .op = NP_NFT_VMAP, .reg = NFT_REG_1,
				      .name = fullnat_maps[map].name });
	np_nft_add_rule(nft, "post", r.exprs, r.n, NULL);
}

void fullnat_put_table(struct np_nft *nft, const char *comment)
{
	/* nft reads `proto-dst` only where the protocol is said. */
	static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP };
	const struct fullnat_source automatic = { .mode = NP_LVS_FULLNAT_AUTO };

	np_nft_add_table(nft, 0, comment);
	for (unsigned i = 0; i < FULLNAT_MAPS; i++)
		np_nft_add_map(nft, &fullnat_maps[i]);
	fullnat_put_chain(nft, AF_UNSPEC, &automatic, FULLNAT_CHAIN_AUTO);
	np_nft_add_chain(nft, &(struct np_nft_chain){ "post", "nat", NF_INET_POST_ROUTING,
						      NF_IP_PRI_NAT_SRC });
	for (unsigned i = 0; i < FULLNAT_MAPS; i++) {
		if (i != PORT4 && i != PORT6) {
			put_look(nft, i, NULL);
			continue;
		}
		for (size_t p = 0; p < ARRAY_SIZE(protocols); p++)
			put_look(nft, i, &protocols[p]);
	}
}

void fullnat_put_chain(struct np_nft *nft, uint8_t family, const struct fullnat_source *source,
		       const char *chain)
{
	const struct np_nft_expr snat[] = {
		{ .op = NP_NFT_IMMEDIATE, .reg = NFT_REG_1, .data = &source->addr,
		  .len = (uint32_t)addr_len(family) },
		{ .op = NP_NFT_NAT, .key = NFT_NAT_SNAT, .reg = NFT_REG_1,
		  .arg = family == AF_INET6 ? NFPROTO_IPV6 : NFPROTO_IPV4 },
	};
	const struct np_nft_expr masquerade[] = { { .op = NP_NFT_MASQUERADE } };

	np_nft_add_chain(nft, &(struct np_nft_chain){ .name = chain });
	if (source->mode == NP_LVS_FULLNAT_ADDR)
		np_nft_add_rule(nft, chain, snat, ARRAY_SIZE(snat), NULL);
	else
		np_nft_add_rule(nft, chain, masquerade, ARRAY_SIZE(masquerade), NULL);
}
