// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/live_devices.h"

#include <net/if.h>
#include <string.h>

#include "lib/cli.h"
#include "lib/ifname.h"

/* Whether the name, or the beginning that ends in a plus, is one of those. */
static bool is_there(const char *name, const struct if_nameindex *all)
{
	size_t len = strlen(name);
	bool begins = name[len - 1] == '+';

	for (; all->if_index; all++)
		if (begins ? !strncmp(all->if_name, name, len - 1) : !strcmp(all->if_name, name))
			return true;
	return false;
}

static void say_device(FILE *say, const char *name, const struct if_nameindex *all)
{
	struct np_nearest near = { .word = name };
	char own[NP_IFNAMSIZ];
	unsigned index;

	if (is_there(name, all))
		return;
	index = if_nametoindex(name); /* knows other names, too; nf_tables does not */
	if (index && if_indextoname(index, own)) {
		fprintf(say, "pkttrace: %s is another name of %s, by which no packet is found: "
			"say %s\n", name, own, own);
		return;
	}
	for (const struct if_nameindex *i = all; i->if_index; i++)
		np_nearest_try(&near, i->if_name);
	fprintf(say, "pkttrace: there is no interface %s (yet)", name);
	if (near.best)
		fprintf(say, ": did you mean %s?", near.best);
	fputc('\n', say);
}

void live_say_devices(FILE *say, const struct filter *f)
{
	struct if_nameindex *all = if_nameindex();

	if (!all)
		return;
	if (f->set & 1u << FILTER_IN)
		say_device(say, f->in, all);
	if (f->set & 1u << FILTER_OUT)
		say_device(say, f->out, all);
	if_freenameindex(all);
}
