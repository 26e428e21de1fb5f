// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "lvsctl/cmds.h"

#define SCREEN 80 /* columns */

/* "--name VALUE" as it is typed. */
static int put_words(char *to, size_t size, const struct lvs_option *o)
{
	char letter[8] = "";

	if (o->letter)
		snprintf(letter, sizeof(letter), "-%c, ", o->letter);
	if (!o->arg)
		return snprintf(to, size, "%s--%s", letter, o->name);
	if (*o->arg == '=')
		return snprintf(to, size, "%s--%s[%s]", letter, o->name, o->arg);
	return snprintf(to, size, "%s--%s %s", letter, o->name, o->arg);
}

static bool has_line(const struct lvs_option *o)
{
	return o->letter || o->kind == LVS_K_COMMAND || o->kind == LVS_K_STATE;
}

/* The options that have no line of their own, as many on a line as the screen takes. */
static void others(FILE *fp)
{
	char words[64];
	int at = 0;

	for (const struct lvs_option *o = lvs_options; o->name; o++) {
		int len = put_words(words, sizeof(words), o);

		if (!o->help || has_line(o))
			continue;
		if (at && at + len + 2 > SCREEN) {
			fputc('\n', fp);
			at = 0;
		}
		at += fprintf(fp, "  %s", words);
	}
	fputc('\n', fp);
}

void lvs_usage(FILE *fp, const char *prog)
{
	char words[64];

	fprintf(fp, "%s of netpath " NP_VERSION ": the table of IPVS, in the language of ipvsadm\n"
		"usage: %s COMMAND [OPTION…]   the first 17 below are the commands\n"
		"       %s VERB …              explain, diff, apply and more: %s help\n\n",
		prog, prog, prog, prog);
	for (const struct lvs_option *o = lvs_options; o->name; o++) {
		if (!o->help || !has_line(o))
			continue;
		put_words(words, sizeof(words), o);
		fprintf(fp, "  %s%-*s %s\n", o->letter ? "" : "    ", o->letter ? 34 : 30, words,
			o->help);
	}
	fputs("\nAnd, each told of in lvsctl(8):\n", fp);
	others(fp);
}

void lvs_version(FILE *fp, const char *prog)
{
	/* Scripts read this line: it is the version of the language. */
	fprintf(fp, "%s v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n", prog);
}
