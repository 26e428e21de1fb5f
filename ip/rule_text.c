// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "ip/rule.h"

/*
 * A value as ip-rule(8) prints it, label and blank included. Called for what is set;
 * FROM, which is always printed, is called in any case.
 */
typedef void text_fn(const struct prt_show *show, const struct np_rule *rule, enum np_rule_id id);

static void label(const struct prt_show *show, enum np_rule_id id)
{
	fputs(np_rule_fields[id].label, show->fp);
}

static void text_flag(const struct prt_show *show, const struct np_rule *rule, enum np_rule_id id)
{
	(void)rule;
	label(show, id);
}

static void text_l3mdev(const struct prt_show *show, const struct np_rule *rule,
			enum np_rule_id id)
{
	if (rule->l3mdev)
		label(show, id);
}

static void text_priority(const struct prt_show *show, const struct np_rule *rule,
			  enum np_rule_id id)
{
	(void)id;
	fprintf(show->fp, "%u:\t", rule->priority);
}

static void text_prefix(const struct prt_show *show, const struct np_rule *rule,
			enum np_rule_id id)
{
	const struct np_addr *addr = np_rule_cvalue(rule, id);
	char buf[NP_ADDR_STRLEN];

	label(show, id);
	if (addr->len)
		prt_put(show, prt_family_color(rule->family),
			np_addr_text(rule->family, addr->b, addr->len, buf));
	else
		fputs(addr->bits ? "0" : "all", show->fp);
	if (addr->len ? addr->bits != np_family_bits(rule->family) : addr->bits)
		fprintf(show->fp, "/%u", addr->bits);
}

static void text_tos(const struct prt_show *show, const struct np_rule *rule, enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	label(show, id);
	fputs(np_names_text(show->names, NP_NAMES_DSFIELD, rule->tos, buf), show->fp);
}

static void text_mark(const struct prt_show *show, const struct np_rule *rule, enum np_rule_id id)
{
	label(show, id);
	fprintf(show->fp, "%#x", rule->fwmark);
	if (np_rule_has(rule, NP_RULE_FWMASK) && rule->fwmask != UINT32_MAX)
		fprintf(show->fp, "/%#x", rule->fwmask);
}

static void text_ifname(const struct prt_show *show, const struct np_rule *rule,
			enum np_rule_id id)
{
	label(show, id);
	prt_put(show, PRT_COLOR_IFNAME, np_rule_cvalue(rule, id));
	if (rule->flags & np_rule_fields[id].detached)
		fputs(" [detached]", show->fp);
}

static void text_range(const struct prt_show *show, const struct np_rule *rule,
		       enum np_rule_id id)
{
	const struct np_rule_range *r = np_rule_cvalue(rule, id);

	label(show, id);
	fprintf(show->fp, "%u", r->start);
	if (r->start != r->end || id == NP_RULE_UIDRANGE)
		fprintf(show->fp, "-%u", r->end);
}

static void text_ipproto(const struct prt_show *show, const struct np_rule *rule,
			 enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	label(show, id);
	fputs(np_names_ipproto(show->names, rule->ipproto, buf), show->fp);
}

static void text_tun_id(const struct prt_show *show, const struct np_rule *rule,
			enum np_rule_id id)
{
	label(show, id);
	fprintf(show->fp, "%" PRIu64, rule->tun_id);
}

static void text_table(const struct prt_show *show, const struct np_rule *rule,
		       enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	label(show, id);
	fputs(np_names_text(show->names, NP_NAMES_TABLE, rule->table, buf), show->fp);
}

/* Suppressors belong to a lookup: without a table they are not shown. */
static void text_length(const struct prt_show *show, const struct np_rule *rule,
			enum np_rule_id id)
{
	if (!np_rule_has(rule, NP_RULE_TABLE) || rule->suppress_len == UINT32_MAX)
		return;
	label(show, id);
	fprintf(show->fp, "%d", (int)rule->suppress_len);
}

static void text_group(const struct prt_show *show, const struct np_rule *rule,
		       enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	if (!np_rule_has(rule, NP_RULE_TABLE) || rule->suppress_group == UINT32_MAX)
		return;
	label(show, id);
	fputs(np_names_text(show->names, NP_NAMES_GROUP, rule->suppress_group, buf), show->fp);
}

static void text_realms(const struct prt_show *show, const struct np_rule *rule,
			enum np_rule_id id)
{
	char buf[NP_NAME_MAX];
	uint32_t from = rule->realms >> 16, to = rule->realms & 0xffff;

	label(show, id);
	if (from)
		fprintf(show->fp, "%s/", np_names_text(show->names, NP_NAMES_REALM, from, buf));
	fputs(np_names_text(show->names, NP_NAMES_REALM, to, buf), show->fp);
}

static void text_nat(const struct prt_show *show, const struct np_rule *rule)
{
	char buf[NP_NAME_MAX];

	if (!np_rule_has(rule, NP_RULE_NAT)) {
		fputs(" masquerade", show->fp);
		return;
	}
	label(show, NP_RULE_NAT);
	fputs(np_names_host(show->names, rule->family, rule->nat.b, rule->nat.len, buf), show->fp);
}

/* The action decides which of its values is shown. */
static void text_action(const struct prt_show *show, const struct np_rule *rule,
			enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	switch (rule->action) {
	case FR_ACT_TO_TBL:
		break;
	case RTN_NAT:
		text_nat(show, rule);
		break;
	case FR_ACT_GOTO:
		label(show, NP_RULE_GOTO);
		if (np_rule_has(rule, NP_RULE_GOTO))
			fprintf(show->fp, "%u", rule->target);
		else
			fputs("none", show->fp);
		if (rule->flags & FIB_RULE_UNRESOLVED)
			fputs(" [unresolved]", show->fp);
		break;
	case FR_ACT_NOP:
		fputs(" nop", show->fp);
		break;
	default:
		label(show, id);
		fputs(np_names_rttype(show->names, rule->action, buf), show->fp);
	}
}

static void text_protocol(const struct prt_show *show, const struct np_rule *rule,
			  enum np_rule_id id)
{
	char buf[NP_NAME_MAX];

	if ((!rule->protocol || rule->protocol == RTPROT_KERNEL) && !show->details)
		return;
	label(show, id);
	fputs(np_names_text(show->names, NP_NAMES_PROTO, rule->protocol, buf), show->fp);
}

static void text_nothing(const struct prt_show *show, const struct np_rule *rule,
			 enum np_rule_id id)
{
	(void)show, (void)rule, (void)id;
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

void rule_text(const struct prt_show *show, const struct np_rule *rule, bool del)
{
	uint32_t shown = rule->set | 1u << NP_RULE_PRIORITY | 1u << NP_RULE_FROM;

	if (del)
		fputs("Deleted ", show->fp);
	for (enum np_rule_id id = 0; id < NP_RULE_IDS; id++)
		if (shown >> id & 1)
			texts[np_rule_fields[id].type](show, rule, id);
	fputc('\n', show->fp);
}
