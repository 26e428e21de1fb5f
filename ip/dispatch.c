// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "ip/verbs.h"

int prt_dispatch(struct prt *p, const struct np_cmd *cmds, struct np_args *a, struct np_err *err)
{
	const char *word = np_args_next(a);
	const struct np_cmd *cmd = word ? np_cmd_find(cmds, word, a->at - 1, err) : cmds;

	if (!cmd)
		return -EINVAL;
	/* Rows take argv as main has it; nobody writes to its words. */
	return cmd->run(p, a->argc, (char **)(uintptr_t)a->argv, a->at, err);
}

void prt_error_text(const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		fputc(c != '\n' && (c < 0x20 || c == 0x7f) ? '?' : c, stderr);
	}
	fputc('\n', stderr);
}

void prt_error(const struct prt *p, const struct np_err *err, int argc, char *const *argv)
{
	if (p->show.fp)
		fflush(p->show.fp);
	if (!err->text[0])
		return;
	/* The line of ip, as scripts look for it. */
	if (!strncmp(err->text, "RTNETLINK answers: ", 19))
		prt_error_text(err->text);
	else
		np_cli_error(stderr, "prt", err, argc, argv);
}
