// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel does around the lookup: each case is a small host and a packet. */
#include "tests/unit/fib_host.h"

static void test_output(void)
{
	struct np_flow f;

	plain_host();
	ask(flow("192.0.2.1", "10.9.9.9", 0));
	is("invalid-source", ENETUNREACH, "output: a source that is not ours");
	ask(flow("192.0.2.1", "127.0.0.5", 0));
	is("invalid-source", EINVAL, "output: a loopback source does not leave");
	at(A)->conf[NP_FIB_ROUTE_LOCALNET] = 1;
	ask(flow("192.0.2.1", "127.0.0.5", 0));
	is("unicast", 0, "output: … but with route_localnet");
	ask(flow("192.0.2.1", "224.0.0.1", 0));
	is("invalid-source", EINVAL, "output: a multicast source");
	ask(flow("255.255.255.255", "10.0.1.1", 0));
	is("broadcast", 0, "output: limited broadcast");
	unit_int(d.dev, B, "output: … leaves by the source's link");
	ask(flow("224.0.0.9", NULL, 0));
	is("multicast", 0, "output: multicast by the default route");
	unit_int(d.gateway_family, 0, "output: … has no gateway");
	ask(flow("0.0.0.0", NULL, 0));
	is("local", 0, "output: 0.0.0.0 is this host");
	f = flow("192.0.2.1", NULL, 0);
	f.oif = 77;
	ask(f);
	is("no-device", ENODEV, "output: an interface that is not there");
}

static void test_oif_forced(void)
{
	struct np_flow f = flow("60.0.0.1", NULL, 0);

	host();
	route(RT_TABLE_MAIN, "60.0.0.0", 8, RTN_BLACKHOLE, 0, NULL);
	rule(0, RT_TABLE_LOCAL);
	default_rules();
	f.oif = B;
	ask(f);
	is("unicast", 0, "oif: even a blackhole gives way to the link that was asked for");
	unit_int(d.why, NP_WHY_OIF_FORCED, "oif: … and it is said");
	unit_int(d.dev, B, "oif: … by that link");
	at(B)->flags = 0;
	ask(f);
	is("no-route", ENETUNREACH, "oif: a link that is down");
}

static void test_rp_filter(void)
{
	plain_host();
	fib.all[NP_FIB_RP_FILTER] = 1;
	ask(flow("10.0.1.1", "192.0.2.1", B));
	is("rp_filter", EINVAL, "rp_filter 1: replies leave by another link");
	unit_int(d.why, NP_WHY_RP_OTHER_DEV, "rp_filter 1: … which is why");
	unit_int(check(NP_CHK_RP_FILTER)->reverse_dev, A, "rp_filter 1: the link is named");
	unit_int(check(NP_CHK_RP_FILTER)->all, 1, "rp_filter 1: it comes from all");
	ask(flow("10.0.1.1", "192.0.2.1", A));
	is("local", 0, "rp_filter 1: by the link of the route back");
	at(B)->conf[NP_FIB_RP_FILTER] = 2;
	ask(flow("10.0.1.1", "192.0.2.1", B));
	is("local", 0, "rp_filter 2 on the link is larger than 1 on all, and loose");
}

static void test_rp_no_route(void)
{
	plain_host();
	fib.n_routes--; /* the default route was the last */
	fib.routes[fib.n_routes].type = RTN_THROW;
	fib.all[NP_FIB_RP_FILTER] = 2;
	ask(flow("10.0.1.1", "192.0.2.1", B));
	is("rp_filter", EINVAL, "rp_filter 2: no route back at all");
	unit_int(d.why, NP_WHY_RP_NO_ROUTE, "rp_filter 2: … which is why");
	fib.all[NP_FIB_RP_FILTER] = 0;
	ask(flow("10.0.1.1", "192.0.2.1", B));
	is("local", 0, "rp_filter 0: does not mind");
}

static void test_sources(void)
{
	plain_host();
	ask(flow("10.0.1.1", "10.0.0.1", A));
	is("martian-source", EINVAL, "input: a source that is ours");
	at(A)->conf[NP_FIB_ACCEPT_LOCAL] = 1;
	ask(flow("10.0.1.1", "10.0.0.1", A));
	is("local", 0, "input: … with accept_local");
	ask(flow("10.0.1.1", "224.1.1.1", A));
	is("martian-source", EINVAL, "input: a multicast source");
	ask(flow("10.0.1.1", NULL, A));
	is("martian-source", EINVAL, "input: no source");
	ask(flow("10.0.1.1", "127.0.0.1", A));
	is("martian-source", EINVAL, "input: a loopback source");
	ask(flow("127.0.0.1", "10.0.0.9", A));
	is("martian-destination", EINVAL, "input: a loopback destination");
	ask(flow("255.255.255.255", NULL, A));
	is("broadcast", 0, "input: limited broadcast without a source (DHCP)");
	ask(flow("10.0.0.255", "10.0.0.9", A));
	is("broadcast", 0, "input: the network's broadcast address");
	at(A)->in4 = false;
	ask(flow("10.0.1.1", "10.0.0.9", A));
	is("invalid", EINVAL, "input: a link without IPv4");
}

static void test_source_type(void)
{
	plain_host();
	fib.custom_rules = true;
	route(RT_TABLE_MAIN, "192.0.2.0", 24, RTN_BLACKHOLE, 0, NULL);
	ask(flow("10.0.1.1", "10.0.0.255", A));
	is("martian-source", EINVAL, "input: a source that is a broadcast address");
	unit_int(d.why, NP_WHY_SRC_TYPE, "input: … for its route's type");
	ask(flow("10.0.1.1", "192.0.2.1", A));
	is("local", 0, "input: no route back is no harm without rp_filter");
	plain_host();
	ask(flow("10.0.1.1", "10.0.0.255", A));
	is("local", 0, "input: with untouched rules and no rp_filter sources are not looked up");
}

static void test_back_key(void)
{
	struct np_fib_rule *r;
	struct np_flow f = flow("10.0.1.7", "192.0.2.1", A);

	host();
	fib.all[NP_FIB_RP_FILTER] = 1;
	route(100, "0.0.0.0", 0, RTN_UNICAST, B, NULL);
	rule(0, RT_TABLE_LOCAL);
	r = rule(10, 100);
	r->set = NP_FRULE_IIF;
	r->iif = B;
	r = rule(11, 100);
	r->set = NP_FRULE_DPORT;
	r->dport_start = r->dport_end = 4000;
	r = rule(12, 100);
	r->fwmark = 9;
	r->fwmask = UINT32_MAX;
	default_rules();
	ask(f);
	is("rp_filter", EINVAL, "way back: rules see the outgoing link as iif");
	fib.rules[1].iif = A;
	ask(f);
	is("unicast", 0, "way back: … not the incoming one");
	f.sport = 4000;
	ask(f);
	is("rp_filter", EINVAL, "way back: ports change places");
	f.sport = 0;
	f.mark = 9;
	ask(f);
	is("unicast", 0, "way back: the mark does not count");
	at(A)->conf[NP_FIB_SRC_VMARK] = 1;
	ask(f);
	is("rp_filter", EINVAL, "way back: … but with src_valid_mark");
}

static void test_forwarding(void)
{
	plain_host();
	ask(flow("192.0.2.1", "10.0.1.7", B));
	is("unicast", 0, "forwarding on");
	at(B)->conf[NP_FIB_FORWARDING] = 0;
	ask(flow("192.0.2.1", "10.0.1.7", B));
	is("forwarding-off", EHOSTUNREACH, "forwarding off");
	route(RT_TABLE_MAIN, "192.0.2.0", 24, RTN_PROHIBIT, 0, NULL);
	ask(flow("192.0.2.1", "10.0.1.7", B));
	is("forwarding-off", EHOSTUNREACH, "forwarding off: whatever the route says");
	ask(flow("10.0.0.1", "10.0.1.7", B));
	is("local", 0, "forwarding off: for this host is no forwarding");
	ask(flow("77.0.0.1", "10.0.1.7", 99));
	is("no-device", ENODEV, "input by an interface that is not there");
}

static void test_multicast_in(void)
{
	struct np_fib_group g = { .family = AF_INET, .ifindex = A };

	plain_host();
	addr(g.b, "224.0.0.1");
	np_fib_add_group(&fib, &g);
	ask(flow("224.0.0.1", "10.0.0.9", A));
	is("multicast", 0, "a group that was joined");
	ask(flow("224.0.0.5", "10.0.0.9", A));
	is("martian-destination", EINVAL, "a group that was not");
	ask(flow("224.0.0.1", "10.0.0.9", B));
	is("martian-destination", EINVAL, "a group that another link has joined");
}

/* Both as a dump says it: the link without carrier is dead where that is to be ignored. */
static void test_multipath_linkdown(void)
{
	struct np_fib_route r = { .table = RT_TABLE_MAIN, .dst_bits = 24, .type = RTN_UNICAST, .n_nh = 2 };
	struct np_fib_nh nhs[2] = { { .ifindex = B, .flags = RTNH_F_LINKDOWN | RTNH_F_DEAD },
				    { .ifindex = A } };
	struct np_flow f = flow("192.0.2.1", NULL, 0);

	host();
	at(B)->conf[NP_FIB_IGNORE_LINKDOWN] = 1;
	addr(r.dst, "192.0.2.0");
	np_fib_add_route(&fib, &r, nhs);
	rule(0, RT_TABLE_LOCAL);
	default_rules();
	ask(f);
	unit_int(d.dev, A, "no carrier, ignored: the other nexthop");
	unit_int(np_fib_picks(&fib, &d), 2,
		 "no carrier, ignored: may still be picked, the sysctl draws no weights anew");
	np_fib_decide(&fib, &f, 1, &d);
	unit_int(d.dev, B, "no carrier, ignored: the kernel's stale pick");
	unit_int(np_fib_share(&fib, &fib.nhs[fib.n_nhs - 2]), NP_SHARE_STALE, "no carrier, ignored: stale");
	at(B)->flags &= ~(uint32_t)IFF_UP;
	unit_int(np_fib_share(&fib, &fib.nhs[fib.n_nhs - 2]), NP_SHARE_NONE, "the link is down: dead");
	at(B)->flags |= IFF_UP;
	at(B)->conf[NP_FIB_IGNORE_LINKDOWN] = 0;
	fib.nhs[fib.n_nhs - 2].flags = RTNH_F_LINKDOWN;
	unit_int(np_fib_share(&fib, &fib.nhs[fib.n_nhs - 2]), NP_SHARE_LIVE, "no carrier: used all the same");
}

static void test_multipath(void)
{
	struct np_fib_route r = { .table = RT_TABLE_MAIN, .dst_bits = 24, .type = RTN_UNICAST, .n_nh = 3 };
	struct np_fib_nh nhs[3] = { { .ifindex = A }, { .ifindex = B, .flags = RTNH_F_DEAD },
				    { .ifindex = B } };
	struct np_flow f = flow("192.0.2.1", NULL, 0);

	host();
	addr(r.dst, "192.0.2.0");
	np_fib_add_route(&fib, &r, nhs);
	rule(0, RT_TABLE_LOCAL);
	default_rules();
	ask(f);
	unit_ok(d.multipath, "several nexthops: the kernel picks");
	unit_int(np_fib_picks(&fib, &d), 2, "several nexthops: the dead one is no choice");
	unit_int(d.dev, A, "several nexthops: the first");
	np_fib_decide(&fib, &f, 1, &d);
	unit_int(d.dev, B, "several nexthops: the next living one");
	f.oif = B;
	ask(f);
	unit_ok(!d.multipath && d.dev == B, "several nexthops: oif leaves no choice");
	f = flow("192.0.2.1", "10.0.1.7", B);
	fib.all[NP_FIB_RP_FILTER] = 1;
	ask(f);
	is("unicast", 0, "several nexthops on input");
}

/* Found by the oracle: a gateway that is an address of this host is not used. */
static void test_own_gateway(void)
{
	host();
	route(RT_TABLE_MAIN, "70.0.0.0", 8, RTN_UNICAST, LO, "127.0.0.9");
	rule(0, RT_TABLE_LOCAL);
	default_rules();
	ask(flow("70.0.0.1", NULL, 0));
	is("unicast", 0, "a gateway of our own");
	unit_int(d.gateway_family, 0, "… is not in the answer");
}

int main(void)
{
	np_fib_init(&fib, AF_INET);
	np_fib_decision_init(&d);
	test_output();
	test_oif_forced();
	test_rp_filter();
	test_rp_no_route();
	test_sources();
	test_source_type();
	test_back_key();
	test_forwarding();
	test_multicast_in();
	test_multipath();
	test_multipath_linkdown();
	test_own_gateway();
	np_fib_decision_clean(&d);
	np_fib_clean(&fib);
	return unit_done();
}
