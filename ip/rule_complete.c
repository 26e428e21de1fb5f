// SPDX-License-Identifier: GPL-2.0-or-later
/* What can stand in the place of the last word of a rule: the rows say it. */
#include "ip/complete.h"
#include "ip/rule.h"

/* The value behind a word. False: it takes none, and another word may follow. */
static bool offer_value(FILE *fp, enum np_rule_id id, const char *begins)
{
	switch (np_rule_fields[id].type) {
	case NP_RULE_T_IFNAME:
		fputs("<DEV>\n", fp);
		break;
	case NP_RULE_T_TABLE:
		prt_offer_names(fp, NP_NAMES_TABLE, begins);
		break;
	case NP_RULE_T_PROTOCOL:
		prt_offer_names(fp, NP_NAMES_PROTO, begins);
		break;
	case NP_RULE_T_DSFIELD:
		prt_offer_names(fp, NP_NAMES_DSFIELD, begins);
		break;
	case NP_RULE_T_REALMS:
		prt_offer_names(fp, NP_NAMES_REALM, begins);
		break;
	case NP_RULE_T_GROUP:
		prt_offer_names(fp, NP_NAMES_GROUP, begins);
		break;
	default:
		return *np_rule_fields[id].value != '\0';
	}
	return true;
}

static void complete(bool list, int argc, char **argv, int at, FILE *fp)
{
	unsigned use = list ? NP_RULE_LIST | NP_RULE_LIST_SHORT :
			      NP_RULE_ADD | NP_RULE_ADD_SHORT;
	const struct np_rule_word *before = argc - 1 > at ?
						    np_rule_word_find(argv[argc - 2], list) : NULL;
	const char *last = argv[argc - 1];

	if (before && offer_value(fp, before->id, last))
		return;
	for (size_t i = 0; i < np_rule_n_words; i++)
		if (np_rule_words[i].use & use && !(np_rule_words[i].use & NP_RULE_OLD))
			prt_offer(fp, np_rule_words[i].word, last);
	if (list)
		return;
	prt_offer(fp, "nop", last);
	prt_offer_types(fp, last);
}

void rule_complete(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	(void)cmd;
	complete(false, argc, argv, at, fp);
}

void rule_complete_list(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	(void)cmd;
	complete(true, argc, argv, at, fp);
}
