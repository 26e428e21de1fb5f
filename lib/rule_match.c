// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/socket.h>

#include "lib/rule.h"

static uint32_t u32(const struct np_rule *rule, enum np_rule_id id)
{
	uint32_t v = 0;

	if (np_rule_has(rule, id))
		memcpy(&v, np_rule_cvalue(rule, id), sizeof(v));
	return v;
}

static uint8_t u8(const struct np_rule *rule, enum np_rule_id id)
{
	return np_rule_has(rule, id) ? *(const uint8_t *)np_rule_cvalue(rule, id) : 0;
}

/* Each says whether rule has what want wants of a field that is set in want. */
typedef bool match_fn(const struct np_rule *want, const struct np_rule *rule, enum np_rule_id id);

static bool match_flag(const struct np_rule *want, const struct np_rule *rule, enum np_rule_id id)
{
	return !np_rule_has(want, id) || np_rule_has(rule, id);
}

static bool match_u32(const struct np_rule *want, const struct np_rule *rule, enum np_rule_id id)
{
	return u32(want, id) == u32(rule, id);
}

static bool match_table(const struct np_rule *want, const struct np_rule *rule,
			enum np_rule_id id)
{
	return !u32(want, id) || match_u32(want, rule, id);
}

static bool match_u8(const struct np_rule *want, const struct np_rule *rule, enum np_rule_id id)
{
	return u8(want, id) == u8(rule, id);
}

static bool match_ipproto(const struct np_rule *want, const struct np_rule *rule,
			  enum np_rule_id id)
{
	return !u8(want, id) || match_u8(want, rule, id);
}

/* The rule's prefix lies inside the wanted one. */
static bool match_prefix(const struct np_rule *want, const struct np_rule *rule,
			 enum np_rule_id id)
{
	const struct np_addr *w = np_rule_cvalue(want, id), *r = np_rule_cvalue(rule, id);

	if (w->family == AF_UNSPEC)
		return true;
	if (w->family != rule->family)
		return false;
	if (!np_rule_has(rule, id))
		return !w->bits;
	return w->bits <= r->bits && (!r->len || np_bits_equal(w->b, r->b, w->bits));
}

static bool match_mark(const struct np_rule *want, const struct np_rule *rule, enum np_rule_id id)
{
	uint32_t mask = np_rule_has(rule, NP_RULE_FWMASK) ? rule->fwmask : 0;

	if (u32(want, id) && u32(want, id) != u32(rule, id))
		return false;
	return !np_rule_has(want, NP_RULE_FWMASK) || !want->fwmask || want->fwmask == mask;
}

static bool match_ifname(const struct np_rule *want, const struct np_rule *rule,
			 enum np_rule_id id)
{
	return np_rule_has(rule, id) &&
	       !strcmp(np_rule_cvalue(want, id), np_rule_cvalue(rule, id));
}

static bool match_range(const struct np_rule *want, const struct np_rule *rule,
			enum np_rule_id id)
{
	const struct np_rule_range *w = np_rule_cvalue(want, id), *r = np_rule_cvalue(rule, id);

	return np_rule_has(rule, id) && w->start == r->start && w->end == r->end;
}

static bool match_ports(const struct np_rule *want, const struct np_rule *rule,
			enum np_rule_id id)
{
	const struct np_rule_range *w = np_rule_cvalue(want, id);

	return !w->start || match_range(want, rule, id);
}

static bool match_tun_id(const struct np_rule *want, const struct np_rule *rule,
			 enum np_rule_id id)
{
	return !want->tun_id || (np_rule_has(rule, id) && want->tun_id == rule->tun_id);
}

static bool match_nat(const struct np_rule *want, const struct np_rule *rule, enum np_rule_id id)
{
	return np_rule_has(rule, id) && !memcmp(want->nat.b, rule->nat.b, sizeof(want->nat.b));
}

static match_fn *const matchers[NP_RULE_TYPES] = {
	[NP_RULE_T_FLAG] = match_flag,
	[NP_RULE_T_L3MDEV] = match_u8,
	[NP_RULE_T_U32] = match_u32,
	[NP_RULE_T_PREFIX] = match_prefix,
	[NP_RULE_T_DSFIELD] = match_u8,
	[NP_RULE_T_MARK] = match_mark,
	[NP_RULE_T_IFNAME] = match_ifname,
	[NP_RULE_T_UIDRANGE] = match_range,
	[NP_RULE_T_IPPROTO] = match_ipproto,
	[NP_RULE_T_PORTS] = match_ports,
	[NP_RULE_T_TUN_ID] = match_tun_id,
	[NP_RULE_T_TABLE] = match_table,
	[NP_RULE_T_LENGTH] = match_u32,
	[NP_RULE_T_GROUP] = match_u32,
	[NP_RULE_T_REALMS] = match_u32,
	[NP_RULE_T_NAT] = match_nat,
	[NP_RULE_T_GOTO] = match_u32,
	[NP_RULE_T_ACTION] = match_u8,
	[NP_RULE_T_PROTOCOL] = match_u8,
};

bool np_rule_match(const struct np_rule *want, const struct np_rule *rule, bool by_protocol)
{
	if (want->family != AF_UNSPEC && want->family != rule->family)
		return false;
	for (enum np_rule_id id = 0; id < NP_RULE_IDS; id++) {
		if (!np_rule_has(want, id) || (id == NP_RULE_PROTOCOL && !by_protocol))
			continue;
		if (!matchers[np_rule_fields[id].type](want, rule, id))
			return false;
	}
	return true;
}
