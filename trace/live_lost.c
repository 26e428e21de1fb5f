// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/live_lost.h"

void live_say_lost(FILE *say, const struct monitor_counts *c)
{
	if (c->lost)
		fprintf(say, "pkttrace: events came faster than they could be read, and were lost "
			"%llu time%s: try a narrower match, or --limit\n",
			(unsigned long long)c->lost, c->lost == 1 ? "" : "s");
	if (c->lost_lines)
		fprintf(say, "pkttrace: the kernel's log was written over %llu time%s before it "
			"was read: steps of legacy iptables are missing\n",
			(unsigned long long)c->lost_lines, c->lost_lines == 1 ? "" : "s");
}
