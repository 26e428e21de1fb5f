/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_PLAN_READ_H
#define LVSCTL_PLAN_READ_H

#include <stdio.h>

#include "lvsctl/options.h"
#include "lvsctl/plan.h"

/*
 * A saved table: lines -A and -a as lvsctl -S prints them and -R reads them, empty ones and
 * those that begin with # are skipped; or what -S --json or -L --json prints. name: of the
 * file, for "NAME:17: …". Returns 0 or -errno; *t is to be cleaned in any case.
 */
int lvs_plan_read(struct lvs_table *t, FILE *fp, const char *name, struct np_err *err);

/* plan_json.c: the same for JSON alone, not yet checked for what is there twice. */
int lvs_plan_read_json(struct lvs_table *t, FILE *fp, const char *name, struct np_err *err);

/* What -A or -a adds. Other commands: -EINVAL; -a without its -A: -ENOENT. */
int lvs_plan_take(struct lvs_table *t, const struct lvs_request *r, struct np_err *err);

#endif
