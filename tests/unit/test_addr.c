// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses and prefixes in iproute2's language; numbers; the cursor over words. */
#include <errno.h>
#include <sys/socket.h>

#include "lib/addr.h"
#include "lib/args.h"
#include "lib/ifname.h"
#include "tests/unit/unit.h"

static void test_prefixes(void)
{
	static const struct {
		const char *word;
		uint8_t family;
		const char *want; /* NULL: refused */
	} rows[] = {
		{ "10.0.0.0/8", AF_INET, "10.0.0.0/8" },
		{ "10/8", AF_UNSPEC, "10.0.0.0/8" },
		{ "10", AF_INET, "10.0.0.0/32" },
		{ "10.1", AF_INET, "10.1.0.0/32" },
		{ "0x7f.1", AF_INET, "127.1.0.0/32" },
		{ "0/0", AF_INET, "0.0.0.0/0" },
		{ "10.0.0.0/255.0.0.0", AF_INET, "10.0.0.0/8" },
		{ "10.0.0.0/255.0.255.0", AF_INET, NULL },
		{ "10.0.0.0/33", AF_INET, NULL },
		{ "10.0.0.0/", AF_INET, NULL },
		{ "/8", AF_INET, NULL },
		{ "", AF_INET, NULL },
		{ "1.2.3.4.5", AF_INET, NULL },
		{ "300.1.1.1", AF_INET, NULL },
		{ "zz", AF_INET, NULL },
		{ "2001:db8::/32", AF_UNSPEC, "2001:db8::/32" },
		{ "2001:db8::1", AF_INET6, "2001:db8::1/128" },
		{ "2001:db8::/129", AF_INET6, NULL },
		{ "2001:db8::", AF_INET, NULL },
		{ "10.0.0.1", AF_INET6, NULL },
		{ "all/8", AF_INET, NULL },
		{ "100", AF_MPLS, "100/20" },
		{ "default", AF_MPLS, NULL },
		{ "1048576", AF_MPLS, NULL },
	};
	char buf[NP_ADDR_STRLEN], got[NP_ADDR_STRLEN + 8];
	struct np_addr a;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int ret = np_prefix_parse(&a, rows[i].word, rows[i].family);

		if (!rows[i].want) {
			unit_int(ret, -EINVAL, rows[i].word);
			continue;
		}
		snprintf(got, sizeof(got), "%s/%u", np_addr_text(a.family, a.b, a.len, buf),
			 a.bits);
		unit_str(ret ? "refused" : got, rows[i].want, rows[i].word);
	}
}

static void test_words(void)
{
	struct np_addr a;
	char buf[NP_ADDR_STRLEN];
	uint8_t stack[12];

	unit_int(np_prefix_parse(&a, "default", AF_INET), 0, "default");
	unit_ok(a.len == 4 && !a.bits && a.flags == (NP_ADDR_ANY | NP_ADDR_LEN_GIVEN),
		"is 0/0, its length said");
	unit_int(np_prefix_parse(&a, "all", AF_INET), 0, "all");
	unit_ok(!a.len && !a.bits && a.flags == NP_ADDR_ANY, "is no address");
	unit_int(np_addr_parse(&a, "0:11:22:33:44:ff", AF_PACKET), 0, "a link's address");
	unit_str(np_addr_text(AF_PACKET, a.b, a.len, buf), "00:11:22:33:44:ff", "in text");
	unit_int(np_addr_parse(&a, "0:11:22:", AF_PACKET), -EINVAL, "a broken one");
	unit_int(np_prefix_parse(&a, "0:11:22:33:44:ff", AF_PACKET), -EINVAL, "which is no prefix");
	unit_int(np_prefix_parse(&a, "default", AF_PACKET), -EINVAL, "nor is default");
	unit_int(np_mpls_parse("100/200/300", stack, sizeof(stack)), 12, "three labels");
	unit_str(np_mpls_text(stack, sizeof(stack), buf, sizeof(buf)), "100/200/300", "in text");
	unit_int(np_mpls_parse("100/200/300/400", stack, sizeof(stack)), -EINVAL, "one too many");
	unit_str(np_addr_text(AF_INET, a.b, 2, buf), "???", "a cut address");
	unit_ok(np_bits_equal("\x0a\x01", "\x0a\x02", 14), "14 bits are equal");
	unit_ok(!np_bits_equal("\x0a\x01", "\x0a\x02", 15), "15 are not");
}

static void test_args(void)
{
	char prt[] = "prt", add[] = "add", tabel[] = "tabel";
	char *const argv[] = { prt, add, tabel, NULL };
	static const char *const known[] = { "table", "from", "priority" };
	struct np_args a = { 3, argv, 1 };
	struct np_err err = NP_ERR_INIT;
	const char *value;
	uint32_t v;

	np_args_next(&a);
	np_args_next(&a);
	np_args_unknown(&a, known, 3, &err);
	unit_str(err.text, "unknown word \"tabel\": did you mean \"table\"?", "the nearest word");
	unit_int(err.word, 2, "the word to blame");
	unit_int(np_args_need(&a, &value, "a table", &err), -EINVAL, "nothing follows");
	unit_str(err.text, "\"tabel\" must be followed by a table", "and what should");
	unit_ok(!np_args_next(&a) && !np_args_peek(&a), "the end stays the end");
	unit_ok(!np_parse_u32("0x10", &v) && v == 16, "hex");
	unit_ok(!np_parse_u32("010", &v) && v == 8, "octal");
	unit_int(np_parse_u32("-1", &v), -EINVAL, "no negative number");
	unit_int(np_parse_u32("4294967296", &v), -EINVAL, "33 bits");
	unit_int(np_parse_u32("", &v), -EINVAL, "nothing");
	unit_int(np_parse_u32("1x", &v), -EINVAL, "a number and more");
	unit_int(np_parse_u32("99999999999999999999", &v), -EINVAL, "65 bits");
}

static void test_seconds(void)
{
	static const struct {
		const char *word;
		int64_t us; /* 0: refused */
	} rows[] = {
		{ "60", 60000000 }, { "1.5", 1500000 }, { ".3", 300000 }, { "5.", 5000000 },
		{ "0.0000001", 1 }, { "0.1234567", 123456 }, { "1000000000", 1000000000000000 },
		{ "0", 0 }, { "0.0", 0 }, { "-1", 0 }, { "", 0 }, { ".", 0 }, { "1s", 0 }, { "1,5", 0 },
		{ "1.5.1", 0 }, { "1e3", 0 }, { "inf", 0 }, { "nan", 0 }, { "1000000001", 0 },
		{ "1000000000.5", 0 }, { "99999999999999999999", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct np_err err = { 0 };
		int64_t us = 0;

		unit_int(np_parse_seconds(rows[i].word, 7, &us, &err), rows[i].us ? 0 : -EINVAL,
			 "seconds");
		unit_ok(us == rows[i].us && (us || err.word == 7), "%s", rows[i].word);
	}
}

static void test_ifname(void)
{
	static const char *const refused[] = { "", "sixteen-letters-", "a/b", "a b", "a\tb" };
	char to[NP_IFNAMSIZ], rest[NP_IFNAMSIZ] = "lo";

	memset(to, 'x', sizeof(to));
	unit_ok(!np_ifname_copy(to, "lo") && !memcmp(to, rest, sizeof(to)), "a name, and zeros");
	unit_ok(!np_ifname_copy(to, "fifteen-letters"), "the longest one");
	unit_str(to, "fifteen-letters", "is all there");
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		unit_int(np_ifname_copy(to, refused[i]), -EINVAL, "no interface's name");
	unit_str(to, "fifteen-letters", "what is refused changes nothing");
}

int main(void)
{
	test_prefixes();
	test_words();
	test_args();
	test_seconds();
	test_ifname();
	return unit_done();
}
