// SPDX-License-Identifier: GPL-2.0-or-later
/* Routes of a snapshot. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/snapshot_priv.h"

struct hop_in {
	struct np_fib_nh nh;
	uint8_t gateway[16];
	uint32_t weight;
};

struct route_in {
	struct np_fib_route r;
	struct hop_in hop;
};

#define HOP(member) .offset = offsetof(struct hop_in, member)
#define ROUTE(member) .offset = offsetof(struct route_in, member)

static int read_via(struct np_snap_in *in, const json_t *v, struct np_fib_nh *nh)
{
	static const struct np_snap_row rows[] = {
		{ .key = "family", .needed = true },
		{ .key = "host", .kind = NP_SNAP_ADDR, .needed = true,
		  .offset = offsetof(struct np_fib_nh, gateway) },
		{ 0 },
	};
	uint8_t family = in->family;
	int ret;

	if (!json_is_object(v))
		return np_snap_bad(in, "via", "an object", v);
	ret = np_snap_family(in, v);
	if (!ret)
		ret = np_snap_object(in, "via", v, rows, nh);
	nh->gateway_family = in->family;
	in->family = family;
	return ret;
}

/* What a nexthop has beside its rows: where it leads. */
static int finish_hop(struct np_snap_in *in, const json_t *v, struct hop_in *hop)
{
	const json_t *via = json_object_get(v, "via");

	if (json_object_get(v, "gateway")) {
		hop->nh.gateway_family = in->family;
		memcpy(hop->nh.gateway, hop->gateway, sizeof(hop->nh.gateway));
	}
	return via ? read_via(in, via, &hop->nh) : 0;
}

static int read_hop(struct np_snap_in *in, const json_t *v, struct np_fib_nh *nh)
{
	static const struct np_snap_row rows[] = {
		{ .key = "gateway", .kind = NP_SNAP_ADDR, HOP(gateway) },
		{ .key = "via" },
		{ .key = "dev", .kind = NP_SNAP_LINK, HOP(nh.ifindex) },
		{ .key = "weight", .kind = NP_SNAP_U32, .needed = true, .max = 256, HOP(weight) },
		{ .key = "flags", .kind = NP_SNAP_FLAGS8, .needed = true,
		  .flags = np_route_flags, HOP(nh.flags) },
		{ 0 },
	};
	struct hop_in hop = { 0 };
	int ret = np_snap_object(in, NULL, v, rows, &hop);

	if (!ret && !hop.weight)
		ret = np_snap_bad(in, "weight", "a number from 1 to 256",
				  json_object_get(v, "weight"));
	if (!ret)
		ret = finish_hop(in, v, &hop);
	*nh = hop.nh;
	nh->hops = (uint8_t)(hop.weight - 1);
	return ret;
}

/* The array *nhs is the caller's to free. */
static int read_hops(struct np_snap_in *in, const json_t *list, struct np_fib_nh **nhs)
{
	size_t n = json_array_size(list);
	int ret = 0;

	if (!json_is_array(list))
		return np_snap_bad(in, "nexthops", "an array", list);
	*nhs = calloc(n ? n : 1, sizeof(**nhs));
	if (!*nhs)
		return -ENOMEM;
	in->sub = "nexthops";
	for (in->sub_at = 0; in->sub_at < n; in->sub_at++) {
		ret = read_hop(in, json_array_get(list, in->sub_at), &(*nhs)[in->sub_at]);
		if (ret)
			break;
	}
	in->sub = NULL;
	return ret;
}

static int read_pref(struct np_snap_in *in, const json_t *v, uint8_t *pref)
{
	static const struct np_snap_row number = { .key = "pref", .kind = NP_SNAP_U8 };
	const char *s = json_string_value(v);

	for (uint8_t i = 0; s && i < 4; i++) {
		const char *word = np_route_pref_word(i);

		if (word && !strcmp(word, s)) {
			*pref = i;
			return 0;
		}
	}
	return s ? np_snap_bad(in, "pref", "\"low\", \"medium\", \"high\" or a number", v) :
		   np_snap_value(in, &number, v, pref);
}

static const struct np_snap_row route_rows[] = {
	{ .key = "family", .needed = true },
	{ .key = "type", .kind = NP_SNAP_TYPE, .needed = true, ROUTE(r.type) },
	{ .key = "dst", .kind = NP_SNAP_PREFIX, .needed = true, ROUTE(r.dst),
	  .offset2 = offsetof(struct route_in, r.dst_bits) },
	{ .key = "from", .kind = NP_SNAP_PREFIX, ROUTE(r.src),
	  .offset2 = offsetof(struct route_in, r.src_bits) },
	{ .key = "tos", .kind = NP_SNAP_HEX, .max = 255, ROUTE(hop.weight) },
	{ .key = "gateway", .kind = NP_SNAP_ADDR, ROUTE(hop.gateway) },
	{ .key = "via" },
	{ .key = "dev", .kind = NP_SNAP_LINK, ROUTE(hop.nh.ifindex) },
	{ .key = "table", .kind = NP_SNAP_NAME, .needed = true, .max = NP_NAMES_TABLE,
	  ROUTE(r.table) },
	{ .key = "protocol", .kind = NP_SNAP_NAME8, .needed = true, .max = NP_NAMES_PROTO,
	  ROUTE(r.protocol) },
	{ .key = "scope", .kind = NP_SNAP_NAME8, .needed = true, .max = NP_NAMES_SCOPE,
	  ROUTE(r.scope) },
	{ .key = "prefsrc", .kind = NP_SNAP_ADDR, ROUTE(r.prefsrc) },
	{ .key = "metric", .kind = NP_SNAP_U32, ROUTE(r.priority) },
	{ .key = "nhid", .kind = NP_SNAP_U32, ROUTE(r.nhid) },
	{ .key = "flags", .kind = NP_SNAP_FLAGS, .needed = true, .flags = np_route_flags,
	  ROUTE(r.flags) },
	{ .key = "mtu", .kind = NP_SNAP_U32, ROUTE(r.mtu) },
	{ .key = "pref" },
	{ .key = "nexthops" },
	{ 0 },
};

/* What the rows have left out. *nhs: where there are several, the caller's to free. */
static int finish(struct np_snap_in *in, const json_t *v, struct route_in *to,
		  struct np_fib_nh **nhs)
{
	const json_t *list = json_object_get(v, "nexthops"), *pref = json_object_get(v, "pref");
	int ret = finish_hop(in, v, &to->hop);

	to->r.tos = (uint8_t)to->hop.weight; /* a byte in hex needs the room of 32 bits */
	to->r.has_prefsrc = json_object_get(v, "prefsrc");
	if (!ret && pref)
		ret = read_pref(in, pref, &to->r.pref);
	if (ret)
		return ret;
	if (list) {
		to->r.n_nh = (uint32_t)json_array_size(list);
		return read_hops(in, list, nhs);
	}
	to->r.n_nh = to->hop.nh.gateway_family || json_object_get(v, "dev");
	to->hop.nh.flags = (uint8_t)to->r.flags;
	return 0;
}

int np_snap_read_route(struct np_snap_in *in, const json_t *v)
{
	struct np_fib_nh *nhs = NULL;
	struct route_in to = { 0 };
	int ret = np_snap_family(in, v);

	if (!ret)
		ret = np_snap_object(in, NULL, v, route_rows, &to);
	if (!ret)
		ret = finish(in, v, &to, &nhs);
	if (!ret)
		ret = np_fib_add_route(&np_snap_host(in)->fib, &to.r, nhs ? nhs : &to.hop.nh);
	free(nhs);
	return ret;
}
