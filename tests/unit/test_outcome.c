// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/outcome.h"

#include <sys/socket.h>

#include "tests/unit/unit.h"

static struct np_intern *in;
static struct walk_map map;

static const char *name(const char *s)
{
	return np_intern(in, s, strlen(s));
}

#define ALL (TBL_BIT(TBL_RAW) | TBL_BIT(TBL_MANGLE) | TBL_BIT(TBL_NAT) | TBL_BIT(TBL_FILTER))
#define NAT_IN WALKED(NP_HOOK_PREROUTING, TBL_NAT)

/* A last line, what else is known, and how the packet ended. */
static const struct row {
	enum np_hook hook;
	enum walk_table table;
	enum outcome_verdict verdict;
	uint8_t tables;
	uint32_t walked;
	struct outcome_evidence evidence;
	enum packet_state state;
	const char *expected; /* the first */
	int cause;            /* the first, -1: none */
	const char *what;
} rows[] = {
	{ NP_HOOK_PREROUTING, TBL_MANGLE, VERDICT_ACCEPT, ALL, 0, { 0 }, PACKET_VANISHED,
		"mangle:INPUT", CAUSE_MARTIAN, "nothing after PREROUTING" },
	{ NP_HOOK_PREROUTING, TBL_NAT, VERDICT_POLICY, TBL_BIT(TBL_RAW) | TBL_BIT(TBL_NAT), NAT_IN,
		{ 0 }, PACKET_VANISHED, "mangle:INPUT", CAUSE_MARTIAN, "nat walked: more was due" },
	{ NP_HOOK_PREROUTING, TBL_RAW, VERDICT_POLICY, TBL_BIT(TBL_RAW), 0, { 0 },
		PACKET_UNFINISHED, NULL, -1, "raw alone tells nothing" },
	{ NP_HOOK_PREROUTING, TBL_RAW, VERDICT_ACCEPT, ALL, 0, { 0 }, PACKET_VANISHED,
		"mangle:PREROUTING", CAUSE_CONNTRACK, "between raw and mangle" },
	{ NP_HOOK_PREROUTING, TBL_RAW, VERDICT_RULE, ALL, 0, { 0 }, PACKET_DROPPED, NULL, -1,
		"a rule of raw, and nothing more" },
	{ NP_HOOK_INPUT, TBL_FILTER, VERDICT_ACCEPT, ALL, 0, { 0 }, PACKET_DELIVERED, NULL, -1,
		"the end of INPUT" },
	{ NP_HOOK_INPUT, TBL_FILTER, VERDICT_ACCEPT, ALL, NAT_IN, { 0 }, PACKET_VANISHED,
		"nat:INPUT", CAUSE_IPVS, "nat:INPUT was due" },
	{ NP_HOOK_INPUT, TBL_FILTER, VERDICT_POLICY, ALL, NAT_IN, { 0 }, PACKET_DROPPED, NULL, -1,
		"nat:INPUT was due, and the policy is not known" },
	{ NP_HOOK_INPUT, TBL_NAT, VERDICT_POLICY, ALL, NAT_IN, { 0 }, PACKET_DELIVERED, NULL, -1,
		"nat:INPUT is the end" },
	{ NP_HOOK_INPUT, TBL_MANGLE, VERDICT_POLICY, ALL, 0, { 0 }, PACKET_VANISHED,
		"filter:INPUT", CAUSE_OTHER_HOOK, "between mangle and filter" },
	{ NP_HOOK_INPUT, TBL_FILTER, VERDICT_POLICY, ALL, 0, { .proof = PROOF_RESET },
		PACKET_DELIVERED, NULL, CAUSE_NO_SOCKET, "a closed port" },
	{ NP_HOOK_FORWARD, TBL_FILTER, VERDICT_POLICY, ALL, 0, { 0 }, PACKET_DROPPED, NULL, -1,
		"a policy, most likely" },
	{ NP_HOOK_FORWARD, TBL_FILTER, VERDICT_ACCEPT, ALL, 0, { 0 }, PACKET_VANISHED,
		"mangle:POSTROUTING", CAUSE_XFRM, "a policy that accepts" },
	{ NP_HOOK_FORWARD, TBL_FILTER, VERDICT_POLICY, TBL_BIT(TBL_RAW) | TBL_BIT(TBL_FILTER), 0,
		{ 0 }, PACKET_SENT, NULL, -1, "raw and filter alone: FORWARD is the end" },
	{ NP_HOOK_FORWARD, TBL_FILTER, VERDICT_GOES_ON, ALL, 0, { 0 }, PACKET_UNFINISHED, NULL, -1,
		"in the middle of a chain" },
	{ NP_HOOK_FORWARD, TBL_FILTER, VERDICT_DROP, ALL, 0, { 0 }, PACKET_DROPPED, NULL, -1,
		"DROP" },
	{ NP_HOOK_FORWARD, TBL_FILTER, VERDICT_QUEUE, ALL, 0, { 0 }, PACKET_DROPPED, NULL,
		CAUSE_QUEUE, "NFQUEUE" },
	{ NP_HOOK_OUTPUT, TBL_FILTER, VERDICT_ACCEPT, ALL, 0, { 0 }, PACKET_VANISHED,
		"mangle:POSTROUTING", CAUSE_NO_ROUTE, "routed again, to nowhere" },
	{ NP_HOOK_POSTROUTING, TBL_MANGLE, VERDICT_POLICY, ALL, 0, { 0 }, PACKET_SENT, NULL, -1,
		"the end of POSTROUTING" },
	{ NP_HOOK_POSTROUTING, TBL_MANGLE, VERDICT_ACCEPT, ALL, WALKED(NP_HOOK_OUTPUT, TBL_NAT),
		{ 0 }, PACKET_VANISHED, "nat:POSTROUTING", CAUSE_CONNTRACK, "nat was due" },
	{ NP_HOOK_PREROUTING, TBL_MANGLE, VERDICT_ACCEPT, ALL, 0, { PROOF_ICMP, 3, 4 },
		PACKET_VANISHED, "mangle:INPUT", CAUSE_MTU, "fragmentation needed" },
	{ NP_HOOK_PREROUTING, TBL_MANGLE, VERDICT_ACCEPT, ALL, 0, { PROOF_ICMP, 11, 0 },
		PACKET_VANISHED, "mangle:INPUT", CAUSE_TTL, "TTL exceeded" },
	{ NP_HOOK_PREROUTING, TBL_MANGLE, VERDICT_ACCEPT, ALL, 0, { PROOF_ICMP, 3, 13 },
		PACKET_VANISHED, "mangle:INPUT", CAUSE_NO_ROUTE, "prohibited by a route" },
	{ NP_HOOK_POSTROUTING, TBL_MANGLE, VERDICT_ACCEPT, ALL, 0, { PROOF_ICMP, 3, 1 },
		PACKET_VANISHED, NULL, CAUSE_NEIGHBOUR, "no neighbour" },
	{ NP_HOOK_PREROUTING, TBL_MANGLE, VERDICT_ACCEPT, ALL, 0, { .proof = PROOF_REASSEMBLED },
		PACKET_DELIVERED, NULL, -1, "a fragment that became part of a whole" },
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		struct np_trace_event last = { .in = name("eth0"), .out = name("eth1") };
		struct outcome_in oi = { .map = &map, .last = &last, .verdict = r->verdict,
			.at = { (uint8_t)r->hook, (uint8_t)r->table, map.order[r->hook][r->table] },
			.walked = r->walked, .tables = r->tables, .evidence = r->evidence };
		struct packet_outcome out;
		int cause;

		last.hdr.family = AF_INET;
		outcome_decide(&oi, &out);
		cause = out.n_causes ? out.causes[0] : -1;
		if (!unit_ok(out.state == r->state && cause == r->cause &&
				     (r->expected ? out.n_expected && !strcmp(out.expected[0],
							   r->expected) : !out.n_expected),
			    "%s: %s", r->what, packet_state_name(r->state)))
			printf("# %s, cause %d, expected %s\n", packet_state_name(out.state), cause,
				out.n_expected ? out.expected[0] : "nothing");
	}
}

static void test_order(void)
{
	static const enum packet_cause want[] = { CAUSE_MARTIAN, CAUSE_NO_ROUTE, CAUSE_FORWARDING,
		CAUSE_RP_FILTER, CAUSE_TTL, CAUSE_MTU, CAUSE_OTHER_HOOK };
	struct np_trace_event last = { .in = name("eth0"), .out = name("") };
	struct outcome_in oi = { .map = &map, .last = &last, .verdict = VERDICT_ACCEPT,
		.at = { NP_HOOK_PREROUTING, TBL_MANGLE, 2 }, .tables = ALL };
	struct packet_outcome out;
	bool same = true;

	last.hdr = (struct np_hdr){ .family = AF_INET, .set = NP_HDR_TTL | NP_HDR_LEN, .ttl = 1,
		.len = 1500, .ip_flags = NP_IPF_DF };
	outcome_decide(&oi, &out);
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++)
		same &= i < out.n_causes && out.causes[i] == want[i];
	unit_ok(same, "causes stand in the kernel's order");
	last.hdr.ttl = 64;
	last.hdr.len = 60;
	outcome_decide(&oi, &out);
	for (int i = 0; i < out.n_causes; i++)
		same &= out.causes[i] != CAUSE_TTL && out.causes[i] != CAUSE_MTU;
	unit_ok(same, "what the packet's fields rule out is left out");
}

static void test_verdicts(void)
{
	static const char dump[] = "*filter\n:INPUT DROP [0:0]\n:U - [0:0]\n-A INPUT -j ACCEPT\n"
				   "-A INPUT -p udp -j LOG\n-A INPUT -p udp -j U\n"
				   "-A U -j DROP\nCOMMIT\n";
	static const struct {
		const char *chain;
		enum np_trace_type type;
		uint32_t number;
		enum outcome_verdict want;
	} v[] = {
		{ "INPUT", NP_TRACE_POLICY, 1, VERDICT_ACCEPT },
		{ "INPUT", NP_TRACE_RULE, 2, VERDICT_GOES_ON },
		{ "INPUT", NP_TRACE_RULE, 3, VERDICT_GOES_ON },
		{ "INPUT", NP_TRACE_POLICY, 4, VERDICT_DROP },
		{ "INPUT", NP_TRACE_POLICY, 9, VERDICT_POLICY },
		{ "U", NP_TRACE_RETURN, 1, VERDICT_DROP },
		{ "U", NP_TRACE_RETURN, 2, VERDICT_GOES_ON },
		{ "V", NP_TRACE_RETURN, 2, VERDICT_RETURN },
	};
	struct ruleset *rs = ruleset_new(in);
	struct np_err err = NP_ERR_INIT;

	ruleset_read(rs, "r", dump, sizeof(dump) - 1, &err);
	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		struct np_trace_event ev = { .type = v[i].type, .number = v[i].number,
			.table = name("filter"), .chain = name(v[i].chain) };

		ev.hdr.family = AF_INET;
		unit_int(outcome_verdict(rs, &ev, !strcmp(v[i].chain, "INPUT"), 0), v[i].want,
			"verdict of a line by the ruleset");
	}
	ruleset_free(rs);
}

int main(void)
{
	in = np_intern_new();
	walk_init(&map, in);
	test_rows();
	test_order();
	test_verdicts();
	np_intern_free(in);
	return unit_done();
}
