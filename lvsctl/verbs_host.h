/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_VERBS_HOST_H
#define LVSCTL_VERBS_HOST_H

#include <stdbool.h>

#include "lib/cli.h"

/* Verbs about the host around the load balancer (np_cmd.run); ctx is not used. */
int lvs_check_run(void *ctx, int argc, char **argv, int at, struct np_err *err);
int lvs_mark_run(void *ctx, int argc, char **argv, int at, struct np_err *err);
int lvs_rs_run(void *ctx, int argc, char **argv, int at, struct np_err *err);

/* -j and -p of verbs that list. */
enum { LVS_JSON, LVS_PRETTY };
extern const struct np_opt lvs_json_opts[];
/* Words from argv[at] on that can be nothing but these. Returns 0 or -EINVAL. */
int lvs_json_words(bool *json, bool *pretty, int argc, char **argv, int at, struct np_err *err);

extern const struct np_cmd lvs_mark_cmds[]; /* below mark: add, del, list */
extern const struct np_cmd lvs_rs_cmds[];   /* below rs: start, stop, status */

/* Rows of the table of verbs; the last has no name. */
extern const struct np_cmd lvs_host_verbs[];

#endif
