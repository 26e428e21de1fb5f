// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules and routes of a snapshot: the keys of `prt -j`, and what those lack. */
#include <inttypes.h>
#include <string.h>

#include "lib/rule_show.h"
#include "lib/snapshot_priv.h"
#include "lib/trace.h"
#include "lib/via_json.h"

/* ---- rules ---- */

/* Readers of JSON have signed numbers of 64 bits at most: it is a string. */
static bool big_tun_id(const struct np_rule *rule)
{
	return np_rule_has(rule, NP_RULE_TUN_ID) && rule->tun_id > INT64_MAX;
}

/* Its name in our /etc/protocols may be unknown, or another's, where the snapshot is read. */
static bool odd_ipproto(const struct np_snap_out *o, const struct np_rule *rule)
{
	char buf[NP_NAME_MAX];
	const char *name;

	if (!np_rule_has(rule, NP_RULE_IPPROTO))
		return false;
	name = np_names_ipproto(o->names, rule->ipproto, buf);
	return np_proto_parse(name, strlen(name)) != rule->ipproto;
}

/* What ip's JSON leaves out, or has no word for. */
static void put_rest(struct np_snap_out *o, const struct np_rule *rule,
		     const struct np_fib_rule *r)
{
	struct np_json *j = &o->j;
	bool table = np_rule_has(rule, NP_RULE_TABLE);
	char buf[24];

	if (odd_ipproto(o, rule)) {
		snprintf(buf, sizeof(buf), "ipproto-%u", rule->ipproto);
		np_json_str(j, "ipproto", buf);
	}
	if (big_tun_id(rule)) {
		snprintf(buf, sizeof(buf), "%" PRIu64, rule->tun_id);
		np_json_str(j, "tun_id", buf);
	}
	if (np_rule_has(rule, NP_RULE_FWMASK) && rule->fwmask == UINT32_MAX && !rule->fwmark)
		np_json_hex(j, "fwmask", rule->fwmask);
	if (!table && r->suppress_prefixlen != -1)
		np_json_int(j, "suppress_prefixlen", r->suppress_prefixlen);
	if (!table && r->suppress_ifgroup != -1)
		np_snap_put_name(o, "suppress_ifgroup", NP_NAMES_GROUP,
				 (uint32_t)r->suppress_ifgroup);
	if (r->set & NP_FRULE_DSCP) {
		np_json_uint(j, "dscp", r->dscp);
		np_json_hex(j, "dscp_mask", r->dscp_mask);
	}
	if (r->set & NP_FRULE_FLOWLABEL) {
		np_json_hex(j, "flowlabel", r->flowlabel);
		np_json_hex(j, "flowlabel_mask", r->flowlabel_mask);
	}
	if (r->sport_mask)
		np_json_hex(j, "sport_mask", r->sport_mask);
	if (r->dport_mask)
		np_json_hex(j, "dport_mask", r->dport_mask);
}

void np_snap_put_rules(struct np_snap_out *o)
{
	const struct np_rule_pen pen = { .json = &o->j, .names = o->names };

	np_json_open(&o->j, "rules", '[');
	for (int i = 0; i < 2; i++) {
		const struct np_explain_host *host = &o->s->hosts[i];

		for (size_t k = 0; k < host->n_rules && k < host->fib.n_rules; k++) {
			struct np_rule rule = host->rules[k].rule;

			if (odd_ipproto(o, &rule))
				rule.set &= ~(1u << NP_RULE_IPPROTO);
			if (big_tun_id(&rule))
				rule.set &= ~(1u << NP_RULE_TUN_ID);
			np_json_open(&o->j, NULL, '{');
			np_json_str(&o->j, "family", np_family_name(host->fib.family));
			np_rule_json(&pen, &rule);
			put_rest(o, &host->rules[k].rule, &host->fib.rules[k]);
			np_json_close(&o->j, '}');
		}
	}
	np_json_close(&o->j, ']');
}

/* ---- routes ---- */

static void put_prefix(struct np_snap_out *o, const char *key, const uint8_t *b, unsigned bits)
{
	static const uint8_t zero[16];
	char buf[NP_ADDR_STRLEN + 8];
	size_t n;

	if (!bits && !memcmp(b, zero, sizeof(zero))) {
		np_json_str(&o->j, key, "default");
		return;
	}
	np_addr_text(o->fib->family, b, np_family_len(o->fib->family), buf);
	n = strlen(buf);
	snprintf(buf + n, sizeof(buf) - n, "/%u", bits);
	np_json_str(&o->j, key, buf);
}

static void put_hop(struct np_snap_out *o, const struct np_fib_nh *nh)
{
	char buf[NP_ADDR_STRLEN];

	if (nh->gateway_family == o->fib->family) {
		np_snap_put_addr(o, "gateway", nh->gateway_family, nh->gateway);
	} else if (nh->gateway_family) {
		np_via_json(&o->j, nh->gateway_family,
			    np_addr_text(nh->gateway_family, nh->gateway,
					 np_family_len(nh->gateway_family), buf));
	}
	if (nh->ifindex)
		np_snap_put_link(o, "dev", nh->ifindex);
}

/* The one nexthop of a route that is no list: its flags are the route's. */
static bool single(const struct np_fib_route *r, const struct np_fib_nh *nh)
{
	return r->n_nh == 1 && !nh->hops && nh->flags == (uint8_t)r->flags &&
	       (nh->ifindex || nh->gateway_family);
}

static void put_nexthops(struct np_snap_out *o, const struct np_fib_route *r)
{
	np_json_open(&o->j, "nexthops", '[');
	for (uint32_t i = 0; i < r->n_nh; i++) {
		const struct np_fib_nh *nh = &o->fib->nhs[r->nh + i];

		np_json_open(&o->j, NULL, '{');
		put_hop(o, nh);
		np_json_uint(&o->j, "weight", nh->hops + 1u);
		np_snap_put_flags(&o->j, "flags", np_route_flags, nh->flags);
		np_json_close(&o->j, '}');
	}
	np_json_close(&o->j, ']');
}

static void put_pref(struct np_snap_out *o, uint8_t pref)
{
	const char *word = np_route_pref_word(pref);

	if (word)
		np_json_str(&o->j, "pref", word);
	else
		np_json_uint(&o->j, "pref", pref);
}

static void put_route(struct np_snap_out *o, const struct np_fib_route *r)
{
	const struct np_fib_nh *nh = r->n_nh ? &o->fib->nhs[r->nh] : NULL;
	char buf[NP_NAME_MAX];

	np_json_open(&o->j, NULL, '{');
	np_json_str(&o->j, "family", np_family_name(o->fib->family));
	np_json_str(&o->j, "type", np_names_rttype(o->names, r->type, buf));
	put_prefix(o, "dst", r->dst, r->dst_bits);
	if (r->src_bits)
		put_prefix(o, "from", r->src, r->src_bits);
	if (r->tos)
		np_json_hex(&o->j, "tos", r->tos);
	if (nh && single(r, nh))
		put_hop(o, nh);
	np_snap_put_name(o, "table", NP_NAMES_TABLE, r->table);
	np_snap_put_name(o, "protocol", NP_NAMES_PROTO, r->protocol);
	np_snap_put_name(o, "scope", NP_NAMES_SCOPE, r->scope);
	if (r->has_prefsrc)
		np_snap_put_addr(o, "prefsrc", o->fib->family, r->prefsrc);
	if (r->priority)
		np_json_uint(&o->j, "metric", r->priority);
	if (r->nhid)
		np_json_uint(&o->j, "nhid", r->nhid);
	np_snap_put_flags(&o->j, "flags", np_route_flags, r->flags);
	if (r->mtu)
		np_json_uint(&o->j, "mtu", r->mtu);
	if (r->pref)
		put_pref(o, r->pref);
	if (nh && !single(r, nh))
		put_nexthops(o, r);
	np_json_close(&o->j, '}');
}

void np_snap_put_routes(struct np_snap_out *o)
{
	np_json_open(&o->j, "routes", '[');
	for (int i = 0; i < 2; i++) {
		o->fib = &o->s->hosts[i].fib;
		for (size_t k = 0; k < o->fib->n_routes; k++)
			put_route(o, &o->fib->routes[k]);
	}
	np_json_close(&o->j, ']');
}
