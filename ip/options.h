/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_OPTIONS_H
#define PRT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "ip/ctx.h"

/* What stands before the verb. */
struct prt_options {
	struct prt_show show;    /* family, details, stats, oneline */
	enum np_color_when color;
	bool json, pretty, force, echo, numeric, resolve, timestamp, ts_short;
	bool version, help, human;
	const char *batch;       /* NULL: none */
	const char *netns;
	int at;                  /* the first word behind the options */
};

/* Returns 0 or -EINVAL. */
int prt_options_parse(struct prt_options *o, int argc, char **argv, struct np_err *err);

#endif
