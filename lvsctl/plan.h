/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_PLAN_H
#define LVSCTL_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/err.h"
#include "lib/lvs.h"

/* A service with its real servers. */
struct lvs_svc {
	struct np_lvs_svc svc;
	struct np_lvs_dest *dests;
	size_t n, cap;
	size_t line;   /* of the file that it comes from; 0: of none */
	size_t *lines; /* likewise, of its real servers; NULL: of none */
};

/* A table of services: the kernel's, or what a file says. Zero-initialise. */
struct lvs_table {
	struct lvs_svc *svcs;
	size_t n, cap;
	size_t line;   /* of the file that is read, now; 0: it has none */
	bool none;     /* a file says in so many words that there are no services */
};

void lvs_table_clean(struct lvs_table *t);
/* Appends; nothing is looked up. Returns 0 or -ENOMEM. */
int lvs_table_add_svc(struct lvs_table *t, const struct np_lvs_svc *svc, struct np_err *err);
int lvs_svc_add_dest(struct lvs_svc *s, const struct np_lvs_dest *dest, struct np_err *err);

/* No service and no real server is there twice: 0, or -EEXIST, which name: says where. */
int lvs_table_check(const struct lvs_table *t, const char *name, struct np_err *err);

/* What tells services and real servers apart: <0, 0, >0, in the order of listings. */
int lvs_svc_key(const struct np_lvs_svc *a, const struct np_lvs_svc *b);
int lvs_dest_key(const struct np_lvs_dest *a, const struct np_lvs_dest *b);
/* All that a command can set is the same. */
bool lvs_svc_same(const struct np_lvs_svc *a, const struct np_lvs_svc *b);
bool lvs_dest_same(const struct np_lvs_dest *a, const struct np_lvs_dest *b);

/* A change; it points into the two tables. With a service that goes go its real servers. */
struct lvs_change {
	enum np_lvs_op op;
	const struct lvs_svc *svc;  /* wanted, or the one to go */
	const struct lvs_svc *was;  /* as it is; NULL: it is not there yet */
	const struct np_lvs_dest *dest, *dest_was; /* likewise; both NULL: it is the service's */
};

static inline bool lvs_change_is_dest(const struct lvs_change *c)
{
	return c->dest || c->dest_was;
}

struct lvs_plan {
	struct lvs_change *changes;
	size_t n, cap;
};

/*
 * The fewest changes that make `have` into `want`, in an order in which no service
 * is without real servers if that can be helped: what is new first, then what gets
 * more weight, then what gets less, then what goes; services that go are last.
 * Both tables stay as they are and must outlive the plan. Returns 0 or -ENOMEM.
 */
int lvs_plan_make(struct lvs_plan *plan, const struct lvs_table *have,
	const struct lvs_table *want, struct np_err *err);
void lvs_plan_clean(struct lvs_plan *plan);

/*
 * The command that makes a change, without the program (save.c); the caller frees. NULL: no
 * memory.
 */
char *lvs_change_command(const struct lvs_change *change);

/* Appends what undoes one change; for a deleted service that is several. */
int lvs_plan_undo(struct lvs_plan *undo, const struct lvs_change *change, struct np_err *err);

#endif
