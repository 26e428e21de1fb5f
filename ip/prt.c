// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/nat_nl.h"
#include "lib/netns.h"
#include "lib/out.h"
#include "ip/options.h"
#include "ip/sink.h"
#include "ip/verbs.h"

/* iproute2 looks at the last field of COLORFGBG: 0 to 6 and 8 are dark. */
static bool dark_background(void)
{
	const char *p = getenv("COLORFGBG");

	p = p ? strrchr(p, ';') : NULL;
	return p && ((p[1] >= '0' && p[1] <= '6') || p[1] == '8') && !p[2];
}

static void init_show(struct prt *p, const struct prt_options *o, FILE *fp)
{
	p->show = o->show;
	p->show.fp = fp;
	p->show.color = !o->json && (o->color == NP_COLOR_ALWAYS ||
				     (o->color == NP_COLOR_AUTO && isatty(STDOUT_FILENO)));
	p->show.dark = dark_background();
	p->want_json = o->json;
	p->pretty = o->pretty;
	p->force = o->force;
	p->echo = o->echo;
	p->timestamp = o->timestamp;
	p->ts_short = o->ts_short;
}

static void warn(void *arg, const char *text)
{
	prt_note(arg, "%s", text);
}

static int open_all(struct prt *p, const struct prt_options *o, struct np_err *err)
{
	struct np_names_opts names = { .numeric = o->numeric, .resolve = o->resolve, .warn = warn,
				       .arg = p };
	FILE *fp = prt_sink_open(&p->sink, STDOUT_FILENO);
	int ret;

	if (!fp)
		return np_err_nomem(err);
	init_show(p, o, fp);
	/* first: the namespace may have names of its own */
	ret = o->netns ? np_netns_enter(o->netns, err) : 0;
	if (ret)
		return ret;
	p->show.names = np_names_new(&names);
	p->show.links = np_links_new();
	if (!p->show.names || !p->show.links)
		return np_err_nomem(err);
	return o->batch ? prt_need_nl(p, err) : 0;
}

/*
 * A list that nobody could write ends with 0 all the same, because ip's does; a save
 * file that is not whole is an error, and an answer that ip knows nothing of.
 */
static int close_all(struct prt *p, int status)
{
	np_nat_free(p->nat);
	np_nl_close(p->nl);
	np_links_free(p->show.links);
	np_names_free((struct np_names *)(uintptr_t)p->show.names);
	if (p->show.fp) {
		bool bad = ferror(p->show.fp);

		bad |= fclose(p->show.fp) != 0;
		if (bad && p->whole) {
			int error = prt_sink_error(p->sink);

			fprintf(stderr, "prt: cannot write: %s\n", strerror(error ? error : EIO));
			status = 1;
		}
	}
	prt_sink_free(p->sink);
	return status;
}

/* ip(8): 0, 1 for wrong usage, 2 when the kernel refused. */
static int run(struct prt *p, const struct prt_options *o, int argc, char **argv)
{
	struct np_err err = NP_ERR_INIT;
	struct np_args a = { argc, argv, o->at };

	if (open_all(p, o, &err)) {
		prt_error(p, &err, argc, argv);
		return 1;
	}
	if (o->batch)
		return prt_batch(p, o->batch);
	if (o->at >= argc) {
		np_cli_help(stderr, "prt", prt_cmds, prt_opts);
		return 1;
	}
	if (!prt_dispatch(p, prt_cmds, &a, &err))
		return 0;
	prt_error(p, &err, argc, argv);
	return err.refused ? 2 : 1;
}

/* What was asked for without a command: the exit status. */
static int written(void)
{
	if (!ferror(stdout) && !fflush(stdout))
		return 0;
	fprintf(stderr, "prt: cannot write: %s\n", strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	struct prt p = { 0 };
	struct prt_options o;
	struct np_err err = NP_ERR_INIT;

	np_out_fill_standard();
	setlocale(LC_ALL, "");
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		np_cli_complete(stdout, prt_cmds, prt_opts, argc - 2, argv + 2);
		return 0;
	}
	if (prt_options_parse(&o, argc, argv, &err)) {
		np_cli_error(stderr, "prt", &err, argc, argv);
		return 1;
	}
	if (o.version)
		puts("prt utility, netpath-" NP_VERSION);
	else if (o.help)
		np_cli_help(stdout, "prt", prt_cmds, prt_opts);
	if (o.version || o.help)
		return written();
	return close_all(&p, run(&p, &o, argc, argv));
}
