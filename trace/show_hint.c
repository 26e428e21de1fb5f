// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/show_hint.h"

#include <sys/socket.h>

static bool asks_ipv6(const struct select *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		const struct select_term *t = &s->terms[i];

		if ((t->kind == SELECT_SRC || t->kind == SELECT_DST) &&
		    t->u.prefix.family == AF_INET6)
			return true;
	}
	return false;
}

void show_hint_no_trace(FILE *say, const struct show_request *req)
{
	const char *tool = asks_ipv6(&req->select) ? "ip6tables-legacy" : "iptables-legacy";

	fputs("pkttrace: no TRACE line in", say);
	for (unsigned i = 0; i < req->n_files && i < 3; i++)
		fprintf(say, "%s %s", i ? "," : "", req->files[i]);
	if (req->n_files > 3)
		fprintf(say, " and %u more", req->n_files - 3);
	fprintf(say, "\n"
		"  to make some, trace the packets in question as root:\n"
		"    modprobe nf_log_syslog\n"
		"    %s -t raw -I PREROUTING -p tcp --dport 8081 -j TRACE\n"
		"    %s -t raw -I OUTPUT -p tcp --dport 8081 -j TRACE\n"
		"  send one, and look again. (The TRACE of iptables-nft writes no log.)\n",
		tool, tool);
}

static void say_left_out(FILE *say, uint64_t n, const char *one, const char *many)
{
	if (n)
		fprintf(say, "pkttrace: %llu TRACE %s: left out\n", (unsigned long long)n,
			n == 1 ? one : many);
}

static void say_back(FILE *say, const char *host, const char *how)
{
	if (host)
		fprintf(say, "pkttrace: the log%s%s runs backwards%s; give it oldest first\n",
			*host ? " of " : "", host, how);
}

void show_hint_stats(FILE *say, const struct timeline_stats *stats)
{
	say_left_out(say, stats->duplicates, "line that was read before",
		"lines that were read before");
	say_left_out(say, stats->cut, "line that was cut off, of a packet told by whole ones",
		"lines that were cut off, of packets told by whole ones");
	say_left_out(say, stats->imitations, "look-alike that a LOG rule's prefix makes",
		"look-alikes that a LOG rule's prefix makes");
	say_back(say, stats->reversed, ": a packet's lines come apart, and how it ended is not "
		"known");
	say_back(say, stats->older, " at a place: a packet there comes apart");
}

void show_hint_damaged(FILE *say, const char *name, uint64_t number, const char *line, size_t len,
	const char *why)
{
	fprintf(say, "pkttrace: %s:%llu: skipped: %s\n  ", name, (unsigned long long)number,
		why ? why : "not understood");
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];

		fputc(c < 0x20 || c >= 0x7f ? '?' : c, say);
	}
	fputc('\n', say);
}
