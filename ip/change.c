// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes; with -echo each is shown as the kernel made it, the way its list shows it. */
#include <linux/rtnetlink.h>

#include "ip/change.h"
#include "ip/route_verbs.h"
#include "ip/rule.h"

static void show_rule(struct prt *p, const struct nlmsghdr *nlh)
{
	struct np_rule rule;

	if (np_rule_parse(&rule, nlh))
		return;
	prt_doc_begin(p);
	rule_show(&p->show, &rule, np_rule_msg_is_del(nlh));
	prt_list_end(p);
}

static void show_route(struct prt *p, const struct nlmsghdr *nlh)
{
	struct route_printer rp;

	route_printer_init(&rp, p);
	if (!route_printer_read(&rp, nlh, NULL)) {
		prt_doc_begin(p);
		route_printer_print(&rp);
		prt_list_end(p);
	}
	route_printer_clean(&rp);
}

/* What cannot be read is passed over: the change is made. */
static int show(const struct nlmsghdr *nlh, void *arg)
{
	switch (nlh->nlmsg_type) {
	case RTM_NEWRULE:
	case RTM_DELRULE:
		show_rule(arg, nlh);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		show_route(arg, nlh);
	}
	return 0;
}

static void echo(struct prt *p, bool on)
{
	np_nl_on_echo(p->nl, on && p->echo ? show : NULL, p);
}

int prt_rule_change(struct prt *p, const struct np_rule *rule, bool del, struct np_err *err)
{
	int ret;

	echo(p, true);
	ret = del ? np_rule_del(p->nl, rule, err) : np_rule_add(p->nl, rule, err);
	echo(p, false);
	return ret;
}

int prt_route_change(struct prt *p, enum np_route_op op, const struct np_route *route,
		     struct np_err *err)
{
	int ret;

	echo(p, true);
	ret = np_route_change(p->nl, op, route, err);
	echo(p, false);
	return ret;
}
