// SPDX-License-Identifier: GPL-2.0-or-later
/* A decision in sentences: each case is a small host, a packet and a line. */
#include "lib/explain.h"
#include "tests/unit/fib_host.h"

static struct np_names *names;
static struct np_explain_host said; /* its fib is a copy of the host of fib_host.h */

/* The rule as the kernel would have dumped it. */
static void word_rule(uint32_t priority, uint8_t action, uint32_t table, uint32_t mark)
{
	struct np_rule r = { .family = AF_INET, .action = action, .priority = priority,
			     .table = table, .fwmark = mark };

	r.set = 1u << NP_RULE_PRIORITY | 1u << NP_RULE_ACTION;
	r.set |= table ? 1u << NP_RULE_TABLE : 0;
	r.set |= mark ? 1u << NP_RULE_FWMARK : 0;
	np_explain_host_add_rule(&said, &r);
}

static void forget_words(void)
{
	for (size_t i = 0; i < said.n_rules; i++)
		free(said.rules[i].selector);
	said.n_rules = 0;
}

static void words_of_plain(void)
{
	word_rule(0, FR_ACT_TO_TBL, RT_TABLE_LOCAL, 0);
	word_rule(0x7ffe, FR_ACT_TO_TBL, RT_TABLE_MAIN, 0);
	word_rule(0x7fff, FR_ACT_TO_TBL, RT_TABLE_DEFAULT, 0);
}

typedef void say_fn(const struct np_explanation *x, struct np_line *l);

static void says(say_fn *say, struct np_flow f, const char *want)
{
	struct np_explanation x = { .host = &said, .flow = &f, .d = &d };
	struct np_line l = { .n = 0 };

	ask(f);
	said.fib = fib;
	say(&x, &l);
	unit_str(l.b, want, want);
}

static void test_cause(void)
{
	plain_host();
	fib.all[NP_FIB_RP_FILTER] = 1;
	says(np_explain_cause, flow("10.0.1.1", "192.0.2.1", B),
	     "rp_filter=1 on b (from all): replies to 192.0.2.1 leave by a");
	fib.all[NP_FIB_RP_FILTER] = 0;
	at(B)->conf[NP_FIB_RP_FILTER] = 1;
	says(np_explain_cause, flow("10.0.1.1", "192.0.2.1", B),
	     "rp_filter=1 on b: replies to 192.0.2.1 leave by a");
	at(B)->conf[NP_FIB_RP_FILTER] = 0;
	at(B)->conf[NP_FIB_FORWARDING] = 0;
	says(np_explain_cause, flow("10.0.0.7", "10.0.1.7", B), "forwarding=0 on b");
	at(B)->conf[NP_FIB_FORWARDING] = 1;
	fib.routes[fib.n_routes - 1].type = RTN_BLACKHOLE; /* default */
	says(np_explain_cause, flow("192.0.2.1", "10.0.1.7", B),
	     "BLACKHOLE by route default in table main");
	says(np_explain_cause, flow("10.0.0.7", "127.0.0.7", B),
	     "DROPPED: martian source 127.0.0.7 on b: a loopback source outside lo");
	says(np_explain_cause, flow("10.0.0.7", "10.0.1.7", B), "unicast: forwarded dev a");
}

static void test_refused_by_rule(void)
{
	host();
	rule(0, RT_TABLE_LOCAL);
	rule(100, 0)->action = FR_ACT_PROHIBIT;
	fib.rules[1].fwmark = fib.rules[1].fwmask = 3;
	fib.rules[1].set = NP_FRULE_FWMARK;
	default_rules();
	forget_words();
	word_rule(0, FR_ACT_TO_TBL, RT_TABLE_LOCAL, 0);
	word_rule(100, FR_ACT_PROHIBIT, 0, 3);
	{
		struct np_flow f = flow("10.0.0.7", NULL, 0);

		f.mark = 3;
		says(np_explain_cause, f, "PROHIBITED by rule 100");
		says(np_explain_agrees, f, "kernel not asked");
	}
}

#define ON(id) (1u << NP_RULE_##id)

/* Where a rule's words are cut: links and tables may have the names of actions. */
static void test_cut(void)
{
	static const struct {
		struct np_rule rule;
		const char *selector, *action;
	} rows[] = {
		{ { .set = ON(IIF) | ON(TABLE), .iif = "lookup", .table = 7,
		    .action = FR_ACT_TO_TBL }, "from all iif lookup", "lookup 7" },
		{ { .set = ON(IIF) | ON(OIF), .iif = "goto", .oif = "nop",
		    .action = FR_ACT_BLACKHOLE }, "from all iif goto oif nop", "blackhole" },
		{ { .set = ON(OIF) | ON(GOTO), .oif = "prohibit", .goto_priority = 9,
		    .action = FR_ACT_GOTO }, "from all oif prohibit", "goto 9" },
		{ { .set = ON(IIF), .iif = "a", .action = FR_ACT_NOP }, "from all iif a", "nop" },
		{ { .set = ON(L3MDEV) | ON(UIDRANGE), .l3mdev = 1, .uid = { 5, 9 },
		    .action = FR_ACT_TO_TBL }, "from all", "lookup [l3mdev-table] uidrange 5-9" },
		{ { .set = ON(TABLE) | ON(SUPPRESS_PREFIXLEN) | ON(PROTOCOL), .table = 7,
		    .suppress_ifgroup = UINT32_MAX, .protocol = 4, .action = FR_ACT_TO_TBL },
		  "from all", "lookup 7 suppress_prefixlength 0 proto static" },
		{ { .set = ON(REALMS), .realms = 3, .action = FR_ACT_PROHIBIT },
		  "from all realms 3", "prohibit" },
		{ { .set = 0, .action = FR_ACT_TO_TBL }, "from all", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct np_rule r = rows[i].rule;

		r.family = AF_INET;
		r.set |= ON(PRIORITY) | ON(ACTION);
		unit_int(np_explain_host_add_rule(&said, &r), 0, "a rule is put in words");
		unit_str(said.rules[said.n_rules - 1].selector, rows[i].selector, "… its selectors");
		unit_str(said.rules[said.n_rules - 1].action, rows[i].action, "… its action");
	}
}

int main(void)
{
	static const char *const nowhere[] = { NULL };
	const struct np_names_opts opts = { .dirs = nowhere };

	names = np_names_new(&opts);
	said.names = names;
	words_of_plain();
	test_cause();
	test_refused_by_rule();
	test_cut();
	forget_words();
	free(said.rules);
	np_fib_clean(&fib);
	np_fib_decision_clean(&d);
	np_names_free(names);
	return unit_done();
}
