// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "lvsctl/complete.h"
#include "lvsctl/options.h"
#include "lvsctl/verbs.h"

const struct np_cmd *lvs_verb(const char *word)
{
	for (size_t t = 0; lvs_verb_tables[t]; t++)
		for (const struct np_cmd *c = lvs_verb_tables[t]; c->name; c++)
			if (!strcmp(c->name, word))
				return c;
	return NULL;
}

void lvs_help(FILE *fp)
{
	fputs("verbs:\n", fp);
	for (size_t t = 0; lvs_verb_tables[t]; t++)
		for (const struct np_cmd *c = lvs_verb_tables[t]; c->name; c++)
			if (c->help)
				fprintf(fp, "  %s %s\n      %s\n", c->name, c->args, c->help);
	fputs("lvsctl -h lists the options of the language of ipvsadm.\n", fp);
}

static const struct lvs_option *option_of(const char *word)
{
	for (const struct lvs_option *o = lvs_options; o->name; o++)
		if ((word[0] == '-' && word[1] && word[1] == o->letter && !word[2]) ||
		    (!strncmp(word, "--", 2) && !strcmp(word + 2, o->name)))
			return o;
	return NULL;
}

static void print_if(FILE *fp, const char *dashes, const char *name, const char *begin)
{
	char word[64];

	snprintf(word, sizeof(word), "%s%s", dashes, name);
	if (!strncmp(word, begin, strlen(begin)))
		fprintf(fp, "%s\n", word);
}

/* Options that go with the command that stands first; commands when there is none. */
static void options(FILE *fp, const char *first, const char *word)
{
	const struct lvs_option *cmd = first ? option_of(first) : NULL;

	for (const struct lvs_option *o = lvs_options; o->name; o++) {
		bool command = o->kind == LVS_K_COMMAND || o->kind == LVS_K_STATE;

		if (o->help && (cmd ? !command && o->may & LVS_MASK(cmd->min) : command))
			print_if(fp, "--", o->name, word);
	}
}

void lvs_complete(FILE *fp, int argc, char **argv)
{
	const char *word = argc ? argv[argc - 1] : "";
	const struct np_cmd *verb = argc > 1 ? lvs_verb(argv[0]) : NULL;
	const struct lvs_option *o = argc > 1 ? option_of(argv[argc - 2]) : NULL;

	if (verb && verb->complete) {
		verb->complete(verb, argc, argv, 1, fp);
	} else if (verb && verb->sub) {
		for (const struct np_cmd *c = verb->sub; c->name; c++)
			print_if(fp, "", c->name, word);
	} else if (o && o->arg && *o->arg != '=') {
		for (size_t i = 0; o->words && o->words[i].word; i++)
			print_if(fp, "", o->words[i].word, word);
		if (!strcmp(o->name, "mcast-interface"))
			fputs("<DEV>\n", fp);
	} else if (argc > 1) {
		options(fp, argv[0], word);
	} else {
		for (size_t t = 0; lvs_verb_tables[t]; t++)
			for (const struct np_cmd *c = lvs_verb_tables[t]; c->name; c++)
				print_if(fp, "", c->name, word);
		options(fp, NULL, word);
	}
}
