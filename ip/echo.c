// SPDX-License-Identifier: GPL-2.0-or-later
/* -echo: a change is shown as the kernel made it, the way the list of its kind shows it. */
#include <errno.h>
#include <linux/rtnetlink.h>

#include "ip/echo.h"
#include "ip/route_verbs.h"
#include "ip/rule.h"

static int show_rule(struct prt *p, const struct nlmsghdr *nlh)
{
	struct np_rule rule;

	if (np_rule_parse(&rule, nlh))
		return -EBADMSG;
	prt_list_begin(p);
	rule_show(&p->show, &rule, np_rule_msg_is_del(nlh));
	prt_list_end(p);
	return 0;
}

static int show_route(struct prt *p, const struct nlmsghdr *nlh)
{
	struct route_printer rp;
	int ret;

	route_printer_init(&rp, p);
	ret = route_printer_read(&rp, nlh, NULL);
	if (!ret) {
		prt_list_begin(p);
		route_printer_print(&rp);
		prt_list_end(p);
	}
	route_printer_clean(&rp);
	return ret;
}

static int show(const struct nlmsghdr *nlh, void *arg)
{
	switch (nlh->nlmsg_type) {
	case RTM_NEWRULE:
	case RTM_DELRULE:
		return show_rule(arg, nlh);
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return show_route(arg, nlh);
	default:
		return 0;
	}
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
