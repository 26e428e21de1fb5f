// SPDX-License-Identifier: GPL-2.0-or-later
/* A filter in the words of nft(8). */
#include <errno.h>
#include <string.h>

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

void filter_complete(FILE *fp, const char *prefix)
{
	for (size_t i = 0; i < ROWS; i++) {
		const char *word = rows[i].path[0];
		bool again = i && !strcmp(rows[i - 1].path[0], word);

		if (!again && !strncmp(word, prefix, strlen(prefix)))
			fprintf(fp, "%s\n", word);
	}
}
