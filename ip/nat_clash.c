// SPDX-License-Identifier: GPL-2.0-or-later
/* Which mapping is in the way of another: the module only says that one is. */
#include <errno.h>

#include "ip/nat.h"
#include "lib/nat_nl.h"

bool nat_name_clash(struct prt *p, const struct np_nat_mapping *m, struct np_err *err)
{
	char dev[NP_LINK_NAME_MAX];
	struct np_line l = { .n = 0 };
	struct np_nat_mapping found;

	if (np_nat_find_clash(p->nat, m, &found))
		return false;
	np_nat_add_text(&l, &found, np_links_name(p->show.links, found.ifindex, dev));
	np_err_set(err, EEXIST, "one of the addresses has a mapping already: %s", l.b);
	if (err)
		err->refused = true;
	return true;
}

int nat_clash(struct prt *p, const struct np_nat_mapping *m, int ret, struct np_err *err)
{
	if (ret == -EEXIST)
		nat_name_clash(p, m, err);
	return ret;
}
