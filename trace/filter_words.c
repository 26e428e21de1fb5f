// SPDX-License-Identifier: GPL-2.0-or-later
/* A filter in the words of nft(8). */
#include <errno.h>
#include <string.h>

#include "lib/cli.h"
#include "lib/trace.h"
#include "trace/filter.h"

#define PATH 3

/* Words in a row, the field that they say, and what else they imply. */
static const struct {
	const char *path[PATH]; /* NULL: the path is shorter */
	enum filter_field field;
	const char *value;  /* NULL: a word follows */
	const char *proto;  /* "tcp dport" says the protocol too */
	uint8_t families;
} rows[] = {
	{ { "ip", "saddr" }, FILTER_SRC, NULL, NULL, FILTER_V4 },
	{ { "ip", "daddr" }, FILTER_DST, NULL, NULL, FILTER_V4 },
	{ { "ip", "protocol" }, FILTER_PROTO, NULL, NULL, FILTER_V4 },
	{ { "ip6", "saddr" }, FILTER_SRC, NULL, NULL, FILTER_V6 },
	{ { "ip6", "daddr" }, FILTER_DST, NULL, NULL, FILTER_V6 },
	{ { "ip6", "nexthdr" }, FILTER_PROTO, NULL, NULL, FILTER_V6 },
	{ { "tcp", "sport" }, FILTER_SPORT, NULL, "tcp", 0 },
	{ { "tcp", "dport" }, FILTER_DPORT, NULL, "tcp", 0 },
	{ { "tcp", "flags", "syn" }, FILTER_SYN, "", "tcp", 0 },
	{ { "udp", "sport" }, FILTER_SPORT, NULL, "udp", 0 },
	{ { "udp", "dport" }, FILTER_DPORT, NULL, "udp", 0 },
	{ { "sctp", "sport" }, FILTER_SPORT, NULL, "sctp", 0 },
	{ { "sctp", "dport" }, FILTER_DPORT, NULL, "sctp", 0 },
	{ { "meta", "l4proto" }, FILTER_PROTO, NULL, NULL, 0 },
	{ { "meta", "mark" }, FILTER_MARK, NULL, NULL, 0 },
	{ { "meta", "iifname" }, FILTER_IN, NULL, NULL, 0 },
	{ { "meta", "oifname" }, FILTER_OUT, NULL, NULL, 0 },
	{ { "meta", "nftrace", "set" }, FILTER_TARGET, "TRACE", NULL, 0 },
	{ { "mark" }, FILTER_MARK, NULL, NULL, 0 },
	{ { "iif" }, FILTER_IN, NULL, NULL, 0 },
	{ { "iifname" }, FILTER_IN, NULL, NULL, 0 },
	{ { "oif" }, FILTER_OUT, NULL, NULL, 0 },
	{ { "oifname" }, FILTER_OUT, NULL, NULL, 0 },
	{ { "limit", "rate" }, FILTER_LIMIT, NULL, NULL, 0 },
	{ { "counter" }, FILTER_TARGET, "TRACE", NULL, 0 },
	{ { "icmp" }, FILTER_PROTO, "icmp", NULL, 0 },
	{ { "icmpv6" }, FILTER_PROTO, "icmpv6", NULL, 0 },
	{ { "TRACE" }, FILTER_TARGET, "TRACE", NULL, 0 },
	{ { "PREROUTING" }, FILTER_CHAIN, "PREROUTING", NULL, 0 },
	{ { "prerouting" }, FILTER_CHAIN, "PREROUTING", NULL, 0 },
	{ { "OUTPUT" }, FILTER_CHAIN, "OUTPUT", NULL, 0 },
	{ { "output" }, FILTER_CHAIN, "OUTPUT", NULL, 0 },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* How many words of a row are at the cursor: all of them, or 0. */
static int path_len(const char *const path[PATH], const struct np_args *args)
{
	int n = 0;

	while (n < PATH && path[n]) {
		if (args->at + n >= args->argc || strcmp(args->argv[args->at + n], path[n]) != 0)
			return 0;
		n++;
	}
	return n;
}

/* What the words of a row imply, beside what they say: "tcp dport" TCP, "ip saddr" IPv4. */
static int imply(struct filter *f, size_t row, int word, struct np_err *err)
{
	const char *proto = rows[row].proto;

	if (rows[row].families && f->families && f->families != rows[row].families)
		return np_err_word(err, EINVAL, word, "no packet is IPv4 and IPv6");
	if (rows[row].families)
		f->families = rows[row].families;
	if (!proto)
		return 0;
	if (!(f->set & 1u << FILTER_PROTO))
		return filter_set(f, FILTER_PROTO, proto, false, word, err);
	if (f->proto != np_proto_parse(proto, strlen(proto)))
		return np_err_word(err, EINVAL, word, "another protocol than %s was said before",
			proto);
	return 0;
}

static int take(struct filter *f, size_t row, struct np_args *args, struct np_err *err)
{
	const char *value = rows[row].value, *next;
	bool not = false;
	int ret;

	if (rows[row].field == FILTER_TARGET && rows[row].path[1])
		(void)np_args_next(args); /* nftrace set 1 */
	if (!value) {
		next = np_args_peek(args);
		not = next && !strcmp(next, "!=");
		if (not || (next && !strcmp(next, "==")))
			(void)np_args_next(args);
		ret = np_args_need(args, &value, "a value", err);
		if (ret)
			return ret;
	}
	ret = imply(f, row, args->at - 1, err);
	if (ret)
		return ret;
	ret = filter_set(f, rows[row].field, value, not, args->at - 1, err);
	return ret ? ret : 1;
}

int filter_nft(struct filter *f, struct np_args *args, struct np_err *err)
{
	for (size_t i = 0; i < ROWS; i++) {
		int n = path_len(rows[i].path, args);

		if (n) {
			args->at += n;
			return take(f, i, args, err);
		}
	}
	return 0;
}

/* What tcpdump(8) has other words for. */
static const struct {
	const char *word, *next; /* NULL: whatever follows */
	const char *ours;
} tcpdumps[] = {
	{ "src", "port", "-p tcp --sport PORT" },
	{ "dst", "port", "-p tcp --dport PORT" },
	{ "src", NULL, "-s ADDRESS" },
	{ "dst", NULL, "-d ADDRESS" },
	{ "host", NULL, "-s ADDRESS for what comes from it, -d ADDRESS for what goes to it" },
	{ "net", NULL, "-s PREFIX for what comes from it, -d PREFIX for what goes to it" },
	{ "port", NULL, "-p tcp --dport PORT, or --sport PORT for the answers" },
	{ "portrange", NULL, "-p tcp --dport FIRST:LAST, or --sport" },
	{ "proto", NULL, "-p PROTOCOL" },
	{ "and", NULL, "nothing: all that is said must match" },
	{ "not", NULL, "! before an option, != in nft's words" },
};

static bool is_tcpdumps(const struct np_args *args, struct np_err *err)
{
	const char *word = np_args_peek(args);
	const char *next = args->at + 1 < args->argc ? args->argv[args->at + 1] : "";

	for (size_t i = 0; i < sizeof(tcpdumps) / sizeof(tcpdumps[0]); i++) {
		if (strcmp(word, tcpdumps[i].word) != 0 ||
			(tcpdumps[i].next && strcmp(next, tcpdumps[i].next) != 0))
			continue;
		np_err_word(err, EINVAL, args->at, "\"%s\" is tcpdump's word; here it is %s", word,
			tcpdumps[i].ours);
		return true;
	}
	return false;
}

/* How many words at the cursor are the beginning of a row. */
static int row_begins(size_t row, const struct np_args *args)
{
	int n = 0;

	while (n < PATH && rows[row].path[n] && args->at + n < args->argc &&
		!strcmp(args->argv[args->at + n], rows[row].path[n]))
		n++;
	return n;
}

static bool rows_say_proto(const char *word)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].proto && !strcmp(rows[i].proto, word))
			return true;
	return false;
}

int filter_no_match(const struct np_args *args, struct np_err *err)
{
	struct np_args at = *args;
	struct np_nearest near = { .word = "" };
	char can[80] = "";
	int most = 0;

	for (size_t i = 0; i < ROWS; i++)
		most = row_begins(i, args) > most ? row_begins(i, args) : most;
	at.at += most;
	if (at.at < at.argc && is_tcpdumps(&at, err))
		return -EINVAL;
	near.word = at.at < at.argc ? at.argv[at.at] : "";
	for (size_t i = 0, n = 0; i < ROWS; i++) {
		const char *word = most < PATH ? rows[i].path[most] : NULL;

		if (!word || row_begins(i, args) != most)
			continue;
		np_nearest_try(&near, word);
		if (most && n < sizeof(can))
			n += (size_t)snprintf(can + n, sizeof(can) - n, "%s%s", n ? ", " : "",
				word);
	}
	if (near.best)
		return np_err_word(err, EINVAL, at.at, "\"%s\" is no word of a match: did you mean "
			"\"%s\"?", near.word, near.best);
	if (most)
		return np_err_word(err, EINVAL, at.at < at.argc ? at.at : at.argc - 1,
			"behind \"%s\" one of these is wanted: %s%s%s", at.argv[at.at - 1], can,
			rows_say_proto(at.argv[at.at - 1]) ? "; alone it is -p " : "",
			rows_say_proto(at.argv[at.at - 1]) ? at.argv[at.at - 1] : "");
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].path[1] && !strcmp(rows[i].path[1], near.word))
			return np_err_word(err, EINVAL, at.at, "\"%s\" wants a word before it: "
				"%s %s", near.word, rows[i].path[0], near.word);
	return np_err_word(err, EINVAL, args->at, "\"%s\" is none of the words of a match, "
		"iptables' or nft's", near.word);
}

void filter_complete(FILE *fp, const char *prefix)
{
	for (size_t i = 0; i < ROWS; i++) {
		const char *word = rows[i].path[0];
		bool again = i && !strcmp(rows[i - 1].path[0], word);

		if (!again && !strncmp(word, prefix, strlen(prefix)))
			fprintf(fp, "%s\n", word);
	}
}
