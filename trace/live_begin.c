// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/live_begin.h"

#include <stdio.h>

#include "lib/netns.h"

int live_begin(struct live_request *req, const struct live_grammar *g, const char *verb, void *ctx,
	int argc, char **argv, int at, struct np_err *err)
{
	const struct show_request *global = ctx;
	const struct np_cmd cmd = { .name = verb, .opts = g->opts, .help = g->help,
		.args = g->command ? "[OPTION…] [MATCH…] -- COMMAND…" :
			g->filter ? "[OPTION…] [MATCH…]" : "[OPTION…]" };
	int ret;

	*req = (struct live_request){ .filter = FILTER_INIT, .format = global->format,
		.color = global->color };
	ret = live_args(req, g, argc, argv, at, err);
	if (ret)
		return ret;
	if (req->help) {
		char path[32];

		snprintf(path, sizeof(path), "pkttrace %s", verb);
		np_cli_help_cmd(stdout, path, &cmd, NULL);
		return 1;
	}
	return req->netns ? np_netns_enter(req->netns, err) : 0;
}
