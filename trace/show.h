/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_SHOW_H
#define PKTTRACE_SHOW_H

#include <stdio.h>

#include "lib/err.h"
#include "lib/out.h"
#include "trace/args.h"

/*
 * `pkttrace show`: the logs of the request, drawn on out. What is to be said
 * besides (a file that cannot be read, lines skipped, a hint) goes to say.
 * Returns the exit status 0 or 1, or -errno with err when nothing could be done.
 */
int show_run(const struct show_request *req, const struct np_out *out, FILE *say,
	struct np_err *err);

#endif
