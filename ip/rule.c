// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ip/change.h"
#include "ip/nat_old.h"
#include "ip/verbs.h"
#include "lib/grow.h"

static int change(struct prt *p, struct np_args *a, bool del, struct np_err *err)
{
	struct np_rule rule;
	int ret = rule_parse(p, a, del, &rule, err);

	if (ret)
		return ret;
	if (nat_is_rule(&rule))
		return nat_rule(p, &rule, del, err);
	return prt_rule_change(p, &rule, del, err);
}

static int run_add(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return change(ctx, &a, false, err);
}

static int run_del(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return change(ctx, &a, true, err);
}

/* The status of a list or a flush that the kernel refuses is 1, as ip's, not 2. */
static void not_refused(struct np_err *err)
{
	if (err)
		err->refused = false;
}

static int list_one(const struct np_rule *rule, const struct nlmsghdr *nlh, void *arg)
{
	const struct prt_listing *l = arg;

	(void)nlh;
	if (np_rule_match(l->want, rule, false))
		rule_show(&l->p->show, rule, false);
	return 0;
}

static int run_list(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };
	struct np_rule want;
	struct prt_listing l = { .p = ctx, .want = &want };
	struct np_rule_sink sink = { list_one, prt_listing_restart, &l };
	int ret = rule_parse_filter(l.p, &a, &want, err);

	if (!ret)
		ret = prt_list_begin(l.p, err);
	if (ret)
		return ret;
	ret = np_rule_dump(l.p->nl, prt_family(l.p), &sink, err);
	if (!ret)
		prt_list_end(l.p);
	else
		not_refused(err);
	return ret;
}

/* The messages of the rules that are to go: they are sent back when the dump is over. */
struct flushing {
	struct np_rule want;
	void **msgs;
	size_t n, cap;
};

static void flush_clean(struct flushing *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->msgs[i]);
	free(f->msgs);
	f->msgs = NULL;
	f->n = f->cap = 0;
}

/* A rule of priority 0 stays: it has no such attribute, and iproute2 keeps it for that. */
static int flush_one(const struct np_rule *rule, const struct nlmsghdr *nlh, void *arg)
{
	struct flushing *f = arg;
	size_t len = np_rule_msg_len(nlh);
	void **msgs;

	if (!np_rule_has(rule, NP_RULE_PRIORITY) || !np_rule_match(&f->want, rule, true))
		return 0;
	msgs = np_grow(f->msgs, f->n, &f->cap, 1, sizeof(*msgs));
	if (!msgs)
		return -ENOMEM;
	f->msgs = msgs;
	f->msgs[f->n] = malloc(len);
	if (!f->msgs[f->n])
		return -ENOMEM;
	memcpy(f->msgs[f->n++], nlh, len);
	return 0;
}

static int flush_restart(void *arg)
{
	flush_clean(arg);
	return 0;
}

static int run_flush(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };
	struct prt *p = ctx;
	struct flushing f = { .n = 0 };
	struct np_rule_sink sink = { flush_one, flush_restart, &f };
	int ret = rule_parse_filter(p, &a, &f.want, err);

	if (!ret)
		ret = prt_list_begin(p, err);
	if (ret)
		return ret;
	ret = np_rule_dump(p->nl, prt_family(p), &sink, err);
	for (size_t i = 0; !ret && i < f.n; i++)
		ret = np_rule_del_msg(p->nl, f.msgs[i], err);
	/* with -j ip prints the list of what it flushes, which is empty */
	if (!ret)
		prt_list_end(p);
	else
		not_refused(err);
	flush_clean(&f);
	return ret;
}

static int run_save(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return rule_save(ctx, &a, err);
}

static int run_restore(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct np_args a = { argc, argv, at };

	return rule_restore(ctx, &a, err);
}

static int run_help(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	(void)ctx, (void)argc, (void)argv, (void)at;
	return np_err_help(err);
}

const struct np_cmd rule_cmds[] = {
	{ .name = "list", .args = "[SELECTOR…]", .help = "show the rules in their order",
	  .run = run_list, .complete = rule_complete_list },
	{ .name = "lst", .args = "", .run = run_list },
	{ .name = "show", .args = "[SELECTOR…]", .help = "the same", .run = run_list,
	  .complete = rule_complete_list },
	{ .name = "save", .args = "", .help = "write the rules to stdout, for restore",
	  .run = run_save },
	{ .name = "restore", .args = "", .help = "add the rules that save wrote, from stdin",
	  .run = run_restore },
	{ .name = "add", .args = "SELECTOR… ACTION", .help = "add a rule", .run = run_add,
	  .complete = rule_complete },
	{ .name = "delete", .args = "SELECTOR… ACTION", .help = "delete the first rule that fits",
	  .run = run_del, .complete = rule_complete },
	{ .name = "flush", .args = "[SELECTOR…]", .run = run_flush,
	  .complete = rule_complete_list,
	  .help = "delete all rules but those of priority 0" },
	{ .name = "help", .args = "", .help = "show the words of a rule", .run = run_help },
	{ 0 }
};

static int usage(struct np_err *err)
{
	fputs("Usage: prt rule { add | del } SELECTOR… ACTION\n"
	      "       prt rule { flush | list } [SELECTOR…]\n"
	      "       prt rule { save | restore }\n"
	      "Selectors and actions:\n", stderr);
	for (size_t i = 0; i < np_rule_n_words; i++) {
		const struct np_rule_word *w = &np_rule_words[i];

		if (w->use & (NP_RULE_ADD | NP_RULE_ADD_SHORT) && !(w->use & NP_RULE_OLD))
			fprintf(stderr, "  %s%s%s\n", w->word,
				*np_rule_fields[w->id].value ? " " : "",
				np_rule_fields[w->id].value);
	}
	fputs("  [type] nop", stderr);
	for (size_t i = 0; np_rttype_at(i); i++)
		fprintf(stderr, " | %s", np_rttype_at(i));
	fputc('\n', stderr);
	return np_err_set(err, EINVAL, "%s", "");
}

int prt_rule(struct prt *p, struct np_args *a, struct np_err *err)
{
	int ret = prt_dispatch(p, rule_cmds, a, err);

	return err->help ? usage(err) : ret;
}
