/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MOCK_NL_H
#define MOCK_NL_H

/*
 * A kernel for lib/nl.h: what is sent is looked at message by message by a handler,
 * which queues the datagrams that are to be received.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "lib/nl.h"

#define MOCK_QUEUE 2048

struct mock {
	void (*handle)(struct mock *m, const struct nlmsghdr *nlh);
	struct {
		ssize_t n; /* bytes, or -errno */
		char *b;
	} q[MOCK_QUEUE];
	size_t head, tail;
	unsigned sends, recvs, messages;
	int send_error; /* once */
	size_t send_max; /* more is -EMSGSIZE; 0: no limit */
	unsigned count; /* the handler's own */
	void *arg;
};

__attribute__((unused)) static void mock_push(struct mock *m, const void *b, ssize_t n)
{
	if (m->head == m->tail)
		m->head = m->tail = 0;
	if (m->tail == MOCK_QUEUE)
		return;
	m->q[m->tail].n = n;
	m->q[m->tail].b = n > 0 ? malloc((size_t)n) : NULL;
	if (n > 0)
		memcpy(m->q[m->tail].b, b, (size_t)n);
	m->tail++;
}

__attribute__((unused)) static void mock_clear(struct mock *m)
{
	while (m->head < m->tail)
		free(m->q[m->head++].b);
	m->head = m->tail = 0;
}

/* An NLMSG_ERROR; text: of the extended ack, or NULL; bad: the attribute to blame, or NULL. */
__attribute__((unused)) static void mock_blame(struct mock *m, const struct nlmsghdr *to,
					       int error, const char *text,
					       const struct nlattr *bad)
{
	char buf[1024];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlmsgerr *e;

	nlh->nlmsg_type = NLMSG_ERROR;
	nlh->nlmsg_flags = NLM_F_CAPPED;
	nlh->nlmsg_seq = to->nlmsg_seq;
	e = mnl_nlmsg_put_extra_header(nlh, sizeof(*e));
	e->error = -error;
	e->msg = *to;
	if (text || bad)
		nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
	if (text)
		mnl_attr_put_strz(nlh, NLMSGERR_ATTR_MSG, text);
	if (bad)
		mnl_attr_put_u32(nlh, NLMSGERR_ATTR_OFFS,
				 (uint32_t)((const char *)bad - (const char *)to));
	mock_push(m, buf, nlh->nlmsg_len);
}

__attribute__((unused)) static void mock_ack(struct mock *m, const struct nlmsghdr *to, int error,
					     const char *text)
{
	mock_blame(m, to, error, text, NULL);
}

/* A message of a dump or an answer, with 4 bytes of payload. */
__attribute__((unused)) static void mock_data(struct mock *m, const struct nlmsghdr *to,
					      uint16_t type, uint16_t flags, int32_t payload)
{
	char buf[64];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = flags;
	nlh->nlmsg_seq = to->nlmsg_seq;
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(payload)), &payload, sizeof(payload));
	mock_push(m, buf, nlh->nlmsg_len);
}

static ssize_t mock_send(void *arg, const void *buf, size_t len)
{
	struct mock *m = arg;
	const struct nlmsghdr *nlh = buf;
	int left = (int)len;

	m->sends++;
	if (m->send_error) {
		int code = m->send_error;

		m->send_error = 0;
		return -code;
	}
	if (m->send_max && len > m->send_max)
		return -EMSGSIZE;
	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		m->messages++;
		m->handle(m, nlh);
	}
	return (ssize_t)len;
}

static ssize_t mock_recv(void *arg, void *buf, size_t size, bool wait)
{
	struct mock *m = arg;
	ssize_t n;

	(void)wait;
	m->recvs++;
	if (m->head == m->tail)
		return -EAGAIN;
	n = m->q[m->head].n;
	if (n > 0)
		memcpy(buf, m->q[m->head].b, (size_t)n < size ? (size_t)n : size);
	free(m->q[m->head].b);
	m->head++;
	return n;
}

__attribute__((unused)) static struct np_nl *mock_open(struct mock *m)
{
	struct np_nl_io io = { mock_send, mock_recv, m };
	struct np_nl *nl = NULL;

	np_nl_open_io(&nl, &io, NULL);
	return nl;
}

#endif
