// SPDX-License-Identifier: GPL-2.0-or-later
/* Routes: every attribute from words to bytes and back to words. */
#include <errno.h>

#include "tests/unit/route_unit.h"

static const struct unit_row rows[] = {
	{ "default via 10.0.0.1", "default via 10.0.0.1 ",
	  "{\"dst\":\"default\",\"gateway\":\"10.0.0.1\",\"flags\":[]}" },
	{ "10/8 dev eth7", "10.0.0.0/8 dev eth7 scope link ",
	  "{\"dst\":\"10.0.0.0/8\",\"dev\":\"eth7\",\"scope\":\"link\",\"flags\":[]}" },
	{ "192.0.2.1 dev eth7 src 10.9.9.9 metric 5 scope host table 100 proto static",
	  "192.0.2.1 dev eth7 table 100 proto static scope host src 10.9.9.9 metric 5 ", NULL },
	{ "to 192.0.2.0/24 tos 0x10 via 10.0.0.1 priority 4294967295 table 70000",
	  "192.0.2.0/24 tos 0x10 via 10.0.0.1 table 70000 metric 4294967295 ", NULL },
	{ "blackhole 192.0.2.0/24", "blackhole 192.0.2.0/24 ",
	  "{\"type\":\"blackhole\",\"dst\":\"192.0.2.0/24\",\"flags\":[]}" },
	{ "reject 192.0.2.0/24", "unreachable 192.0.2.0/24 ", NULL },
	{ "local 192.0.2.9 dev eth7", "local 192.0.2.9 dev eth7 table local scope host ", NULL },
	{ "brd 192.0.2.255 dev eth7", "broadcast 192.0.2.255 dev eth7 table local scope link ",
	  NULL },
	{ "192.0.2.0/24 via inet6 fe80::1 dev eth7",
	  "192.0.2.0/24 via inet6 fe80::1 dev eth7 ",
	  "{\"dst\":\"192.0.2.0/24\",\"via\":{\"family\":\"inet6\",\"host\":\"fe80::1\"},"
	  "\"dev\":\"eth7\",\"flags\":[]}" },
	{ "192.0.2.0/24 via 10.0.0.1 dev eth7 onlink",
	  "192.0.2.0/24 via 10.0.0.1 dev eth7 onlink ", NULL },
	{ "192.0.2.0/24 via 10.0.0.1 realms 5", "192.0.2.0/24 via 10.0.0.1 realm 5 ",
	  "{\"dst\":\"192.0.2.0/24\",\"gateway\":\"10.0.0.1\",\"flags\":[],"
	  "\"flow\":{\"to\":\"5\"}}" },
	{ "192.0.2.0/24 via 10.0.0.1 realms 5/6", "192.0.2.0/24 via 10.0.0.1 realms 5/6 ", NULL },
	{ "192.0.2.0/24 nhid 9", "192.0.2.0/24 nhid 9 ", NULL },
	{ "192.0.2.0/24 via 10.0.0.1 ttl-propagate enabled",
	  "192.0.2.0/24 via 10.0.0.1 ttl-propogate enabled",
	  "{\"dst\":\"192.0.2.0/24\",\"gateway\":\"10.0.0.1\",\"flags\":[],"
	  "\"ttl-propogate\":true}" },
	{ "fd00::/64 via fe80::1 dev eth7 metric 5 pref high",
	  "fd00::/64 via fe80::1 dev eth7 metric 5 pref high",
	  "{\"dst\":\"fd00::/64\",\"gateway\":\"fe80::1\",\"dev\":\"eth7\",\"metric\":5,"
	  "\"flags\":[],\"pref\":\"high\"}" },
	{ "default from fd00:9::/64 via fe80::1 dev eth7 expires 60",
	  "default from fd00:9::/64 via fe80::1 dev eth7 ",
	  "{\"dst\":\"default\",\"from\":\"fd00:9::/64\",\"gateway\":\"fe80::1\","
	  "\"dev\":\"eth7\",\"flags\":[]}" },
	{ "192.0.2.0/24 nexthop via 10.0.0.1 dev eth7 weight 2 nexthop dev eth8 onlink realms 3",
	  "192.0.2.0/24 \n\tnexthop via 10.0.0.1 dev eth7 weight 2 "
	  "\n\tnexthop realm 3 dev eth8 weight 1 onlink ",
	  "{\"dst\":\"192.0.2.0/24\",\"flags\":[],\"nexthops\":[{\"gateway\":\"10.0.0.1\","
	  "\"dev\":\"eth7\",\"weight\":2,\"flags\":[]},{\"flow\":{\"to\":\"3\"},\"dev\":\"eth8\","
	  "\"weight\":1,\"flags\":[\"onlink\"]}]}" },
	{ "192.0.2.0/24 nexthop via inet6 fe80::1 dev eth7 nexthop as to 10.1.1.1 via 10.0.0.1",
	  "192.0.2.0/24 \n\tnexthop via inet6 fe80::1 dev eth7 weight 1 "
	  "\n\tnexthop as to 10.1.1.1 via 10.0.0.1 dev * weight 1 ", NULL },
	{ "192.0.2.0/24 as to 10.1.1.1 via 10.0.0.1", "192.0.2.0/24 as to 10.1.1.1 via 10.0.0.1 ",
	  "{\"dst\":\"192.0.2.0/24\",\"to\":\"10.1.1.1\",\"gateway\":\"10.0.0.1\",\"flags\":[]}" },
};

static const struct unit_row metrics[] = {
	{ "1.1.1.1 via 10.0.0.1 mtu 1400", "1.1.1.1 via 10.0.0.1 mtu 1400 ",
	  "{\"dst\":\"1.1.1.1\",\"gateway\":\"10.0.0.1\",\"flags\":[],"
	  "\"metrics\":[{\"mtu\":1400}]}" },
	{ "1.1.1.1 via 10.0.0.1 mtu lock 1400", "1.1.1.1 via 10.0.0.1 mtu lock 1400 ", NULL },
	{ "1.1.1.1 via 10.0.0.1 rtt 250ms", "1.1.1.1 via 10.0.0.1 rtt 250ms ", NULL },
	{ "1.1.1.1 via 10.0.0.1 rtt 100", "1.1.1.1 via 10.0.0.1 rtt 12ms ", NULL },
	{ "1.1.1.1 via 10.0.0.1 rtt 1.5s", "1.1.1.1 via 10.0.0.1 rtt 1.5s ", NULL },
	{ "1.1.1.1 via 10.0.0.1 rttvar lock 2s", "1.1.1.1 via 10.0.0.1 rttvar lock 2s ", NULL },
	{ "1.1.1.1 via 10.0.0.1 rto_min 5ms", "1.1.1.1 via 10.0.0.1 rto_min lock 5ms ", NULL },
	{ "1.1.1.1 via 10.0.0.1 advmss 1 window 2 ssthresh 3 cwnd 4 reordering 5 hoplimit 6",
	  "1.1.1.1 via 10.0.0.1 window 2 ssthresh 3 cwnd 4 advmss 1 reordering 5 hoplimit 6 ",
	  NULL },
	{ "1.1.1.1 via 10.0.0.1 initcwnd 7 initrwnd 8 quickack 1 fastopen_no_cookie 1",
	  "1.1.1.1 via 10.0.0.1 initcwnd 7 initrwnd 8 quickack 1 fastopen_no_cookie 1 ", NULL },
	{ "1.1.1.1 via 10.0.0.1 features ecn congctl lock reno",
	  "1.1.1.1 via 10.0.0.1 features ecn congctl lock reno ",
	  "{\"dst\":\"1.1.1.1\",\"gateway\":\"10.0.0.1\",\"flags\":[],"
	  "\"metrics\":[{\"ecn\":null,\"congestion\":\"reno\"}]}" },
};

/* Wrong words: the one to blame, and a piece of what is said. */
static const struct {
	const char *words;
	int word;
	const char *says;
} wrong[] = {
	{ "10.0.0.0/33 dev eth7", 0, "prefix" },
	{ "10.0.0.0/8 via", 1, "address" },
	{ "10.0.0.0/8 via fd00::1", 2, "IPv4 address" },
	{ "10.0.0.0/8 dev eth99", 2, "eth99" },
	{ "10.0.0.0/8 mtu x", 2, "number" },
	{ "10.0.0.0/8 hoplimit 300", 2, "255" },
	{ "10.0.0.0/8 quickack 2", 2, "0 or 1" },
	{ "10.0.0.0/8 rtt 5m", 2, "time" },
	{ "10.0.0.0/8 features x", 2, "ecn" },
	{ "10.0.0.0/8 nexthop via 10.0.0.1 weight 0", 5, "256" },
	{ "10.0.0.0/8 nexthop via 10.0.0.1 mtu 5", 4, "nexthop" },
	{ "10.0.0.0/8 nexthop", 1, "gateway" },
	{ "10.0.0.0/8 via 10.0.0.1 via 10.0.0.2", 3, "nexthop" },
	{ "10.0.0.0/8 gateway 10.0.0.1", 1, "follow" },
	{ "10.0.0.0/8 ttl-propagate maybe", 2, "enabled" },
	{ "10.0.0.0/8 table nosuch", 2, "table" },
	{ "10.0.0.0/8 pref bad", 2, "medium" },
	{ "10.0.0.0/8 realms 1/70000", 2, "realm" },
	{ "dev eth7", 1, "destination" },
	{ "10.0.0.0/8 encap bogus x", 3, "mpls" },
};

static void test_wrong(void)
{
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct np_err err = NP_ERR_INIT;
		struct np_route r;

		np_route_init(&r);
		unit_int(unit_words(wrong[i].words, &r, &err) < 0, 1, wrong[i].words);
		unit_ok(strstr(err.text, wrong[i].says), "%s: says %s (%s)", wrong[i].words,
			wrong[i].says, err.text);
		if (strcmp(wrong[i].says, "mpls"))
			unit_int(err.word, wrong[i].word, "and blames the word");
		np_route_clean(&r);
	}
}

/* Messages that are cut at any byte, or have any byte changed, are read without harm. */
static void test_damage(void)
{
	static const char words[] = "192.0.2.0/24 mtu 1400 congctl reno nexthop via 10.0.0.1 dev eth7 "
		"encap mpls 100/200 nexthop via inet6 fe80::1 dev eth8 realms 5";
	static uint64_t buf[512], copy[512];
	struct np_err err = NP_ERR_INIT;
	struct np_route r, back;
	struct nlmsghdr *nlh, *damaged = (struct nlmsghdr *)copy;
	unsigned read = 0;

	np_route_init(&r);
	np_route_init(&back);
	unit_int(unit_words(words, &r, &err), 0, "a route with all that nests");
	nlh = unit_encode(&r, buf, sizeof(buf));
	for (uint32_t len = NLMSG_HDRLEN; len < nlh->nlmsg_len; len++) {
		/* no byte too many, but the alignment that netlink promises */
		uint8_t *exact = calloc(1, NLMSG_ALIGN(len));

		memcpy(exact, nlh, len);
		((struct nlmsghdr *)exact)->nlmsg_len = len;
		if (!np_route_decode(&back, (struct nlmsghdr *)exact))
			free(unit_show(&back, true));
		free(exact);
		read++;
	}
	for (uint32_t i = NLMSG_HDRLEN; i < nlh->nlmsg_len * 8; i++) {
		memcpy(copy, buf, sizeof(copy));
		((uint8_t *)copy)[NLMSG_HDRLEN + i / 8 % (nlh->nlmsg_len - NLMSG_HDRLEN)] ^=
			(uint8_t)(1 << i % 8);
		if (!np_route_decode(&back, damaged))
			free(unit_show(&back, false));
		read++;
	}
	unit_ok(read > 1000, "%u damaged messages are read without harm", read);
	damaged->nlmsg_type = RTM_NEWLINK;
	unit_int(np_route_decode(&back, damaged), -EBADMSG, "a message that is no route");
	np_route_clean(&r);
	np_route_clean(&back);
}

static void test_full(void)
{
	static uint64_t buf[8];
	struct np_err err = NP_ERR_INIT;
	struct np_route r;

	np_route_init(&r);
	unit_words("fd00::1 via fd00::2 dev eth7 src fd00::3 mtu 1400", &r, &err);
	unit_ok(!unit_encode(&r, buf, sizeof(buf)), "a message without room is refused");
	np_route_clean(&r);
}

static void test_own(void)
{
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
		unit_round_trip(&metrics[i]);
	test_wrong();
	test_damage();
	test_full();
}

int main(void)
{
	return unit_routes(rows, sizeof(rows) / sizeof(rows[0]), test_own);
}
