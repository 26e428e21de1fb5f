// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many FULLNAT destinations at once: a transaction of nf_tables takes as long for hundreds of
 * entries as for one, since the kernel waits for all processors before it is over.
 */
#include <stdlib.h>
#include <string.h>

#include "lvsctl/fullnat_lvs.h"
#include "lvsctl/fullnat_table.h"

/* So many entries, with a chain each, are less than a socket takes in one message. */
#define WAITING_MAX 256

struct waiting {
	uint32_t tag;
	bool source;              /* FULLNAT; else it keeps its place among them */
	bool refused;
	struct np_lvs_svc svc;
	struct np_lvs_svc there;  /* what the kernel had when its turn came; af 0: nothing */
	struct np_lvs_dest dest;
};

struct fullnat_queue {
	struct np_nl_batch outer; /* to be told of refusals */
	size_t n;
	struct waiting w[WAITING_MAX];
	struct fullnat_addition add[WAITING_MAX];
};

void lvs_fullnat_queue_free(struct fullnat_queue *q)
{
	free(q);
}

static void tell(struct fullnat_queue *q, struct waiting *w, const struct np_err *err)
{
	w->refused = true;
	q->outer.fail(q->outer.arg, w->tag, err);
}

static void told(void *arg, uint32_t tag, const struct np_err *err)
{
	struct fullnat_queue *q = arg;

	tell(q, &q->w[tag], err);
}

/* The sources of all that can have one. */
static void put_sources(struct fullnat_queue *q, struct fullnat *f)
{
	struct np_err err = NP_ERR_INIT;
	size_t n = 0;

	for (size_t i = 0; i < q->n; i++) {
		struct waiting *w = &q->w[i];

		if (!w->source)
			continue;
		if (!w->there.af) /* the question failed, and that was told */
			w->refused = true;
		else if (lvs_fullnat_refuse(&w->there, &w->dest, &err))
			tell(q, w, &err);
		else
			q->add[n++] = (struct fullnat_addition){
				lvs_fullnat_key(&w->svc, &w->dest), lvs_fullnat_source(&w->dest) };
	}
	if (!n || !fullnat_add(f, q->add, n, &err))
		return;
	for (size_t i = 0; i < q->n; i++)
		if (q->w[i].source && !q->w[i].refused)
			tell(q, &q->w[i], &err);
}

static void put_dests(struct fullnat_queue *q, struct fullnat *f, struct np_lvs *v)
{
	static const struct fullnat_source none = { .mode = NP_LVS_FULLNAT_NONE };
	struct np_err err = NP_ERR_INIT;

	for (size_t i = 0; i < q->n; i++) {
		struct waiting *w = &q->w[i];

		w->source &= !w->refused; /* refused already: there is none to take back */
		np_nl_tag(v->nl, (uint32_t)i);
		if (!w->refused && np_lvs_change_dest(v, NP_LVS_ADD, &w->svc, &w->dest, &err))
			tell(q, w, &err);
	}
	np_nl_batch_replace(v->nl, &q->outer);
	for (size_t i = 0; i < q->n; i++) {
		struct fullnat_dest d = lvs_fullnat_key(&q->w[i].svc, &q->w[i].dest);

		if (q->w[i].refused && q->w[i].source)
			fullnat_set(f, &d, &none, &err);
	}
}

void lvs_fullnat_settle(struct fullnat_queue *q, struct fullnat *f, struct np_lvs *v)
{
	struct np_nl_batch ours = { NP_NL_GO_ON, told, q };
	uint32_t tag;

	if (!q || !q->n)
		return;
	q->outer = np_nl_batch_replace(v->nl, &ours);
	put_sources(q, f);
	tag = np_nl_tag(v->nl, 0);
	put_dests(q, f, v);
	np_nl_tag(v->nl, tag);
	q->n = 0;
}

/* Has one that waits the same entry? See fullnat_key(). */
static bool has_key(const struct fullnat_queue *q, const struct fullnat_dest *d)
{
	struct np_nft_elem a, b;
	unsigned map = fullnat_key(d, &a);

	for (size_t i = 0; i < q->n; i++) {
		struct fullnat_dest other = lvs_fullnat_key(&q->w[i].svc, &q->w[i].dest);

		if (fullnat_key(&other, &b) == map && !memcmp(a.key, b.key, sizeof(a.key)))
			return true;
	}
	return false;
}

static int keep(struct fullnat_queue *q, struct np_lvs *v, const struct np_lvs_svc *svc,
		const struct np_lvs_dest *dest, bool source, struct np_err *err)
{
	struct waiting *w = &q->w[q->n++];

	*w = (struct waiting){ .source = source, .svc = *svc, .dest = *dest };
	w->tag = np_nl_tag(v->nl, 0);
	np_nl_tag(v->nl, w->tag);
	return source ? np_lvs_svc_ask(v, svc, &w->there, err) : 0;
}

int lvs_fullnat_add_later(struct fullnat_queue **q, struct fullnat **f, struct np_lvs *v,
			  const struct np_lvs_svc *svc, const struct np_lvs_dest *dest,
			  struct np_err *err)
{
	bool source = lvs_fullnat_source(dest).mode != NP_LVS_FULLNAT_NONE;
	struct fullnat_dest d = lvs_fullnat_key(svc, dest);
	struct fullnat_source old = { .mode = NP_LVS_FULLNAT_NONE };

	if (!source && (!*q || !(*q)->n))
		return lvs_fullnat_change_dest(f, v, NP_LVS_ADD, svc, dest, err);
	if (!*f && fullnat_open(f, FULLNAT_CONNTRACK, err))
		return -err->code;
	if (!*q)
		*q = calloc(1, sizeof(**q));
	if (!*q)
		return np_err_nomem(err);
	fullnat_get(*f, &d, &old);
	if (old.mode != NP_LVS_FULLNAT_NONE || has_key(*q, &d)) {
		lvs_fullnat_settle(*q, *f, v);
		return lvs_fullnat_change_dest(f, v, NP_LVS_ADD, svc, dest, err);
	}
	if ((*q)->n == WAITING_MAX)
		lvs_fullnat_settle(*q, *f, v);
	return keep(*q, v, svc, dest, source, err);
}
