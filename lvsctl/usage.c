// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "lvsctl/cmds.h"

static void row(FILE *fp, const struct lvs_option *o)
{
	char words[64];
	int len = o->letter ? snprintf(words, sizeof(words), "-%c, --%s", o->letter, o->name) :
			      snprintf(words, sizeof(words), "    --%s", o->name);

	if (o->arg && len > 0 && (size_t)len < sizeof(words))
		snprintf(words + len, sizeof(words) - (size_t)len, *o->arg == '=' ? "[%s]" : " %s",
			 o->arg);
	fprintf(fp, "  %-38s %s\n", words, o->help);
}

void lvs_usage(FILE *fp, const char *prog)
{
	fprintf(fp, "%s of netpath " NP_VERSION ": the table of IPVS, in the language of "
		"ipvsadm\n\n"
		"usage: %s COMMAND [OPTION…]   commands are the first %d options below\n"
		"       %s VERB …              explain simulate diff apply and more: %s help\n\n",
		prog, prog, 17, prog, prog);
	for (const struct lvs_option *o = lvs_options; o->name; o++)
		if (o->help)
			row(fp, o);
}

void lvs_version(FILE *fp, const char *prog)
{
	/* Scripts read this line: it is the version of the language. */
	fprintf(fp, "%s v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n", prog);
}
