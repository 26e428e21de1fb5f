// SPDX-License-Identifier: GPL-2.0-or-later
/* pkttrace collect. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/spawn.h"
#include "trace/args.h"
#include "trace/collect.h"
#include "trace/interrupt.h"
#include "trace/live.h"
#include "trace/text.h"

#define LINE_CAP (1 << 20)
#define WAIT_MS 100
#define HOST_COL (sizeof("12:00:01.000123 #1234 ") - 1)
#define HOST_COLS 12

enum { OPT_JSON, OPT_HELP };

const struct np_opt live_collect_opts[] = {
	{ 'j', "json", NULL, "JSON, a line a packet", OPT_JSON, NULL },
	{ 'h', "help", NULL, "this text", OPT_HELP, NULL },
	{ .name = NULL },
};

struct host {
	pid_t pid;
	int fd; /* -1: it has ended */
	char *buf; /* LINE_CAP: the beginning of a line */
	size_t used;
	bool too_long; /* what is left of such a line is passed over */
};

struct collector {
	const char *names[COLLECT_HOSTS];
	struct host hosts[COLLECT_HOSTS];
	size_t n;
	char *remote; /* the command there, as its shell reads it */
	struct collect *c;
	struct np_out out;
	bool json, help;
};

/* ---- words ---- */

/* A word in quotes that every shell understands. */
static void put_quoted(FILE *fp, const char *word)
{
	fputs(" '", fp);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", fp);
		else
			fputc(*word, fp);
	}
	fputc('\'', fp);
}

static int put_remote(struct collector *k, char *const words[], struct np_err *err)
{
	size_t len;
	FILE *fp = open_memstream(&k->remote, &len);

	if (!fp)
		return np_err_nomem(err);
	fputs("pkttrace monitor -j", fp);
	for (; *words; words++)
		put_quoted(fp, *words);
	return fclose(fp) ? np_err_nomem(err) : 0;
}

static int read_words(struct collector *k, int argc, char **argv, int at, struct np_err *err)
{
	struct np_opt_iter it = { .opts = live_collect_opts, .argc = argc, .argv = argv, .at = at };
	const struct np_opt *opt;
	const char *arg;
	int ret;

	for (;;) {
		while ((ret = np_opt_next(&it, &opt, &arg, err)) == 1) {
			k->json |= opt->id == OPT_JSON;
			k->help |= opt->id == OPT_HELP;
		}
		if (ret)
			return ret;
		if (it.at >= argc || it.ended)
			break;
		if (*argv[it.at] == '-' || k->n == COLLECT_HOSTS)
			return np_err_word(err, EINVAL, it.at, "this is no host's name");
		k->names[k->n++] = argv[it.at++];
	}
	if (!k->n && !k->help)
		return np_err_set(err, EINVAL, "which hosts? `pkttrace collect web1 web2 -- -p tcp "
			"--dport 80`");
	return put_remote(k, argv + it.at, err);
}

/* ---- the hosts ---- */

static int start_host(struct collector *k, size_t i, struct np_err *err)
{
	char ssh[] = "ssh", no_input[] = "-n", batch[] = "-oBatchMode=yes", end[] = "--";
	char *host = strdup(k->names[i]);
	char *argv[] = { ssh, no_input, batch, end, host, k->remote, NULL };
	struct host *h = &k->hosts[i];
	int ret;

	h->buf = malloc(LINE_CAP);
	if (!host || !h->buf)
		ret = np_err_nomem(err);
	else
		ret = np_spawn_pipe(argv, &h->pid, &h->fd);
	free(host);
	if (ret && !err->code)
		np_err_set(err, -ret, "ssh: %s", strerror(-ret));
	return ret;
}

/* In one write: the hosts' ssh have the same stderr. */
static void say_no_packet(const char *host, const char *line)
{
	char begin[60 + 1], shown[2 * sizeof(begin)] = "";
	FILE *fp = fmemopen(shown, sizeof(shown), "w");
	struct np_out out;
	struct text t = { .out = &out };

	(void)snprintf(begin, sizeof(begin), "%s", line);
	if (fp) {
		np_out_init(&out, fp, NP_COLOR_NEVER);
		text_put(&t, begin);
		fclose(fp);
	}
	fprintf(stderr, "pkttrace: %s: this is no packet: %s\n", host, shown);
}

static void take_lines(struct collector *k, size_t i)
{
	struct host *h = &k->hosts[i];
	char *line = h->buf, *end;

	while ((end = memchr(line, '\n', h->used))) {
		size_t len = (size_t)(end - line);

		*end = '\0';
		if (h->too_long)
			h->too_long = false;
		else if (collect_line(k->c, i, line, len, np_clock_us(CLOCK_MONOTONIC)))
			say_no_packet(k->names[i], line);
		h->used -= len + 1;
		line = end + 1;
	}
	memmove(h->buf, line, h->used);
	if (h->used < LINE_CAP)
		return;
	if (!h->too_long)
		fprintf(stderr, "pkttrace: %s: a packet of more than %d bytes of JSON was left "
			"out\n", k->names[i], LINE_CAP);
	h->too_long = true;
	h->used = 0;
}

static void read_host(struct collector *k, size_t i)
{
	struct host *h = &k->hosts[i];
	ssize_t n = read(h->fd, h->buf + h->used, LINE_CAP - h->used);

	if (n > 0) {
		h->used += (size_t)n;
		take_lines(k, i);
	} else if (n == 0 || errno != EINTR) {
		close(h->fd);
		h->fd = -1;
	}
}

/* ---- what is shown ---- */

static const char *str(const json_t *p, const char *name)
{
	const char *s = json_string_value(json_object_get(p, name));

	return s ? s : "";
}

static void put_end(struct text *t, const json_t *p, const char *addr, const char *port)
{
	const json_t *n = json_object_get(p, port);

	text_put(t, str(p, addr));
	if (n) {
		text_put(t, ":");
		text_uint(t, (uint64_t)json_integer_value(n));
	}
}

/* The only cause of one that was lost. */
static const char *sole_cause(const json_t *outcome)
{
	const json_t *causes = json_object_get(outcome, "causes");

	return json_array_size(causes) == 1 ? json_string_value(json_array_get(causes, 0)) : NULL;
}

static void put_outcome(struct text *t, const json_t *o)
{
	const char *state = str(o, "state"), *cause = sole_cause(o);

	text_put(t, state);
	if (strcmp(state, "dropped") != 0 && strcmp(state, "vanished") != 0)
		return;
	text_put(t, *state == 'd' ? " at " : " after ");
	text_put(t, str(o, "at"));
	if (cause) {
		text_put(t, ": ");
		text_put(t, cause);
	}
}

/* "12:00:01.000123 #3 web1 tcp 10.0.1.1:1000 > 10.0.2.2:80 vanished after PREROUTING: …" */
static int show_text(json_t *p, void *arg)
{
	const struct np_out *out = arg;
	const json_t *journey = json_object_get(p, "journey");
	const char *time = strchr(str(p, "first_seen"), 'T');
	struct text t = { .out = out };
	char clock[sizeof("12:00:01.000123")];

	(void)snprintf(clock, sizeof(clock), "%s", time ? time + 1 : "");
	text_put(&t, clock);
	text_put(&t, " ");
	if (journey) {
		text_put(&t, "#");
		text_uint(&t, (uint64_t)json_integer_value(journey));
	}
	text_to(&t, HOST_COL, 1);
	text_put(&t, str(p, "host"));
	text_to(&t, HOST_COL + HOST_COLS + 1, 1);
	text_put(&t, str(p, "protocol"));
	text_put(&t, " ");
	put_end(&t, p, "src", "sport");
	text_put(&t, " > ");
	put_end(&t, p, "dst", "dport");
	text_put(&t, "  ");
	put_outcome(&t, json_object_get(p, "outcome"));
	text_end(&t);
	return fflush(out->fp) ? -errno : 0;
}

static int show_json(json_t *p, void *arg)
{
	const struct np_out *out = arg;

	errno = 0;
	if (json_dumpf(p, out->fp, JSON_COMPACT))
		return errno ? -errno : -ENOMEM;
	fputc('\n', out->fp);
	return fflush(out->fp) ? -errno : 0;
}

static int tell(struct collector *k, int64_t now_us)
{
	return collect_tell(k->c, now_us, k->json ? show_json : show_text, &k->out);
}

/* ---- the whole ---- */

static int run(struct collector *k)
{
	size_t open = k->n;
	int ret = 0;

	interrupt_catch();
	while (open && !interrupted && !ret) {
		struct pollfd fds[COLLECT_HOSTS + 1];

		for (size_t i = 0; i < k->n; i++)
			fds[i] = (struct pollfd){ k->hosts[i].fd, POLLIN, 0 };
		fds[k->n] = (struct pollfd){ STDOUT_FILENO, 0, 0 };
		(void)poll(fds, k->n + 1, WAIT_MS);
		if (fds[k->n].revents & (POLLERR | POLLHUP))
			return -EPIPE; /* nobody reads any more */
		open = 0;
		for (size_t i = 0; i < k->n; i++) {
			if (fds[i].fd >= 0 && fds[i].revents)
				read_host(k, i);
			open += k->hosts[i].fd >= 0;
		}
		ret = tell(k, np_clock_us(CLOCK_MONOTONIC));
	}
	return ret ? ret : tell(k, INT64_MAX);
}

/* Ends them all. Returns 0, or 1: one has failed. */
static int end_hosts(struct collector *k)
{
	int bad = 0;

	for (size_t i = 0; i < k->n; i++) {
		struct host *h = &k->hosts[i];
		bool early = h->fd < 0;
		int status;

		if (h->fd >= 0)
			close(h->fd);
		free(h->buf);
		if (h->pid <= 0)
			continue;
		if (!early)
			kill(h->pid, SIGTERM);
		status = np_spawn_wait(h->pid);
		if (!early || !status)
			continue;
		fprintf(stderr, "pkttrace: %s: ssh ended with %d\n", k->names[i], status);
		bad = 1;
	}
	return bad;
}

static void say_clocks(const struct collector *k)
{
	for (size_t i = 1; i < k->n; i++) {
		int64_t us = collect_offset(k->c, i);

		if (us)
			fprintf(stderr, "pkttrace: the clock of %s is %.3f s %s that of %s\n",
				k->names[i], (double)(us < 0 ? -us : us) / 1e6,
				us < 0 ? "behind" : "before", k->names[0]);
	}
}

static void say_lost(const struct collector *k)
{
	uint64_t n = collect_lost(k->c);

	if (n)
		fprintf(stderr, "pkttrace: %llu packet%s left out: they came faster than they "
			"could be put in order: try a narrower match, or --limit\n",
			(unsigned long long)n, n == 1 ? " was" : "s were");
}

static int collect(struct collector *k, struct np_err *err)
{
	int ret = 0, bad;

	signal(SIGPIPE, SIG_IGN); /* the hosts' ssh are to be ended, too */
	np_out_init(&k->out, stdout, NP_COLOR_NEVER);
	k->c = collect_new(k->names, k->n);
	if (!k->c)
		return np_err_nomem(err);
	for (size_t i = 0; i < k->n; i++)
		k->hosts[i].fd = -1;
	for (size_t i = 0; !ret && i < k->n; i++)
		ret = start_host(k, i, err);
	if (!ret)
		ret = run(k);
	bad = end_hosts(k);
	say_lost(k);
	if (!ret)
		say_clocks(k);
	else if (ret == -EPIPE)
		interrupt_no_reader();
	else if (!err->code)
		np_err_set(err, -ret, "%s", strerror(-ret));
	collect_free(k->c);
	return ret ? ret : bad;
}

int live_collect(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	const struct np_cmd cmd = { .name = "collect",
		.args = "[-j] HOST… [-- OPTION… MATCH…]",
		.help = "packets of several hosts, by ssh, in one order",
		.opts = live_collect_opts };
	struct collector *k = calloc(1, sizeof(*k));
	int ret;

	if (!k)
		return np_err_nomem(err);
	k->json = ((const struct show_request *)ctx)->format == SHOW_JSON;
	ret = read_words(k, argc, argv, at, err);
	if (!ret && k->help)
		np_cli_help_cmd(stdout, "pkttrace collect", &cmd, NULL);
	else if (!ret)
		ret = collect(k, err);
	free(k->remote);
	free(k);
	return ret;
}
