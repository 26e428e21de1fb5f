// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/verbs_host.h"

const struct np_cmd lvs_host_verbs[] = {
	{ "rs", "start|stop|status VIP …", "the real server's own side of DR and TUN",
	  lvs_rs_run, NULL, lvs_rs_cmds, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};
