/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_ARGS_H
#define LVSCTL_ARGS_H

#include "lib/err.h"
#include "lvsctl/options.h"

/*
 * argv[1] and what follows, in the order and spelling that popt(3) takes: bundles of
 * letters, values behind letters, behind `=` or in the next word (which may begin with
 * a dash, but for an optional one), other words anywhere. Names of hosts and services
 * are looked up. Returns 0, or -EINVAL with r->status, the exit status that ipvsadm has.
 */
int lvs_args(struct lvs_request *r, int argc, char *const *argv, struct np_err *err);

/*
 * A line of -R: its words, between white space, but for "ipvsadm". In it a mark may be
 * negative, as -S prints those above 2^31. line is changed, and r points into it. Returns 1
 * when there is no word, else as lvs_args() does.
 */
int lvs_args_line(struct lvs_request *r, const char *prog, char *line, struct np_err *err);
/* "ipvsadm": in such a line it says nothing, wherever it stands, so it can be no name. */
bool lvs_is_skipped(const char *word);

/* One value into the request (args_value.c). value NULL: an optional one is missing. */
int lvs_value(struct lvs_request *r, const struct lvs_option *o, const char *value,
	      struct np_err *err);
/* strtol() in full, min..max; -EINVAL. 010 is ten, as with ipvsadm. */
int lvs_number(const char *word, int64_t min, int64_t max, int64_t *v);
/* The same for the words of verbs: no sign, and 0x10 is sixteen. */
int lvs_verb_number(const char *word, int64_t min, int64_t max, int64_t *v);

/*
 * What only the whole shows: what is missing, what may not go together (args_check.c). typed: by
 * enum lvs_said, which of the options that share a bit it was.
 */
int lvs_args_check(struct lvs_request *r, const struct lvs_option *const typed[LVS_SAID_N],
		   struct np_err *err);
/* The words of -b into r->svc.flags, once the scheduler is known. */
int lvs_args_sched_flags(struct lvs_request *r, struct np_err *err);

#endif
