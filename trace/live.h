/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LIVE_H
#define PKTTRACE_LIVE_H

#include "lib/cli.h"

/*
 * The live verbs of pkttrace. ctx is the struct show_request that holds what was said
 * before the verb. Each returns the exit status, or -errno with err filled.
 */
int live_add(void *ctx, int argc, char **argv, int at, struct np_err *err);
int live_del(void *ctx, int argc, char **argv, int at, struct np_err *err);
int live_list(void *ctx, int argc, char **argv, int at, struct np_err *err);
int live_flush(void *ctx, int argc, char **argv, int at, struct np_err *err);
int live_run(void *ctx, int argc, char **argv, int at, struct np_err *err);
int live_doctor(void *ctx, int argc, char **argv, int at, struct np_err *err);
int live_collect(void *ctx, int argc, char **argv, int at, struct np_err *err);
extern const struct np_opt live_collect_opts[];
int live_monitor(void *ctx, int argc, char **argv, int at, struct np_err *err);

/* The verb that a word of iptables stands for (-I, -A: add; -D: del), NULL: none. */
int (*live_iptables(const char *word))(void *ctx, int argc, char **argv, int at,
	struct np_err *err);

void live_complete(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp);

#endif
