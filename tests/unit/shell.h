/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SHELL_H
#define SHELL_H

/* What a command of the shell prints, for tests that ask the real tool. */
#include <stdio.h>

static void shell_output(const char *command, char *out, size_t size)
{
	FILE *fp = popen(command, "r");
	size_t n = fp ? fread(out, 1, size - 1, fp) : 0;

	out[n] = 0;
	if (fp)
		pclose(fp);
}

#endif
