// SPDX-License-Identifier: GPL-2.0-or-later
/* pkttrace add, del, list, flush. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json_write.h"
#include "trace/arm.h"
#include "trace/live.h"
#include "trace/live_begin.h"

typedef int nft_fn(struct np_nft *nft, const struct live_request *req, struct np_err *err);

static int with_nft(const struct live_grammar *g, const char *verb, nft_fn *fn, void *ctx,
	int argc, char **argv, int at, struct np_err *err)
{
	struct live_request req;
	struct np_nft *nft;
	int ret = live_begin(&req, g, verb, ctx, argc, argv, at, err);

	if (ret)
		return ret < 0 ? ret : 0;
	ret = np_nft_open(&nft, err);
	if (ret)
		return ret;
	ret = fn(nft, &req, err);
	np_nft_close(nft);
	return ret;
}

static int add(struct np_nft *nft, const struct live_request *req, struct np_err *err)
{
	if (!req->some)
		return np_err_set(err, EINVAL, "which packets? `pkttrace add -p tcp --dport 8081`; "
			"all of them by `pkttrace add --limit 50/second`");
	return arm_add(nft, &req->filter, err);
}

int live_add(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	const struct live_grammar g = { .opts = live_opts + LIVE_MONITOR_OPTS,
		.filter = true, .help = "trace packets from now on" };

	return with_nft(&g, "add", add, ctx, argc, argv, at, err);
}

static int del(struct np_nft *nft, const struct live_request *req, struct np_err *err)
{
	if (!req->some && !req->number)
		return np_err_set(err, EINVAL, "which rule? its number in `pkttrace list`, or its "
			"match; `pkttrace flush` takes all");
	return arm_del(nft, req->number, &req->filter, err);
}

int live_del(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	const struct live_grammar g = { .opts = live_opts + LIVE_MONITOR_OPTS,
		.filter = true, .number = true,
		.help = "trace them no more" };

	return with_nft(&g, "del", del, ctx, argc, argv, at, err);
}

static int flush(struct np_nft *nft, const struct live_request *req, struct np_err *err)
{
	(void)req;
	return arm_flush(nft, err);
}

int live_flush(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	const struct live_grammar g = { .opts = live_plain_opts,
		.help = "trace nothing any more" };

	return with_nft(&g, "flush", flush, ctx, argc, argv, at, err);
}

static void list_text(FILE *fp, const struct arm_rule *rules, size_t n)
{
	if (n)
		fprintf(fp, "%3s %10s %12s  %s\n", "", "packets", "bytes", "match");
	for (size_t i = 0; i < n; i++)
		fprintf(fp, "%3zu %10llu %12llu  %s\n", i + 1,
			(unsigned long long)rules[i].packets, (unsigned long long)rules[i].bytes,
			rules[i].match);
}

static void list_json(FILE *fp, const struct arm_rule *rules, size_t n)
{
	struct np_json j;

	np_json_init(&j, fp, false);
	np_json_open(&j, NULL, '[');
	for (size_t i = 0; i < n; i++) {
		np_json_open(&j, NULL, '{');
		np_json_uint(&j, "number", i + 1);
		np_json_str(&j, "match", rules[i].match);
		np_json_open(&j, "chains", '[');
		for (uint8_t c = FILTER_PREROUTING; c <= FILTER_OUTPUT; c++)
			if (rules[i].chains & c)
				np_json_str(&j, NULL, arm_chain(c));
		np_json_close(&j, ']');
		np_json_uint(&j, "packets", rules[i].packets);
		np_json_uint(&j, "bytes", rules[i].bytes);
		np_json_close(&j, '}');
	}
	np_json_close(&j, ']');
	np_json_end(&j);
}

static int list(struct np_nft *nft, const struct live_request *req, struct np_err *err)
{
	struct arm_rule *rules = NULL;
	size_t n = 0;
	int ret = arm_list(nft, &rules, &n, err);

	if (!ret && req->format == SHOW_JSON)
		list_json(stdout, rules, n);
	else if (!ret)
		list_text(stdout, rules, n);
	free(rules);
	return ret;
}

int live_list(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	const struct live_grammar g = { .opts = live_plain_opts,
		.help = "what is traced, and how often it was" };

	return with_nft(&g, "list", list, ctx, argc, argv, at, err);
}

typedef int verb_fn(void *ctx, int argc, char **argv, int at, struct np_err *err);

verb_fn *live_iptables(const char *word)
{
	static const struct {
		const char *word;
		verb_fn *fn;
	} rows[] = {
		{ "-I", live_add }, { "--insert", live_add }, { "-A", live_add },
		{ "--append", live_add }, { "-D", live_del }, { "--delete", live_del },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(word, rows[i].word))
			return rows[i].fn;
	return NULL;
}

void live_complete(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	for (int i = at; i < argc - 1; i++) {
		if (!strcmp(argv[i], "--")) {
			fputs("<FILE>\n", fp);
			return;
		}
	}
	if (cmd->opts != live_plain_opts)
		filter_complete(fp, argv[argc - 1]);
}
