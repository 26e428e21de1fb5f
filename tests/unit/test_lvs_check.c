// SPDX-License-Identifier: GPL-2.0-or-later
/* Each check of lvsctl check on a host that is well but for one thing. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/ip_vs.h>
#include <linux/netfilter.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "lib/out.h"
#include "lvsctl/check.h"
#include "tests/unit/unit.h"

static struct lvs_host h;
static struct np_lvs_dest dests[2];
static struct lvs_svc svcs[1];
static struct lvs_way vips[1];
static struct lvs_way real[2], *reals[1] = { real };
static struct lvs_way source[2], *sources[1] = { source };
static struct lvs_link links[3];
static struct np_netdev_addr addrs[3];

/* What cannot be seen from the director is told of every one. */
static const char *const blind[] = { "way_back", "listener" };

static const int64_t well[LVS_CONF_N] = {
	[LVS_IP_FORWARD] = 1, [LVS_FORWARD6] = 1, [LVS_REUSE] = 1, [LVS_NODEST] = 1,
	[LVS_QUIESCENT] = 1, [LVS_PMTU_DISC] = 1, [LVS_RUN_ESTIMATION] = 1,
};

static void put(uint8_t *b, const char *text)
{
	inet_pton(AF_INET, text, b);
}

/* eth0 10.0.0.1/24 with the service 10.0.0.100:80 on it, tunl0 without an address. */
static void healthy(uint32_t fwd)
{
	h = (struct lvs_host){ .ipvs = true, .vips = vips, .reals = reals,
			       .sources = sources, .links = links, .addrs = addrs, .n_links = 3,
			       .n_addrs = 2, .release = 601, .table = { .svcs = svcs, .n = 1, .cap = 1 } };
	for (size_t i = 0; i < LVS_CONF_N; i++)
		h.conf[i] = (struct lvs_value){ true, well[i] };
	links[0] = (struct lvs_link){ { 1, IFF_UP | IFF_LOOPBACK, 65536, "lo", "", 0 }, 0, 0, 0, 0 };
	links[1] = (struct lvs_link){ { 2, IFF_UP, 9000, "eth0", "", 0 }, 0, 0, 0, 0 };
	links[2] = (struct lvs_link){ { 3, IFF_UP | IFF_NOARP, 1480, "tunl0", "ipip", 0 }, 0, 0, 0, 0 };
	memset(addrs, 0, sizeof(addrs));
	addrs[0] = (struct np_netdev_addr){ .ifindex = 2, .family = AF_INET, .bits = 24 };
	put(addrs[0].b, "10.0.0.1");
	addrs[1] = (struct np_netdev_addr){ .ifindex = 2, .family = AF_INET, .bits = 32 };
	put(addrs[1].b, "10.0.0.100");
	svcs[0] = (struct lvs_svc){ .dests = dests, .n = 2 };
	svcs[0].svc = (struct np_lvs_svc){ .af = AF_INET, .protocol = IPPROTO_TCP, .port = 80,
					   .sched = "rr" };
	put(svcs[0].svc.addr, "10.0.0.100");
	vips[0] = (struct lvs_way){ .local = true };
	for (size_t i = 0; i < 2; i++) {
		dests[i] = (struct np_lvs_dest){ .af = AF_INET, .port = 80, .fwd = fwd,
						 .weight = 1 };
		put(dests[i].addr, i ? "10.0.0.12" : "10.0.0.11");
		real[i] = (struct lvs_way){ .ifindex = 2, .mtu = 9000 };
		source[i] = (struct lvs_way){ .ifindex = 2 };
	}
}

/* The one finding that there must be: its check, severity and remedy; NULL: none at all. */
static void only(const char *check, enum lvs_severity severity, const char *remedy,
		 const char *name)
{
	struct lvs_findings f;
	struct np_err err = NP_ERR_INIT;
	size_t n = 0, at = 0;

	lvs_check_run_all(&h, &f, &err);
	for (size_t i = 0; i < f.n; i++) {
		bool skip = false;

		for (size_t b = 0; b < 2; b++)
			skip |= !strcmp(f.list[i].check, blind[b]) &&
				(!check || strcmp(check, blind[b]));
		if (skip)
			continue;
		at = i;
		if (n++ || !check)
			printf("# %s: %s\n", f.list[i].check, f.list[i].says);
	}
	unit_int((long long)n, check ? 1 : 0, name);
	if (n == 1 && check) {
		unit_str(f.list[at].check, check, name);
		unit_int(f.list[at].severity, severity, name);
		unit_str(f.list[at].remedy, remedy, name);
	}
	free(f.list);
}

static void services(void)
{
	healthy(IP_VS_CONN_F_DROUTE);
	svcs[0].n = 0;
	only("real_servers", LVS_ERROR, "", "no real server");
	healthy(IP_VS_CONN_F_DROUTE);
	dests[0].weight = 0;
	only(NULL, LVS_ERROR, "", "one weight of 0 is well");
	dests[1].weight = 0;
	only("weights", LVS_ERROR, "", "all weights 0");
	healthy(IP_VS_CONN_F_DROUTE);
	vips[0] = (struct lvs_way){ .ifindex = 2 };
	only("address", LVS_ERROR, "ip addr add 10.0.0.100/32 dev eth0", "the address is not ours");
	svcs[0].svc.fwmark = 7;
	only(NULL, LVS_ERROR, "", "a mark has none");
	healthy(IP_VS_CONN_F_DROUTE);
	real[1] = (struct lvs_way){ .error = ENETUNREACH };
	only("routes", LVS_ERROR, "prt explain 10.0.0.12", "no way");
	healthy(IP_VS_CONN_F_DROUTE);
	real[1].gateway = true;
	only("routes", LVS_ERROR, "prt explain 10.0.0.12", "DR through a router");
	healthy(IP_VS_CONN_F_TUNNEL);
	real[1].gateway = true;
	only(NULL, LVS_ERROR, "", "TUN through a router");
	healthy(IP_VS_CONN_F_DROUTE);
	dests[1].port = 8080;
	only("ports", LVS_ERROR, "", "DR with another port");
	healthy(IP_VS_CONN_F_MASQ);
	dests[1].port = 8080;
	only(NULL, LVS_ERROR, "", "NAT with another port");
	dests[1].u_threshold = 10;
	dests[1].active = 4;
	dests[1].inactive = 5;
	only(NULL, LVS_ERROR, "", "below the threshold");
	dests[1].inactive = 6;
	only("thresholds", LVS_WARNING, "", "at the threshold");
}

static void nat(void)
{
	healthy(IP_VS_CONN_F_MASQ);
	only("way_back", LVS_INFO, "ip route replace default via 10.0.0.1", "NAT: the way back");
	h.conf[LVS_IP_FORWARD].v = 0;
	only("forwarding", LVS_ERROR, "sysctl -w net.ipv4.ip_forward=1", "NAT forwards");
	healthy(IP_VS_CONN_F_DROUTE);
	h.conf[LVS_IP_FORWARD].v = 0;
	only(NULL, LVS_ERROR, "", "DR does not");
	healthy(IP_VS_CONN_F_TUNNEL);
	h.conf[LVS_IP_FORWARD].v = 0;
	only(NULL, LVS_ERROR, "", "nor does TUN");
	healthy(IP_VS_CONN_F_MASQ);
	links[1].redirects = 1;
	only("redirects", LVS_WARNING, "sysctl -w net.ipv4.conf.all.send_redirects=0 "
	     "net.ipv4.conf.eth0.send_redirects=0", "one network, redirects");
	strcpy(links[1].dev.name, "eth0.100");
	only("redirects", LVS_WARNING, "sysctl -w net.ipv4.conf.all.send_redirects=0 "
	     "net.ipv4.conf.eth0/100.send_redirects=0", "on a link with a dot in its name");
	h.n_addrs = 1;
	only(NULL, LVS_ERROR, "", "two networks, redirects");
	healthy(IP_VS_CONN_F_MASQ);
	h.conf[LVS_REDIRECTS].v = 1;
	dests[0].fullnat = dests[1].fullnat = NP_LVS_FULLNAT_AUTO;
	only("conntrack", LVS_ERROR, "sysctl -w net.ipv4.vs.conntrack=1", "FULLNAT");
	h.conf[LVS_CONNTRACK].v = 1;
	only(NULL, LVS_ERROR, "", "FULLNAT with conntrack");
	h.release = 504;
	only("reuse", LVS_WARNING, "sysctl -w net.ipv4.vs.conn_reuse_mode=0", "an old kernel");
}

static void fullnat(void)
{
	healthy(IP_VS_CONN_F_MASQ);
	h.conf[LVS_CONNTRACK].v = 1;
	dests[0].fullnat = NP_LVS_FULLNAT_AUTO;
	dests[1].fullnat = NP_LVS_FULLNAT_ADDR;
	put(dests[1].fullnat_addr, "10.0.0.250");
	only("source", LVS_ERROR, "ip addr add 10.0.0.250/32 dev eth0", "a source nobody has");
	source[1].local = true;
	only(NULL, LVS_ERROR, "", "a source that is ours");
	source[1].local = false;
	put(dests[1].fullnat_addr, "172.16.0.250");
	only("source", LVS_WARNING, "ip addr add 172.16.0.250/32 dev eth0", "one behind routers");
	put(dests[1].fullnat_addr, "10.0.0.250");
	real[1].local = true;
	only("routes", LVS_INFO, "", "to this host itself");
}

static void marks(void)
{
	uint32_t list[] = { 7, 9 };

	healthy(IP_VS_CONN_F_DROUTE);
	svcs[0].svc.fwmark = 9;
	only(NULL, LVS_ERROR, "", "marks that are not known");
	h.marks = (struct lvs_marks){ true, list, 1 };
	only("mark", LVS_INFO, "", "a mark that no rule sets");
	h.marks.n = 2;
	only(NULL, LVS_ERROR, "", "one that a rule sets");
}

static void listeners(void)
{
	static const struct {
		uint8_t type, af;
		const char *remedy;
	} rows[] = {
		{ IP_VS_CONN_F_TUNNEL_TYPE_GUE, AF_INET,
		  "modprobe fou; ip fou add port 6080 gue; lvsctl rs start 10.0.0.100 tun" },
		{ IP_VS_CONN_F_TUNNEL_TYPE_GUE, AF_INET6, "modprobe fou; ip -6 fou add port 6080 "
		  "gue; lvsctl rs start 10.0.0.100 tun dev ip6tnl0" },
		{ IP_VS_CONN_F_TUNNEL_TYPE_GRE, AF_INET,
		  "modprobe ip_gre; lvsctl rs start 10.0.0.100 tun dev gre0" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		healthy(IP_VS_CONN_F_TUNNEL);
		for (size_t k = 0; k < 2; k++) {
			dests[k].af = rows[i].af;
			dests[k].tun_type = rows[i].type;
			dests[k].tun_port = 6080;
		}
		only("listener", LVS_INFO, rows[i].remedy, rows[i].remedy);
	}
	svcs[0].svc.fwmark = 9;
	only("listener", LVS_INFO, "modprobe ip_gre; lvsctl rs start VIP tun dev gre0", "a mark");
	healthy(IP_VS_CONN_F_TUNNEL);
	only(NULL, LVS_INFO, "", "ipip");
}

static void tun(void)
{
	static const struct {
		uint8_t type;
		uint16_t flags;
		uint32_t head;
	} rows[] = {
		{ IP_VS_CONN_F_TUNNEL_TYPE_GUE, 0, 20 + 8 + 4 },
		{ IP_VS_CONN_F_TUNNEL_TYPE_GUE, IP_VS_TUNNEL_ENCAP_FLAG_CSUM, 20 + 8 + 4 },
		{ IP_VS_CONN_F_TUNNEL_TYPE_GUE, IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM, 20 + 8 + 4 + 8 },
		{ IP_VS_CONN_F_TUNNEL_TYPE_GRE, 0, 20 + 4 },
		{ IP_VS_CONN_F_TUNNEL_TYPE_GRE, IP_VS_TUNNEL_ENCAP_FLAG_CSUM, 20 + 8 },
	};

	healthy(IP_VS_CONN_F_TUNNEL);
	real[0].mtu = real[1].mtu = 1500;
	only("mtu", LVS_WARNING, "ip route change default advmss 1440", "TUN in 1500 bytes");
	real[0].mtu = real[1].mtu = 1520;
	only(NULL, LVS_ERROR, "", "TUN in 1520");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		healthy(IP_VS_CONN_F_TUNNEL);
		dests[1].tun_type = rows[i].type;
		dests[1].tun_flags = rows[i].flags;
		real[1].mtu = 1500 + rows[i].head;
		only(NULL, LVS_ERROR, "", "a kind of tunnel that has room");
		real[1].mtu--;
		only("mtu", LVS_WARNING, "ip route change default advmss 1459", "and one byte less");
		real[0].mtu = 1500;
		only("mtu", LVS_WARNING, "ip route change default advmss 1440", "the narrowest");
	}
	healthy(IP_VS_CONN_F_TUNNEL);
	h.conf[LVS_PMTU_DISC].v = 0;
	only("pmtu_disc", LVS_WARNING, "sysctl -w net.ipv4.vs.pmtu_disc=1", "TUN without PMTU");
}

static void sysctls(void)
{
	static const struct {
		enum lvs_conf conf;
		int64_t v;
		enum lvs_severity severity;
		const char *remedy;
	} rows[] = {
		{ LVS_NODEST, 0, LVS_WARNING, "sysctl -w net.ipv4.vs.expire_nodest_conn=1" },
		{ LVS_REUSE, 0, LVS_WARNING, "sysctl -w net.ipv4.vs.conn_reuse_mode=1" },
		{ LVS_SLOPPY_TCP, 1, LVS_INFO, "sysctl -w net.ipv4.vs.sloppy_tcp=0" },
		{ LVS_DROP_ENTRY, 3, LVS_WARNING, "sysctl -w net.ipv4.vs.drop_entry=0" },
		{ LVS_DROP_PACKET, 2, LVS_WARNING, "sysctl -w net.ipv4.vs.drop_packet=0" },
		{ LVS_SECURE_TCP, 3, LVS_INFO, "sysctl -w net.ipv4.vs.secure_tcp=0" },
		{ LVS_RUN_ESTIMATION, 0, LVS_INFO, "sysctl -w net.ipv4.vs.run_estimation=1" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		healthy(IP_VS_CONN_F_DROUTE);
		h.conf[rows[i].conf].v = rows[i].v;
		only("sysctls", rows[i].severity, rows[i].remedy, rows[i].remedy);
		h.conf[rows[i].conf].known = false;
		only(NULL, LVS_ERROR, "", "a kernel that does not have it");
	}
	healthy(IP_VS_CONN_F_DROUTE);
	h.conf[LVS_DROP_ENTRY].v = 1;
	only(NULL, LVS_ERROR, "", "drop_entry when memory is short");
	svcs[0].svc.flags = IP_VS_SVC_F_PERSISTENT;
	h.conf[LVS_QUIESCENT].v = 0;
	only(NULL, LVS_ERROR, "", "persistence, no weight of 0");
	dests[0].weight = 0;
	only("quiescent", LVS_WARNING, "sysctl -w net.ipv4.vs.expire_quiescent_template=1",
	     "persistence and a weight of 0");
	svcs[0].svc.flags = 0;
	only(NULL, LVS_ERROR, "", "no persistence");
}

/* lo has another address, which may be that of a service by firewall mark. */
static void director(void)
{
	healthy(IP_VS_CONN_F_DROUTE);
	addrs[2] = (struct np_netdev_addr){ .ifindex = 1, .family = AF_INET, .bits = 32 };
	put(addrs[2].b, "172.16.0.1");
	h.n_addrs = 3;
	only("arp", LVS_INFO, "", "a director is never told to be silent");
	svcs[0].svc.fwmark = 9;
	only("arp", LVS_INFO, "", "least of all where a mark hides the address");
	svcs[0].svc.fwmark = 0;
	h.conf[LVS_ARP_IGNORE].v = 1;
	only(NULL, LVS_INFO, "", "a director that is silent already");
}

static void real_server(void)
{
	healthy(IP_VS_CONN_F_DROUTE);
	h.n_addrs = 3;
	addrs[2] = (struct np_netdev_addr){ .ifindex = 3, .family = AF_INET, .bits = 32 };
	put(addrs[2].b, "172.16.0.1");
	only(NULL, LVS_ERROR, "", "a tunnel that does not filter");
	links[2].rp_filter = 1;
	strcpy(links[2].dev.name, "tun.0");
	only("rp_filter", LVS_ERROR, "sysctl -w net.ipv4.conf.tun/0.rp_filter=0", "a dot");
	strcpy(links[2].dev.name, "tunl0");
	only("rp_filter", LVS_ERROR, "sysctl -w net.ipv4.conf.tunl0.rp_filter=0", "strict tunnel");
	h.conf[LVS_RP_FILTER].v = 1;
	links[2].rp_filter = 0;
	only("rp_filter", LVS_ERROR, "sysctl -w net.ipv4.conf.tunl0.rp_filter=2", "strict host");
	links[2].rp_filter = 2;
	only(NULL, LVS_ERROR, "", "loose wins");
	healthy(IP_VS_CONN_F_DROUTE);
	addrs[2] = (struct np_netdev_addr){ .ifindex = 1, .family = AF_INET, .bits = 32 };
	put(addrs[2].b, "172.16.0.1");
	h.n_addrs = 3;
	h.table.n = 0;
	h.conf[LVS_ARP_ANNOUNCE].v = 2;
	only("arp", LVS_WARNING, "sysctl -w net.ipv4.conf.all.arp_ignore=1", "ARP answers");
	h.conf[LVS_ARP_IGNORE].v = 1;
	only(NULL, LVS_ERROR, "", "ARP is silent");
	h.conf[LVS_ARP_ANNOUNCE].v = 0;
	only("arp", LVS_WARNING, "sysctl -w net.ipv4.conf.all.arp_announce=2", "ARP asks");
	links[1].arp_announce = 2;
	only(NULL, LVS_ERROR, "", "ARP asks for itself on the only link with ARP");
	h.conf[LVS_ARP_ANNOUNCE].v = 1;
	only(NULL, LVS_ERROR, "", "the greater counts");
	links[1].arp_ignore = 8;
	only(NULL, LVS_ERROR, "", "for answers as well");
	links[1].arp_ignore = 3;
	only("arp", LVS_WARNING, "sysctl -w net.ipv4.conf.all.arp_ignore=1 "
	     "net.ipv4.conf.eth0.arp_ignore=1", "also where it is the worse");
	links[2].dev = (struct np_netdev){ 3, IFF_UP, 1500, "br0", "bridge", 0 };
	links[2].arp_ignore = 1;
	links[2].arp_announce = 2;
	links[1].dev.master = 3;
	only(NULL, LVS_ERROR, "", "but not on a port of a bridge, which has no ARP of its own");
	links[2].dev = (struct np_netdev){ 3, IFF_UP, 1500, "vrf0", "vrf", 0 };
	only("arp", LVS_WARNING, "sysctl -w net.ipv4.conf.all.arp_ignore=1 "
	     "net.ipv4.conf.eth0.arp_ignore=1", "a VRF's have it");
	links[2].dev.flags |= IFF_NOARP;
	links[1].dev.flags |= IFF_NOARP;
	links[1].arp_ignore = 1;
	h.conf[LVS_ARP_IGNORE].v = 0;
	h.conf[LVS_ARP_ANNOUNCE].v = 2;
	only("arp", LVS_WARNING, "sysctl -w net.ipv4.conf.all.arp_ignore=1",
	     "a link without ARP has no say");
	put(addrs[2].b, "10.0.0.100");
	h.table.n = 1;
	only(NULL, LVS_ERROR, "", "the director's own service on lo");
	h.ipvs = false;
	only("ipvs", LVS_INFO, "modprobe ip_vs", "no IPVS");
}

static void headed(const char *want)
{
	struct lvs_findings none = { 0 };
	struct np_out out = { 0 };
	char *text = NULL;
	size_t len;

	out.fp = open_memstream(&text, &len);
	lvs_check_text(&out, &h, &none);
	fclose(out.fp);
	text[strcspn(text, "\n")] = '\0';
	unit_str(strstr(text, ", "), want, "the line of a service");
	free(text);
}

/* The line of a service: how its real servers get their packets. */
static void models(void)
{
	healthy(IP_VS_CONN_F_DROUTE);
	headed(", 2 real servers by DR");
	healthy(IP_VS_CONN_F_TUNNEL);
	headed(", 2 real servers by TUN");
	healthy(IP_VS_CONN_F_MASQ);
	headed(", 2 real servers by NAT");
	dests[1].fullnat = NP_LVS_FULLNAT_AUTO;
	headed(", 2 real servers by several models");
	dests[0].fullnat = NP_LVS_FULLNAT_AUTO;
	headed(", 2 real servers by FULLNAT");
	healthy(IP_VS_CONN_F_LOCALNODE);
	headed(", 2 real servers on this host");
	svcs[0].n = 0;
	headed(", 0 real servers");
}

int main(void)
{
	healthy(IP_VS_CONN_F_DROUTE);
	only(NULL, LVS_ERROR, "", "DR that is well");
	healthy(IP_VS_CONN_F_TUNNEL);
	only(NULL, LVS_ERROR, "", "TUN that is well");
	healthy(IP_VS_CONN_F_MASQ);
	only(NULL, LVS_ERROR, "", "NAT that is well");
	services();
	nat();
	fullnat();
	marks();
	listeners();
	tun();
	sysctls();
	director();
	real_server();
	models();
	return unit_done();
}
