// SPDX-License-Identifier: GPL-2.0-or-later
/* prt watch: the answer to a question, and again whenever a change of the host changes it. */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "ip/explain_args.h"
#include "ip/explain_run.h"
#include "lib/clock.h"
#include "lib/fib_load.h"

#define QUIET_MS 50  /* a burst of changes is over when nothing came for so long */
#define BURST_MS 500 /* … and is looked at in any case after so long */
#define SYSCTL_MS 1000 /* how often the sysctls of which no event tells are looked at */

struct watch {
	struct prt *p;
	struct np_args words; /* the question */
	struct explain_args args;
	struct explain_run run;
	struct np_nl *events;
	int signals;    /* signalfd of SIGINT and SIGTERM */
	char *question; /* the words as one text */
	char *last;     /* the answer that was printed last; NULL: none yet */
	struct np_neigh hop; /* whom the packet is handed to; its ifindex 0: nobody */
	uint32_t shown;
	int64_t end_ms; /* -1: never */
};

static int64_t now_ms(void)
{
	return np_clock_us(CLOCK_MONOTONIC) / 1000;
}

/* ---- the answer ---- */

static void stamp(char *buf, size_t size, bool utc)
{
	struct timespec ts;
	struct tm tm;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (utc)
		gmtime_r(&ts.tv_sec, &tm);
	else
		localtime_r(&ts.tv_sec, &tm);
	n = strftime(buf, size, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + n, size - n, ".%06ld%s", ts.tv_nsec / 1000, utc ? "Z" : "");
}

/* What `explain -j` says, with the time; an error is the answer where there is no other. */
static void put_json(struct watch *w, const struct explain_slot *s, const char *error)
{
	struct explanation x;
	struct np_json *j = &w->p->json_room;
	char time[64];

	stamp(time, sizeof(time), true);
	np_json_init(j, w->p->show.fp, false);
	if (error) {
		np_json_open(j, NULL, '{');
		np_json_str(j, "time", time);
		np_json_str(j, "question", w->question);
		np_json_str(j, "error", error);
		np_json_close(j, '}');
	} else {
		x = explain_of(&w->run, s, false);
		x.time = time;
		explain_json(&x, j);
	}
	np_json_end(j);
}

static void put_text(struct watch *w, const char *line)
{
	char time[64];

	if (w->last) { /* the first is the answer of now */
		stamp(time, sizeof(time), false);
		fprintf(w->p->show.fp, "[%s] ", time);
	}
	fputs(line, w->p->show.fp);
}

/* Prints line if it is news. Takes it over. */
static void tell(struct watch *w, const struct explain_slot *s, char *line, const char *error)
{
	if (w->last && !strcmp(w->last, line)) {
		free(line);
		return;
	}
	if (w->p->want_json)
		put_json(w, s, error);
	else
		put_text(w, line);
	fflush(w->p->show.fp);
	free(w->last);
	w->last = line;
	w->shown++;
}

/* The answer as the one line of a batch, into *line. */
static int render(struct watch *w, const struct explain_slot *s, const char *error, char **line)
{
	struct prt_show show = w->p->show;
	struct explanation x;
	size_t len;

	show.fp = open_memstream(line, &len);
	if (!show.fp)
		return -ENOMEM;
	if (error) {
		fprintf(show.fp, "%s: error: %s\n", w->question, error);
	} else {
		x = explain_of(&w->run, s, true);
		x.show = &show;
		explain_brief(&x, w->question);
	}
	return fclose(show.fp) ? -ENOMEM : 0;
}

/* Links come and go, and with them what a name of the question means. */
static int fresh(struct watch *w, struct np_err *err)
{
	np_links_free(w->p->show.links);
	w->p->show.links = np_links_new();
	w->run.loaded[0] = w->run.loaded[1] = false;
	w->run.rereads = 0;
	explain_expect(&w->run, 1);
	return w->p->show.links ? 0 : np_err_nomem(err);
}

static int answer(struct watch *w, struct explain_slot *s, struct np_err *err)
{
	struct np_args a = w->words;
	struct np_err no = NP_ERR_INIT;
	char *line = NULL;
	int ret = explain_parse_slot(&w->run, s, &a, &no);
	bool gone = (ret == -ENODEV || ret == -EINVAL) && !no.refused;

	if (ret && (!gone || !w->last)) {
		*err = no;
		return ret;
	}
	if (!ret)
		ret = explain_ask(&w->run, s, true, err);
	if (!ret)
		ret = explain_settle(&w->run, s, err);
	if (ret && !gone)
		return ret;
	w->hop.ifindex = 0;
	if (!gone && s->has_neigh)
		w->hop = s->neigh;
	ret = render(w, s, gone ? no.text : NULL, &line);
	if (ret)
		return np_err_nomem(err);
	tell(w, s, line, gone ? no.text : NULL);
	return 0;
}

static int look(struct watch *w, struct np_err *err)
{
	struct explain_slot s = { 0 };
	int ret = fresh(w, err);

	if (ret)
		return ret;
	np_fib_kernel_init(&s.kernel);
	ret = answer(w, &s, err);
	explain_query_clean(&s.query);
	np_fib_kernel_clean(&s.kernel);
	return ret;
}

/* ---- what changes ---- */

static int join(struct watch *w, struct np_err *err)
{
	static const unsigned groups[] = {
		RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE,
		RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE, RTNLGRP_IPV4_NETCONF,
		RTNLGRP_IPV6_NETCONF, RTNLGRP_NEXTHOP,
	};
	int ret = np_nl_open(&w->events, NETLINK_ROUTE, err);

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]) && !ret; i++)
		ret = np_nl_join(w->events, groups[i], err);
	return ret;
}

static bool same_conf(const struct np_fib *a, const struct np_fib *b)
{
	if (a->n_devs != b->n_devs || memcmp(a->all, b->all, sizeof(a->all)) ||
	    a->all_forwarding6 != b->all_forwarding6)
		return false;
	for (size_t i = 0; i < a->n_devs; i++) {
		const struct np_fib_dev *x = &a->devs[i], *y = &b->devs[i];

		if (x->ifindex != y->ifindex || memcmp(x->conf, y->conf, sizeof(x->conf)) ||
		    x->forwarding6 != y->forwarding6 || x->disabled6 != y->disabled6 ||
		    x->ignore_linkdown6 != y->ignore_linkdown6 || x->mtu6 != y->mtu6 ||
		    x->force_forwarding6 != y->force_forwarding6)
			return false;
	}
	return true;
}

/* accept_local, route_localnet, src_valid_mark and IPv6's mtu change without an event. */
static int conf_changed(struct watch *w, bool *changed, struct np_err *err)
{
	const struct np_fib *have = &w->run.hosts[w->run.loaded[1]].fib;
	struct np_fib fib;
	int ret;

	np_fib_init(&fib, have->family);
	ret = np_fib_load_links(&fib, w->p->nl, err);
	np_fib_load_conf(&fib);
	*changed = !ret && !same_conf(&fib, have);
	np_fib_clean(&fib);
	return ret;
}

/*
 * A busy link has events of neighbours all the time: the one that matters is asked for.
 * FAILED and INCOMPLETE take turns while packets are sent, and are one answer.
 */
static int hop_changed(struct watch *w, bool *changed, struct np_err *err)
{
	struct np_neigh now = w->hop;
	int ret = now.ifindex ? np_neigh_get(w->p->nl, &now, err) : 0;

	*changed = !ret && now.ifindex && np_neigh_silent(&now) != np_neigh_silent(&w->hop);
	return ret;
}

enum heard { NOTHING, CHANGE, THE_END, NO_READER };

/* Waits, ms at most. Returns enum heard or -errno. */
static int wait_for(struct watch *w, int64_t ms, struct np_err *err)
{
	/* who reads may go long before there is something to write, as grep -m 1 does */
	struct pollfd fds[3] = { { .fd = np_nl_fd(w->events), .events = POLLIN },
				 { .fd = w->signals, .events = POLLIN },
				 { .fd = STDOUT_FILENO } };
	int n = poll(fds, 3, (int)ms);

	if (n < 0 && errno != EINTR)
		return np_err_set(err, errno, "cannot wait for events: %s", strerror(errno));
	if (n <= 0)
		return NOTHING;
	if (fds[1].revents) {
		struct signalfd_siginfo taken; /* else it strikes when it is let through again */

		if (read(w->signals, &taken, sizeof(taken)) > 0)
			return THE_END;
	}
	if (fds[2].revents & (POLLERR | POLLHUP))
		return NO_READER;
	n = np_nl_drain(w->events, err);
	return n < 0 ? n : n ? CHANGE : NOTHING;
}

/* A change is seldom alone: waits until they pause. */
static int settle(struct watch *w, struct np_err *err)
{
	int64_t until = now_ms() + BURST_MS;
	int heard;

	do
		heard = wait_for(w, QUIET_MS, err);
	while (heard == CHANGE && now_ms() < until);
	return heard == NOTHING ? CHANGE : heard;
}

/* Until there is something to look at. Returns CHANGE, THE_END, NO_READER or -errno. */
static int next_change(struct watch *w, struct np_err *err)
{
	for (;;) {
		int64_t left = w->end_ms < 0 ? SYSCTL_MS : w->end_ms - now_ms();
		bool changed = false;
		int heard, ret;

		if (left <= 0)
			return THE_END;
		heard = wait_for(w, left < SYSCTL_MS ? left : SYSCTL_MS, err);
		if (heard == CHANGE)
			return settle(w, err);
		if (heard != NOTHING)
			return heard;
		ret = conf_changed(w, &changed, err);
		if (!ret && !changed)
			ret = hop_changed(w, &changed, err);
		if (ret || changed)
			return ret ? ret : CHANGE;
	}
}

/* ---- the command ---- */

/* As a write would end it, that is to say by a signal, unless it is ignored. */
static int no_reader(struct np_err *err)
{
	raise(SIGPIPE);
	return np_err_set(err, EPIPE, "cannot write: %s", strerror(EPIPE));
}

static int watch(struct watch *w, struct np_err *err)
{
	int heard = CHANGE, ret = join(w, err);

	while (!ret && heard == CHANGE) {
		ret = look(w, err);
		if (ret || ferror(w->p->show.fp) ||
		    (w->args.count && w->shown >= w->args.count))
			break;
		heard = next_change(w, err);
		if (heard < 0)
			ret = heard;
	}
	return heard == NO_READER ? no_reader(err) : ret;
}

/* SIGINT and SIGTERM end the watch, not the process: their old state in old. */
static int catch_signals(struct watch *w, sigset_t *old, struct np_err *err)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, old);
	w->signals = signalfd(-1, &set, SFD_CLOEXEC);
	return w->signals < 0 ? np_err_set(err, errno, "signalfd: %s", strerror(errno)) : 0;
}

static char *join_words(const struct np_args *a)
{
	char *text = NULL;
	size_t len;
	FILE *fp = open_memstream(&text, &len);

	if (!fp)
		return NULL;
	for (int i = a->at; i < a->argc; i++)
		fprintf(fp, "%s%s", i > a->at ? " " : "", a->argv[i]);
	if (fclose(fp)) {
		free(text);
		return NULL;
	}
	return text;
}

static int begin(struct watch *w, const struct np_args *a, struct np_err *err)
{
	sigset_t old;
	int ret = prt_need_nl(w->p, err);

	if (ret)
		return ret;
	w->words = *a;
	w->question = join_words(a);
	if (!w->question)
		return np_err_nomem(err);
	if (w->args.timeout_us)
		w->end_ms = now_ms() + (w->args.timeout_us + 999) / 1000;
	ret = catch_signals(w, &old, err);
	if (!ret)
		ret = watch(w, err);
	if (w->signals >= 0)
		close(w->signals);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return ret;
}

int prt_watch(struct prt *p, struct np_args *a, struct np_err *err)
{
	struct watch w = { .p = p, .signals = -1, .end_ms = -1 };
	const bool json = p->want_json;
	int ret;

	explain_run_init(&w.run, p);
	w.run.d.walk.brief = true;
	ret = explain_take_options(p, watch_opts, a, &w.args, err);
	if (!ret)
		ret = begin(&w, a, err);
	explain_run_clean(&w.run);
	np_nl_close(w.events);
	free(w.question);
	free(w.last);
	p->want_json = json;
	return ret;
}
