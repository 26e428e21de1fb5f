// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/neigh.h"

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "lib/route.h"

static int got(const struct nlmsghdr *nlh, void *arg)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	struct np_neigh *n = arg;

	if (nlh->nlmsg_type != RTM_NEWNEIGH || nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*ndm)))
		return 0;
	n->known = true;
	n->state = ndm->ndm_state;
	mnl_attr_for_each(attr, nlh, sizeof(*ndm)) {
		unsigned len = mnl_attr_get_payload_len(attr);

		if (mnl_attr_get_type(attr) != NDA_LLADDR || len > sizeof(n->lladdr))
			continue;
		memcpy(n->lladdr, mnl_attr_get_payload(attr), len);
		n->lladdr_len = (uint8_t)len;
	}
	return 0;
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
	n->known = false;
	n->state = NUD_NONE;
	n->lladdr_len = 0;
	ret = np_nl_get(nl, nlh, got, n, &refusal);
	if (!ret || refusal.refused)
		return 0;
	*err = refusal;
	return ret;
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
