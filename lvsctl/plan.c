// SPDX-License-Identifier: GPL-2.0-or-later
/* From one table of services to another with the fewest changes. Pure. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/grow.h"
#include "lvsctl/plan.h"

/* Pointers to what a table or a service holds, sorted by key. */
struct index {
	const void **items;
	size_t n;
};

static int by_svc(const void *a, const void *b)
{
	const struct lvs_svc *const *x = a, *const *y = b;

	return lvs_svc_key(&(*x)->svc, &(*y)->svc);
}

static int by_dest(const void *a, const void *b)
{
	const struct np_lvs_dest *const *x = a, *const *y = b;

	return lvs_dest_key(*x, *y);
}

static int index_make(struct index *ix, const void *first, size_t n, size_t size,
	int (*compare)(const void *, const void *), struct np_err *err)
{
	ix->items = calloc(n + 1, sizeof(*ix->items));
	ix->n = n;
	if (!ix->items)
		return np_err_nomem(err);
	for (size_t i = 0; i < n; i++)
		ix->items[i] = (const char *)first + i * size;
	qsort(ix->items, n, sizeof(*ix->items), compare);
	return 0;
}

static const void *look_up(const struct index *ix, const void *item,
	int (*compare)(const void *, const void *))
{
	const void **found = bsearch(&item, ix->items, ix->n, sizeof(*ix->items), compare);

	return found ? *found : NULL;
}

/*
 * Two with the same key stand side by side in the index, in any order. Returns the one that comes
 * later in its table, with *first the other; NULL: there are none.
 */
static const void *twice(const struct index *ix, int (*compare)(const void *, const void *),
	const void **first)
{
	for (size_t i = 1; i < ix->n; i++) {
		const void *a = ix->items[i - 1], *b = ix->items[i];

		if (compare(&ix->items[i - 1], &ix->items[i]))
			continue;
		*first = (uintptr_t)a < (uintptr_t)b ? a : b;
		return *first == a ? b : a;
	}
	return NULL;
}

/* Says which service, or which of its real servers, is there twice. */
static int repeated(const struct lvs_svc *svc, const struct np_lvs_dest *dest, const char *name,
	const size_t lines[2], struct np_err *err)
{
	struct lvs_change c = { .op = NP_LVS_DEL, .svc = svc, .dest_was = dest };
	char *command = lvs_change_command(&c), where[64] = "";

	if (lines[0])
		snprintf(where, sizeof(where), " (lines %zu and %zu)", lines[0], lines[1]);
	np_err_set(err, EEXIST, "%s: a %s is there twice%s: %s", name,
		dest ? "real server" : "service", where, command ? command + 3 : "");
	free(command);
	return -EEXIST;
}

static int check_dests(const struct lvs_svc *svc, const char *name, struct np_err *err)
{
	const struct np_lvs_dest *dest;
	size_t lines[2] = { 0 };
	const void *first;
	struct index ix;
	int ret = index_make(&ix, svc->dests, svc->n, sizeof(*svc->dests), by_dest, err);

	if (ret)
		return ret;
	dest = twice(&ix, by_dest, &first);
	free(ix.items);
	if (!dest)
		return 0;
	if (svc->lines) {
		lines[0] = svc->lines[(const struct np_lvs_dest *)first - svc->dests];
		lines[1] = svc->lines[dest - svc->dests];
	}
	return repeated(svc, dest, name, lines, err);
}

int lvs_table_check(const struct lvs_table *t, const char *name, struct np_err *err)
{
	const struct lvs_svc *svc;
	const void *first;
	struct index ix;
	int ret = index_make(&ix, t->svcs, t->n, sizeof(*t->svcs), by_svc, err);

	if (ret)
		return ret;
	svc = twice(&ix, by_svc, &first);
	free(ix.items);
	if (svc)
		return repeated(svc, NULL, name,
			(const size_t[]){ ((const struct lvs_svc *)first)->line, svc->line }, err);
	for (size_t i = 0; !ret && i < t->n; i++)
		ret = check_dests(&t->svcs[i], name, err);
	return ret;
}

static int add(struct lvs_plan *plan, enum np_lvs_op op, const struct lvs_svc *svc,
	const struct lvs_svc *was, struct np_err *err)
{
	struct lvs_change *changes = np_grow(plan->changes, plan->n, &plan->cap, 1,
					     sizeof(*changes));

	if (!changes)
		return np_err_nomem(err);
	plan->changes = changes;
	plan->changes[plan->n++] = (struct lvs_change){ .op = op, .svc = svc, .was = was };
	return 0;
}

static int add_dest(struct lvs_plan *plan, enum np_lvs_op op, const struct lvs_change *of,
	const struct np_lvs_dest *dest, const struct np_lvs_dest *was, struct np_err *err)
{
	int ret = add(plan, op, of->svc, of->was, err);

	if (!ret) {
		plan->changes[plan->n - 1].dest = dest;
		plan->changes[plan->n - 1].dest_was = was;
	}
	return ret;
}

enum pass { NEW, MORE, LESS, GONE };

/* A wanted real server in this pass. */
static int plan_wanted(struct lvs_plan *plan, enum pass pass, const struct lvs_change *of,
	const struct np_lvs_dest *dest, const struct np_lvs_dest *was, struct np_err *err)
{
	if (!was)
		return pass == NEW ? add_dest(plan, NP_LVS_ADD, of, dest, NULL, err) : 0;
	if (lvs_dest_same(dest, was) || pass != (dest->weight >= was->weight ? MORE : LESS))
		return 0;
	return add_dest(plan, NP_LVS_EDIT, of, dest, was, err);
}

/* The real servers of a service that is on both sides. */
static int plan_dests(struct lvs_plan *plan, const struct lvs_change *of, struct np_err *err)
{
	const struct lvs_svc *have = of->was, *want = of->svc;
	struct index there = { 0 }, wanted = { 0 };
	int ret = index_make(&there, have->dests, have->n, sizeof(*have->dests), by_dest, err);

	if (!ret)
		ret = index_make(&wanted, want->dests, want->n, sizeof(*want->dests), by_dest, err);
	for (enum pass pass = NEW; pass <= LESS; pass++)
		for (size_t i = 0; !ret && i < want->n; i++)
			ret = plan_wanted(plan, pass, of, &want->dests[i],
				look_up(&there, &want->dests[i], by_dest), err);
	for (size_t i = 0; !ret && i < have->n; i++)
		if (!look_up(&wanted, &have->dests[i], by_dest))
			ret = add_dest(plan, NP_LVS_DEL, of, NULL, &have->dests[i], err);
	free(there.items);
	free(wanted.items);
	return ret;
}

static int plan_svc(struct lvs_plan *plan, const struct lvs_svc *want, const struct lvs_svc *have,
	struct np_err *err)
{
	struct lvs_change of = { .svc = want, .was = have };
	int ret = 0;

	if (have) {
		if (!lvs_svc_same(&want->svc, &have->svc))
			ret = add(plan, NP_LVS_EDIT, want, have, err);
		return ret ? ret : plan_dests(plan, &of, err);
	}
	ret = add(plan, NP_LVS_ADD, want, NULL, err);
	for (size_t i = 0; !ret && i < want->n; i++)
		ret = add_dest(plan, NP_LVS_ADD, &of, &want->dests[i], NULL, err);
	return ret;
}

int lvs_plan_make(struct lvs_plan *plan, const struct lvs_table *have,
	const struct lvs_table *want, struct np_err *err)
{
	struct index there = { 0 }, wanted = { 0 };
	int ret = index_make(&there, have->svcs, have->n, sizeof(*have->svcs), by_svc, err);

	*plan = (struct lvs_plan){ 0 };
	if (!ret)
		ret = index_make(&wanted, want->svcs, want->n, sizeof(*want->svcs), by_svc, err);
	for (size_t i = 0; !ret && i < want->n; i++)
		ret = plan_svc(plan, &want->svcs[i], look_up(&there, &want->svcs[i], by_svc), err);
	for (size_t i = 0; !ret && i < have->n; i++)
		if (!look_up(&wanted, &have->svcs[i], by_svc))
			ret = add(plan, NP_LVS_DEL, &have->svcs[i], &have->svcs[i], err);
	free(there.items);
	free(wanted.items);
	if (ret)
		lvs_plan_clean(plan);
	return ret;
}

void lvs_plan_clean(struct lvs_plan *plan)
{
	free(plan->changes);
	*plan = (struct lvs_plan){ 0 };
}

static int undo_dest(struct lvs_plan *undo, const struct lvs_change *of,
	const struct lvs_change *c, struct np_err *err)
{
	switch (c->op) {
	case NP_LVS_ADD:
		return add_dest(undo, NP_LVS_DEL, of, NULL, c->dest, err);
	case NP_LVS_EDIT:
		return add_dest(undo, NP_LVS_EDIT, of, c->dest_was, c->dest, err);
	case NP_LVS_DEL:
		break;
	}
	return add_dest(undo, NP_LVS_ADD, of, c->dest_was, NULL, err);
}

int lvs_plan_undo(struct lvs_plan *undo, const struct lvs_change *c, struct np_err *err)
{
	struct lvs_change of = { .svc = c->was ? c->was : c->svc, .was = c->svc };
	int ret;

	if (lvs_change_is_dest(c))
		return undo_dest(undo, &of, c, err);
	switch (c->op) {
	case NP_LVS_ADD:
		return add(undo, NP_LVS_DEL, c->svc, c->svc, err);
	case NP_LVS_EDIT:
		return add(undo, NP_LVS_EDIT, c->was, c->svc, err);
	case NP_LVS_DEL:
		break;
	}
	ret = add(undo, NP_LVS_ADD, c->was, NULL, err);
	for (size_t i = 0; !ret && i < c->was->n; i++)
		ret = add_dest(undo, NP_LVS_ADD, &of, &c->was->dests[i], NULL, err);
	return ret;
}
