// SPDX-License-Identifier: GPL-2.0-or-later
/* Events: what the kernel sends unasked. */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>

#include "lib/nl_priv.h"

int np_nl_join(struct np_nl *nl, unsigned group, struct np_err *err)
{
	int g = (int)group;

	if (!nl->sock || !mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &g, sizeof(g)))
		return 0;
	g = np_err_set(err, errno, "cannot listen to the kernel's events: %s", strerror(errno));
	if (err)
		err->refused = true;
	return g;
}

int np_nl_all_nsid(struct np_nl *nl, struct np_err *err)
{
	int on = 1;

	if (!nl->sock ||
	    !mnl_socket_setsockopt(nl->sock, NETLINK_LISTEN_ALL_NSID, &on, sizeof(on)))
		return 0;
	return np_err_set(err, errno, "cannot listen to the events of other namespaces: %s",
			  strerror(errno));
}

int np_nl_nsid(const struct np_nl *nl)
{
	return nl->nsid;
}

int np_nl_drain(struct np_nl *nl, struct np_err *err)
{
	bool some = false;
	ssize_t n;

	/* events that were lost are events too */
	while ((n = np_nl_recv(nl, false)) > 0 || n == -ENOBUFS || n == -EMSGSIZE)
		some = true;
	return n && n != -EAGAIN ? np_nl_recv_err(err, n) : some;
}

struct listener {
	np_nl_msg *msg;
	void (*lost)(void *arg);
	void *arg;
};

/* Returns what msg did, 0 when nothing is there and none is waited for, or -errno. */
static int receive(struct np_nl *nl, bool wait, const struct listener *sink, struct np_err *err)
{
	for (;;) {
		ssize_t n = np_nl_recv(nl, wait);
		const struct nlmsghdr *h = (const void *)nl->rbuf;
		int left = (int)n, ret = 0;

		if (n == -EAGAIN && !wait)
			return 0;
		if (n == -ENOBUFS || n == -EMSGSIZE) {
			sink->lost(sink->arg);
			continue;
		}
		if (n <= 0)
			return np_nl_recv_err(err, n);
		for (; !ret && mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left))
			ret = sink->msg(h, sink->arg);
		if (ret)
			return ret;
	}
}

int np_nl_listen(struct np_nl *nl, np_nl_msg *msg, void (*lost)(void *arg), void *arg,
		 struct np_err *err)
{
	int ret = receive(nl, true, &(struct listener){ msg, lost, arg }, err);

	return ret < 0 ? ret : 0;
}

int np_nl_take(struct np_nl *nl, np_nl_msg *msg, void (*lost)(void *arg), void *arg,
	       struct np_err *err)
{
	return receive(nl, false, &(struct listener){ msg, lost, arg }, err);
}
