// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -R: one pass over standard input, changes sent many at a time. As ipvsadm, it goes on
 * behind a line that the kernel refuses, ends at one that does not parse, and its exit
 * status is that of the last line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lvsctl/apply.h"
#include "lvsctl/cmds.h"

#define SAID(r, bit) ((r)->said >> (bit) & 1)
/* A message's tag: the line, and the command for the sentence of a refusal. */
#define CMD_BITS 5

struct restore {
	struct lvs_run *run;
	unsigned line;     /* now */
	unsigned last;     /* the last that says something */
	unsigned failed;   /* how many lines */
	unsigned last_bad; /* the last of them, 0: none */
	bool quiet;
};

static void tell(struct restore *re, unsigned line, const struct np_err *err)
{
	re->failed++;
	if (line > re->last_bad) /* what the kernel refuses is heard of later */
		re->last_bad = line;
	fflush(stdout);
	if (!re->quiet)
		fprintf(stderr, "%s: line %u: %s\n", re->run->prog, line, err->text);
}

static void refused(void *arg, uint32_t tag, const struct np_err *why)
{
	struct np_err err = *why;

	np_lvs_refusal(&err, lvs_asked(tag & ((1u << CMD_BITS) - 1)));
	tell(arg, tag >> CMD_BITS, &err);
}

/* An input that breaks off is no whole one. Returns 1 where it did, which is told. */
static int broken_off(struct restore *re, int why)
{
	if (!ferror(re->run->in))
		return 0;
	fflush(stdout);
	fprintf(stderr, "%s: cannot read the standard input: %s\n", re->run->prog, strerror(why));
	return 1;
}

/* One line. Returns 0, or the exit status with which all ends here. */
static int do_line(struct restore *re, char *line)
{
	struct np_err err = NP_ERR_INIT;
	struct lvs_request r;
	int status = lvs_args_line(&r, re->run->prog, line, &err);

	if (status > 0)
		return 0;
	re->last = re->line;
	if (status) {
		tell(re, re->line, &err);
		return r.goes_on ? 0 : r.status;
	}
	/* -h and -v end ipvsadm wherever they stand. */
	if (r.cmd == LVS_CMD_HELP || r.cmd == LVS_CMD_VERSION) {
		lvs_run_settle(re->run);
		np_nl_flush(re->run->lvs.nl);
		status = lvs_run_request(re->run, &r, &err);
		if (status)
			tell(re, re->line, &err);
		return status ? status : -1;
	}
	np_nl_tag(re->run->lvs.nl, re->line << CMD_BITS | (uint32_t)r.cmd);
	status = lvs_run_request(re->run, &r, &err);
	if (status)
		tell(re, re->line, &err);
	return r.cmd == LVS_CMD_RESTORE || (status && r.cmd == LVS_CMD_LIST) ? status : 0;
}

/* All lines as they come. Returns the exit status. */
static int stream(struct restore *re)
{
	size_t size = 0;
	char *line = NULL;
	int end = 0, why;

	while (!end && getline(&line, &size, re->run->in) > 0) {
		re->line++;
		end = do_line(re, line);
	}
	why = errno;
	free(line);
	lvs_run_settle(re->run);
	np_nl_flush(re->run->lvs.nl);
	if (end)
		return end < 0 ? 0 : end;
	if (broken_off(re, why))
		return 1;
	return re->last_bad && re->last_bad == re->last ? 255 : 0;
}

/* ---- --atomic ---- */

static bool changes_table(enum lvs_cmd cmd)
{
	return (cmd >= LVS_CMD_ADD && cmd <= LVS_CMD_CLEAR) ||
	       (cmd >= LVS_CMD_ADD_DEST && cmd <= LVS_CMD_EDIT_DEST);
}

/* Every line into a request. Returns 0, or -EINVAL when a line is wrong (told). */
static int read_all(struct restore *re, struct lvs_request **list, unsigned **lines, size_t *n)
{
	size_t size = 0, cap = 0;
	char *line = NULL;
	struct np_err err = NP_ERR_INIT;
	int bad;

	while (getline(&line, &size, re->run->in) > 0) {
		struct lvs_request r;
		int ret = lvs_args_line(&r, re->run->prog, line, &err);

		re->line++;
		if (ret > 0)
			continue;
		if (ret) {
			tell(re, re->line, &err);
			continue;
		}
		if (!changes_table(r.cmd)) {
			np_err_set(&err, EINVAL, "--%s cannot be undone: not with --atomic",
				   lvs_cmd_name(r.cmd));
			tell(re, re->line, &err);
			continue;
		}
		if (*n == cap) {
			cap = cap ? 2 * cap : 256;
			struct lvs_request *l = realloc(*list, cap * sizeof(*l));
			unsigned *m = l ? realloc(*lines, cap * sizeof(*m)) : NULL;

			*list = l ? l : *list;
			*lines = m ? m : *lines;
			if (!m) {
				np_err_nomem(&err);
				tell(re, re->line, &err);
				break;
			}
		}
		r.sched_flags = NULL; /* it was in line; its flags are read */
		(*lines)[*n] = re->line;
		(*list)[(*n)++] = r;
	}
	bad = broken_off(re, errno);
	free(line);
	return re->failed || bad ? -EINVAL : 0;
}

/* Makes the table what it was. */
static int take_back(struct lvs_run *run, const struct lvs_table *was, struct np_err *err)
{
	struct lvs_table now = { 0 };
	struct lvs_plan plan = { 0 };
	int ret = lvs_table_fetch(&now, &run->lvs, LVS_FETCH_TUNNELS, err);

	if (!ret)
		ret = lvs_plan_make(&plan, &now, was, err);
	if (!ret)
		ret = lvs_plan_apply(&run->lvs, &plan, err);
	lvs_plan_clean(&plan);
	lvs_table_clean(&now);
	return ret;
}

static int atomic(struct restore *re, const struct np_nl_batch *batch, struct np_err *err)
{
	struct lvs_request *list = NULL;
	struct lvs_table was = { 0 };
	struct lvs_run *run = re->run;
	unsigned *lines = NULL;
	size_t n = 0;
	int ret = read_all(re, &list, &lines, &n);

	if (ret)
		np_err_set(err, EINVAL, "nothing was changed");
	else
		ret = lvs_table_fetch(&was, &run->lvs, LVS_FETCH_TUNNELS, err);
	if (!ret)
		ret = np_nl_batch_begin(run->lvs.nl, batch, err);
	if (!ret) {
		for (size_t i = 0; i < n; i++) {
			np_nl_tag(run->lvs.nl, lines[i] << CMD_BITS | (uint32_t)list[i].cmd);
			if (lvs_run_request(run, &list[i], err))
				tell(re, lines[i], err);
		}
		lvs_run_settle(run);
		np_nl_batch_end(run->lvs.nl);
		if (re->failed) {
			ret = take_back(run, &was, err);
			if (!ret)
				ret = np_err_set(err, EINVAL, "the table is as it was");
			else
				np_err_prefix(err, "the table could not be made as it was");
		}
	}
	lvs_table_clean(&was);
	free(list);
	free(lines);
	return ret;
}

int lvs_restore(struct lvs_run *run, const struct lvs_request *r, struct np_err *err)
{
	struct restore re = { .run = run };
	struct np_nl_batch batch = { .mode = NP_NL_GO_ON, .fail = refused, .arg = &re };
	int status;

	run->restoring = true;
	if (SAID(r, LVS_SAID_ATOMIC))
		return atomic(&re, &batch, err) ? 1 : 0;
	if (np_nl_batch_begin(run->lvs.nl, &batch, err))
		return 1;
	status = stream(&re);
	np_nl_batch_end(run->lvs.nl);
	if (!status && re.failed && SAID(r, LVS_SAID_STRICT))
		status = 1;
	return status;
}
