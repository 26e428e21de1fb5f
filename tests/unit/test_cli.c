// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/cli.h"

#include <errno.h>
#include <stdlib.h>

#include "tests/unit/unit.h"

enum { OPT_JSON, OPT_PRETTY, OPT_COLOR, OPT_RULES, OPT_BATCH, OPT_BRIEF, OPT_INET };

static const char *const when_words[] = { "always", "auto", "never", NULL };
static const struct np_opt opts[] = {
	{ 'j', "json", NULL, "print JSON", OPT_JSON, NULL },
	{ 'p', "pretty", NULL, "indent it", OPT_PRETTY, NULL },
	{ 'c', "color", "[WHEN]", "colour", OPT_COLOR, when_words },
	{ 0, "rules", "FILE", "rule texts", OPT_RULES, NULL },
	{ 'b', "batch", "FILE", "read commands", OPT_BATCH, NULL },
	{ 0, "brief", NULL, "one line", OPT_BRIEF, NULL },
	{ '4', "inet", NULL, "IPv4", OPT_INET, NULL },
	{ .name = NULL },
};

static const struct np_cmd below[] = {
	{ "add", "WORDS", "adds", NULL, NULL, NULL, NULL },
	{ .name = NULL },
};
static const struct np_cmd cmds[] = {
	{ "show", "[FILE…]", "shows", NULL, opts, NULL, NULL },
	{ "route", "…", "routes", NULL, NULL, below, NULL },
	{ "rule", "…", "rules", NULL, NULL, below, NULL },
	{ .name = NULL },
};

/* Walks over words and writes "id=arg" for each option, then "@index" of the end. */
static const char *walk(char *buf, size_t size, bool as_ip, int argc, const char **words)
{
	struct np_err err = NP_ERR_INIT;
	struct np_opt_iter it = { .opts = opts, .argc = argc, .argv = (char **)words, .at = 1,
		.as_ip = as_ip };
	const struct np_opt *o;
	const char *arg;
	size_t at = 0;
	int ret;

	while ((ret = np_opt_next(&it, &o, &arg, &err)) == 1)
		at += (size_t)snprintf(buf + at, size - at, "%s=%s ", o->name, arg ? arg : "");
	if (ret < 0)
		snprintf(buf + at, size - at, "%d %s", err.word, err.text);
	else
		snprintf(buf + at, size - at, "@%d", it.at);
	return buf;
}

#define WALK(first, ...) walk(buf, sizeof(buf), first, \
	(int)(sizeof((const char *[]){ "t", __VA_ARGS__ }) / sizeof(char *)), \
	(const char *[]){ "t", __VA_ARGS__, NULL })

static void test_options(void)
{
	char buf[512];

	unit_str(WALK(false, "-j", "show"), "json= @2", "a letter");
	unit_str(WALK(false, "-jp", "show"), "json= pretty= @2", "two letters in one word");
	unit_str(WALK(false, "--rules", "f", "x"), "rules=f @3", "an argument as a word");
	unit_str(WALK(false, "--rules=f", "x"), "rules=f @2", "an argument after =");
	unit_str(WALK(false, "-b", "-"), "batch=- @3", "a letter's argument");
	unit_str(WALK(false, "-c", "never"), "color= @2", "an optional argument is no word of its own");
	unit_str(WALK(false, "-c=never"), "color=never @2", "an optional argument after =");
	unit_str(WALK(false, "-col=auto"), "color=auto @2", "a beginning of a name");
	unit_str(WALK(false, "-br", "-"), "brief= @2", "a beginning with one dash, and - is no option");
	unit_str(WALK(false, "--", "-j"), "@2", "-- ends the options");
	unit_str(WALK(true, "--b", "x"), "batch=x @3", "the first row wins where asked");
	unit_str(WALK(false, "--b", "x"), "1 option \"--b\" is short for --batch and --brief",
		"an ambiguous beginning");
	unit_str(WALK(true, "-", "x"), "json= @2", "a dash alone is the first where asked");
	unit_str(WALK(true, "---"), "1 unknown option \"---\"", "three are none");
	unit_str(WALK(true, "--4", "x"), "inet= @2", "a letter behind two dashes where asked");
	unit_str(WALK(false, "--4", "x"), "1 unknown option \"--4\"", "and else not");
	unit_str(WALK(true, "--44"), "1 unknown option \"--44\"", "no two of them");
	unit_str(WALK(false, "-j", "--jsn"), "json= 2 unknown option \"--jsn\": did you mean \"--json\"?",
		"the nearest option");
	unit_str(WALK(false, "--xyzzy"), "1 unknown option \"--xyzzy\"", "nothing near");
	unit_str(WALK(false, "-jx"), "1 unknown option \"-jx\"", "an unknown letter among known ones");
	unit_str(WALK(false, "--json=1"), "1 option \"--json\" takes no argument", "an argument too many");
	unit_str(WALK(false, "--rules"), "1 option \"--rules\" wants an argument: FILE",
		"an argument too few");
}

static void test_find(void)
{
	struct np_err err = NP_ERR_INIT;
	const struct np_cmd *c;

	c = np_cmd_find(cmds, "show", 1, &err);
	unit_str(c ? c->name : NULL, "show", "a verb");
	c = np_cmd_find(cmds, "r", 1, &err);
	unit_str(c ? c->name : NULL, "route", "the first that begins so");
	c = np_cmd_find(cmds, "ru", 1, &err);
	unit_str(c ? c->name : NULL, "rule", "a longer beginning");
	c = np_cmd_find(cmds, "shwo", 3, &err);
	unit_ok(!c, "a mistyped verb is refused");
	unit_str(err.text, "unknown command \"shwo\": did you mean \"show\"?", "and the nearest named");
	unit_int(err.word, 3, "with its place");
	unit_ok(!np_cmd_find(cmds, "", 1, &err), "an empty word is no verb");
}

static void test_nearest(void)
{
	struct np_nearest n = { .word = "loookup" };

	np_nearest_try(&n, "local");
	np_nearest_try(&n, "lookup");
	unit_str(n.best, "lookup", "nearest word");
	n = (struct np_nearest){ .word = "x" };
	np_nearest_try(&n, "y");
	unit_str(n.best, NULL, "a single letter is near to nothing");
	n = (struct np_nearest){ .word = "a-word-that-is-longer-than-any-of-ours" };
	np_nearest_try(&n, "a-word-that-is-longer-than-any-of-our");
	unit_str(n.best, NULL, "a very long word is near to nothing");
}

typedef void (*print_fn)(FILE *fp, int argc, char **argv);

static void print_complete(FILE *fp, int argc, char **argv)
{
	np_cli_complete(fp, cmds, opts, argc, argv);
}

static void print_error(FILE *fp, int argc, char **argv)
{
	struct np_err err = { .word = 2, .text = "no \tsuch thing" };

	np_cli_error(fp, "t", &err, argc, argv);
}

static void print_help(FILE *fp, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	np_cli_help_cmd(fp, "t show", &cmds[0], opts);
}

static void expect(const char *name, print_fn print, int argc, const char **words, const char *want)
{
	char *text = NULL;
	size_t size = 0;
	FILE *fp = open_memstream(&text, &size);

	if (!fp)
		return;
	print(fp, argc, (char **)words);
	fclose(fp);
	unit_str(text, want, name);
	free(text);
}

#define EXPECT(name, print, want, ...) expect(name, print, \
	(int)(sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *)), \
	(const char *[]){ __VA_ARGS__, NULL }, want)

static void test_printing(void)
{
	EXPECT("verbs", print_complete, "route\nrule\n", "r");
	EXPECT("verbs after an option", print_complete, "show\nroute\nrule\n", "-j", "");
	EXPECT("verbs below", print_complete, "add\n", "ro", "");
	EXPECT("options", print_complete, "--pretty\n", "show", "--p");
	EXPECT("the tool's before its verb", print_complete, "--pretty\n", "--p");
	EXPECT("and not behind one that has none", print_complete, "", "route", "--p");
	EXPECT("a file's name", print_complete, "<FILE>\n", "show", "--rules", "");
	EXPECT("caret", print_error, "t: no ?such thing\n  a ü cd\n    ^\n", "t", "a", "ü", "cd");
	EXPECT("help", print_help,
		"Usage: t show [FILE…]\nshows\n\nOptions:\n"
		"  -j, --json                 print JSON\n"
		"  -p, --pretty               indent it\n"
		"  -c, --color[=WHEN]         colour\n"
		"      --rules FILE           rule texts\n"
		"  -b, --batch FILE           read commands\n"
		"      --brief                one line\n"
	       "  -4, --inet                 IPv4\n", NULL);
}

int main(void)
{
	test_options();
	test_find();
	test_nearest();
	test_printing();
	return unit_done();
}
