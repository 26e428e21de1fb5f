/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FIB_HOST_H
#define FIB_HOST_H

/* Small hosts by hand, for the tests of the lookup model. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/fib_unit.h"

__attribute__((unused)) static void addr(uint8_t b[16], const char *text)
{
	memset(b, 0, 16);
	inet_pton(AF_INET, text, b);
}

__attribute__((unused)) static void dev(int ifindex, const char *name, uint32_t flags)
{
	struct np_fib_dev x = { .ifindex = ifindex, .flags = flags | IFF_UP, .in4 = true,
				.has_addr4 = true };

	strcpy(x.name, name);
	x.conf[NP_FIB_FORWARDING] = 1;
	np_fib_add_dev(&fib, &x);
}

__attribute__((unused)) static struct np_fib_dev *at(int ifindex)
{
	for (size_t i = 0; i < fib.n_devs; i++)
		if (fib.devs[i].ifindex == ifindex)
			return &fib.devs[i];
	abort();
}

/* via NULL: on the link; ifindex 0: no nexthop (blackhole …). */
__attribute__((unused)) static struct np_fib_route *route(uint32_t table, const char *dst, uint8_t bits, uint8_t type,
				  int ifindex, const char *via)
{
	struct np_fib_route r = { .table = table, .dst_bits = bits, .type = type,
				  .protocol = RTPROT_KERNEL, .n_nh = ifindex ? 1 : 0 };
	struct np_fib_nh nh = { .ifindex = ifindex };

	addr(r.dst, dst);
	if (via) {
		nh.gateway_family = AF_INET;
		addr(nh.gateway, via);
	}
	np_fib_add_route(&fib, &r, &nh);
	return &fib.routes[fib.n_routes - 1];
}

__attribute__((unused)) static void own(int ifindex, const char *text)
{
	struct np_fib_addr a = { .family = AF_INET, .ifindex = ifindex, .bits = 24 };

	addr(a.b, text);
	np_fib_add_addr(&fib, &a);
	route(RT_TABLE_LOCAL, text, 32, RTN_LOCAL, ifindex, NULL);
}

__attribute__((unused)) static struct np_fib_rule *act(uint32_t priority, uint8_t action)
{
	struct np_fib_rule *r = rule(priority, 0);

	r->action = action;
	return r;
}

/* a 10.0.0.1/24, b 10.0.1.1/24, default via 10.0.0.254; rules up to the caller. */
__attribute__((unused)) static void host(void)
{
	np_fib_clean(&fib);
	np_fib_init(&fib, AF_INET);
	dev(LO, "lo", IFF_LOOPBACK);
	dev(A, "a", 0);
	dev(B, "b", 0);
	own(A, "10.0.0.1");
	own(B, "10.0.1.1");
	route(RT_TABLE_LOCAL, "10.0.0.255", 32, RTN_BROADCAST, A, NULL);
	route(RT_TABLE_LOCAL, "127.0.0.0", 8, RTN_LOCAL, LO, NULL);
	route(RT_TABLE_MAIN, "10.0.0.0", 24, RTN_UNICAST, A, NULL);
	route(RT_TABLE_MAIN, "10.0.1.0", 24, RTN_UNICAST, B, NULL);
	route(RT_TABLE_MAIN, "0.0.0.0", 0, RTN_UNICAST, A, "10.0.0.254");
}

/* The rules of a new host with the caller's added so far in between. */
__attribute__((unused)) static void default_rules(void)
{
	rule(0x7ffe, RT_TABLE_MAIN);
	rule(0x7fff, RT_TABLE_DEFAULT);
	np_fib_seal(&fib);
}

__attribute__((unused)) static void plain_host(void)
{
	host();
	rule(0, RT_TABLE_LOCAL);
	default_rules();
}

__attribute__((unused)) static struct np_flow flow(const char *dst, const char *src, int iif)
{
	struct np_flow f = { .iif = iif };

	addr(f.dst, dst);
	if (src)
		addr(f.src, src);
	return f;
}

__attribute__((unused)) static void ask(struct np_flow f)
{
	np_fib_decide(&fib, &f, 0, &d);
}

__attribute__((unused)) static void is(const char *verdict, int err, const char *what)
{
	unit_str(np_verdict_name(d.verdict), verdict, what);
	if (d.err != err)
		unit_int(d.err, err, what);
}

__attribute__((unused)) static const struct np_fib_step *step(uint32_t priority)
{
	static const struct np_fib_step none;

	for (size_t i = 0; i < d.walk.n; i++)
		if (fib.rules[d.walk.steps[i].rule].priority == priority)
			return &d.walk.steps[i];
	return &none;
}

__attribute__((unused)) static void result(uint32_t priority, const char *want, const char *what)
{
	unit_str(np_fib_result_name(step(priority)->result), want, what);
}

__attribute__((unused)) static const struct np_fib_check *check(enum np_fib_check_name name)
{
	static const struct np_fib_check none;

	for (size_t i = 0; i < d.n_checks; i++)
		if (d.checks[i].name == name)
			return &d.checks[i];
	return &none;
}

#endif
