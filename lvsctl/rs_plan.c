// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What DR and TUN ask of a real server (Documentation/networking/ip-sysctl.rst).
 *
 * IPv4 answers ARP for any address of the host on any link, and asks with any of them
 * as the sender; arp_ignore and arp_announce stop that, and the greater of `all` and
 * the link decides. IPv6 needs neither: a neighbour is told only of addresses of the
 * very link that it asks on, and a question has a sender of that link
 * (net/ipv6/ndisc.c, ndisc_recv_ns(), ndisc_solicit()).
 */
#include <stdio.h>
#include <string.h>
#include <bsd/string.h>
#include <sys/socket.h>

#include "lvsctl/rs.h"

#define BIT(n) (1u << (n))

static const struct {
	const char *dev, *kind;
	enum rs_model model;
	uint8_t family;
} devs[] = {
	{ "lo", NULL, RS_DR, AF_INET },
	{ "lo", NULL, RS_DR, AF_INET6 },
	{ "tunl0", "ipip", RS_TUN, AF_INET },
	{ "ip6tnl0", "ip6tnl", RS_TUN, AF_INET6 },
	{ "sit0", "sit", RS_TUN, AF_UNSPEC }, /* only where it is named */
};

const char *rs_default_dev(enum rs_model model, uint8_t family)
{
	for (size_t i = 0; i < sizeof(devs) / sizeof(devs[0]); i++)
		if (devs[i].model == model && devs[i].family == family)
			return devs[i].dev;
	return "lo";
}

const char *rs_link_kind(const char *dev)
{
	for (size_t i = 0; i < sizeof(devs) / sizeof(devs[0]); i++)
		if (!strcmp(devs[i].dev, dev))
			return devs[i].kind;
	return NULL;
}

const char *rs_model_name(enum rs_model model)
{
	return model == RS_TUN ? "tun" : "dr";
}

static void add_conf(struct rs_step *step, uint8_t family, const char *dev, const char *key,
		     int want)
{
	*step = (struct rs_step){ .kind = RS_SYSCTL, .want = want, .ok = BIT(want) };
	np_sysctl_conf(family, dev, key, step->name);
}

/* 1 and 2 answer for the link's own addresses only, 8 for none at all. */
static size_t plan_arp(const char *dev, struct rs_step *step)
{
	const char *const where[] = { "all", dev };

	for (size_t i = 0; i < 2; i++) {
		add_conf(&step[i], AF_INET, where[i], "arp_ignore", 1);
		step[i].ok = BIT(1) | BIT(2) | BIT(8);
		add_conf(&step[2 + i], AF_INET, where[i], "arp_announce", 2);
	}
	return 4;
}

/*
 * The client's packet comes out of the tunnel, the way back to the client is elsewhere:
 * strict filtering eats it. Where `all` is strict, loose on the link wins over it, and
 * the other links stay as strict as they are.
 */
static void plan_rp_filter(const char *dev, int64_t all, struct rs_step *step)
{
	add_conf(step, AF_INET, dev, "rp_filter", all == 1 ? 2 : 0);
	if (all == 2)
		step->ok = BIT(0) | BIT(1) | BIT(2);
}

size_t rs_plan(const struct rs_vip *vip, int64_t all_rp_filter, struct rs_step step[RS_STEPS])
{
	size_t n = 0;

	step[n] = (struct rs_step){ .kind = RS_LINK };
	(void)strlcpy(step[n++].name, vip->dev, sizeof(step[0].name));
	if (vip->addr.family == AF_INET6) {
		add_conf(&step[n++], AF_INET6, vip->dev, "disable_ipv6", 0);
	} else {
		n += plan_arp(vip->dev, &step[n]);
		if (vip->model == RS_TUN)
			plan_rp_filter(vip->dev, all_rp_filter, &step[n++]);
	}
	step[n] = (struct rs_step){ .kind = RS_ADDR };
	(void)snprintf(step[n++].name, sizeof(step[0].name), "%s/%u", vip->text,
		       vip->addr.bits);
	return n;
}
