/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_COMPLETE_H
#define LVSCTL_COMPLETE_H

#include <stdio.h>

struct np_cmd;
struct lvs_option;

/* The verb of that whole name; NULL. */
const struct np_cmd *lvs_verb(const char *word);
/* Verbs and their synopses. */
void lvs_help(FILE *fp);
/* The option that a word is as a whole, `-t` or `--tcp-service`; NULL. */
const struct lvs_option *lvs_option_of(const char *word);
/* What can stand at argv[argc - 1]: verbs, options, and the words of an option's value. */
void lvs_complete(FILE *fp, int argc, char **argv);

/*
 * The kernel's services, or the real servers of the one that the words name, that
 * begin as argv[argc - 1] does, for option (LVS_K_SERVICE, _FWMARK, _SERVER). Nothing
 * where there is no IPVS.
 */
void lvs_complete_kernel(FILE *fp, const struct lvs_option *option, int argc, char **argv);

#endif
