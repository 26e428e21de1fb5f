/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_PLAN_READ_H
#define LVSCTL_PLAN_READ_H

#include <stdio.h>

#include "lib/cli.h"
#include "lvsctl/plan.h"

/*
 * A saved table: lines -A and -a as lvsctl -S prints them, in numbers; empty ones and
 * those that begin with # are skipped. name: of the file, for "NAME:17: …". Returns 0 or
 * -errno; *t is to be cleaned in any case.
 */
int lvs_plan_read(struct lvs_table *t, FILE *fp, const char *name, struct np_err *err);

/* The command that makes a change, without the program; the caller frees. NULL: no memory. */
char *lvs_change_command(const struct lvs_change *change);

#endif
