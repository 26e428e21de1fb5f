// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <sys/socket.h>

#include "ip/line.h"
#include "ip/route_show.h"
#include "lib/addr.h"
#include "lib/route_fields.h"

static void put_dev(struct prt_line *l, const char *word, int ifindex)
{
	char buf[NP_LINK_NAME_MAX];

	line_str(l, word);
	line_mem(l, " ", 1);
	line_colored(l, PRT_COLOR_IFNAME,
		     np_links_name(l->show->links, (uint32_t)ifindex, buf));
}

/* The value of a name database, by its word. */
static void put_name(struct prt_line *l, const char *word, enum np_names_db db, uint32_t id)
{
	char buf[NP_NAME_MAX];

	line_pair(l, word, np_names_text(l->show->names, db, id, buf));
}

static void put_gateway(struct prt_line *l, uint8_t family, const struct np_nh *nh)
{
	char buf[NP_NAME_MAX];

	line_mem(l, "via ", 4);
	line_colored(l, prt_family_color(family),
		     np_names_host(l->show->names, family, nh->gateway, 16, buf));
}

static void put_via(struct prt_line *l, const struct np_hop *via)
{
	char buf[NP_NAME_MAX];

	line_pair(l, "via", np_family_name((uint8_t)via->family));
	line_colored(l, prt_family_color((uint8_t)via->family),
		     route_hop_words(l->show, via, buf));
}

static void put_newdst(struct prt_line *l, const struct np_hop *hop)
{
	char buf[NP_NAME_MAX];

	line_str(l, "as to ");
	line_colored(l, prt_family_color((uint8_t)hop->family),
		     route_hop_words(l->show, hop, buf));
}

static void put_realms(struct prt_line *l, uint32_t realms)
{
	char buf[NP_NAME_MAX];

	line_str(l, realms >> 16 ? "realms " : "realm ");
	if (realms >> 16) {
		line_str(l, route_realm_words(l->show, realms >> 16, buf));
		line_mem(l, "/", 1);
	}
	line_str(l, route_realm_words(l->show, realms & 0xffff, buf));
	line_mem(l, " ", 1);
}

void nh_flags_text(struct prt_line *l, uint32_t flags)
{
	if (!flags)
		return;
	for (const struct np_flag_row *row = np_route_flags; row->word; row++) {
		if (flags & row->bit) {
			line_str(l, row->word);
			line_mem(l, " ", 1);
		}
	}
}

static void put_cache_flags(struct prt_line *l, uint32_t flags)
{
	char rest[16];

	flags &= 0xffff0000;
	line_str(l, l->show->sl);
	line_str(l, "    cache ");
	if (!flags)
		return;
	line_mem(l, "<", 1);
	for (const struct np_flag_row *row = np_route_cache_flags; row->word; row++) {
		if (!(flags & row->bit))
			continue;
		flags &= ~row->bit;
		line_str(l, row->word);
		line_str(l, flags ? "," : "> ");
	}
	if (flags) {
		snprintf(rest, sizeof(rest), "%x>", flags);
		line_str(l, rest);
	}
}

static void put_cacheinfo(struct prt_line *l, const struct np_cacheinfo *ci, unsigned hz)
{
	char text[64];

	if (ci->expires) {
		snprintf(text, sizeof(text), "expires %dsec ", ci->expires / (int)hz);
		line_str(l, text);
	}
	if (ci->error)
		line_pair_uint(l, "error", ci->error);
	if (l->show->stats) {
		if (ci->clntref)
			line_pair_uint(l, "users", ci->clntref);
		if (ci->used)
			line_pair_uint(l, "used", ci->used);
		if (ci->lastuse) {
			line_str(l, "age ");
			line_uint(l, ci->lastuse / hz);
			line_str(l, "sec ");
		}
	}
	if (ci->id) {
		snprintf(text, sizeof(text), "ipid 0x%04x ", ci->id);
		line_str(l, text);
	}
	if (ci->ts || ci->tsage) {
		snprintf(text, sizeof(text), "ts 0x%xtsage %usec ", ci->ts, ci->tsage);
		line_str(l, text);
	}
}

/* Milliseconds; from a second on as seconds. */
static void put_ms(struct prt_line *l, uint32_t ms)
{
	char text[32];

	if (ms >= 1000)
		snprintf(text, sizeof(text), "%gs ", ms / 1e3);
	else
		snprintf(text, sizeof(text), "%ums ", ms);
	line_str(l, text);
}

static void put_features(struct prt_line *l, uint32_t features)
{
	char text[16];

	if (features & RTAX_FEATURE_ECN)
		line_str(l, "ecn ");
	if (features & ~(uint32_t)RTAX_FEATURE_ECN) {
		snprintf(text, sizeof(text), "%#x ", features);
		line_str(l, text);
	}
}

static void put_metric(struct prt_line *l, const struct np_metrics *m, unsigned i)
{
	const struct np_metric_row *row = &np_metric_rows[i];
	uint32_t v = m->set & 1u << i ? m->v[i] : 0;

	if (row->word) {
		line_str(l, row->word);
		line_mem(l, " ", 1);
	} else {
		line_pair_uint(l, "metric", i);
	}
	if (m->lock & 1u << i)
		line_str(l, "lock ");
	switch (row->kind) {
	case NP_MK_FEATURES:
		put_features(l, v);
		break;
	case NP_MK_NAME:
		line_str(l, m->set & 1u << i ? m->cc : "");
		line_mem(l, " ", 1);
		break;
	case NP_MK_RTT:
		put_ms(l, v / 8);
		break;
	case NP_MK_RTTVAR:
		put_ms(l, v / 4);
		break;
	case NP_MK_RTO_MIN:
		put_ms(l, v);
		break;
	default:
		line_uint(l, v);
		line_mem(l, " ", 1);
		break;
	}
}

static void put_metrics(struct prt_line *l, const struct np_metrics *m)
{
	for (unsigned i = RTAX_LOCK + 1; i < NP_METRIC_N; i++) {
		if (!((m->set | m->lock) & 1u << i))
			continue;
		/* no hop limit of its own: the kernel says so with -1 */
		if (i == RTAX_HOPLIMIT && m->set & 1u << i && m->v[i] == UINT32_MAX)
			continue;
		put_metric(l, m, i);
	}
}

static void put_nh_attrs(struct prt_line *l, uint8_t family, const struct np_nh *nh)
{
	if (nh->set & NP_NH_ENCAP)
		encap_text(l, nh->encap);
	if (nh->set & NP_NH_NEWDST)
		put_newdst(l, &nh->newdst);
	if (nh->set & NP_NH_GATEWAY)
		put_gateway(l, family, nh);
	if (nh->set & NP_NH_VIA)
		put_via(l, &nh->via);
	if (nh->set & NP_NH_REALMS)
		put_realms(l, nh->realms);
}

/* A multicast route of the kernel's cache: interfaces with their TTL thresholds. */
static void put_oif(struct prt_line *l, const struct np_nh *nh)
{
	char buf[NP_LINK_NAME_MAX];

	line_str(l, np_links_name(l->show->links, (uint32_t)nh->ifindex, buf));
	if (nh->hops != 1) {
		line_str(l, "(ttl>");
		line_uint(l, nh->hops);
		line_mem(l, ")", 1);
	}
	line_mem(l, " ", 1);
}

static void put_multipath(struct prt_line *l, const struct np_route *r)
{
	bool oifs = r->flags & RTM_F_CLONED && r->type == RTN_MULTICAST;
	char buf[NP_LINK_NAME_MAX];

	for (unsigned i = 0; i < r->n_nhs; i++) {
		const struct np_nh *nh = &r->nhs[i];

		if (oifs) {
			line_str(l, i ? " " : "Oifs: ");
		} else {
			line_str(l, l->show->sl);
			line_str(l, "\tnexthop ");
		}
		put_nh_attrs(l, r->family, nh);
		if (oifs) {
			put_oif(l, nh);
		} else {
			/* without colour, unlike elsewhere: iproute2's way */
			line_pair(l, "dev",
				  np_links_name(l->show->links, (uint32_t)nh->ifindex, buf));
			if (r->family != AF_MPLS)
				line_pair_uint(l, "weight", nh->hops + 1u);
		}
		nh_flags_text(l, nh->flags);
	}
}

static void put_head(struct prt_line *l, const struct route_show *rs, const struct np_route *r)
{
	enum prt_color color = prt_family_color((uint8_t)np_route_family(r));
	char buf[ROUTE_DST_MAX];

	if (r->set & NP_RT_DELETED)
		line_str(l, "Deleted ");
	if (route_shows_type(rs, r)) {
		line_str(l, np_names_rttype(l->show->names, r->type, buf));
		line_mem(l, " ", 1);
	}
	line_colored(l, r->set & NP_RT_DST ? color : PRT_COLOR_NONE, route_dst_words(rs, r, buf));
	if (r->set & NP_RT_SRC || r->src_bits) {
		/* "from" is inside the colour */
		if (r->set & NP_RT_SRC && l->show->color)
			line_str(l, prt_color_on(l->show, color));
		line_pair(l, "from", route_src_words(rs, r, buf));
		if (r->set & NP_RT_SRC && l->show->color)
			line_str(l, prt_color_off(l->show, color));
	}
}

static void put_path(struct prt_line *l, const struct route_show *rs, const struct np_route *r)
{
	if (r->set & NP_RT_NHID)
		line_pair_uint(l, "nhid", r->nhid);
	if (r->nh.set & NP_NH_NEWDST)
		put_newdst(l, &r->nh.newdst);
	if (r->nh.set & NP_NH_ENCAP)
		encap_text(l, r->nh.encap);
	if (r->tos && !(rs->hide & ROUTE_HIDE_TOS))
		put_name(l, "tos", NP_NAMES_DSFIELD, r->tos);
	if (route_shows_gateway(rs, r))
		put_gateway(l, r->family, &r->nh);
	if (r->nh.set & NP_NH_VIA)
		put_via(l, &r->nh.via);
	if (r->nh.set & NP_NH_DEV && !(rs->hide & ROUTE_HIDE_DEV))
		put_dev(l, "dev", r->nh.ifindex);
	if (route_shows_table(rs, r))
		put_name(l, "table", NP_NAMES_TABLE, r->table);
	if (route_shows_proto(rs, r))
		put_name(l, "proto", NP_NAMES_PROTO, r->protocol);
	if (route_shows_scope(rs, r))
		put_name(l, "scope", NP_NAMES_SCOPE, r->scope);
}

static void put_prefsrc(struct prt_line *l, const struct np_route *r)
{
	char buf[NP_ADDR_STRLEN];

	line_mem(l, "src ", 4);
	/* never by name: it is an address of ours */
	line_colored(l, prt_family_color(r->family),
		     np_addr_text(r->family, r->prefsrc, 16, buf));
}

static void put_marks(struct prt_line *l, const struct route_show *rs, const struct np_route *r)
{
	char text[32];

	if (r->set & NP_RT_MARK && r->mark) {
		snprintf(text, sizeof(text), r->mark >= 16 ? "mark 0x%x " : "mark %u ", r->mark);
		line_str(l, text);
	}
	if (r->nh.set & NP_NH_REALMS && !(rs->hide & ROUTE_HIDE_REALM))
		put_realms(l, r->nh.realms);
	if (r->set & NP_RT_UID)
		line_pair_uint(l, "uid", r->uid);
}

static void put_tail(struct prt_line *l, const struct route_show *rs, const struct np_route *r)
{
	const char *pref;

	if (r->family == AF_INET && r->flags & RTM_F_CLONED)
		put_cache_flags(l, r->flags);
	if (r->set & NP_RT_CACHEINFO && (r->family == AF_INET || r->family == AF_INET6))
		put_cacheinfo(l, &r->cache, rs->hz);
	if (r->set & NP_RT_METRICS)
		put_metrics(l, &r->metrics);
	if (r->set & NP_RT_IIF && !(rs->hide & ROUTE_HIDE_IIF))
		put_dev(l, "iif", r->iif);
	if (r->set & NP_RT_PREF) {
		pref = np_route_pref_word(r->pref);
		if (pref) {
			line_str(l, "pref ");
			line_str(l, pref);
		} else {
			line_uint(l, r->pref);
		}
	}
	if (r->set & NP_RT_TTL_PROPAGATE)
		line_str(l, r->ttl_propagate ? "ttl-propogate enabled" : "ttl-propogate disabled");
	if (rs->object) {
		line_str(l, "\n\tnh_info ");
		nexthop_text(l, rs->object);
	}
}

void route_text(const struct route_show *rs, const struct np_route *r)
{
	struct prt_line l;

	line_begin(&l, rs->show);
	put_head(&l, rs, r);
	put_path(&l, rs, r);
	if (route_shows_prefsrc(rs, r))
		put_prefsrc(&l, r);
	if (r->set & NP_RT_PRIORITY && !(rs->hide & ROUTE_HIDE_METRIC))
		line_pair_uint(&l, "metric", r->priority);
	nh_flags_text(&l, r->flags);
	put_marks(&l, rs, r);
	put_tail(&l, rs, r);
	if (r->set & NP_RT_MULTIPATH)
		put_multipath(&l, r);
	line_mem(&l, "\n", 1);
	line_end(&l);
}
