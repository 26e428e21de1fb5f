// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of `pkttrace add`: iptables' and nft's, to one filter and back. */
#include <errno.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "trace/live_args.h"

static char text[FILTER_TEXT];

/* Parses a line of words; its canonical words in text. */
static int parse(struct live_request *req, struct np_err *err, const char *line)
{
	const struct live_grammar g = { .opts = live_opts, .filter = true, .number = true };
	static char copy[512];
	char *argv[48] = { (char *)"pkttrace" }, *save = NULL;
	int argc = 1, ret;

	*req = (struct live_request){ .filter = FILTER_INIT };
	*err = (struct np_err)NP_ERR_INIT;
	snprintf(copy, sizeof(copy), "%s", line);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	ret = live_args(req, &g, argc, argv, 1, err);
	filter_text(&req->filter, text);
	return ret;
}

static void test_words(void)
{
	static const struct {
		const char *words, *text;
	} rows[] = {
		{ "-t raw -I PREROUTING -p tcp -m tcp --dport 8081 -j TRACE",
			"PREROUTING -p tcp --dport 8081" },
		{ "-I OUTPUT 1 -p 6 --destination-port 8081", "OUTPUT -p tcp --dport 8081" },
		{ "-p udp --dport 53 --sport=1024:65535", "-p udp --sport 1024:65535 --dport 53" },
		{ "tcp dport 80-90", "-p tcp --dport 80:90" },
		{ "ip saddr 10.0.0.0/8 ip daddr != 10.1.1.1", "-4 -s 10.0.0.0/8 ! -d 10.1.1.1" },
		{ "! -s 10.1.2.3 -d 2001:db8::/32 -6", NULL },
		{ "-6 -d 2001:db8::1", "-6 -d 2001:db8::1" },
		{ "-i eth+ -m mark --mark 0x10/0xff", "-i eth+ --mark 0x10/0xff" },
		{ "iifname eth* meta mark 7", "-i eth+ --mark 0x7" },
		{ "! -i lo", "! -i lo" },
		{ "--in eth0", "-i eth0" },
		{ "! --out=eth0 -in", NULL },
		{ "--out eth0", "-o eth0" },
		{ "tcp dport != 80 -i eth0", "-p tcp ! --dport 80 -i eth0" },
		{ "-4 -6", "" },
		{ "-6 -p udp -4", "-p udp" },
		{ "ip saddr 10.0.0.0/8 -4 -6", "-4 -s 10.0.0.0/8" },
		{ "-4 ip saddr 10.0.0.0/8", "-4 -s 10.0.0.0/8" },
		{ "-p tcp --syn", "-p tcp --new" },
		{ "--new", "-p tcp --new" },
		{ "tcp flags syn", "-p tcp --new" },
		{ "-m tcp --dport 22", "-p tcp --dport 22" },
		{ "icmp limit rate 5/minute", "-p icmp --limit 5/minute" },
		{ "-p icmp -m limit --limit 3/s", "-p icmp --limit 3/second" },
		{ "--limit none", "--limit none" },
		{ "--limit 50/second", "" },
		{ "meta l4proto 132 meta nftrace set 1", "-p sctp" },
		{ "-p 200", "-p 200" },
		{ "-p tcp --dport ssh", "-p tcp --dport 22" },
	};
	struct live_request req;
	struct np_err err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int ret = parse(&req, &err, rows[i].words);

		unit_int(ret, rows[i].text ? 0 : -EINVAL, rows[i].words);
		if (rows[i].text)
			unit_str(text, rows[i].text, rows[i].words);
		if (!ret) { /* its own words say the same */
			char first[FILTER_TEXT];

			strcpy(first, text);
			unit_int(parse(&req, &err, first), 0, first);
			unit_str(text, first, "its own words");
		}
	}
}

static void test_bad(void)
{
	static const struct {
		const char *words;
		int word; /* that is to blame */
	} rows[] = {
		{ "-p tpc", 2 }, { "-s 10.1.2.3.4", 2 }, { "--dport 80", -1 },
		{ "-p icmp --dport 80", -1 }, { "! -p tcp --dport 80", -1 },
		{ "-p tcp --dport 90:80", 4 }, { "-p tcp --dport 70000", 4 },
		{ "-j DROP", 2 }, { "-t nat -I PREROUTING", 2 }, { "-I INPUT", 2 },
		{ "-I OUTPUT -i eth0", -1 }, { "-i eth0 -o eth1", -1 }, { "-m conntrack", 2 },
		{ "--limit 0", 2 }, { "--limit 5/week", 2 }, { "! --limit 5", 3 }, { "-p tcp !", 3 },
		{ "! --new", 2 }, { "-p udp --new", -1 }, { "-p tcp -p udp", 4 },
		{ "ip saddr", 2 }, { "-i 12345678901234567", 2 }, { "--mark 1/x", 2 },
		{ "! tcp dport 80 -i eth0", 2 }, { "! icmp", 2 }, { "-I OUTPUT ! 1", 4 },
		{ "-4 ip6 nexthdr udp", -1 }, { "ip protocol udp -6", -1 },
		{ "ip protocol udp ip6 daddr 2001:db8::1", 6 }, { "-p udp tcp dport 80", 5 },
		{ "tcp dport 80 udp sport 53", 6 }, { "--timeout 0", 2 }, { "-s 10.1.1.1 -d 2001:db8::1", -1 }, { "nonsense", 1 },
	};
	struct live_request req;
	struct np_err err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unit_int(parse(&req, &err, rows[i].words), -EINVAL, rows[i].words);
		unit_int(err.word, rows[i].word, err.text);
	}
}

static void test_request(void)
{
	struct live_request req;
	struct np_err err;

	unit_int(parse(&req, &err, "3"), 0, "a number");
	unit_ok(req.number == 3 && !req.some, "is a rule's");
	unit_int(parse(&req, &err, "-p tcp -j --timeout 1.5 -n red"), 0, "other options");
	unit_ok(req.format == SHOW_JSON && req.timeout_us == 1500000, "-j alone is JSON");
	unit_str(req.netns, "red", "a namespace");
	unit_int(parse(&req, &err, "-p tcp -j TRACE"), 0, "-j TRACE");
	unit_ok(req.format == SHOW_TEXT, "is not JSON");
	parse(&req, &err, "-i eth0");
	unit_int(filter_chains(&req.filter), FILTER_PREROUTING, "-i is for what comes in");
	parse(&req, &err, "-o eth0");
	unit_int(filter_chains(&req.filter), FILTER_OUTPUT, "-o for what goes out");
}

/* Every field at once still fits in a rule. */
static void test_room(void)
{
	struct filter_rule rule = { .n = 0 };
	struct live_request req;
	struct np_err err;

	unit_int(parse(&req, &err, "-6 -p tcp ! -s 2001:db8::/33 ! -d 2001:db9::/33 ! --sport 1:2 "
		"! --dport 3:4 ! --mark 0x12345678/0x0fffffff --new ! -i a23456789012345"), 0,
		"all fields");
	filter_put(&rule, &req.filter);
	filter_put_trace(&rule);
	unit_ok(rule.n < FILTER_EXPRS - 2 && rule.used < sizeof(rule.data) - 64, "with room left");
	unit_ok(rule.exprs[rule.n - 1].op == NP_NFT_META_SET, "to its last step");
	unit_ok(strlen(text) < FILTER_TEXT - 1, "and its words in a comment");
}

/* Words that are none of ours: which is to blame, and which may have been meant. */
static void test_hints(void)
{
	static const struct {
		const char *words;
		int word;
		const char *says;
	} rows[] = {
		{ "tcp dprot 80", 2, "\"dprot\" is no word of a match: did you mean \"dport\"?" },
		{ "tpc dport 80", 1, "\"tpc\" is no word of a match: did you mean \"tcp\"?" },
		{ "tcp flags ack", 3, "behind \"flags\" one of these is wanted: syn" },
		{ "udp", 1, "behind \"udp\" one of these is wanted: sport, dport; alone it is "
			"-p udp" },
		{ "ip", 1, "behind \"ip\" one of these is wanted: saddr, daddr, protocol" },
		{ "dport 80", 1, "\"dport\" wants a word before it: tcp dport" },
		{ "host 10.0.0.1", 1, "\"host\" is tcpdump's word; here it is -s ADDRESS for what "
			"comes from it, -d ADDRESS for what goes to it" },
		{ "src port 80", 1, "\"src\" is tcpdump's word; here it is -p tcp --sport PORT" },
		{ "src 10.0.0.1", 1, "\"src\" is tcpdump's word; here it is -s ADDRESS" },
		{ "tcp port 80", 2, "\"port\" is tcpdump's word; here it is -p tcp --dport PORT, "
			"or --sport PORT for the answers" },
		{ "sprouts", 1, "\"sprouts\" is none of the words of a match, iptables' or "
			"nft's" },
	};
	struct live_request req;
	struct np_err err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unit_int(parse(&req, &err, rows[i].words), -EINVAL, rows[i].words);
		unit_int(err.word, rows[i].word, rows[i].words);
		unit_str(err.text, rows[i].says, rows[i].words);
	}
}

int main(void)
{
	test_words();
	test_bad();
	test_hints();
	test_request();
	test_room();
	return unit_done();
}
