// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "lib/rule_show.h"

/*
 * A value as ip-rule(8) prints it, label and blank included. Called for what is set;
 * FROM, which is always printed, is called in any case.
 */
typedef void text_fn(const struct np_rule_pen *pen, const struct np_rule *rule, enum np_rule_id id);

static void put(const struct np_rule_pen *pen, enum np_rule_type type, uint8_t family,
		const char *text)
{
	if (pen->put)
		pen->put(pen, type, family, text);
	else
		fputs(text, pen->fp);
}

static void label(const struct np_rule_pen *pen, enum np_rule_id id)
{
	fputs(np_rule_fields[id].label, pen->fp);
}

static void text_flag(const struct np_rule_pen *pen, const struct np_rule *rule, enum np_rule_id id)
{
	(void)rule;
	label(pen, id);
}

static void text_l3mdev(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	if (rule->l3mdev)
		label(pen, id);
}

static void text_priority(const struct np_rule_pen *pen, const struct np_rule *rule,
			  enum np_rule_id id)
{
	(void)id;
	fprintf(pen->fp, "%u:\t", rule->priority);
}

static void text_prefix(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	const struct np_addr *addr = np_rule_cvalue(rule, id);
	char buf[NP_ADDR_STRLEN];

	label(pen, id);
	if (addr->len)
		put(pen, NP_RULE_T_PREFIX, rule->family,
		    np_addr_text(rule->family, addr->b, addr->len, buf));
	else
		fputs(addr->bits ? "0" : "all", pen->fp);
	if (addr->len ? addr->bits != np_family_bits(rule->family) : addr->bits)
		fprintf(pen->fp, "/%u", addr->bits);
}

static void text_tos(const struct np_rule_pen *pen, const struct np_rule *rule, enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	label(pen, id);
	fputs(np_names_text(pen->names, NP_NAMES_DSFIELD, rule->tos, buf), pen->fp);
}

static void text_mark(const struct np_rule_pen *pen, const struct np_rule *rule, enum np_rule_id id)
{
	label(pen, id);
	fprintf(pen->fp, "%#x", rule->fwmark);
	if (np_rule_has(rule, NP_RULE_FWMASK) && rule->fwmask != UINT32_MAX)
		fprintf(pen->fp, "/%#x", rule->fwmask);
}

static void text_ifname(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	label(pen, id);
	put(pen, NP_RULE_T_IFNAME, rule->family, np_rule_cvalue(rule, id));
	if (rule->flags & np_rule_fields[id].detached)
		fputs(" [detached]", pen->fp);
}

static void text_range(const struct np_rule_pen *pen, const struct np_rule *rule,
		       enum np_rule_id id)
{
	const struct np_rule_range *r = np_rule_cvalue(rule, id);

	label(pen, id);
	fprintf(pen->fp, "%u", r->start);
	if (r->start != r->end || id == NP_RULE_UIDRANGE)
		fprintf(pen->fp, "-%u", r->end);
}

static void text_ipproto(const struct np_rule_pen *pen, const struct np_rule *rule,
			 enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	label(pen, id);
	fputs(np_names_ipproto(pen->names, rule->ipproto, buf), pen->fp);
}

static void text_tun_id(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	label(pen, id);
	fprintf(pen->fp, "%" PRIu64, rule->tun_id);
}

static void text_table(const struct np_rule_pen *pen, const struct np_rule *rule,
		       enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	label(pen, id);
	fputs(np_names_text(pen->names, NP_NAMES_TABLE, rule->table, buf), pen->fp);
}

/* Suppressors belong to a lookup: without a table they are not shown. */
static void text_length(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	if (!np_rule_has(rule, NP_RULE_TABLE) || rule->suppress_prefixlen == UINT32_MAX)
		return;
	label(pen, id);
	fprintf(pen->fp, "%d", (int)rule->suppress_prefixlen);
}

static void text_group(const struct np_rule_pen *pen, const struct np_rule *rule,
		       enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	if (!np_rule_has(rule, NP_RULE_TABLE) || rule->suppress_ifgroup == UINT32_MAX)
		return;
	label(pen, id);
	fputs(np_names_text(pen->names, NP_NAMES_GROUP, rule->suppress_ifgroup, buf), pen->fp);
}

static void text_realms(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	char buf[NP_NAME_MAX];
	uint32_t from = rule->realms >> 16, to = rule->realms & 0xffff;

	label(pen, id);
	if (from)
		fprintf(pen->fp, "%s/", np_names_text(pen->names, NP_NAMES_REALM, from, buf));
	fputs(np_names_text(pen->names, NP_NAMES_REALM, to, buf), pen->fp);
}

static void text_nat(const struct np_rule_pen *pen, const struct np_rule *rule)
{
	char buf[NP_NAME_MAX];

	if (!np_rule_has(rule, NP_RULE_NAT)) {
		fputs(" masquerade", pen->fp);
		return;
	}
	label(pen, NP_RULE_NAT);
	fputs(np_names_host(pen->names, rule->family, rule->nat.b, rule->nat.len, buf), pen->fp);
}

/* The action decides which of its values is shown. */
static void text_action(const struct np_rule_pen *pen, const struct np_rule *rule,
			enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	switch (rule->action) {
	case FR_ACT_TO_TBL:
		break;
	case RTN_NAT:
		text_nat(pen, rule);
		break;
	case FR_ACT_GOTO:
		label(pen, NP_RULE_GOTO);
		if (np_rule_has(rule, NP_RULE_GOTO))
			fprintf(pen->fp, "%u", rule->goto_priority);
		else
			fputs("none", pen->fp);
		if (rule->flags & FIB_RULE_UNRESOLVED)
			fputs(" [unresolved]", pen->fp);
		break;
	case FR_ACT_NOP:
		fputs(" nop", pen->fp);
		break;
	default:
		label(pen, id);
		fputs(np_names_rttype(pen->names, rule->action, buf), pen->fp);
	}
}

static void text_protocol(const struct np_rule_pen *pen, const struct np_rule *rule,
			  enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	if ((!rule->protocol || rule->protocol == RTPROT_KERNEL) && !pen->details)
		return;
	label(pen, id);
	fputs(np_names_text(pen->names, NP_NAMES_PROTO, rule->protocol, buf), pen->fp);
}

static void text_nothing(const struct np_rule_pen *pen, const struct np_rule *rule,
			 enum np_rule_id id)
{
	(void)pen, (void)rule, (void)id;
}

static text_fn *const texts[NP_RULE_TYPES] = {
	[NP_RULE_T_FLAG] = text_flag,
	[NP_RULE_T_L3MDEV] = text_l3mdev,
	[NP_RULE_T_U32] = text_priority,
	[NP_RULE_T_PREFIX] = text_prefix,
	[NP_RULE_T_DSFIELD] = text_tos,
	[NP_RULE_T_MARK] = text_mark,
	[NP_RULE_T_IFNAME] = text_ifname,
	[NP_RULE_T_UIDRANGE] = text_range,
	[NP_RULE_T_IPPROTO] = text_ipproto,
	[NP_RULE_T_PORTS] = text_range,
	[NP_RULE_T_TUN_ID] = text_tun_id,
	[NP_RULE_T_TABLE] = text_table,
	[NP_RULE_T_LENGTH] = text_length,
	[NP_RULE_T_GROUP] = text_group,
	[NP_RULE_T_REALMS] = text_realms,
	[NP_RULE_T_NAT] = text_nothing, /* by text_action() */
	[NP_RULE_T_GOTO] = text_nothing,
	[NP_RULE_T_ACTION] = text_action,
	[NP_RULE_T_PROTOCOL] = text_protocol,
};

/* `ip rule` puts the action behind the selectors, but for a few behind l3mdev. */
static bool begins_action(const struct np_rule *rule, enum np_rule_id id)
{
	return id == NP_RULE_TABLE || (id == NP_RULE_L3MDEV && rule->l3mdev) ||
	       (id == NP_RULE_ACTION && rule->action != FR_ACT_TO_TBL);
}

void np_rule_text(const struct np_rule_pen *pen, const struct np_rule *rule)
{
	uint32_t shown = rule->set | 1u << NP_RULE_PRIORITY | 1u << NP_RULE_FROM;
	bool noted = !pen->action;

	for (enum np_rule_id id = 0; id < NP_RULE_IDS; id++) {
		if (!(shown >> id & 1))
			continue;
		if (!noted && begins_action(rule, id)) {
			*pen->action = ftell(pen->fp);
			noted = true;
		}
		texts[np_rule_fields[id].type](pen, rule, id);
	}
	fputc('\n', pen->fp);
}
