// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/neigh.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/grow.h"
#include "lib/route.h"

static bool decode(const struct nlmsghdr *nlh, struct np_neigh *n)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (nlh->nlmsg_type != RTM_NEWNEIGH || nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*ndm)))
		return false;
	*n = (struct np_neigh){ .known = true, .family = ndm->ndm_family,
				.ifindex = ndm->ndm_ifindex, .state = ndm->ndm_state };
	mnl_attr_for_each(attr, nlh, sizeof(*ndm)) {
		const void *data = mnl_attr_get_payload(attr);
		unsigned len = mnl_attr_get_payload_len(attr);

		if (mnl_attr_get_type(attr) == NDA_DST && len <= sizeof(n->addr)) {
			memcpy(n->addr, data, len);
		} else if (mnl_attr_get_type(attr) == NDA_LLADDR && len <= sizeof(n->lladdr)) {
			memcpy(n->lladdr, data, len);
			n->lladdr_len = (uint8_t)len;
		}
	}
	return true;
}

static int got(const struct nlmsghdr *nlh, void *arg)
{
	decode(nlh, arg);
	return 0;
}

/* Whom it would be of is all that is known. */
static void forget(struct np_neigh *n)
{
	n->known = false;
	n->state = NUD_NONE;
	n->lladdr_len = 0;
}

int np_neigh_get(struct np_nl *nl, struct np_neigh *n, struct np_err *err)
{
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, RTM_GETNEIGH, 0, sizeof(struct ndmsg), &extra);
	struct np_err refusal = NP_ERR_INIT;
	struct ndmsg *ndm = extra;
	int ret;

	ndm->ndm_family = n->family;
	ndm->ndm_ifindex = n->ifindex;
	mnl_attr_put_check(nlh, NP_NL_MSG_MAX, NDA_DST, np_family_len(n->family), n->addr);
	forget(n);
	ret = np_nl_get(nl, nlh, got, n, &refusal);
	if (!ret || refusal.refused)
		return 0;
	*err = refusal;
	return ret;
}

/* ---- many ---- */

struct load {
	struct np_neighs *all;
	uint8_t family;
	size_t max;
};

static int load_one(const struct nlmsghdr *nlh, void *arg)
{
	const struct load *l = arg;
	struct np_neighs *all = l->all;
	struct np_neigh n, *neighs;

	if (!decode(nlh, &n) || n.family != l->family)
		return 0;
	if (all->n_neighs == l->max) {
		all->more = true;
		return 0;
	}
	neighs = np_grow(all->neighs, all->n_neighs, &all->cap, 1, sizeof(*neighs));
	if (!neighs)
		return -ENOMEM;
	all->neighs = neighs;
	all->neighs[all->n_neighs++] = n;
	return 0;
}

static int load_again(void *arg)
{
	const struct load *l = arg;

	l->all->n_neighs = 0;
	l->all->more = false;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct np_neigh *x = a, *y = b;

	if (x->ifindex != y->ifindex)
		return x->ifindex < y->ifindex ? -1 : 1;
	return memcmp(x->addr, y->addr, sizeof(x->addr));
}

int np_neighs_load(struct np_neighs *all, struct np_nl *nl, uint8_t family, size_t max,
		   struct np_err *err)
{
	struct load l = { all, family, max };
	const struct np_nl_sink sink = { load_one, load_again, &l };
	struct ndmsg *ndm;
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, RTM_GETNEIGH, 0, sizeof(*ndm), &extra);
	int ret;

	ndm = extra;
	ndm->ndm_family = family;
	load_again(&l);
	ret = np_nl_dump(nl, nlh, &sink, err);
	if (!ret && all->n_neighs)
		qsort(all->neighs, all->n_neighs, sizeof(*all->neighs), compare);
	return ret;
}

void np_neighs_find(const struct np_neighs *all, struct np_neigh *n)
{
	const struct np_neigh *found = NULL;

	if (all->n_neighs)
		found = bsearch(n, all->neighs, all->n_neighs, sizeof(*found), compare);
	if (found)
		*n = *found;
	else
		forget(n);
}

void np_neighs_clean(struct np_neighs *all)
{
	free(all->neighs);
	*all = (struct np_neighs){ 0 };
}

bool np_neigh_silent(const struct np_neigh *n)
{
	return n->known && n->state & (NUD_FAILED | NUD_INCOMPLETE);
}

const char *np_neigh_lladdr(const struct np_neigh *n, char buf[3 * NP_NEIGH_LLADDR])
{
	size_t at = 0;

	*buf = '\0';
	for (unsigned i = 0; i < n->lladdr_len; i++)
		at += (size_t)snprintf(buf + at, 3 * NP_NEIGH_LLADDR - at, "%s%02x", i ? ":" : "",
				       n->lladdr[i]);
	return buf;
}

const char *np_neigh_state(const struct np_neigh *n)
{
	static const struct {
		uint16_t bit;
		const char *word;
	} rows[] = {
		{ NUD_INCOMPLETE, "INCOMPLETE" }, { NUD_REACHABLE, "REACHABLE" },
		{ NUD_STALE, "STALE" },           { NUD_DELAY, "DELAY" },
		{ NUD_PROBE, "PROBE" },           { NUD_FAILED, "FAILED" },
		{ NUD_NOARP, "NOARP" },           { NUD_PERMANENT, "PERMANENT" },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (n->state & rows[i].bit)
			return rows[i].word;
	return "NONE";
}
