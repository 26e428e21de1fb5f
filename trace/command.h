/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_COMMAND_H
#define PKTTRACE_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"

/* The command of `pkttrace run`. */
struct command {
	pid_t pid;
	int status;         /* -1: it runs; as a shell has it: 128 + signal */
	int64_t timeout_us; /* it gets SIGTERM then, and a second later SIGKILL; 0: never */
	bool timed_out;     /* it was ended then */
	int64_t over_us;    /* nothing more is waited for then */
};

/*
 * Starts argv, in the cgroup whose folder is said (NULL: in ours). Returns 0 or -errno:
 * it could not be started, and the status that a shell would give (126, 127) is in c.
 */
int command_start(struct command *c, char *const argv[], const char *cgroup, struct np_err *err);
/*
 * Whether it has ended and its last packets have had their time. SIGTERM and SIGHUP
 * to us (trace/interrupt.h) are handed on; SIGINT is the terminal's to both.
 */
bool command_is_over(struct command *c, int64_t now_us);
/* Ends it, where it still runs: SIGTERM, a second later SIGKILL. */
void command_end(struct command *c);

#endif
