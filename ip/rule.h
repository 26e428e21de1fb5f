/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_RULE_H
#define PRT_RULE_H

#include "ip/ctx.h"
#include "lib/cli.h"
#include "lib/rule.h"

/*
 * The words of add and del into rule. A rule of add has all that the kernel wants
 * (table main where nothing else was said). Returns 0 or -errno.
 */
int rule_parse(const struct prt *p, struct np_args *a, bool del, struct np_rule *rule,
	       struct np_err *err);
/* The words of list and flush into want, for np_rule_match(). */
int rule_parse_filter(const struct prt *p, struct np_args *a, struct np_rule *want,
		      struct np_err *err);

/* One record; del: it was deleted (monitor). */
void rule_text(const struct prt_show *show, const struct np_rule *rule, bool del);
void rule_json(const struct prt_show *show, const struct np_rule *rule, bool del);
static inline void rule_show(const struct prt_show *show, const struct np_rule *rule, bool del)
{
	if (show->json)
		rule_json(show, rule, del);
	else
		rule_text(show, rule, del);
}

/* np_cmd.complete of add and delete, and of list and flush. */
void rule_complete(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp);
void rule_complete_list(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp);

/* rule_save.c: the files of `ip rule save`. */
int rule_save(struct prt *p, struct np_args *a, struct np_err *err);
int rule_restore(struct prt *p, struct np_args *a, struct np_err *err);

#endif
