/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_APPLY_H
#define LVSCTL_APPLY_H

#include "lib/json_write.h"
#include "lib/out.h"
#include "lvsctl/plan.h"

/* What of real servers is of interest beside the rest: the less, the faster. */
enum {
	LVS_FETCH_TUNNELS = 1 << 0,  /* tun_* */
	LVS_FETCH_COUNTERS = 1 << 1, /* stats, conns */
};

/*
 * Services and real servers as the kernel has them; fetch is LVS_FETCH_* bits. Clean *t in
 * any case. Returns 0 or -errno.
 */
int lvs_table_fetch(struct lvs_table *t, struct np_lvs *v, unsigned fetch, struct np_err *err);

/* The services alone, and the real servers of one, without FULLNAT. Likewise. */
int lvs_table_fetch_svcs(struct lvs_table *t, struct np_lvs *v, struct np_err *err);
int lvs_svc_fetch_dests(struct lvs_svc *s, struct np_lvs *v, struct np_err *err);

/*
 * Makes the changes, many at a time: first what adds and edits, and if all went well what
 * deletes. When the kernel refuses one, all that were made are undone; err says what
 * was refused and what became of the rest. Returns 0 or -errno.
 */
int lvs_plan_apply(struct np_lvs *v, const struct lvs_plan *plan, struct np_err *err);

/* Renderers, in plan_text.c. Return 0 or -ENOMEM. */
int lvs_plan_text(const struct np_out *out, const struct lvs_plan *plan, struct np_err *err);
int lvs_plan_json(struct np_json *j, const struct lvs_plan *plan, struct np_err *err);

#endif
