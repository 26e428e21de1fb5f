/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_ARGS_H
#define PKTTRACE_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/cli.h"
#include "lib/err.h"
#include "lib/out.h"
#include "trace/select.h"

/* What the words of a `pkttrace show` ask for. Pure: no file is opened here. */
enum show_format {
	SHOW_TEXT,
	SHOW_BRIEF,
	SHOW_JSON,
	SHOW_DOT,
	SHOW_MERMAID,
	SHOW_PCAPNG,
	SHOW_SUMMARY,
};

#define SHOW_RULES_MAX 32
#define SHOW_SNAPSHOTS_MAX 16

struct show_request {
	int64_t now_us; /* set by the caller: times like -10min count from it */
	enum show_format format;
	const char *format_word; /* the option that chose it, NULL: none did */
	bool pretty, utc, follow, verbose;
	bool help, version;
	enum np_color_when color;
	const char *pcapng; /* "-": stdout */
	const char *rules[SHOW_RULES_MAX];
	unsigned n_rules;
	bool explain;
	const char *snapshots[SHOW_SNAPSHOTS_MAX];
	unsigned n_snapshots;
	const char **files; /* the caller's, room for argc of them */
	unsigned n_files;
	struct select select;
};

/* Every option of pkttrace, for help, completion and the test of the man page. */
extern const struct np_opt pkttrace_opts[];

/* For completion: when to colour, protocols; NULL at the end. */
extern const char *const args_when_words[], *const args_proto_words[];

/*
 * Takes options from argv[*at] on until a word that is none; for those before
 * the verb. Returns 0 or -EINVAL.
 */
int args_options(struct show_request *req, int argc, char **argv, int *at, struct np_err *err);

/* The words after the verb: options and files in any order. Returns 0 or -EINVAL. */
int args_show(struct show_request *req, int argc, char **argv, int at, struct np_err *err);

#endif
