// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli.h"

#include <string.h>

/* Columns that text takes; UTF-8 sequences count as one each. */
static size_t put_word(FILE *fp, const char *word)
{
	size_t cols = 0;

	for (; *word; word++) {
		unsigned char c = (unsigned char)*word;

		fputc(c < 0x20 || c == 0x7f ? '?' : c, fp);
		cols += (c & 0xc0) != 0x80;
	}
	return cols;
}

void np_cli_caret(FILE *fp, int argc, char *const *argv, int word)
{
	size_t at = 0, cols = 0, len = 0;

	if (word < 1 || word >= argc)
		return;
	fputs("  ", fp);
	for (int i = 1; i < argc; i++) {
		size_t n;

		if (i > 1) {
			fputc(' ', fp);
			cols++;
		}
		if (i == word)
			at = cols;
		n = put_word(fp, argv[i]);
		if (i == word)
			len = n;
		cols += n;
	}
	fprintf(fp, "\n  %*s", (int)at, "");
	do
		fputc('^', fp);
	while (len-- > 1);
	fputc('\n', fp);
}

void np_cli_error(FILE *fp, const char *tool, const struct np_err *err, int argc,
	char *const *argv)
{
	fprintf(fp, "%s: ", tool);
	put_word(fp, err->text);
	fputc('\n', fp);
	np_cli_caret(fp, argc, argv, err->word);
}

static void help_opts(FILE *fp, const struct np_opt *opts)
{
	char left[48];

	for (const struct np_opt *o = opts; o && o->name; o++) {
		const char *sep = !o->arg ? "" : o->arg[0] == '[' ? "[=" : " ";
		const char *arg = !o->arg ? "" : o->arg + (o->arg[0] == '[');

		if (!o->help || !*o->help)
			continue;
		if (o->letter)
			snprintf(left, sizeof(left), "-%c, --%s%s%s", o->letter, o->name, sep, arg);
		else
			snprintf(left, sizeof(left), "    --%s%s%s", o->name, sep, arg);
		fprintf(fp, "  %-26s %s\n", left, o->help);
	}
}

static void help_cmds(FILE *fp, const struct np_cmd *cmds)
{
	char left[64];

	for (const struct np_cmd *c = cmds; c && c->name; c++) {
		if (!c->help)
			continue;
		snprintf(left, sizeof(left), "%s %s", c->name, c->args);
		fprintf(fp, "  %-26s %s\n", left, c->help);
	}
}

void np_cli_help(FILE *fp, const char *tool, const struct np_cmd *cmds, const struct np_opt *opts)
{
	fprintf(fp, "Usage: %s [OPTION…] COMMAND …\n\n", tool);
	fputs("Commands, which may be abbreviated:\n", fp);
	help_cmds(fp, cmds);
	fputs("\nOptions:\n", fp);
	help_opts(fp, opts);
	fprintf(fp, "\nSee %s(8).\n", tool);
}

void np_cli_help_cmd(FILE *fp, const char *path, const struct np_cmd *cmd,
	const struct np_opt *opts)
{
	fprintf(fp, "Usage: %s %s\n%s\n", path, cmd->args, cmd->help ? cmd->help : "");
	if (cmd->sub) {
		fputs("\nCommands:\n", fp);
		help_cmds(fp, cmd->sub);
	}
	if (cmd->opts || opts)
		fputs("\nOptions:\n", fp);
	help_opts(fp, cmd->opts);
	if (opts != cmd->opts)
		help_opts(fp, opts);
}

static bool is_help(const char *word)
{
	return !strcmp(word, "-h") || !strcmp(word, "--help");
}

bool np_cli_help_asked(FILE *fp, const char *path, const struct np_cmd *cmd, int argc,
	char **argv, int at)
{
	char below[64];

	if (at < argc && is_help(argv[at])) {
		np_cli_help_cmd(fp, path, cmd, NULL);
		return true;
	}
	if (at + 1 >= argc || !is_help(argv[at + 1]))
		return false;
	for (const struct np_cmd *c = cmd->sub; c && c->name; c++) {
		if (strcmp(c->name, argv[at]) != 0)
			continue;
		snprintf(below, sizeof(below), "%s %s", path, c->name);
		np_cli_help_cmd(fp, below, c, NULL);
		return true;
	}
	return false;
}

static void complete_arg(FILE *fp, const struct np_opt *o, const char *word)
{
	if (!o->words) {
		if (o->arg && (!strcmp(o->arg, "FILE") || !strcmp(o->arg, "DEV")))
			fprintf(fp, "<%s>\n", o->arg);
		return;
	}
	for (size_t i = 0; o->words[i]; i++) {
		if (!strncmp(o->words[i], word, strlen(word)))
			fprintf(fp, "%s\n", o->words[i]);
	}
}

static void complete_opts(FILE *fp, const struct np_opt *opts, const char *word)
{
	size_t dashes = word[0] == '-' && word[1] == '-' ? 2 : 1;

	for (const struct np_opt *o = opts; o && o->name; o++) {
		if (o->help && !strncmp(o->name, word + dashes, strlen(word + dashes)))
			fprintf(fp, "--%s\n", o->name);
	}
}

/* The option whose argument the last word is, NULL where it is none. */
static const struct np_opt *awaits_arg(const struct np_opt *opts, int argc, char **argv, int *at)
{
	struct np_opt_iter it = { .opts = opts, .argc = argc, .argv = argv, .at = *at };
	const struct np_opt *o = NULL;
	const char *arg;

	while (opts && np_opt_next(&it, &o, &arg, NULL) == 1) {
		if (it.at == argc && arg == argv[argc - 1] && o->arg && o->arg[0] != '[')
			return o;
		*at = it.at;
	}
	return NULL;
}

static void complete_cmds(FILE *fp, const struct np_cmd *cmds, const char *word)
{
	for (const struct np_cmd *c = cmds; c && c->name; c++) {
		if (c->help && !strncmp(c->name, word, strlen(word)))
			fprintf(fp, "%s\n", c->name);
	}
}

void np_cli_complete(FILE *fp, const struct np_cmd *cmds, const struct np_opt *opts, int argc,
	char **argv)
{
	const struct np_opt *own = opts, *o;
	const struct np_cmd *cmd = NULL;
	const char *last = argc ? argv[argc - 1] : "";
	int at = 0, first = 0;

	while (at < argc - 1) {
		o = awaits_arg(own, argc, argv, &at);
		if (o) {
			complete_arg(fp, o, last);
			return;
		}
		if (at >= argc - 1)
			break;
		if (cmds && argv[at][0] != '-') {
			cmd = np_cmd_find(cmds, argv[at], at, NULL);
			first = at + 1;
			cmds = cmd ? cmd->sub : NULL;
			own = cmd ? cmd->opts : opts; /* the tool's stand before its verb */
		}
		at++;
	}
	if (last[0] == '-' && own) {
		complete_opts(fp, own, last);
		return;
	}
	if (cmds)
		complete_cmds(fp, cmds, last);
	else if (cmd && cmd->complete)
		cmd->complete(cmd, argc, argv, first, fp);
}
