// SPDX-License-Identifier: GPL-2.0-or-later
/* What can be wrong with the host, director or real server. Pure: see lvsctl/check.h. */
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/sysctl.h"
#include "lvsctl/check.h"

static void ipvs(const struct lvs_host *h, size_t svc, const struct lvs_check *c,
		 struct lvs_findings *out)
{
	if (!h->ipvs)
		lvs_cure(lvs_tell(out, LVS_INFO, svc, c,
				  "this kernel has no IPVS: this host can be a real server only"),
			 "modprobe ip_vs");
}

/*
 * Sysctls of IPVS whose value matters whatever the services are
 * (Documentation/networking/ipvs-sysctl.rst; defaults from ip_vs_control_net_init_sysctl()).
 */
static const struct row {
	enum lvs_conf conf;
	bool zero;    /* it is 0 that is said, else any other value */
	int good;     /* the remedy */
	enum lvs_severity severity;
	const char *says;
} rows[] = {
	{ LVS_NODEST, true, 1, LVS_WARNING,
	  "when a server is removed its connections hang until they time out" },
	{ LVS_REUSE, true, 1, LVS_WARNING,
	  "a client's port that is used again goes where it went before, be the weight 0" },
	{ LVS_SLOPPY_TCP, false, 0, LVS_INFO, "connections begin with any packet of TCP" },
	{ LVS_DROP_ENTRY, false, 0, LVS_WARNING, "connections are dropped to defend memory" },
	{ LVS_DROP_PACKET, false, 0, LVS_WARNING, "packets are dropped to defend memory" },
	{ LVS_SECURE_TCP, false, 0, LVS_INFO, "states of TCP time out faster" },
	{ LVS_RUN_ESTIMATION, true, 1, LVS_INFO, "rates are not counted" },
};

/* drop_entry, drop_packet, secure_tcp: 1 is "when memory is short", 2 and 3 are at work. */
static bool bad(const struct row *r, const struct lvs_value *v)
{
	if (!v->known)
		return false;
	if (r->conf == LVS_DROP_ENTRY || r->conf == LVS_DROP_PACKET || r->conf == LVS_SECURE_TCP)
		return v->v >= 2;
	return r->zero ? !v->v : v->v;
}

static void sysctls(const struct lvs_host *h, size_t svc, const struct lvs_check *c,
		    struct lvs_findings *out)
{
	if (!h->table.n)
		return;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		const char *name = lvs_conf_names[r->conf];

		if (bad(r, &h->conf[r->conf]))
			lvs_cure(lvs_tell(out, r->severity, svc, c, "%s=%jd: %s",
					  strrchr(name, '.') + 1,
					  (intmax_t)h->conf[r->conf].v, r->says),
				 "sysctl -w %s=%d", name, r->good);
	}
}

/* Before f0a5e4d7a594 ("ipvs: allow connection reuse for unconfirmed conntrack", 5.9). */
static void reuse(const struct lvs_host *h, size_t svc, const struct lvs_check *c,
		  struct lvs_findings *out)
{
	if (h->table.n && h->release && h->release < 509 && h->conf[LVS_REUSE].v == 1 &&
	    h->conf[LVS_CONNTRACK].v)
		lvs_cure(lvs_tell(out, LVS_WARNING, svc, c, "conntrack=1 with conn_reuse_mode=1: "
				  "a client's port that is used again waits a second"),
			 "sysctl -w net.ipv4.vs.conn_reuse_mode=0");
}

static bool tunnel(const struct lvs_link *l)
{
	return l->dev.flags & IFF_UP &&
	       (!strcmp(l->dev.kind, "ipip") || !strcmp(l->dev.kind, "sit") ||
		!strcmp(l->dev.kind, "ip6tnl"));
}

static bool host_addr(const struct np_netdev_addr *a)
{
	return a->family == AF_INET && a->bits == 32 && a->b[0] != 127;
}

/* A real server's end of TUN: packets from clients, whose way back is elsewhere. */
static void rp_filter(const struct lvs_host *h, size_t svc, const struct lvs_check *c,
		      struct lvs_findings *out)
{
	int64_t all = h->conf[LVS_RP_FILTER].v;

	for (size_t i = 0; i < h->n_addrs; i++) {
		const struct lvs_link *l = lvs_host_link(h, h->addrs[i].ifindex);
		char name[NP_SYSCTL_NAME_MAX];

		if (!host_addr(&h->addrs[i]) || !l || !tunnel(l) || l->rp_filter == 2 ||
		    all == 2 || (!all && !l->rp_filter))
			continue;
		lvs_cure(lvs_tell(out, LVS_ERROR, svc, c, "rp_filter on %s is strict: what comes "
				  "out of the tunnel is dropped", l->dev.name),
			 "sysctl -w %s=%d",
			 np_sysctl_conf(AF_INET, l->dev.name, "rp_filter", name), all ? 2 : 0);
	}
}

static bool service_of(const struct lvs_host *h, const struct np_netdev_addr *a)
{
	for (size_t i = 0; i < h->table.n; i++)
		if (!h->table.svcs[i].svc.fwmark && h->table.svcs[i].svc.af == a->family &&
		    !memcmp(h->table.svcs[i].svc.addr, a->b, sizeof(a->b)))
			return true;
	return false;
}

/* What ARP does with addresses of lo: arp_ignore(), arp_solicit(). */
static bool silent(int64_t v)
{
	return v == 1 || v == 2 || v == 8;
}

static bool discreet(int64_t v)
{
	return v == 2;
}

static int64_t link_ignore(const struct lvs_link *l)
{
	return l->arp_ignore;
}

static int64_t link_announce(const struct lvs_link *l)
{
	return l->arp_announce;
}

static const struct arp_row {
	enum lvs_conf conf;
	const char *key;
	int64_t (*of)(const struct lvs_link *l);
	bool (*good)(int64_t v);
	int remedy;
	const char *says, *then;
} arp_rows[] = {
	{ LVS_ARP_IGNORE, "arp_ignore", link_ignore, silent, 1, "answers ARP for",
	  "it takes it from the director" },
	{ LVS_ARP_ANNOUNCE, "arp_announce", link_announce, discreet, 2, "asks ARP in the name of",
	  "routers learn it" },
};

/* IN_DEV_MAXCONF(): the greater of what stands for all and for the link counts. */
static int64_t arp_value(const struct lvs_host *h, const struct arp_row *r,
			 const struct lvs_link *l)
{
	int64_t all = h->conf[r->conf].v;

	return l && r->of(l) > all ? r->of(l) : all;
}

/* Of links with a master only a VRF's have ARP of their own: a bridge or bond takes its ports'. */
static bool has_own_arp(const struct lvs_host *h, const struct lvs_link *l)
{
	for (size_t i = 0; l->dev.master && i < h->n_links; i++)
		if (h->links[i].dev.ifindex == l->dev.master)
			return !strcmp(h->links[i].dev.kind, "vrf");
	return !l->dev.master;
}

static bool has_arp(const struct lvs_host *h, const struct lvs_link *l)
{
	return l->dev.flags & IFF_UP && !(l->dev.flags & (IFF_LOOPBACK | IFF_NOARP)) &&
	       has_own_arp(h, l);
}

/* The first link with ARP that is not as it should be. */
static const struct lvs_link *loud(const struct lvs_host *h, const struct arp_row *r)
{
	for (size_t i = 0; i < h->n_links; i++)
		if (has_arp(h, &h->links[i]) && !r->good(arp_value(h, r, &h->links[i])))
			return &h->links[i];
	return NULL;
}

static bool any_arp(const struct lvs_host *h)
{
	for (size_t i = 0; i < h->n_links; i++)
		if (has_arp(h, &h->links[i]))
			return true;
	return false;
}

/* Where there is no link yet, that of all counts: it is what the next one will have at least. */
static void arp_row(const struct lvs_host *h, size_t svc, const struct lvs_check *c,
		    const struct arp_row *r, const char *vip, struct lvs_findings *out)
{
	const struct lvs_link *l = loud(h, r);
	int64_t v = arp_value(h, r, l);
	char name[NP_SYSCTL_NAME_MAX];
	struct lvs_finding *f;

	if (r->good(v) || (!l && any_arp(h)))
		return;
	f = lvs_tell(out, LVS_WARNING, svc, c, "%s=%jd%s%s: this host %s %s on lo; if that is a "
		     "service, %s", r->key, (intmax_t)v, l ? " on " : "", l ? l->dev.name : "",
		     r->says, vip, r->then);
	if (l && r->of(l) > r->remedy)
		lvs_cure(f, "sysctl -w %s=%d %s=%d", lvs_conf_names[r->conf], r->remedy,
			 np_sysctl_conf(AF_INET, l->dev.name, r->key, name), r->remedy);
	else
		lvs_cure(f, "sysctl -w %s=%d", lvs_conf_names[r->conf], r->remedy);
}

/*
 * A director must answer ARP for its services, also for those of a firewall mark, whose addresses
 * the kernel does not know: of one of them silence would be the end.
 */
static void arp_of_director(const struct lvs_host *h, size_t svc, const struct lvs_check *c,
			    const char *vip, struct lvs_findings *out)
{
	const struct lvs_link *l = loud(h, &arp_rows[0]);

	if (l)
		lvs_tell(out, LVS_INFO, svc, c, "%s is on lo, and %s answers ARP for it: right "
			 "for a service of this director, wrong for one whose real server this "
			 "host is", vip, l->dev.name);
}

/* A VIP on lo of a real server: its networks must not hear of it. */
static void arp(const struct lvs_host *h, size_t svc, const struct lvs_check *c,
		struct lvs_findings *out)
{
	for (size_t i = 0; i < h->n_addrs; i++) {
		const struct lvs_link *l = lvs_host_link(h, h->addrs[i].ifindex);
		char text[48];

		if (!host_addr(&h->addrs[i]) || !l || !(l->dev.flags & IFF_LOOPBACK) ||
		    service_of(h, &h->addrs[i]))
			continue;
		lvs_addr_text(AF_INET, h->addrs[i].b, text);
		if (h->table.n) {
			arp_of_director(h, svc, c, text, out);
			return;
		}
		for (size_t r = 0; r < sizeof(arp_rows) / sizeof(arp_rows[0]); r++)
			arp_row(h, svc, c, &arp_rows[r], text, out);
		return;
	}
}

const struct lvs_check lvs_host_checks[] = {
	{ "ipvs", ipvs },
	{ "sysctls", sysctls },
	{ "reuse", reuse },
	{ "rp_filter", rp_filter },
	{ "arp", arp },
	{ NULL, NULL },
};
