// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's table, and changes to it with their way back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lvsctl/apply.h"
#include "lvsctl/fullnat_lvs.h"

static int keep_svc(const struct np_lvs_svc *svc, void *arg)
{
	return lvs_table_add_svc(arg, svc, NULL);
}

static int keep_dest(const struct np_lvs_dest *dest, void *arg)
{
	return lvs_svc_add_dest(arg, dest, NULL);
}

int lvs_table_fetch_svcs(struct lvs_table *t, struct np_lvs *v, struct np_err *err)
{
	int ret;

	*t = (struct lvs_table){ 0 };
	ret = np_lvs_svcs(v, keep_svc, t, err);
	return ret == -ENOMEM ? np_err_nomem(err) : ret;
}

int lvs_svc_fetch_dests(struct lvs_svc *s, struct np_lvs *v, struct np_err *err)
{
	int ret = np_lvs_dests(v, &s->svc, keep_dest, s, err);

	return ret == -ENOMEM ? np_err_nomem(err) : ret;
}

/* IPVS, and FULLNAT when it is needed. */
struct director {
	struct np_lvs *v;
	struct fullnat *fullnat;
	struct fullnat_queue *waiting;
};

/* Where they come from. */
struct fetcher {
	struct director *d;
	struct np_lvs_brief *brief; /* NULL: netlink alone */
	bool tunnels;
};

static int fetch_dests(struct lvs_svc *s, struct fetcher *f, struct np_err *err)
{
	int ret = -EOPNOTSUPP;

	if (f->brief)
		ret = np_lvs_brief_dests(f->brief, &s->svc, f->tunnels, keep_dest, s);
	if (ret == -EOPNOTSUPP)
		ret = lvs_svc_fetch_dests(s, f->d->v, err);
	for (size_t i = 0; !ret && i < s->n; i++)
		ret = lvs_fullnat_fill(&f->d->fullnat, &s->svc, &s->dests[i], err);
	return ret;
}

int lvs_table_fetch(struct lvs_table *t, struct np_lvs *v, unsigned fetch, struct np_err *err)
{
	struct director d = { .v = v };
	struct fetcher f = { .d = &d, .tunnels = fetch & LVS_FETCH_TUNNELS };
	int ret = lvs_table_fetch_svcs(t, v, err);

	if (!ret && t->n && !(fetch & LVS_FETCH_COUNTERS))
		f.brief = np_lvs_brief_open(NULL);
	for (size_t i = 0; !ret && i < t->n; i++)
		ret = fetch_dests(&t->svcs[i], &f, err);
	np_lvs_brief_close(f.brief);
	fullnat_close(d.fullnat);
	return ret == -ENOMEM ? np_err_nomem(err) : ret;
}

/* A run of changes: which were refused, and what was said of the first of those. */
struct run {
	const struct lvs_plan *plan;
	bool *sent, *refused;
	size_t n_sent, n_refused;
	size_t first; /* of those refused */
	struct np_err err;
};

static void note_failure(void *arg, uint32_t tag, const struct np_err *err)
{
	struct run *r = arg;

	r->refused[tag] = true;
	if (!r->n_refused++) {
		r->first = tag;
		r->err = *err;
	}
}

static int submit(struct director *d, const struct lvs_change *c, struct np_err *err)
{
	const struct np_lvs_dest *dest = c->dest ? c->dest : c->dest_was;
	const struct np_lvs_svc *svc = &c->svc->svc;

	if (c->op != NP_LVS_ADD)
		lvs_fullnat_settle(d->waiting, d->fullnat, d->v);
	if (dest && c->op == NP_LVS_ADD)
		return lvs_fullnat_add_later(&d->waiting, &d->fullnat, d->v, svc, dest, err);
	if (dest)
		return lvs_fullnat_change_dest(&d->fullnat, d->v, c->op, svc, dest, err);
	if (c->op == NP_LVS_DEL)
		return lvs_fullnat_del_svc(&d->fullnat, d->v, svc, err);
	return np_lvs_change_svc(d->v, c->op, svc, err);
}

/* One change; a refusal is noted, whether it comes now or when the batch is sent. */
static void send_one(struct director *d, struct run *r, size_t i)
{
	struct np_err err = NP_ERR_INIT;

	np_nl_tag(d->v->nl, (uint32_t)i);
	if (submit(d, &r->plan->changes[i], &err))
		note_failure(r, (uint32_t)i, &err);
}

/* Sends those changes that delete or those that do not. -errno: the socket broke. */
static int send_some(struct director *d, struct run *r, bool deleting, struct np_err *err)
{
	struct np_nl_batch batch = { NP_NL_GO_ON, note_failure, r };
	int ret = np_nl_batch_begin(d->v->nl, &batch, err);

	if (ret)
		return ret;
	for (size_t i = 0; i < r->plan->n; i++) {
		if ((r->plan->changes[i].op == NP_LVS_DEL) != deleting)
			continue;
		r->sent[i] = true;
		r->n_sent++;
		send_one(d, r, i);
	}
	lvs_fullnat_settle(d->waiting, d->fullnat, d->v);
	np_nl_batch_end(d->v->nl);
	return 0;
}

static int run_init(struct run *r, const struct lvs_plan *plan, struct np_err *err)
{
	*r = (struct run){ .plan = plan, .err = NP_ERR_INIT };
	r->sent = calloc(plan->n + 1, sizeof(*r->sent));
	r->refused = calloc(plan->n + 1, sizeof(*r->refused));
	return r->sent && r->refused ? 0 : np_err_nomem(err);
}

static void run_clean(struct run *r)
{
	free(r->sent);
	free(r->refused);
}

/* In order and without a way back: that is what undoing is. */
static int send_all(struct director *d, struct run *r, struct np_err *err)
{
	struct np_nl_batch batch = { NP_NL_GO_ON, note_failure, r };
	int ret = np_nl_batch_begin(d->v->nl, &batch, err);

	if (ret)
		return ret;
	for (size_t i = 0; i < r->plan->n; i++)
		send_one(d, r, i);
	lvs_fullnat_settle(d->waiting, d->fullnat, d->v);
	np_nl_batch_end(d->v->nl);
	return 0;
}

/* Undoes what was done of a run, last first. *lost: how many of those steps failed. */
static int undo(struct director *d, const struct run *done, size_t *lost, struct np_err *err)
{
	struct lvs_plan back = { 0 };
	struct run r;
	int ret = 0;

	for (int deleting = 1; deleting >= 0; deleting--)
		for (size_t i = done->plan->n; !ret && i-- > 0;) {
			const struct lvs_change *c = &done->plan->changes[i];

			if ((c->op == NP_LVS_DEL) == deleting && done->sent[i] && !done->refused[i])
				ret = lvs_plan_undo(&back, c, err);
		}
	if (!ret)
		ret = run_init(&r, &back, err);
	if (!ret) {
		ret = send_all(d, &r, err);
		*lost = r.n_refused;
		run_clean(&r);
	}
	lvs_plan_clean(&back);
	return ret;
}

/* What an errno of ip_vs_ctl.c means for this change; NULL: no more than its usual words. */
static const char *reason(const struct lvs_change *c, int code)
{
	if (code == ENOENT && c->op != NP_LVS_DEL && !lvs_change_is_dest(c))
		return "its scheduler or persistence engine is not there, nor its module";
	if (code == EEXIST)
		return "it is there already: somebody else changed the table";
	if (code == ESRCH || code == ENOENT)
		return "it is not there any more: somebody else changed the table";
	if (code == EINVAL && c->op == NP_LVS_ADD && lvs_change_is_dest(c))
		return "not an address of a real server";
	if (code == ERANGE)
		return "the lower threshold is above the upper, or the weight is negative";
	return NULL;
}

static int report(const struct run *r, int undone, size_t lost, const struct np_err *undo_err,
	struct np_err *err)
{
	const struct lvs_change *c = &r->plan->changes[r->first];
	size_t made = r->n_sent - r->n_refused;
	char *command = lvs_change_command(c);
	const char *why = r->err.refused ? reason(c, r->err.code) : r->err.text;
	char rest[300];

	if (undone)
		snprintf(rest, sizeof(rest), "%zu others were made and could not be undone: %.200s",
			made, undo_err->text);
	else if (lost)
		snprintf(rest, sizeof(rest), "%zu others were made; of undoing them %zu step%s "
			"refused as well: lvsctl diff tells what is left", made, lost,
			lost == 1 ? " was" : "s were");
	else
		snprintf(rest, sizeof(rest), "%zu other%s undone, the table is as it was", made,
			made == 1 ? " was made and" : "s were made and");
	np_err_set(err, r->err.code, "the kernel refuses %s: %s; %s", command ? command : "",
		why ? why : strerror(r->err.code), rest);
	free(command);
	if (err)
		err->refused = true;
	return -r->err.code;
}

int lvs_plan_apply(struct np_lvs *v, const struct lvs_plan *plan, struct np_err *err)
{
	struct np_err undo_err = NP_ERR_INIT;
	struct run r;
	struct director d = { .v = v };
	size_t lost = 0;
	int ret = run_init(&r, plan, err);

	if (!ret)
		ret = send_some(&d, &r, false, err);
	if (!ret && !r.n_refused)
		ret = send_some(&d, &r, true, err);
	if (!ret && r.n_refused) {
		int undone = undo(&d, &r, &lost, &undo_err);

		ret = report(&r, undone, lost, &undo_err, err);
	}
	run_clean(&r);
	fullnat_close(d.fullnat);
	lvs_fullnat_queue_free(d.waiting);
	return ret;
}
