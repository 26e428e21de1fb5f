/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_LIST_H
#define LVSCTL_LIST_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/lvs.h"
#include "lib/lvs_conn.h"
#include "lvsctl/hostnames.h"
#include "lvsctl/plan.h"

/* Which columns a list of the table has. The first that was asked for, in this order. */
enum lvs_columns {
	LVS_COLUMNS_STATS,
	LVS_COLUMNS_RATE,
	LVS_COLUMNS_THRESHOLDS,
	LVS_COLUMNS_PERSISTENT,
	LVS_COLUMNS_TUNNEL,
	LVS_COLUMNS_PLAIN,
};

/* How to print. */
struct lvs_view {
	FILE *fp;
	struct lvs_names *names; /* NULL: numbers */
	enum lvs_columns columns;
	bool exact;   /* no K, M, G */
	bool pe_data; /* connections with what the persistence engine knows */
	bool full;    /* of save: thresholds too, and marks in full, which ipvsadm's own -S loses */
};

/* ---- list_text.c: as ipvsadm 1.31 prints, to the byte ---- */
void lvs_text_version(const struct lvs_view *v, const struct np_lvs_info *info);
void lvs_text_title(const struct lvs_view *v);
void lvs_text_svc(const struct lvs_view *v, const struct lvs_svc *s);
void lvs_text_timeouts(const struct lvs_view *v, const struct np_lvs_timeouts *t);
void lvs_text_daemons(const struct lvs_view *v, const struct np_lvs_daemon daemons[2]);
void lvs_text_conn_title(const struct lvs_view *v);
void lvs_text_conn(const struct lvs_view *v, const struct np_lvs_conn *c);

/*
 * " (sh-port,sh-fallback)": the words of a service's scheduler flags between two texts; "".
 * all: those too that mean nothing to the scheduler.
 */
void lvs_text_sched_flags(FILE *fp, const struct np_lvs_svc *s, bool all, const char *before,
			  const char *after);
/* A service: "TCP  192.0.2.1:80", "FWM  3 IPv6"; of save "-t 192.0.2.1:80", "-f 3 -6". */
void lvs_text_name(const struct lvs_view *v, const struct np_lvs_svc *s, bool save, char *buf,
		   size_t size);

/* ---- save.c ---- */
void lvs_save_svc(const struct lvs_view *v, const struct lvs_svc *s);

/* ---- list_json.c ---- */
struct np_json;
void lvs_json_table(struct np_json *j, const struct np_lvs_info *info, const struct lvs_table *t);
void lvs_json_timeouts(struct np_json *j, const struct np_lvs_timeouts *t);
void lvs_json_daemons(struct np_json *j, const struct np_lvs_daemon daemons[2]);
/* Members: what tells a service from others, family, and fwmark or protocol, address, port. */
void lvs_json_svc_key(struct np_json *j, const struct np_lvs_svc *s);
void lvs_json_conn(struct np_json *j, const struct np_lvs_conn *c);

/* ---- list_sort.c ---- */
/*
 * As ipvsadm sorts: differences of 32 bits, so that of two addresses which are further
 * apart than 2^31 the larger is first. column: of --sort, the largest first, or NULL.
 */
void lvs_sort(struct lvs_table *t, const char *column);

#endif
