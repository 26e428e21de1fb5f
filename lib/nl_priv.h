/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NL_PRIV_H
#define NP_NL_PRIV_H

#include <libmnl/libmnl.h>

#include "lib/nl.h"

/* What lib/nl.c and lib/queue_nl.c share. */
#define NP_NL_RECV_MAX (256 * 1024)

struct np_nl_queue;

struct np_nl {
	struct mnl_socket *sock; /* NULL under a mock */
	struct np_nl_io io;
	uint32_t seq;
	uint32_t tag;
	uint32_t bad_attr; /* see np_nl_bad_attr() */
	bool stopped;
	int nsid;          /* see np_nl_nsid() */
	struct np_nl_queue *queue; /* NULL: no batch */
	void (*warn)(void *arg, const char *text);
	void *warn_arg;
	np_nl_msg *echo; /* see np_nl_on_echo() */
	void *echo_arg;
	char *rbuf;      /* NP_NL_RECV_MAX */
	uint64_t *msg;   /* NP_NL_MSG_MAX bytes, aligned */
};

/* Sends; EINTR is tried again. Returns 0 or -errno. */
int np_nl_send(struct np_nl *nl, const void *buf, size_t len, struct np_err *err);
/* Bytes of a datagram in rbuf, or -errno without err filled (-ENOBUFS, -EAGAIN). */
ssize_t np_nl_recv(struct np_nl *nl, bool wait);
/* Reads an NLMSG_ERROR. Returns 0 for an ack, or -errno with err filled. */
int np_nl_ack(struct np_nl *nl, const struct nlmsghdr *nlh, struct np_err *err);
/* Fills err from what recv returned. Returns ret, or -EPIPE for the end of what can be read. */
int np_nl_recv_err(struct np_err *err, ssize_t ret);

#endif
