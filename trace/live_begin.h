/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LIVE_BEGIN_H
#define PKTTRACE_LIVE_BEGIN_H

#include "trace/live_args.h"

/*
 * What every live verb begins with: what was said before it (ctx, a struct
 * show_request), its own words, help, and the namespace is entered. Returns 0, 1: help
 * was shown and all is done, or -errno.
 */
int live_begin(struct live_request *req, const struct live_grammar *g, const char *verb, void *ctx,
	int argc, char **argv, int at, struct np_err *err);

#endif
