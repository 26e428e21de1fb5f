/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_CLI_H
#define NP_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lib/err.h"

/*
 * The command line of every tool, as rows of data: dispatch, abbreviation, help,
 * completion and the test that the man page names each word all read the same
 * rows. Tables end with a row whose name is NULL. Nothing here exits or keeps
 * state; errors name the word of argv that is to blame (np_err.word).
 */

/* An option. `-x`, `--name`, `-name` and any beginning of the name are accepted. */
struct np_opt {
	char letter;      /* 0: has no short form */
	const char *name; /* without dashes */
	const char *arg;  /* NULL: takes none; "FILE": wanted; "[WHEN]": only by -c=WHEN */
	/*
	 * One line, lower case, no full stop; NULL: not shown (another name); "": completed,
	 * and not shown.
	 */
	const char *help;
	int id;           /* the tool's own number for it */
	const char *const *words; /* words that the argument can be, NULL-terminated, or NULL */
};

/* A verb. */
struct np_cmd {
	const char *name;
	const char *args; /* synopsis of what follows, "" if nothing */
	const char *help; /* one line, lower case, no full stop; NULL: not shown (an old name) */
	/* argv[at] is the first word after the verb. Returns the exit status, or -errno and err. */
	int (*run)(void *ctx, int argc, char **argv, int at, struct np_err *err);
	const struct np_opt *opts; /* options of its own; NULL: none */
	const struct np_cmd *sub;  /* verbs below it (`route add`); NULL: none */
	/*
	 * Prints what can stand at argv[argc - 1], which may be incomplete; argv[at]
	 * is the first word after the verb. May be NULL.
	 */
	void (*complete)(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp);
};

/* Walks over the options of a command line. Zero-initialise, then fill the first five. */
struct np_opt_iter {
	const struct np_opt *opts;
	int argc;
	char **argv;
	int at;          /* the next word to look at */
	/*
	 * As ip(8): a beginning that fits several names means the first of them (so does "-",
	 * which begins all), and a letter may stand behind two dashes.
	 */
	bool as_ip;
	const char *bundle; /* private: letters of `-jp` still to come */
	bool ended;         /* private: `--` was seen */
};

/*
 * The next option at it->at. Returns 1 with *opt and *arg (NULL where it takes
 * none or an optional one is missing), 0 when argv[at] is no option (or argv is
 * at its end: then at == argc), or -EINVAL. "-" is no option, "--" ends them.
 */
int np_opt_next(struct np_opt_iter *it, const struct np_opt **opt, const char **arg,
	struct np_err *err);

/*
 * The verb that word means: its whole name, or else the first row that begins
 * with it (as iproute2). Returns NULL and fills err (at: index of the word for
 * err->word) with the nearest name when there is none.
 */
const struct np_cmd *np_cmd_find(const struct np_cmd *cmds, const char *word, int at,
	struct np_err *err);

/* Whether word is prefix itself or a beginning of name (iproute2's matches()); not empty. */
bool np_abbrev(const char *word, const char *name);

/* The name nearest to a mistyped word. Zero-initialise but for word. */
struct np_nearest {
	const char *word;
	const char *best; /* NULL: nothing is near enough to be worth a question */
	unsigned dist;
};
void np_nearest_try(struct np_nearest *n, const char *name);

/*
 * Prints the command line and a line of carets under word number `word` (both
 * counted in argv; 0 is the program's name and is not printed). Nothing for a
 * word that is not there. Control characters are shown as '?'.
 */
void np_cli_caret(FILE *fp, int argc, char *const *argv, int word);

/* "TOOL: text", then the caret line where err names a word. */
void np_cli_error(FILE *fp, const char *tool, const struct np_err *err, int argc,
	char *const *argv);

/* Usage of the whole tool: verbs and options with their help. */
void np_cli_help(FILE *fp, const char *tool, const struct np_cmd *cmds, const struct np_opt *opts);
/* Usage of one verb. path: "pkttrace show". opts: those of the whole tool, may be NULL. */
void np_cli_help_cmd(FILE *fp, const char *path, const struct np_cmd *cmd,
	const struct np_opt *opts);

/*
 * Where -h or --help is the word behind a verb, or behind one below it (argv[at] is the first
 * word after cmd): prints its usage and returns true. path: "lvsctl rs".
 */
bool np_cli_help_asked(FILE *fp, const char *path, const struct np_cmd *cmd, int argc,
	char **argv, int at);

/*
 * `TOOL --complete WORD…`: prints the words that can stand in the place of the
 * last one (which may be empty), one a line. "<FILE>" and "<DEV>" stand for names that
 * the shell knows. opts: the tool's, which stand before its verb.
 */
void np_cli_complete(FILE *fp, const struct np_cmd *cmds, const struct np_opt *opts, int argc,
	char **argv);

#endif
