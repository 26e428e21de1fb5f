/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_COMPLETE_H
#define LVSCTL_COMPLETE_H

#include <stdio.h>

struct np_cmd;

/* The verb of that whole name; NULL. */
const struct np_cmd *lvs_verb(const char *word);
/* Verbs and their synopses. */
void lvs_help(FILE *fp);
/* What can stand at argv[argc - 1]: verbs, options, and the words of an option's value. */
void lvs_complete(FILE *fp, int argc, char **argv);

#endif
