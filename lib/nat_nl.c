// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/nat_nl.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "lib/genl.h"
#include "lib/nat_err.h"
#include "lib/nat_priv.h"

int np_nat_open_nl(struct np_nat **out, struct np_nl *nl, uint16_t family, uint32_t group,
		   struct np_err *err)
{
	struct np_nat *nat = calloc(1, sizeof(*nat));

	if (!nat) {
		np_nl_close(nl);
		return np_err_nomem(err);
	}
	nat->nl = nl;
	nat->family = family;
	nat->group = group;
	*out = nat;
	return 0;
}

int np_nat_open(struct np_nat **nat, struct np_err *err)
{
	static const char name[] = STATIC_NAT_GENL_NAME, group[] = STATIC_NAT_GENL_MCGRP;
	struct np_nl *nl;
	uint16_t family;
	uint32_t id;
	int ret = np_nl_open(&nl, NETLINK_GENERIC, err);

	if (ret)
		return ret;
	ret = np_genl_find(nl, "static_nat", name, &family, group, &id, err);
	if (!ret)
		return np_nat_open_nl(nat, nl, family, id, err);
	np_nl_close(nl);
	if (ret != -ENOENT)
		return ret;
	return np_err_set(err, ENOENT, "the module static_nat is not there, and cannot be loaded: "
			  "modprobe static_nat says why");
}

void np_nat_free(struct np_nat *nat)
{
	if (!nat)
		return;
	np_nl_close(nat->nl);
	free(nat);
}

struct nlmsghdr *np_nat_request(struct np_nat *nat, uint8_t cmd)
{
	return np_genl_request(nat->nl, nat->family, 0, cmd, STATIC_NAT_GENL_VERSION);
}

int np_nat_talk(struct np_nat *nat, struct nlmsghdr *nlh, struct np_err *err)
{
	int ret = np_nl_talk(nat->nl, nlh, err);

	if (ret)
		np_nat_refusal(err);
	return ret;
}

int np_nat_too_long(struct np_err *err)
{
	return np_err_set(err, EMSGSIZE, "the message does not fit");
}

static int change(struct np_nat *nat, uint8_t cmd, const struct np_nat_mapping *m,
		  struct np_err *err)
{
	struct nlmsghdr *nlh = np_nat_request(nat, cmd);

	return np_nat_put(nlh, m) ? np_nat_talk(nat, nlh, err) : np_nat_too_long(err);
}

int np_nat_add(struct np_nat *nat, const struct np_nat_mapping *m, struct np_err *err)
{
	return change(nat, STATIC_NAT_CMD_ADD, m, err);
}

int np_nat_del(struct np_nat *nat, const struct np_nat_mapping *m, struct np_err *err)
{
	return change(nat, STATIC_NAT_CMD_DEL, m, err);
}

int np_nat_replace(struct np_nat *nat, const struct np_nat_mapping *m, struct np_err *err)
{
	struct nlmsghdr *nlh = np_nat_request(nat, STATIC_NAT_CMD_ADD);

	if (!np_nat_put(nlh, m) ||
	    !mnl_attr_put_check(nlh, NP_NL_MSG_MAX, STATIC_NAT_A_REPLACE, 0, NULL))
		return np_nat_too_long(err);
	return np_nat_talk(nat, nlh, err);
}

static int copy(const struct np_nat_mapping *m, void *arg)
{
	*(struct np_nat_mapping *)arg = *m;
	return 1;
}

static int got(const struct nlmsghdr *nlh, void *arg)
{
	return np_nat_each(nlh, copy, arg) ? 0 : -EBADMSG;
}

int np_nat_get(struct np_nat *nat, struct np_nat_mapping *m, struct np_err *err)
{
	struct nlmsghdr *nlh = np_nat_request(nat, STATIC_NAT_CMD_GET);
	int ret;

	if (!np_nat_put_key(nlh, m))
		return np_nat_too_long(err);
	ret = np_nl_get(nat->nl, nlh, got, m, err);
	if (ret == -EBADMSG)
		return np_err_set(err, EBADMSG, "the module's answer has no mapping");
	if (ret)
		np_nat_refusal(err);
	return ret;
}

bool np_nat_has_turned(struct np_nat *nat, const struct np_nat_mapping *m)
{
	const struct np_nat_mapping turned = np_nat_turned(m);
	struct np_nat_mapping there = turned;

	return !np_nat_get(nat, &there, NULL) && there.nptv6 == m->nptv6 && !there.nptv6 &&
	       !memcmp(there.to, turned.to, 16);
}

/* ---- lists and events ---- */

struct reader {
	const struct np_nat_filter *want;
	const struct np_nat_sink *sink;
};

static int read_mapping(const struct np_nat_mapping *m, void *arg)
{
	const struct reader *r = arg;

	return np_nat_match(r->want, m) ? r->sink->mapping(m, r->sink->arg) : 0;
}

static int read_msg(const struct nlmsghdr *nlh, void *arg)
{
	return np_nat_each(nlh, read_mapping, arg);
}

static int read_again(void *arg)
{
	const struct reader *r = arg;

	return r->sink->restart(r->sink->arg);
}

int np_nat_dump(struct np_nat *nat, const struct np_nat_filter *want,
		const struct np_nat_sink *sink, struct np_err *err)
{
	struct reader r = { want, sink };
	struct np_nl_sink nl = { read_msg, read_again, &r };
	struct nlmsghdr *nlh = np_nat_request(nat, STATIC_NAT_CMD_GET);
	int ret;

	if (!np_nat_put_filter(nlh, want))
		return np_nat_too_long(err);
	ret = np_nl_dump(nat->nl, nlh, &nl, err);
	if (ret)
		np_nat_refusal(err);
	return ret;
}

struct searching {
	np_nat_fits *fits;
	const struct np_nat_mapping *mapping;
	struct np_nat_mapping *found;
};

static int search_one(const struct np_nat_mapping *m, void *arg)
{
	const struct searching *s = arg;

	if (!s->fits(m, s->mapping))
		return 0;
	*s->found = *m;
	return 1;
}

static int search_on(void *arg)
{
	(void)arg; /* none was found yet */
	return 0;
}

int np_nat_find(struct np_nat *nat, const struct np_nat_filter *want, np_nat_fits *fits,
		const struct np_nat_mapping *m, struct np_nat_mapping *found)
{
	struct searching s = { fits, m, found };
	struct np_nat_sink sink = { search_one, search_on, &s };
	int ret = np_nat_dump(nat, want, &sink, NULL);

	return ret > 0 ? 0 : ret ? ret : -ENOENT;
}

int np_nat_find_clash(struct np_nat *nat, const struct np_nat_mapping *m,
		      struct np_nat_mapping *found)
{
	return np_nat_find(nat, &(struct np_nat_filter){ .family = m->family }, np_nat_clash,
			   m, found);
}

struct choosing {
	uint8_t family;
	const uint8_t *dst;
	uint32_t iif;
	struct np_nat_mapping *best; /* its bits 0: none yet */
};

/* The longest prefix, then the one with an interface, as the module chooses. */
static int choose_one(const struct np_nat_mapping *m, void *arg)
{
	const struct choosing *c = arg;

	if (np_nat_fits_dst(m, c->family, c->dst, c->iif) &&
	    (m->bits > c->best->bits || (m->bits == c->best->bits && m->ifindex)))
		*c->best = *m;
	return 0;
}

static int choose_again(void *arg)
{
	const struct choosing *c = arg;

	c->best->bits = 0;
	return 0;
}

int np_nat_find_dst(struct np_nat *nat, uint8_t family, const uint8_t dst[16], uint32_t iif,
		    struct np_nat_mapping *found)
{
	struct np_nat_filter want = { .family = family };
	struct choosing c = { family, dst, iif, found };
	struct np_nat_sink sink = { choose_one, choose_again, &c };
	int ret;

	found->bits = 0;
	ret = np_nat_dump(nat, &want, &sink, NULL);
	return ret ? ret : found->bits ? 0 : -ENOENT;
}

struct hearing {
	const struct np_nat *nat;
	int (*event)(enum np_nat_event ev, const struct np_nat_mapping *m, void *arg);
	void (*lost)(void *arg);
	void *arg;
	enum np_nat_event ev; /* of the mappings in the message */
};

static int hear_mapping(const struct np_nat_mapping *m, void *arg)
{
	const struct hearing *h = arg;

	return h->event(h->ev, m, h->arg);
}

static int hear(const struct nlmsghdr *nlh, void *arg)
{
	const struct genlmsghdr *g = mnl_nlmsg_get_payload(nlh);
	struct hearing *h = arg;

	if (nlh->nlmsg_type != h->nat->family || nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*g)))
		return 0;
	switch (g->cmd) {
	case STATIC_NAT_CMD_NEW:
		h->ev = NP_NAT_EV_ADD;
		break;
	case STATIC_NAT_CMD_DEL:
		h->ev = NP_NAT_EV_DEL;
		break;
	case STATIC_NAT_CMD_FLUSH:
		return h->event(NP_NAT_EV_FLUSHED, NULL, h->arg);
	case STATIC_NAT_CMD_REPLACED:
		return h->event(NP_NAT_EV_REPLACED, NULL, h->arg);
	default:
		return 0;
	}
	return np_nat_each(nlh, hear_mapping, h);
}

static void missed(void *arg)
{
	const struct hearing *h = arg;

	h->lost(h->arg);
}

int np_nat_listen(struct np_nat *nat,
		  int (*event)(enum np_nat_event ev, const struct np_nat_mapping *m, void *arg),
		  void (*lost)(void *arg), void *arg, struct np_err *err)
{
	struct hearing h = { .nat = nat, .event = event, .lost = lost, .arg = arg };
	int ret = np_nl_join(nat->nl, nat->group, err);

	return ret ? ret : np_nl_listen(nat->nl, hear, missed, &h, err);
}
