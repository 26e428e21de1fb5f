// SPDX-License-Identifier: GPL-2.0-or-later
/* The lookup model without a kernel, tables and rules: each case is a small host and a packet. */
#include "tests/unit/fib_host.h"

/* ---- tables ---- */

static void test_prefixes(void)
{
	plain_host();
	ask(flow("10.0.1.7", NULL, 0));
	is("unicast", 0, "longest prefix: the link's network before the default");
	unit_int(d.dev, B, "longest prefix: its device");
	unit_int(fib.routes[d.route].dst_bits, 24, "longest prefix: its length");
	ask(flow("192.0.2.1", NULL, 0));
	unit_int(d.gateway[3], 254, "the default route's gateway");
	ask(flow("10.0.1.1", NULL, 0));
	is("local", 0, "an address of our own");
	unit_int(d.dev, LO, "what is ours stays on lo");
	ask(flow("10.0.0.255", NULL, 0));
	is("broadcast", 0, "a network's broadcast address");
	unit_int(np_fib_next_bits(&fib, RT_TABLE_MAIN, 23), 0, "lengths: 0 is below 24");
	unit_int(np_fib_next_bits(&fib, RT_TABLE_MAIN, 128), 24, "lengths: the longest");
	unit_int(np_fib_next_bits(&fib, 77, 32), -1, "lengths: no such table");
}

static void test_many(void)
{
	host();
	for (unsigned i = 0; i < 5000; i++) {
		char text[32];

		snprintf(text, sizeof(text), "20.%u.%u.0", i >> 8, i & 255);
		route(RT_TABLE_MAIN, text, 24, RTN_UNICAST, i % 2 ? A : B, NULL);
	}
	rule(0, RT_TABLE_LOCAL);
	default_rules();
	ask(flow("20.19.135.9", NULL, 0)); /* 4999 */
	unit_int(d.dev, A, "5,000 routes: the last");
	ask(flow("20.0.2.9", NULL, 0));
	unit_int(d.dev, B, "5,000 routes: the third");
	ask(flow("20.19.136.9", NULL, 0));
	unit_int(fib.routes[d.route].dst_bits, 0, "5,000 routes: one past them");
}

static void test_tos_and_order(void)
{
	struct np_flow f = flow("30.0.0.1", NULL, 0);

	host();
	route(RT_TABLE_MAIN, "30.0.0.0", 8, RTN_UNICAST, B, NULL)->tos = 0x10;
	route(RT_TABLE_MAIN, "30.0.0.0", 8, RTN_UNICAST, A, NULL);
	rule(0, RT_TABLE_LOCAL);
	default_rules();
	ask(f);
	unit_int(d.dev, A, "a route with a TOS is not for other packets");
	f.tos = 0x10;
	ask(f);
	unit_int(d.dev, B, "a route with the packet's TOS is looked at first");
	f.tos = 0xf0;
	ask(f);
	unit_int(d.dev, B, "a TOS route sees only the three low bits of the DSCP");
}

static void test_merged(void)
{
	host();
	route(RT_TABLE_MAIN, "127.1.0.0", 16, RTN_UNICAST, A, NULL);
	rule(0, RT_TABLE_LOCAL);
	default_rules();
	ask(flow("127.1.0.1", "127.0.0.1", 0));
	is("invalid-source", EINVAL, "untouched rules: main's longer prefix beats local's");
	fib.custom_rules = true;
	ask(flow("127.1.0.1", "127.0.0.1", 0));
	is("local", 0, "touched rules: local comes first");
}

static void test_nexthop_object_leaf(void)
{
	struct np_flow f = flow("40.0.0.1", NULL, 0);

	host();
	route(RT_TABLE_MAIN, "40.0.0.0", 8, RTN_UNICAST, B, NULL);
	route(RT_TABLE_MAIN, "40.0.0.0", 16, RTN_UNICAST, A, NULL)->nhid = 7;
	rule(0, RT_TABLE_LOCAL);
	default_rules();
	f.oif = B;
	ask(f);
	unit_int(fib.routes[d.walk.route == NP_FIB_NONE ? 0 : d.walk.route].dst_bits, 32,
		 "a nexthop object of another device ends the search in the trie's leaf");
	is("unicast", 0, "… and the device that was asked for is taken as on the link");
}

static void test_linkdown(void)
{
	host();
	route(RT_TABLE_MAIN, "50.0.0.0", 8, RTN_UNICAST, A, NULL);
	route(RT_TABLE_MAIN, "50.0.0.0", 16, RTN_UNICAST, B, NULL);
	fib.nhs[fib.n_nhs - 1].flags = RTNH_F_LINKDOWN;
	rule(0, RT_TABLE_LOCAL);
	default_rules();
	ask(flow("50.0.0.1", NULL, 0));
	unit_int(d.dev, B, "a link without carrier is used all the same");
	at(B)->conf[NP_FIB_IGNORE_LINKDOWN] = 1;
	ask(flow("50.0.0.1", NULL, 0));
	unit_int(d.dev, A, "… but not with ignore_routes_with_linkdown");
}

/* ---- rules ---- */

static void test_walk(void)
{
	struct np_fib_rule *r;

	host();
	route(100, "0.0.0.0", 0, RTN_THROW, 0, NULL);
	route(101, "0.0.0.0", 0, RTN_UNICAST, B, NULL);
	rule(0, RT_TABLE_LOCAL);
	rule(10, 100);
	rule(11, 101)->suppress_prefixlen = 0;
	rule(12, 555);
	act(13, FR_ACT_NOP);
	act(14, FR_ACT_GOTO)->goto_priority = 20;
	act(15, FR_ACT_BLACKHOLE);
	act(16, FR_ACT_GOTO)->goto_priority = 19;
	r = rule(20, 101);
	r->set = NP_FRULE_FWMARK;
	r->fwmark = 1;
	r->fwmask = UINT32_MAX;
	default_rules();
	ask(flow("192.0.2.1", NULL, 0));
	result(0, "miss", "walk: table local misses");
	result(10, "throw", "walk: a throw goes on with the next rule");
	result(11, "suppressed", "walk: suppress_prefixlength 0 turns a default route away");
	result(12, "miss", "walk: a table that is not there");
	result(13, "nop", "walk: nop");
	result(14, "goto", "walk: goto");
	unit_ok(!step(15)->table && np_fib_result_name(step(15)->result) == NULL,
		"walk: what goto jumps over is not looked at");
	result(20, NULL, "walk: a mark that differs");
	unit_int(step(20)->differs, NP_FRULE_FWMARK, "walk: the selector that differs is named");
	result(0x7ffe, "hit", "walk: main hits");
	unit_int(fib.rules[d.walk.rule].priority, 0x7ffe, "walk: the rule that decided");
}

static void test_goto_nowhere(void)
{
	host();
	rule(0, RT_TABLE_LOCAL);
	act(5, FR_ACT_GOTO)->goto_priority = 99;
	default_rules();
	ask(flow("192.0.2.1", NULL, 0));
	result(5, "nop", "a goto without its target does nothing");
	is("unicast", 0, "… and the rules after it count");
}

static void test_actions(void)
{
	static const struct {
		uint8_t rule, type;
		const char *verdict, *route_verdict;
		int err, route_err;
	} rows[] = {
		{ FR_ACT_BLACKHOLE, RTN_BLACKHOLE, "blackhole", "blackhole", EINVAL, EINVAL },
		{ FR_ACT_PROHIBIT, RTN_PROHIBIT, "prohibit", "prohibit", EACCES, EACCES },
		{ FR_ACT_UNREACHABLE, RTN_UNREACHABLE, "no-route", "unreachable", ENETUNREACH,
		  EHOSTUNREACH },
	};

	for (size_t i = 0; i < 3; i++) {
		host();
		act(1, rows[i].rule);
		default_rules();
		ask(flow("192.0.2.1", NULL, 0));
		is(rows[i].verdict, rows[i].err, "a rule that refuses");
		unit_int(d.why, NP_WHY_RULE, "… and it is the rule that does");
		host();
		route(RT_TABLE_MAIN, "192.0.2.0", 24, rows[i].type, 0, NULL);
		rule(0, RT_TABLE_LOCAL);
		default_rules();
		ask(flow("192.0.2.1", NULL, 0));
		is(rows[i].route_verdict, rows[i].route_err, "a route that refuses");
	}
}

static bool matches(struct np_fib_rule *r, struct np_fib_key *k)
{
	uint32_t table, differs;

	return np_fib_rule_match(&fib, r, k, &table, &differs);
}

static void test_selectors(void)
{
	struct np_fib_rule r;
	struct np_fib_key k = { .iif = A, .oif = B, .mark = 0x12, .tos = 0xb8, .ipproto = 6,
				.sport = 1000, .dport = 80, .uid = 1000 };

	plain_host();
	addr(k.src, "10.1.2.3");
	np_fib_rule_init(&r);
	unit_ok(matches(&r, &k), "a rule without selectors matches");
	r.invert = true;
	unit_ok(!matches(&r, &k), "not: turns it round");
	np_fib_rule_init(&r);
	r.set = NP_FRULE_IIF;
	r.iif = -1;
	unit_ok(!matches(&r, &k), "iif of a link that is not there matches nothing");
	r.invert = true;
	unit_ok(matches(&r, &k), "not iif of a link that is not there matches all");
	np_fib_rule_init(&r);
	r.fwmark = 2;
	r.fwmask = 3;
	unit_ok(matches(&r, &k), "fwmark 2/3 and mark 0x12");
	r.fwmask = UINT32_MAX;
	unit_ok(!matches(&r, &k), "fwmark 2 and mark 0x12");
	np_fib_rule_init(&r);
	addr(r.src, "10.1.2.0");
	r.src_bits = 23;
	unit_ok(matches(&r, &k), "from 10.1.2.0/23");
	r.src_bits = 32;
	unit_ok(!matches(&r, &k), "from 10.1.2.0/32");
	np_fib_rule_init(&r);
	r.set = NP_FRULE_SPORT | NP_FRULE_DPORT;
	r.sport_start = 1000, r.sport_end = 2000, r.dport_start = r.dport_end = 80;
	unit_ok(matches(&r, &k), "ports: a range's first, and one");
	r.dport_end = 79;
	unit_ok(!matches(&r, &k), "ports: outside");
	np_fib_rule_init(&r);
	r.set = NP_FRULE_TOS;
	r.tos = 0x18;
	unit_ok(matches(&r, &k), "tos 0x18 sees the low bits of DSCP 46");
	r.set = NP_FRULE_DSCP;
	r.dscp = 46, r.dscp_mask = 0x3f;
	unit_ok(matches(&r, &k), "dscp 46 sees all of it");
	r.dscp = 14;
	unit_ok(!matches(&r, &k), "dscp 14 does not match it");
	np_fib_rule_init(&r);
	r.uid_start = 0, r.uid_end = 999;
	unit_ok(!matches(&r, &k), "uidrange");
}

/* Addresses and marks of few values, so that all lengths and masks do match now and then. */
static void random_rule(uint32_t priority)
{
	struct np_fib_rule *r = rule(priority, 100);

	r->invert = !(rand() % 4);
	r->src_bits = (uint8_t)(rand() % 3 ? 0 : rand() % 33);
	r->dst_bits = (uint8_t)(rand() % 3 ? 0 : rand() % 33);
	r->fwmask = rand() % 3 ? 0 : 1u << rand() % 32;
	r->fwmark = (uint32_t)rand() & r->fwmask;
	r->src[rand() % 4] = (uint8_t)(rand() % 2 ? 0x80 : 1);
	r->dst[rand() % 4] = (uint8_t)(rand() % 2 ? 0x80 : 1);
}

/* What is skipped at a glance would not have matched. */
static void test_glance(void)
{
	unsigned differ = 0, hits = 0;

	srand(1);
	for (int n = 0; n < 2000; n++) {
		struct np_flow f = flow("0.0.0.0", NULL, 0);
		uint32_t decided;

		host();
		route(100, "0.0.0.0", 0, RTN_UNICAST, B, NULL);
		for (uint32_t i = 0; i < 20; i++)
			random_rule(i + 1);
		default_rules();
		f.mark = (uint32_t)rand();
		f.dst[0] = 1; /* 0.0.0.0 is not looked up */
		f.dst[rand() % 4] |= (uint8_t)(rand() % 2 ? 0x80 : 1);
		ask(f);
		decided = d.walk.rule;
		d.walk.brief = true;
		np_fib_decide(&fib, &f, 0, &d);
		differ += d.walk.rule != decided;
		hits += fib.rules[decided].priority <= 20;
		d.walk.brief = false;
	}
	unit_int(differ, 0, "a brief walk ends at the same rule");
	unit_ok(hits > 500, "which some do");
}

static void test_vrf(void)
{
	struct np_fib_rule *r;

	host();
	dev(VRF, "red", 0);
	at(VRF)->vrf_table = 900;
	at(B)->master = VRF;
	route(900, "192.0.2.0", 24, RTN_UNICAST, B, NULL);
	rule(0, RT_TABLE_LOCAL);
	r = rule(1000, 0);
	r->set = NP_FRULE_L3MDEV;
	default_rules();
	ask(flow("192.0.2.1", "192.0.2.9", B));
	unit_int(d.walk.table, 900, "l3mdev: a packet into a VRF's link uses its table");
	ask(flow("192.0.2.1", "192.0.2.9", A));
	unit_int(d.walk.table, RT_TABLE_MAIN, "l3mdev: others do not");
	np_fib_rule_init(&fib.rules[1]);
	fib.rules[1].table = 900;
	fib.rules[1].set = NP_FRULE_IIF;
	fib.rules[1].iif = VRF;
	ask(flow("192.0.2.1", "192.0.2.9", B));
	unit_int(d.walk.table, 900, "iif VRF: means its links");
	fib.vrf_selectors = false;
	ask(flow("192.0.2.1", "192.0.2.9", B));
	unit_int(d.walk.table, RT_TABLE_MAIN, "iif VRF: … but on Linux 5.18 to 6.14");
}

int main(void)
{
	np_fib_init(&fib, AF_INET);
	np_fib_decision_init(&d);
	test_prefixes();
	test_many();
	test_tos_and_order();
	test_merged();
	test_nexthop_object_leaf();
	test_linkdown();
	test_walk();
	test_goto_nowhere();
	test_actions();
	test_selectors();
	test_glance();
	test_vrf();
	np_fib_decision_clean(&d);
	np_fib_clean(&fib);
	return unit_done();
}
