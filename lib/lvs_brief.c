// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/lvs.h"

struct np_lvs_brief {
	int fd; /* -1 under a mock */
	struct np_lvs_brief_io io;
	struct ip_vs_get_services *svcs;
	size_t next; /* the service behind the one that was asked for last */
	struct ip_vs_get_dests *dests;
	size_t cap; /* bytes of dests */
};

static int sock_get(void *arg, int option, void *buf, size_t size)
{
	const struct np_lvs_brief *b = arg;
	socklen_t len = (socklen_t)size;

	return getsockopt(b->fd, IPPROTO_IP, option, buf, &len) ? -errno : 0;
}

static int load_services(struct np_lvs_brief *b)
{
	struct ip_vs_getinfo info = { 0 };
	int ret = b->io.get(b->io.arg, IP_VS_SO_GET_INFO, &info, sizeof(info));
	size_t size = sizeof(*b->svcs) + info.num_services * sizeof(b->svcs->entrytable[0]);

	if (ret)
		return ret;
	b->svcs = calloc(1, size);
	if (!b->svcs)
		return -ENOMEM;
	/* Those that are gone meanwhile leave zeros at the end, which are nobody's key. */
	b->svcs->num_services = info.num_services;
	return b->io.get(b->io.arg, IP_VS_SO_GET_SERVICES, b->svcs, size);
}

struct np_lvs_brief *np_lvs_brief_open(const struct np_lvs_brief_io *io)
{
	struct np_lvs_brief *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->fd = -1;
	if (io)
		b->io = *io;
	else
		b->io = (struct np_lvs_brief_io){ sock_get, b };
	if (!io)
		b->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if ((io || b->fd >= 0) && !load_services(b))
		return b;
	np_lvs_brief_close(b);
	return NULL;
}

void np_lvs_brief_close(struct np_lvs_brief *b)
{
	if (!b)
		return;
	if (b->fd >= 0)
		close(b->fd);
	free(b->svcs);
	free(b->dests);
	free(b);
}

static bool is_of(const struct ip_vs_service_entry *e, const struct np_lvs_svc *svc)
{
	if (svc->fwmark || e->fwmark)
		return svc->fwmark == e->fwmark;
	return e->protocol == svc->protocol && ntohs(e->port) == svc->port &&
	       !memcmp(&e->addr, svc->addr, sizeof(e->addr));
}

static const struct ip_vs_service_entry *find(struct np_lvs_brief *b, const struct np_lvs_svc *svc)
{
	for (size_t i = 0, n = b->svcs->num_services; i < n; i++) {
		size_t at = (b->next + i) % n;

		if (!is_of(&b->svcs->entrytable[at], svc))
			continue;
		b->next = at + 1;
		return &b->svcs->entrytable[at];
	}
	return NULL;
}

/* b->dests has those of e. Returns 0 or -errno. */
static int load_dests(struct np_lvs_brief *b, const struct ip_vs_service_entry *e)
{
	size_t size = sizeof(*b->dests) + e->num_dests * sizeof(b->dests->entrytable[0]);

	if (size > b->cap) {
		free(b->dests);
		b->dests = malloc(size);
		b->cap = b->dests ? size : 0;
	}
	if (!b->dests)
		return -ENOMEM;
	memset(b->dests, 0, size);
	b->dests->protocol = e->protocol;
	b->dests->addr = e->addr;
	b->dests->port = e->port;
	b->dests->fwmark = e->fwmark;
	b->dests->num_dests = e->num_dests;
	return b->io.get(b->io.arg, IP_VS_SO_GET_DESTS, b->dests, size);
}

static uint32_t forward(const struct ip_vs_dest_entry *e)
{
	return e->conn_flags & IP_VS_CONN_F_FWD_MASK;
}

/* Nothing is missing: an IPv6 server of the service is counted, but not given. */
static bool whole(const struct ip_vs_get_dests *d, bool tunnels)
{
	for (size_t i = 0; i < d->num_dests; i++) {
		const struct ip_vs_dest_entry *e = &d->entrytable[i];

		if (!e->addr || (tunnels && forward(e) == IP_VS_CONN_F_TUNNEL))
			return false;
	}
	return true;
}

static void read_dest(const struct ip_vs_dest_entry *e, struct np_lvs_dest *dest)
{
	*dest = (struct np_lvs_dest){
		.af = AF_INET,
		.port = ntohs((uint16_t)e->port),
		.fwd = forward(e),
		.weight = e->weight,
		.u_threshold = e->u_threshold,
		.l_threshold = e->l_threshold,
		.active = e->activeconns,
		.inactive = e->inactconns,
		.persistent_conns = e->persistconns,
	};
	memcpy(dest->addr, &e->addr, sizeof(e->addr));
}

int np_lvs_brief_dests(struct np_lvs_brief *b, const struct np_lvs_svc *svc, bool tunnels,
		       int (*fn)(const struct np_lvs_dest *dest, void *arg), void *arg)
{
	const struct ip_vs_service_entry *e = svc->af == AF_INET ? find(b, svc) : NULL;
	struct np_lvs_dest dest;
	int ret = 0;

	if (!e)
		return -EOPNOTSUPP;
	if (!e->num_dests)
		return 0;
	if (load_dests(b, e) || !whole(b->dests, tunnels))
		return -EOPNOTSUPP;
	for (size_t i = 0; !ret && i < e->num_dests; i++) {
		read_dest(&b->dests->entrytable[i], &dest);
		ret = fn(&dest, arg);
	}
	return ret;
}
