// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/verbs_host.h"

static const struct np_opt check_opts[] = {
	{ 'j', "json", NULL, "JSON", 'j', NULL },
	{ 'p', "pretty", NULL, "JSON for people", 'p', NULL },
	{ 0, NULL, NULL, NULL, 0, NULL },
};

const struct np_cmd lvs_host_verbs[] = {
	{ "check", "[-j]", "what makes a load balancer fail silently, with the cure",
	  lvs_check_run, check_opts, NULL, NULL },
	{ "mark", "add|del|list …", "the netfilter marks of services of several ports",
	  lvs_mark_run, NULL, lvs_mark_cmds, NULL },
	{ "rs", "start|stop|status VIP …", "the real server's own side of DR and TUN",
	  lvs_rs_run, NULL, lvs_rs_cmds, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};
