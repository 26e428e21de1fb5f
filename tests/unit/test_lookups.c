// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/lookups.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

static const char plain[] = "          <idle>-0       [001] ..s2.  8345.120936: fib_table_lookup: "
	"table 254 oif 0 iif 2 proto 17 10.0.1.1/33079 -> 10.0.2.2/7001 tos 0 scope 0 flags 0 "
	"==> dev rb gw 0.0.0.0/:: err 0";

static void is_addr(uint8_t family, const uint8_t *addr, const char *want, const char *name)
{
	char got[INET6_ADDRSTRLEN];

	unit_str(inet_ntop(family, addr, got, sizeof(got)), want, name);
}

static void test_ipv4(void)
{
	struct np_lookup l;

	unit_int(np_lookup_read(plain, &l), 1, "IPv4");
	unit_ok(l.family == AF_INET && l.table == 254 && l.iif == 2 && !l.oif && l.proto == 17 &&
		l.sport == 33079 && l.dport == 7001 && !l.error, "its numbers");
	is_addr(AF_INET, l.src, "10.0.1.1", "source");
	is_addr(AF_INET, l.dst, "10.0.2.2", "destination");
	unit_str(l.dev, "rb", "the route's interface");
	unit_ok(!l.pid && l.cpu == 1 && l.softirq && l.mono_us == 8345120936, "while a packet came, and when");
	unit_int(np_lookup_read(" a [b-7-712 [000] ..b1. 1.000005: fib_table_lookup: table 4294967295 oif 3 "
		"iif 1 proto 0 0.0.0.0/0 -> 10.7.7.7/0 tos 16 scope 253 flags 4 ==> dev - "
		"gw 0.0.0.0/:: err -11", &l), 1, "no route");
	unit_ok(l.table == UINT32_MAX && l.oif == 3 && l.iif == 1 && l.error == EAGAIN, "EAGAIN");
	unit_str(l.dev, "", "and no interface");
	unit_ok(l.pid == 712 && !l.cpu && !l.softirq && l.mono_us == 1000005, "a process asked, and which");
}

static void test_ipv6(void)
{
	struct np_lookup l;

	unit_int(np_lookup_read("  ping-1 [000] ..... 2.500000: fib6_table_lookup: table 100 oif 0 iif 1 "
		"proto 58 fd01::1/0 -> fd02::2/0 flowlabel 0x1234 tos 0 scope 0 flags 0 ==> "
		"dev rb gw fe80::1 err -101", &l), 1, "IPv6, with a word more");
	unit_ok(l.family == AF_INET6 && l.table == 100 && l.error == ENETUNREACH, "its numbers");
	is_addr(AF_INET6, l.src, "fd01::1", "source");
	is_addr(AF_INET6, l.dst, "fd02::2", "destination");
}

static void test_others(void)
{
	static const char *const no[] = { "",
		" nc-7 [000] b..1. 1.5: kfree_skb: table 254 oif 0 iif 2",
		"fib_table_lookup: ", ": fib_table_lookup: ", " [: fib_table_lookup: ",
		" nc-7 [0] ..... 1.5: fib_table_lookup: table x oif 0 iif 2 proto 17 1.1.1.1/1 -> 2.2.2.2/2"
		" ==> dev rb gw 0.0.0.0/:: err 0",
		" nc-7 [0] ..... 1.5: fib_table_lookup: table 1 oif 0 iif 2 proto 17 1.1.1/1 -> 2.2.2.2/2"
		" ==> dev rb gw 0.0.0.0/:: err 0",
		" nc-7 [0] ..... 1.5: fib_table_lookup: table 1 oif 0 iif 2 proto 17 fd00::1/1 -> fd00::2/2"
		" ==> dev rb gw 0.0.0.0/:: err 0" };
	struct np_lookup l;

	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		unit_int(np_lookup_read(no[i], &l), 0, no[i]);
	unit_int(np_lookup_read("CPU:0 [LOST 12 EVENTS]", &l), 2, "some were lost");
}

/* Cut anywhere: no event, in memory that ends there. */
static void test_cut(void)
{
	unsigned taken = 0;
	struct np_lookup l;

	for (size_t n = 0; n < sizeof(plain) - 1; n++) {
		char *cut = strndup(plain, n);

		taken += cut && np_lookup_read(cut, &l);
		free(cut);
	}
	unit_int(taken, 0, "a line that is cut is none");
}

int main(void)
{
	test_ipv4();
	test_ipv6();
	test_others();
	test_cut();
	return unit_done();
}
