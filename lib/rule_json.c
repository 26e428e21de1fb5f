// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "lib/rule_show.h"

/* A value under the keys of its row; see lib/rule_text.c for the calls. */
typedef void json_fn(const struct np_rule_pen *pen, const struct np_rule *rule, enum np_rule_id id);

static const char *key(enum np_rule_id id)
{
	return np_rule_fields[id].json;
}

static const char *key2(enum np_rule_id id)
{
	return np_rule_fields[id].json2;
}

static void json_flag(const struct np_rule_pen *pen, const struct np_rule *rule, enum np_rule_id id)
{
	(void)rule;
	np_json_null(pen->json, key(id));
}

static void json_l3mdev(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	if (rule->l3mdev)
		np_json_null(pen->json, key(id));
}

static void json_priority(const struct np_rule_pen *pen, const struct np_rule *rule,
			  enum np_rule_id id)
{
	np_json_uint(pen->json, key(id), rule->priority);
}

static void json_prefix(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	const struct np_addr *addr = np_rule_cvalue(rule, id);
	char buf[NP_ADDR_STRLEN];

	if (addr->len)
		np_json_str(pen->json, key(id),
			    np_addr_text(rule->family, addr->b, addr->len, buf));
	else
		np_json_str(pen->json, key(id), addr->bits ? "0" : "all");
	if (addr->len ? addr->bits != np_family_bits(rule->family) : addr->bits)
		np_json_uint(pen->json, key2(id), addr->bits);
}

static void json_tos(const struct np_rule_pen *pen, const struct np_rule *rule, enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	np_json_str(pen->json, key(id),
		    np_names_text(pen->names, NP_NAMES_DSFIELD, rule->tos, buf));
}

/* As printf's %#x has it: zero is "0". */
static void json_hex(const struct np_rule_pen *pen, const char *k, uint32_t v)
{
	char buf[16];

	snprintf(buf, sizeof(buf), "%#x", v);
	np_json_str(pen->json, k, buf);
}

static void json_mark(const struct np_rule_pen *pen, const struct np_rule *rule, enum np_rule_id id)
{
	json_hex(pen, key(id), rule->fwmark);
	if (np_rule_has(rule, NP_RULE_FWMASK) && rule->fwmask != UINT32_MAX)
		json_hex(pen, key2(id), rule->fwmask);
}

static void json_ifname(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	np_json_str(pen->json, key(id), np_rule_cvalue(rule, id));
	if (rule->flags & np_rule_fields[id].detached)
		np_json_null(pen->json, key2(id));
}

static void json_uidrange(const struct np_rule_pen *pen, const struct np_rule *rule,
			  enum np_rule_id id)
{
	np_json_uint(pen->json, key(id), rule->uid.start);
	np_json_uint(pen->json, key2(id), rule->uid.end);
}

static void json_ports(const struct np_rule_pen *pen, const struct np_rule *rule,
		       enum np_rule_id id)
{
	const struct np_rule_range *r = np_rule_cvalue(rule, id);
	char buf[32];

	if (r->start == r->end) {
		np_json_uint(pen->json, key(id), r->start);
		return;
	}
	snprintf(buf, sizeof(buf), "%s_start", key(id));
	np_json_uint(pen->json, buf, r->start);
	snprintf(buf, sizeof(buf), "%s_end", key(id));
	np_json_uint(pen->json, buf, r->end);
}

static void json_ipproto(const struct np_rule_pen *pen, const struct np_rule *rule,
			 enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	np_json_str(pen->json, key(id), np_names_ipproto(pen->names, rule->ipproto, buf));
}

static void json_tun_id(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	np_json_uint(pen->json, key(id), rule->tun_id);
}

static void json_table(const struct np_rule_pen *pen, const struct np_rule *rule,
		       enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	np_json_str(pen->json, key(id),
		    np_names_text(pen->names, NP_NAMES_TABLE, rule->table, buf));
}

static void json_length(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	if (np_rule_has(rule, NP_RULE_TABLE) && rule->suppress_prefixlen != UINT32_MAX)
		np_json_int(pen->json, key(id), (int32_t)rule->suppress_prefixlen);
}

static void json_group(const struct np_rule_pen *pen, const struct np_rule *rule,
		       enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	if (np_rule_has(rule, NP_RULE_TABLE) && rule->suppress_ifgroup != UINT32_MAX)
		np_json_str(pen->json, key(id),
			    np_names_text(pen->names, NP_NAMES_GROUP, rule->suppress_ifgroup, buf));
}

static void json_realms(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	char buf[NP_NAME_MAX];
	uint32_t from = rule->realms >> 16, to = rule->realms & 0xffff;

	if (from)
		np_json_str(pen->json, key(id),
			    np_names_text(pen->names, NP_NAMES_REALM, from, buf));
	np_json_str(pen->json, key2(id), np_names_text(pen->names, NP_NAMES_REALM, to, buf));
}

static void json_goto(const struct np_rule_pen *pen, const struct np_rule *rule)
{
	if (np_rule_has(rule, NP_RULE_GOTO))
		np_json_uint(pen->json, key(NP_RULE_GOTO), rule->goto_priority);
	else
		np_json_str(pen->json, key(NP_RULE_GOTO), "none");
	if (rule->flags & FIB_RULE_UNRESOLVED)
		np_json_null(pen->json, key2(NP_RULE_GOTO));
}

static void json_action(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	if (rule->action == FR_ACT_TO_TBL)
		return;
	if (rule->action == FR_ACT_GOTO)
		json_goto(pen, rule);
	else if (rule->action == FR_ACT_NOP)
		np_json_null(pen->json, key2(id));
	else if (rule->action != RTN_NAT)
		np_json_str(pen->json, key(id),
			    np_names_rttype(pen->names, rule->action, buf));
	else if (np_rule_has(rule, NP_RULE_NAT))
		np_json_str(pen->json, key(NP_RULE_NAT),
			    np_names_host(pen->names, rule->family, rule->nat.b, rule->nat.len,
					  buf));
	else
		np_json_null(pen->json, key2(NP_RULE_NAT));
}

static void json_protocol(const struct np_rule_pen *pen, const struct np_rule *rule,
			  enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	if ((rule->protocol && rule->protocol != RTPROT_KERNEL) || pen->details)
		np_json_str(pen->json, key(id),
			    np_names_text(pen->names, NP_NAMES_PROTO, rule->protocol, buf));
}

static void json_nothing(const struct np_rule_pen *pen, const struct np_rule *rule,
			 enum np_rule_id id)
{
	(void)pen, (void)rule, (void)id;
}

static json_fn *const jsons[NP_RULE_TYPES] = {
	[NP_RULE_T_FLAG] = json_flag,
	[NP_RULE_T_L3MDEV] = json_l3mdev,
	[NP_RULE_T_U32] = json_priority,
	[NP_RULE_T_PREFIX] = json_prefix,
	[NP_RULE_T_DSFIELD] = json_tos,
	[NP_RULE_T_MARK] = json_mark,
	[NP_RULE_T_IFNAME] = json_ifname,
	[NP_RULE_T_UIDRANGE] = json_uidrange,
	[NP_RULE_T_IPPROTO] = json_ipproto,
	[NP_RULE_T_PORTS] = json_ports,
	[NP_RULE_T_TUN_ID] = json_tun_id,
	[NP_RULE_T_TABLE] = json_table,
	[NP_RULE_T_LENGTH] = json_length,
	[NP_RULE_T_GROUP] = json_group,
	[NP_RULE_T_REALMS] = json_realms,
	[NP_RULE_T_NAT] = json_nothing, /* by json_action() */
	[NP_RULE_T_GOTO] = json_nothing,
	[NP_RULE_T_ACTION] = json_action,
	[NP_RULE_T_PROTOCOL] = json_protocol,
};

void np_rule_json(const struct np_rule_pen *pen, const struct np_rule *rule)
{
	uint32_t shown = rule->set | 1u << NP_RULE_PRIORITY | 1u << NP_RULE_FROM;

	for (enum np_rule_id id = 0; id < NP_RULE_IDS; id++)
		if (shown >> id & 1)
			jsons[np_rule_fields[id].type](pen, rule, id);
}
