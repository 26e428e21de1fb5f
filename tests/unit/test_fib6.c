// SPDX-License-Identifier: GPL-2.0-or-later
/* The lookup model of IPv6 without a kernel. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>

#include "lib/fib_agree.h"
#include "tests/unit/fib_unit.h"

static void dev(int ifindex, const char *name, uint32_t flags)
{
	struct np_fib_dev x = { .ifindex = ifindex, .flags = flags | IFF_UP, .in6 = true };

	strcpy(x.name, name);
	np_fib_add_dev(&fib, &x);
}

/* dst is PREFIX; via NULL: on the link. */
static struct np_fib_route *route(uint32_t table, const char *dst, uint8_t bits, uint8_t type,
				  int ifindex, const char *via)
{
	struct np_fib_route r = { .table = table, .dst_bits = bits, .type = type, .priority = 1024,
				  .n_nh = 1 };
	struct np_fib_nh nh = { .ifindex = ifindex };

	inet_pton(AF_INET6, dst, r.dst);
	if (via) {
		nh.gateway_family = AF_INET6;
		inet_pton(AF_INET6, via, nh.gateway);
	}
	np_fib_add_route(&fib, &r, &nh);
	return &fib.routes[fib.n_routes - 1];
}

static void host(void)
{
	np_fib_clean(&fib);
	np_fib_init(&fib, AF_INET6);
	fib.all_forwarding6 = 1;
	dev(LO, "lo", IFF_LOOPBACK);
	dev(A, "a", 0);
	dev(B, "b", 0);
	route(RT_TABLE_LOCAL, "2001:db8::1", 128, RTN_LOCAL, A, NULL);
	route(RT_TABLE_LOCAL, "2001:db8::", 128, RTN_ANYCAST, A, NULL);
	route(RT_TABLE_LOCAL, "ff00::", 8, RTN_MULTICAST, A, NULL);
	route(RT_TABLE_LOCAL, "ff00::", 8, RTN_MULTICAST, B, NULL);
	route(RT_TABLE_MAIN, "2001:db8::", 64, RTN_UNICAST, A, NULL);
	route(RT_TABLE_MAIN, "fe80::", 64, RTN_UNICAST, A, NULL);
	route(RT_TABLE_MAIN, "fe80::", 64, RTN_UNICAST, B, NULL);
	rule(0, RT_TABLE_LOCAL);
}

static void seal(void)
{
	rule(0x7ffe, RT_TABLE_MAIN);
	np_fib_seal(&fib);
}

static void ask(const char *dst, const char *src, int iif, int oif)
{
	struct np_flow f = { .iif = iif, .oif = oif };

	inet_pton(AF_INET6, dst, f.dst);
	if (src)
		inet_pton(AF_INET6, src, f.src);
	np_fib_decide(&fib, &f, 0, &d);
}

static void is(const char *verdict, int err, int ifindex, const char *what)
{
	unit_str(np_verdict_name(d.verdict), verdict, what);
	if (d.err != err)
		unit_int(d.err, err, what);
	if (d.dev != ifindex)
		unit_int(d.dev, ifindex, what);
}

static void test_types(void)
{
	host();
	seal();
	ask("2001:db8::1", NULL, 0, 0);
	is("local", 0, LO, "an address of our own stays on lo");
	ask("2001:db8::", NULL, 0, 0);
	is("anycast", 0, LO, "the routers' anycast address");
	ask("2001:db8::77", NULL, 0, 0);
	is("unicast", 0, A, "on the link");
	ask("2001:db8:1::1", NULL, 0, 0);
	is("no-route", ENETUNREACH, 0, "no route");
}

static void test_links(void)
{
	host();
	seal();
	ask("fe80::9", NULL, 0, B);
	is("unicast", 0, B, "link-local: by the link that was named");
	ask("ff02::1", NULL, 0, B);
	is("multicast", 0, B, "multicast: by the link that was named");
	ask("ff02::1", "fe80::9", B, 0);
	is("multicast", 0, B, "multicast: from the link it came in by");
	ask("2001:db8::77", NULL, 0, B);
	is("no-route", ENETUNREACH, 0, "oif without a source: no other link will do");
	ask("2001:db8::77", "2001:db8::1", 0, B);
	is("unicast", 0, A, "oif with a source: it is a wish");
}

static void test_choice(void)
{
	host();
	route(RT_TABLE_MAIN, "2001:db8:5::", 48, RTN_UNICAST, A, "fe80::1")->pref = 3; /* low */
	route(RT_TABLE_MAIN, "2001:db8:5::", 48, RTN_UNICAST, B, "fe80::2");
	route(RT_TABLE_MAIN, "2001:db8:6::", 48, RTN_UNICAST, A, "fe80::1");
	route(RT_TABLE_MAIN, "2001:db8:6::", 48, RTN_UNICAST, B, "fe80::2")->priority = 2048;
	fib.nhs[fib.n_nhs - 2].flags = RTNH_F_DEAD;
	seal();
	ask("2001:db8:5::1", NULL, 0, 0);
	is("unicast", 0, B, "router preference: medium before low");
	ask("2001:db8:6::1", NULL, 0, 0);
	is("unicast", 0, B, "a dead route gives way to a larger metric");
}

static void test_rules(void)
{
	struct np_fib_rule *r;

	host();
	route(100, "::", 0, RTN_THROW, LO, NULL);
	route(101, "::", 0, RTN_PROHIBIT, LO, NULL);
	rule(10, 100);
	r = rule(11, 101);
	r->set = NP_FRULE_SRC;
	r->src_bits = 1; /* ::/1 */
	r = rule(12, 101);
	r->set = NP_FRULE_TOS;
	r->tos = 0x48;
	seal();
	ask("2001:db8::77", NULL, 0, 0);
	is("unicast", 0, A, "a rule with a source is not for packets without one");
	ask("2001:db8::77", "2001:db8::1", 0, 0);
	is("prohibit", EACCES, 0, "… but for those with one");
	unit_int(d.walk.steps[1].result, NP_FR_THROW, "a throw goes on with the next rule");
}

static void test_subtree(void)
{
	struct np_fib_route *r;

	host();
	r = route(RT_TABLE_MAIN, "2001:db8:7::", 48, RTN_UNICAST, A, NULL);
	r = route(RT_TABLE_MAIN, "2001:db8:7::", 48, RTN_UNICAST, B, NULL);
	r->src_bits = 64;
	inet_pton(AF_INET6, "2001:db8:aaaa::", r->src);
	seal();
	ask("2001:db8:7::1", "2001:db8:aaaa::5", 0, 0);
	is("unicast", 0, B, "a route from the packet's source comes first");
	ask("2001:db8:7::1", "2001:db8:bbbb::5", 0, 0);
	is("unicast", 0, A, "other sources do not see it");
}

static void test_forwarding(void)
{
	host();
	fib.all_forwarding6 = 0;
	seal();
	ask("2001:db8::77", "2001:db8:9::1", B, 0);
	unit_str(np_verdict_name(d.verdict), "forwarding-off", "forwarding off");
	ask("2001:db8::1", "2001:db8:9::1", B, 0);
	is("local", 0, LO, "forwarding off: for this host is no forwarding");
}

/* B is in the VRF `red`, whose rule stands behind one that refuses all. */
static void test_vrf(void)
{
	host();
	dev(VRF, "red", 0);
	for (size_t i = 0; i < fib.n_devs; i++) {
		fib.devs[i].vrf_table = fib.devs[i].ifindex == VRF ? 900 : 0;
		fib.devs[i].master = fib.devs[i].ifindex == B ? VRF : 0;
	}
	route(900, "ff00::", 8, RTN_MULTICAST, B, NULL);
	route(900, "fe80::", 64, RTN_UNICAST, B, NULL);
	route(900, "2001:db8:9::", 48, RTN_UNICAST, A, NULL);
	rule(100, 0)->set = NP_FRULE_L3MDEV;
	rule(200, 0)->action = FR_ACT_PROHIBIT;
	seal();
	ask("2001:db8:9::1", NULL, 0, VRF);
	is("unicast", 0, A, "oif is a VRF: any link that its table names will do");
	fib.rules[1].set = 0;
	fib.rules[1].action = FR_ACT_PROHIBIT;
	fib.rules[2].set = NP_FRULE_L3MDEV;
	fib.rules[2].action = FR_ACT_TO_TBL;
	ask("fe80::9", NULL, 0, B);
	is("unicast", 0, B, "link-local by a link of a VRF: its table, whatever the rules say");
	ask("ff02::1", NULL, 0, B);
	is("multicast", 0, B, "a group by a link of a VRF: its table, whatever the rules say");
	ask("2001:db8:9::1", NULL, 0, B);
	is("prohibit", EACCES, 0, "all else by a link of a VRF: the rules");
	ask("ff02::1", NULL, 0, VRF);
	is("no-route", ENETUNREACH, 0, "a VRF is no link: it has no groups");
	unit_int(d.why, NP_WHY_VRF_LINK, "a VRF is no link: the reason");
}

/* The kernel's answer: by B, with this gateway. */
static bool explain(struct np_fib_decision *fresh, const char *via)
{
	struct np_flow f = { .oif = B };
	struct np_fib_kernel k;
	bool agrees = false;

	np_fib_kernel_init(&k);
	k.asked = true;
	k.answer.family = AF_INET6;
	k.answer.type = RTN_UNICAST;
	k.answer.table = 900;
	k.answer.nh.set = NP_NH_DEV | NP_NH_GATEWAY;
	k.answer.nh.ifindex = B;
	inet_pton(AF_INET6, via, k.answer.nh.gateway);
	inet_pton(AF_INET6, "fe80::9", f.dst);
	unit_int(np_fib_explain(&fib, &f, &k, fresh, &agrees), 0, "explained");
	np_fib_kernel_clean(&k);
	return agrees;
}

/* No rule is told for what a VRF's link looks up when there is no l3mdev rule: no steps. */
static void test_vrf_without_rule(void)
{
	struct np_fib_decision fresh;

	host();
	dev(VRF, "red", 0);
	for (size_t i = 0; i < fib.n_devs; i++) {
		fib.devs[i].vrf_table = fib.devs[i].ifindex == VRF ? 900 : 0;
		fib.devs[i].master = fib.devs[i].ifindex == B ? VRF : 0;
	}
	route(900, "fe80::", 64, RTN_UNICAST, B, "fe80::1");
	route(900, "fe80::", 64, RTN_UNICAST, B, "fe80::2");
	seal();
	np_fib_decision_init(&fresh);
	unit_ok(!explain(&fresh, "fe80::3"), "a gateway that no route has: the kernel disagrees");
	unit_ok(explain(&fresh, "fe80::2"), "the gateway of the other route: it agrees");
	unit_int(fresh.dev, B, "… and is the decision's");
	unit_int((long long)fresh.walk.n, 0, "… without a step");
	np_fib_decision_clean(&fresh);
}

int main(void)
{
	np_fib_init(&fib, AF_INET6);
	np_fib_decision_init(&d);
	test_types();
	test_links();
	test_choice();
	test_rules();
	test_subtree();
	test_forwarding();
	test_vrf();
	test_vrf_without_rule();
	np_fib_decision_clean(&d);
	np_fib_clean(&fib);
	return unit_done();
}
