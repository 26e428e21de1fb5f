// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/hdr.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/unit/unit.h"

#define INNER 0x45, 0x10, 0, 29, 0, 7, 0x40, 0, 63, 17, 0, 0, 10, 0, 1, 1, 10, 0, 1, 100
#define WHOLE (NP_HDR_ADDR | NP_HDR_LEN | NP_HDR_TOS | NP_HDR_TTL | NP_HDR_ID | NP_HDR_PROTO)
#define CUT (NP_HDR_LEN | NP_HDR_TOS | NP_HDR_ID)

/* What is seen of the packet inside, 0: none is. */
static uint32_t inner(uint8_t proto, const uint8_t *l4, size_t len)
{
	struct np_hdr outer = { .set = NP_HDR_PROTO, .family = AF_INET, .proto = proto }, h;
	struct np_hdr_bytes bytes = { .l4 = l4, .l4_len = len };

	if (np_hdr_read_inner(&h, &outer, &bytes))
		return 0;
	if (h.family != AF_INET || h.len != 29 || h.id != 7 || h.tos != 0x10)
		return 1;
	if (h.set & NP_HDR_TTL && (h.ttl != 63 || h.proto != IPPROTO_UDP))
		return 1;
	return h.set & NP_HDR_ADDR && (h.src[3] != 1 || h.dst[3] != 100) ? 1 : h.set;
}

static void test_tunnels(void)
{
	static const uint8_t ipip[] = { INNER }, gre[] = { 0, 0, 8, 0, INNER },
		gre_all[] = { 0xb0, 0, 8, 0, 1, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3, INNER },
		gue[] = { 0x30, 0x39, 0x17, 0xc0, 0, 41, 0, 0, 0, 4, 0, 0, INNER },
		gue_more[] = { 0, 1, 0, 2, 0, 45, 0, 0, 1, 4, 0, 0, 9, 9, 9, 9, INNER };

	unit_int(inner(IPPROTO_IPIP, ipip, sizeof(ipip)), WHOLE, "IPIP");
	unit_int(inner(IPPROTO_GRE, gre, sizeof(gre)), WHOLE, "GRE");
	unit_int(inner(IPPROTO_GRE, gre_all, sizeof(gre_all)), WHOLE, "GRE with all it may have");
	unit_int(inner(IPPROTO_GRE, gre, 20), WHOLE & ~NP_HDR_ADDR, "GRE, cut");
	unit_int(inner(IPPROTO_UDP, gue, sizeof(gue)), WHOLE, "GUE");
	unit_int(inner(IPPROTO_UDP, gue, 20), CUT, "GUE, cut as nf_tables does");
	unit_int(inner(IPPROTO_UDP, gue_more, sizeof(gue_more)), WHOLE, "GUE with an option");
}

static void test_ipv6(void)
{
	static const uint8_t b[40] = { 0x61, 0x23, 0x45, 0x67, 0, 8, 17, 63, 0xfd, 1 };
	struct np_hdr outer = { .set = NP_HDR_PROTO, .family = AF_INET6, .proto = IPPROTO_IPV6 };
	struct np_hdr_bytes bytes = { .l4 = b, .l4_len = 20 };
	struct np_hdr h;
	const uint32_t cut = NP_HDR_LEN | NP_HDR_TOS | NP_HDR_FLOWLABEL;

	unit_int(np_hdr_read_inner(&h, &outer, &bytes), 0, "IPv6");
	unit_int(h.set, cut | NP_HDR_TTL | NP_HDR_PROTO, "cut as nf_tables does");
	unit_ok(h.family == AF_INET6 && h.len == 48 && h.ttl == 63 && h.flowlabel == 0x34567 &&
		h.tos == 0x12 && h.proto == IPPROTO_UDP, "its fields");
	bytes.l4_len = 40;
	unit_int(np_hdr_read_inner(&h, &outer, &bytes), 0, "IPv6");
	unit_ok(h.set & NP_HDR_ADDR && h.src[1] == 1, "whole");
	outer.set |= NP_HDR_FRAG;
	unit_int(np_hdr_read_inner(&h, &outer, &bytes), -ENOENT, "a fragment");
}

static void test_none(void)
{
	static const uint8_t arp[] = { 0, 0, 8, 6, INNER }, pptp[] = { 0, 1, 8, 0, INNER },
		dns[] = { 0, 53, 0x30, 0x39, 0, 41, 0, 0, 0x81, 4, 0, 0, INNER },
		udp[] = { 0, 53, 0x30, 0x39, 0, 41, 0, 0, 0, 17, 0, 0, INNER },
		junk[20] = { 0x75 };

	unit_int(inner(IPPROTO_TCP, junk, sizeof(junk)), 0, "TCP");
	unit_int(inner(IPPROTO_IPIP, junk, sizeof(junk)), 0, "neither IPv4 nor IPv6");
	unit_int(inner(IPPROTO_IPIP, junk, 7), 0, "too short");
	unit_int(inner(IPPROTO_IPIP, NULL, 0), 0, "not there");
	unit_int(inner(IPPROTO_GRE, arp, sizeof(arp)), 0, "GRE with something else");
	unit_int(inner(IPPROTO_GRE, pptp, sizeof(pptp)), 0, "GRE of another version");
	unit_int(inner(IPPROTO_UDP, dns, sizeof(dns)), 0, "UDP, no GUE");
	unit_int(inner(IPPROTO_UDP, udp, sizeof(udp)), 0, "GUE with no IP in it");
	unit_int(inner(IPPROTO_UDP, udp, 11), 0, "UDP, short");
}

static void test_quoted(void)
{
	static const uint8_t needed[] = { 3, 4, 0, 0, 0, 0, 5, 0xdc, INNER, 0, 53, 0, 80, 0, 9 };
	struct np_hdr_bytes bytes = { .l4 = needed, .l4_len = sizeof(needed) };
	struct np_hdr outer = { .set = NP_HDR_PROTO | NP_HDR_ICMP, .family = AF_INET,
		.proto = IPPROTO_ICMP, .icmp_type = 3, .icmp_code = 4 }, h;

	unit_int(np_hdr_read_quoted(&h, &outer, &bytes), 0, "of an ICMP error");
	unit_ok(h.set == (WHOLE | NP_HDR_PORTS) && h.dst[3] == 100 && h.sport == 53 &&
		h.dport == 80, "addresses and ports");
	bytes.l4_len = 28;
	unit_int(np_hdr_read_quoted(&h, &outer, &bytes), 0, "without ports");
	unit_int(h.set, WHOLE, "what there is");
	bytes.l4_len = 20;
	unit_int(np_hdr_read_quoted(&h, &outer, &bytes), -ENOENT, "cut, as nf_tables has it");
	bytes.l4_len = 28;
	outer.icmp_type = 8;
	unit_int(np_hdr_read_quoted(&h, &outer, &bytes), -ENOENT, "an echo quotes none");
	outer.family = AF_INET6;
	outer.icmp_type = 1;
	unit_int(np_hdr_read_quoted(&h, &outer, &bytes), -ENOENT, "of another family");
}

int main(void)
{
	test_tunnels();
	test_ipv6();
	test_none();
	test_quoted();
	return unit_done();
}
