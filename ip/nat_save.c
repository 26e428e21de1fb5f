// SPDX-License-Identifier: GPL-2.0-or-later
/* prt nat save and restore: mappings as lines, `add` and the words of `prt nat add`. */
#include <errno.h>
#include <string.h>

#include "ip/batch_words.h"
#include "ip/nat.h"
#include "lib/nat_nl.h"

enum { OPT_REPLACE, OPT_HELP };

const struct np_opt nat_restore_opts[] = {
	{ 'r', "replace", NULL, "the file's mappings become the whole table", OPT_REPLACE, NULL },
	{ 'h', "help", NULL, "show this", OPT_HELP, NULL },
	{ 0 }
};

/*
 * The first line of what was saved, which tells an empty table from nothing at all; and the last
 * one, which where the first is tells all of it from a part: a pipe that breaks ends like one
 * whose writer is done. Files by hand and saves of old have no last one. How many mappings are
 * between them is not said, so that they can be edited.
 */
static const char mark[] = " prt nat save", begins[] = ": begin", ends[] = ": end";

static void save_mark(const struct prt *p, const char *which)
{
	fprintf(p->show.fp, "#%s%s\n", mark, which);
}

static int save_one(const struct np_nat_mapping *m, void *arg)
{
	const struct prt_listing *s = arg;
	FILE *fp = s->p->show.fp;

	/* A failed write is found when the stream is closed. */
	fputs_unlocked("add ", fp);
	nat_words(&s->p->show, m, false);
	putc_unlocked('\n', fp);
	return 0;
}

static int save_again(void *arg)
{
	const struct prt_listing *s = arg;
	int ret = prt_list_restart(s->p);

	if (!ret)
		save_mark(s->p, begins);
	return ret;
}

int nat_save(struct prt *p, struct np_args *a, struct np_err *err)
{
	struct np_nat_filter want;
	struct prt_listing s = { .p = p };
	struct np_nat_sink sink = { save_one, save_again, &s };
	const bool json = p->want_json;
	int ret = nat_parse_filter(p, a, &want, err);

	if (!ret)
		ret = prt_need_nat(p, err);
	if (ret)
		return ret;
	p->want_json = false; /* a file is read again as it is */
	ret = prt_list_begin(p, err);
	if (!ret) {
		save_mark(p, begins);
		ret = np_nat_dump(p->nat, &want, &sink, err);
		if (!ret)
			save_mark(p, ends);
		else /* nothing is better than a part */
			(void)prt_list_restart(p);
	}
	p->want_json = json;
	return ret;
}

/* ---- restore ---- */

struct restoring {
	struct prt *p;
	const char *name; /* of the file, as errors have it */
	struct np_nat_load *load;
	struct words words;
	bool some; /* it has a mapping, or says that it has none */
	bool open; /* a save began that has not ended */
};

/*
 * The place before the text, which is then not of a word of the command line. Line 0 is none: the
 * first could not be read, or it is the end of the file that is wrong.
 */
static int at_line(const struct restoring *r, uint32_t line, int ret, struct np_err *err)
{
	if (!ret || !err)
		return ret;
	err->word = -1;
	if (line)
		np_err_prefix(err, "%s:%u", r->name, line);
	else
		np_err_prefix(err, "%s", r->name);
	return ret;
}

/* A mapping that is in the way is in the table, or, unless that is replaced, in the file. */
static void refused(const struct restoring *r, bool replace, int ret, struct np_err *err)
{
	if (ret == -EEXIST && (replace || !nat_name_clash(r->p, np_nat_load_bad(r->load), err))) {
		np_err_set(err, EEXIST, "one of the addresses has a mapping already, by a line "
			   "before this one");
		if (err)
			err->refused = true;
	}
	at_line(r, np_nat_load_failed(r->load), ret, err);
}

static int restore_line(struct restoring *r, struct np_err *err)
{
	const struct words *w = &r->words;
	struct np_args a = { w->argc, w->argv, 1 };
	const char *verb = np_args_next(&a);
	struct np_nat_mapping m;
	int ret;

	if (strcmp(verb, "add"))
		ret = np_err_set(err, EINVAL, "\"%s\" is not \"add\", as each line of such a file "
				 "begins", verb);
	else
		ret = nat_parse(r->p, &a, "add", &m, err);
	if (ret)
		return at_line(r, w->line, ret, err);
	r->some = true;
	return np_nat_load_add(r->load, &m, w->line, err);
}

/* What follows the mark behind a #: begins, ends, or "" of saves of old; NULL: there is none. */
static const char *marked(const char *remark)
{
	const char *const whichs[] = { begins, ends, "" };
	const char *at;

	if (strncmp(remark, mark, sizeof(mark) - 1))
		return NULL;
	for (size_t i = 0; i < sizeof(whichs) / sizeof(whichs[0]); i++) {
		at = remark + sizeof(mark) - 1;
		if (strncmp(at, whichs[i], strlen(whichs[i])))
			continue;
		at += strlen(whichs[i]);
		at += strspn(at, " \t\r");
		/* one of old without its newline may be a part of one that begins */
		if (*at == '\n' || (!*at && *whichs[i]))
			return whichs[i];
	}
	return NULL;
}

/* The line's mark. *inside: there is more than blanks before it, as of a save that was cut off. */
static const char *find_mark(const struct words *w, bool *inside)
{
	const char *at = w->remark, *which = NULL;

	*inside = w->argc > 1;
	while (at && !(which = marked(at))) {
		*inside = true;
		at = strchr(at, '#');
		if (at)
			at++;
	}
	return which;
}

static int is_part(const struct restoring *r, uint32_t line, const char *missing,
		   struct np_err *err)
{
	return at_line(r, line, np_err_set(err, EINVAL, "\"#%s%s\" is missing: what is here may be "
					   "a part of what was saved", mark, missing), err);
}

static int restore_mark(struct restoring *r, struct np_err *err)
{
	const struct words *w = &r->words;
	bool inside;
	const char *which = find_mark(w, &inside);

	if (!which)
		return 0;
	if (inside || (which != ends && r->open))
		return is_part(r, w->line, ends, err);
	if (which == ends && !r->open)
		return r->some ? is_part(r, w->line, begins, err) : 0;
	r->open = which == begins;
	/* of an empty table of old, nothing tells but this line as it was written */
	r->some |= which == ends || (!*which && w->remark == w->text + 1);
	return 0;
}

/* What a command that failed gave to a pipe is not the wish to have no mappings. */
static int nothing(const struct restoring *r, struct np_err *err)
{
	return np_err_set(err, EINVAL, "%s: nothing in it: \"prt nat flush\" deletes all", r->name);
}

static int restore_lines(struct restoring *r, FILE *fp, struct np_err *err)
{
	int ret;

	while ((ret = words_read(&r->words, fp, err)) > 0) {
		ret = restore_mark(r, err);
		if (!ret && r->words.argc > 1)
			ret = restore_line(r, err);
		if (ret)
			return ret;
	}
	if (ret < 0)
		return at_line(r, r->words.line, ret, err);
	if (ferror(fp))
		return np_err_set(err, EIO, "\"%s\" cannot be read", r->name);
	return r->open ? is_part(r, 0, ends, err) : 0;
}

static int restore(struct prt *p, const char *name, FILE *fp, bool replace, struct np_err *err)
{
	struct restoring r = { .p = p, .name = name };
	int ret = prt_need_nat(p, err);

	if (!ret)
		ret = np_nat_load_begin(&r.load, p->nat, replace, err);
	if (ret)
		return ret;
	ret = restore_lines(&r, fp, err);
	if (!ret && replace && !r.some)
		ret = nothing(&r, err);
	if (!ret)
		ret = np_nat_load_commit(r.load, err);
	if (ret && np_nat_load_failed(r.load))
		refused(&r, replace, ret, err);
	np_nat_load_free(r.load);
	words_clean(&r.words);
	return ret;
}

static int take_options(struct np_args *a, bool *replace, struct np_err *err)
{
	struct np_opt_iter it = { .opts = nat_restore_opts, .argc = a->argc,
				  .argv = (char **)(uintptr_t)a->argv, .at = a->at };
	const struct np_opt *opt;
	const char *arg;
	int ret;

	while ((ret = np_opt_next(&it, &opt, &arg, err)) > 0) {
		if (opt->id == OPT_HELP)
			return np_err_help(err);
		*replace = true;
	}
	a->at = it.at;
	return ret;
}

int nat_restore(struct prt *p, struct np_args *a, struct np_err *err)
{
	bool replace = false;
	const char *file;
	FILE *fp = stdin;
	int ret = take_options(a, &replace, err);

	if (ret)
		return ret;
	file = np_args_next(a);
	if (np_args_next(a))
		return np_args_fail(a, err, "one file is enough");
	if (!file || !strcmp(file, "-"))
		return restore(p, "-", stdin, replace, err);
	fp = fopen(file, "re");
	if (!fp)
		return np_err_set(err, errno, "cannot open \"%s\": %s", file, strerror(errno));
	ret = restore(p, file, fp, replace, err);
	fclose(fp);
	return ret;
}
