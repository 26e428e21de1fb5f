// SPDX-License-Identifier: GPL-2.0-or-later
/* What can stand in the place of the last word of a route command: the rows say it. */
#include <string.h>

#include "ip/complete.h"
#include "ip/verbs.h"
#include "lib/route_encap.h"
#include "lib/route_fields.h"

/* The value behind a keyword. False: the keyword takes none, and another may follow. */
static bool offer_value(FILE *fp, unsigned key, const char *begins)
{
	switch (key) {
	case NP_RK_ONLINK:
	case NP_RK_PERVASIVE:
	case NP_RK_EQUALIZE:
	case NP_RK_CACHED:
	case NP_RK_NOTIFY:
	case NP_RK_CONNECTED:
	case NP_RK_FIBMATCH:
	case NP_RK_NEXTHOP:
		return false;
	case NP_RK_DEV:
	case NP_RK_IIF:
	case NP_RK_VRF:
		fputs("<DEV>\n", fp);
		break;
	case NP_RK_TABLE:
		prt_offer_names(fp, NP_NAMES_TABLE, begins);
		break;
	case NP_RK_PROTOCOL:
		prt_offer_names(fp, NP_NAMES_PROTO, begins);
		break;
	case NP_RK_SCOPE:
		prt_offer_names(fp, NP_NAMES_SCOPE, begins);
		break;
	case NP_RK_REALMS:
		prt_offer_names(fp, NP_NAMES_REALM, begins);
		break;
	case NP_RK_TOS:
		prt_offer_names(fp, NP_NAMES_DSFIELD, begins);
		break;
	case NP_RK_TYPE:
		prt_offer_types(fp, begins);
		break;
	case NP_RK_PREF:
		for (unsigned i = 0; i < 4; i++)
			if (np_route_pref_word(i))
				prt_offer(fp, np_route_pref_word(i), begins);
		break;
	case NP_RK_ENCAP:
		for (const struct np_word *w = np_encap_types; w->word; w++)
			prt_offer(fp, w->word, begins);
		break;
	default:
		break;
	}
	return true;
}

static void complete(const struct np_route_word *rows, int argc, char **argv, int at, FILE *fp)
{
	const char *last = argv[argc - 1];
	const struct np_route_word *row = NULL;

	if (argc - 1 > at)
		row = np_route_word_find(rows, argv[argc - 2]);
	if (row && offer_value(fp, row->key, last))
		return;
	for (row = rows; row->word; row++)
		prt_offer(fp, row->word, last);
}

void route_complete_add(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	(void)cmd;
	for (int i = at; i < argc - 1; i++) {
		if (!strcmp(argv[i], "nexthop")) {
			complete(np_route_nh_words, argc, argv, at, fp);
			prt_offer(fp, "nexthop", argv[argc - 1]);
			return;
		}
	}
	if (argc - 1 == at)
		prt_offer_types(fp, argv[argc - 1]);
	complete(np_route_add_words, argc, argv, at, fp);
}

void route_complete_list(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	static const char *const prefixes[] = { "to", "root", "match", "exact" };

	(void)cmd;
	if (argc - 1 == at) {
		for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
			prt_offer(fp, prefixes[i], argv[argc - 1]);
	}
	complete(np_route_list_words, argc, argv, at, fp);
}

void route_complete_get(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	if (strcmp(cmd->name, "get") != 0) { /* explain and watch have a word more */
		if (argc - 1 > at && !strcmp(argv[argc - 2], "len"))
			return;
		prt_offer(fp, "len", argv[argc - 1]);
	}
	complete(np_route_get_words, argc, argv, at, fp);
}
