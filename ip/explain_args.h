/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_EXPLAIN_ARGS_H
#define PRT_EXPLAIN_ARGS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "ip/ctx.h"
#include "lib/cli.h"

/* Options of explain, snapshot and watch, said before their words. */
extern const struct np_opt explain_opts[], snapshot_opts[], watch_opts[];

struct explain_args {
	bool all_rules;
	const char *batch, *file; /* NULL: not said */
	uint32_t count;           /* watch: answers to print, 0: no end */
	int64_t timeout_us;       /* watch: 0: no end */
};

/* Takes options of those rows; those that prt has as well go to p. Returns 0 or -EINVAL. */
int explain_take_options(struct prt *p, const struct np_opt *rows, struct np_args *a,
			 struct explain_args *to, struct np_err *err);

/* np_cmd.complete of snapshot. */
void snapshot_complete(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp);

#endif
