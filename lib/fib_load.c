// SPDX-License-Identifier: GPL-2.0-or-later
/* The models that the codecs fill, made ready for the lookup. */
#include "lib/fib_load.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "lib/route.h"
#include "lib/rule.h"

/* -1: there is no link of that name, and the rule's selector can match nothing. */
static int index_of(const struct np_fib *fib, const char *name)
{
	for (size_t i = 0; i < fib->n_devs; i++)
		if (!strcmp(fib->devs[i].name, name))
			return fib->devs[i].ifindex;
	return -1;
}

static void set_prefix(const struct np_addr *from, uint8_t to[16], uint8_t *bits)
{
	memcpy(to, from->b, 16);
	*bits = (uint8_t)from->bits;
}

static void set_links(const struct np_fib *fib, struct np_fib_rule *r, const struct np_rule *rule)
{
	if (np_rule_has(rule, NP_RULE_IIF)) {
		r->set |= NP_FRULE_IIF;
		r->iif = index_of(fib, rule->iif);
	}
	if (np_rule_has(rule, NP_RULE_OIF)) {
		r->set |= NP_FRULE_OIF;
		r->oif = index_of(fib, rule->oif);
	}
}

static void set_packet(struct np_fib_rule *r, const struct np_rule *rule)
{
	if (np_rule_has(rule, NP_RULE_FROM)) {
		r->set |= rule->from.bits ? NP_FRULE_SRC : 0;
		set_prefix(&rule->from, r->src, &r->src_bits);
	}
	if (np_rule_has(rule, NP_RULE_TO)) {
		r->set |= rule->to.bits ? NP_FRULE_DST : 0;
		set_prefix(&rule->to, r->dst, &r->dst_bits);
	}
	if (np_rule_has(rule, NP_RULE_TOS) && rule->tos) {
		r->set |= NP_FRULE_TOS;
		r->tos = rule->tos;
	}
	if (np_rule_has(rule, NP_RULE_IPPROTO)) {
		r->set |= NP_FRULE_IPPROTO;
		r->ipproto = rule->ipproto;
	}
	if (np_rule_has(rule, NP_RULE_SPORT)) {
		r->set |= NP_FRULE_SPORT;
		r->sport_start = (uint16_t)rule->sport.start;
		r->sport_end = (uint16_t)rule->sport.end;
	}
	if (np_rule_has(rule, NP_RULE_DPORT)) {
		r->set |= NP_FRULE_DPORT;
		r->dport_start = (uint16_t)rule->dport.start;
		r->dport_end = (uint16_t)rule->dport.end;
	}
}

static void set_meta(struct np_fib_rule *r, const struct np_rule *rule)
{
	if (np_rule_has(rule, NP_RULE_FWMARK) || np_rule_has(rule, NP_RULE_FWMASK)) {
		r->set |= NP_FRULE_FWMARK;
		r->fwmark = np_rule_has(rule, NP_RULE_FWMARK) ? rule->fwmark : 0;
		r->fwmask = np_rule_has(rule, NP_RULE_FWMASK) ? rule->fwmask :
			       r->fwmark ? UINT32_MAX : 0;
	}
	if (np_rule_has(rule, NP_RULE_UIDRANGE)) {
		r->set |= NP_FRULE_UID;
		r->uid_start = rule->uid.start;
		r->uid_end = rule->uid.end;
	}
	if (np_rule_has(rule, NP_RULE_TUN_ID) && rule->tun_id)
		r->set |= NP_FRULE_TUN_ID;
	if (np_rule_has(rule, NP_RULE_L3MDEV) && rule->l3mdev)
		r->set |= NP_FRULE_L3MDEV;
}

static void set_action(struct np_fib_rule *r, const struct np_rule *rule)
{
	r->action = rule->action;
	r->invert = rule->flags & FIB_RULE_INVERT;
	r->priority = np_rule_has(rule, NP_RULE_PRIORITY) ? rule->priority : 0;
	r->table = np_rule_has(rule, NP_RULE_TABLE) ? rule->table : 0;
	if (np_rule_has(rule, NP_RULE_SUPPRESS_PREFIXLEN))
		r->suppress_prefixlen = (int32_t)rule->suppress_prefixlen;
	if (np_rule_has(rule, NP_RULE_SUPPRESS_IFGROUP) && rule->suppress_ifgroup != UINT32_MAX)
		r->suppress_ifgroup = rule->suppress_ifgroup;
	if (np_rule_has(rule, NP_RULE_GOTO))
		r->goto_priority = rule->goto_priority;
	r->realms = np_rule_has(rule, NP_RULE_REALMS) && rule->realms;
}

int np_fib_load_rule(struct np_fib *fib, const struct np_rule *rule)
{
	struct np_fib_rule r;

	np_fib_rule_init(&r);
	set_links(fib, &r, rule);
	set_packet(&r, rule);
	set_meta(&r, rule);
	set_action(&r, rule);
	return np_fib_add_rule(fib, &r);
}

static void load_nh(struct np_fib_nh *to, const struct np_nh *from, uint8_t family, uint8_t flags)
{
	/* a nexthop of several has its device in rtnexthop, never as an attribute */
	*to = (struct np_fib_nh){ .flags = flags, .ifindex = from->ifindex };
	if (from->set & NP_NH_GATEWAY) {
		to->gateway_family = family;
		memcpy(to->gateway, from->gateway, sizeof(to->gateway));
	} else if (from->set & NP_NH_VIA) {
		to->gateway_family = (uint8_t)from->via.family;
		memcpy(to->gateway, from->via.b, sizeof(to->gateway));
	}
}

static void set_route(struct np_fib_route *r, const struct np_route *route)
{
	*r = (struct np_fib_route){
		.table = route->table, .type = route->type, .scope = route->scope,
		.protocol = route->protocol, .tos = route->tos, .dst_bits = route->dst_bits,
		.src_bits = route->src_bits,
		.flags = route->flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN | RTNH_F_ONLINK),
	};
	if (route->set & NP_RT_DST)
		memcpy(r->dst, route->dst, sizeof(r->dst));
	if (route->set & NP_RT_SRC)
		memcpy(r->src, route->src, sizeof(r->src));
	if (route->set & NP_RT_PREFSRC) {
		r->has_prefsrc = true;
		memcpy(r->prefsrc, route->prefsrc, sizeof(r->prefsrc));
	}
	if (route->set & NP_RT_PRIORITY)
		r->priority = route->priority;
	if (route->set & NP_RT_NHID)
		r->nhid = route->nhid;
	if (route->metrics.set & 1u << RTAX_MTU)
		r->mtu = route->metrics.v[RTAX_MTU];
	if (route->set & NP_RT_PREF)
		r->pref = route->pref;
}

static int load_several(struct np_fib *fib, const struct np_route *route, struct np_fib_route *r)
{
	/* a message of a dump carries some 2000 of them */
	struct np_fib_nh *nhs = calloc(route->n_nhs ? route->n_nhs : 1, sizeof(*nhs));
	int ret;

	if (!nhs)
		return -ENOMEM;
	for (unsigned i = 0; i < route->n_nhs; i++) {
		load_nh(&nhs[i], &route->nhs[i], route->family, route->nhs[i].flags);
		nhs[i].hops = route->nhs[i].hops;
	}
	r->n_nh = route->n_nhs;
	r->flags = 0; /* each nexthop says it for itself */
	ret = np_fib_add_route(fib, r, nhs);
	free(nhs);
	return ret;
}

int np_fib_load_route(struct np_fib *fib, const struct np_route *route)
{
	struct np_fib_route r;
	struct np_fib_nh nh;

	set_route(&r, route);
	if (route->set & NP_RT_MULTIPATH)
		return load_several(fib, route, &r);
	if (route->nh.set & (NP_NH_DEV | NP_NH_GATEWAY | NP_NH_VIA)) {
		load_nh(&nh, &route->nh, route->family, (uint8_t)r.flags);
		r.n_nh = 1;
	}
	return np_fib_add_route(fib, &r, &nh);
}

int np_fib_load(struct np_fib *fib, struct np_nl *nl, const struct np_fib_rule_sink *rules,
		struct np_err *err)
{
	int ret = np_fib_load_links(fib, nl, err);

	if (!ret)
		ret = np_fib_load_addrs(fib, nl, err);
	if (!ret)
		ret = np_fib_load_groups(fib, err);
	if (!ret)
		ret = np_fib_load_rules(fib, nl, rules, err);
	if (!ret)
		ret = np_fib_load_routes(fib, nl, err);
	if (ret)
		return ret;
	np_fib_load_conf(fib);
	np_fib_seal(fib);
	return 0;
}
