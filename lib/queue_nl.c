// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many messages in one send. The kernel handles them in order before send returns
 * and goes on after one that fails; each failure is answered, and the last message
 * asks for an ack, which closes the round.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/msgs.h"
#include "lib/nl_priv.h"

/*
 * 256 messages are as fast as any number (the floor of the kernel's own work is
 * reached), and their errors fit a receive queue of the default size; answers to
 * questions are a page each.
 */
#define QUEUE_MSGS 256
#define QUEUE_ASKS 40
#define QUEUE_BYTES (48 * 1024)

struct queued {
	uint32_t tag;
	uint32_t offset; /* of the message in buf */
	bool failed, done;
	np_nl_msg *msg;  /* NULL: a change, not a question */
	uint64_t arg[NP_NL_ASK_ARG / sizeof(uint64_t)];
};

struct np_nl_queue {
	struct np_nl_batch batch;
	size_t n, used, asks;
	uint32_t first_seq;
	struct queued q[QUEUE_MSGS];
	uint64_t buf[(QUEUE_BYTES + NP_NL_MSG_MAX) / sizeof(uint64_t)];
};

int np_nl_batch_begin(struct np_nl *nl, const struct np_nl_batch *batch, struct np_err *err)
{
	nl->queue = malloc(sizeof(*nl->queue));
	if (!nl->queue)
		return np_err_nomem(err);
	nl->queue->batch = *batch;
	nl->queue->n = nl->queue->used = nl->queue->asks = 0;
	nl->stopped = false;
	return 0;
}

uint32_t np_nl_tag(struct np_nl *nl, uint32_t tag)
{
	uint32_t was = nl->tag;

	nl->tag = tag;
	return was;
}

bool np_nl_stopped(const struct np_nl *nl)
{
	return nl->stopped;
}

static struct nlmsghdr *message(struct np_nl_queue *q, size_t i)
{
	return (struct nlmsghdr *)((char *)q->buf + q->q[i].offset);
}

static void fail(struct np_nl *nl, struct queued *e, const struct np_err *err)
{
	struct np_nl_batch *b = &nl->queue->batch;

	e->failed = e->done = true;
	if (nl->stopped)
		return;
	b->fail(b->arg, e->tag, err);
	nl->stopped = b->mode == NP_NL_STOP;
}

/* One message of the round's answers. Returns true when it is the last. */
static bool answer(struct np_nl *nl, const struct nlmsghdr *h)
{
	struct np_nl_queue *q = nl->queue;
	uint32_t i = h->nlmsg_seq - q->first_seq;
	struct np_err err = NP_ERR_INIT;
	struct queued *e;

	if (i >= q->n)
		return false;
	e = &q->q[i];
	if (h->nlmsg_type == NLMSG_ERROR) {
		if (np_nl_ack(nl, h, &err))
			fail(nl, e, &err);
	} else if (e->msg && !e->done && !nl->stopped) {
		int ret = e->msg(h, e->arg);

		if (ret) {
			np_err_set(&err, -ret, "the kernel's answer cannot be shown: %s",
				   strerror(-ret));
			fail(nl, e, &err);
		}
	} else if (!e->msg) {
		return false;
	}
	e->done = true;
	return i == q->n - 1;
}

/* Answers are there when send has returned. Returns 0, or -errno when some are lost. */
static int collect(struct np_nl *nl)
{
	for (;;) {
		ssize_t n = np_nl_recv(nl, false);
		const struct nlmsghdr *h = (const void *)nl->rbuf;
		int left = (int)n;

		if (n == -ENOBUFS)
			continue;
		if (n <= 0)
			return n ? (int)n : -EPIPE;
		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left))
			if (answer(nl, h))
				return 0;
	}
}

/*
 * Deletes what message i added. The same attributes name exactly that route: of two
 * that they fit, the kernel takes the one with the lowest metric, and ours has the
 * one that was asked for (IPv6 counts an unsaid metric as 1024, so it is said).
 */
static int take_back(struct np_nl *nl, const struct nlmsghdr *added, struct np_err *err)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(added);
	struct nlmsghdr *nlh = (struct nlmsghdr *)nl->msg;
	const struct nlattr *attr;
	bool metric = false;

	memcpy(nlh, added, added->nlmsg_len);
	nlh->nlmsg_type = RTM_DELROUTE;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	mnl_attr_for_each(attr, nlh, sizeof(*rtm))
		metric |= mnl_attr_get_type(attr) == RTA_PRIORITY;
	if (rtm->rtm_family == AF_INET6 && !metric)
		mnl_attr_put_u32_check(nlh, NP_NL_MSG_MAX, RTA_PRIORITY, 1024);
	return np_nl_talk(nl, nlh, err);
}

/* In NP_NL_STOP mode: what was done behind the first failure is undone, last first. */
static void roll_back(struct np_nl *nl)
{
	struct np_nl_queue *q = nl->queue;
	size_t first = 0;

	while (first < q->n && !q->q[first].failed)
		first++;
	/* Each undoing is a transaction of its own, outside of the batch that has ended. */
	nl->queue = NULL;
	nl->stopped = false;
	for (size_t i = q->n; i-- > first + 1; ) {
		struct queued *e = &q->q[i];
		struct np_err err = NP_ERR_INIT;

		if (e->failed || e->msg || !take_back(nl, message(q, i), &err))
			continue;
		np_err_prefix(&err, "added already, and could not be taken back");
		q->batch.fail(q->batch.arg, e->tag, &err);
	}
	nl->queue = q;
	nl->stopped = true;
}

static int lost(struct np_nl *nl, const struct np_err *why)
{
	struct np_nl_queue *q = nl->queue;

	for (size_t i = 0; i < q->n; i++)
		if (!q->q[i].done)
			fail(nl, &q->q[i], why);
	return -ECANCELED;
}

int np_nl_flush(struct np_nl *nl)
{
	struct np_nl_queue *q = nl->queue;
	struct np_err err = NP_ERR_INIT;
	bool failed = false;
	int ret;

	if (!q || !q->n)
		return nl->stopped ? -ECANCELED : 0;
	if (!q->q[q->n - 1].msg)
		message(q, q->n - 1)->nlmsg_flags |= NLM_F_ACK;
	ret = np_nl_send(nl, q->buf, q->used, &err);
	if (!ret) {
		ret = collect(nl);
		if (ret)
			np_nl_recv_err(&err, ret);
	}
	if (ret)
		lost(nl, &err);
	for (size_t i = 0; i < q->n; i++)
		failed |= q->q[i].failed;
	if (nl->stopped)
		roll_back(nl);
	q->n = q->used = q->asks = 0;
	return failed ? -ECANCELED : 0;
}

struct np_nl_batch np_nl_batch_replace(struct np_nl *nl, const struct np_nl_batch *batch)
{
	struct np_nl_batch was = nl->queue->batch;

	np_nl_flush(nl);
	nl->queue->batch = *batch;
	return was;
}

int np_nl_batch_end(struct np_nl *nl)
{
	int ret = np_nl_flush(nl);

	free(nl->queue);
	nl->queue = NULL;
	return ret;
}

static int keep(struct np_nl *nl, struct nlmsghdr *nlh, np_nl_msg *msg, const void *arg,
		size_t arg_len)
{
	struct np_nl_queue *q = nl->queue;
	struct queued *e;

	nlh->nlmsg_seq = ++nl->seq;
	if (!q->n)
		q->first_seq = nl->seq;
	e = &q->q[q->n++];
	e->tag = nl->tag;
	e->offset = (uint32_t)q->used;
	e->failed = e->done = false;
	e->msg = msg;
	if (arg_len)
		memcpy(e->arg, arg, arg_len);
	memcpy((char *)q->buf + q->used, nlh, nlh->nlmsg_len);
	q->used += NLMSG_ALIGN(nlh->nlmsg_len);
	q->asks += msg != NULL;
	if (q->n == QUEUE_MSGS || q->asks == QUEUE_ASKS || q->used >= QUEUE_BYTES)
		np_nl_flush(nl); /* a failure is told by fail() and by np_nl_stopped() */
	return 0;
}

/* Can this be taken back exactly? See take_back(). */
static bool reversible(const struct nlmsghdr *nlh)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);

	return nlh->nlmsg_type == RTM_NEWROUTE && nlh->nlmsg_flags & NLM_F_EXCL &&
	       nlh->nlmsg_flags & NLM_F_CREATE &&
	       (rtm->rtm_family == AF_INET || rtm->rtm_family == AF_INET6);
}

static int keep_echo(const struct nlmsghdr *nlh, void *arg)
{
	return np_msgs_add(arg, nlh);
}

/* What fails may have been told before it was taken back: nothing is shown before the ack. */
static int talk_echoed(struct np_nl *nl, struct nlmsghdr *nlh, struct np_err *err)
{
	struct np_msgs told = { 0 };
	struct nlmsghdr *h = NULL;
	int ret;

	nlh->nlmsg_flags |= NLM_F_ECHO | NLM_F_ACK;
	ret = np_nl_get(nl, nlh, keep_echo, &told, err);
	while (!ret && (h = np_msgs_next(&told, h)))
		ret = nl->echo(h, nl->echo_arg);
	np_msgs_free(&told);
	return ret;
}

int np_nl_submit(struct np_nl *nl, struct nlmsghdr *nlh, struct np_err *err)
{
	if (nl->echo)
		return talk_echoed(nl, nlh, err);
	/* one of a dump may be longer than what is built here */
	if (!nl->queue || nl->stopped || nlh->nlmsg_len > NP_NL_MSG_MAX ||
	    (nl->queue->batch.mode == NP_NL_STOP && !reversible(nlh)))
		return np_nl_talk(nl, nlh, err);
	return keep(nl, nlh, NULL, NULL, 0);
}

int np_nl_ask(struct np_nl *nl, struct nlmsghdr *nlh, np_nl_msg *msg, const void *arg,
	      size_t arg_len, struct np_err *err)
{
	uint64_t copy[NP_NL_ASK_ARG / sizeof(uint64_t)] = { 0 };

	if (arg_len > NP_NL_ASK_ARG)
		return np_err_set(err, EINVAL, "an argument of a question is too long");
	if (nl->queue && !nl->stopped)
		return keep(nl, nlh, msg, arg, arg_len);
	if (arg_len)
		memcpy(copy, arg, arg_len);
	return np_nl_get(nl, nlh, msg, copy, err);
}
