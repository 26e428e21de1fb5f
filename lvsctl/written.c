// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/written.h"

#include <string.h>

int lvs_written(const struct np_out *out, struct np_err *err)
{
	int bad = np_out_finish(out);

	return bad ? np_err_set(err, -bad, "cannot write: %s", strerror(-bad)) : 0;
}
