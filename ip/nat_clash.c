// SPDX-License-Identifier: GPL-2.0-or-later
/* Which mapping is in the way of another: the module only says that one is. */
#include <errno.h>
#include <stdlib.h>

#include "ip/nat.h"
#include "lib/nat_nl.h"

static char *as_text(const struct prt *p, const struct np_nat_map *map)
{
	struct prt_show show = p->show;
	char *text = NULL;
	size_t len;

	show.fp = open_memstream(&text, &len);
	if (!show.fp)
		return NULL;
	nat_words(&show, map, false);
	if (!fclose(show.fp))
		return text;
	free(text);
	return NULL;
}

bool nat_name_clash(struct prt *p, const struct np_nat_map *map, struct np_err *err)
{
	struct np_nat_map found;
	char *text;

	if (np_nat_find_clash(p->nat, map, &found))
		return false;
	text = as_text(p, &found);
	if (!text)
		return false;
	np_err_set(err, EEXIST, "one of the addresses has a mapping already: %s", text);
	if (err)
		err->refused = true;
	free(text);
	return true;
}

int nat_clash(struct prt *p, const struct np_nat_map *map, int ret, struct np_err *err)
{
	if (ret == -EEXIST)
		nat_name_clash(p, map, err);
	return ret;
}
