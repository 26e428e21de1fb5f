// SPDX-License-Identifier: GPL-2.0-or-later
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "lib/out.h"
#include "lvsctl/verbs_plan.h"

static const struct np_opt options[] = {
	{ 'h', "help", NULL, "this text", 'h', NULL },
	{ 'v', "version", NULL, "the version", 'v', NULL },
	{ 0, NULL, NULL, NULL, 0, NULL },
};

static int run(int argc, char **argv, struct np_err *err)
{
	const struct np_cmd *cmd;

	if (argc < 2 || !strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")) {
		np_cli_help(stdout, "lvsctl", lvs_plan_verbs, options);
		return 0;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("lvsctl " NP_VERSION);
		return 0;
	}
	cmd = np_cmd_find(lvs_plan_verbs, argv[1], 1, err);
	return cmd ? cmd->run(NULL, argc, argv, 2, err) : -err->code;
}

int main(int argc, char **argv)
{
	struct np_err err = NP_ERR_INIT;
	int ret;

	setlocale(LC_ALL, "");
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		np_cli_complete(stdout, lvs_plan_verbs, options, argc - 2, argv + 2);
		return 0;
	}
	ret = run(argc, argv, &err);
	if (ret >= 0)
		return ret;
	fflush(stdout);
	np_cli_error(stderr, "lvsctl", &err, argc, argv);
	return err.refused ? 2 : 1;
}
