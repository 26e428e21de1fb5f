// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/lvs_quick.h"

#define DESTS 2048
#define UNUSED (~0u) /* flags that no real server has: the kernel wrote nothing here */

struct np_lvs_quick {
	int fd;
	struct ip_vs_get_services *svcs;
	size_t at; /* where the last service was: they are asked for in the kernel's order */
	size_t dirty;
	struct ip_vs_get_dests *dests;
};

/* How many services the kernel wrote is seen by what it left at zero. */
static int get_services(struct np_lvs_quick *q, size_t n)
{
	size_t size = sizeof(*q->svcs) + n * sizeof(q->svcs->entrytable[0]);
	socklen_t len = (socklen_t)size;

	q->svcs = calloc(1, size);
	if (!q->svcs)
		return -ENOMEM;
	q->svcs->num_services = (unsigned)n;
	return getsockopt(q->fd, IPPROTO_IP, IP_VS_SO_GET_SERVICES, q->svcs, &len) ? -errno : 0;
}

struct np_lvs_quick *np_lvs_quick_new(size_t n)
{
	struct np_lvs_quick *q = calloc(1, sizeof(*q));

	if (!q)
		return NULL;
	q->fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	q->dests = calloc(1, sizeof(*q->dests) + DESTS * sizeof(q->dests->entrytable[0]));
	q->dirty = DESTS;
	if (q->fd >= 0 && q->dests && n < 1000000 && !get_services(q, n)) {
		q->svcs->num_services = (unsigned)n;
		return q;
	}
	np_lvs_quick_free(q);
	return NULL;
}

void np_lvs_quick_free(struct np_lvs_quick *q)
{
	if (!q)
		return;
	if (q->fd >= 0)
		close(q->fd);
	free(q->svcs);
	free(q->dests);
	free(q);
}

static bool same(const struct ip_vs_service_entry *e, const struct np_lvs_svc *s)
{
	if (s->fwmark || e->fwmark)
		return e->fwmark == s->fwmark;
	return e->protocol == s->protocol && e->port == htons(s->port) &&
	       !memcmp(&e->addr, s->addr, 4);
}

/* The older interface's entry of a service; NULL: it was not there. */
static const struct ip_vs_service_entry *find(struct np_lvs_quick *q, const struct np_lvs_svc *s)
{
	size_t n = q->svcs->num_services;

	for (size_t i = 0; i < n; i++) {
		size_t at = (q->at + i) % n;

		if (!*q->svcs->entrytable[at].sched_name || !same(&q->svcs->entrytable[at], s))
			continue;
		q->at = at + 1;
		return &q->svcs->entrytable[at];
	}
	return NULL;
}

static void read_dest(struct np_lvs_dest *d, const struct ip_vs_dest_entry *e)
{
	*d = (struct np_lvs_dest){
		.af = AF_INET,
		.port = ntohs(e->port),
		.fwd = e->conn_flags & IP_VS_CONN_F_FWD_MASK,
		.weight = e->weight,
		.upper = e->u_threshold,
		.lower = e->l_threshold,
		.active = e->activeconns,
		.inactive = e->inactconns,
		.persistent = e->persistconns,
	};
	memcpy(d->addr, &e->addr, 4);
}

/* Whether what came is all there is, and shows all that is known of each. */
static bool whole(const struct np_lvs_quick *q, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t flags = q->dests->entrytable[i].conn_flags;

		if (flags == UNUSED || (flags & IP_VS_CONN_F_FWD_MASK) == IP_VS_CONN_F_TUNNEL)
			return false;
	}
	return q->dests->entrytable[n].conn_flags == UNUSED;
}

int np_lvs_quick_dests(struct np_lvs_quick *q, const struct np_lvs_svc *svc,
		       int (*fn)(const struct np_lvs_dest *dest, void *arg), void *arg)
{
	const struct ip_vs_service_entry *e = svc->af == AF_INET ? find(q, svc) : NULL;
	size_t n = e ? e->num_dests : DESTS;
	socklen_t len = sizeof(*q->dests) + DESTS * sizeof(q->dests->entrytable[0]);
	int ret = 0;

	if (n >= DESTS)
		return -EAGAIN;
	for (size_t i = 0; i < q->dirty; i++)
		q->dests->entrytable[i].conn_flags = UNUSED;
	q->dirty = n + 1;
	q->dests->protocol = e->protocol;
	q->dests->addr = e->addr;
	q->dests->port = e->port;
	q->dests->fwmark = e->fwmark;
	q->dests->num_dests = DESTS;
	if (getsockopt(q->fd, IPPROTO_IP, IP_VS_SO_GET_DESTS, q->dests, &len))
		return -EAGAIN;
	if (!whole(q, n)) {
		q->dirty = DESTS;
		return -EAGAIN;
	}
	for (size_t i = 0; i < n && !ret; i++) {
		struct np_lvs_dest d;

		read_dest(&d, &q->dests->entrytable[i]);
		ret = fn(&d, arg);
	}
	return ret;
}
