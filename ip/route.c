// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "ip/change.h"
#include "ip/nat_old.h"
#include "ip/route_args.h"
#include "ip/route_verbs.h"
#include "ip/verbs.h"
#include "lib/route_fields.h"
#include "lib/route_io.h"

static int modify(struct prt *p, enum np_route_op op, struct np_args *a, struct np_err *err)
{
	struct route_req req = { .p = p };
	int ret;

	np_route_init(&req.route);
	ret = route_parse(&req, op, a, err);
	if (!ret && nat_is_route(&req.route, op))
		ret = nat_route(p, op, &req.route, err);
	else if (!ret)
		ret = prt_route_change(p, op, &req.route, err);
	np_route_clean(&req.route);
	return ret;
}

static int change(void *ctx, enum np_route_op op, int argc, char **argv, int at,
		  struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return modify(ctx, op, &a, err);
}

static int run_add(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return change(ctx, NP_ROUTE_ADD, argc, argv, at, err);
}

static int run_change(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return change(ctx, NP_ROUTE_CHANGE, argc, argv, at, err);
}

static int run_replace(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return change(ctx, NP_ROUTE_REPLACE, argc, argv, at, err);
}

static int run_prepend(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return change(ctx, NP_ROUTE_PREPEND, argc, argv, at, err);
}

static int run_append(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return change(ctx, NP_ROUTE_APPEND, argc, argv, at, err);
}

static int run_test(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return change(ctx, NP_ROUTE_TEST, argc, argv, at, err);
}

static int run_del(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return change(ctx, NP_ROUTE_DEL, argc, argv, at, err);
}

static int run_list(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return route_list(ctx, &(struct np_args){ argc, argv, at }, err);
}

static int run_get(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return prt_get(ctx, &(struct np_args){ argc, argv, at }, err);
}

static int run_flush(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return route_flush(ctx, &(struct np_args){ argc, argv, at }, err);
}

static int run_save(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return route_save(ctx, &(struct np_args){ argc, argv, at }, err);
}

static int run_restore(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return route_restore(ctx, &(struct np_args){ argc, argv, at }, err);
}

static int run_showdump(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return route_showdump(ctx, &(struct np_args){ argc, argv, at }, err);
}

static int run_help(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	(void)ctx, (void)argc, (void)argv, (void)at;
	return np_err_help(err);
}

/* In the order in which abbreviations are tried. */
const struct np_cmd route_cmds[] = {
	{ .name = "add", .args = "ROUTE", .help = "add a route",
	  .run = run_add, .complete = route_complete_add },
	{ .name = "change", .args = "ROUTE", .help = "change a route that is there",
	  .run = run_change, .complete = route_complete_add },
	{ .name = "chg", .args = "", .run = run_change },
	{ .name = "replace", .args = "ROUTE", .help = "change a route, or add it",
	  .run = run_replace, .complete = route_complete_add },
	{ .name = "prepend", .args = "ROUTE", .help = "add a route before those like it",
	  .run = run_prepend, .complete = route_complete_add },
	{ .name = "append", .args = "ROUTE", .help = "add a route behind those like it",
	  .run = run_append, .complete = route_complete_add },
	{ .name = "test", .args = "ROUTE", .help = "refuse a route that is there",
	  .run = run_test, .complete = route_complete_add },
	{ .name = "delete", .args = "ROUTE", .help = "delete the first route that fits",
	  .run = run_del, .complete = route_complete_add },
	{ .name = "list", .args = "[SELECTOR]", .help = "show routes",
	  .run = run_list, .complete = route_complete_list },
	{ .name = "show", .args = "[SELECTOR]", .help = "the same",
	  .run = run_list, .complete = route_complete_list },
	{ .name = "lst", .args = "", .run = run_list },
	{ .name = "get", .args = "ADDRESS …", .help = "the route that a packet takes",
	  .run = run_get, .complete = route_complete_get },
	{ .name = "flush", .args = "SELECTOR", .help = "delete routes",
	  .run = run_flush, .complete = route_complete_list },
	{ .name = "save", .args = "[SELECTOR]", .help = "write routes to stdout, for restore",
	  .run = run_save, .complete = route_complete_list },
	{ .name = "restore", .args = "", .help = "add the routes that save wrote, from stdin",
	  .run = run_restore },
	{ .name = "showdump", .args = "", .help = "show what save wrote, from stdin",
	  .run = run_showdump },
	{ .name = "help", .args = "", .help = "show the words of a route", .run = run_help },
	{ 0 }
};

static void put_words(const char *title, const struct np_route_word *rows)
{
	fprintf(stderr, "%s", title);
	for (; rows->word; rows++)
		fprintf(stderr, " %s", rows->word);
	fputc('\n', stderr);
}

static int usage(const struct prt *p, struct np_err *err)
{
	fflush(p->show.fp);
	for (const struct np_cmd *cmd = route_cmds; cmd->name; cmd++) {
		if (cmd->help)
			fprintf(stderr, "%s prt route %s %s\n",
				cmd == route_cmds ? "Usage:" : "      ", cmd->name, cmd->args);
	}
	put_words("ROUTE: [TYPE] PREFIX and, in any order,", np_route_add_words);
	put_words("each nexthop:", np_route_nh_words);
	put_words("SELECTOR: [root|match|exact] PREFIX,", np_route_list_words);
	put_words("get:", np_route_get_words);
	fputs("TYPE:", stderr);
	for (size_t i = 0; np_rttype_at(i); i++)
		fprintf(stderr, " %s", np_rttype_at(i));
	fputs("\nprt-route(8) explains them.\n", stderr);
	return np_err_set(err, EINVAL, "%s", "");
}

int prt_route(struct prt *p, struct np_args *a, struct np_err *err)
{
	int ret = np_args_peek(a) ? prt_dispatch(p, route_cmds, a, err) : route_list(p, a, err);

	return err->help ? usage(p, err) : ret;
}
