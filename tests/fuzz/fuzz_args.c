// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any words as pkttrace's command line: understood or refused with a reason that
 * names a word which is there; completed and pointed at, never worse.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/args.h"

#define WORDS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct np_cmd cmds[] = {
	{ .name = "show", .args = "", .help = "", .opts = pkttrace_opts },
	{ .name = NULL },
};

/* Input is words, each ended by a newline. */
static int split(char *text, char **argv)
{
	int argc = 0;

	argv[argc++] = text + strlen(text); /* the program's name */
	for (char *s = text, *end; *s && argc < WORDS; s = end) {
		end = s + strcspn(s, "\n");
		if (*end)
			*end++ = '\0';
		argv[argc++] = s;
	}
	argv[argc] = NULL;
	return argc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *null;
	const char *files[WORDS + 1];
	char *text = malloc(size + 1), *argv[WORDS + 1];
	struct show_request req = { .now_us = 1781000000000000, .files = files };
	struct np_err err = NP_ERR_INIT;
	int argc, at = 1, ret;

	if (!null)
		null = fopen("/dev/null", "w");
	if (!text || !null)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	argc = split(text, argv);
	np_cli_complete(null, cmds, pkttrace_opts, argc - 1, argv + 1);
	ret = args_options(&req, argc, argv, &at, &err);
	if (!ret && at < argc)
		ret = args_show(&req, argc, argv, at + 1, &err);
	if (ret && (!err.text[0] || err.word >= argc))
		abort();
	if (!ret && (req.n_files > (unsigned)argc || req.select.n > SELECT_MAX))
		abort();
	np_cli_error(null, "pkttrace", &err, argc, argv);
	free(text);
	return 0;
}
