// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be wrong with a service. Pure: see lvsctl/check.h. */
#include <linux/ip_vs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/sysctl.h"
#include "lvsctl/check.h"
#include "lvsctl/forward.h"

static const struct lvs_svc *svc_of(const struct lvs_host *h, size_t i)
{
	return &h->table.svcs[i];
}

static uint32_t model(const struct np_lvs_dest *d)
{
	return d->fwd & IP_VS_CONN_F_FWD_MASK;
}

static bool nat(const struct np_lvs_dest *d)
{
	return model(d) == IP_VS_CONN_F_MASQ;
}

static bool is_fullnat(const struct np_lvs_dest *d)
{
	return d->fullnat != NP_LVS_FULLNAT_NONE;
}

static void no_dest(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		    struct lvs_findings *out)
{
	if (!svc_of(h, i)->n)
		lvs_tell(out, LVS_ERROR, i, c, "it has no real server: connections are refused");
}

/* A scheduler gives nothing to a weight of 0: what is there goes on, nothing new comes. */
static void weights(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		    struct lvs_findings *out)
{
	const struct lvs_svc *s = svc_of(h, i);
	size_t zero = 0;

	for (size_t k = 0; k < s->n; k++)
		zero += s->dests[k].weight == 0;
	if (s->n && zero == s->n)
		lvs_tell(out, LVS_ERROR, i, c,
			 "all weights are 0: no new connection finds a real server");
}

/* The link that leads there, else the first with an address of the family. */
static const char *link_for(const struct lvs_host *h, const struct lvs_way *w, uint8_t af)
{
	const struct lvs_link *l = w->error || w->gateway ? NULL : lvs_host_link(h, w->ifindex);

	for (size_t i = 0; !l && i < h->n_addrs; i++) {
		l = lvs_host_link(h, h->addrs[i].ifindex);
		if (h->addrs[i].family != af || (l && l->dev.flags & IFF_LOOPBACK))
			l = NULL;
	}
	return l ? l->dev.name : "lo";
}

/* IPVS sees what clients send on its way in to this host (ip_vs_in_hook at LOCAL_IN). */
static void vip_local(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		      struct lvs_findings *out)
{
	const struct np_lvs_svc *s = &svc_of(h, i)->svc;
	char text[48];

	if (s->fwmark || h->vips[i].local)
		return;
	lvs_addr_text(s->af, s->addr, text);
	lvs_cure(lvs_tell(out, LVS_ERROR, i, c, "%s is not an address of this host: "
			  "what clients send is not looked at", text),
		 "ip addr add %s/%d dev %s", text, s->af == AF_INET ? 32 : 128,
		 link_for(h, &h->vips[i], s->af));
}

/* Other things than rules mark as well: tc, eBPF, sockets. */
static void mark(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		 struct lvs_findings *out)
{
	uint32_t fwmark = svc_of(h, i)->svc.fwmark;

	if (!fwmark || !h->marks.known)
		return;
	for (size_t k = 0; k < h->marks.n; k++)
		if (h->marks.list[k] == fwmark)
			return;
	lvs_tell(out, LVS_INFO, i, c, "no rule here sets mark %u: unless something else than "
		 "nf_tables does, no packet comes to it (lvsctl mark add)", fwmark);
}

static void way(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		struct lvs_findings *out)
{
	const struct lvs_svc *s = svc_of(h, i);

	for (size_t k = 0; k < s->n; k++) {
		const struct lvs_way *w = &h->reals[i][k];
		const struct np_lvs_dest *d = &s->dests[k];
		char text[48];

		lvs_addr_text(d->af, d->addr, text);
		if (w->error)
			lvs_cure(lvs_tell(out, LVS_ERROR, i, c, "no way to %s: %s", text,
					  strerror(w->error)), "prt explain %s", text);
		else if (w->gateway && model(d) == IP_VS_CONN_F_DROUTE)
			lvs_cure(lvs_tell(out, LVS_ERROR, i, c,
					  "%s is not on a link of ours: DR cannot reach it", text),
				 "prt explain %s", text);
		else if (w->local && !s->svc.fwmark && !h->vips[i].local && !nat(d))
			lvs_tell(out, LVS_ERROR, i, c,
				 "%s is this host, which does not have the service's address",
				 text);
		else if (w->local)
			lvs_tell(out, LVS_INFO, i, c, "%s is this host itself", text);
	}
}

/* Neither touches the packet: the real server sees the service's port. */
static void ports(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		  struct lvs_findings *out)
{
	const struct lvs_svc *s = svc_of(h, i);

	for (size_t k = 0; k < s->n; k++) {
		const struct np_lvs_dest *d = &s->dests[k];
		char text[48];

		if (nat(d) || !lvs_forward_model(d) || s->svc.fwmark || d->port == s->svc.port)
			continue;
		lvs_tell(out, LVS_ERROR, i, c, "%s has port %u, but %s sends to port %u",
			 lvs_addr_text(d->af, d->addr, text), d->port, lvs_forward_model(d),
			 s->svc.port);
	}
}

/* ip_vs_bind_dest(), ip_vs_unbind_dest(): full from upper on, until below lower or 3/4 of upper. */
static void overload(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		     struct lvs_findings *out)
{
	const struct lvs_svc *s = svc_of(h, i);

	for (size_t k = 0; k < s->n; k++) {
		const struct np_lvs_dest *d = &s->dests[k];
		char text[48];

		if (d->u_threshold && d->active + d->inactive >= d->u_threshold)
			lvs_tell(out, LVS_WARNING, i, c,
				 "%s is overloaded: %u connections, threshold %u; it gets no more",
				 lvs_addr_text(d->af, d->addr, text), d->active + d->inactive,
				 d->u_threshold);
	}
}

/* Answers come back to this host as packets for someone else: it must forward them. */
static void forwarding(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		       struct lvs_findings *out)
{
	const struct lvs_svc *s = svc_of(h, i);
	enum lvs_conf conf = s->svc.af == AF_INET6 ? LVS_FORWARD6 : LVS_IP_FORWARD;

	for (size_t k = 0; k < s->n; k++) {
		if (!nat(&s->dests[k]) || h->reals[i][k].local || !h->conf[conf].known ||
		    h->conf[conf].v)
			continue;
		lvs_cure(lvs_tell(out, LVS_ERROR, i, c,
				  "%s=0: the real servers' answers are not forwarded to clients",
				  lvs_conf_names[conf]), "sysctl -w %s=1", lvs_conf_names[conf]);
		return;
	}
}

/* FULLNAT rewrites the source in conntrack's NAT: IPVS must tell conntrack of its packets. */
static void conntrack(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		      struct lvs_findings *out)
{
	const struct lvs_value *v = &h->conf[LVS_CONNTRACK];

	for (size_t k = 0; k < svc_of(h, i)->n; k++) {
		if (!is_fullnat(&svc_of(h, i)->dests[k]) || (v->known && v->v))
			continue;
		lvs_cure(lvs_tell(out, LVS_ERROR, i, c, "net.ipv4.vs.conntrack=0: FULLNAT's source "
				  "is not rewritten"), "sysctl -w net.ipv4.vs.conntrack=1");
		return;
	}
}

static bool has_addr(const struct lvs_host *h, uint32_t ifindex, const struct np_lvs_svc *s)
{
	for (size_t i = 0; i < h->n_addrs; i++)
		if (h->addrs[i].ifindex == ifindex && h->addrs[i].family == s->af &&
		    !memcmp(h->addrs[i].b, s->addr, sizeof(s->addr)))
			return true;
	return false;
}

/* One network for clients and real servers: a redirect tells these to leave us out. */
static void redirects(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		      struct lvs_findings *out)
{
	const struct lvs_svc *s = svc_of(h, i);

	for (size_t k = 0; s->svc.af == AF_INET && k < s->n; k++) {
		const struct lvs_way *w = &h->reals[i][k];
		const struct lvs_link *l = lvs_host_link(h, w->ifindex);
		char name[NP_SYSCTL_NAME_MAX];

		if (!nat(&s->dests[k]) || is_fullnat(&s->dests[k]) || w->local || !l ||
		    !has_addr(h, l->dev.ifindex, &s->svc) ||
		    (!h->conf[LVS_REDIRECTS].v && !l->redirects))
			continue;
		lvs_cure(lvs_tell(out, LVS_WARNING, i, c, "the service and its real servers share "
				  "%s: redirects teach these a way around NAT", l->dev.name),
			 "sysctl -w %s=0 %s=0", lvs_conf_names[LVS_REDIRECTS],
			 np_sysctl_conf(AF_INET, l->dev.name, "send_redirects", name));
		return;
	}
}

static bool same_net(const struct np_netdev_addr *a, uint8_t af, const uint8_t *addr)
{
	unsigned full = a->bits / 8, rest = a->bits % 8;

	if (a->family != af || memcmp(a->b, addr, full))
		return false;
	return !rest || !((a->b[full] ^ addr[full]) >> (8 - rest));
}

/* An address of a network of that link. */
static bool on_link(const struct lvs_host *h, uint32_t ifindex, uint8_t af, const uint8_t *addr)
{
	for (size_t i = 0; i < h->n_addrs; i++)
		if (h->addrs[i].ifindex == ifindex && same_net(&h->addrs[i], af, addr))
			return true;
	return false;
}

/* Real servers answer the source: in their own network nobody says that he has it but its host. */
static void source(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		   struct lvs_findings *out)
{
	const struct lvs_svc *s = svc_of(h, i);

	for (size_t k = 0; k < s->n; k++) {
		const struct np_lvs_dest *d = &s->dests[k];
		const struct lvs_way *w = &h->reals[i][k];
		const struct lvs_link *l = lvs_host_link(h, w->ifindex);
		bool near = on_link(h, w->ifindex, d->af, d->fullnat_addr);
		char text[48], real[48];

		if (!nat(d) || d->fullnat != NP_LVS_FULLNAT_ADDR || h->sources[i][k].local ||
		    w->local || w->error || !l)
			continue;
		lvs_addr_text(d->af, d->fullnat_addr, text);
		lvs_cure(lvs_tell(out, near ? LVS_ERROR : LVS_WARNING, i, c, "%s, FULLNAT's source "
				  "towards %s, is not an address of this host: %s", text,
				  lvs_addr_text(d->af, d->addr, real),
				  near ? "nobody takes the answers" :
				  "answers come back only where routers lead them here"),
			 "ip addr add %s/%d dev %s", text, d->af == AF_INET ? 32 : 128,
			 l->dev.name);
	}
}

/* What cannot be seen from here. */
static void way_back(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		     struct lvs_findings *out)
{
	const struct lvs_svc *s = svc_of(h, i);
	char text[48] = "THIS-HOST";
	struct lvs_finding *f;

	for (size_t k = 0; k < s->n; k++) {
		if (!nat(&s->dests[k]) || is_fullnat(&s->dests[k]) || h->reals[i][k].local)
			continue;
		for (size_t a = 0; a < h->n_addrs; a++)
			if (same_net(&h->addrs[a], s->dests[k].af, s->dests[k].addr) &&
			    h->addrs[a].bits < 128 &&
			    h->addrs[a].ifindex == h->reals[i][k].ifindex)
				lvs_addr_text(h->addrs[a].family, h->addrs[a].b, text);
		f = lvs_tell(out, LVS_INFO, i, c, "the real servers' way to clients must lead "
			     "through this host, which cannot be seen from here");
		lvs_cure(f, "ip%s route replace default via %s",
			 s->dests[k].af == AF_INET6 ? " -6" : "", text);
		f->elsewhere = true;
		return;
	}
}

/*
 * What goes in front of a packet: IP, and UDP with GUE's header, or GRE's (__ip_vs_get_out_rt(),
 * gre_calc_hlen()).
 */
static uint32_t tunnel_head(const struct np_lvs_dest *d)
{
	uint32_t len = d->af == AF_INET6 ? 40 : 20;

	if (d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE)
		len += 8 + 4 + (d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM ? 8 : 0);
	else if (d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GRE)
		len += 4 + (d->tun_flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM ? 4 : 0);
	return len;
}

/* The narrowest of the tunnels counts: what is said of it goes for the others. */
static void mtu(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		struct lvs_findings *out)
{
	const struct lvs_svc *s = svc_of(h, i);
	uint32_t least = 1500, ip_tcp = s->svc.af == AF_INET6 ? 60 : 40;
	struct lvs_finding *f;

	for (size_t k = 0; k < s->n; k++) {
		uint32_t head = tunnel_head(&s->dests[k]), room = h->reals[i][k].mtu;

		if (model(&s->dests[k]) == IP_VS_CONN_F_TUNNEL && !h->reals[i][k].local &&
		    room > head + ip_tcp && room - head < least)
			least = room - head;
	}
	if (least == 1500)
		return;
	f = lvs_tell(out, LVS_WARNING, i, c, "the tunnel holds packets of %u bytes: larger ones "
		     "hang where a client's network drops ICMP", least);
	lvs_cure(f, "ip%s route change default advmss %u", s->svc.af == AF_INET6 ? " -6" : "",
		 least - ip_tcp);
	f->elsewhere = true;
}

/* The real server's command for a kind of tunnel that its kernel does not open by itself. */
static void open_tunnel(struct lvs_finding *f, const struct np_lvs_svc *s,
			const struct np_lvs_dest *d)
{
	bool six = d->af == AF_INET6, gre = d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GRE;
	const char *dev = gre ? (six ? " dev ip6gre0" : " dev gre0") :
			  d->af == s->af ? "" : six ? " dev ip6tnl0" : " dev sit0";
	char vip[48] = "VIP", open[64];

	if (!s->fwmark)
		lvs_addr_text(s->af, s->addr, vip);
	if (gre)
		(void)snprintf(open, sizeof(open), "modprobe %s", six ? "ip6_gre" : "ip_gre");
	else
		(void)snprintf(open, sizeof(open), "modprobe fou; ip%s fou add port %u gue",
			       six ? " -6" : "", d->tun_port);
	lvs_cure(f, "%s; lvsctl rs start %s tun%s", open, vip, dev);
	f->elsewhere = true;
}

static bool same_tunnel(const struct np_lvs_dest *a, const struct np_lvs_dest *b)
{
	return model(b) == IP_VS_CONN_F_TUNNEL && a->af == b->af && a->tun_type == b->tun_type &&
	       a->tun_port == b->tun_port;
}

/* ipip alone is opened by tunl0; what else is there cannot be seen from here. */
static void listener(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		     struct lvs_findings *out)
{
	const struct lvs_svc *s = svc_of(h, i);

	for (size_t k = 0; k < s->n; k++) {
		const struct np_lvs_dest *d = &s->dests[k];
		bool told = d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_IPIP;

		for (size_t m = 0; m < k; m++)
			told |= same_tunnel(d, &s->dests[m]);
		if (told || model(d) != IP_VS_CONN_F_TUNNEL || h->reals[i][k].local)
			continue;
		if (d->tun_type == IP_VS_CONN_F_TUNNEL_TYPE_GUE)
			open_tunnel(lvs_tell(out, LVS_INFO, i, c, "the real servers must listen "
					     "for GUE on UDP port %u, which cannot be seen from "
					     "here", d->tun_port), &s->svc, d);
		else
			open_tunnel(lvs_tell(out, LVS_INFO, i, c, "the real servers must have a "
					     "tunnel of GRE, which cannot be seen from here"),
				    &s->svc, d);
	}
}

static void pmtu_disc(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		      struct lvs_findings *out)
{
	const struct lvs_value *v = &h->conf[LVS_PMTU_DISC];

	for (size_t k = 0; v->known && !v->v && k < svc_of(h, i)->n; k++) {
		if (model(&svc_of(h, i)->dests[k]) != IP_VS_CONN_F_TUNNEL)
			continue;
		lvs_cure(lvs_tell(out, LVS_WARNING, i, c, "net.ipv4.vs.pmtu_disc=0: clients are "
				  "not told of the tunnel's MTU"),
			 "sysctl -w net.ipv4.vs.pmtu_disc=1");
		return;
	}
}

/* ip_vs_check_template(): a template leads to a real server of weight 0 as well. */
static void quiescent(const struct lvs_host *h, size_t i, const struct lvs_check *c,
		      struct lvs_findings *out)
{
	const struct lvs_value *v = &h->conf[LVS_QUIESCENT];
	const struct lvs_svc *s = svc_of(h, i);
	bool zero = false;
	char text[48];

	if (!(s->svc.flags & IP_VS_SVC_F_PERSISTENT) || !v->known || v->v)
		return;
	for (size_t k = 0; k < s->n && !zero; k++) {
		zero = !s->dests[k].weight;
		lvs_addr_text(s->dests[k].af, s->dests[k].addr, text);
	}
	if (zero)
		lvs_cure(lvs_tell(out, LVS_WARNING, i, c, "expire_quiescent_template=0: %s has "
				  "weight 0, and its persistent clients still come to it", text),
			 "sysctl -w net.ipv4.vs.expire_quiescent_template=1");
}

const struct lvs_check lvs_svc_checks[] = {
	{ "real_servers", no_dest },
	{ "weights", weights },
	{ "address", vip_local },
	{ "mark", mark },
	{ "routes", way },
	{ "ports", ports },
	{ "thresholds", overload },
	{ "forwarding", forwarding },
	{ "conntrack", conntrack },
	{ "source", source },
	{ "redirects", redirects },
	{ "way_back", way_back },
	{ "listener", listener },
	{ "mtu", mtu },
	{ "pmtu_disc", pmtu_disc },
	{ "quiescent", quiescent },
	{ NULL, NULL },
};
