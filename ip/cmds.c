// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "ip/explain_args.h"
#include "ip/verbs.h"

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
	const struct np_args a = { argc, argv, at };

	if (explain_wants_help(&a))
		return explain_usage(ctx, "get", err);
	return run_with(prt_get, ctx, argc, argv, at, err);
}

/* These ask it only when no file answers, or when it is their turn. */
static int run_explain(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return prt_explain(ctx, &a, err);
}

static int run_snapshot(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return prt_snapshot(ctx, &a, err);
}

static int run_watch(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return prt_watch(ctx, &a, err);
}

static int run_monitor(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return run_with(prt_monitor, ctx, argc, argv, at, err);
}

/* The module is asked over a socket of its own. */
static int run_nat(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return prt_nat(ctx, &a, err);
}

static int run_help(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	(void)ctx, (void)argc, (void)argv, (void)at;
	np_cli_help(stderr, "prt", prt_cmds, prt_opts);
	return np_err_set(err, EINVAL, "%s", "");
}

/* In ip's order: "r" is route. */
const struct np_cmd prt_cmds[] = {
	{ .name = "route", .args = "COMMAND …", .help = "routing tables", .run = run_route,
	  .sub = route_cmds },
	{ .name = "rule", .args = "COMMAND …", .help = "policy rules", .run = run_rule,
	  .sub = rule_cmds },
	{ .name = "get", .args = "ADDRESS …", .help = "the route that a packet takes",
	  .run = run_get, .complete = route_complete_get },
	{ .name = "explain", .args = "[OPTIONS] ADDRESS …",
	  .help = "why a packet takes its route, or none", .run = run_explain,
	  .opts = explain_opts, .complete = route_complete_get },
	{ .name = "snapshot", .args = "[OPTIONS] [FILE]",
	  .help = "save what decides the routes", .run = run_snapshot,
	  .opts = snapshot_opts, .complete = snapshot_complete },
	{ .name = "watch", .args = "[OPTIONS] ADDRESS …",
	  .help = "the answer, again whenever it changes", .run = run_watch,
	  .opts = watch_opts, .complete = route_complete_get },
	{ .name = "nat", .args = "COMMAND …", .help = "stateless NAT by the module static_nat",
	  .run = run_nat, .sub = nat_cmds },
	{ .name = "monitor", .args = "[rule|route|all] …", .help = "show changes as they happen",
	  .run = run_monitor },
	{ .name = "help", .args = "", .help = "show this", .run = run_help },
	{ 0 }
};
