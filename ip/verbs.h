/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_VERBS_H
#define PRT_VERBS_H

#include "ip/ctx.h"
#include "lib/cli.h"

/* The verbs of each object: rows for dispatch, help and completion. */
extern const struct np_cmd prt_cmds[];  /* objects */
extern const struct np_cmd rule_cmds[];
extern const struct np_cmd route_cmds[];
extern const struct np_cmd nat_cmds[];
/* Completion of routes, selectors and questions (np_cmd.complete). */
void route_complete_add(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp);
void route_complete_list(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp);
void route_complete_get(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp);
extern const struct np_opt prt_opts[];

/*
 * Runs the verb that the next word of a means; the first row when there is no word.
 * run() of a row gets the struct prt as ctx. Returns 0 or -errno; -EINVAL with an
 * empty text when all was said already (usage).
 */
int prt_dispatch(struct prt *p, const struct np_cmd *cmds, struct np_args *a,
		 struct np_err *err);

/*
 * A batch (ip/batch.c): FILE, or "-" for stdin. Returns the exit status; errors were
 * printed.
 */
int prt_batch(struct prt *p, const char *file);

/* Prints an error as main does, argv being the words that err.word counts in. */
void prt_error(const struct prt *p, const struct np_err *err, int argc, char *const *argv);

/* The text of an error and a newline on stderr; control characters become '?'. */
void prt_error_text(const char *text);

/*
 * Around an event of a monitor: the time before it and the label, or with -j an
 * object on a line of its own; then the line leaves the process.
 */
void prt_event_begin(struct prt *p, const char *label);
void prt_event_end(struct prt *p);
/* Says so. */
void prt_events_lost(const struct prt *p);

#endif
