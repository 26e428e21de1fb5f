// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/live_args.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/args.h"

enum {
	OPT_FAMILY4 = FILTER_WORDS,
	OPT_FAMILY6,
	OPT_NETNS,
	OPT_JSON,
	OPT_BRIEF,
	OPT_COLOR,
	OPT_UTC,
	OPT_TIMEOUT,
	OPT_COUNT,
	OPT_NO_EXPLAIN,
	OPT_NO_DROPS,
	OPT_LOOKUPS,
	OPT_OUTPUT,
	OPT_HELP,
};

static const char *const chain_words[] = { "PREROUTING", "OUTPUT", NULL };

const struct np_opt live_opts[] = {
	{ 0, "output", "FILE", "what is traced goes there, not to stderr", OPT_OUTPUT, NULL },
	{ 'j', "json", NULL, "JSON, a line a packet (-j TRACE is iptables')", OPT_JSON, NULL },
	{ 'b', "brief", NULL, "one line a packet", OPT_BRIEF, NULL },
	{ 'c', "color", "[WHEN]", "colour: always, auto or never", OPT_COLOR,
		args_when_words },
	{ 0, "utc", NULL, "times in UTC", OPT_UTC, NULL },
	{ 0, "timeout", "SECONDS", "end after a time", OPT_TIMEOUT, NULL },
	{ 0, "count", "N", "end after so many packets", OPT_COUNT, NULL },
	{ 0, "no-explain", NULL, "do not ask the routing model", OPT_NO_EXPLAIN, NULL },
	{ 0, "no-drops", NULL, "do not ask the kernel what it drops", OPT_NO_DROPS, NULL },
	{ 0, "lookups", NULL, "show the kernel's own routing lookups (tracefs)", OPT_LOOKUPS,
		NULL },
	/* LIVE_MONITOR_OPTS: the rest are add's, too */
	{ 'p', "protocol", "PROTOCOL", "packets of a protocol, a name or number", FILTER_PROTO,
		args_proto_words },
	{ 's', "source", "ADDRESS", "from an address or prefix", FILTER_SRC, NULL },
	{ 'd', "destination", "ADDRESS", "to an address or prefix", FILTER_DST, NULL },
	{ 0, "sport", "PORT", "source port or range", FILTER_SPORT, NULL },
	{ 0, "dport", "PORT", "destination port or range", FILTER_DPORT, NULL },
	{ 'i', "in-interface", "DEV", "that come in by an interface", FILTER_IN, NULL },
	{ 'o', "out-interface", "DEV", "that leave by an interface", FILTER_OUT, NULL },
	{ 0, "mark", "MARK", "with a mark, or VALUE/MASK", FILTER_MARK, NULL },
	{ 0, "new", NULL, "a TCP connection's first packet alone", FILTER_SYN, NULL },
	{ '4', "ipv4", NULL, "IPv4 alone", OPT_FAMILY4, NULL },
	{ '6', "ipv6", NULL, "IPv6 alone", OPT_FAMILY6, NULL },
	{ 0, "limit", "RATE", "at most so many packets (50/second), or none", FILTER_LIMIT, NULL },
	{ 'I', "insert", "CHAIN", "PREROUTING or OUTPUT alone", FILTER_CHAIN, chain_words },
	{ 'm', "match", "NAME", "as iptables wants it before --dport, --mark", FILTER_MODULE,
		filter_modules },
	{ 'n', "netns", "NAME", "in a network namespace", OPT_NETNS, NULL },
	{ 'h', "help", NULL, "this text", OPT_HELP, NULL },
	/* other names that iptables, or show, has for them */
	{ 0, "in", "DEV", NULL, FILTER_IN, NULL }, /* show's, which would be short for two */
	{ 0, "out", "DEV", NULL, FILTER_OUT, NULL },
	{ 0, "src", "ADDRESS", NULL, FILTER_SRC, NULL },
	{ 0, "dst", "ADDRESS", NULL, FILTER_DST, NULL },
	{ 0, "source-port", "PORT", NULL, FILTER_SPORT, NULL },
	{ 0, "destination-port", "PORT", NULL, FILTER_DPORT, NULL },
	{ 0, "syn", NULL, NULL, FILTER_SYN, NULL },
	{ 'A', "append", "CHAIN", NULL, FILTER_CHAIN, chain_words },
	{ 'D', "delete", "CHAIN", NULL, FILTER_CHAIN, chain_words },
	{ 't', "table", "TABLE", NULL, FILTER_TABLE, NULL },
	{ 'j', "jump", "TRACE", NULL, FILTER_TARGET, NULL },
	{ .name = NULL },
};

const struct np_opt live_plain_opts[] = {
	{ 'n', "netns", "NAME", "in a network namespace", OPT_NETNS, NULL },
	{ 'j', "json", NULL, "as JSON", OPT_JSON, NULL },
	{ 'h', "help", NULL, "this text", OPT_HELP, NULL },
	{ .name = NULL },
};

static int set_option(struct live_request *req, const struct np_opt *opt, const char *arg, int word,
	struct np_err *err)
{
	switch (opt->id) {
	case OPT_FAMILY4:
	case OPT_FAMILY6:
		req->some = true;
		req->families |= opt->id == OPT_FAMILY4 ? FILTER_V4 : FILTER_V6;
		break;
	case OPT_NETNS:
		req->netns = arg;
		break;
	case OPT_JSON:
	case OPT_BRIEF:
		req->format = opt->id == OPT_JSON ? SHOW_JSON : SHOW_BRIEF;
		break;
	case OPT_COLOR:
		if (np_color_parse(arg ? arg : "", &req->color))
			return np_err_word(err, EINVAL, word, "\"%s\" is not always, auto or never",
				arg);
		break;
	case OPT_UTC:
		req->utc = true;
		break;
	case OPT_TIMEOUT:
		return np_parse_seconds(arg, word, &req->timeout_us, err);
	case OPT_COUNT:
		if (np_parse_uint(arg, 10, UINT64_MAX, &req->count) || !req->count)
			return np_err_word(err, EINVAL, word, "\"%s\" is no number of packets",
				arg);
		break;
	case OPT_OUTPUT:
		req->output = arg;
		break;
	case OPT_NO_DROPS:
		req->no_drops = true;
		break;
	case OPT_LOOKUPS:
		req->lookups = true;
		break;
	case OPT_NO_EXPLAIN:
		req->no_explain = true;
		break;
	default:
		req->help = true;
	}
	return 0;
}

/* The options at the cursor; *not: the word before was `!`. */
static int take_options(struct live_request *req, struct np_opt_iter *it, bool *not,
	struct np_err *err)
{
	const struct np_opt *opt;
	const char *arg;
	int ret, word;

	while ((ret = np_opt_next(it, &opt, &arg, err)) == 1) {
		word = it->bundle ? it->at : it->at - 1;
		if (opt->id < FILTER_WORDS) {
			req->some = true;
			ret = filter_set(&req->filter, (enum filter_field)opt->id, arg, *not, word,
				err);
		} else {
			ret = *not ? np_err_word(err, EINVAL, word, "there is no ! for this") :
				set_option(req, opt, arg, word, err);
		}
		if (ret)
			return ret;
		*not = false;
	}
	return ret;
}

/* Whether the word is the command's, whose -- was left out. */
static bool is_command(const struct np_opt_iter *it)
{
	const char *word = it->argv[it->at];

	for (int i = it->at; i < it->argc; i++)
		if (!strcmp(it->argv[i], "--"))
			return false;
	return isalpha((unsigned char)*word) || *word == '.' || *word == '/';
}

/* A word of no match. first: the one behind the verb. */
static int no_match(const struct live_grammar *g, const struct np_opt_iter *it, int first,
	struct np_err *err)
{
	const char *word = it->argv[it->at];
	char said[80] = "";
	size_t n = 0;

	if (g->filter && !(g->command && is_command(it)))
		return filter_no_match(&(struct np_args){ it->argc, it->argv, it->at }, err);
	if (!g->filter)
		return np_err_word(err, EINVAL, it->at,
			"\"%s\" is none of this command's words", word);
	for (int i = first; i < it->at && n < sizeof(said); i++)
		n += (size_t)snprintf(said + n, sizeof(said) - n, "%s ", it->argv[i]);
	return np_err_word(err, EINVAL, it->at, "\"%s\" is none of the words of a match; before a "
		"command there is --: `pkttrace run %s-- %s%s`", word,
		n < sizeof(said) ? said : "… ", word, it->at + 1 < it->argc ? " …" : "");
}

/* A word that is no option; not: the word before was `!`. Returns 0 or -EINVAL. */
static int take_word(struct live_request *req, const struct live_grammar *g,
	struct np_opt_iter *it, int first, bool not, struct np_err *err)
{
	struct np_args args = { it->argc, it->argv, it->at };
	const char *word = np_args_peek(&args);
	bool target = !strcmp(word, "TRACE");
	int ret = g->filter ? filter_nft(&req->filter, &args, err) : 0;
	uint32_t number;

	if (ret < 0)
		return ret;
	if (not) /* nft has no such word, and what was not turned round would be its opposite */
		return np_err_word(err, EINVAL, it->at, "! is for the options; nft's words say it "
			"with != (tcp dport != 80)");
	if (ret) {
		it->at = args.at;
		req->some |= !target;
		if (target) /* -j TRACE asked for no JSON */
			req->format = SHOW_TEXT;
		return 0;
	}
	if (!np_parse_u32(word, &number) && number && (g->number || req->filter.chains)) {
		if (g->number && !req->filter.chains)
			req->number = number; /* else iptables' place in a chain */
		it->at++;
		return 0;
	}
	return no_match(g, it, first, err);
}

/* -4 and -6 together are no choice; nft's words may have said a family, too. */
static int check_families(struct live_request *req, struct np_err *err)
{
	if (req->families == (FILTER_V4 | FILTER_V6))
		req->families = 0;
	if (req->filter.families && req->families && req->filter.families != req->families)
		return np_err_set(err, EINVAL, "the words are of the other family than %s",
			req->families == FILTER_V4 ? "-4" : "-6");
	req->filter.families |= req->families;
	return 0;
}

int live_args(struct live_request *req, const struct live_grammar *g, int argc, char **argv,
	int at, struct np_err *err)
{
	struct np_opt_iter it = { .opts = g->opts, .argc = argc, .argv = argv, .at = at };
	bool not = false;
	int ret;

	for (;;) {
		ret = take_options(req, &it, &not, err);
		if (ret)
			return ret;
		if (it.at >= argc || it.ended)
			break;
		if (g->filter && !strcmp(argv[it.at], "!")) {
			not = true;
			it.at++;
			continue;
		}
		ret = take_word(req, g, &it, at, not, err);
		if (ret)
			return ret;
	}
	if (not)
		return np_err_word(err, EINVAL, argc - 1, "! wants a match behind it");
	req->command = it.at;
	if (g->command && (!it.ended || it.at >= argc) && !req->help)
		return np_err_word(err, EINVAL, argc - 1, "-- and a command to run are wanted "
			"behind it");
	if (it.at < argc && !g->command)
		return np_err_word(err, EINVAL, it.at, "one word too many");
	ret = check_families(req, err);
	return ret ? ret : filter_check(&req->filter, err);
}
