// SPDX-License-Identifier: GPL-2.0-or-later
/* prt snapshot: what explain --file reads. */
#include "lib/snapshot.h"

#include <string.h>

#include "ip/explain_args.h"

static int save(struct prt *p, const char *file, struct np_err *err)
{
	struct np_snapshot s = { 0 };
	int ret = prt_need_nl(p, err);

	if (!ret)
		ret = np_snapshot_take(&s, p->nl, p->show.names, err);
	if (!ret && file && strcmp(file, "-")) {
		ret = np_snapshot_save(&s, file, p->pretty, err);
	} else if (!ret) {
		if (np_snapshot_write(&s, p->show.fp, p->pretty))
			ret = np_err_nomem(err);
	}
	np_snapshot_clean(&s);
	return ret;
}

int prt_snapshot(struct prt *p, struct np_args *a, struct np_err *err)
{
	const bool json = p->want_json, pretty = p->pretty;
	struct explain_args args;
	const char *file;
	int ret = explain_take_options(p, snapshot_opts, a, &args, err);

	file = np_args_next(a);
	if (!ret && np_args_next(a))
		ret = np_args_fail(a, err, "one file is enough");
	if (!ret)
		ret = save(p, file, err);
	p->want_json = json;
	p->pretty = pretty;
	return ret;
}
