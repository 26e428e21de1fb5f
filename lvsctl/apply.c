// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsctl apply, lvsctl diff. */
#include <errno.h>
#include <string.h>

#include "lvsctl/apply.h"
#include "lvsctl/explain_args.h"
#include "lvsctl/plan_read.h"
#include "lvsctl/verbs_plan.h"
#include "lvsctl/written.h"

enum { DRY_RUN, QUIET, JSON, PRETTY };

static const struct np_opt apply_opts[] = {
	{ 'n', "dry-run", NULL, "print the changes, make none", DRY_RUN, NULL },
	{ 'q', "quiet", NULL, "do not print the changes", QUIET, NULL },
	{ 'j', "json", NULL, "print the changes as JSON", JSON, NULL },
	{ 'p', "pretty", NULL, "with -j: indented", PRETTY, NULL },
	{ 0, NULL, NULL, NULL, 0, NULL },
};

static const struct np_opt diff_opts[] = {
	{ 'j', "json", NULL, "print the changes as JSON", JSON, NULL },
	{ 'p', "pretty", NULL, "with -j: indented", PRETTY, NULL },
	{ 0, NULL, NULL, NULL, 0, NULL },
};

struct request {
	const char *file;
	bool dry_run, quiet, json, pretty;
};

static int parse(struct request *r, const struct np_opt *opts, int argc, char **argv, int at,
	struct np_err *err)
{
	struct np_opt_iter it = { .opts = opts, .argc = argc, .argv = argv, .at = at };
	const struct np_opt *opt;
	const char *arg;

	*r = (struct request){ 0 };
	while (it.at < argc) {
		int ret = np_opt_next(&it, &opt, &arg, err);

		if (ret < 0)
			return ret;
		if (!ret && it.at < argc && r->file)
			return np_err_word(err, EINVAL, it.at, "one file, not two");
		if (!ret && it.at < argc)
			r->file = argv[it.at++];
		if (ret && opt->id == DRY_RUN)
			r->dry_run = true;
		else if (ret && opt->id == QUIET)
			r->quiet = true;
		else if (ret && opt->id == JSON)
			r->json = true;
		else if (ret)
			r->pretty = true;
	}
	return r->file ? 0 : np_err_set(err, EINVAL, "which file? - is the standard input");
}

static int read_file(struct lvs_table *t, const char *file, struct np_err *err)
{
	bool std_in = !strcmp(file, "-");
	FILE *fp = std_in ? stdin : fopen(file, "re");
	int ret;

	if (!fp)
		return np_err_set(err, errno, "%s: %s", file, strerror(errno));
	ret = lvs_plan_read(t, fp, std_in ? "standard input" : file, err);
	if (!std_in)
		fclose(fp);
	return ret;
}

static int print(const struct request *r, const struct lvs_plan *plan, struct np_err *err)
{
	struct np_out out;
	int ret;

	if (r->quiet)
		return 0;
	np_out_init(&out, stdout, NP_COLOR_AUTO);
	if (r->json) {
		struct np_json j;

		np_json_init(&j, stdout, r->pretty);
		ret = lvs_plan_json(&j, plan, err);
	} else {
		ret = lvs_plan_text(&out, plan, err);
	}
	if (!ret)
		ret = lvs_written(&out, err);
	return ret;
}

/* What should have printed a table may have failed: nothing at all is no order to clear. */
static int refuse_nothing(const struct lvs_table *want, const char *file, struct np_err *err)
{
	if (want->n || want->none)
		return 0;
	return np_err_set(err, EINVAL, "%s: no service is in it: lvsctl -C clears the table",
			  strcmp(file, "-") ? file : "standard input");
}

/* Returns 1 when something differed (and was changed, if that was wanted), 0, or -errno. */
static int compare(const struct request *r, bool apply, struct np_err *err)
{
	struct lvs_table have = { 0 }, want = { 0 };
	struct lvs_plan plan = { 0 };
	struct np_lvs v = { 0 };
	int ret = read_file(&want, r->file, err);

	if (!ret && apply)
		ret = refuse_nothing(&want, r->file, err);
	if (!ret)
		ret = np_lvs_open(&v, err);
	if (!ret)
		ret = lvs_table_fetch(&have, &v, LVS_FETCH_TUNNELS, err);
	if (!ret)
		ret = lvs_plan_make(&plan, &have, &want, err);
	if (!ret && apply && !r->dry_run)
		ret = lvs_plan_apply(&v, &plan, err);
	if (!ret)
		ret = print(r, &plan, err);
	if (!ret)
		ret = plan.n != 0;
	lvs_plan_clean(&plan);
	lvs_table_clean(&have);
	lvs_table_clean(&want);
	np_lvs_close(&v);
	return ret;
}

static int apply_run(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct request r;
	int ret = parse(&r, apply_opts, argc, argv, at, err);

	(void)ctx;
	if (!ret)
		ret = compare(&r, true, err);
	return ret < 0 ? ret : 0;
}

static int diff_run(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct request r;
	int ret = parse(&r, diff_opts, argc, argv, at, err);

	(void)ctx;
	if (!ret)
		ret = compare(&r, false, err);
	/* as diff(1): 1 says that something differs, so that an error has to be 2 */
	if (ret < 0)
		err->refused = true;
	return ret;
}

static void complete(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	(void)cmd;
	(void)argc;
	(void)argv;
	(void)at;
	fputs("<FILE>\n", fp);
}

const struct np_cmd lvs_plan_verbs[] = {
	{ "explain", "SERVICE [--from CLIENT]", "which real server comes next, and why",
	  lvs_explain_run, lvs_explain_opts, NULL, NULL },
	{ "simulate", "SERVICE [N]", "how connections will spread over the real servers",
	  lvs_simulate_run, lvs_explain_opts, NULL, NULL },
	{ "apply", "FILE", "bring the kernel to what a saved file says, with the fewest changes",
	  apply_run, apply_opts, NULL, complete },
	{ "diff", "FILE", "the changes that apply would make", diff_run, diff_opts, NULL,
	  complete },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};
