// SPDX-License-Identifier: GPL-2.0-or-later
/* The host as the kernel tells it, for lvsctl check. */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>

#include "lib/route_io.h"
#include "lib/route_nl.h"
#include "lib/sysctl.h"
#include "lvsctl/apply.h"
#include "lvsctl/check.h"

const char *const lvs_conf_names[LVS_CONF_N] = {
	[LVS_IP_FORWARD] = "net.ipv4.ip_forward",
	[LVS_FORWARD6] = "net.ipv6.conf.all.forwarding",
	[LVS_REDIRECTS] = "net.ipv4.conf.all.send_redirects",
	[LVS_RP_FILTER] = "net.ipv4.conf.all.rp_filter",
	[LVS_ARP_IGNORE] = "net.ipv4.conf.all.arp_ignore",
	[LVS_ARP_ANNOUNCE] = "net.ipv4.conf.all.arp_announce",
	[LVS_CONNTRACK] = "net.ipv4.vs.conntrack",
	[LVS_REUSE] = "net.ipv4.vs.conn_reuse_mode",
	[LVS_NODEST] = "net.ipv4.vs.expire_nodest_conn",
	[LVS_QUIESCENT] = "net.ipv4.vs.expire_quiescent_template",
	[LVS_PMTU_DISC] = "net.ipv4.vs.pmtu_disc",
	[LVS_SLOPPY_TCP] = "net.ipv4.vs.sloppy_tcp",
	[LVS_DROP_ENTRY] = "net.ipv4.vs.drop_entry",
	[LVS_DROP_PACKET] = "net.ipv4.vs.drop_packet",
	[LVS_SECURE_TCP] = "net.ipv4.vs.secure_tcp",
	[LVS_RUN_ESTIMATION] = "net.ipv4.vs.run_estimation",
};

static void load_conf(struct lvs_host *h)
{
	struct utsname u;
	unsigned major, minor;

	for (size_t i = 0; i < LVS_CONF_N; i++)
		h->conf[i].known = !np_sysctl_get_int(lvs_conf_names[i], &h->conf[i].v, NULL);
	if (!uname(&u) && sscanf(u.release, "%u.%u", &major, &minor) == 2)
		h->release = major * 100 + minor;
}

static int64_t link_conf(const struct np_netdev *dev, const char *key)
{
	char name[NP_SYSCTL_NAME_MAX];
	int64_t v;

	np_sysctl_conf(AF_INET, dev->name, key, name);
	return np_sysctl_get_int(name, &v, NULL) ? 0 : v;
}

static int load_links(struct lvs_host *h, struct np_nl *nl, struct np_err *err)
{
	struct np_netdev *devs = NULL;
	size_t n = 0;
	int ret = np_netdev_list(nl, &devs, &n, err);

	if (ret)
		return ret;
	h->links = calloc(n + 1, sizeof(*h->links));
	for (size_t i = 0; h->links && i < n; i++) {
		h->links[i] = (struct lvs_link){
			.dev = devs[i],
			.redirects = link_conf(&devs[i], "send_redirects"),
			.rp_filter = link_conf(&devs[i], "rp_filter"),
			.arp_ignore = link_conf(&devs[i], "arp_ignore"),
			.arp_announce = link_conf(&devs[i], "arp_announce"),
		};
		h->n_links++;
	}
	free(devs);
	return h->links ? np_netdev_addrs(nl, &h->addrs, &h->n_addrs, err) : np_err_nomem(err);
}

struct answer {
	struct np_route route;
	bool got;
};

static int route_msg(const struct nlmsghdr *nlh, void *arg)
{
	struct answer *a = arg;

	a->got = !np_route_decode(&a->route, nlh);
	return 0;
}

static struct lvs_way ask_way(const struct lvs_host *h, struct np_nl *nl, uint8_t af,
			      const uint8_t *addr)
{
	const struct lvs_link *link;
	struct lvs_way w = { 0 };
	struct answer a = { 0 };
	struct np_route q;

	np_route_init(&q);
	np_route_init(&a.route);
	q.family = af;
	q.set = NP_RT_DST;
	q.dst_bits = af == AF_INET ? 32 : 128;
	memcpy(q.dst, addr, sizeof(q.dst));
	w.error = -np_route_get(nl, &q, route_msg, &a, NULL);
	if (!w.error && a.got) {
		w.local = a.route.type == RTN_LOCAL;
		w.gateway = a.route.nh.set & (NP_NH_GATEWAY | NP_NH_VIA);
		w.ifindex = (uint32_t)a.route.nh.ifindex;
		link = lvs_host_link(h, w.ifindex);
		w.mtu = link ? link->dev.mtu : 0;
		if (a.route.metrics.set & (1u << RTAX_MTU) && a.route.metrics.v[RTAX_MTU])
			w.mtu = a.route.metrics.v[RTAX_MTU];
	}
	np_route_clean(&q);
	np_route_clean(&a.route);
	return w;
}

/* Those of a service's real servers. */
static int load_svc_ways(struct lvs_host *h, struct np_nl *nl, size_t i, struct np_err *err)
{
	const struct lvs_svc *s = &h->table.svcs[i];

	h->reals[i] = calloc(s->n + 1, sizeof(**h->reals));
	h->sources[i] = calloc(s->n + 1, sizeof(**h->sources));
	if (!h->reals[i] || !h->sources[i])
		return np_err_nomem(err);
	for (size_t k = 0; k < s->n; k++) {
		const struct np_lvs_dest *d = &s->dests[k];

		h->reals[i][k] = ask_way(h, nl, d->af, d->addr);
		if (d->fullnat == NP_LVS_FULLNAT_ADDR)
			h->sources[i][k] = ask_way(h, nl, d->af, d->fullnat_addr);
	}
	return 0;
}

static int load_ways(struct lvs_host *h, struct np_nl *nl, struct np_err *err)
{
	int ret = 0;

	h->vips = calloc(h->table.n + 1, sizeof(*h->vips));
	h->reals = calloc(h->table.n + 1, sizeof(*h->reals));
	h->sources = calloc(h->table.n + 1, sizeof(*h->sources));
	if (!h->vips || !h->reals || !h->sources)
		return np_err_nomem(err);
	for (size_t i = 0; !ret && i < h->table.n; i++) {
		const struct np_lvs_svc *svc = &h->table.svcs[i].svc;

		if (!svc->fwmark)
			h->vips[i] = ask_way(h, nl, svc->af, svc->addr);
		ret = load_svc_ways(h, nl, i, err);
	}
	return ret;
}

/* A kernel without IPVS is a finding and no error; one that refuses us is an error. */
static int load_table(struct lvs_host *h, struct np_err *err)
{
	struct np_lvs v;
	int ret = np_lvs_open(&v, err);

	if (ret == -EPERM || ret == -EACCES)
		return ret;
	h->ipvs = !ret;
	if (ret)
		return 0;
	ret = lvs_table_fetch(&h->table, &v, LVS_FETCH_TUNNELS, err);
	np_lvs_close(&v);
	return ret;
}

static void load_marks(struct lvs_host *h)
{
	bool any = false;

	for (size_t i = 0; i < h->table.n; i++)
		any |= h->table.svcs[i].svc.fwmark != 0;
	if (any)
		lvs_marks_load(&h->marks);
}

int lvs_host_load(struct lvs_host *h, struct np_err *err)
{
	struct np_nl *nl = NULL;
	int ret;

	*h = (struct lvs_host){ 0 };
	ret = load_table(h, err);
	load_conf(h);
	if (!ret)
		ret = np_nl_open(&nl, NETLINK_ROUTE, err);
	if (!ret)
		ret = load_links(h, nl, err);
	if (!ret)
		ret = load_ways(h, nl, err);
	if (!ret)
		load_marks(h);
	np_nl_close(nl);
	return ret;
}

void lvs_host_clean(struct lvs_host *h)
{
	for (size_t i = 0; h->reals && i < h->table.n; i++)
		free(h->reals[i]);
	for (size_t i = 0; h->sources && i < h->table.n; i++)
		free(h->sources[i]);
	free(h->reals);
	free(h->sources);
	free(h->vips);
	free(h->links);
	free(h->addrs);
	free(h->marks.list);
	lvs_table_clean(&h->table);
	*h = (struct lvs_host){ 0 };
}
