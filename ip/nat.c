// SPDX-License-Identifier: GPL-2.0-or-later
/* prt nat: the mappings of the module static_nat. */
#include "ip/nat.h"

#include <errno.h>

#include "ip/complete.h"
#include "ip/verbs.h"
#include "lib/nat_nl.h"

typedef int change_fn(struct np_nat *nat, const struct np_nat_mapping *m, struct np_err *err);

static int change(struct prt *p, change_fn *fn, const char *verb, struct np_args *a,
		  struct np_err *err)
{
	struct np_nat_mapping m;
	int ret = nat_parse(p, a, verb, &m, err);

	if (!ret)
		ret = prt_need_nat(p, err);
	return ret ? ret : nat_clash(p, &m, fn(p->nat, &m, err), err);
}

static int run_add(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return change(ctx, np_nat_add, "add", &(struct np_args){ argc, argv, at }, err);
}

static int run_del(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return change(ctx, np_nat_del, "delete", &(struct np_args){ argc, argv, at }, err);
}

static int run_replace(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return change(ctx, np_nat_replace, "replace", &(struct np_args){ argc, argv, at }, err);
}

static int list_one(const struct np_nat_mapping *m, void *arg)
{
	const struct prt_listing *l = arg;

	nat_show(&l->p->show, m, false);
	return 0;
}

static int run_list(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };
	struct np_nat_filter want;
	struct prt_listing l = { .p = ctx };
	struct np_nat_sink sink = { list_one, prt_listing_restart, &l };
	int ret = nat_parse_filter(l.p, &a, &want, err);

	if (!ret)
		ret = prt_need_nat(l.p, err);
	if (!ret)
		ret = prt_list_begin(l.p, err);
	if (ret)
		return ret;
	ret = np_nat_dump(l.p->nat, &want, &sink, err);
	if (!ret)
		prt_list_end(l.p);
	return ret;
}

static int run_flush(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };
	struct np_nat_filter want;
	struct prt *p = ctx;
	int ret = nat_parse_filter(p, &a, &want, err);

	if (!ret)
		ret = prt_need_nat(p, err);
	return ret ? ret : np_nat_flush(p->nat, &want, err);
}

static int run_save(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return nat_save(ctx, &(struct np_args){ argc, argv, at }, err);
}

static int run_restore(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	return nat_restore(ctx, &(struct np_args){ argc, argv, at }, err);
}

/* An event of the whole table. */
static void show_all(const struct prt_show *show, const char *text, const char *key)
{
	if (!show->json) {
		fprintf(show->fp, "%s\n", text);
		return;
	}
	np_json_open(show->json, NULL, '{');
	np_json_bool(show->json, key, true);
	np_json_close(show->json, '}');
}

static int on_event(enum np_nat_event ev, const struct np_nat_mapping *m, void *arg)
{
	const struct prt_listing *l = arg;
	struct prt *p = l->p;

	if (m && !np_nat_match(l->want, m))
		return 0;
	prt_event_begin(p, "");
	if (m)
		nat_show(&p->show, m, ev == NP_NAT_EV_DEL);
	else if (ev == NP_NAT_EV_FLUSHED)
		show_all(&p->show, "Flushed all", "flushed");
	else
		show_all(&p->show, "Replaced all", "replaced");
	prt_event_end(p);
	return ferror(p->show.fp);
}

static void lost(void *arg)
{
	const struct prt_listing *l = arg;

	prt_events_lost(l->p);
}

static int run_monitor(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };
	struct np_nat_filter want;
	struct prt_listing l = { .p = ctx, .want = &want };
	int ret = nat_parse_filter(l.p, &a, &want, err);

	if (!ret)
		ret = prt_need_nat(l.p, err);
	return ret ? ret : np_nat_listen(l.p->nat, on_event, lost, &l, err);
}

static int run_stats(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };
	struct prt *p = ctx;
	struct np_nat_stats stats;
	int ret;

	if (np_args_next(&a))
		return np_args_fail(&a, err, "\"nat stats\" takes no words");
	ret = prt_need_nat(p, err);
	if (!ret)
		ret = np_nat_stats(p->nat, &stats, err);
	if (ret)
		return ret;
	prt_doc_begin(p);
	nat_stats_show(&p->show, &stats);
	prt_list_end(p);
	return 0;
}

static int run_help(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	(void)ctx, (void)argc, (void)argv, (void)at;
	return np_err_help(err);
}

static void complete(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	const struct np_nat_word *before = argc - 1 > at ? np_nat_word_find(argv[argc - 2]) : NULL;

	(void)cmd;
	if (before && *before->value) {
		if (before->key == NP_NAT_KEY_DEV)
			fputs("<DEV>\n", fp);
		return;
	}
	for (const struct np_nat_word *w = np_nat_words; w->word; w++)
		prt_offer(fp, w->word, argv[argc - 1]);
}

static void complete_file(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	(void)cmd, (void)argc, (void)argv, (void)at;
	fputs("<FILE>\n", fp);
}

/* In the order in which abbreviations are tried. */
const struct np_cmd nat_cmds[] = {
	{ .name = "list", .args = "[SELECTOR]", .help = "show the mappings", .run = run_list,
	  .complete = complete },
	{ .name = "ls", .args = "", .run = run_list },
	{ .name = "lst", .args = "", .run = run_list },
	{ .name = "show", .args = "[SELECTOR]", .help = "the same", .run = run_list,
	  .complete = complete },
	{ .name = "add", .args = "MAPPING", .help = "add a mapping", .run = run_add,
	  .complete = complete },
	{ .name = "delete", .args = "MAPPING", .help = "delete a mapping", .run = run_del,
	  .complete = complete },
	{ .name = "replace", .args = "MAPPING", .help = "change what FROM becomes, or add it",
	  .run = run_replace, .complete = complete },
	{ .name = "flush", .args = "[SELECTOR]", .help = "delete mappings", .run = run_flush,
	  .complete = complete },
	{ .name = "save", .args = "[SELECTOR]", .help = "write mappings as lines, for restore",
	  .run = run_save, .complete = complete },
	{ .name = "restore", .args = "[--replace] [FILE]", .run = run_restore,
	  .help = "add the mappings of a file, all or none", .opts = nat_restore_opts,
	  .complete = complete_file },
	{ .name = "monitor", .args = "[SELECTOR]", .help = "show changes as they happen",
	  .run = run_monitor, .complete = complete },
	{ .name = "stats", .args = "", .help = "figures of the whole table", .run = run_stats },
	{ .name = "help", .args = "", .help = "show the words of a mapping", .run = run_help },
	{ 0 }
};

void nat_usage(FILE *fp)
{
	for (const struct np_cmd *cmd = nat_cmds; cmd->name; cmd++)
		if (cmd->help)
			fprintf(fp, "%s prt nat %s%s%s\n",
				cmd == nat_cmds ? "Usage:" : "      ", cmd->name,
				*cmd->args ? " " : "", cmd->args);
	fputs("MAPPING: { dst | src } FROM[/LEN] to TO[/LEN] [dev DEV] [nptv6]\n"
	      "SELECTOR: its words, and an ADDRESS or PREFIX on either side\n", fp);
	for (const struct np_nat_word *w = np_nat_words; w->word; w++)
		fprintf(fp, "  %-5s %-6s  %s\n", w->word, w->value, w->help);
}

int prt_nat(struct prt *p, struct np_args *a, struct np_err *err)
{
	return prt_dispatch(p, nat_cmds, a, err);
}
