// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "ip/explain_args.h"
#include "ip/nat.h"
#include "ip/verbs.h"
#include "lib/route_fields.h"

/* Of get, explain, snapshot, watch or nat. */
static void usage(FILE *fp, const char *verb)
{
	char path[32];

	if (!strcmp(verb, "nat")) {
		nat_usage(fp);
		return;
	}
	snprintf(path, sizeof(path), "prt %s", verb);
	for (const struct np_cmd *cmd = prt_cmds; cmd->name; cmd++)
		if (!strcmp(cmd->name, verb))
			np_cli_help_cmd(fp, path, cmd, NULL);
	if (strcmp(verb, "snapshot")) {
		int at = 0;

		fputs("\nADDRESS and, in any order:\n", fp);
		for (const struct np_route_word *w = np_route_get_words; w->word; w++) {
			if (at > 66) {
				fputc('\n', fp);
				at = 0;
			}
			at += fprintf(fp, "  %s", w->word);
		}
		if (strcmp(verb, "get") != 0)
			fputs("  len", fp);
		fputc('\n', fp);
	}
}

/* A verb that asks the kernel. */
static int run_with(prt_cmd *verb, void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };
	int ret = prt_need_nl(ctx, err);

	return ret ? ret : verb(ctx, &a, err);
}

static int run_route(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return run_with(prt_route, ctx, argc, argv, at, err);
}

static int run_rule(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return run_with(prt_rule, ctx, argc, argv, at, err);
}

static int run_get(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	int ret = run_with(prt_get, ctx, argc, argv, at, err);
	struct prt *p = ctx;

	if (!err->help)
		return ret;
	/* A verb of ip's, whose help is an error. */
	fflush(p->show.fp);
	usage(stderr, "get");
	return np_err_set(err, EINVAL, "%s", "");
}

/* These ask it only when no file answers, or when it is their turn. */
static int run_own(prt_cmd *verb, const char *name, void *ctx, struct np_args a,
		   struct np_err *err)
{
	struct prt *p = ctx;
	int ret;

	p->whole = true;
	ret = verb(ctx, &a, err);
	if (!err->help)
		return ret;
	ret = prt_settle(p, err);
	if (!ret)
		usage(p->show.fp, name);
	return ret;
}

static int run_explain(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return run_own(prt_explain, "explain", ctx, (struct np_args){ argc, argv, at }, err);
}

static int run_snapshot(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return run_own(prt_snapshot, "snapshot", ctx, (struct np_args){ argc, argv, at }, err);
}

static int run_watch(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return run_own(prt_watch, "watch", ctx, (struct np_args){ argc, argv, at }, err);
}

static int run_monitor(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return run_with(prt_monitor, ctx, argc, argv, at, err);
}

/* The module is asked over a socket of its own. */
static int run_nat(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return run_own(prt_nat, "nat", ctx, (struct np_args){ argc, argv, at }, err);
}

static int run_help(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct prt *p = ctx;
	int ret = prt_settle(p, err);

	(void)argc, (void)argv, (void)at;
	p->whole = true;
	if (!ret)
		np_cli_help(p->show.fp, "prt", prt_cmds, prt_opts);
	return ret;
}

/* In ip's order: "r" is route. */
const struct np_cmd prt_cmds[] = {
	{ .name = "route", .args = "COMMAND …", .help = "routing tables", .run = run_route,
	  .sub = route_cmds },
	{ .name = "rule", .args = "COMMAND …", .help = "policy rules", .run = run_rule,
	  .sub = rule_cmds },
	{ .name = "get", .args = "ADDRESS …", .help = "the route that a packet takes",
	  .run = run_get, .complete = route_complete_get },
	{ .name = "explain", .args = "[OPTIONS] ADDRESS [WORDS]",
	  .help = "why a packet takes its route, or none", .run = run_explain,
	  .opts = explain_opts, .complete = route_complete_get },
	{ .name = "snapshot", .args = "[OPTIONS] [FILE]",
	  .help = "save what decides the routes", .run = run_snapshot,
	  .opts = snapshot_opts, .complete = snapshot_complete },
	{ .name = "watch", .args = "[OPTIONS] ADDRESS [WORDS]",
	  .help = "the answer, again whenever it changes", .run = run_watch,
	  .opts = watch_opts, .complete = route_complete_get },
	{ .name = "nat", .args = "COMMAND …", .help = "stateless NAT by the module static_nat",
	  .run = run_nat, .sub = nat_cmds },
	{ .name = "monitor", .args = "[rule|route|all] …", .help = "show changes as they happen",
	  .run = run_monitor },
	{ .name = "help", .args = "", .help = "show this", .run = run_help },
	{ 0 }
};
