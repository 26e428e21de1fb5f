// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/trace.h"

#include "tests/unit/unit.h"

static void hooks(void)
{
	unsigned bad = 0;

	for (int h = NP_HOOK_PREROUTING; h <= NP_HOOK_POSTROUTING; h++)
		bad += np_hook_of_chain(np_hook_name((enum np_hook)h)) != (enum np_hook)h;
	unit_int(bad, 0, "a hook's name leads back to the hook");
	unit_str(np_hook_name(NP_HOOK_UNKNOWN), "?", "no hook has the name ?");
	unit_str(np_hook_name((enum np_hook)99), "?", "nor has a number past the last");
	unit_str(np_hook_word(NP_HOOK_POSTROUTING), "postrouting", "as nf_tables has it");
	unit_str(np_hook_word((enum np_hook)99), "?", "and likewise");
	unit_int(np_hook_of_chain("KUBE-SERVICES"), NP_HOOK_UNKNOWN, "a user chain has no hook");
	unit_int(np_hook_of_chain("?"), NP_HOOK_UNKNOWN, "nor has ?");
	unit_str(np_trace_type_name(NP_TRACE_RETURN), "return", "types have names");
}

/* The tables in the order in which a hook passes them, as reference for np_table_order(). */
static void order(enum np_hook hook, const char *const *tables, int n)
{
	static const char *const all[] = { "raw", "static_nat", "mangle", "nat", "filter",
		"security", "broute" };
	unsigned bad = 0;

	for (int i = 0; i < n; i++)
		bad += np_table_order(hook, tables[i]) != i;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		bool there = false;

		for (int j = 0; j < n; j++)
			there |= !strcmp(tables[j], all[i]);
		bad += !there && np_table_order(hook, all[i]) != -1;
	}
	unit_int(bad, 0, np_hook_name(hook));
}

static void protos(void)
{
	unsigned bad = 0;

	unit_str(np_proto_name(6), "tcp", "6 is tcp");
	unit_str(np_proto_name(136), "udplite", "136 is udplite");
	unit_str(np_proto_name(58), "icmpv6", "58 is icmpv6");
	unit_ok(!np_proto_name(253), "253 has no name");
	unit_int(np_proto_parse("ICMPv6", 6), 58, "the kernel's spelling is read");
	unit_int(np_proto_parse("ipv6-icmp", 9), 58, "that of /etc/protocols too");
	unit_int(np_proto_parse("132", 3), 132, "and a number");
	unit_int(np_proto_parse("256", 3), -1, "no protocol is 256");
	unit_int(np_proto_parse("tc", 2), -1, "a cut name is none");
	unit_int(np_proto_parse("", 0), -1, "nothing is none");
	unit_int(np_proto_parse("6x", 2), -1, "6x is none");
	for (int p = 0; p < 256; p++) {
		const char *name = np_proto_name((uint8_t)p);

		bad += name && np_proto_parse(name, strlen(name)) != p;
	}
	unit_int(bad, 0, "a protocol's name leads back to its number");
}

int main(void)
{
	hooks();
	order(NP_HOOK_PREROUTING, (const char *const[]){ "raw", "static_nat", "mangle", "nat" }, 4);
	order(NP_HOOK_INPUT,
		(const char *const[]){ "static_nat", "mangle", "filter", "security", "nat" }, 5);
	order(NP_HOOK_FORWARD, (const char *const[]){ "mangle", "filter", "security" }, 3);
	order(NP_HOOK_OUTPUT,
		(const char *const[]){ "raw", "static_nat", "mangle", "nat", "filter", "security" },
		6);
	order(NP_HOOK_POSTROUTING, (const char *const[]){ "static_nat", "mangle", "nat" }, 3);
	order(NP_HOOK_UNKNOWN, NULL, 0);
	protos();
	return unit_done();
}
