// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <sys/socket.h>

#include "ip/route_show.h"
#include "lib/addr.h"
#include "lib/route_fields.h"
#include "lib/via_json.h"

static void put_dev(const struct prt_show *show, const char *key, int ifindex)
{
	char buf[NP_LINK_NAME_MAX];

	np_json_str(show->json, key, np_links_name(show->links, (uint32_t)ifindex, buf));
}

static void put_name(const struct prt_show *show, const char *key, enum np_names_db db,
		     uint32_t id)
{
	char buf[NP_NAME_MAX];

	np_json_str(show->json, key, np_names_text(show->names, db, id, buf));
}

/* "0x1f", but "0" for zero: printf's %#x. */
static void put_hex(struct np_json *j, const char *key, uint32_t v)
{
	char buf[16];

	snprintf(buf, sizeof(buf), "%#x", v);
	np_json_str(j, key, buf);
}

static void put_gateway(const struct prt_show *show, uint8_t family, const struct np_nh *nh)
{
	char buf[NP_NAME_MAX];

	np_json_str(show->json, "gateway",
		    np_names_host(show->names, family, nh->gateway, 16, buf));
}

static void put_via(const struct prt_show *show, const struct np_hop *via)
{
	char buf[NP_NAME_MAX];

	np_via_json(show->json, (uint8_t)via->family, route_hop_words(show, via, buf));
}

static void put_newdst(const struct prt_show *show, const struct np_hop *hop)
{
	char buf[NP_NAME_MAX];

	np_json_str(show->json, "to", route_hop_words(show, hop, buf));
}

static void put_realms(const struct prt_show *show, uint32_t realms)
{
	char buf[NP_NAME_MAX];

	np_json_open(show->json, "flow", '{');
	if (realms >> 16)
		np_json_str(show->json, "from", route_realm_words(show, realms >> 16, buf));
	np_json_str(show->json, "to", route_realm_words(show, realms & 0xffff, buf));
	np_json_close(show->json, '}');
}

void nh_flags_json(struct np_json *j, uint32_t flags)
{
	np_json_open(j, "flags", '[');
	for (const struct np_flag_row *row = np_route_flags; flags && row->word; row++) {
		if (flags & row->bit)
			np_json_str(j, NULL, row->word);
	}
	np_json_close(j, ']');
}

static void put_cache_flags(struct np_json *j, uint32_t flags)
{
	char rest[16];

	flags &= 0xffff0000;
	np_json_open(j, "cache", '[');
	for (const struct np_flag_row *row = np_route_cache_flags; row->word; row++) {
		if (flags & row->bit)
			np_json_str(j, NULL, row->word);
		flags &= ~row->bit;
	}
	/* iproute2 gives this one a key, which an array cannot have */
	if (flags) {
		snprintf(rest, sizeof(rest), "%x", flags);
		np_json_str(j, NULL, rest);
	}
	np_json_close(j, ']');
}

static void put_cacheinfo(struct np_json *j, const struct np_cacheinfo *ci, unsigned hz,
			  bool stats)
{
	if (ci->expires)
		np_json_int(j, "expires", ci->expires / (int)hz);
	if (ci->error)
		np_json_uint(j, "error", ci->error);
	if (stats) {
		if (ci->clntref)
			np_json_uint(j, "users", ci->clntref);
		if (ci->used)
			np_json_uint(j, "used", ci->used);
		if (ci->lastuse)
			np_json_uint(j, "age", ci->lastuse / hz);
	}
	if (ci->id)
		put_hex(j, "ipid", ci->id);
	if (ci->ts || ci->tsage) {
		put_hex(j, "ts", ci->ts);
		np_json_uint(j, "tsage", ci->tsage);
	}
}

static void put_metric(struct np_json *j, const struct np_metrics *m, unsigned i)
{
	const struct np_metric_row *row = &np_metric_rows[i];
	const char *key = row->key ? row->key : row->word;
	uint32_t v = m->set & 1u << i ? m->v[i] : 0;
	char number[16];

	snprintf(number, sizeof(number), "%u", i);
	if (!key)
		key = number;
	switch (row->kind) {
	case NP_MK_FEATURES:
		if (v & RTAX_FEATURE_ECN)
			np_json_null(j, "ecn");
		if (v & ~(uint32_t)RTAX_FEATURE_ECN)
			put_hex(j, "features", v);
		break;
	case NP_MK_NAME:
		np_json_str(j, key, m->set & 1u << i ? m->cc : "");
		break;
	case NP_MK_RTT:
		np_json_uint(j, key, v / 8);
		break;
	case NP_MK_RTTVAR:
		np_json_uint(j, key, v / 4);
		break;
	default:
		np_json_uint(j, key, v);
		break;
	}
}

static void put_metrics(struct np_json *j, const struct np_metrics *m)
{
	np_json_open(j, "metrics", '[');
	np_json_open(j, NULL, '{');
	for (unsigned i = RTAX_LOCK + 1; i < NP_METRIC_N; i++) {
		if (!((m->set | m->lock) & 1u << i))
			continue;
		if (i == RTAX_HOPLIMIT && m->set & 1u << i && m->v[i] == UINT32_MAX)
			continue;
		put_metric(j, m, i);
	}
	np_json_close(j, '}');
	np_json_close(j, ']');
}

static void put_nh_attrs(const struct prt_show *show, uint8_t family, const struct np_nh *nh)
{
	if (nh->set & NP_NH_ENCAP)
		encap_json(show, nh->encap);
	if (nh->set & NP_NH_NEWDST)
		put_newdst(show, &nh->newdst);
	if (nh->set & NP_NH_GATEWAY)
		put_gateway(show, family, nh);
	if (nh->set & NP_NH_VIA)
		put_via(show, &nh->via);
	if (nh->set & NP_NH_REALMS)
		put_realms(show, nh->realms);
}

static void put_multipath(const struct prt_show *show, const struct np_route *r)
{
	bool oifs = r->flags & RTM_F_CLONED && r->type == RTN_MULTICAST;
	struct np_json *j = show->json;

	np_json_open(j, "nexthops", '[');
	for (unsigned i = 0; i < r->n_nhs; i++) {
		const struct np_nh *nh = &r->nhs[i];

		np_json_open(j, NULL, '{');
		put_nh_attrs(show, r->family, nh);
		put_dev(show, "dev", nh->ifindex);
		if (oifs && nh->hops != 1)
			np_json_int(j, "ttl", nh->hops);
		else if (!oifs && r->family != AF_MPLS)
			np_json_int(j, "weight", nh->hops + 1);
		nh_flags_json(j, nh->flags);
		np_json_close(j, '}');
	}
	np_json_close(j, ']');
}

static void put_head(const struct route_show *rs, const struct np_route *r)
{
	struct np_json *j = rs->show->json;
	char buf[ROUTE_DST_MAX];

	if (r->set & NP_RT_DELETED)
		np_json_bool(j, "deleted", true);
	if (route_shows_type(rs, r))
		np_json_str(j, "type", np_names_rttype(rs->show->names, r->type, buf));
	np_json_str(j, "dst", route_dst_words(rs, r, buf));
	if (r->set & NP_RT_SRC || r->src_bits) /* two keys for one thing: iproute2's way */
		np_json_str(j, r->set & NP_RT_SRC ? "from" : "src", route_src_words(rs, r, buf));
}

static void put_path(const struct route_show *rs, const struct np_route *r)
{
	const struct prt_show *show = rs->show;

	if (r->set & NP_RT_NHID)
		np_json_uint(show->json, "nhid", r->nhid);
	if (r->nh.set & NP_NH_NEWDST)
		put_newdst(show, &r->nh.newdst);
	if (r->nh.set & NP_NH_ENCAP)
		encap_json(show, r->nh.encap);
	if (r->tos && !(rs->hide & ROUTE_HIDE_TOS))
		put_name(show, "tos", NP_NAMES_DSFIELD, r->tos);
	if (route_shows_gateway(rs, r))
		put_gateway(show, r->family, &r->nh);
	if (r->nh.set & NP_NH_VIA)
		put_via(show, &r->nh.via);
	if (r->nh.set & NP_NH_DEV && !(rs->hide & ROUTE_HIDE_DEV))
		put_dev(show, "dev", r->nh.ifindex);
	if (route_shows_table(rs, r))
		put_name(show, "table", NP_NAMES_TABLE, r->table);
	if (route_shows_proto(rs, r))
		put_name(show, "protocol", NP_NAMES_PROTO, r->protocol);
	if (route_shows_scope(rs, r))
		put_name(show, "scope", NP_NAMES_SCOPE, r->scope);
}

static void put_middle(const struct route_show *rs, const struct np_route *r)
{
	struct np_json *j = rs->show->json;
	char buf[NP_ADDR_STRLEN];

	if (route_shows_prefsrc(rs, r))
		np_json_str(j, "prefsrc", np_addr_text(r->family, r->prefsrc, 16, buf));
	if (r->set & NP_RT_PRIORITY && !(rs->hide & ROUTE_HIDE_METRIC))
		np_json_uint(j, "metric", r->priority);
	nh_flags_json(j, r->flags);
	if (r->set & NP_RT_MARK && r->mark)
		np_json_uint(j, "mark", r->mark);
	if (r->nh.set & NP_NH_REALMS && !(rs->hide & ROUTE_HIDE_REALM))
		put_realms(rs->show, r->nh.realms);
	if (r->set & NP_RT_UID)
		np_json_uint(j, "uid", r->uid);
}

static void put_tail(const struct route_show *rs, const struct np_route *r)
{
	struct np_json *j = rs->show->json;
	const char *pref;

	if (r->family == AF_INET && r->flags & RTM_F_CLONED)
		put_cache_flags(j, r->flags);
	if (r->set & NP_RT_CACHEINFO && (r->family == AF_INET || r->family == AF_INET6))
		put_cacheinfo(j, &r->cache, rs->hz, rs->show->stats);
	if (r->set & NP_RT_METRICS)
		put_metrics(j, &r->metrics);
	if (r->set & NP_RT_IIF && !(rs->hide & ROUTE_HIDE_IIF))
		put_dev(rs->show, "iif", r->iif);
	if (r->set & NP_RT_PREF) {
		pref = np_route_pref_word(r->pref);
		if (pref)
			np_json_str(j, "pref", pref);
		else
			np_json_uint(j, "pref", r->pref);
	}
	if (r->set & NP_RT_TTL_PROPAGATE)
		np_json_bool(j, "ttl-propogate", r->ttl_propagate);
	if (rs->object)
		nexthop_json(rs->show, rs->object);
}

void route_json(const struct route_show *rs, const struct np_route *r)
{
	np_json_open(rs->show->json, NULL, '{');
	put_head(rs, r);
	put_path(rs, r);
	put_middle(rs, r);
	put_tail(rs, r);
	if (r->set & NP_RT_MULTIPATH)
		put_multipath(rs->show, r);
	np_json_close(rs->show->json, '}');
}
