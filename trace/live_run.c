// SPDX-License-Identifier: GPL-2.0-or-later
/* pkttrace run. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "lib/clock.h"
#include "trace/cgroup.h"
#include "trace/interrupt.h"
#include "trace/janitor.h"
#include "trace/live.h"
#include "trace/live_begin.h"
#include "trace/live_devices.h"
#include "trace/live_lost.h"
#include "trace/monitor.h"
#include "trace/run_ask.h"

struct run {
	struct live_request req;
	struct cgroup cgroup; /* path "": none */
	struct janitor janitor;
	struct monitor *m;
	struct command command;
	struct np_out out;
	FILE *fp;
};

/* "2 sent, 1 delivered" */
static void say_states(FILE *say, const struct monitor_counts *c)
{
	const char *comma = "";

	for (unsigned i = 0; i < PACKET_STATES; i++) {
		if (!c->by_state[i])
			continue;
		fprintf(say, "%s%llu %s", comma, (unsigned long long)c->by_state[i],
			packet_state_name((enum packet_state)i));
		comma = ", ";
	}
}

/* "curl ended with 7", "curl was ended after 5 s, with 143" */
static void say_end(const struct run *r, const char *name, FILE *say)
{
	if (r->command.timed_out)
		fprintf(say, "pkttrace: %s was ended after %g s, with %d; ", name,
			(double)r->req.timeout_us / 1e6, r->command.status);
	else
		fprintf(say, "pkttrace: %s ended with %d; ", name, r->command.status);
}

/* What the kernel refuses to send gets to no hook. */
static void say_ask(const struct run *r, char *const argv[], FILE *say)
{
	struct np_line ask = { .n = 0 };

	if (run_ask(&r->req, argv, &ask))
		fprintf(say, "pkttrace: if the kernel refused to send, this says why: %s\n",
			ask.b);
}

static void say_verdict(const struct run *r, char *const argv[], FILE *say)
{
	struct monitor_counts c;

	monitor_counts(r->m, &c);
	say_end(r, argv[0], say);
	if (c.packets) {
		fprintf(say, "%llu packet%s: ", (unsigned long long)c.packets,
			c.packets == 1 ? "" : "s");
		say_states(say, &c);
	} else {
		fputs("no packet of it was seen", say);
	}
	if (*c.lost_at)
		fprintf(say, "; first %s", c.lost_at);
	else if (!r->req.filter.set && c.by_state[PACKET_SENT] && !c.by_state[PACKET_DELIVERED] &&
		 !c.acked)
		fputs(c.rewritten ? "; no answer was seen" : "; nothing came back", say);
	fputc('\n', say);
	if (!c.packets)
		say_ask(r, argv, say);
	live_say_lost(say, &c);
}

/* The janitor is there before the cgroup is. */
static int own_cgroup(struct run *r, struct np_err *err)
{
	int ret = cgroup_name(&r->cgroup, err);

	if (!ret)
		ret = janitor_start(&r->janitor, cgroup_remove, r->cgroup.path, err);
	if (!ret)
		ret = cgroup_make(&r->cgroup, err);
	if (ret)
		return ret;
	r->req.filter.cgroup = r->cgroup.id;
	r->req.filter.cgroup_level = r->cgroup.level;
	return 0;
}

/* Its packets alone where the kernel can tell, or else those that match. */
static int watch(struct run *r, struct np_err *err)
{
	const struct monitor_opts opts = { .req = &r->req, .out = &r->out, .say = stderr,
		.command = &r->command };
	struct np_err none = NP_ERR_INIT;
	int ret = own_cgroup(r, &none);

	if (!ret) {
		ret = monitor_open(&r->m, &opts, err);
		if (ret != -ENOENT && ret != -EOPNOTSUPP && ret != -EINVAL)
			return ret;
		none = *err;
		*err = (struct np_err)NP_ERR_INIT;
	}
	janitor_end(&r->janitor);
	fprintf(stderr, "pkttrace: the command's packets cannot be told from others' (%s): "
		"all that match are shown\n", none.text);
	r->cgroup.path[0] = '\0';
	r->req.filter.cgroup = 0;
	return monitor_open(&r->m, &opts, err);
}

static int trace(struct run *r, char **argv, struct np_err *err)
{
	int ret = watch(r, err);

	if (ret)
		return ret;
	live_say_devices(stderr, &r->req.filter);
	if (r->req.timeout_us)
		r->command.timeout_us = np_clock_us(CLOCK_MONOTONIC) + r->req.timeout_us;
	ret = command_start(&r->command, argv, *r->cgroup.path ? r->cgroup.path : NULL, err);
	if (!ret) {
		ret = monitor_run(r->m, err);
		command_end(&r->command);
		if (!ret)
			say_verdict(r, argv, r->fp == stdout ? stderr : r->fp);
	} else if (r->command.status > 0) { /* a command's own failure is its status */
		np_cli_error(stderr, "pkttrace", err, 0, NULL);
		ret = 0;
	}
	monitor_close(r->m);
	janitor_end(&r->janitor);
	return ret ? ret : r->command.status;
}

static int open_output(struct run *r, struct np_err *err)
{
	const char *file = r->req.output;

	r->fp = !file ? stderr : !strcmp(file, "-") ? stdout : fopen(file, "we");
	if (!r->fp)
		return np_err_set(err, errno, "%s: %s", file, strerror(errno));
	np_out_init(&r->out, r->fp, r->req.color);
	return 0;
}

int live_run(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	const struct live_grammar g = { .opts = live_opts, .filter = true, .command = true,
		.help = "a command's packets, each with its way and end" };
	struct run r = { .fp = NULL };
	int ret = live_begin(&r.req, &g, "run", ctx, argc, argv, at, err), bad;

	if (ret)
		return ret < 0 ? ret : 0;
	r.req.some = true;
	ret = open_output(&r, err);
	if (ret)
		return ret;
	signal(SIGPIPE, SIG_IGN); /* the command is to be ended, too, when nobody reads any more */
	ret = trace(&r, argv + r.req.command, err);
	bad = np_out_finish(&r.out);
	if (r.fp != stderr && r.fp != stdout)
		fclose(r.fp);
	if (ret == -EPIPE || bad == -EPIPE)
		interrupt_no_reader();
	return ret < 0 || !bad ? ret : np_err_set(err, -bad, "%s: %s",
		r.req.output ? r.req.output : "stderr", strerror(-bad));
}
