// SPDX-License-Identifier: GPL-2.0-or-later
/* lib/nft.h in a network namespace of its own: what is written is what the kernel and nft read. */
#include "lib/nft.h"
#include "lib/nft_ruleset.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <sched.h>
#include <stdlib.h>

#include "tests/unit/shell.h"
#include "tests/unit/unit.h"

static const struct np_nft_table table = { NFPROTO_INET, "unit" };

/* What nft lists; it must read its own listing again, too. */
static const char listing[] =
	"table inet unit {\n"
	"\tcomment \"a comment\"\n"
	"\tmap m {\n"
	"\t\ttype inet_proto . inet_service : verdict\n"
	"\t\telements = { tcp . 80 : goto to }\n"
	"\t}\n"
	"\n"
	"\tchain to {\n"
	"\t\tip protocol tcp counter packets 0 bytes 0 accept comment \"second\"\n"
	"\t}\n"
	"\n"
	"\tchain pre {\n"
	"\t\ttype filter hook prerouting priority raw; policy accept;\n"
	"\t\tmeta nftrace set 1 comment \"first\"\n"
	"\t\tct original ip daddr 192.0.2.1\n"
	"\t}\n"
	"}\n";

static void put_rules(struct np_nft *nft)
{
	static const uint8_t one = 1, tcp = 6, v4 = NFPROTO_IPV4, vip[] = { 192, 0, 2, 1 };
	uint32_t on = one;
	const struct np_nft_expr trace[] = {
		{ .op = NP_NFT_IMMEDIATE, .reg = NFT_REG_1, .data = &on, .len = sizeof(on) },
		{ .op = NP_NFT_META_SET, .key = NFT_META_NFTRACE, .reg = NFT_REG_1 },
	};
	const struct np_nft_expr ct[] = {
		{ .op = NP_NFT_CT, .key = NFT_CT_DST_IP, .reg = NFT_REG_1, .arg = 0 },
		{ .op = NP_NFT_CMP, .key = NFT_CMP_EQ, .reg = NFT_REG_1, .data = vip, .len = 4 },
	};
	const struct np_nft_expr accept[] = {
		{ .op = NP_NFT_META, .key = NFT_META_NFPROTO, .reg = NFT_REG_1 },
		{ .op = NP_NFT_CMP, .key = NFT_CMP_EQ, .reg = NFT_REG_1, .data = &v4, .len = 1 },
		{ .op = NP_NFT_PAYLOAD, .key = NFT_PAYLOAD_NETWORK_HEADER, .reg = NFT_REG_1, .arg = 9,
		  .len = 1 },
		{ .op = NP_NFT_CMP, .key = NFT_CMP_EQ, .reg = NFT_REG_1, .data = &tcp, .len = 1 },
		{ .op = NP_NFT_COUNTER },
		{ .op = NP_NFT_VERDICT, .key = NF_ACCEPT },
	};

	np_nft_add_rule(nft, "pre", trace, 2, "first");
	np_nft_add_rule(nft, "pre", ct, 2, NULL);
	np_nft_add_rule(nft, "to", accept, 6, "second");
}

static struct np_nft_elem elem = {
	.key = { 6, 0, 0, 0, 0, 80 }, .len = 8, .verdict = NFT_GOTO, .chain = "to",
};

static void put_all(struct np_nft *nft, uint32_t generation)
{
	np_nft_begin(nft, &table, generation);
	np_nft_add_table(nft, 0, "a comment");
	np_nft_add_map(nft, &(struct np_nft_map){
		"m", NP_NFT_TYPE_PROTO << NP_NFT_TYPE_BITS | NP_NFT_TYPE_PORT, 8 });
	np_nft_add_chain(nft, &(struct np_nft_chain){ .name = "to" });
	np_nft_add_chain(nft, &(struct np_nft_chain){ "pre", "filter", NF_INET_PRE_ROUTING, -300 });
	put_rules(nft);
	np_nft_add_elem(nft, "m", &elem);
}

static void test_write(struct np_nft *nft)
{
	struct np_err err = NP_ERR_INIT;
	uint32_t before = 0, after = 0;
	char text[2048];

	unit_int(np_nft_generation(nft, &before, &err), 0, "the generation");
	put_all(nft, before);
	unit_int(np_nft_commit(nft, &err), 0, "a batch");
	unit_str(err.text, "", "without an error");
	np_nft_generation(nft, &after, &err);
	unit_int(after, before + 1, "is one generation");
	shell_output("nft list ruleset", text, sizeof(text));
	unit_str(text, listing, "as nft lists it");
	shell_output("nft list ruleset | nft -c -f - 2>&1", text, sizeof(text));
	unit_str(text, "", "as nft reads it");
	put_all(nft, before);
	unit_int(np_nft_commit(nft, &err), -ERESTART, "a batch of another generation");
	unit_str(err.text, "nf_tables cannot begin a batch: its rules changed meanwhile", "is told");
}

static void test_read(struct np_nft *nft)
{
	struct np_err err = NP_ERR_INIT;
	struct np_nft_rule *rules;
	struct np_nft_elem *elems;
	char comment[64];
	size_t n;

	unit_int(np_nft_get_table(nft, &table, comment, sizeof(comment), &err), 0, "a table");
	unit_str(comment, "a comment", "with its comment");
	unit_int(np_nft_rules(nft, &table, &rules, &n, &err), 0, "its rules");
	unit_int((long long)n, 3, "all");
	unit_ok(!strcmp(rules[0].comment, "second") && !strcmp(rules[0].chain, "to") &&
		!strcmp(rules[1].comment, "first") && !*rules[2].comment, "with their comments");
	np_nft_begin(nft, &table, 0);
	np_nft_del_rules(nft, "pre", rules[1].handle);
	unit_int(np_nft_commit(nft, &err), 0, "a rule goes by its handle");
	free(rules);
	np_nft_rules(nft, &table, &rules, &n, &err);
	unit_ok(n == 2 && !*rules[1].comment, "that one");
	free(rules);
	unit_int(np_nft_elems(nft, &table, "m", &elems, &n, &err), 0, "the entries of a map");
	unit_ok(n == 1 && !memcmp(elems, &elem, sizeof(elem)), "are what was put there");
	free(elems);
}

/* Rules as nft writes them, and what we say of them where that is not the same. */
static const struct {
	const char *nft, *ours;
} rules[] = {
	{ "meta priority 1:a0 accept", NULL },
	{ "meta protocol ip meta pkttype broadcast drop", NULL },
	{ "meta pkttype multicast meta cpu 1 counter packets 0 bytes 0",
	  "meta pkttype multicast meta cpu 1" },
	{ "iifgroup 3 oifgroup 0 return", NULL },
	{ "meta priority none", NULL },
	{ "meta priority > 1:5 ct zone 3-9 drop",
	  "meta priority > 1:5 ct zone >= 3 ct zone <= 9 drop" },
	{ "meta cpu 1-3 meta mark >= 7 ct zone != 2 accept",
	  "meta cpu >= 1 meta cpu <= 3 meta mark >= 7 ct zone != 2 accept" },
	{ "ct zone 3 ct mark 0x00000007 accept", "ct zone 3 ct mark 7 accept" },
	{ "ct state established,related meta mark 42 accept", NULL },
	{ "ip saddr 10.0.0.0/8 tcp dport 80 drop", NULL },
	{ "ip6 daddr != 2001:db8::/32 udp sport 53 log prefix \"a b\" accept", NULL },
	{ "iifname \"eth*\" ip ttl 1 reject", NULL },
};

static void test_text(struct np_nft *nft)
{
	const size_t n = sizeof(rules) / sizeof(*rules);
	struct np_nft_ruleset rs = { 0 };
	struct np_err err = NP_ERR_INIT;
	char command[512], text[512];

	shell_output("nft add table inet words; nft add chain inet words c", text, sizeof(text));
	for (size_t i = 0; i < n; i++) {
		snprintf(command, sizeof(command), "nft add rule inet words c '%s' 2>&1",
			 rules[i].nft);
		shell_output(command, text, sizeof(text));
		unit_str(text, "", rules[i].nft);
	}
	unit_int(np_nft_ruleset_read(nft, &rs, &err), 0, "the rules of nft");
	unit_int((long long)rs.n_rules, (long long)n, "all");
	for (size_t i = 0; i < rs.n_rules && i < n; i++) {
		rs.rules[i].text[strcspn(rs.rules[i].text, "#") - 1] = '\0';
		unit_str(rs.rules[i].text, rules[i].ours ? rules[i].ours : rules[i].nft, "in words");
	}
	np_nft_ruleset_clean(&rs);
	shell_output("nft delete table inet words", text, sizeof(text));
}

static void test_nothing(struct np_nft *nft)
{
	struct np_err err = NP_ERR_INIT;
	struct np_nft_elem *elems;
	char text[2048];
	size_t n;

	np_nft_begin(nft, &table, 0);
	np_nft_del_elem(nft, "m", &elem);
	np_nft_del_chain(nft, "no");
	unit_int(np_nft_commit(nft, &err), -ENOENT, "a batch with an error");
	unit_str(err.text, "nf_tables cannot delete chain no: No such file or directory", "is told");
	np_nft_elems(nft, &table, "m", &elems, &n, &err);
	unit_int((long long)n, 1, "and does nothing");
	free(elems);
	unit_int(np_nft_elems(nft, &table, "no", &elems, &n, &err), -ENOENT, "no such map");
	unit_str(err.text, "nf_tables cannot list map no: No such file or directory", "is told");
	np_nft_begin(nft, &table, 0);
	unit_int(np_nft_commit(nft, &err), 0, "an empty batch");
	np_nft_begin(nft, &table, 0);
	np_nft_del_table(nft);
	unit_int(np_nft_commit(nft, &err), 0, "the table goes, with what is in it");
	unit_int(np_nft_get_table(nft, &table, text, sizeof(text), &err), -ENOENT, "it is gone");
	shell_output("nft list ruleset", text, sizeof(text));
	unit_str(text, "", "nothing is left");
}

/* A table with an owner is there as long as the socket is. */
static void test_owner(void)
{
	struct np_err err = NP_ERR_INIT;
	struct np_nft *nft;
	char text[2048];

	unit_int(np_nft_open(&nft, &err), 0, "another socket");
	np_nft_begin(nft, &table, 0);
	np_nft_add_table(nft, NFT_TABLE_F_OWNER, NULL);
	unit_int(np_nft_commit(nft, &err), 0, "owns a table");
	np_nft_close(nft);
	shell_output("for i in $(seq 100); do nft list ruleset | grep . || break; sleep 0.05; done "
	    ">/dev/null; nft list ruleset", text, sizeof(text));
	unit_str(text, "", "which goes with it");
}

int main(void)
{
	struct np_err err = NP_ERR_INIT;
	struct np_nft *nft;

	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
		puts("1..0 # skip no network namespace may be made here");
		return 0;
	}
	if (np_nft_open(&nft, &err)) {
		unit_ok(false, "a socket: %s", err.text);
		return unit_done();
	}
	test_write(nft);
	test_read(nft);
	test_nothing(nft);
	test_text(nft);
	np_nft_close(nft);
	test_owner();
	return unit_done();
}
