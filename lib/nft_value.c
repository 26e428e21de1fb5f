// SPDX-License-Identifier: GPL-2.0-or-later
/* What the steps of a rule load into registers and compare them with, as words. */
#include "lib/nft_text.h"

#include <arpa/inet.h>
#include <bsd/string.h>
#include <inttypes.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/pkt_sched.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>

#include "lib/trace.h"

void np_nft_say(struct np_nft_text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->buf + t->used, sizeof(t->buf) - t->used, fmt, ap);
	va_end(ap);
	if (n > 0)
		t->used += (size_t)n < sizeof(t->buf) - t->used ? (size_t)n :
								   sizeof(t->buf) - t->used - 1;
}

void np_nft_word(struct np_nft_text *t, const char *w)
{
	np_nft_say(t, "%s%s", t->used ? " " : "", w);
}

struct np_nft_reg *np_nft_reg(struct np_nft_text *t, uint32_t n)
{
	return &t->regs[n < NP_NFT_REGS ? n : 0];
}

/* What was kept back because a later word could say it. */
void np_nft_flush(struct np_nft_text *t)
{
	if (*t->family) {
		np_nft_word(t, "meta nfproto ");
		np_nft_say(t, "%s", strcmp(t->family, "ip") ? "ipv6" : "ipv4");
	}
	if (*t->proto)
		np_nft_word(t, "meta l4proto "), np_nft_say(t, "%s", t->proto);
	*t->family = *t->proto = 0;
}

/* ---- what is loaded ---- */

static const struct {
	uint32_t base, offset, len;
	const char *words; /* %s: the protocol that was matched before */
	enum np_nft_kind kind;
	const char *family; /* that the words imply */
} payloads[] = {
	{ NFT_PAYLOAD_NETWORK_HEADER, 12, 4, "ip saddr", NP_NFT_K_IPV4, "ip" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 16, 4, "ip daddr", NP_NFT_K_IPV4, "ip" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 8, 16, "ip6 saddr", NP_NFT_K_IPV6, "ip6" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 24, 16, "ip6 daddr", NP_NFT_K_IPV6, "ip6" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 9, 1, "ip protocol", NP_NFT_K_PROTO, "ip" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 6, 1, "ip6 nexthdr", NP_NFT_K_PROTO, "ip6" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 8, 1, "ip ttl", NP_NFT_K_NUMBER, "ip" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 7, 1, "ip6 hoplimit", NP_NFT_K_NUMBER, "ip6" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 2, 2, "ip length", NP_NFT_K_NUMBER, "ip" },
	{ NFT_PAYLOAD_NETWORK_HEADER, 4, 2, "ip id", NP_NFT_K_NUMBER, "ip" },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, 2, "%s sport", NP_NFT_K_NUMBER, NULL },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, "%s dport", NP_NFT_K_NUMBER, NULL },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1, "%s type", NP_NFT_K_NUMBER, NULL },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 1, 1, "%s code", NP_NFT_K_NUMBER, NULL },
	{ NFT_PAYLOAD_TRANSPORT_HEADER, 13, 1, "%s flags", NP_NFT_K_HEX, NULL },
};

void np_nft_load_payload(struct np_nft_text *t, const struct nftnl_expr *e)
{
	uint32_t base = nftnl_expr_get_u32(e, NFTNL_EXPR_PAYLOAD_BASE);
	uint32_t offset = nftnl_expr_get_u32(e, NFTNL_EXPR_PAYLOAD_OFFSET);
	uint32_t len = nftnl_expr_get_u32(e, NFTNL_EXPR_PAYLOAD_LEN);
	struct np_nft_reg *r = np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_PAYLOAD_DREG));

	*r = (struct np_nft_reg){ .kind = NP_NFT_K_HEX };
	for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		const char *proto = *t->proto ? t->proto : "th";

		bool address = payloads[i].kind == NP_NFT_K_IPV4 ||
			       payloads[i].kind == NP_NFT_K_IPV6;

		if (payloads[i].base != base || payloads[i].offset != offset)
			continue;
		/* a prefix of whole bytes is loaded without the rest */
		if (payloads[i].len != len && !(address && len < payloads[i].len &&
					     (offset != 8 || len > 1)))
			continue;
		if (payloads[i].family && *t->family && strcmp(t->family, payloads[i].family))
			continue;
		r->kind = payloads[i].kind;
		if (payloads[i].len != len) {
			memset(r->mask, 0xff, len);
			r->mask_len = payloads[i].len;
		}
		if (payloads[i].family) {
			*t->family = 0;
			strlcpy(r->words, payloads[i].words, sizeof(r->words));
		} else {
			(void)snprintf(r->words, sizeof(r->words), "%s%s", proto,
				       payloads[i].words + 2);
			*t->proto = *t->family = 0;
		}
		return;
	}
	(void)snprintf(r->words, sizeof(r->words), "@%s,%u,%u",
		       base == NFT_PAYLOAD_TRANSPORT_HEADER ? "th" :
		       base == NFT_PAYLOAD_NETWORK_HEADER ? "nh" : "ll", 8 * offset, 8 * len);
}

struct key {
	uint32_t key;
	const char *words;
	enum np_nft_kind kind;
};

static const struct key metas[] = {
	{ NFT_META_MARK, "meta mark", NP_NFT_K_HOST },
	{ NFT_META_IIFNAME, "iifname", NP_NFT_K_NAME },
	{ NFT_META_OIFNAME, "oifname", NP_NFT_K_NAME },
	{ NFT_META_IIF, "iif", NP_NFT_K_HOST },
	{ NFT_META_OIF, "oif", NP_NFT_K_HOST },
	{ NFT_META_L4PROTO, "meta l4proto", NP_NFT_K_PROTO },
	{ NFT_META_NFPROTO, "meta nfproto", NP_NFT_K_FAMILY },
	{ NFT_META_LEN, "meta length", NP_NFT_K_HOST },
	{ NFT_META_SKUID, "meta skuid", NP_NFT_K_HOST },
	{ NFT_META_SKGID, "meta skgid", NP_NFT_K_HOST },
	{ NFT_META_PRIORITY, "meta priority", NP_NFT_K_CLASSID },
	{ NFT_META_PROTOCOL, "meta protocol", NP_NFT_K_ETHERTYPE },
	{ NFT_META_PKTTYPE, "meta pkttype", NP_NFT_K_PKTTYPE },
	{ NFT_META_BRI_IIFVPROTO, "meta ibrvproto", NP_NFT_K_ETHERTYPE },
	{ NFT_META_CPU, "meta cpu", NP_NFT_K_HOST },
	{ NFT_META_IIFGROUP, "iifgroup", NP_NFT_K_HOST },
	{ NFT_META_OIFGROUP, "oifgroup", NP_NFT_K_HOST },
	{ NFT_META_CGROUP, "meta cgroup", NP_NFT_K_HOST },
	{ NFT_META_NFTRACE, "meta nftrace", NP_NFT_K_NUMBER },
};

static const struct key cts[] = {
	{ NFT_CT_STATE, "ct state", NP_NFT_K_CT_STATE },
	{ NFT_CT_STATUS, "ct status", NP_NFT_K_HOST },
	{ NFT_CT_MARK, "ct mark", NP_NFT_K_HOST },
	{ NFT_CT_ZONE, "ct zone", NP_NFT_K_HOST },
	{ NFT_CT_DIRECTION, "ct direction", NP_NFT_K_NUMBER },
};

/* other: what one that is not of the keys is called, and how its value looks. */
static void load_from(struct np_nft_reg *r, const struct key *keys, size_t n, uint32_t key,
		      const char *other, enum np_nft_kind kind)
{
	*r = (struct np_nft_reg){ .kind = kind };
	for (size_t i = 0; i < n; i++) {
		if (keys[i].key == key) {
			r->kind = keys[i].kind;
			strlcpy(r->words, keys[i].words, sizeof(r->words));
			return;
		}
	}
	(void)snprintf(r->words, sizeof(r->words), "%s %u", other, key);
}

/* ---- values ---- */

/* enum ip_conntrack_info as bits: NF_CT_STATE_BIT() */
void np_nft_put_ct_state(struct np_nft_text *t, uint32_t bits)
{
	static const char *const names[] = { "invalid", "established", "related", "new" };
	const char *sep = "";

	for (unsigned i = 0; i < 4; i++) {
		if (bits & 1u << i) {
			np_nft_say(t, "%s%s", sep, names[i]);
			sep = ",";
		}
	}
	if (bits & 1u << 6)
		np_nft_say(t, "%suntracked", sep);
}

uint64_t np_nft_number(const uint8_t *data, uint32_t len, bool host)
{
	uint64_t v = 0;
	uint32_t u = 0;
	uint16_t s = 0;

	if (host && len == 4) {
		memcpy(&u, data, 4);
		return u;
	}
	if (host && len == 2) {
		memcpy(&s, data, 2);
		return s;
	}
	if (host && len == 8) {
		memcpy(&v, data, 8);
		return v;
	}
	for (uint32_t i = 0; i < len && i < 8; i++)
		v = v << 8 | data[i];
	return v;
}

struct name {
	const char *word;
	uint32_t value;
};

static const struct name ethertypes[] = {
	{ "ip", ETH_P_IP }, { "ip6", ETH_P_IPV6 }, { "arp", ETH_P_ARP }, { "8021q", ETH_P_8021Q },
	{ "8021ad", ETH_P_8021AD }, { NULL, 0 }
};

static const struct name pkttypes[] = {
	{ "host", PACKET_HOST }, { "broadcast", PACKET_BROADCAST },
	{ "multicast", PACKET_MULTICAST }, { "other", PACKET_OTHERHOST }, { NULL, 0 }
};

static const char *named(const struct name *n, uint64_t value)
{
	while (n->word && n->value != value)
		n++;
	return n->word;
}

void np_nft_put_value(struct np_nft_text *t, enum np_nft_kind kind, const uint8_t *data,
		      uint32_t len)
{
	char addr[INET6_ADDRSTRLEN];
	const char *name = NULL;
	uint64_t n;

	switch (kind) {
	case NP_NFT_K_IPV4:
	case NP_NFT_K_IPV6:
		if (len >= (kind == NP_NFT_K_IPV4 ? 4u : 16u) &&
		    inet_ntop(kind == NP_NFT_K_IPV4 ? AF_INET : AF_INET6, data, addr,
			      sizeof(addr))) {
			np_nft_say(t, "%s", addr);
			return;
		}
		break;
	case NP_NFT_K_PROTO:
		name = np_proto_name(data[0]);
		break;
	case NP_NFT_K_FAMILY:
		np_nft_say(t, "%s", data[0] == NFPROTO_IPV4 ? "ipv4" : "ipv6");
		return;
	case NP_NFT_K_NAME:
		np_nft_say(t, "\"%.*s%s\"", (int)len, (const char *)data,
		    len && data[len - 1] ? "*" : "");
		return;
	case NP_NFT_K_CT_STATE:
		np_nft_put_ct_state(t, (uint32_t)np_nft_number(data, len, true));
		return;
	case NP_NFT_K_ETHERTYPE:
		name = named(ethertypes, np_nft_number(data, len, false));
		kind = NP_NFT_K_HEX;
		break;
	case NP_NFT_K_PKTTYPE:
		name = named(pkttypes, data[0]);
		kind = NP_NFT_K_NUMBER;
		break;
	case NP_NFT_K_CLASSID:
	case NP_NFT_K_WIRE_CLASSID:
		n = np_nft_number(data, len, kind == NP_NFT_K_CLASSID);
		if (n && n != TC_H_ROOT)
			np_nft_say(t, "%" PRIx64 ":%" PRIx64, n >> 16, n & 0xffff);
		else
			np_nft_say(t, n ? "root" : "none");
		return;
	default:
		break;
	}
	if (name) {
		np_nft_say(t, "%s", name);
		return;
	}
	n = np_nft_number(data, len, kind == NP_NFT_K_HOST || kind == NP_NFT_K_HOST_HEX);
	np_nft_say(t, kind == NP_NFT_K_HEX || kind == NP_NFT_K_HOST_HEX ? "0x%" PRIx64 :
		   "%" PRIu64, n);
}

/* What comes in the host's order is on the wire's from here on; the other way is not written. */
void np_nft_load_byteorder(struct np_nft_text *t, const struct nftnl_expr *e)
{
	struct np_nft_reg from = *np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_BYTEORDER_SREG));
	struct np_nft_reg *to = np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_BYTEORDER_DREG));

	*to = from;
	if (from.kind >= NP_NFT_K_HOST_HEX && from.kind <= NP_NFT_K_CLASSID)
		to->kind = from.kind - NP_NFT_K_HOST_HEX + NP_NFT_K_HEX;
}

void np_nft_load_bitwise(struct np_nft_text *t, const struct nftnl_expr *e)
{
	struct np_nft_reg from = *np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_BITWISE_SREG));
	struct np_nft_reg *to = np_nft_reg(t, nftnl_expr_get_u32(e, NFTNL_EXPR_BITWISE_DREG));
	const void *mask = NULL;
	uint32_t len = 0;

	if (nftnl_expr_is_set(e, NFTNL_EXPR_BITWISE_MASK))
		mask = nftnl_expr_get(e, NFTNL_EXPR_BITWISE_MASK, &len);
	*to = from;
	if (mask && len <= sizeof(to->mask)) {
		memcpy(to->mask, mask, len);
		to->mask_len = len;
	}
}

/* Bits of a prefix that a mask is, -1: it is none. */
int np_nft_prefix_of(const struct np_nft_reg *r)
{
	int bits = 0;

	while (bits < (int)(8 * r->mask_len) && r->mask[bits / 8] & 0x80 >> bits % 8)
		bits++;
	for (int i = bits; i < (int)(8 * r->mask_len); i++)
		if (r->mask[i / 8] & 0x80 >> i % 8)
			return -1;
	return bits;
}

bool np_nft_is_zero(const uint8_t *data, uint32_t len)
{
	while (len && !data[len - 1])
		len--;
	return !len;
}

void np_nft_load_meta(struct np_nft_reg *r, uint32_t key)
{
	load_from(r, metas, sizeof(metas) / sizeof(metas[0]), key, "meta", NP_NFT_K_HOST_HEX);
}

void np_nft_load_ct(struct np_nft_reg *r, uint32_t key)
{
	load_from(r, cts, sizeof(cts) / sizeof(cts[0]), key, "ct", NP_NFT_K_HEX);
}
