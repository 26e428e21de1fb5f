/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_VERBS_PLAN_H
#define LVSCTL_VERBS_PLAN_H

#include "lib/cli.h"

/* Verbs that foretell and change (np_cmd.run); ctx is not used. */
int lvs_explain_run(void *ctx, int argc, char **argv, int at, struct np_err *err);
int lvs_simulate_run(void *ctx, int argc, char **argv, int at, struct np_err *err);

/* Rows of the table of verbs: explain, simulate, apply, diff; the last has no name. */
extern const struct np_cmd lvs_plan_verbs[];

#endif
