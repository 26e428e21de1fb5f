// SPDX-License-Identifier: GPL-2.0-or-later
/* Mappings of static_nat: what can be one, what is in the way of another, which one fits. */
#include <arpa/inet.h>

#include "tests/unit/nat_table.h"
#include "tests/unit/unit.h"

static void test_check(void)
{
	struct np_nat_mapping m = map4(NP_NAT_KIND_DST, A, B);

	unit_int(np_nat_check(&m, NULL), 0, "a mapping");
	m.bits = 24;
	unit_int(np_nat_check(&m, NULL), 0, "of a network");
	m.from[3] = 1;
	unit_int(np_nat_check(&m, NULL), -EINVAL, "with bits behind the prefix");
	m = map4(NP_NAT_KIND_DST, A, B);
	m.bits = 22;
	unit_int(np_nat_check(&m, NULL), -EINVAL, "inside a byte");
	m.bits = 33;
	unit_int(np_nat_check(&m, NULL), -EINVAL, "longer than an address");
	m = map4(NP_NAT_KIND_SRC, 0, B);
	unit_int(np_nat_check(&m, NULL), -EINVAL, "of the address zero");
	m = map4(NP_NAT_KIND_SRC, B, B);
	unit_int(np_nat_check(&m, NULL), -EINVAL, "to itself");
	m = map4(NP_NAT_KIND_SRC, A, B);
	m.nptv6 = true;
	unit_int(np_nat_check(&m, NULL), -EINVAL, "NPTv6 for IPv4");
}

static void test_clash(void)
{
	const struct np_nat_mapping dst = map4(NP_NAT_KIND_DST, A, B), turned = np_nat_turned(&dst);
	struct np_nat_mapping src = map4(NP_NAT_KIND_SRC, B, A), found;

	unit_ok(!memcmp(&turned, &src, sizeof(src)), "the same by the other kind");
	unit_ok(np_nat_clash(&dst, &src), "is in the way");
	src = map4(NP_NAT_KIND_SRC, B + 1, A);
	unit_ok(np_nat_clash(&dst, &src), "so is half of it");
	src = map4(NP_NAT_KIND_DST, B, A);
	unit_ok(!np_nat_clash(&dst, &src), "the other way round is another");
	src = map4(NP_NAT_KIND_SRC, B, A);
	src.ifindex = 2;
	unit_ok(!np_nat_clash(&dst, &src), "and so is one of an interface");
	src.ifindex = 0;
	src.bits = 31;
	unit_ok(!np_nat_clash(&dst, &src), "and a network");

	start();
	mod.cut = 1;
	for (unsigned i = 0; i < 3; i++) {
		found = map4(NP_NAT_KIND_DST, A + i, B + i);
		np_nat_add(nat, &found, NULL);
	}
	src = map4(NP_NAT_KIND_SRC, B + 1, A + 9);
	unit_int(np_nat_find_clash(nat, &src, &found), 0, "one is in the way");
	unit_ok(found.from[3] == 1 && found.kind == NP_NAT_KIND_DST, "and named");
	src = map4(NP_NAT_KIND_SRC, B + 9, A + 9);
	unit_int(np_nat_find_clash(nat, &src, &found), -ENOENT, "none is");
	unit_ok(!np_nat_has_turned(nat, &src), "nor is it there");
	src = map4(NP_NAT_KIND_SRC, B + 2, A + 2);
	unit_ok(np_nat_has_turned(nat, &src), "there by the other kind");
	src = map4(NP_NAT_KIND_DST, A + 2, B + 2);
	unit_ok(!np_nat_has_turned(nat, &src), "there by its own kind");
	stop();
}

static void test_find_dst(void)
{
	struct np_nat_mapping found, m = map4(NP_NAT_KIND_DST, A, B);
	uint8_t dst[16] = { 203, 0, 113, 5 }, to[16];

	start();
	mod.cut = 1;
	m.bits = 24;
	np_nat_add(nat, &m, NULL);
	unit_int(np_nat_find_dst(nat, AF_INET, dst, 0, &found), 0, "a network's");
	unit_ok(found.bits == 24 && np_nat_becomes(&found, dst, to), "is found");
	unit_ok(!memcmp(to, (uint8_t[16]){ 10, 0, 0, 5 }, 16), "at the same distance");
	m = map4(NP_NAT_KIND_SRC, B + 9, A + 5);
	np_nat_add(nat, &m, NULL);
	unit_int(np_nat_find_dst(nat, AF_INET, dst, 3, &found), 0, "a longer one");
	unit_ok(found.kind == NP_NAT_KIND_SRC && np_nat_becomes(&found, dst, to), "of the other kind");
	unit_ok(!memcmp(to, (uint8_t[16]){ 10, 0, 0, 9 }, 16), "goes back");
	m = map4(NP_NAT_KIND_DST, A + 5, B + 7);
	m.ifindex = 3;
	np_nat_add(nat, &m, NULL);
	unit_int(np_nat_find_dst(nat, AF_INET, dst, 3, &found), 0, "one of the interface");
	unit_int(found.ifindex, 3, "goes before");
	unit_int(np_nat_find_dst(nat, AF_INET, dst, 2, &found), 0, "of another");
	unit_int(found.ifindex, 0, "does not, nor for own packets");
	dst[3] = 255;
	dst[2] = 1;
	unit_int(np_nat_find_dst(nat, AF_INET, dst, 3, &found), -ENOENT, "none");
	stop();
	m = (struct np_nat_mapping){ .bits = 12, .kind = NP_NAT_KIND_DST, .to = { 0x12, 0x30 } };
	unit_ok(np_nat_becomes(&m, (uint8_t[16]){ 0xab, 0xcd, 0xef, 1 }, to), "inside a byte");
	unit_ok(!memcmp(to, (uint8_t[16]){ 0x12, 0x3d, 0xef, 1 }, 16), "what is behind stays");
}

static void test_check_new(void)
{
	static const struct {
		const char *addr;
		uint8_t bits;
		int want;
	} rows[] = {
		{ "10.0.0.1", 32, 0 }, { "126.255.255.255", 32, 0 }, { "128.0.0.1", 32, 0 },
		{ "127.0.0.1", 32, -EINVAL }, { "127.255.0.0", 16, -EINVAL },
		{ "126.0.0.0", 7, -EINVAL }, { "124.0.0.0", 7, 0 }, { "64.0.0.0", 2, -EINVAL },
		{ "224.0.0.1", 32, -EINVAL }, { "239.255.255.255", 32, -EINVAL },
		{ "223.255.255.255", 32, 0 }, { "240.0.0.1", 32, 0 }, { "192.0.0.0", 3, 0 },
		{ "128.0.0.0", 1, -EINVAL }, { "169.254.1.1", 32, 0 },
		{ "::1", 128, -EINVAL }, { "::2", 128, 0 }, { "1::", 128, 0 },
		{ "ff02::1", 128, -EINVAL }, { "fe00::", 8, 0 }, { "fe00::", 7, -EINVAL },
		{ "8000::", 1, -EINVAL }, { "fe80::1", 128, 0 }, { "127::", 16, 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool v6 = strchr(rows[i].addr, ':');
		struct np_nat_mapping m = { .family = v6 ? AF_INET6 : AF_INET, .bits = rows[i].bits,
					  .kind = NP_NAT_KIND_DST, .to = { 0x20 } };

		inet_pton(m.family, rows[i].addr, m.from);
		unit_int(np_nat_check_new(&m, NULL), rows[i].want, rows[i].addr);
		memcpy(m.to, m.from, 16);
		memset(m.from, 0, 16);
		m.from[0] = 0x20;
		unit_int(np_nat_check_new(&m, NULL), rows[i].want, "the other side");
	}
}

int main(void)
{
	test_check();
	test_check_new();
	test_clash();
	test_find_dst();
	return unit_done();
}
