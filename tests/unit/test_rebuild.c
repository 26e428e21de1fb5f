// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/rebuild.h"

#include <errno.h>

#include "tests/unit/story.h"
#include "tests/unit/unit.h"

static void hex(const char *name, const uint8_t *got, size_t len, const char *want)
{
	char text[2 * REBUILD_MAX + 1] = "";

	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", got[i]);
	unit_str(text, want, name);
}

static void test_tcp(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_sent(steps);
	uint8_t buf[REBUILD_MAX];
	uint32_t cap, orig;
	bool ethernet;

	unit_int(rebuild_packet(packet_first(&p), buf, &cap, &orig, &ethernet), 0, "a SYN");
	unit_ok(!ethernet && cap == 60 && orig == 60, "raw, whole");
	hex("IPv4 with its checksum", buf, 20, "4500003cdfb240004006d62cc0a8eb0d0a2bcefb");
	/* the sum as tshark computes it for this packet */
	hex("TCP with options and checksum", buf + 20, 40, "46d21f9183e9137e00000000a002721081a60000"
		"020405b40402080a04d5cccc0000000001030307");
	p = story_vanished(steps);
	rebuild_packet(packet_first(&p), buf, &cap, &orig, &ethernet);
	unit_ok(ethernet && cap == 74 && orig == 74, "Ethernet from MAC=");
	hex("Ethernet's header", buf, 14, "00237d5b96ec00215aef39fe0800");
	steps[0].ev.hdr.len = 1500;
	rebuild_packet(packet_first(&p), buf, &cap, &orig, &ethernet);
	unit_ok(cap == 74 && orig == 1514, "the payload is missing");
	hex("no checksum without the payload", buf + 14 + 20 + 16, 2, "0000");
	steps[0].ev.hdr.len = 30;
	rebuild_packet(packet_first(&p), buf, &cap, &orig, &ethernet);
	unit_ok(cap == 44 && orig == 44, "a length that is too short");
	steps[0].ev.hdr.set &= ~(uint32_t)NP_HDR_ADDR;
	unit_int(rebuild_packet(packet_first(&p), buf, &cap, &orig, &ethernet), -EINVAL, "no addresses");
}

static struct np_trace_event event(uint8_t family, uint8_t proto)
{
	struct np_trace_event ev = { .hdr = { .family = family, .proto = proto, .ttl = 64,
		.set = NP_HDR_ADDR | NP_HDR_PROTO | NP_HDR_LEN | NP_HDR_TTL } };

	inet_pton(family, family == AF_INET ? "192.0.2.1" : "2001:db8::1", ev.hdr.src);
	inet_pton(family, family == AF_INET ? "192.0.2.2" : "2001:db8::2", ev.hdr.dst);
	return ev;
}

static void test_others(void)
{
	struct np_trace_event ev = event(AF_INET6, 17);
	uint8_t buf[REBUILD_MAX];
	uint32_t cap, orig;
	bool ethernet;

	ev.hdr.set |= NP_HDR_PORTS | NP_HDR_ULEN | NP_HDR_FLOWLABEL;
	ev.hdr.sport = 4007, ev.hdr.dport = 5001, ev.hdr.ulen = 8, ev.hdr.len = 48;
	ev.hdr.flowlabel = 0x12345;
	rebuild_packet(&ev, buf, &cap, &orig, &ethernet);
	hex("UDP in IPv6", buf, cap, "6001234500081140" "20010db8000000000000000000000001"
		"20010db8000000000000000000000002" "0fa7138900088139");
	ev.hdr.ulen = 20, ev.hdr.len = 60;
	rebuild_packet(&ev, buf, &cap, &orig, &ethernet);
	hex("in IPv6 a checksum even without the payload", buf + 40, cap - 40, "0fa7138900145b9a");
	ev = event(AF_INET, 1);
	ev.hdr.set |= NP_HDR_ICMP | NP_HDR_ICMP_ID;
	ev.hdr.icmp_type = 8, ev.hdr.icmp_id = 1, ev.hdr.icmp_seq = 2, ev.hdr.len = 28;
	rebuild_packet(&ev, buf, &cap, &orig, &ethernet);
	hex("an echo request", buf + 20, cap - 20, "0800f7fc00010002");
	ev.set |= NP_TEV_QUOTED;
	ev.hdr.set = (ev.hdr.set & ~(uint32_t)NP_HDR_ICMP_ID) | NP_HDR_MTU;
	ev.hdr.icmp_type = 3, ev.hdr.icmp_code = 4, ev.hdr.mtu = 1400, ev.hdr.len = 56;
	ev.quoted = event(AF_INET, 17).hdr;
	ev.quoted.set |= NP_HDR_PORTS;
	ev.quoted.sport = 1, ev.quoted.dport = 2, ev.quoted.len = 1500;
	rebuild_packet(&ev, buf, &cap, &orig, &ethernet);
	hex("an ICMP error and what it quotes", buf + 20, cap - 20, "0304f77800000578"
		"450005dc000000004011f10dc0000201c0000202" "0001000200080000");
	ev = event(AF_INET, 17);
	ev.hdr.set |= NP_HDR_FRAG;
	ev.hdr.frag_off = 185, ev.hdr.len = 100, ev.hdr.ip_flags = NP_IPF_MF;
	rebuild_packet(&ev, buf, &cap, &orig, &ethernet);
	unit_ok(cap == 20 && orig == 100 && buf[6] == 0x20 && buf[7] == 185, "a later fragment");
	ev = event(AF_INET6, 17);
	ev.hdr.set |= NP_HDR_FRAG | NP_HDR_ID;
	ev.hdr.frag_off = 181, ev.hdr.id = 0xabcdef, ev.hdr.len = 100;
	rebuild_packet(&ev, buf, &cap, &orig, &ethernet);
	hex("an IPv6 fragment's header", buf + 40, cap - 40, "110005a800abcdef");
	ev = event(AF_INET, 132);
	ev.hdr.len = 52;
	rebuild_packet(&ev, buf, &cap, &orig, &ethernet);
	unit_ok(cap == 20 && orig == 52, "a protocol of which the line says nothing");
	ev.hdr.set |= NP_HDR_SPI;
	ev.hdr.proto = 50, ev.hdr.spi = 0x300;
	rebuild_packet(&ev, buf, &cap, &orig, &ethernet);
	hex("ESP's SPI", buf + 20, cap - 20, "00000300");
	ev.ip_opt_len = 3;
	memcpy(ev.ip_opt, "\x83\x03\x04", 3);
	rebuild_packet(&ev, buf, &cap, &orig, &ethernet);
	hex("IP options", buf + 20, 4, "83030400");
	unit_int(buf[0], 0x46, "and the length that tells of them");
}

int main(void)
{
	test_tcp();
	test_others();
	return unit_done();
}
