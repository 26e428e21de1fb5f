// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/verbs_host.h"

#include <errno.h>

const struct np_opt lvs_json_opts[] = {
	{ 'j', "json", NULL, "print JSON", LVS_JSON, NULL },
	{ 'p', "pretty", NULL, "with -j: indented", LVS_PRETTY, NULL },
	{ 0, NULL, NULL, NULL, 0, NULL },
};

int lvs_json_words(bool *json, bool *pretty, int argc, char **argv, int at, struct np_err *err)
{
	struct np_opt_iter it = { .opts = lvs_json_opts, .argc = argc, .argv = argv, .at = at };
	const struct np_opt *opt;
	const char *arg;
	int ret;

	while ((ret = np_opt_next(&it, &opt, &arg, err)) > 0)
		*(opt->id == LVS_JSON ? json : pretty) = true;
	if (ret < 0)
		return ret;
	return it.at < argc ? np_err_word(err, EINVAL, it.at, "unknown word \"%s\"", argv[it.at]) :
			      0;
}

const struct np_cmd lvs_host_verbs[] = {
	{ "check", "[-j]", "what makes a load balancer fail silently, with the cure",
	  lvs_check_run, lvs_json_opts, NULL, NULL },
	{ "mark", "add|del|list …", "the netfilter marks of services of several ports",
	  lvs_mark_run, NULL, lvs_mark_cmds, NULL },
	{ "rs", "start|stop|status VIP …", "the real server's own side of DR and TUN",
	  lvs_rs_run, NULL, lvs_rs_cmds, NULL },
	{ NULL, NULL, NULL, NULL, NULL, NULL, NULL },
};
