// SPDX-License-Identifier: GPL-2.0-or-later
/* -echo: a change is shown as the kernel made it, the way the list of its kind shows it. */
#include <linux/rtnetlink.h>

#include "ip/echo.h"
#include "ip/route_verbs.h"
#include "ip/rule.h"

static void show_rule(struct prt *p, const struct nlmsghdr *nlh)
{
	struct np_rule rule;

	if (np_rule_parse(&rule, nlh))
		return;
	prt_list_begin(p);
	rule_show(&p->show, &rule, np_rule_msg_is_del(nlh));
	prt_list_end(p);
}

static void show_route(struct prt *p, const struct nlmsghdr *nlh)
{
	struct route_printer rp;

	route_printer_init(&rp, p);
	if (!route_printer_read(&rp, nlh, NULL)) {
		prt_list_begin(p);
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

void prt_echo_begin(struct prt *p)
{
	if (p->echo)
		np_nl_on_echo(p->nl, show, p);
}

void prt_echo_end(struct prt *p)
{
	np_nl_on_echo(p->nl, NULL, NULL);
}
