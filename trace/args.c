// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/args.h"

#include <errno.h>
#include <string.h>

#include "trace/walk.h"

enum {
	OPT_FORMAT, /* + enum show_format */
	OPT_SELECT = OPT_FORMAT + 16, /* + enum select_kind */
	OPT_PRETTY = OPT_SELECT + SELECT_KINDS,
	OPT_COLOR,
	OPT_UTC,
	OPT_FOLLOW,
	OPT_VERBOSE,
	OPT_RULES,
	OPT_EXPLAIN,
	OPT_SNAPSHOT,
	OPT_HELP,
	OPT_VERSION,
};

const char *const args_when_words[] = { "always", "auto", "never", NULL };
const char *const args_proto_words[] = { "tcp", "udp", "icmp", "icmpv6", "sctp", "udplite", "gre",
	"esp", "ah", NULL };

const struct np_opt pkttrace_opts[] = {
	{ 'b', "brief", NULL, "one line a packet", OPT_FORMAT + SHOW_BRIEF, NULL },
	{ 'j', "json", NULL, "JSON: an array, or a line a packet with -f",
		OPT_FORMAT + SHOW_JSON, NULL },
	{ 'p', "pretty", NULL, "JSON with indentation", OPT_PRETTY, NULL },
	{ 0, "dot", NULL, "a graph for dot(1)", OPT_FORMAT + SHOW_DOT, NULL },
	{ 0, "mermaid", NULL, "a flowchart for Mermaid", OPT_FORMAT + SHOW_MERMAID, NULL },
	{ 0, "pcapng", "FILE", "a capture of the headers, its comments the ways",
		OPT_FORMAT + SHOW_PCAPNG, NULL },
	{ 0, "summary", NULL, "how many packets, how and where they ended",
		OPT_FORMAT + SHOW_SUMMARY, NULL },
	{ 0, "rules", "FILE", "the rules' texts: what iptables-save printed",
		OPT_RULES, NULL },
	{ 0, "explain", NULL, "why routing took or lost a packet, on this host",
		OPT_EXPLAIN, NULL },
	{ 0, "snapshot", "FILE", "the same of the host in FILE (prt snapshot)",
		OPT_SNAPSHOT, NULL },
	{ 0, "src", "ADDRESS", "packets from an address or prefix", OPT_SELECT + SELECT_SRC, NULL },
	{ 0, "dst", "ADDRESS", "packets to an address or prefix", OPT_SELECT + SELECT_DST, NULL },
	{ 0, "sport", "PORT", "source port or range", OPT_SELECT + SELECT_SPORT, NULL },
	{ 0, "dport", "PORT", "destination port or range", OPT_SELECT + SELECT_DPORT, NULL },
	{ 0, "source", "ADDRESS", "", OPT_SELECT + SELECT_SRC, NULL },
	{ 0, "destination", "ADDRESS", "", OPT_SELECT + SELECT_DST, NULL },
	{ 0, "proto", "PROTOCOL", "protocol, a name or number", OPT_SELECT + SELECT_PROTO,
		args_proto_words },
	{ 0, "protocol", "PROTOCOL", "", OPT_SELECT + SELECT_PROTO,
		args_proto_words },
	{ 0, "mark", "MARK", "packets that had a mark, or VALUE/MASK",
		OPT_SELECT + SELECT_MARK, NULL },
	{ 0, "id", "ID", "IP ID or range", OPT_SELECT + SELECT_ID, NULL },
	{ 0, "seq", "SEQ", "TCP sequence number or range", OPT_SELECT + SELECT_SEQ, NULL },
	{ 0, "host", "HOST", "packets of one host", OPT_SELECT + SELECT_HOST, NULL },
	{ 0, "since", "TIME", "packets first seen then or later", OPT_SELECT + SELECT_SINCE, NULL },
	{ 0, "until", "TIME", "packets first seen then or earlier", OPT_SELECT + SELECT_UNTIL,
		NULL },
	{ 0, "ended", "STATE", "sent, delivered, dropped, vanished, unfinished",
		OPT_SELECT + SELECT_ENDED, packet_state_words },
	{ 0, "in", "DEV", "packets that came in by an interface", OPT_SELECT + SELECT_IN, NULL },
	{ 0, "out", "DEV", "packets that went out by an interface", OPT_SELECT + SELECT_OUT, NULL },
	{ 0, "table", "TABLE", "packets that passed a table", OPT_SELECT + SELECT_TABLE,
		walk_table_words },
	{ 0, "chain", "CHAIN", "packets that passed a chain", OPT_SELECT + SELECT_CHAIN, NULL },
	{ 0, "utc", NULL, "times in UTC, not as logged", OPT_UTC, NULL },
	{ 'f', "follow", NULL, "wait for more, as tail -F does", OPT_FOLLOW, NULL },
	{ 'c', "color", "[WHEN]", "colour: always, auto or never", OPT_COLOR,
		args_when_words },
	{ 'v', "verbose", NULL, "show the lines that were skipped", OPT_VERBOSE, NULL },
	{ 'h', "help", NULL, "this text", OPT_HELP, NULL },
	{ 'V', "version", NULL, "the version", OPT_VERSION, NULL },
	{ .name = NULL },
};

static int set_format(struct show_request *req, const struct np_opt *opt, const char *arg,
	int word, struct np_err *err)
{
	if (req->format_word && strcmp(req->format_word, opt->name) != 0)
		return np_err_word(err, EINVAL, word, "--%s and --%s: one form at a time",
			req->format_word, opt->name);
	if (req->pcapng)
		return np_err_word(err, EINVAL, word,
			"--pcapng was given before: one file at a time");
	req->format = opt->id - OPT_FORMAT;
	req->format_word = opt->name;
	if (req->format == SHOW_PCAPNG)
		req->pcapng = arg;
	return 0;
}

static void set_flag(struct show_request *req, int id)
{
	const struct {
		int id;
		bool *flag;
	} rows[] = {
		{ OPT_PRETTY, &req->pretty }, { OPT_UTC, &req->utc },
		{ OPT_EXPLAIN, &req->explain },
		{ OPT_FOLLOW, &req->follow }, { OPT_VERBOSE, &req->verbose },
		{ OPT_HELP, &req->help },     { OPT_VERSION, &req->version },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].id == id)
			*rows[i].flag = true;
	}
}

static int set_snapshot(struct show_request *req, const char *arg, int word, struct np_err *err)
{
	if (req->n_snapshots == SHOW_SNAPSHOTS_MAX)
		return np_err_word(err, EINVAL, word, "more than %d snapshots", SHOW_SNAPSHOTS_MAX);
	req->snapshots[req->n_snapshots++] = arg;
	req->explain = true;
	return 0;
}

/* word: index of the argument's word, or the option's own. */
static int set_option(struct show_request *req, const struct np_opt *opt, const char *arg,
	int word, struct np_err *err)
{
	if (opt->id < OPT_SELECT)
		return set_format(req, opt, arg, word, err);
	if (opt->id < OPT_SELECT + SELECT_KINDS)
		return select_add(&req->select, opt->id - OPT_SELECT, arg, req->now_us, word, err);
	if (opt->id == OPT_COLOR) {
		if (!np_color_parse(arg ? arg : "", &req->color))
			return 0;
		return np_err_word(err, EINVAL, word, "\"%s\" is not always, auto or never", arg);
	}
	if (opt->id == OPT_SNAPSHOT)
		return set_snapshot(req, arg, word, err);
	if (opt->id != OPT_RULES) {
		set_flag(req, opt->id);
		return 0;
	}
	if (req->n_rules == SHOW_RULES_MAX)
		return np_err_word(err, EINVAL, word, "more than %d files of rules",
			SHOW_RULES_MAX);
	req->rules[req->n_rules++] = arg;
	return 0;
}

static int take_options(struct show_request *req, struct np_opt_iter *it, struct np_err *err)
{
	const struct np_opt *opt;
	const char *arg;
	int ret;

	while ((ret = np_opt_next(it, &opt, &arg, err)) == 1) {
		ret = set_option(req, opt, arg, it->bundle ? it->at : it->at - 1, err);
		if (ret)
			return ret;
	}
	return ret;
}

int args_options(struct show_request *req, int argc, char **argv, int *at, struct np_err *err)
{
	struct np_opt_iter it = { .opts = pkttrace_opts, .argc = argc, .argv = argv, .at = *at };
	int ret = take_options(req, &it, err);

	*at = it.at;
	return ret;
}

/* What only together makes no sense. */
static int check(const struct show_request *req, struct np_err *err)
{
	if (req->pretty && req->format != SHOW_JSON)
		return np_err_set(err, EINVAL, "--pretty is for --json");
	if (req->pretty && req->follow)
		return np_err_set(err, EINVAL, "--follow prints a line a packet, not --pretty");
	if (req->follow && (req->format == SHOW_DOT || req->format == SHOW_MERMAID))
		return np_err_set(err, EINVAL, "--%s wants an end, --follow has none",
			req->format_word);
	if (req->explain && req->format == SHOW_SUMMARY)
		return np_err_set(err, EINVAL, "--explain is for packets, not for --summary");
	return 0;
}

int args_show(struct show_request *req, int argc, char **argv, int at, struct np_err *err)
{
	struct np_opt_iter it = { .opts = pkttrace_opts, .argc = argc, .argv = argv, .at = at };
	int ret;

	for (;;) {
		ret = take_options(req, &it, err);
		if (ret)
			return ret;
		if (it.at >= argc)
			return check(req, err);
		req->files[req->n_files++] = argv[it.at++];
	}
}
