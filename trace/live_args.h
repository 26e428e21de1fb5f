/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LIVE_ARGS_H
#define PKTTRACE_LIVE_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/cli.h"
#include "lib/out.h"
#include "trace/args.h"
#include "trace/filter.h"

/* What the words of the live verbs ask for: add, del, list, flush, monitor, run. Pure. */
struct live_request {
	struct filter filter;
	uint8_t families;   /* what -4 and -6 said, until all words are read */
	bool some;          /* words of a match were said */
	uint32_t number;    /* del: of the rule; 0: by its match */
	const char *netns;  /* NULL: this one */
	enum show_format format;
	enum np_color_when color;
	bool utc;
	bool no_explain, no_drops, lookups;
	bool help;
	int64_t timeout_us; /* 0: none */
	const char *output; /* run: the file for what is traced; NULL: stderr */
	int command;        /* run: the command's place in argv */
	uint64_t count;     /* packets after which to end; 0: no end */
};

/* Options of run, which are also monitor's, of add and del, of list and flush. */
#define LIVE_RUN_OPTS 1     /* rows that only run has */
#define LIVE_MONITOR_OPTS 10 /* and rows that add and del do not have */
extern const struct np_opt live_opts[];
extern const struct np_opt live_plain_opts[];

/*
 * The words after a verb. opts: its table. number: a bare number is a rule's.
 * Returns 0 or -EINVAL.
 */
struct live_grammar {
	const struct np_opt *opts;
	bool filter, number;
	bool command;     /* `-- COMMAND` comes behind */
	const char *help; /* one line */
};
int live_args(struct live_request *req, const struct live_grammar *g, int argc, char **argv,
	int at, struct np_err *err);

#endif
