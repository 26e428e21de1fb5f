// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "ip/route_verbs.h"
#include "lib/route_io.h"

struct listing {
	struct route_printer rp;
	struct route_filter filter;
	struct np_err *err;
};

static int show_one(const struct nlmsghdr *nlh, void *arg)
{
	struct listing *l = arg;
	int ret = route_printer_read(&l->rp, nlh, l->err);

	/* what is no route is passed over, as a listing may not end early for it */
	if (ret)
		return ret == -ENOMEM ? ret : 0;
	if (route_filter_match(&l->filter, &l->rp.route))
		route_printer_print(&l->rp);
	return 0;
}

static int again(void *arg)
{
	struct listing *l = arg;

	return prt_list_restart(l->rp.p);
}

int route_list(struct prt *p, struct np_args *a, struct np_err *err)
{
	struct np_nl_sink sink = { show_one, again, NULL };
	struct np_route_dump dump;
	struct listing l;
	int ret;

	route_printer_init(&l.rp, p);
	l.err = err;
	sink.arg = &l;
	ret = route_filter_parse(&l.filter, p, a, err);
	if (ret)
		goto out;
	route_filter_hide(&l.filter, &l.rp.show);
	route_filter_dump(&l.filter, p, &dump);
	np_links_load(p->show.links, NULL);
	ret = prt_list_begin(p, err);
	if (ret)
		goto out;
	ret = np_route_list(p->nl, &dump, &sink, err);
	/* a listing that breaks off is left open, as ip leaves it: nobody takes it for whole */
	if (!ret)
		prt_list_end(p);
	p->show.json = NULL;
out:
	route_printer_clean(&l.rp);
	return ret;
}
