// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ip/route_args.h"
#include "ip/words.h"
#include "lib/route_fields.h"

int route_parse_via(struct route_req *req, struct np_nh *nh, struct np_args *a,
		    struct np_err *err)
{
	struct np_route *r = &req->route;
	uint8_t family = r->family;
	struct np_addr addr;
	int ret;

	word_family(a, &family);
	ret = word_addr(a, family, &addr, err);
	if (ret)
		return ret;
	if (r->family == AF_UNSPEC)
		r->family = addr.family;
	if (addr.family == r->family) {
		words_copy_addr(nh->gateway, &addr);
		nh->set |= addr.len ? NP_NH_GATEWAY : NP_NH_GATEWAY | NP_NH_GATEWAY_EMPTY;
		return 0;
	}
	nh->via.family = addr.family;
	nh->via.len = addr.len;
	memcpy(nh->via.b, addr.b, addr.len);
	nh->set |= NP_NH_VIA;
	return 0;
}

int route_parse_as(struct route_req *req, struct np_nh *nh, struct np_args *a,
		   struct np_err *err)
{
	const char *word = np_args_peek(a);
	int ret;

	if (word && !strcmp(word, "to"))
		np_args_next(a);
	ret = word_hop(a, req->route.family, &nh->newdst, err);
	if (ret)
		return ret;
	if (req->route.family == AF_UNSPEC)
		req->route.family = (uint8_t)nh->newdst.family;
	nh->set |= NP_NH_NEWDST;
	return 0;
}

static int parse_dev(struct route_req *req, struct np_nh *nh, struct np_args *a,
		     struct np_err *err)
{
	const char *name;
	uint32_t index;
	int ret = np_args_need(a, &name, "a device", err);

	if (!ret)
		ret = np_links_need(req->p->show.links, name, &index, a->at - 1, err);
	if (!ret)
		nh->ifindex = (int)index;
	return ret;
}

static int parse_weight(struct np_nh *nh, struct np_args *a, struct np_err *err)
{
	static const char what[] = "a weight from 1 to 256";
	uint32_t weight;
	int ret = word_u32(a, what, 256, &weight, err);

	if (ret)
		return ret;
	if (!weight)
		return np_args_bad(a, what, err);
	nh->hops = (uint8_t)(weight - 1);
	return 0;
}

static int parse_key(struct route_req *req, struct np_nh *nh, unsigned key, struct np_args *a,
		     struct np_err *err)
{
	switch (key) {
	case NP_RK_VIA:
		return route_parse_via(req, nh, a, err);
	case NP_RK_DEV:
		return parse_dev(req, nh, a, err);
	case NP_RK_WEIGHT:
		return parse_weight(nh, a, err);
	case NP_RK_ONLINK:
		nh->flags |= RTNH_F_ONLINK;
		return 0;
	case NP_RK_PERVASIVE:
		nh->flags |= RTNH_F_PERVASIVE;
		return 0;
	case NP_RK_REALMS:
		nh->set |= NP_NH_REALMS;
		return word_realms(a, req->p, &nh->realms, err);
	case NP_RK_ENCAP:
		return word_encap(a, req->p, nh, err);
	default:
		return route_parse_as(req, nh, a, err);
	}
}

/* The attributes of a nexthop. */
static const struct {
	uint32_t bits;
	size_t off, size;
} attrs[] = {
	{ NP_NH_GATEWAY | NP_NH_GATEWAY_EMPTY, offsetof(struct np_nh, gateway),
	  sizeof(((struct np_nh *)0)->gateway) },
	{ NP_NH_VIA, offsetof(struct np_nh, via), sizeof(struct np_hop) },
	{ NP_NH_REALMS, offsetof(struct np_nh, realms), sizeof(uint32_t) },
	{ NP_NH_NEWDST, offsetof(struct np_nh, newdst), sizeof(struct np_hop) },
};

/* Of an attribute that is said twice the kernel takes the first, so the second is left out. */
static int parse_attr(struct route_req *req, struct np_nh *nh, unsigned key, struct np_args *a,
		      struct np_err *err)
{
	struct np_nh said = { 0 };
	int ret = parse_key(req, &said, key, a, err);

	for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++) {
		if (!(said.set & attrs[i].bits) || nh->set & attrs[i].bits)
			continue;
		nh->set |= said.set & attrs[i].bits;
		memcpy((char *)nh + attrs[i].off, (char *)&said + attrs[i].off, attrs[i].size);
	}
	if (said.encap && !nh->encap) {
		nh->set |= NP_NH_ENCAP;
		nh->encap = said.encap;
	} else {
		free(said.encap);
	}
	return ret;
}

static bool is_attr(unsigned key)
{
	return key == NP_RK_VIA || key == NP_RK_REALMS || key == NP_RK_ENCAP || key == NP_RK_AS;
}

int route_parse_nh(struct route_req *req, struct np_nh *nh, struct np_args *a,
		   struct np_err *err)
{
	const char *word;

	while ((word = np_args_peek(a))) {
		const struct np_route_word *row = np_route_word_find(np_route_nh_words, word);
		int ret;

		if (!row)
			return 0;
		np_args_next(a);
		ret = is_attr(row->key) ? parse_attr(req, nh, row->key, a, err) :
					  parse_key(req, nh, row->key, a, err);
		if (ret)
			return ret;
	}
	return 0;
}
