// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules in text and JSON, as prt's options want them. */
#include "ip/rule.h"
#include "lib/rule_show.h"

static void put(const struct np_rule_pen *pen, enum np_rule_type type, uint8_t family,
		const char *text)
{
	prt_put(pen->arg, type == NP_RULE_T_IFNAME ? PRT_COLOR_IFNAME : prt_family_color(family),
		text);
}

static struct np_rule_pen pen_of(const struct prt_show *show)
{
	return (struct np_rule_pen){
		.fp = show->fp, .json = show->json, .names = show->names,
		.details = show->details, .put = put, .arg = show,
	};
}

void rule_text(const struct prt_show *show, const struct np_rule *rule, bool del)
{
	const struct np_rule_pen pen = pen_of(show);

	if (del)
		fputs("Deleted ", show->fp);
	np_rule_text(&pen, rule);
}

void rule_json(const struct prt_show *show, const struct np_rule *rule, bool del)
{
	const struct np_rule_pen pen = pen_of(show);

	np_json_open(show->json, NULL, '{');
	if (del)
		np_json_bool(show->json, "deleted", true);
	np_rule_json(&pen, rule);
	np_json_close(show->json, '}');
}
