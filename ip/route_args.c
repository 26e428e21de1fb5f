// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/route_args.h"

#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "ip/route_verbs.h"
#include "ip/words.h"
#include "lib/cli.h"
#include "lib/route_fields.h"

typedef int route_key(struct route_req *req, struct np_args *a, struct np_err *err);

static void learn_family(struct np_route *r, const struct np_addr *addr)
{
	if (r->family == AF_UNSPEC)
		r->family = addr->family;
}

static int key_src(struct route_req *req, struct np_args *a, struct np_err *err)
{
	struct np_addr addr;
	int ret = word_addr(a, req->route.family, &addr, err);

	if (ret)
		return ret;
	learn_family(&req->route, &addr);
	words_copy_addr(req->route.prefsrc, &addr);
	req->route.set &= ~(uint32_t)NP_RT_PREFSRC_EMPTY;
	req->route.set |= addr.len ? NP_RT_PREFSRC : NP_RT_PREFSRC | NP_RT_PREFSRC_EMPTY;
	return 0;
}

static int key_as(struct route_req *req, struct np_args *a, struct np_err *err)
{
	return route_parse_as(req, &req->route.nh, a, err);
}

static int key_via(struct route_req *req, struct np_args *a, struct np_err *err)
{
	if (req->via)
		return np_args_fail(a, err, "a second \"via\": several gateways are written as "
				    "\"nexthop via … nexthop via …\"");
	req->via = true;
	return route_parse_via(req, &req->route.nh, a, err);
}

static int key_from(struct route_req *req, struct np_args *a, struct np_err *err)
{
	struct np_route *r = &req->route;
	struct np_addr addr;
	int ret = word_prefix(a, r->family, &addr, err);

	if (ret)
		return ret;
	learn_family(r, &addr);
	if (addr.len) {
		words_copy_addr(r->src, &addr);
		r->set |= NP_RT_SRC;
	}
	r->src_bits = (uint8_t)addr.bits;
	return 0;
}

static int key_tos(struct route_req *req, struct np_args *a, struct np_err *err)
{
	uint32_t tos;
	int ret = word_name(a, req->p, NP_NAMES_DSFIELD, "a DS field (a name, or hex up to ff)",
			    &tos, err);

	if (!ret)
		req->route.tos = (uint8_t)tos;
	return ret;
}

static int key_expires(struct route_req *req, struct np_args *a, struct np_err *err)
{
	req->route.set |= NP_RT_EXPIRES;
	return word_u32(a, "a number of seconds", UINT32_MAX, &req->route.expires, err);
}

static int key_metric(struct route_req *req, struct np_args *a, struct np_err *err)
{
	req->route.set |= NP_RT_PRIORITY;
	return word_u32(a, "a metric (a number)", UINT32_MAX, &req->route.priority, err);
}

static int key_scope(struct route_req *req, struct np_args *a, struct np_err *err)
{
	uint32_t scope;
	int ret = word_name(a, req->p, NP_NAMES_SCOPE,
			    "a scope (global, link, host, or a number up to 255)", &scope, err);

	req->scope = true;
	if (!ret)
		req->route.scope = (uint8_t)scope;
	return ret;
}

static int key_realms(struct route_req *req, struct np_args *a, struct np_err *err)
{
	req->route.nh.set |= NP_NH_REALMS;
	return word_realms(a, req->p, &req->route.nh.realms, err);
}

static int key_onlink(struct route_req *req, struct np_args *a, struct np_err *err)
{
	(void)a;
	(void)err;
	req->route.flags |= RTNH_F_ONLINK;
	return 0;
}

static int key_pervasive(struct route_req *req, struct np_args *a, struct np_err *err)
{
	(void)a;
	(void)err;
	req->route.flags |= RTNH_F_PERVASIVE;
	return 0;
}

static int key_equalize(struct route_req *req, struct np_args *a, struct np_err *err)
{
	(void)a;
	(void)err;
	prt_note(req->p, "warning: \"equalize\" is ignored: Linux 2.6 dropped it, "
		 "and routes with several nexthops are balanced by flow");
	return 0;
}

static int key_nexthop(struct route_req *req, struct np_args *a, struct np_err *err)
{
	req->nexthops = true;
	req->route.set |= NP_RT_MULTIPATH;
	for (;;) {
		struct np_nh *nh = np_route_add_nh(&req->route);
		const char *word;
		int ret;

		if (!nh)
			return np_err_nomem(err);
		if (!np_args_peek(a))
			return np_args_fail(a, err, "\"nexthop\" wants a gateway or a device "
					    "behind it");
		ret = route_parse_nh(req, nh, a, err);
		if (ret)
			return ret;
		word = np_args_next(a);
		if (!word)
			return 0;
		if (strcmp(word, "nexthop"))
			return np_args_bad(a, "\"nexthop\" or a word of one (what is for the "
					   "whole route comes before the first)", err);
	}
}

static int key_nhid(struct route_req *req, struct np_args *a, struct np_err *err)
{
	req->route.set |= NP_RT_NHID;
	return word_u32(a, "the id of a nexthop object", UINT32_MAX, &req->route.nhid, err);
}

static int key_protocol(struct route_req *req, struct np_args *a, struct np_err *err)
{
	uint32_t proto;
	int ret = word_name(a, req->p, NP_NAMES_PROTO,
			    "a routing protocol (static, boot, or a number up to 255)", &proto,
			    err);

	if (!ret)
		req->route.protocol = (uint8_t)proto;
	return ret;
}

static void set_table(struct route_req *req, uint32_t table)
{
	req->table = true;
	/* The header has room for a byte; an attribute is what counts, wherever it was said. */
	if (table > 255)
		req->route.set |= NP_RT_TABLE;
	else if (req->route.set & NP_RT_TABLE)
		return;
	req->route.table = table;
}

static int key_table(struct route_req *req, struct np_args *a, struct np_err *err)
{
	uint32_t table = 0;
	int ret = word_name(a, req->p, NP_NAMES_TABLE, "a routing table (a name or a number)",
			    &table, err);

	set_table(req, table);
	return ret;
}

static int key_vrf(struct route_req *req, struct np_args *a, struct np_err *err)
{
	uint32_t table = 0;
	int ret = word_vrf(a, req->p, &table, err);

	set_table(req, table);
	return ret;
}

static int key_dev(struct route_req *req, struct np_args *a, struct np_err *err)
{
	int ret = np_args_need(a, &req->dev, "a device", err);

	req->dev_word = a->at - 1;
	return ret;
}

static int key_pref(struct route_req *req, struct np_args *a, struct np_err *err)
{
	const char *word;
	int pref, ret = np_args_need(a, &word, "low, medium or high", err);

	if (ret)
		return ret;
	pref = np_route_pref_parse(word);
	if (pref < 0)
		return np_args_bad(a, "low, medium or high", err);
	req->route.pref = (uint8_t)pref;
	req->route.set |= NP_RT_PREF;
	return 0;
}

static int key_encap(struct route_req *req, struct np_args *a, struct np_err *err)
{
	return word_encap(a, req->p, &req->route.nh, err);
}

static int key_ttl(struct route_req *req, struct np_args *a, struct np_err *err)
{
	const char *word;
	int ret = np_args_need(a, &word, "enabled or disabled", err);

	if (ret)
		return ret;
	req->route.set |= NP_RT_TTL_PROPAGATE;
	req->route.ttl_propagate = np_abbrev(word, "enabled");
	if (!req->route.ttl_propagate && !np_abbrev(word, "disabled"))
		return np_args_bad(a, "enabled or disabled", err);
	return 0;
}

static route_key *const keys[NP_RK_N] = {
	[NP_RK_SRC] = key_src,
	[NP_RK_AS] = key_as,
	[NP_RK_VIA] = key_via,
	[NP_RK_FROM] = key_from,
	[NP_RK_TOS] = key_tos,
	[NP_RK_EXPIRES] = key_expires,
	[NP_RK_METRIC] = key_metric,
	[NP_RK_SCOPE] = key_scope,
	[NP_RK_REALMS] = key_realms,
	[NP_RK_ONLINK] = key_onlink,
	[NP_RK_PERVASIVE] = key_pervasive,
	[NP_RK_EQUALIZE] = key_equalize,
	[NP_RK_NEXTHOP] = key_nexthop,
	[NP_RK_NHID] = key_nhid,
	[NP_RK_PROTOCOL] = key_protocol,
	[NP_RK_TABLE] = key_table,
	[NP_RK_VRF] = key_vrf,
	[NP_RK_DEV] = key_dev,
	[NP_RK_PREF] = key_pref,
	[NP_RK_ENCAP] = key_encap,
	[NP_RK_TTL_PROPAGATE] = key_ttl,
};

/* The type by its word; `reject` is what Linux 2.0 called unreachable. */
static bool read_type(struct np_route *r, const char *word)
{
	if (*word >= '0' && *word <= '9')
		return false;
	if (!strcmp(word, "reject")) {
		r->type = RTN_UNREACHABLE;
		return true;
	}
	return !np_rttype_parse(word, &r->type);
}

/* [to] [TYPE] PREFIX */
static int parse_dst(struct route_req *req, const char *word, struct np_args *a,
		     struct np_err *err)
{
	struct np_route *r = &req->route;
	struct np_addr addr;
	int ret = 0;

	if (!strcmp(word, "to"))
		ret = np_args_need(a, &word, "a prefix", err);
	if (!ret && read_type(r, word)) {
		req->type = true;
		ret = np_args_need(a, &word, "a prefix", err);
	}
	if (ret)
		return ret;
	if (np_abbrev(word, "help"))
		return np_err_help(err);
	if (req->dst)
		return words_unknown(a, np_route_add_words, "a word that may follow the prefix",
				     err);
	if (np_prefix_parse(&addr, word, r->family))
		return strchr("0123456789", word[0]) || strchr(word, ':') ?
			word_is_prefix(a, word, r->family, &addr, err) :
			words_unknown(a, np_route_add_words, "a prefix", err);
	learn_family(r, &addr);
	r->dst_bits = (uint8_t)addr.bits;
	req->dst = true;
	if (addr.len) {
		words_copy_addr(r->dst, &addr);
		r->set |= NP_RT_DST;
	}
	return 0;
}

static int parse_word(struct route_req *req, const char *word, struct np_args *a,
		      struct np_err *err)
{
	const struct np_route_word *row = np_route_word_find(np_route_add_words, word);

	if (!row)
		return parse_dst(req, word, a, err);
	if (row->key != NP_RK_RTAX)
		return keys[row->key](req, a, err);
	req->route.set |= NP_RT_METRICS;
	return word_metric(a, row->metric, &req->route.metrics, err);
}

/* What follows from the type where nothing else was said. */
static void set_defaults(struct route_req *req, enum np_route_op op)
{
	struct np_route *r = &req->route;
	uint8_t t = r->type;

	if (r->family == AF_UNSPEC)
		r->family = AF_INET;
	if (!req->table && (t == RTN_LOCAL || t == RTN_BROADCAST || t == RTN_NAT ||
			    t == RTN_ANYCAST))
		r->table = RT_TABLE_LOCAL;
	if (!req->type && r->family == AF_MPLS)
		r->type = RTN_UNICAST;
	if (req->scope)
		return;
	if (r->family == AF_INET6 || r->family == AF_MPLS)
		r->scope = RT_SCOPE_UNIVERSE;
	else if (t == RTN_LOCAL || t == RTN_NAT)
		r->scope = RT_SCOPE_HOST;
	else if (t == RTN_BROADCAST || t == RTN_MULTICAST || t == RTN_ANYCAST)
		r->scope = RT_SCOPE_LINK;
	else if ((t == RTN_UNICAST || t == RTN_UNSPEC) && op == NP_ROUTE_DEL)
		r->scope = RT_SCOPE_NOWHERE;
	else if ((t == RTN_UNICAST || t == RTN_UNSPEC) && !req->via && !req->nexthops && !r->nhid)
		r->scope = RT_SCOPE_LINK;
}

static int resolve_dev(struct route_req *req, struct np_err *err)
{
	uint32_t index;
	int ret;

	if (!req->dev)
		return 0;
	ret = np_links_need(req->p->show.links, req->dev, &index, req->dev_word, err);
	if (ret)
		return ret;
	req->route.nh.ifindex = (int)index;
	req->route.nh.set |= NP_NH_DEV;
	return 0;
}

int route_parse(struct route_req *req, enum np_route_op op, struct np_args *a,
		struct np_err *err)
{
	struct np_route *r = &req->route;
	const char *word;
	int ret = 0;

	r->family = req->p->show.family;
	r->table = RT_TABLE_MAIN;
	r->scope = RT_SCOPE_NOWHERE;
	if (op != NP_ROUTE_DEL) {
		r->protocol = RTPROT_BOOT;
		r->scope = RT_SCOPE_UNIVERSE;
		r->type = RTN_UNICAST;
	}
	while (!ret && (word = np_args_next(a)))
		ret = parse_word(req, word, a, err);
	if (ret)
		return ret;
	if (!req->dst)
		return np_args_fail(a, err, "a destination is wanted: a prefix, or \"default\"");
	ret = resolve_dev(req, err);
	if (!ret)
		set_defaults(req, op);
	return ret;
}
