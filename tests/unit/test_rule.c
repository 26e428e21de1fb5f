// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules: build → parse → equal for each attribute; words; filters. */
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "lib/rule.h"
#include "tests/unit/mock_nl.h"
#include "tests/unit/unit.h"

static void silent(struct mock *m, const struct nlmsghdr *nlh)
{
	(void)m, (void)nlh;
}

#define BIT(id) (1u << (id))

/* In all that is set. */
static bool equal(const struct np_rule *a, const struct np_rule *b)
{
	return a->set == b->set && a->family == b->family && a->action == b->action &&
	       a->flags == b->flags && a->tos == b->tos && a->l3mdev == b->l3mdev &&
	       a->ipproto == b->ipproto && a->protocol == b->protocol &&
	       a->priority == b->priority && a->table == b->table && a->fwmark == b->fwmark &&
	       a->fwmask == b->fwmask && a->realms == b->realms &&
	       a->goto_priority == b->goto_priority &&
	       a->suppress_prefixlen == b->suppress_prefixlen &&
	       a->suppress_ifgroup == b->suppress_ifgroup &&
	       a->tun_id == b->tun_id && !memcmp(&a->uid, &b->uid, sizeof(a->uid)) &&
	       !memcmp(&a->sport, &b->sport, sizeof(a->sport)) &&
	       !memcmp(&a->dport, &b->dport, sizeof(a->dport)) &&
	       !strcmp(a->iif, b->iif) && !strcmp(a->oif, b->oif) &&
	       !memcmp(&a->from, &b->from, sizeof(a->from)) &&
	       !memcmp(&a->to, &b->to, sizeof(a->to)) && !memcmp(&a->nat, &b->nat, sizeof(a->nat));
}

static void round_trip(struct np_nl *nl, struct np_rule rule, const char *name)
{
	struct np_rule got;

	rule.set |= BIT(NP_RULE_ACTION);
	rule.from.family = rule.to.family = rule.family;
	unit_int(np_rule_parse(&got, np_rule_build(nl, &rule, false)), 0, name);
	unit_ok(equal(&rule, &got), "%s: what was built is parsed", name);
}

static void test_round_trips(struct np_nl *nl)
{
	const struct np_addr net = { .family = AF_INET, .len = 4, .bits = 8, .b = { 10 } };
	const struct np_addr net6 = { .family = AF_INET6, .len = 16, .bits = 32,
				      .b = { 0x20, 1, 0xd, 0xb8 } };
	const struct {
		const char *name;
		struct np_rule rule;
	} rows[] = {
		{ "priority", { .set = BIT(NP_RULE_PRIORITY), .priority = 4294967295u } },
		{ "not", { .set = BIT(NP_RULE_NOT), .flags = FIB_RULE_INVERT } },
		{ "from", { .set = BIT(NP_RULE_FROM), .family = AF_INET, .from = net } },
		{ "to", { .set = BIT(NP_RULE_TO), .family = AF_INET, .to = net } },
		{ "from 6", { .set = BIT(NP_RULE_FROM), .family = AF_INET6, .from = net6 } },
		{ "to 6", { .set = BIT(NP_RULE_TO), .family = AF_INET6, .to = net6 } },
		{ "tos", { .set = BIT(NP_RULE_TOS), .tos = 0x10 } },
		{ "fwmark", { .set = BIT(NP_RULE_FWMARK), .fwmark = 0xdeadbeef } },
		{ "fwmark/mask", { .set = BIT(NP_RULE_FWMARK) | BIT(NP_RULE_FWMASK),
				   .fwmark = 1, .fwmask = 0xff } },
		{ "iif", { .set = BIT(NP_RULE_IIF), .iif = "eth0" } },
		{ "oif", { .set = BIT(NP_RULE_OIF), .oif = "a23456789012345" } },
		{ "l3mdev", { .set = BIT(NP_RULE_L3MDEV), .l3mdev = 1 } },
		{ "uidrange", { .set = BIT(NP_RULE_UIDRANGE), .uid = { 1, 4294967294u } } },
		{ "ipproto", { .set = BIT(NP_RULE_IPPROTO), .ipproto = 132 } },
		{ "sport", { .set = BIT(NP_RULE_SPORT), .sport = { 1, 65535 } } },
		{ "dport", { .set = BIT(NP_RULE_DPORT), .dport = { 80, 80 } } },
		{ "tun_id", { .set = BIT(NP_RULE_TUN_ID), .tun_id = 0x1122334455667788 } },
		{ "table", { .set = BIT(NP_RULE_TABLE), .table = 254 } },
		{ "large table", { .set = BIT(NP_RULE_TABLE), .table = 4294967295u } },
		{ "suppress_prefixlength", { .set = BIT(NP_RULE_SUPPRESS_PREFIXLEN),
					     .suppress_prefixlen = 0 } },
		{ "suppress_ifgroup", { .set = BIT(NP_RULE_SUPPRESS_IFGROUP),
					.suppress_ifgroup = 7 } },
		{ "realms", { .set = BIT(NP_RULE_REALMS), .realms = 3 << 16 | 4 } },
		{ "nat", { .set = BIT(NP_RULE_NAT), .action = RTN_NAT,
			   .nat = { .len = 4, .b = { 192, 0, 2, 1 } } } },
		{ "goto", { .set = BIT(NP_RULE_GOTO), .action = FR_ACT_GOTO, .goto_priority = 9 } },
		{ "blackhole", { .action = FR_ACT_BLACKHOLE } },
		{ "protocol", { .set = BIT(NP_RULE_PROTOCOL), .protocol = 77 } },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		round_trip(nl, rows[i].rule, rows[i].name);
}

/* What another process, a newer kernel or a broken file may hold. */
static void test_odd_messages(struct np_nl *nl)
{
	struct np_rule rule = { .family = AF_INET }, got;
	struct nlmsghdr *nlh = np_rule_build(nl, &rule, false);

	mnl_attr_put_u8(nlh, FRA_PRIORITY, 1);
	mnl_attr_put_str(nlh, FRA_IFNAME, "no end no end no end no end");
	mnl_attr_put_u32(nlh, FRA_MAX + 9, 1);
	unit_int(np_rule_parse(&got, nlh), 0, "attributes of a wrong size or kind");
	unit_ok(!np_rule_has(&got, NP_RULE_PRIORITY) && !np_rule_has(&got, NP_RULE_IIF),
		"are passed over");
	nlh->nlmsg_len = NLMSG_LENGTH(4);
	unit_int(np_rule_parse(&got, nlh), -EBADMSG, "a cut header");
	nlh = np_rule_build(nl, &rule, true);
	unit_ok(np_rule_msg_is_del(nlh), "a deletion is one");
	nlh->nlmsg_type = RTM_NEWROUTE;
	unit_int(np_rule_parse(&got, nlh), -EBADMSG, "a route is no rule");
	unit_int(np_rule_restore(nl, nlh, nlh->nlmsg_len, NULL), -EINVAL, "nor restored as one");
}

static void test_words(void)
{
	static const struct {
		const char *word;
		bool list;
		int id; /* -1: none */
	} rows[] = {
		{ "p", false, NP_RULE_PRIORITY },    { "pri", false, NP_RULE_PRIORITY },
		{ "pro", false, NP_RULE_PROTOCOL },  { "order", true, NP_RULE_PRIORITY },
		{ "t", false, NP_RULE_TUN_ID },      { "ta", false, NP_RULE_TABLE },
		{ "to", false, NP_RULE_TO },         { "f", false, -1 },
		{ "f", true, NP_RULE_FROM },         { "dev", false, NP_RULE_IIF },
		{ "ds", false, NP_RULE_TOS },        { "ds", true, NP_RULE_TO },
		{ "d", true, NP_RULE_TO },           { "lo", false, -1 },
		{ "lo", true, NP_RULE_TABLE },       { "sup", false, NP_RULE_SUPPRESS_PREFIXLEN },
		{ "suppress_i", false, NP_RULE_SUPPRESS_IFGROUP },
		{ "sup_group", false, NP_RULE_SUPPRESS_IFGROUP },
		{ "realms", true, -1 },              { "g", false, NP_RULE_GOTO },
		{ "n", false, -1 },                  { "", false, -1 },
		{ "fromm", false, -1 },              { "m", false, NP_RULE_NAT },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct np_rule_word *w = np_rule_word_find(rows[i].word, rows[i].list);

		unit_int(w ? w->id : -1, rows[i].id, rows[i].word);
	}
}

static void test_rows(void)
{
	for (int id = 0; id < NP_RULE_IDS; id++) {
		const struct np_rule_field *f = &np_rule_fields[id];

		unit_ok(f->json && f->value && f->type < NP_RULE_TYPES, "row %d is whole", id);
		unit_ok(!*f->value || f->expected, "row %d says what it expects", id);
	}
}

static void test_match(void)
{
	const struct np_rule rule = {
		.family = AF_INET, .table = 5, .fwmark = 7, .fwmask = 15,
		.set = BIT(NP_RULE_FROM) | BIT(NP_RULE_TABLE) | BIT(NP_RULE_FWMARK) |
		       BIT(NP_RULE_FWMASK),
		.from = { .family = AF_INET, .len = 4, .bits = 16, .b = { 10, 1 } },
	};
	struct np_rule want = { .set = BIT(NP_RULE_FROM),
				.from = { .family = AF_INET, .len = 4, .bits = 8,
					  .b = { 10 } } };

	unit_ok(np_rule_match(&want, &rule, false), "a prefix lies in a wider one");
	want.from.bits = 24;
	unit_ok(!np_rule_match(&want, &rule, false), "not in a narrower one");
	want.from = (struct np_addr){ .family = AF_INET };
	unit_ok(np_rule_match(&want, &rule, false), "\"from all\" fits every rule");
	want = (struct np_rule){ .family = AF_INET6 };
	unit_ok(!np_rule_match(&want, &rule, false), "the other family");
	want = (struct np_rule){ .set = BIT(NP_RULE_TABLE) };
	unit_ok(np_rule_match(&want, &rule, false), "table 0 filters nothing");
	want.table = 6;
	unit_ok(!np_rule_match(&want, &rule, false), "another table does");
	want = (struct np_rule){ .set = BIT(NP_RULE_FWMARK), .fwmark = 7 };
	unit_ok(np_rule_match(&want, &rule, false), "a mark without its mask");
	want.set |= BIT(NP_RULE_FWMASK);
	want.fwmask = 1;
	unit_ok(!np_rule_match(&want, &rule, false), "another mask");
	want = (struct np_rule){ .set = BIT(NP_RULE_PROTOCOL), .protocol = 4 };
	unit_ok(np_rule_match(&want, &rule, false), "a list looks at no protocol, as ip's");
	unit_ok(!np_rule_match(&want, &rule, true), "a flush does");
}

int main(void)
{
	struct mock m = { .handle = silent };
	struct np_nl *nl = mock_open(&m);

	test_round_trips(nl);
	test_odd_messages(nl);
	test_words();
	test_rows();
	test_match();
	np_nl_close(nl);
	return unit_done();
}
