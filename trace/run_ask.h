/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_RUN_ASK_H
#define PKTTRACE_RUN_ASK_H

#include <stddef.h>

#include "trace/live_args.h"

/*
 * A command sent nothing that was seen, perhaps as the kernel refused to route it: writes the
 * question to the routing model, of the match and else of the first address in the command's
 * words. Returns the length, or 0 where there is no address to ask about. Pure.
 */
size_t run_ask(const struct live_request *req, char *const command[], char *buf, size_t size);

#endif
