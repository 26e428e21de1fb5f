// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/show.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/intern.h"
#include "trace/explain.h"
#include "trace/interrupt.h"
#include "trace/logfile.h"
#include "trace/readahead.h"
#include "trace/render.h"
#include "trace/ruleset.h"
#include "trace/show_files.h"
#include "trace/show_hint.h"
#include "trace/timeline.h"

struct show {
	const struct show_request *req;
	FILE *say;
	bool say_tty;
	struct np_intern *intern;
	struct ruleset *rules;
	struct logline *ll;
	struct timeline *tl;
	struct explainer *ex; /* NULL: nothing is to be explained */
	const struct renderer *r;
	void *state;
	struct render_opts opts;
	struct render_counts counts;
	int64_t progress; /* when the progress was last drawn */
	bool progress_drawn, failed, lossy;
	struct np_err explain_err; /* why a packet could not be explained */
};

static const struct renderer *renderer_of(enum show_format format)
{
	static const struct renderer *const rows[] = {
		[SHOW_TEXT] = &render_text,       [SHOW_BRIEF] = &render_brief,
		[SHOW_JSON] = &render_json,       [SHOW_DOT] = &render_dot,
		[SHOW_MERMAID] = &render_mermaid, [SHOW_PCAPNG] = &render_pcapng,
		[SHOW_SUMMARY] = &render_summary,
	};

	return rows[format];
}

/* Whether the log is known by now to have lost lines or, by its reader, damaged ones. */
static bool is_lossy(struct show *s, const struct packet *p)
{
	bool lossy = __atomic_load_n(&s->lossy, __ATOMIC_RELAXED);

	for (uint32_t i = 0; i < p->n_steps && !lossy; i++) {
		lossy = p->steps[i].before & STEP_GAP;
		if (lossy)
			__atomic_store_n(&s->lossy, true, __ATOMIC_RELAXED);
	}
	return lossy;
}

static int draw(struct show *s, const struct packet *p)
{
	struct packet seen = *p;
	int ret = s->ex ? explainer_packet(s->ex, &seen, &s->explain_err) : 0;

	seen.outcome.lossy = is_lossy(s, p);
	return ret ? ret : s->r->packet(s->state, &seen);
}

/* In a copy that was cut at a width some lines end before the addresses: its last may be one. */
static bool is_end_unknown(const struct show *s, const struct packet *p)
{
	const struct packet_outcome *out = &p->outcome;

	return packet_last(p)->set & packet_first(p)->set & NP_TEV_CUT && !out->evident &&
		(out->state == PACKET_DROPPED || out->state == PACKET_VANISHED) &&
		__atomic_load_n(&s->lossy, __ATOMIC_RELAXED);
}

static int on_packet(const struct packet *p, void *arg)
{
	struct show *s = arg;
	struct packet open;

	s->counts.packets++;
	if (is_end_unknown(s, p)) {
		open = *p;
		open.outcome = (struct packet_outcome){ .state = PACKET_UNFINISHED };
		p = &open;
	}
	if (!select_packet(&s->req->select, p))
		return 0;
	s->counts.shown++;
	return s->ex || s->req->format == SHOW_TEXT ? draw(s, p) : s->r->packet(s->state, p);
}

static int read_rules(struct show *s, struct np_err *err)
{
	int ret;

	if (!s->req->n_rules)
		return 0;
	s->rules = ruleset_new(s->intern);
	if (!s->rules)
		return np_err_nomem(err);
	for (unsigned i = 0; i < s->req->n_rules; i++) {
		ret = ruleset_read_file(s->rules, s->req->rules[i], err);
		if (ret)
			return ret;
	}
	return 0;
}

/* Filters that look at every line of a packet need them all. */
static bool may_skip_steps(const struct show_request *req)
{
	const uint32_t steps = 1u << SELECT_SRC | 1u << SELECT_DST | 1u << SELECT_SPORT |
		1u << SELECT_DPORT | 1u << SELECT_IN | 1u << SELECT_OUT | 1u << SELECT_TABLE |
		1u << SELECT_CHAIN;

	return !(req->select.kinds & steps);
}

static int begin(struct show *s, struct np_err *err)
{
	struct timeline_opts opts;
	int ret;

	s->intern = np_intern_new();
	if (!s->intern)
		return np_err_nomem(err);
	ret = read_rules(s, err);
	if (!ret && s->req->explain)
		ret = explainer_new(&s->ex, s->req->snapshots, s->req->n_snapshots, err);
	if (ret)
		return ret;
	s->r = renderer_of(s->req->format);
	opts = (struct timeline_opts){ .intern = s->intern, .rules = s->rules,
		.quiet_steps = s->r->quiet_steps && may_skip_steps(s->req) };
	s->ll = logline_new(s->intern, s->req->now_us);
	s->tl = timeline_new(&opts, on_packet, s);
	s->state = s->r->start(&s->opts);
	return s->ll && s->tl && s->state ? 0 : np_err_nomem(err);
}

static void end(struct show *s)
{
	if (s->r)
		s->r->free(s->state);
	timeline_free(s->tl);
	explainer_free(s->ex);
	logline_free(s->ll);
	ruleset_free(s->rules);
	np_intern_free(s->intern);
}

static void clear_progress(struct show *s)
{
	if (s->progress_drawn)
		fputs("\r\033[K", s->say);
	s->progress_drawn = false;
}

/* Drawn five times a second, on a terminal, where the wait is long enough to be felt. */
static void draw_progress(struct show *s, const struct logfile *lf, const char *name)
{
	unsigned long long done, size;
	int64_t now = np_clock_us(CLOCK_MONOTONIC);

	if (now - s->progress < 200000)
		return;
	s->progress = now;
	logfile_progress(lf, &done, &size);
	if (size)
		fprintf(s->say, "\r\033[K%s: %llu %%", name, done * 100 / size);
	else
		fprintf(s->say, "\r\033[K%s: %llu MB", name, done / 1000000);
	fflush(s->say);
	s->progress_drawn = true;
}

/*
 * A log as it is read. Where a thread reads ahead it is the thread's, and must
 * not share a cache line with anything that the other one touches.
 */
struct reader {
	struct show *s;
	struct logfile *lf;
	const char *name;
	uint64_t number;
	uint64_t lines, damaged;
	struct np_trace_event ev; /* what the last line said */
	struct timeline_note note;
	struct np_err err;
};

static void say_damaged(const struct reader *r, const char *line, size_t len, const char *why)
{
	clear_progress(r->s);
	show_hint_damaged(r->s->say, r->name, r->number, line, len, why);
}

/* A log_item_fn. */
static int next_item(void *arg, struct log_item *item)
{
	struct reader *r = arg;
	struct show *s = r->s;
	const char *line, *why;
	size_t len;
	int ret = 0;

	while (!interrupted && (ret = logfile_next(r->lf, &line, &len, &r->err)) > 0) {
		r->number++;
		if (s->say_tty && !(r->number & 0xffff))
			draw_progress(s, r->lf, r->name);
		why = NULL;
		*item = (struct log_item){ .ev = &r->ev, .note = &r->note };
		item->kind = logline_parse(s->ll, line, len, &r->ev, &r->note, &why);
		switch (item->kind) {
		case LOGLINE_TRACE:
			r->lines++;
			r->ev.line = r->number;
			r->ev.file = r->name;
			return 1;
		case LOGLINE_NOTE:
			return 1;
		case LOGLINE_DAMAGED:
			r->damaged++;
			__atomic_store_n(&s->lossy, true, __ATOMIC_RELAXED);
			if (s->req->verbose)
				say_damaged(r, line, len, why);
			break;
		case LOGLINE_OTHER:
			break;
		}
	}
	return ret >= 0 || ret == -EINTR ? 0 : ret;
}

static int take_item(struct show *s, const struct log_item *item)
{
	if (item->kind == LOGLINE_TRACE)
		return timeline_add(s->tl, item->ev);
	timeline_note(s->tl, item->note);
	return 0;
}

/* A file that fails is named, and the others are read all the same. */
static void say_file(struct show *s, const struct np_err *err)
{
	clear_progress(s);
	fprintf(s->say, "pkttrace: %s\n", err->text);
	s->failed = true;
}

/* What the reader's end means: 0, or 1 where the file failed (which is said). */
static int settle(struct reader *r, int ret)
{
	if (!ret)
		return 0;
	say_file(r->s, &r->err);
	return 1;
}

/*
 * Takes every item that `next` gives: all that is there now. Returns 0, 1 where the file
 * failed (which was said), or -errno.
 */
static int read_by(struct reader *r, log_item_fn next, void *arg)
{
	struct log_item item;
	int ret, taken;

	while ((ret = next(arg, &item)) == 1) {
		taken = take_item(r->s, &item);
		if (taken)
			return taken;
	}
	return settle(r, ret);
}

static int read_all(struct reader *r)
{
	return read_by(r, next_item, r);
}

static int next_ahead(void *arg, struct log_item *item)
{
	return readahead_next(arg, item);
}

/* The same with a thread that reads ahead. */
static int read_large(struct reader *r)
{
	struct readahead *ra;
	int ret;

	if (readahead_start(&ra, next_item, r))
		return read_all(r);
	ret = read_by(r, next_ahead, ra);
	readahead_stop(ra);
	return ret;
}

/* Below it a thread costs more than it saves. */
#define LARGE_LOG (1ull << 20)

static bool is_large(const struct logfile *lf)
{
	unsigned long long done, size;

	logfile_progress(lf, &done, &size);
	return size >= LARGE_LOG;
}

#define CACHE_LINE 64

/* Opened; NULL where that failed, which was said. */
static struct reader *reader_open(struct show *s, const char *name)
{
	size_t size = (sizeof(struct reader) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
	struct reader *r = aligned_alloc(CACHE_LINE, size);
	struct np_err err = NP_ERR_INIT;

	if (!r) {
		np_err_nomem(&err);
		say_file(s, &err);
		return NULL;
	}
	*r = (struct reader){ .s = s, .name = name, .err = NP_ERR_INIT };
	if (!logfile_open(&r->lf, name, s->req->follow, &r->err)) {
		if (logfile_awaited(r->lf))
			fprintf(s->say, "pkttrace: %s is not there yet: waiting for it\n", name);
		return r;
	}
	say_file(s, &r->err);
	free(r);
	return NULL;
}

static void reader_close(struct reader *r)
{
	if (!r)
		return;
	r->s->counts.lines += r->lines;
	r->s->counts.damaged += r->damaged;
	logfile_close(r->lf);
	free(r);
}

static int read_file(struct show *s, const char *name)
{
	struct reader *r = reader_open(s, name);
	int ret;

	if (!r)
		return 0;
	logline_file(s->ll, name);
	ret = is_large(r->lf) ? read_large(r) : read_all(r);
	clear_progress(s);
	reader_close(r);
	return ret < 0 ? ret : 0;
}

/* Waits a tenth of a second in all, so that no file keeps another waiting. */
#define FOLLOW_WAIT_MS 100

/*
 * One look at each file; NULL for one that could not be opened or has come to
 * its end. Returns how many are left, or -errno.
 */
static int follow_round(struct show *s, struct reader **f)
{
	unsigned n = s->req->n_files;
	int ret = timeline_expire(s->tl, np_clock_us(CLOCK_MONOTONIC)), left = 0;

	if (ret)
		return ret;
	for (unsigned i = 0; i < n && !interrupted; i++) {
		if (!f[i])
			continue;
		if (n > 1)
			logline_file(s->ll, s->req->files[i]);
		ret = read_all(f[i]);
		if (ret < 0)
			return ret;
		if (ret || logfile_ended(f[i]->lf)) {
			reader_close(f[i]);
			f[i] = NULL;
			continue;
		}
		left++;
		if (!interrupted)
			(void)logfile_wait(f[i]->lf, FOLLOW_WAIT_MS / (int)n + 1);
	}
	if (fflush(s->opts.out->fp) != 0)
		return errno ? -errno : -EIO;
	return left;
}

static int follow(struct show *s, struct np_err *err)
{
	unsigned n = s->req->n_files;
	struct reader **f = calloc(n, sizeof(struct reader *));
	int ret = 0;

	if (!f)
		return np_err_nomem(err);
	for (unsigned i = 0; i < n; i++) {
		logline_file(s->ll, s->req->files[i]);
		f[i] = reader_open(s, s->req->files[i]);
	}
	do
		ret = follow_round(s, f);
	while (ret > 0 && !interrupted);
	for (unsigned i = 0; i < n; i++)
		reader_close(f[i]);
	free(f);
	return ret < 0 ? ret : 0;
}

static void say_unexplained(const struct show *s)
{
	const char *host;
	uint64_t n = s->ex ? explainer_left(s->ex, &host) : 0;

	if (n)
		fprintf(s->say, "pkttrace: %llu vanished packet%s not explained: %s is another "
			"host; --snapshot FILE takes what `prt snapshot` writes there\n",
			(unsigned long long)n, n == 1 ? "" : "s", host && *host ? host : "it");
}

static void say_end(const struct show *s)
{
	const struct render_counts *c = &s->counts;
	struct timeline_stats stats;

	timeline_get_stats(s->tl, &stats);
	if (c->damaged)
		fprintf(s->say, "pkttrace: %llu damaged TRACE %s skipped%s\n",
			(unsigned long long)c->damaged, c->damaged == 1 ? "line was" : "lines were",
			s->req->verbose ? "" : " (-v shows them)");
	show_hint_stats(s->say, &stats);
	say_unexplained(s);
	if (!c->lines && !c->damaged && !s->failed)
		show_hint_no_trace(s->say, s->req);
	else if (c->packets && !c->shown)
		fprintf(s->say, "pkttrace: %llu packet%s, but the options select none\n",
			(unsigned long long)c->packets, c->packets == 1 ? "" : "s");
}

static int read_input(struct show *s, struct np_err *err)
{
	int ret = 0;

	show_files_sort(s->req->files, s->req->n_files, s->req->now_us);
	if (s->req->follow) {
		interrupt_catch();
		return follow(s, err);
	}
	for (unsigned i = 0; i < s->req->n_files && !ret; i++)
		ret = read_file(s, s->req->files[i]);
	return ret;
}

int show_run(const struct show_request *req, const struct np_out *out, FILE *say,
	struct np_err *err)
{
	struct show s = { .req = req, .say = say, .say_tty = isatty(fileno(say)),
		.explain_err = NP_ERR_INIT };
	int ret;

	s.opts = (struct render_opts){ .out = out, .pretty = req->pretty, .lines = req->follow,
		.utc = req->utc };
	ret = begin(&s, err);
	if (!ret)
		ret = read_input(&s, err);
	if (!ret)
		ret = timeline_flush(s.tl);
	if (!ret)
		ret = s.r->end(s.state, &s.counts);
	if (!ret)
		say_end(&s);
	end(&s);
	if (ret && s.explain_err.code)
		*err = s.explain_err;
	if (ret && err->code == 0)
		np_err_set(err, -ret, "%s", strerror(-ret));
	return ret ? ret : s.failed;
}
