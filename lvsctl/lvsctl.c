// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/out.h"
#include "lvsctl/cmds.h"
#include "lvsctl/complete.h"
#include "lvsctl/verbs.h"
#include "lvsctl/written.h"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int error(const struct lvs_run *run, const struct np_err *err, int status)
{
	fflush(stdout);
	if (status && err->code)
		fprintf(stderr, "%s: %s\n", run->prog, err->text);
	return status;
}

/* What help printed. Returns the exit status. */
static int all_written(void)
{
	struct np_err err = NP_ERR_INIT;
	struct np_out out;

	np_out_init(&out, stdout, NP_COLOR_NEVER);
	if (!lvs_written(&out, &err))
		return 0;
	fprintf(stderr, "lvsctl: %s\n", err.text);
	return 1;
}

/* `lvsctl explain …`. */
static int verb(const struct np_cmd *cmd, int argc, char **argv)
{
	struct np_err err = NP_ERR_INIT;
	char path[32];
	int ret;

	snprintf(path, sizeof(path), "lvsctl %s", cmd->name);
	if (np_cli_help_asked(stdout, path, cmd, argc, argv, 2))
		return all_written();
	ret = cmd->run(NULL, argc, argv, 2, &err);
	if (ret >= 0)
		return ret;
	fflush(stdout);
	np_cli_error(stderr, "lvsctl", &err, argc, argv);
	return err.refused ? 2 : 1;
}

/* A first word that is neither a verb nor an option: 255, as ipvsadm has it of what is unknown. */
static int no_verb(int argc, char **argv)
{
	struct np_nearest near = { .word = argv[1] };
	struct np_err err = NP_ERR_INIT;

	for (size_t t = 0; lvs_verb_tables[t]; t++)
		for (const struct np_cmd *c = lvs_verb_tables[t]; c->name; c++)
			np_nearest_try(&near, c->name);
	if (near.best)
		np_err_word(&err, EINVAL, 1, "unknown command \"%s\": did you mean \"%s\"?",
			    argv[1], near.best);
	else
		np_err_word(&err, EINVAL, 1, "unknown command \"%s\": lvsctl help lists them",
			    argv[1]);
	np_cli_error(stderr, "lvsctl", &err, argc, argv);
	return 255;
}

/* What an ipvsadm of this argv does. argv NULL: `ipvsadm` alone, which lists. */
static int ipvsadm(struct lvs_run *run, int argc, char **argv)
{
	char list[] = "-L", *alone[] = { NULL, list, NULL };
	struct np_err err = NP_ERR_INIT, why = NP_ERR_INIT;
	struct lvs_request r;
	int bad, opened, status;

	if (argc < 2)
		bad = lvs_args(&r, 2, alone, &why);
	else
		bad = lvs_args(&r, argc, argv, &why);
	/* Help and version do not need IPVS, but one that is there has its say, as in ipvsadm. */
	opened = lvs_run_open(run, &err);
	if (opened && (opened == -EPERM || bad ||
		       (r.cmd != LVS_CMD_HELP && r.cmd != LVS_CMD_VERSION))) {
		if (bad && opened != -EPERM)
			return error(run, &why, r.status);
		return error(run, &err, 2);
	}
	if (bad)
		status = error(run, &why, r.status);
	else
		status = error(run, &err, lvs_run_request(run, &r, &err));
	lvs_run_close(run);
	return status;
}

/* ipvsadm-save [-n] */
static int save_name(struct lvs_run *run, int argc, char **argv)
{
	char save[] = "-S", numeric[] = "-n", *words[] = { argv[0], save, NULL, NULL };
	int n = 2;

	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-')
			continue;
		if (strcmp(argv[i], "-n")) {
			fprintf(stderr, "%s: prints the table as commands; -n: in numbers\n",
				run->prog);
			return 1;
		}
		words[2] = numeric;
		n = 3;
	}
	return ipvsadm(run, n, words);
}

/*
 * All of the standard input, its comments left empty. It is read before anything is
 * cleared: what comes may be what a save in the same pipe prints of the table.
 */
static FILE *read_input(char **text, size_t *len)
{
	FILE *fp = open_memstream(text, len);
	size_t size = 0;
	char *line = NULL;
	int bad;

	if (!fp)
		return NULL;
	while (getline(&line, &size, stdin) > 0)
		fputs(*line == '#' ? "\n" : line, fp);
	bad = ferror(stdin) ? errno : 0;
	free(line);
	/* fmemopen() wants some bytes */
	if (fputc('\n', fp) == EOF || ferror(fp))
		bad = bad ? bad : ENOMEM;
	if (fclose(fp))
		bad = bad ? bad : errno;
	errno = bad;
	return bad ? NULL : fmemopen(*text, *len, "r");
}

/* ipvsadm-restore: in place of the table that is there */
static int restore_name(struct lvs_run *run, char **argv)
{
	char clear[] = "-C", restore[] = "-R", *first[] = { argv[0], clear, NULL };
	char *then[] = { argv[0], restore, NULL }, *text = NULL;
	size_t len = 0;
	int status = 1;

	run->in = read_input(&text, &len);
	if (!run->in) {
		fprintf(stderr, "%s: cannot read the standard input: %s\n", run->prog,
			strerror(errno));
	} else {
		status = ipvsadm(run, 2, first);
		if (status != 2)
			status = ipvsadm(run, 2, then);
		fclose(run->in);
	}
	free(text);
	return status;
}

int main(int argc, char **argv)
{
	static char out[1 << 16]; /* stdout has it until the process ends */
	struct lvs_run run = { .in = stdin, .prog = argc ? base_name(argv[0]) : "lvsctl" };
	const struct np_cmd *cmd;

	np_out_fill_standard();
	/* No more than what tells whether there are arrows: each category is a file to read. */
	setlocale(LC_CTYPE, "");
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, out, _IOFBF, sizeof(out));
	if (!strcmp(run.prog, "ipvsadm-save"))
		return save_name(&run, argc, argv);
	if (!strcmp(run.prog, "ipvsadm-restore"))
		return restore_name(&run, argv);
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		lvs_complete(stdout, argc - 2, argv + 2);
		return 0;
	}
	if (argc > 1 && !strcmp(argv[1], "help")) {
		lvs_help(stdout);
		return all_written();
	}
	cmd = argc > 1 ? lvs_verb(argv[1]) : NULL;
	if (cmd)
		return verb(cmd, argc, argv);
	if (argc > 1 && *argv[1] != '-' && strcmp(run.prog, "ipvsadm") != 0)
		return no_verb(argc, argv);
	return ipvsadm(&run, argc, argv);
}
