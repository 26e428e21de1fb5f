// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <unistd.h>

#include "ip/line.h"
#include "ip/route_show.h"

static const char *group_type(uint16_t type)
{
	return type == NEXTHOP_GRP_TYPE_RES ? "resilient" : "<unknown type>";
}

/* Timers of resilient groups are in USER_HZ ticks (nl_nexthop: jiffies_to_clock_t). */
static double seconds(uint64_t ticks)
{
	return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static void group_text(struct prt_line *l, const struct np_nexthop *nh)
{
	line_str(l, "group ");
	for (unsigned i = 0; i < nh->n; i++) {
		if (i)
			line_mem(l, "/", 1);
		line_uint(l, nh->member[i].id);
		if (nh->member[i].hops) {
			line_mem(l, ",", 1);
			line_uint(l, nh->member[i].hops + 1u);
		}
	}
	line_mem(l, " ", 1);
}

static void resilient_text(struct prt_line *l, const struct np_nexthop *nh)
{
	char text[160];

	snprintf(text, sizeof(text),
		 "buckets %u idle_timer %g unbalanced_timer %g unbalanced_time %g ", nh->buckets,
		 seconds(nh->idle_timer), seconds(nh->unbalanced_timer),
		 seconds(nh->unbalanced_time));
	line_str(l, text);
}

void nexthop_text(struct prt_line *l, const struct np_nexthop *nh)
{
	const struct prt_show *show = l->show;
	char buf[NP_NAME_MAX];

	line_pair_uint(l, "id", nh->id);
	if (nh->member)
		group_text(l, nh);
	if (nh->group_type != NEXTHOP_GRP_TYPE_MPATH)
		line_pair(l, "type", group_type(nh->group_type));
	if (nh->resilient)
		resilient_text(l, nh);
	if (nh->nh.set & NP_NH_ENCAP)
		encap_text(l, nh->nh.encap);
	if (nh->nh.set & NP_NH_GATEWAY) {
		line_str(l, "via ");
		line_colored(l, prt_family_color(nh->family),
			     np_names_host(show->names, nh->family, nh->nh.gateway, 16, buf));
	}
	if (nh->nh.ifindex) {
		line_str(l, "dev ");
		line_colored(l, PRT_COLOR_IFNAME,
			     np_links_name(show->links, (uint32_t)nh->nh.ifindex, buf));
	}
	if (nh->scope != RT_SCOPE_UNIVERSE || show->details)
		line_pair(l, "scope", np_names_text(show->names, NP_NAMES_SCOPE, nh->scope, buf));
	if (nh->blackhole)
		line_str(l, "blackhole ");
	if (nh->protocol != RTPROT_UNSPEC || show->details)
		line_pair(l, "proto",
			  np_names_text(show->names, NP_NAMES_PROTO, nh->protocol, buf));
	nh_flags_text(l, nh->flags);
	if (nh->fdb)
		line_str(l, "fdb");
}

static void put_seconds(struct np_json *j, const char *key, uint64_t ticks)
{
	char text[32];

	snprintf(text, sizeof(text), "%g", seconds(ticks));
	np_json_raw(j, key, text);
}

static void group_json(struct np_json *j, const struct np_nexthop *nh)
{
	np_json_open(j, "group", '[');
	for (unsigned i = 0; i < nh->n; i++) {
		np_json_open(j, NULL, '{');
		np_json_uint(j, "id", nh->member[i].id);
		if (nh->member[i].hops)
			np_json_uint(j, "weight", nh->member[i].hops + 1u);
		np_json_close(j, '}');
	}
	np_json_close(j, ']');
}

static void resilient_json(struct np_json *j, const struct np_nexthop *nh)
{
	np_json_open(j, "resilient_args", '{');
	np_json_uint(j, "buckets", nh->buckets);
	put_seconds(j, "idle_timer", nh->idle_timer);
	put_seconds(j, "unbalanced_timer", nh->unbalanced_timer);
	put_seconds(j, "unbalanced_time", nh->unbalanced_time);
	np_json_close(j, '}');
}

void nexthop_json(const struct prt_show *show, const struct np_nexthop *nh)
{
	struct np_json *j = show->json;
	char buf[NP_NAME_MAX];

	np_json_open(j, "nh_info", '{');
	np_json_uint(j, "id", nh->id);
	if (nh->member)
		group_json(j, nh);
	if (nh->group_type != NEXTHOP_GRP_TYPE_MPATH)
		np_json_str(j, "type", group_type(nh->group_type));
	if (nh->resilient)
		resilient_json(j, nh);
	if (nh->nh.set & NP_NH_ENCAP)
		encap_json(show, nh->nh.encap);
	if (nh->nh.set & NP_NH_GATEWAY)
		np_json_str(j, "gateway",
			    np_names_host(show->names, nh->family, nh->nh.gateway, 16, buf));
	if (nh->nh.ifindex)
		np_json_str(j, "dev", np_links_name(show->links, (uint32_t)nh->nh.ifindex, buf));
	if (nh->scope != RT_SCOPE_UNIVERSE || show->details)
		np_json_str(j, "scope", np_names_text(show->names, NP_NAMES_SCOPE, nh->scope, buf));
	if (nh->blackhole)
		np_json_null(j, "blackhole");
	if (nh->protocol != RTPROT_UNSPEC || show->details)
		np_json_str(j, "protocol",
			    np_names_text(show->names, NP_NAMES_PROTO, nh->protocol, buf));
	nh_flags_json(j, nh->flags);
	if (nh->fdb)
		np_json_null(j, "fdb");
	np_json_close(j, '}');
}
