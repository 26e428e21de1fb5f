// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ip/route_verbs.h"
#include "lib/msgs.h"
#include "lib/route_io.h"

/* A flush that others keep filling up again is given up. */
#define FLUSH_SECONDS 30

struct flush {
	struct route_printer rp;
	struct route_filter filter;
	struct np_route_dump dump;
	struct np_nl *nl;     /* deletions, apart from what a batch keeps back */
	struct np_msgs found;
	unsigned n;
	struct np_err *err;
	bool failed;
};

static int find_one(const struct nlmsghdr *nlh, void *arg)
{
	struct flush *f = arg;
	int ret = route_printer_read(&f->rp, nlh, f->err);

	if (ret == -ENOMEM)
		return ret;
	if (ret || f->rp.route.set & NP_RT_DELETED ||
	    !route_filter_match(&f->filter, &f->rp.route))
		return 0;
	f->n++;
	return np_msgs_add(&f->found, nlh) ? np_err_nomem(f->err) : 0;
}

static int find_again(void *arg)
{
	struct flush *f = arg;

	np_msgs_clear(&f->found);
	f->n = 0;
	return 0;
}

static void first_failure(void *arg, uint32_t tag, const struct np_err *err)
{
	struct flush *f = arg;

	(void)tag;
	if (!f->failed && f->err)
		*f->err = *err;
	f->failed = true;
}

/* Deletes what was found; with -s -s it is shown first. */
static int delete_found(struct flush *f)
{
	struct np_nl_batch batch = { NP_NL_GO_ON, first_failure, f };
	struct nlmsghdr *nlh = NULL;
	int ret = np_nl_batch_begin(f->nl, &batch, f->err);

	if (ret)
		return ret;
	while (!ret && (nlh = np_msgs_next(&f->found, nlh))) {
		if (f->rp.p->show.stats > 1 && !route_printer_read(&f->rp, nlh, NULL))
			route_printer_print(&f->rp);
		ret = np_route_delete_msg(f->nl, nlh, f->err);
	}
	np_nl_batch_end(f->nl);
	return f->failed ? (f->err ? -f->err->code : -EIO) : ret;
}

static void say_end(const struct flush *f, unsigned round)
{
	const struct prt_show *show = &f->rp.p->show;

	if (!show->stats)
		return;
	if (!round && (!f->filter.cached || f->dump.family == AF_INET6))
		fputs("Nothing to flush.\n", show->fp);
	else
		fprintf(show->fp, "*** Flush is complete after %u round%s ***\n", round,
			round > 1 ? "s" : "");
}

static int flush_rounds(struct flush *f)
{
	const struct prt_show *show = &f->rp.p->show;
	struct np_nl_sink sink = { find_one, find_again, f };
	time_t start = time(NULL);

	for (unsigned round = 0;;) {
		int ret;

		find_again(f);
		ret = np_route_list(f->rp.p->nl, &f->dump, &sink, f->err);
		if (ret)
			return ret;
		if (!f->n) {
			say_end(f, round);
			return 0;
		}
		round++;
		ret = delete_found(f);
		if (ret)
			return ret;
		if (time(NULL) - start > FLUSH_SECONDS) {
			fprintf(show->fp, "\n*** Flush not completed after %ld seconds, "
				"%u entries remain ***\n", (long)(time(NULL) - start), f->n);
			return np_err_set(f->err, ETIMEDOUT, "the flush is not complete: "
					  "routes keep coming back");
		}
		if (show->stats)
			fprintf(show->fp, "\n*** Round %u, deleting %u entries ***\n", round, f->n);
	}
}

/*
 * IPv4 has had no cache since Linux 3.6; what the file still does is to make the
 * kernel forget what it learned (redirects, path MTUs).
 */
static void flush_cache(const struct prt *p)
{
	static const char path[] = "/proc/sys/net/ipv4/route/flush";
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "-1", 2) != 2)
		prt_note(p, "cannot write %s: %s", path, strerror(errno));
	else if (isatty(STDERR_FILENO))
		prt_note(p, "note: Linux has had no IPv4 routing cache since 3.6; "
			 "learned redirects and path MTUs are forgotten");
	if (fd >= 0)
		close(fd);
	if (p->show.stats)
		fputs("*** IPv4 routing cache is flushed.\n", p->show.fp);
}

static int flush(struct flush *f, struct np_args *a)
{
	struct prt *p = f->rp.p;
	int ret = route_filter_parse(&f->filter, p, a, f->err);

	if (!ret)
		ret = prt_settle(p, f->err);
	if (ret)
		return ret;
	f->filter.flush = true;
	route_filter_hide(&f->filter, &f->rp.show);
	route_filter_dump(&f->filter, p, &f->dump);
	if (f->filter.cached && f->dump.family != AF_INET6)
		flush_cache(p);
	if (f->filter.cached && f->dump.family == AF_INET)
		return 0;
	if (p->show.stats > 1)
		np_links_load(p->show.links, NULL);
	ret = np_nl_open(&f->nl, NETLINK_ROUTE, f->err);
	return ret ? ret : flush_rounds(f);
}

int route_flush(struct prt *p, struct np_args *a, struct np_err *err)
{
	struct flush f = { .err = err };
	int ret;

	if (!np_args_peek(a))
		return np_args_fail(a, err, "\"flush\" wants a selector, so that it does not "
				    "empty the main table by accident (\"flush table main\" does)");
	route_printer_init(&f.rp, p);
	p->show.json = NULL; /* its words are text, whatever -j says */
	ret = flush(&f, a);
	np_nl_close(f.nl);
	np_msgs_free(&f.found);
	route_printer_clean(&f.rp);
	return ret;
}
