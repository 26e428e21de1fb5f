/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_SNAPSHOT_H
#define NP_SNAPSHOT_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/err.h"
#include "lib/explain.h"
#include "lib/links.h"
#include "lib/names.h"
#include "lib/nl.h"

/*
 * All that decides the routes of a host, as one JSON document, so that its routing can be
 * explained elsewhere and later: see prt-snapshot(8) for each member. What is written
 * and read back decides every question alike.
 */
#define NP_SNAPSHOT_VERSION 1

struct np_snapshot {
	char host[256];    /* its name, uname(2) */
	char kernel[256];  /* its release */
	char time[32];     /* when it was taken: "2026-11-26T00:30:00Z" */
	struct np_explain_host hosts[2]; /* what it knows of IPv4, of IPv6 */
	/* Of one that was read: the words and the links of that host, owned. Else NULL. */
	struct np_names *names;
	struct np_links *links;
};

/* {0} is an empty one, which may be cleaned. */
void np_snapshot_clean(struct np_snapshot *s);

/*
 * This host, now. names must outlive s. What dumps do not tell (np_fib.custom_rules) is
 * asked for with a question to the kernel. Returns 0 or -errno; s is to be cleaned in
 * any case.
 */
int np_snapshot_take(struct np_snapshot *s, struct np_nl *nl, const struct np_names *names,
		     struct np_err *err);

/* The document, a link, rule or route a line; pretty: indented instead. 0 or -ENOMEM. */
int np_snapshot_write(const struct np_snapshot *s, FILE *fp, bool pretty);

/*
 * Reads a document of len bytes into s (overwritten). numeric: numbers stay numbers
 * when the rules are put in words (-N). Nothing is taken for granted: members that are
 * missing, unknown or not what they should be are errors that name the place,
 * `rules[3]: "priority": expected a number up to 4294967295, not "x"`. Returns 0 or
 * -errno with err filled; s is to be cleaned in any case.
 */
int np_snapshot_parse(struct np_snapshot *s, const char *text, size_t len, bool numeric,
		      struct np_err *err);

/* lib/snapshot_file.c */

/* The same from a file, plain or gzip-ed; "-" is stdin. Errors begin with the file's name. */
int np_snapshot_read(struct np_snapshot *s, const char *file, bool numeric, struct np_err *err);
/*
 * Into a file that appears whole or not at all: a new one beside it is written, synced and
 * renamed. Returns 0 or -errno.
 */
int np_snapshot_save(const struct np_snapshot *s, const char *file, bool pretty,
		     struct np_err *err);

#endif
