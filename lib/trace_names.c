// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace.h"

#include <netinet/in.h>
#include <string.h>
#include <strings.h>

/* Each as a chain of iptables, and as nf_tables and our JSON have it. */
static const struct {
	const char *name, *word;
} hooks[] = {
	[NP_HOOK_UNKNOWN] = { "?", "?" },
	[NP_HOOK_PREROUTING] = { "PREROUTING", "prerouting" },
	[NP_HOOK_INPUT] = { "INPUT", "input" },
	[NP_HOOK_FORWARD] = { "FORWARD", "forward" },
	[NP_HOOK_OUTPUT] = { "OUTPUT", "output" },
	[NP_HOOK_POSTROUTING] = { "POSTROUTING", "postrouting" },
};
#define N_HOOKS (sizeof(hooks) / sizeof(hooks[0]))

const char *np_hook_name(enum np_hook hook)
{
	return hooks[(unsigned)hook < N_HOOKS ? hook : NP_HOOK_UNKNOWN].name;
}

const char *np_hook_word(enum np_hook hook)
{
	return hooks[(unsigned)hook < N_HOOKS ? hook : NP_HOOK_UNKNOWN].word;
}

const char *np_trace_type_name(enum np_trace_type type)
{
	switch (type) {
	case NP_TRACE_RULE:
		return "rule";
	case NP_TRACE_RETURN:
		return "return";
	case NP_TRACE_HOOK:
		return "hook";
	case NP_TRACE_POLICY:
		break;
	}
	return "policy";
}

enum np_hook np_hook_of_chain(const char *chain)
{
	for (unsigned h = NP_HOOK_PREROUTING; h < N_HOOKS; h++)
		if (!strcmp(chain, hooks[h].name))
			return (enum np_hook)h;
	return NP_HOOK_UNKNOWN;
}

/*
 * A row a table; its place at each hook, 0: no chain there. static_nat, which is
 * a module of its own, stands on both sides of conntrack. nat comes after mangle
 * where destinations are rewritten (PREROUTING, OUTPUT), and last where sources
 * are (INPUT, POSTROUTING); filter comes after nat at OUTPUT.
 */
static const struct {
	const char *table;
	signed char place[N_HOOKS];
} table_places[] = {
	{ "raw", { [NP_HOOK_PREROUTING] = 1, [NP_HOOK_OUTPUT] = 1 } },
	{ "static_nat",
		{ [NP_HOOK_PREROUTING] = 2,
			[NP_HOOK_INPUT] = 1,
			[NP_HOOK_OUTPUT] = 2,
			[NP_HOOK_POSTROUTING] = 1 } },
	{ "mangle",
		{ [NP_HOOK_PREROUTING] = 3,
			[NP_HOOK_INPUT] = 2,
			[NP_HOOK_FORWARD] = 1,
			[NP_HOOK_OUTPUT] = 3,
			[NP_HOOK_POSTROUTING] = 2 } },
	{ "nat",
		{ [NP_HOOK_PREROUTING] = 4,
			[NP_HOOK_INPUT] = 5,
			[NP_HOOK_OUTPUT] = 4,
			[NP_HOOK_POSTROUTING] = 3 } },
	{ "filter", { [NP_HOOK_INPUT] = 3, [NP_HOOK_FORWARD] = 2, [NP_HOOK_OUTPUT] = 5 } },
	{ "security", { [NP_HOOK_INPUT] = 4, [NP_HOOK_FORWARD] = 3, [NP_HOOK_OUTPUT] = 6 } },
};

int np_table_order(enum np_hook hook, const char *table)
{
	if ((unsigned)hook >= N_HOOKS)
		return -1;
	for (size_t i = 0; i < sizeof(table_places) / sizeof(table_places[0]); i++)
		if (!strcmp(table, table_places[i].table))
			return table_places[i].place[hook] - 1;
	return -1;
}

bool np_table_translates(const char *table)
{
	return table && (!strcmp(table, "nat") || !strcmp(table, "static_nat"));
}

/* Names of https://www.iana.org/assignments/protocol-numbers, as /etc/protocols writes them. */
static const struct proto {
	const char *name;
	uint8_t number;
} protos[] = {
	{ "icmp", IPPROTO_ICMP },
	{ "igmp", IPPROTO_IGMP },
	{ "ipip", IPPROTO_IPIP },
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "dccp", IPPROTO_DCCP },
	{ "ipv6", IPPROTO_IPV6 },
	{ "gre", IPPROTO_GRE },
	{ "esp", IPPROTO_ESP },
	{ "ah", IPPROTO_AH },
	{ "icmpv6", IPPROTO_ICMPV6 },
	{ "pim", IPPROTO_PIM },
	{ "vrrp", 112 },
	{ "l2tp", 115 },
	{ "sctp", IPPROTO_SCTP },
	{ "udplite", IPPROTO_UDPLITE },
};
#define N_PROTOS (sizeof(protos) / sizeof(protos[0]))

/* Other spellings: found by name, never printed. */
static const struct proto spellings[] = {
	{ "ipv6-icmp", IPPROTO_ICMPV6 },
	{ "icmp6", IPPROTO_ICMPV6 },
	{ "ipencap", IPPROTO_IPIP },
	{ "ospf", 89 }, /* a number in the kernel's lines, and in ours */
};
#define N_SPELLINGS (sizeof(spellings) / sizeof(spellings[0]))

const char *np_proto_name(uint8_t proto)
{
	for (size_t i = 0; i < N_PROTOS; i++)
		if (protos[i].number == proto)
			return protos[i].name;
	return NULL;
}

static int by_name(const struct proto *p, size_t n, const char *word, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(p[i].name) == len && !strncasecmp(p[i].name, word, len))
			return p[i].number;
	return -1;
}

int np_proto_parse(const char *word, size_t len)
{
	unsigned n = 0;
	int proto = by_name(protos, N_PROTOS, word, len);

	if (proto < 0)
		proto = by_name(spellings, N_SPELLINGS, word, len);
	if (proto >= 0)
		return proto;
	if (!len || len > 3)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (word[i] < '0' || word[i] > '9')
			return -1;
		n = n * 10 + (unsigned)(word[i] - '0');
	}
	return n > 255 ? -1 : (int)n;
}
