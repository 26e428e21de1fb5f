// SPDX-License-Identifier: GPL-2.0-or-later
/* pkttrace: the way of a packet through the rules of a host. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cli.h"
#include "lib/clock.h"
#include "lib/out.h"
#include "trace/args.h"
#include "trace/live.h"
#include "trace/live_args.h"
#include "trace/logfile.h"
#include "trace/show.h"

#define OUT_BUFFER (256 * 1024)

static int run_show(void *ctx, int argc, char **argv, int at, struct np_err *err);
static void complete_show(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp);

static const struct np_cmd cmds[] = {
	{ .name = "show", .args = "[OPTION…] [FILE…|-]", .run = run_show,
		.help = "a kernel log's packets, their ways and ends",
		.opts = pkttrace_opts, .complete = complete_show },
	{ .name = "monitor", .args = "[OPTION…] [MATCH…]", .run = live_monitor,
		.help = "packets as they come, each with its end",
		.opts = live_opts + LIVE_RUN_OPTS, .complete = live_complete },
	{ .name = "run", .args = "[OPTION…] [MATCH…] -- COMMAND…", .run = live_run,
		.help = "a command's packets",
		.opts = live_opts, .complete = live_complete },
	{ .name = "add", .args = "[OPTION…] MATCH…", .run = live_add,
		.help = "trace packets, in iptables' or nft's words",
		.opts = live_opts + LIVE_MONITOR_OPTS, .complete = live_complete },
	{ .name = "del", .args = "NUMBER|MATCH…", .run = live_del,
		.help = "trace them no more", .opts = live_opts + LIVE_MONITOR_OPTS,
		.complete = live_complete },
	{ .name = "list", .args = "[-j]", .run = live_list,
		.help = "what is traced, and how often it was", .opts = live_plain_opts },
	{ .name = "flush", .args = "", .run = live_flush,
		.help = "trace nothing any more", .opts = live_plain_opts },
	{ .name = "collect", .args = "[-j] HOST… [-- OPTION… MATCH…]", .run = live_collect,
		.help = "packets of several hosts, by ssh",
		.opts = live_collect_opts },
	{ .name = "doctor", .args = "[-j]", .run = live_doctor,
		.help = "what this host can show, what more takes",
		.opts = live_plain_opts },
	{ .name = NULL },
};

static void complete_show(const struct np_cmd *cmd, int argc, char **argv, int at, FILE *fp)
{
	(void)cmd;
	(void)argc;
	(void)argv;
	(void)at;
	fputs("<FILE>\n", fp);
}

/* No file was named: stdin where something comes from there, or else this host's log. */
static int default_file(struct show_request *req, struct np_err *err)
{
	if (req->n_files)
		return 0;
	req->n_files = 1;
	if (!isatty(STDIN_FILENO)) {
		req->files[0] = "-";
		return 0;
	}
	req->files[0] = logfile_of_host();
	if (req->files[0])
		return 0;
	return np_err_set(err, ENOENT, "this host has none of /var/log/kern.log, messages and "
		"syslog: name a file, or try journalctl -k -o short-precise | pkttrace show");
}

/* The end of all output. A reader that went away is no error worth a word. */
static int finish(const struct np_out *out, const char *name, int ret, struct np_err *err)
{
	int bad = np_out_finish(out);

	if (ret >= 0 && bad)
		ret = np_err_set(err, -bad, "%s: %s", name, strerror(-bad));
	if (ret == -EPIPE)
		raise(SIGPIPE);
	return ret;
}

static int show_to(const struct show_request *req, FILE *fp, const char *name, struct np_err *err)
{
	static char buf[OUT_BUFFER]; /* must outlive the stream */
	struct np_out out;
	int ret;

	setvbuf(fp, buf, _IOFBF, sizeof(buf));
	np_out_init(&out, fp, req->color);
	if (req->format == SHOW_PCAPNG && isatty(fileno(fp)))
		ret = np_err_set(err, EINVAL,
			"--pcapng: a terminal cannot read a capture: name a file");
	else
		ret = show_run(req, &out, stderr, err);
	return finish(&out, name, ret, err);
}

static int run_show(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	struct show_request *req = ctx;
	FILE *fp;
	int ret = args_show(req, argc, argv, at, err);

	if (ret)
		return ret;
	if (req->help) {
		np_cli_help_cmd(stdout, "pkttrace show", &cmds[0], NULL);
		return 0;
	}
	ret = default_file(req, err);
	if (ret)
		return ret;
	if (!req->pcapng || !strcmp(req->pcapng, "-"))
		return show_to(req, stdout, "standard output", err);
	fp = fopen(req->pcapng, "we");
	if (!fp)
		return np_err_set(err, errno, "%s: %s", req->pcapng, strerror(errno));
	ret = show_to(req, fp, req->pcapng, err);
	if (fclose(fp) != 0 && ret >= 0)
		ret = np_err_set(err, errno, "%s: %s", req->pcapng, strerror(errno));
	return ret;
}

/* iptables' own words: `pkttrace -t raw -I PREROUTING -p tcp --dport 8081 -j TRACE`. */
static bool as_iptables(struct show_request *req, int argc, char **argv, struct np_err *err,
	int *ret)
{
	int at = argc > 3 && (!strcmp(argv[1], "-t") || !strcmp(argv[1], "--table")) ? 3 : 1;
	int (*verb)(void *ctx, int argc, char **argv, int at, struct np_err *err);

	verb = at < argc ? live_iptables(argv[at]) : NULL;
	if (verb)
		*ret = verb(req, argc, argv, 1, err);
	return verb;
}

static int run(struct show_request *req, int argc, char **argv, struct np_err *err)
{
	const struct np_cmd *cmd;
	int at = 1, ret;

	if (as_iptables(req, argc, argv, err, &ret))
		return ret;

	ret = args_options(req, argc, argv, &at, err);
	if (ret)
		return ret;
	if (req->version) {
		printf("pkttrace, netpath %s\n", NP_VERSION);
		return 0;
	}
	if (req->help || (at < argc && !strcmp(argv[at], "help"))) {
		np_cli_help(stdout, "pkttrace", cmds, pkttrace_opts);
		return 0;
	}
	if (at >= argc)
		return np_err_set(err, EINVAL, "which command? `pkttrace show FILE` shows the "
			"packets of a log; `pkttrace help` tells more");
	cmd = np_cmd_find(cmds, argv[at], at, err);
	return cmd ? cmd->run(req, argc, argv, at + 1, err) : -EINVAL;
}

int main(int argc, char **argv)
{
	struct show_request req = { .now_us = np_clock_us(CLOCK_REALTIME), .color = NP_COLOR_AUTO };
	struct np_err err = NP_ERR_INIT;
	int ret;

	np_out_fill_standard();
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL); /* ignored, as some daemons leave it, no child has a status */
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		np_cli_complete(stdout, cmds, pkttrace_opts, argc - 2, argv + 2);
		return fflush(stdout) ? 1 : 0;
	}
	req.files = calloc((size_t)argc + 1, sizeof(*req.files));
	ret = req.files ? run(&req, argc, argv, &err) : np_err_nomem(&err);
	if (ret >= 0 && fflush(stdout) != 0)
		ret = np_err_set(&err, errno, "standard output: %s", strerror(errno));
	if (ret < 0)
		np_cli_error(stderr, "pkttrace", &err, argc, argv);
	free(req.files);
	return ret >= 0 ? ret : err.refused ? 2 : 1;
}
