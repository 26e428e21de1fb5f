/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_WRITTEN_H
#define LVSCTL_WRITTEN_H

#include "lib/err.h"
#include "lib/out.h"

/* All that was printed has arrived: np_out_finish() that says why not. Returns 0 or -errno. */
int lvs_written(const struct np_out *out, struct np_err *err);

#endif
