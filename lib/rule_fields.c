// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/fib_rules.h>
#include <string.h>

#include "lib/cli.h"
#include "lib/rule.h"

#define AT(member) .offset = offsetof(struct np_rule, member)

const struct np_rule_field np_rule_fields[NP_RULE_IDS] = {
	[NP_RULE_PRIORITY] = { .json = "priority", .value = "NUMBER", .expected = "a priority",
		.type = NP_RULE_T_U32, .attr = FRA_PRIORITY, AT(priority) },
	[NP_RULE_NOT] = { .label = "not ", .json = "not", .value = "", .type = NP_RULE_T_FLAG,
		AT(flags) },
	[NP_RULE_FROM] = { .label = "from ", .json = "src", .json2 = "srclen", .value = "PREFIX",
		.expected = "a prefix", .type = NP_RULE_T_PREFIX, .attr = FRA_SRC, AT(from) },
	[NP_RULE_TO] = { .label = " to ", .json = "dst", .json2 = "dstlen", .value = "PREFIX",
		.expected = "a prefix", .type = NP_RULE_T_PREFIX, .attr = FRA_DST, AT(to) },
	[NP_RULE_TOS] = { .label = " tos ", .json = "tos", .value = "TOS",
		.expected = "a type of service (a word of rt_dsfield, or hex)",
		.type = NP_RULE_T_DSFIELD, AT(tos) },
	[NP_RULE_FWMARK] = { .label = " fwmark ", .json = "fwmark", .json2 = "fwmask",
		.value = "FWMARK[/MASK]", .expected = "a mark (MARK or MARK/MASK)",
		.type = NP_RULE_T_MARK, .attr = FRA_FWMARK, AT(fwmark) },
	[NP_RULE_IIF] = { .label = " iif ", .json = "iif", .json2 = "iif_detached",
		.value = "DEV", .expected = NP_IFNAME_EXPECTED,
		.type = NP_RULE_T_IFNAME, .attr = FRA_IFNAME, AT(iif),
		.detached = FIB_RULE_IIF_DETACHED },
	[NP_RULE_OIF] = { .label = " oif ", .json = "oif", .json2 = "oif_detached",
		.value = "DEV", .expected = NP_IFNAME_EXPECTED,
		.type = NP_RULE_T_IFNAME, .attr = FRA_OIFNAME, AT(oif),
		.detached = FIB_RULE_OIF_DETACHED },
	[NP_RULE_L3MDEV] = { .label = " lookup [l3mdev-table]", .json = "l3mdev", .value = "",
		.type = NP_RULE_T_L3MDEV, .attr = FRA_L3MDEV, AT(l3mdev) },
	[NP_RULE_UIDRANGE] = { .label = " uidrange ", .json = "uid_start", .json2 = "uid_end",
		.value = "NUMBER-NUMBER", .expected = "a range of user ids (START-END)",
		.type = NP_RULE_T_UIDRANGE, .attr = FRA_UID_RANGE, AT(uid) },
	[NP_RULE_IPPROTO] = { .label = " ipproto ", .json = "ipproto", .value = "PROTOCOL",
		.expected = "an IP protocol (tcp, udp, … or 0 to 255)",
		.type = NP_RULE_T_IPPROTO, .attr = FRA_IP_PROTO, AT(ipproto) },
	[NP_RULE_SPORT] = { .label = " sport ", .json = "sport", .value = "NUMBER[-NUMBER]",
		.expected = "a port or a range of ports (80 or 1024-65535)",
		.type = NP_RULE_T_PORTS, .attr = FRA_SPORT_RANGE, AT(sport) },
	[NP_RULE_DPORT] = { .label = " dport ", .json = "dport", .value = "NUMBER[-NUMBER]",
		.expected = "a port or a range of ports (80 or 1024-65535)",
		.type = NP_RULE_T_PORTS, .attr = FRA_DPORT_RANGE, AT(dport) },
	[NP_RULE_TUN_ID] = { .label = " tun_id ", .json = "tun_id", .value = "NUMBER",
		.expected = "the number of a tunnel", .type = NP_RULE_T_TUN_ID,
		.attr = FRA_TUN_ID, AT(tun_id) },
	[NP_RULE_TABLE] = { .label = " lookup ", .json = "table", .value = "TABLE",
		.expected = "a table (a number, or a word of rt_tables)",
		.type = NP_RULE_T_TABLE, .attr = FRA_TABLE, AT(table) },
	[NP_RULE_SUPPRESS_PREFIXLEN] = { .label = " suppress_prefixlength ",
		.json = "suppress_prefixlen", .value = "NUMBER", .expected = "a prefix length",
		.type = NP_RULE_T_LENGTH, .attr = FRA_SUPPRESS_PREFIXLEN, AT(suppress_prefixlen) },
	[NP_RULE_SUPPRESS_IFGROUP] = { .label = " suppress_ifgroup ", .json = "suppress_ifgroup",
		.value = "GROUP", .expected = "a group of interfaces", .type = NP_RULE_T_GROUP,
		.attr = FRA_SUPPRESS_IFGROUP, AT(suppress_ifgroup) },
	[NP_RULE_REALMS] = { .label = " realms ", .json = "flow_from", .json2 = "flow_to",
		.value = "[SRCREALM/]DSTREALM", .expected = "a realm ([SOURCE/]DESTINATION)",
		.type = NP_RULE_T_REALMS, .attr = FRA_FLOW, AT(realms) },
	[NP_RULE_NAT] = { .label = " map-to ", .json = "nat_gateway", .json2 = "masquerade",
		.value = "ADDRESS", .expected = "an IPv4 address", .type = NP_RULE_T_NAT,
		.attr = FRA_UNUSED2, AT(nat) },
	[NP_RULE_GOTO] = { .label = " goto ", .json = "goto", .json2 = "unresolved",
		.value = "NUMBER", .expected = "the priority of the rule to go on with",
		.type = NP_RULE_T_GOTO, .attr = FRA_GOTO, AT(goto_priority) },
	[NP_RULE_ACTION] = { .label = " ", .json = "action", .json2 = "nop", .value = "",
		.expected = "an action", .type = NP_RULE_T_ACTION, AT(action) },
	[NP_RULE_PROTOCOL] = { .label = " proto ", .json = "protocol", .value = "PROTO",
		.expected = "a routing protocol (a number, or a word of rt_protos)",
		.type = NP_RULE_T_PROTOCOL, .attr = FRA_PROTOCOL, AT(protocol) },
};

#define BOTH (NP_RULE_ADD | NP_RULE_LIST)
#define BOTH_SHORT (NP_RULE_ADD_SHORT | NP_RULE_LIST_SHORT)

const struct np_rule_word np_rule_words[] = {
	{ "preference", NP_RULE_PRIORITY, BOTH_SHORT },
	{ "order", NP_RULE_PRIORITY, BOTH_SHORT },
	{ "priority", NP_RULE_PRIORITY, BOTH_SHORT },
	{ "not", NP_RULE_NOT, BOTH },
	{ "tos", NP_RULE_TOS, BOTH },
	{ "dsfield", NP_RULE_TOS, NP_RULE_ADD_SHORT | NP_RULE_LIST },
	{ "fwmark", NP_RULE_FWMARK, BOTH },
	{ "iif", NP_RULE_IIF, BOTH },
	{ "dev", NP_RULE_IIF, BOTH | NP_RULE_OLD },
	{ "oif", NP_RULE_OIF, BOTH },
	{ "l3mdev", NP_RULE_L3MDEV, BOTH },
	{ "uidrange", NP_RULE_UIDRANGE, BOTH },
	{ "realms", NP_RULE_REALMS, NP_RULE_ADD_SHORT },
	{ "tun_id", NP_RULE_TUN_ID, BOTH_SHORT },
	{ "lookup", NP_RULE_TABLE, NP_RULE_ADD | NP_RULE_LIST_SHORT },
	{ "table", NP_RULE_TABLE, BOTH_SHORT },
	{ "from", NP_RULE_FROM, NP_RULE_ADD | NP_RULE_LIST_SHORT },
	{ "src", NP_RULE_FROM, NP_RULE_LIST_SHORT },
	{ "protocol", NP_RULE_PROTOCOL, BOTH_SHORT },
	{ "ipproto", NP_RULE_IPPROTO, BOTH },
	{ "sport", NP_RULE_SPORT, BOTH },
	{ "dport", NP_RULE_DPORT, BOTH },
	{ "suppress_prefixlength", NP_RULE_SUPPRESS_PREFIXLEN, NP_RULE_ADD_SHORT },
	{ "sup_pl", NP_RULE_SUPPRESS_PREFIXLEN, NP_RULE_ADD },
	{ "suppress_ifgroup", NP_RULE_SUPPRESS_IFGROUP, NP_RULE_ADD_SHORT },
	{ "sup_group", NP_RULE_SUPPRESS_IFGROUP, NP_RULE_ADD },
	{ "nat", NP_RULE_NAT, NP_RULE_ADD },
	{ "map-to", NP_RULE_NAT, NP_RULE_ADD_SHORT },
	{ "dst", NP_RULE_TO, NP_RULE_LIST_SHORT },
	{ "to", NP_RULE_TO, NP_RULE_ADD | NP_RULE_LIST_SHORT },
	{ "goto", NP_RULE_GOTO, NP_RULE_ADD_SHORT },
};
const size_t np_rule_n_words = sizeof(np_rule_words) / sizeof(np_rule_words[0]);

const struct np_rule_word *np_rule_word_find(const char *word, bool list)
{
	unsigned whole = list ? NP_RULE_LIST : NP_RULE_ADD;
	unsigned shortened = list ? NP_RULE_LIST_SHORT : NP_RULE_ADD_SHORT;

	for (size_t i = 0; i < np_rule_n_words; i++) {
		const struct np_rule_word *w = &np_rule_words[i];

		if ((w->use & whole && !strcmp(word, w->word)) ||
		    (w->use & shortened && np_abbrev(word, w->word)))
			return w;
	}
	return NULL;
}
