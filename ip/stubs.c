// SPDX-License-Identifier: GPL-2.0-or-later
/* Verbs that are not written yet. */
#include <errno.h>

#include "ip/verbs.h"

__attribute__((weak)) int prt_monitor(struct prt *p, struct np_args *a, struct np_err *err)
{
	(void)p, (void)a;
	return np_err_set(err, ENOSYS, "monitor is not there yet");
}
