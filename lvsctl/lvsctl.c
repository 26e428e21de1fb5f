// SPDX-License-Identifier: GPL-2.0-or-later
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "lvsctl/verbs_host.h"
#include "lvsctl/verbs_plan.h"

static const struct np_opt options[] = {
	{ 'h', "help", NULL, "this text", 'h', NULL },
	{ 0, "version", NULL, "the version", 'v', NULL },
	{ 0, NULL, NULL, NULL, 0, NULL },
};

static const struct np_cmd *const groups[] = { lvs_plan_verbs, lvs_host_verbs };

#define VERBS_MAX 32

static void gather(struct np_cmd verbs[VERBS_MAX])
{
	size_t n = 0;

	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++)
		for (const struct np_cmd *c = groups[g]; c->name && n < VERBS_MAX - 1; c++)
			verbs[n++] = *c;
	verbs[n] = (struct np_cmd){ .name = NULL };
}

static int run(const struct np_cmd *verbs, int argc, char **argv, struct np_err *err)
{
	const struct np_cmd *cmd;

	if (argc < 2 || !strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")) {
		np_cli_help(stdout, "lvsctl", verbs, options);
		return 0;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("lvsctl, netpath-" NP_VERSION);
		return 0;
	}
	cmd = np_cmd_find(verbs, argv[1], 1, err);
	return cmd ? cmd->run(NULL, argc, argv, 2, err) : -err->code;
}

int main(int argc, char **argv)
{
	struct np_cmd verbs[VERBS_MAX];
	struct np_err err = NP_ERR_INIT;
	int ret;

	setlocale(LC_ALL, "");
	gather(verbs);
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		np_cli_complete(stdout, verbs, options, argc - 2, argv + 2);
		return 0;
	}
	ret = run(verbs, argc, argv, &err);
	if (ret >= 0)
		return ret;
	fflush(stdout);
	np_cli_error(stderr, "lvsctl", &err, argc, argv);
	return err.refused ? 2 : 1;
}
