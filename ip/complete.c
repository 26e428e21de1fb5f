// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/complete.h"

#include <string.h>

void prt_offer(FILE *fp, const char *word, const char *begins)
{
	if (!strncmp(word, begins, strlen(begins)))
		fprintf(fp, "%s\n", word);
}

void prt_offer_names(FILE *fp, enum np_names_db db, const char *begins)
{
	static const struct np_names_opts opts;
	struct np_names *names = np_names_new(&opts);
	const char *word;

	for (size_t i = 0; names && (word = np_names_at(names, db, i)); i++)
		prt_offer(fp, word, begins);
	np_names_free(names);
}

void prt_offer_types(FILE *fp, const char *begins)
{
	for (size_t i = 0; np_rttype_at(i); i++)
		prt_offer(fp, np_rttype_at(i), begins);
}
