// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules of a snapshot: the keys of np_rule_json(), and those of lib/snapshot_write_fib.c. */
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>

#include "lib/fib_load.h"
#include "lib/snapshot_priv.h"
#include "lib/trace.h"

struct rule_in {
	struct np_rule rule;
	/* values that want more room than they have in a rule, or are spread */
	uint32_t src_bits, dst_bits, realm_from, realm_to;
	int32_t suppress_prefixlen;
	bool not, iif_detached, oif_detached, l3mdev, nop, unresolved, masquerade;
	/* selectors that struct np_rule has no room for */
	uint8_t dscp;
	uint32_t dscp_mask, flowlabel, flowlabel_mask;
	uint16_t sport_mask, dport_mask;
};

#define AT(member) .offset = offsetof(struct rule_in, member)

static const struct np_snap_row rows[] = {
	{ .key = "family", .needed = true },
	{ .key = "priority", .kind = NP_SNAP_U32, .needed = true, AT(rule.priority) },
	{ .key = "not", .kind = NP_SNAP_NUL, AT(not), .part = NP_RULE_NOT },
	{ .key = "src", .needed = true },
	{ .key = "srclen", .kind = NP_SNAP_U32, .max = 128, AT(src_bits) },
	{ .key = "dst" },
	{ .key = "dstlen", .kind = NP_SNAP_U32, .max = 128, AT(dst_bits) },
	{ .key = "tos", .kind = NP_SNAP_NAME8, .max = NP_NAMES_DSFIELD, AT(rule.tos),
	  .part = NP_RULE_TOS },
	{ .key = "fwmark", .kind = NP_SNAP_HEX, AT(rule.fwmark), .part = NP_RULE_FWMARK },
	{ .key = "fwmask", .kind = NP_SNAP_HEX, AT(rule.fwmask), .part = NP_RULE_FWMASK },
	{ .key = "iif", .part = NP_RULE_IIF },
	{ .key = "iif_detached", .kind = NP_SNAP_NUL, AT(iif_detached) },
	{ .key = "oif", .part = NP_RULE_OIF },
	{ .key = "oif_detached", .kind = NP_SNAP_NUL, AT(oif_detached) },
	{ .key = "l3mdev", .kind = NP_SNAP_NUL, AT(l3mdev), .part = NP_RULE_L3MDEV },
	{ .key = "uid_start", .kind = NP_SNAP_U32, AT(rule.uid.start), .part = NP_RULE_UIDRANGE },
	{ .key = "uid_end", .kind = NP_SNAP_U32, AT(rule.uid.end) },
	{ .key = "ipproto", .part = NP_RULE_IPPROTO },
	{ .key = "sport", .kind = NP_SNAP_U32, .max = 65535, AT(rule.sport.start),
	  .part = NP_RULE_SPORT },
	{ .key = "sport_start", .kind = NP_SNAP_U32, .max = 65535, AT(rule.sport.start),
	  .part = NP_RULE_SPORT },
	{ .key = "sport_end", .kind = NP_SNAP_U32, .max = 65535, AT(rule.sport.end) },
	{ .key = "dport", .kind = NP_SNAP_U32, .max = 65535, AT(rule.dport.start),
	  .part = NP_RULE_DPORT },
	{ .key = "dport_start", .kind = NP_SNAP_U32, .max = 65535, AT(rule.dport.start),
	  .part = NP_RULE_DPORT },
	{ .key = "dport_end", .kind = NP_SNAP_U32, .max = 65535, AT(rule.dport.end) },
	{ .key = "tun_id", .kind = NP_SNAP_U64, AT(rule.tun_id), .part = NP_RULE_TUN_ID },
	{ .key = "table", .kind = NP_SNAP_NAME, .max = NP_NAMES_TABLE, AT(rule.table),
	  .part = NP_RULE_TABLE },
	{ .key = "suppress_prefixlen", .kind = NP_SNAP_I32, AT(suppress_prefixlen),
	  .part = NP_RULE_SUPPRESS_PREFIXLEN },
	{ .key = "suppress_ifgroup", .kind = NP_SNAP_NAME, .max = NP_NAMES_GROUP,
	  AT(rule.suppress_ifgroup), .part = NP_RULE_SUPPRESS_IFGROUP },
	{ .key = "flow_from", .kind = NP_SNAP_NAME, .max = NP_NAMES_REALM, AT(realm_from) },
	{ .key = "flow_to", .kind = NP_SNAP_NAME, .max = NP_NAMES_REALM, AT(realm_to),
	  .part = NP_RULE_REALMS },
	{ .key = "nat_gateway", .part = NP_RULE_NAT },
	{ .key = "masquerade", .kind = NP_SNAP_NUL, AT(masquerade) },
	{ .key = "goto" },
	{ .key = "unresolved", .kind = NP_SNAP_NUL, AT(unresolved) },
	{ .key = "action", .kind = NP_SNAP_TYPE, AT(rule.action) },
	{ .key = "nop", .kind = NP_SNAP_NUL, AT(nop) },
	{ .key = "protocol", .kind = NP_SNAP_NAME8, .max = NP_NAMES_PROTO, AT(rule.protocol),
	  .part = NP_RULE_PROTOCOL },
	{ .key = "dscp", .kind = NP_SNAP_U8, .max = 63, AT(dscp) },
	{ .key = "dscp_mask", .kind = NP_SNAP_HEX, .max = 63, AT(dscp_mask) },
	{ .key = "flowlabel", .kind = NP_SNAP_HEX, AT(flowlabel) },
	{ .key = "flowlabel_mask", .kind = NP_SNAP_HEX, AT(flowlabel_mask) },
	{ .key = "sport_mask", .kind = NP_SNAP_HEX16, AT(sport_mask) },
	{ .key = "dport_mask", .kind = NP_SNAP_HEX16, AT(dport_mask) },
	{ 0 },
};

/* "all", "0" with a length, or an address whose length may be said beside it. */
static int read_prefix(struct np_snap_in *in, const json_t *o, const char *key,
		       const char *bits_key, uint32_t bits, struct np_addr *addr)
{
	const json_t *v = json_object_get(o, key);
	const char *s = json_string_value(v);
	bool no_bits = !json_object_get(o, bits_key);

	memset(addr, 0, sizeof(*addr));
	addr->family = in->family;
	if (bits > np_family_bits(in->family))
		return np_snap_bad(in, bits_key, "a length that the family has",
				   json_object_get(o, bits_key));
	addr->bits = (uint16_t)bits;
	if (s && (!strcmp(s, "all") || !strcmp(s, "0")))
		return 0;
	if (!s || np_addr_parse(addr, s, in->family) || !addr->len)
		return np_snap_bad(in, key, "\"all\" or an address of the family", v);
	addr->bits = (uint16_t)(no_bits ? np_family_bits(in->family) : bits);
	return 0;
}

static int read_prefixes(struct np_snap_in *in, const json_t *v, struct rule_in *to)
{
	struct np_rule *r = &to->rule;
	int ret = read_prefix(in, v, "src", "srclen", to->src_bits, &r->from);

	if (!ret && (r->from.bits || r->from.len))
		r->set |= 1u << NP_RULE_FROM;
	if (ret || !json_object_get(v, "dst"))
		return ret;
	r->set |= 1u << NP_RULE_TO;
	return read_prefix(in, v, "dst", "dstlen", to->dst_bits, &r->to);
}

/* Well-known names are taken without an /etc/protocols, too. */
static int read_ipproto(struct np_snap_in *in, const json_t *v, uint8_t *proto)
{
	static const struct np_snap_row number = { .key = "ipproto", .kind = NP_SNAP_U8 };
	const char *s = json_string_value(v);
	int known = -1;

	if (!v)
		return 0;
	if (json_is_integer(v))
		return np_snap_value(in, &number, v, proto);
	if (s && !strncmp(s, "ipproto-", 8))
		s += 8; /* one without a name */
	if (s && !np_ipproto_parse(s, proto))
		return 0;
	if (s)
		known = np_proto_parse(s, strlen(s));
	if (known < 0)
		return np_snap_bad(in, "ipproto", "a protocol of IP (\"tcp\", \"17\")", v);
	*proto = (uint8_t)known;
	return 0;
}

static int read_goto(struct np_snap_in *in, const json_t *v, struct np_rule *r)
{
	static const struct np_snap_row number = { .key = "goto", .kind = NP_SNAP_U32 };
	const char *s = json_string_value(v);

	r->action = FR_ACT_GOTO;
	if (s && !strcmp(s, "none"))
		return 0;
	r->set |= 1u << NP_RULE_GOTO;
	return np_snap_value(in, &number, v, &r->goto_priority);
}

static int read_action(struct np_snap_in *in, const json_t *v, struct rule_in *to)
{
	const json_t *jump = json_object_get(v, "goto"), *nat = json_object_get(v, "nat_gateway");
	struct np_rule *r = &to->rule;

	if (!json_object_get(v, "action"))
		r->action = to->nop ? FR_ACT_NOP : nat || to->masquerade ? RTN_NAT : FR_ACT_TO_TBL;
	if (jump)
		return read_goto(in, jump, r);
	if (!nat)
		return 0;
	return json_is_string(nat) && !np_addr_parse(&r->nat, json_string_value(nat), in->family) ?
		0 : np_snap_bad(in, "nat_gateway", "an address", nat);
}

/* Names of links that may not be there: they are kept as they are. */
static int read_links(struct np_snap_in *in, const json_t *v, struct rule_in *to)
{
	struct np_rule *r = &to->rule;
	int ret = 0;

	if (np_rule_has(r, NP_RULE_IIF))
		ret = np_snap_string(in, v, "iif", r->iif, sizeof(r->iif));
	if (!ret && np_rule_has(r, NP_RULE_OIF))
		ret = np_snap_string(in, v, "oif", r->oif, sizeof(r->oif));
	return ret;
}

static void finish_flags(const json_t *v, struct rule_in *to)
{
	struct np_rule *r = &to->rule;

	r->flags |= to->not ? FIB_RULE_INVERT : 0;
	r->flags |= to->iif_detached ? FIB_RULE_IIF_DETACHED : 0;
	r->flags |= to->oif_detached ? FIB_RULE_OIF_DETACHED : 0;
	r->flags |= to->unresolved ? FIB_RULE_UNRESOLVED : 0;
	r->l3mdev = to->l3mdev;
	r->realms = to->realm_from << 16 | (to->realm_to & 0xffff);
	r->suppress_prefixlen = (uint32_t)to->suppress_prefixlen;
	if (json_object_get(v, "sport"))
		r->sport.end = r->sport.start;
	if (json_object_get(v, "dport"))
		r->dport.end = r->dport.start;
}

/* What np_fib_load_rule() cannot know. */
static void finish_fib(const json_t *v, const struct rule_in *to, struct np_fib_rule *r)
{
	if (json_object_get(v, "dscp")) {
		r->set |= NP_FRULE_DSCP;
		r->dscp = to->dscp;
		r->dscp_mask = json_object_get(v, "dscp_mask") ? (uint8_t)to->dscp_mask : 0x3f;
	}
	if (json_object_get(v, "flowlabel")) {
		r->set |= NP_FRULE_FLOWLABEL;
		r->flowlabel = to->flowlabel;
		r->flowlabel_mask = to->flowlabel_mask;
	}
	r->sport_mask = to->sport_mask;
	r->dport_mask = to->dport_mask;
}

int np_snap_read_rule(struct np_snap_in *in, const json_t *v)
{
	struct rule_in to = { .suppress_prefixlen = -1 };
	struct np_rule *r = &to.rule;
	struct np_explain_host *host;
	int ret = np_snap_family(in, v);

	if (!ret)
		ret = np_snap_object(in, NULL, v, rows, &to);
	if (ret)
		return ret;
	r->family = in->family;
	r->set = 1u << NP_RULE_ACTION | 1u << NP_RULE_PRIORITY;
	for (const struct np_snap_row *row = rows; row->key; row++)
		if (row->part && json_object_get(v, row->key))
			r->set |= 1u << row->part;
	ret = read_prefixes(in, v, &to);
	if (!ret)
		ret = read_ipproto(in, json_object_get(v, "ipproto"), &r->ipproto);
	if (!ret)
		ret = read_action(in, v, &to);
	if (!ret)
		ret = read_links(in, v, &to);
	if (ret)
		return ret;
	finish_flags(v, &to);
	host = np_snap_host(in);
	ret = np_fib_load_rule(&host->fib, r);
	if (ret)
		return ret;
	finish_fib(v, &to, &host->fib.rules[host->fib.n_rules - 1]);
	return np_explain_host_add_rule(host, r);
}
