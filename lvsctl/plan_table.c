// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of services and real servers, and what is equal in them. */
#include <linux/ip_vs.h>
#include <stdlib.h>
#include <string.h>

#include "lib/grow.h"
#include "lvsctl/fullnat_lvs.h"
#include "lvsctl/plan.h"

void lvs_table_clean(struct lvs_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->svcs[i].dests);
		free(t->svcs[i].lines);
	}
	free(t->svcs);
	*t = (struct lvs_table){ 0 };
}

int lvs_table_add_svc(struct lvs_table *t, const struct np_lvs_svc *svc, struct np_err *err)
{
	struct lvs_svc *svcs = np_grow(t->svcs, t->n, &t->cap, 1, sizeof(*svcs));

	if (!svcs)
		return np_err_nomem(err);
	t->svcs = svcs;
	t->svcs[t->n++] = (struct lvs_svc){ .svc = *svc, .line = t->line };
	return 0;
}

int lvs_svc_add_dest(struct lvs_svc *s, const struct np_lvs_dest *dest, struct np_err *err)
{
	struct np_lvs_dest *dests = np_grow(s->dests, s->n, &s->cap, 1, sizeof(*dests));

	if (!dests)
		return np_err_nomem(err);
	s->dests = dests;
	s->dests[s->n++] = *dest;
	return 0;
}

static int order(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

int lvs_svc_key(const struct np_lvs_svc *a, const struct np_lvs_svc *b)
{
	int d = order(a->fwmark, b->fwmark);

	if (!d)
		d = order(a->af, b->af);
	if (d || a->fwmark)
		return d;
	d = order(a->protocol, b->protocol);
	if (!d)
		d = memcmp(a->addr, b->addr, sizeof(a->addr));
	return d ? d : order(a->port, b->port);
}

int lvs_dest_key(const struct np_lvs_dest *a, const struct np_lvs_dest *b)
{
	int d = order(a->af, b->af);

	if (!d)
		d = memcmp(a->addr, b->addr, sizeof(a->addr));
	return d ? d : order(a->port, b->port);
}

bool lvs_svc_same(const struct np_lvs_svc *a, const struct np_lvs_svc *b)
{
	/* that it is hashed is the kernel's own flag */
	if (strcmp(a->sched, b->sched) || strcmp(a->pe, b->pe) ||
	    (a->flags ^ b->flags) & ~(uint32_t)IP_VS_SVC_F_HASHED)
		return false;
	/* what persistence lasts and covers does not count where there is none */
	return !(a->flags & IP_VS_SVC_F_PERSISTENT) ||
	       (a->timeout == b->timeout && a->netmask == b->netmask);
}

bool lvs_dest_same(const struct np_lvs_dest *a, const struct np_lvs_dest *b)
{
	return a->fwd == b->fwd && a->weight == b->weight && a->u_threshold == b->u_threshold &&
		a->l_threshold == b->l_threshold && a->tun_type == b->tun_type &&
		a->tun_port == b->tun_port && a->tun_flags == b->tun_flags &&
		lvs_fullnat_same(a, b);
}
