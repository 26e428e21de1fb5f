// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/monitor.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/nft_trace.h"
#include "trace/arm.h"
#include "trace/drops.h"
#include "trace/explain.h"
#include "trace/fmt.h"
#include "trace/gather.h"
#include "trace/interrupt.h"
#include "trace/live_map.h"
#include "trace/lookups.h"
#include "trace/monitor_log.h"
#include "trace/monitor_table.h"
#include "trace/quotes.h"
#include "trace/render.h"

#define EXPLAIN_AGE_US 1000000 /* what is known of the host's routing is read again then */
#define RELOAD_US 50000        /* rules are read again at most so often */
#define AT_ONCE 4096           /* lines or drops, before anything else is looked at */
#define WAIT_US 100000         /* while a packet is under way */
#define IDLE_US 1000000        /* the host's drops, ours or not, must not fill their socket */

struct monitor {
	struct monitor_opts opts;
	struct np_nft *own; /* its socket owns our table */
	struct np_nft *ask;
	struct np_nl *events;
	struct monitor_log log;
	struct drops drops;
	struct lookups lookups;
	struct quotes quotes;
	unsigned drops_taken; /* at once */
	struct np_intern *intern;
	struct live_map map;
	struct gather *gather;
	struct explainer *ex;
	const struct renderer *r;
	struct render_opts render;
	void *state;
	char table[32];
	int64_t start, reloaded, explained;
	struct monitor_counts counts;
	struct np_err err;
};

static const struct renderer *renderer_of(enum show_format format)
{
	return format == SHOW_JSON ? &render_json : format == SHOW_BRIEF ? &render_brief :
		&render_text;
}

/* ---- packets ---- */

/* Told by the routing model, which is read again when it is old: a cure may have come. */
static int explain(struct monitor *m, struct packet *p)
{
	int64_t now = np_clock_us(CLOCK_MONOTONIC);
	int ret;

	if (m->opts.req->no_explain)
		return 0;
	if (m->ex && now - m->explained > EXPLAIN_AGE_US) {
		explainer_free(m->ex);
		m->ex = NULL;
	}
	if (!m->ex) {
		m->explained = now;
		ret = explainer_new(&m->ex, NULL, 0, &m->err);
		if (ret)
			return ret;
	}
	return explainer_packet(m->ex, p, &m->err);
}

static void count(struct monitor_counts *c, const struct packet *p)
{
	enum packet_state state = p->outcome.state;
	const struct np_trace_event *first = packet_first(p);
	const char *why = explained_end(p);
	char place[FMT_PLACE];

	c->packets++;
	c->by_state[state]++;
	c->rewritten |= p->dnat || p->snat || p->dnat_port || p->snat_port;
	c->acked |= first->hdr.set & NP_HDR_WINDOW && first->hdr.tcp_flags & TH_ACK;
	if ((state != PACKET_DROPPED && state != PACKET_VANISHED) || *c->lost_at)
		return;
	fmt_place(place, packet_last(p));
	(void)snprintf(c->lost_at, sizeof(c->lost_at), "%s %s %s%s%.160s", packet_state_name(state),
		state == PACKET_DROPPED ? "at" : "after", place, why ? ": " : "",
		why ? why : "");
}

static int on_packet(const struct packet *p, void *arg)
{
	struct monitor *m = arg;
	struct packet seen = *p;
	int ret;

	if (m->opts.req->count && m->counts.packets >= m->opts.req->count)
		return 0;
	monitor_log_suspect(&m->log, &seen);
	ret = explain(m, &seen);
	if (!ret)
		ret = lookups_take(&m->lookups, &m->err);
	if (ret)
		return ret;
	seen.lookups = lookups_of(&m->lookups, &seen);
	ret = m->r->packet(m->state, &seen);
	if (ret)
		return ret;
	count(&m->counts, &seen);
	return fflush(m->opts.out->fp) ? -errno : 0;
}

/* ---- events ---- */

static int reload(struct monitor *m)
{
	struct np_nft_ruleset rs;
	int ret = np_nft_ruleset_read(m->ask, &rs, &m->err);

	m->reloaded = np_clock_us(CLOCK_MONOTONIC);
	if (ret) {
		np_nft_ruleset_clean(&rs);
		return ret;
	}
	np_nft_ruleset_clean(&m->map.rs);
	m->map.rs = rs;
	return 0;
}

#ifndef NF_INET_INGRESS /* Linux 5.10 */
#define NF_INET_INGRESS NF_INET_NUMHOOKS
#endif

/* Chains at an interface are before the first of our own, or behind the last. */
static void say_unseen(const struct monitor *m)
{
	for (size_t i = 0; i < m->map.rs.n_chains; i++) {
		const struct np_nft_chain_info *c = &m->map.rs.chains[i];
		bool netdev = c->family == NFPROTO_NETDEV;
		bool in = netdev ? c->hook == NF_NETDEV_INGRESS : c->hook == NF_INET_INGRESS;

		if (!c->base || !(netdev || (in && c->family == NFPROTO_INET)))
			continue;
		fprintf(m->opts.say, "pkttrace: %s %s %s is %s hook: what it drops is not seen\n",
			netdev ? "netdev" : "inet", c->table, c->chain,
			in ? "before the first" : "behind the last");
	}
}

static void stamp(const struct monitor *m, struct np_trace_event *ev)
{
	int64_t now = np_clock_us(CLOCK_REALTIME);
	time_t seconds = (time_t)(now / 1000000);
	struct tm tm;
	size_t n;

	ev->set |= NP_TEV_WALL;
	ev->wall_us = now;
	if (!localtime_r(&seconds, &tm))
		return;
	n = strftime(ev->stamp, sizeof(ev->stamp),
		m->opts.req->format == SHOW_JSON ? "%Y-%m-%dT%H:%M:%S" : "%H:%M:%S", &tm);
	n += (size_t)snprintf(ev->stamp + n, sizeof(ev->stamp) - n, ".%06d",
		(int)(now % 1000000));
	if (m->opts.req->format == SHOW_JSON)
		strftime(ev->stamp + n, sizeof(ev->stamp) - n, "%z", &tm);
}

static int on_event(const struct np_nft_trace *t, void *arg)
{
	struct monitor *m = arg;
	struct gather_event e;
	int ret = live_map_event(&m->map, t, false, &e);

	if (ret == -ENOENT) {
		ret = np_clock_us(CLOCK_MONOTONIC) - m->reloaded > RELOAD_US ? reload(m) : 0;
		if (!ret)
			ret = live_map_event(&m->map, t, true, &e);
	}
	if (ret <= 0)
		return ret;
	stamp(m, &e.ev);
	return gather_add(m->gather, &e);
}

static void on_lost(void *arg)
{
	((struct monitor *)arg)->counts.lost++;
}

/* Ends with 1 when there was enough for now. */
static int on_drop(const struct np_drop *d, void *arg)
{
	struct monitor *m = arg;
	const char *reason = np_intern(m->intern, d->reason, strlen(d->reason));
	const char *function = np_intern(m->intern, d->function, strlen(d->function));
	struct np_hdr hdr;

	if (!reason || !function)
		return -ENOMEM;
	if (d->bytes.l3 && !np_hdr_read(&hdr, &d->bytes) &&
		gather_drop(m->gather, &hdr, reason, function))
		return -ENOMEM;
	return ++m->drops_taken >= AT_ONCE;
}

static int take_drops(struct monitor *m)
{
	int ret = 0;

	m->drops_taken = 0;
	if (m->drops.d)
		ret = np_drops_take(m->drops.d, on_drop, m, &m->err);
	return ret > 0 ? 0 : ret;
}

/*
 * All that is there. A packet's lines are in the log before its later events come, and its
 * events before it is dropped. What had come by the time that it began was read when it is
 * settled, however long that took.
 */
static int take(struct monitor *m)
{
	const struct np_nft_trace_sink sink = { on_event, on_lost, m };
	int ret;

	gather_now(m->gather, np_clock_us(CLOCK_MONOTONIC));
	ret = take_drops(m);
	if (!ret)
		ret = np_nft_trace_take(m->events, &sink, &m->err);
	if (!ret)
		ret = quotes_take(&m->quotes, m->gather, AT_ONCE);
	if (!ret)
		ret = gather_late(m->gather);
	if (!ret)
		ret = monitor_log_take(&m->log, m->gather, m->map.host, AT_ONCE);
	if (!ret)
		ret = lookups_take(&m->lookups, &m->err);
	if (!ret)
		ret = gather_settle(m->gather);
	return ret;
}

static int failed(struct monitor *m, int ret, struct np_err *err)
{
	if (ret >= 0)
		return ret;
	*err = m->err;
	return err->code ? ret : np_err_set(err, -ret, "%s", strerror(-ret));
}

/* ---- the verbs' calls ---- */

static int open_sources(struct monitor *m, struct np_err *err)
{
	int ret = np_nft_open(&m->own, err);

	if (!ret)
		ret = np_nft_open(&m->ask, err);
	if (!ret)
		ret = np_nft_trace_open(&m->events, err);
	if (!ret)
		ret = monitor_log_open(&m->log, m->intern, m->opts.say, err);
	if (!ret)
		quotes_open(&m->quotes);
	if (!ret && !m->opts.req->no_drops && drops_open(&m->drops, err))
		*err = (struct np_err)NP_ERR_INIT; /* pkttrace doctor says why */
	return ret;
}

/* The rule of our own: none where nothing was asked for and `pkttrace add` has some. */
static int put_table(struct monitor *m, struct np_err *err)
{
	const struct live_request *req = m->opts.req;
	struct filter_rule rule = { .n = 0 };
	struct arm_rule *armed = NULL;
	size_t n = 0;
	int ret = 0;

	snprintf(m->table, sizeof(m->table), LIVE_TABLE "%d", (int)getpid());
	if (!req->some)
		ret = arm_list(m->ask, &armed, &n, err);
	free(armed);
	if (ret)
		return ret;
	filter_put(&rule, &req->filter);
	filter_put_trace(&rule);
	return monitor_table(m->own, m->table, n ? NULL : &rule, filter_chains(&req->filter), err);
}

static int open_gather(struct monitor *m, struct np_err *err)
{
	struct gather_opts opts = { .intern = m->intern, .ours = m->opts.req->some,
		.drops = m->drops.d != NULL, .quotes = m->quotes.fd >= 0 };

	m->gather = gather_new(&opts, on_packet, m);
	m->map.intern = m->intern;
	m->map.links = np_links_new();
	m->map.own = m->table;
	m->map.host = np_intern(m->intern, "", 0);
	m->r = renderer_of(m->opts.req->format);
	m->render = (struct render_opts){ .out = m->opts.out, .lines = true,
		.utc = m->opts.req->utc };
	m->state = m->r->start(&m->render);
	if (!m->gather || !m->map.links || !m->map.host || !m->state)
		return np_err_nomem(err);
	return m->opts.req->lookups ? lookups_open(&m->lookups, m->map.links, err) : 0;
}

int monitor_open(struct monitor **out, const struct monitor_opts *opts, struct np_err *err)
{
	struct monitor *m = calloc(1, sizeof(*m));
	int ret;

	if (!m)
		return np_err_nomem(err);
	m->opts = *opts;
	monitor_log_init(&m->log);
	m->quotes.fd = -1;
	m->err = (struct np_err)NP_ERR_INIT;
	m->start = np_clock_us(CLOCK_MONOTONIC);
	m->intern = np_intern_new();
	ret = m->intern ? open_sources(m, err) : np_err_nomem(err);
	if (!ret)
		ret = put_table(m, err);
	if (!ret)
		ret = open_gather(m, err);
	if (!ret)
		ret = failed(m, reload(m), err);
	if (!ret)
		say_unseen(m);
	if (!ret)
		monitor_log_rules(&m->log, m->gather);
	if (ret) {
		monitor_close(m);
		return ret;
	}
	*out = m;
	return 0;
}

/* They come while it waits, and then alone. */
static void catch_signals(sigset_t *wait)
{
	sigset_t block;

	sigemptyset(&block);
	sigaddset(&block, SIGINT);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGHUP);
	sigprocmask(SIG_BLOCK, &block, wait);
	interrupt_catch();
}

/* Microseconds that may be waited. */
static int64_t patience(const struct monitor *m)
{
	int64_t left = gather_open(m->gather) || m->opts.command ? WAIT_US : IDLE_US, end;

	if (!m->opts.req->timeout_us || m->opts.command)
		return left;
	end = m->start + m->opts.req->timeout_us - np_clock_us(CLOCK_MONOTONIC);
	return end < 0 ? 0 : end < left ? end : left;
}

static bool is_over(const struct monitor *m)
{
	const struct live_request *req = m->opts.req;

	if (m->opts.command)
		return command_is_over(m->opts.command, np_clock_us(CLOCK_MONOTONIC));
	return interrupted || (req->count && m->counts.packets >= req->count) ||
		(req->timeout_us &&
			np_clock_us(CLOCK_MONOTONIC) - m->start >= req->timeout_us);
}

/* What vanished at the very end has its time, too, but for one who wants no more. */
static int wait_reasons(struct monitor *m, const sigset_t *wait)
{
	const struct timespec ts = { 0, WAIT_US * 1000 };
	const uint64_t enough = m->opts.req->count ? m->opts.req->count : UINT64_MAX;
	int ret = take(m);

	while (!ret && !interrupted && m->counts.packets < enough &&
		gather_awaits_reason(m->gather)) {
		(void)ppoll(NULL, 0, &ts, wait);
		ret = take(m);
	}
	return ret;
}

int monitor_run(struct monitor *m, struct np_err *err)
{
	/* a line of the log alone begins no packet; who reads us may go, as ssh does */
	struct pollfd fds[2] = { { np_nl_fd(m->events), POLLIN, 0 },
		{ fileno(m->opts.out->fp), 0, 0 } };
	sigset_t wait;
	int ret = 0;

	catch_signals(&wait);
	while (!ret && !is_over(m) && !(fds[1].revents & (POLLERR | POLLHUP))) {
		int64_t us = patience(m);
		struct timespec ts = { us / 1000000, us % 1000000 * 1000 };

		(void)ppoll(fds, m->opts.command ? 1 : 2, &ts, &wait);
		ret = take(m);
	}
	if (!ret)
		ret = wait_reasons(m, &wait);
	if (!ret)
		ret = gather_flush(m->gather);
	sigprocmask(SIG_SETMASK, &wait, NULL);
	return failed(m, ret, err);
}

void monitor_counts(const struct monitor *m, struct monitor_counts *counts)
{
	*counts = m->counts;
	counts->lost_lines = m->log.kmsg.lost;
}

void monitor_close(struct monitor *m)
{
	np_nft_close(m->own); /* and the table goes */
	np_nft_close(m->ask);
	np_nl_close(m->events);
	monitor_log_close(&m->log);
	drops_close(&m->drops);
	lookups_close(&m->lookups);
	quotes_close(&m->quotes);
	if (m->r)
		m->r->free(m->state);
	gather_free(m->gather);
	explainer_free(m->ex);
	live_map_clean(&m->map);
	np_links_free(m->map.links);
	np_nft_ruleset_clean(&m->map.rs);
	np_intern_free(m->intern);
	free(m);
}
