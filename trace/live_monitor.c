// SPDX-License-Identifier: GPL-2.0-or-later
/* pkttrace monitor. */
#include <errno.h>
#include <string.h>

#include "trace/interrupt.h"
#include "trace/live.h"
#include "trace/live_begin.h"
#include "trace/live_devices.h"
#include "trace/live_lost.h"
#include "trace/monitor.h"

static void say_what(FILE *say, const struct live_request *req)
{
	char match[FILTER_TEXT];

	filter_text(&req->filter, match);
	fprintf(say, "pkttrace: watching%s%s\n", *match ? " " : "", match);
}

int live_monitor(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	const struct live_grammar g = { .opts = live_opts + LIVE_RUN_OPTS, .filter = true,
		.help = "packets as they come, each with its way and end" };
	struct live_request req;
	struct monitor_counts counts;
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
	live_say_devices(stderr, &req.filter);
	say_what(stderr, &req);
	ret = monitor_run(m, err);
	monitor_counts(m, &counts);
	live_say_lost(stderr, &counts);
	monitor_close(m);
	bad = np_out_finish(&out);
	if (ret == -EPIPE || bad == -EPIPE)
		interrupt_no_reader();
	return ret ? ret : bad ? np_err_set(err, -bad, "standard output: %s", strerror(-bad)) : 0;
}
