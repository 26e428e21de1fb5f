// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "ip/verbs.h"

static int run_route(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return prt_route(ctx, &a, err);
}

static int run_rule(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return prt_rule(ctx, &a, err);
}

static int run_get(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return prt_get(ctx, &a, err);
}

static int run_explain(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return prt_explain(ctx, &a, err);
}

static int run_monitor(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return prt_monitor(ctx, &a, err);
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
	  .help = "why a packet takes its route, or none", .run = run_explain },
	{ .name = "monitor", .args = "[rule|route|all] …", .help = "show changes as they happen",
	  .run = run_monitor },
	{ .name = "help", .args = "", .help = "show this", .run = run_help },
	{ 0 }
};
