/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_CTX_H
#define PRT_CTX_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/args.h"
#include "lib/err.h"
#include "lib/json_write.h"
#include "lib/links.h"
#include "lib/names.h"
#include "lib/nl.h"
#include "lib/out.h"

/* The colours of ip -c: enum of iproute2's meanings, not of hues. */
enum prt_color {
	PRT_COLOR_NONE,
	PRT_COLOR_IFNAME,
	PRT_COLOR_INET,
	PRT_COLOR_INET6,
};

/* What renderers need, and all that they may look at. */
struct prt_show {
	FILE *fp;
	struct np_json *json; /* NULL: text is wanted (see prt_list_begin()) */
	const struct np_names *names;
	struct np_links *links;
	bool color;           /* never with json */
	bool dark;            /* COLORFGBG speaks of a dark background: brighter hues */
	bool oneline;         /* -o: sl is "\\" */
	const char *sl;       /* what ends a line inside a record: "\n" or "\\" */
	uint8_t family;       /* -4, -6, -f; AF_UNSPEC when none was said */
	unsigned details, stats; /* how often -d, -s were said */
};

/* The escape sequences around a value; "" without colour. */
const char *prt_color_on(const struct prt_show *show, enum prt_color color);
const char *prt_color_off(const struct prt_show *show, enum prt_color color);
/* PRT_COLOR_INET, _INET6 or _NONE. */
enum prt_color prt_family_color(uint8_t family);
/* Prints text in a colour: prt_put(show, PRT_COLOR_IFNAME, "eth0"). */
void prt_put(const struct prt_show *show, enum prt_color color, const char *text);

struct np_snapshot;
struct np_nat;
struct prt_sink; /* stdout that knows how much of it is out of our hands */

/* One command, or one line of a batch. */
struct prt {
	struct prt_show show;
	struct np_nl *nl;         /* NETLINK_ROUTE, strict checking on; see prt_need_nl() */
	struct np_nat *nat;       /* the module static_nat; NULL: not asked yet (prt_need_nat()) */
	/* What answers in place of the kernel (explain --file); NULL: the kernel does. */
	const struct np_snapshot *snapshot;
	bool want_json, pretty;   /* -j, -p: what prt_list_begin() makes show.json of */
	bool force, echo;         /* -force, -echo */
	bool timestamp, ts_short; /* -t, -ts */
	bool batch;               /* this is a line of a batch */
	bool whole;               /* not all of it written is an error: save, and what ip has not */
	struct np_json json_room;
	struct prt_sink *sink;
	uint64_t mark;            /* see prt_list_restart() */
};

/* A verb: words behind it in a, err filled and -errno returned when it fails. */
typedef int prt_cmd(struct prt *p, struct np_args *a, struct np_err *err);

/*
 * Does what a batch has kept back: its output comes before that of this command. Returns 0,
 * or -ECANCELED when a failure (which was told) ended the batch: then nothing may be written.
 */
int prt_settle(const struct prt *p, struct np_err *err);
/*
 * Around a listing: opens the JSON array of -j and closes it with its newline.
 * Records written in between go to p->show.fp or p->show.json. Returns what prt_settle() does.
 */
int prt_list_begin(struct prt *p, struct np_err *err);
void prt_list_end(struct prt *p);
/* prt_list_begin() for what is never taken back: one answer of many. */
void prt_doc_begin(struct prt *p);
/*
 * For np_nl_sink.restart: takes back all that was written since prt_list_begin().
 * Returns 0, or -1 when some of it has left the process (a listing of more than a
 * megabyte).
 */
int prt_list_restart(struct prt *p);
/* What a listing's sink is given: want is the filter. */
struct prt_listing {
	struct prt *p;
	const void *want;
};
/* prt_list_restart() as a sink has it; arg is a struct prt_listing. */
int prt_listing_restart(void *arg);

/* Opens p->nl, if it is not yet. Returns 0 or -errno. */
int prt_need_nl(struct prt *p, struct np_err *err);
/* Opens p->nat, if it is not yet, and does what a batch has kept back. Returns 0 or -errno. */
int prt_need_nat(struct prt *p, struct np_err *err);

/* The nlmsg_family that a request of rules or routes has when nothing says it: inet. */
uint8_t prt_family(const struct prt *p);

/* A sentence for stderr that is no error ("Warning: …", "prt: …" is put before it). */
void prt_note(const struct prt *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Verbs by object; ip/route.c has those of routes, ip/rule.c those of rules. */
prt_cmd prt_rule;
prt_cmd prt_route;     /* words behind "route": list when there are none */
prt_cmd prt_get;       /* words behind "get" */
prt_cmd prt_explain;   /* words behind "explain" */
prt_cmd prt_snapshot;  /* words behind "snapshot" */
prt_cmd prt_watch;     /* words behind "watch" */
prt_cmd prt_monitor;
prt_cmd prt_nat;       /* words behind "nat" */

#endif
