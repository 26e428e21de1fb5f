/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NL_H
#define NP_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/err.h"

/*
 * A netlink socket (netlink(7), Documentation/userspace-api/netlink). Only codecs
 * (lib/..._nl.c) build and read messages; they use libmnl's mnl_attr_put_check()
 * on what np_nl_request() gives, with NP_NL_MSG_MAX as the buffer's size.
 *
 * A refusal by the kernel sets err->refused; its text is what ip prints:
 * `RTNETLINK answers: File exists`, and after a newline `Error: TEXT.` where the
 * kernel said more (extended ack).
 */
struct np_nl;
struct nlmsghdr;

#define NP_NL_MSG_MAX 16384

/* bus: NETLINK_ROUTE, … Returns 0 or -errno. */
int np_nl_open(struct np_nl **nl, int bus, struct np_err *err);
void np_nl_close(struct np_nl *nl);

/* The seam for tests: what a socket would do. recv returns -EAGAIN where it would wait for ever. */
struct np_nl_io {
	ssize_t (*send)(void *arg, const void *buf, size_t len); /* bytes or -errno */
	/* wait false: only what is there already. Bytes (more than size: it was cut) or -errno. */
	ssize_t (*recv)(void *arg, void *buf, size_t size, bool wait);
	void *arg;
};
int np_nl_open_io(struct np_nl **nl, const struct np_nl_io *io, struct np_err *err);

/* Told of `Warning: …` of extended acks that are no errors; text has no newline. */
void np_nl_on_warning(struct np_nl *nl, void (*warn)(void *arg, const char *text), void *arg);

/*
 * An empty message in the socket's own buffer, NLM_F_REQUEST added to flags, len
 * bytes of zeroed extra header (struct rtmsg, …) at *extra behind it. The next call
 * reuses the buffer.
 */
struct nlmsghdr *np_nl_request(struct np_nl *nl, uint16_t type, uint16_t flags, size_t len,
			       void **extra);

/* A message for someone: 0, or -errno (err filled by the callee, unless -ENOMEM) to stop. */
typedef int np_nl_msg(const struct nlmsghdr *nlh, void *arg);

/* One request, its ack waited for. Returns 0 or -errno. */
int np_nl_talk(struct np_nl *nl, struct nlmsghdr *nlh, struct np_err *err);

/*
 * Room for one request of so many bytes, where NP_NL_MSG_MAX is not enough. Without privilege there
 * may be none: such a request is then -EMSGSIZE.
 */
void np_nl_room(struct np_nl *nl, size_t len);

/*
 * Where in the request that was answered last, in bytes from its header, the attribute
 * begins that the kernel blames; 0: it named none.
 */
size_t np_nl_bad_attr(const struct np_nl *nl);

/*
 * One request, its answer given to msg: the one that comes, or with NLM_F_ACK all before the ack.
 * Returns 0 or -errno.
 */
int np_nl_get(struct np_nl *nl, struct nlmsghdr *nlh, np_nl_msg *msg, void *arg,
	      struct np_err *err);

struct np_nl_sink {
	np_nl_msg *msg;
	/*
	 * The kernel's list changed while it was read (NLM_F_DUMP_INTR), or answers were
	 * lost (ENOBUFS): the dump is asked for again from the start. 0: what msg was given
	 * has been thrown away. -1: it cannot be (it is printed already). May be NULL when
	 * being given the same thing again does no harm.
	 */
	int (*restart)(void *arg);
	void *arg;
};

/*
 * NLM_F_DUMP. Returns 0 or -errno; -EAGAIN when the list kept changing (or restart
 * refused): what was given to msg may lack entries.
 */
int np_nl_dump(struct np_nl *nl, struct nlmsghdr *nlh, const struct np_nl_sink *sink,
	       struct np_err *err);

/*
 * Batches. Between np_nl_batch_begin and _end, np_nl_submit() and np_nl_ask() may
 * keep messages back, to be sent many at a time with one ack round. All other calls
 * above send them first. Without a batch both act at once.
 *
 * NP_NL_STOP: what follows a failure is not done. Only changes that can be taken back
 * exactly are kept back (route add of IPv4 and IPv6, NLM_F_EXCL); when one fails,
 * those after it that had been sent with it are deleted again, last first.
 * NP_NL_GO_ON: every change may be kept back and failures stop nothing.
 */
enum np_nl_batch_mode { NP_NL_STOP, NP_NL_GO_ON };

struct np_nl_batch {
	enum np_nl_batch_mode mode;
	/* A message failed; tag is that of np_nl_tag() when it was submitted. In order. */
	void (*fail)(void *arg, uint32_t tag, const struct np_err *err);
	void *arg;
};
int np_nl_batch_begin(struct np_nl *nl, const struct np_nl_batch *batch, struct np_err *err);
/* The line from which messages come from now on. Returns what it was. */
uint32_t np_nl_tag(struct np_nl *nl, uint32_t tag);
/* Flushes; from now on the batch is as *batch says. Returns what it was. */
struct np_nl_batch np_nl_batch_replace(struct np_nl *nl, const struct np_nl_batch *batch);
/* Sends what is kept back. Returns 0, or -ECANCELED when something failed (fail was told). */
int np_nl_flush(struct np_nl *nl);
int np_nl_batch_end(struct np_nl *nl); /* flushes */
/* A failure ended an NP_NL_STOP batch; every call returns -ECANCELED from then on. */
bool np_nl_stopped(const struct np_nl *nl);

/*
 * From now on the kernel is asked what it made of each change that is submitted (NLM_F_ECHO),
 * which is not kept back then; once it is done, msg is given the answers. NULL: no longer.
 */
void np_nl_on_echo(struct np_nl *nl, np_nl_msg *msg, void *arg);
/* A change: np_nl_talk(), or kept back for later. */
int np_nl_submit(struct np_nl *nl, struct nlmsghdr *nlh, struct np_err *err);
/* A question: np_nl_get(), or kept back for later; answers come in the order asked. */
#define NP_NL_ASK_ARG 64
int np_nl_ask(struct np_nl *nl, struct nlmsghdr *nlh, np_nl_msg *msg, const void *arg,
	      size_t arg_len, struct np_err *err); /* arg_len <= NP_NL_ASK_ARG bytes are copied */

/* Multicast (monitor). Joins RTNLGRP_*; then waits for messages until msg returns not 0. */
int np_nl_join(struct np_nl *nl, unsigned group, struct np_err *err);
/* From now on also events of the namespaces that have an id in this one. Returns 0 or -errno. */
int np_nl_all_nsid(struct np_nl *nl, struct np_err *err);
/* The id of the namespace that the event received last is of; -1: of this one. */
int np_nl_nsid(const struct np_nl *nl);
/* The number by which the kernel knows the socket; 0 under a mock. */
uint32_t np_nl_port(const struct np_nl *nl);
/* The socket, to poll(2) for events; -1 under a mock. */
int np_nl_fd(const struct np_nl *nl);
/* Throws away the events that are there. Returns 1, 0 when there were none, or -errno. */
int np_nl_drain(struct np_nl *nl, struct np_err *err);
/* lost() is told when events were lost (ENOBUFS). */
int np_nl_listen(struct np_nl *nl, np_nl_msg *msg, void (*lost)(void *arg), void *arg,
		 struct np_err *err);
/*
 * The same for what is there already: nothing is waited for. Returns 0, what msg did, or -errno of
 * receiving.
 */
int np_nl_take(struct np_nl *nl, np_nl_msg *msg, void (*lost)(void *arg), void *arg,
	       struct np_err *err);

#endif
