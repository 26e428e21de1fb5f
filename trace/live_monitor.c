// SPDX-License-Identifier: GPL-2.0-or-later
/* pkttrace monitor. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "trace/live.h"
#include "trace/live_begin.h"
#include "trace/monitor.h"

static void say_what(FILE *say, const struct live_request *req)
{
	char words[FILTER_TEXT];

	filter_text(&req->filter, words);
	fprintf(say, "pkttrace: watching%s%s\n", *words ? " " : "", words);
}

static void say_end(FILE *say, const struct monitor *m)
{
	struct monitor_counts c;

	monitor_counts(m, &c);
	if (c.lost)
		fprintf(say, "pkttrace: events came faster than they could be read, and were lost "
			"%llu time%s: try a narrower match, or --limit\n",
			(unsigned long long)c.lost, c.lost == 1 ? "" : "s");
	if (c.lost_lines)
		fprintf(say, "pkttrace: the kernel's log was written over %llu time%s before it "
			"was read: steps of legacy iptables are missing\n",
			(unsigned long long)c.lost_lines, c.lost_lines == 1 ? "" : "s");
}

int live_monitor(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	const struct live_grammar g = { .opts = live_opts + LIVE_RUN_OPTS, .filter = true,
		.help = "packets as they come, each with its way and end" };
	struct live_request req;
	struct monitor *m;
	struct np_out out;
	int ret = live_begin(&req, &g, "monitor", ctx, argc, argv, at, err), bad;

	if (ret)
		return ret < 0 ? ret : 0;
	np_out_init(&out, stdout, req.color);
	ret = monitor_open(&m, &(struct monitor_opts){ .req = &req, .out = &out, .say = stderr },
		err);
	if (ret)
		return ret;
	say_what(stderr, &req);
	ret = monitor_run(m, err);
	say_end(stderr, m);
	monitor_close(m);
	bad = np_out_finish(&out);
	if (ret == -EPIPE || bad == -EPIPE)
		raise(SIGPIPE);
	return ret ? ret : bad ? np_err_set(err, -bad, "standard output: %s", strerror(-bad)) : 0;
}
