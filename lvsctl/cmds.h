/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_CMDS_H
#define LVSCTL_CMDS_H

#include <stdio.h>

#include "lib/lvs.h"
#include "lvsctl/args.h"
#include "lvsctl/fullnat_lvs.h"

/* One run of the program. Zero-initialise. */
struct lvs_run {
	const char *prog;         /* the name it was called by */
	struct np_lvs lvs;
	struct np_lvs_info info;
	struct fullnat *fullnat;  /* NULL until it is needed */
	struct fullnat_queue *waiting; /* NULL until it is needed */
	FILE *in;                 /* what -R reads */
	bool restoring;           /* the lines of -R */
	bool pretty;
};

/* Opens IPVS. Returns 0, or -errno with err. */
int lvs_run_open(struct lvs_run *run, struct np_err *err);
void lvs_run_close(struct lvs_run *run);
/* What waits to be done with others is done: before a batch ends. */
void lvs_run_settle(struct lvs_run *run);

/*
 * Does what was asked. Returns the exit status; where it is not 0, err says why. While
 * a batch runs (restoring), the kernel's refusals come later.
 */
int lvs_run_request(struct lvs_run *run, struct lvs_request *r, struct np_err *err);

/* list.c: -L and -S. */
int lvs_list(struct lvs_run *run, const struct lvs_request *r, struct np_err *err);
int lvs_save(struct lvs_run *run, const struct lvs_request *r, struct np_err *err);

/* restore.c: -R. What is wrong with a line is told on stderr. */
int lvs_restore(struct lvs_run *run, const struct lvs_request *r, struct np_err *err);

/* What the kernel's refusal of such a command is told as. */
enum np_lvs_asked lvs_asked(enum lvs_cmd cmd);

/* usage.c */
void lvs_usage(FILE *fp, const char *prog);
void lvs_version(FILE *fp, const char *prog);

#endif
