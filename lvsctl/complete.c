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

const struct lvs_option *lvs_option_of(const char *word)
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
	const struct lvs_option *cmd = first ? lvs_option_of(first) : NULL;

	for (const struct lvs_option *o = lvs_options; o->name; o++) {
		bool command = o->kind == LVS_K_COMMAND || o->kind == LVS_K_STATE;

		if (o->help && (cmd ? !command && o->may & LVS_MASK(cmd->min) : command))
			print_if(fp, "--", o->name, word);
	}
}

/* Does the command that stands first take what is in the kernel's table already? */
static bool wants_old(const struct lvs_option *cmd, const struct lvs_option *o)
{
	if (!cmd || cmd->kind != LVS_K_COMMAND)
		return false;
	return o->kind == LVS_K_SERVER ? cmd->min != LVS_CMD_ADD_DEST : cmd->min != LVS_CMD_ADD;
}

/* The value of an option. */
static void values(FILE *fp, const struct lvs_option *o, int argc, char **argv)
{
	const char *word;

	for (size_t i = 0; (word = lvs_option_word(o, i)); i++)
		print_if(fp, "", word, argv[argc - 1]);
	if (!strcmp(o->name, "mcast-interface"))
		fputs("<DEV>\n", fp);
	if ((o->kind == LVS_K_SERVICE || o->kind == LVS_K_FWMARK || o->kind == LVS_K_SERVER) &&
	    wants_old(lvs_option_of(argv[0]), o))
		lvs_complete_kernel(fp, o, argc, argv);
}

/* `--sort=`: a value behind the option's name. False: it is none. */
static bool assigned(FILE *fp, const char *word)
{
	for (const struct lvs_option *o = lvs_options; o->name; o++) {
		size_t len = strlen(o->name);
		const char *value;
		char name[64];

		if (strncmp(word, "--", 2) || strncmp(word + 2, o->name, len) ||
		    word[2 + len] != '=' || !lvs_option_word(o, 0))
			continue;
		snprintf(name, sizeof(name), "--%s=", o->name);
		for (size_t i = 0; (value = lvs_option_word(o, i)); i++)
			print_if(fp, name, value, word);
		return true;
	}
	return false;
}

void lvs_complete(FILE *fp, int argc, char **argv)
{
	const char *word = argc ? argv[argc - 1] : "";
	const struct np_cmd *verb = argc > 1 ? lvs_verb(argv[0]) : NULL;
	const struct lvs_option *o = argc > 1 ? lvs_option_of(argv[argc - 2]) : NULL;

	if (verb) {
		const struct np_cmd alone[] = { *verb, { .name = NULL } };

		np_cli_complete(fp, alone, NULL, argc, argv);
	} else if (o && o->arg && *o->arg != '=') {
		values(fp, o, argc, argv);
	} else if (argc > 1 && !assigned(fp, word)) {
		options(fp, argv[0], word);
	} else if (argc < 2) {
		for (size_t t = 0; lvs_verb_tables[t]; t++)
			for (const struct np_cmd *c = lvs_verb_tables[t]; c->name; c++)
				print_if(fp, "", c->name, word);
		options(fp, NULL, word);
	}
}
