// SPDX-License-Identifier: GPL-2.0-or-later
/* A snapshot of the host that we run on. */
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "lib/route_io.h"
#include "lib/route_nl.h"
#include "lib/snapshot.h"

static int answer_msg(const struct nlmsghdr *nlh, void *arg)
{
	return np_route_decode(arg, nlh);
}

/*
 * Asks for the route to 127.0.0.1: the table that the kernel names tells whether local
 * and main are one (np_fib.custom_rules), and np_fib_explain() mends the guess. Whatever
 * goes wrong here leaves the guess as it is.
 */
static void probe(struct np_fib *fib, struct np_nl *nl)
{
	struct np_flow flow = { .dst = { 127, 0, 0, 1 } };
	struct np_fib_decision d;
	struct np_fib_kernel k;
	struct np_err err = NP_ERR_INIT;
	struct np_route q;
	bool agrees;

	np_route_init(&q);
	np_fib_kernel_init(&k);
	np_fib_decision_init(&d);
	q.family = AF_INET;
	q.dst_bits = 32;
	q.set = NP_RT_DST;
	memcpy(q.dst, flow.dst, sizeof(flow.dst));
	q.flags = RTM_F_LOOKUP_TABLE;
	k.asked = true;
	if (!np_route_get(nl, &q, answer_msg, &k.answer, &err))
		(void)np_fib_explain(fib, &flow, &k, &d, &agrees);
	np_fib_decision_clean(&d);
	np_fib_kernel_clean(&k);
	np_route_clean(&q);
}

static void say_where(struct np_snapshot *s)
{
	time_t now = time(NULL);
	struct utsname u;
	struct tm tm;

	if (!uname(&u)) {
		snprintf(s->host, sizeof(s->host), "%s", u.nodename);
		snprintf(s->kernel, sizeof(s->kernel), "%s", u.release);
	}
	if (gmtime_r(&now, &tm))
		strftime(s->time, sizeof(s->time), "%Y-%m-%dT%H:%M:%SZ", &tm);
}

int np_snapshot_take(struct np_snapshot *s, struct np_nl *nl, const struct np_names *names,
		     struct np_err *err)
{
	int ret;

	memset(s, 0, sizeof(*s));
	say_where(s);
	ret = np_explain_host_load(&s->hosts[0], nl, names, AF_INET, err);
	if (!ret)
		ret = np_explain_host_load(&s->hosts[1], nl, names, AF_INET6, err);
	if (!ret)
		probe(&s->hosts[0].fib, nl);
	return ret;
}
