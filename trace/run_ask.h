/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_RUN_ASK_H
#define PKTTRACE_RUN_ASK_H

#include <stdbool.h>

#include "lib/line.h"
#include "trace/live_args.h"

/*
 * A command sent nothing that was seen, perhaps as the kernel refused to route it: adds the
 * question to the routing model, of the match and else of the first address in the command's
 * words. False where there is no address to ask about, and nothing is added. Pure.
 */
bool run_ask(const struct live_request *req, char *const command[], struct np_line *l);

#endif
