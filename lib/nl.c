// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/nl.h"

#include <errno.h>
#include <limits.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "lib/nl_priv.h"

/* A list that changes each time it is read is given up. */
#define DUMP_TRIES 16

static ssize_t sock_send(void *arg, const void *buf, size_t len)
{
	const struct np_nl *nl = arg;
	ssize_t n = mnl_socket_sendto(nl->sock, buf, len);

	return n < 0 ? -errno : n;
}

static int nsid_of(const struct msghdr *msg)
{
	const struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	int nsid = -1;

	if (c && c->cmsg_level == SOL_NETLINK && c->cmsg_type == NETLINK_LISTEN_ALL_NSID &&
	    c->cmsg_len == CMSG_LEN(sizeof(nsid)))
		memcpy(&nsid, CMSG_DATA(c), sizeof(nsid));
	return nsid;
}

static ssize_t sock_recv(void *arg, void *buf, size_t size, bool wait)
{
	struct np_nl *nl = arg;
	struct sockaddr_nl from;
	struct iovec iov = { buf, size };
	/* room for what NETLINK_LISTEN_ALL_NSID adds, and no other option is set */
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct msghdr msg = { .msg_name = &from, .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = control };

	for (;;) {
		ssize_t n;

		msg.msg_namelen = sizeof(from);
		msg.msg_controllen = sizeof(control);
		n = recvmsg(mnl_socket_get_fd(nl->sock), &msg,
			    MSG_TRUNC | (wait ? 0 : MSG_DONTWAIT));
		if (n < 0)
			return -errno;
		/* Any process may send to a socket of netlink: only the kernel is listened to. */
		if (msg.msg_namelen == sizeof(from) && !from.nl_pid) {
			nl->nsid = nsid_of(&msg);
			return n;
		}
	}
}

static struct np_nl *nl_new(void)
{
	struct np_nl *nl = calloc(1, sizeof(*nl));

	if (!nl)
		return NULL;
	nl->rbuf = malloc(NP_NL_RECV_MAX);
	nl->msg = malloc(NP_NL_MSG_MAX);
	nl->seq = (uint32_t)time(NULL);
	nl->nsid = -1;
	if (nl->rbuf && nl->msg)
		return nl;
	np_nl_close(nl);
	return NULL;
}

int np_nl_open_io(struct np_nl **nl, const struct np_nl_io *io, struct np_err *err)
{
	*nl = nl_new();
	if (!*nl)
		return np_err_nomem(err);
	(*nl)->io = *io;
	return 0;
}

/* What an old kernel does not have is done without. */
static void set_options(const struct mnl_socket *sock)
{
	static const int options[] = { NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK };
	int on = 1, size = 4 * 1024 * 1024, fd = mnl_socket_get_fd(sock);

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		mnl_socket_setsockopt(sock, options[i], &on, sizeof(on));
	/* Room for the errors of a whole batch; without privilege the system's limit holds. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

int np_nl_open(struct np_nl **out, int bus, struct np_err *err)
{
	struct np_nl *nl = nl_new();

	if (!nl)
		return np_err_nomem(err);
	nl->io = (struct np_nl_io){ sock_send, sock_recv, nl };
	nl->sock = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!nl->sock || mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		int code = errno;

		np_nl_close(nl);
		return np_err_set(err, code, "cannot open a netlink socket: %s", strerror(code));
	}
	set_options(nl->sock);
	*out = nl;
	return 0;
}

void np_nl_close(struct np_nl *nl)
{
	if (!nl)
		return;
	if (nl->queue)
		np_nl_batch_end(nl);
	if (nl->sock)
		mnl_socket_close(nl->sock);
	free(nl->rbuf);
	free(nl->msg);
	free(nl);
}

void np_nl_on_warning(struct np_nl *nl, void (*warn)(void *arg, const char *text), void *arg)
{
	nl->warn = warn;
	nl->warn_arg = arg;
}

void np_nl_on_echo(struct np_nl *nl, np_nl_msg *msg, void *arg)
{
	nl->echo = msg;
	nl->echo_arg = arg;
}

struct nlmsghdr *np_nl_request(struct np_nl *nl, uint16_t type, uint16_t flags, size_t len,
			       void **extra)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(nl->msg);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	*extra = mnl_nlmsg_put_extra_header(nlh, len);
	return nlh;
}

int np_nl_send(struct np_nl *nl, const void *buf, size_t len, struct np_err *err)
{
	ssize_t n;

	do
		n = nl->io.send(nl->io.arg, buf, len);
	while (n == -EINTR);
	if (n >= 0)
		return 0;
	return np_err_set(err, (int)-n, "cannot send to the kernel: %s", strerror((int)-n));
}

ssize_t np_nl_recv(struct np_nl *nl, bool wait)
{
	ssize_t n;

	do
		n = nl->io.recv(nl->io.arg, nl->rbuf, NP_NL_RECV_MAX, wait);
	while (n == -EINTR);
	return n > NP_NL_RECV_MAX ? -EMSGSIZE : n;
}

int np_nl_recv_err(struct np_err *err, ssize_t ret)
{
	int code = ret ? (int)-ret : EPIPE;

	if (code == ENOBUFS || code == EAGAIN)
		return np_err_set(err, code, "the kernel's answer was lost: "
				  "its queue for this socket was full");
	return np_err_set(err, code, "cannot receive from the kernel: %s", strerror(code));
}

struct extack {
	const char *text;
	uint32_t offset; /* of the attribute to blame in the request, 0: none is named */
};

static int extack_attr(const struct nlattr *attr, void *arg)
{
	struct extack *x = arg;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0 && *mnl_attr_get_str(attr))
		x->text = mnl_attr_get_str(attr);
	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_OFFS &&
	    mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
		x->offset = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

/* An extended ack. hlen: bytes before its attributes. */
static struct extack extack_of(const struct nlmsghdr *nlh, size_t hlen)
{
	struct extack x = { 0 };

	if (nlh->nlmsg_len >= NLMSG_HDRLEN + hlen)
		mnl_attr_parse(nlh, (unsigned)hlen, extack_attr, &x);
	return x;
}

static const char *full_stop(const char *text)
{
	return text[strlen(text) - 1] == '.' ? "" : ".";
}

static int refused(struct np_err *err, int code, const char *text)
{
	if (text)
		np_err_set(err, code, "RTNETLINK answers: %s\nError: %s%s", strerror(code), text,
			   full_stop(text));
	else
		np_err_set(err, code, "RTNETLINK answers: %s", strerror(code));
	if (err)
		err->refused = true;
	return -code;
}

int np_nl_ack(struct np_nl *nl, const struct nlmsghdr *nlh, struct np_err *err)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);
	size_t hlen = sizeof(*e);
	struct extack x = { 0 };
	char line[512];

	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*e)))
		return np_err_set(err, EBADMSG, "the kernel's answer is cut short");
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS) {
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED) && e->msg.nlmsg_len > NLMSG_HDRLEN)
			hlen += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
		x = extack_of(nlh, hlen);
	}
	nl->bad_attr = x.offset;
	if (e->error)
		return refused(err, e->error < 0 ? -e->error : e->error, x.text);
	if (x.text && nl->warn) {
		snprintf(line, sizeof(line), "Warning: %s%s", x.text, full_stop(x.text));
		nl->warn(nl->warn_arg, line);
	}
	return 0;
}

/* What a batch keeps back goes first. False: a failure ended the batch. */
static bool settled(struct np_nl *nl)
{
	if (nl->queue)
		(void)np_nl_flush(nl);
	return !nl->stopped;
}

/* What msg said; of memory alone it need not say more. */
static int said(int ret, struct np_err *err)
{
	return ret == -ENOMEM && err && !*err->text ? np_err_nomem(err) : ret;
}

/* Asks, and waits for the answers of its number: until the ack or, where none is asked, data. */
static int transact(struct np_nl *nl, struct nlmsghdr *nlh, np_nl_msg *msg, void *arg,
		    struct np_err *err)
{
	int ret;

	if (!settled(nl))
		return np_err_set(err, ECANCELED, "a command before this one failed");
	nl->bad_attr = 0;
	nlh->nlmsg_seq = ++nl->seq;
	ret = np_nl_send(nl, nlh, nlh->nlmsg_len, err);
	if (ret)
		return ret;
	for (;;) {
		/* The kernel answers before it returns from send: what is not there was lost. */
		ssize_t n = np_nl_recv(nl, false);
		const struct nlmsghdr *h = (const void *)nl->rbuf;
		int left = (int)n;

		if (n <= 0)
			return np_nl_recv_err(err, n);
		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left)) {
			if (h->nlmsg_seq != nl->seq)
				continue;
			if (h->nlmsg_type == NLMSG_ERROR)
				return np_nl_ack(nl, h, err);
			ret = msg ? said(msg(h, arg), err) : 0;
			if (ret || (msg && !(nlh->nlmsg_flags & NLM_F_ACK)))
				return ret;
		}
	}
}

void np_nl_room(struct np_nl *nl, size_t len)
{
	int size = len < INT_MAX / 2 ? (int)len : INT_MAX / 2;
	int fd = np_nl_fd(nl);

	/* The kernel doubles it, and keeps 32 bytes for itself (netlink_sendmsg()). */
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

size_t np_nl_bad_attr(const struct np_nl *nl)
{
	return nl->bad_attr;
}

int np_nl_talk(struct np_nl *nl, struct nlmsghdr *nlh, struct np_err *err)
{
	nlh->nlmsg_flags |= NLM_F_ACK;
	return transact(nl, nlh, NULL, NULL, err);
}

int np_nl_get(struct np_nl *nl, struct nlmsghdr *nlh, np_nl_msg *msg, void *arg,
	      struct np_err *err)
{
	return transact(nl, nlh, msg, arg, err);
}

/* The end of a dump: a negative errno as its payload says that it failed. */
static int dump_done(const struct nlmsghdr *h, struct np_err *err)
{
	int code;

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(code)))
		return 0;
	memcpy(&code, mnl_nlmsg_get_payload(h), sizeof(code));
	return code < 0 ? refused(err, -code, extack_of(h, NLMSG_ALIGN(sizeof(code))).text) : 0;
}

struct dump {
	const struct np_nl_sink *sink;
	int ret;          /* what the sink said, once it said stop */
	bool interrupted;
};

/* One datagram of a dump. Returns 1 at its end, 0 for more, or -errno. */
static int dump_some(struct np_nl *nl, struct dump *d, ssize_t n, struct np_err *err)
{
	const struct nlmsghdr *h = (const void *)nl->rbuf;
	int left = (int)n;

	for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left)) {
		if (h->nlmsg_seq != nl->seq)
			continue;
		if (h->nlmsg_flags & NLM_F_DUMP_INTR)
			d->interrupted = true;
		if (h->nlmsg_type == NLMSG_DONE) {
			int ret = dump_done(h, err);

			return ret ? ret : 1;
		}
		if (h->nlmsg_type == NLMSG_ERROR) {
			int ret = np_nl_ack(nl, h, err);

			return ret ? ret : 1;
		}
		/* After a stop the rest is read all the same: the socket is used again. */
		if (!d->ret)
			d->ret = d->sink->msg(h, d->sink->arg);
	}
	return 0;
}

static int dump_once(struct np_nl *nl, struct nlmsghdr *nlh, struct dump *d, struct np_err *err)
{
	int ret;

	nlh->nlmsg_seq = ++nl->seq;
	ret = np_nl_send(nl, nlh, nlh->nlmsg_len, err);
	while (!ret) {
		ssize_t n = np_nl_recv(nl, true);

		if (n == -ENOBUFS) {
			/* Not all that was lost need have been ours, but none of it comes again. */
			d->interrupted = true;
			continue;
		}
		ret = n > 0 ? dump_some(nl, d, n, err) : np_nl_recv_err(err, n);
	}
	return ret < 0 ? ret : said(d->ret, err);
}

int np_nl_dump(struct np_nl *nl, struct nlmsghdr *nlh, const struct np_nl_sink *sink,
	       struct np_err *err)
{
	if (!settled(nl))
		return np_err_set(err, ECANCELED, "a command before this one failed");
	nlh->nlmsg_flags |= NLM_F_DUMP;
	for (int i = 0; i < DUMP_TRIES; i++) {
		struct dump d = { .sink = sink };
		int ret = dump_once(nl, nlh, &d, err);

		if (ret || !d.interrupted)
			return ret;
		if (i + 1 < DUMP_TRIES && sink->restart && sink->restart(sink->arg))
			break;
	}
	return np_err_set(err, EAGAIN, "the kernel's list changed while it was read: "
			  "what was shown may lack entries");
}

uint32_t np_nl_port(const struct np_nl *nl)
{
	return nl->sock ? mnl_socket_get_portid(nl->sock) : 0;
}

int np_nl_fd(const struct np_nl *nl)
{
	return nl->sock ? mnl_socket_get_fd(nl->sock) : -1;
}
