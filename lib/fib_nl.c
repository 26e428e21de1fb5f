// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules and routes of a host, dumped into the lookup's model. */
#include <endian.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "lib/fib_load.h"
#include "lib/route.h"
#include "lib/route_io.h"
#include "lib/route_nl.h"
#include "lib/rule.h"

/*
 * Selectors that struct np_rule has no words for, as iproute2 6.1 has none, but
 * that decide all the same (linux/fib_rules.h of Linux 6.18).
 */
enum {
	FRA_DSCP_ = 25,
	FRA_FLOWLABEL_ = 26,
	FRA_FLOWLABEL_MASK_ = 27,
	FRA_SPORT_MASK_ = 28,
	FRA_DPORT_MASK_ = 29,
	FRA_DSCP_MASK_ = 30,
};

/* 0 for what is too short to be one. */
static uint32_t get_be32(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr) >= 4 ? be32toh(mnl_attr_get_u32(attr)) : 0;
}

static uint16_t get_u16(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr) >= 2 ? mnl_attr_get_u16(attr) : 0;
}

static uint8_t get_u8(const struct nlattr *attr)
{
	return mnl_attr_get_payload_len(attr) >= 1 ? mnl_attr_get_u8(attr) : 0;
}

static void read_new(struct np_fib_rule *r, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct fib_rule_hdr)) {
		switch (mnl_attr_get_type(attr)) {
		case FRA_DSCP_:
			r->set |= NP_FRULE_DSCP;
			r->dscp = get_u8(attr);
			r->dscp_mask = r->dscp_mask ? r->dscp_mask : 0x3f;
			break;
		case FRA_DSCP_MASK_:
			r->dscp_mask = get_u8(attr);
			break;
		case FRA_FLOWLABEL_:
			r->set |= NP_FRULE_FLOWLABEL;
			r->flowlabel = get_be32(attr);
			break;
		case FRA_FLOWLABEL_MASK_:
			r->flowlabel_mask = get_be32(attr);
			break;
		case FRA_SPORT_MASK_:
			r->sport_mask = get_u16(attr);
			break;
		case FRA_DPORT_MASK_:
			r->dport_mask = get_u16(attr);
			break;
		default:
			break;
		}
	}
}

struct rules_load {
	struct np_fib *fib;
	const struct np_fib_rule_sink *sink;
};

static int rule_msg(const struct np_rule *rule, const struct nlmsghdr *nlh, void *arg)
{
	struct rules_load *l = arg;
	int ret = np_fib_load_rule(l->fib, rule);

	if (ret)
		return ret;
	read_new(&l->fib->rules[l->fib->n_rules - 1], nlh);
	return l->sink ? l->sink->rule(l->sink->arg, rule) : 0;
}

static int rules_restart(void *arg)
{
	struct rules_load *l = arg;

	l->fib->n_rules = 0;
	if (l->sink)
		l->sink->restart(l->sink->arg);
	return 0;
}

int np_fib_load_rules(struct np_fib *fib, struct np_nl *nl, const struct np_fib_rule_sink *rules,
		      struct np_err *err)
{
	struct rules_load l = { .fib = fib, .sink = rules };
	const struct np_rule_sink sink = { .rule = rule_msg, .restart = rules_restart, .arg = &l };

	return np_rule_dump(nl, fib->family, &sink, err);
}

struct routes_load {
	struct np_fib *fib;
	struct np_route route; /* one, used again and again */
};

static int route_msg(const struct nlmsghdr *nlh, void *arg)
{
	struct routes_load *l = arg;
	int ret;

	if (nlh->nlmsg_type != RTM_NEWROUTE)
		return 0;
	ret = np_route_decode(&l->route, nlh);
	if (ret == -EBADMSG || l->route.family != l->fib->family)
		return 0;
	if (l->route.flags & RTM_F_CLONED)
		return 0; /* a cached exception is no route of a table */
	return ret ? ret : np_fib_load_route(l->fib, &l->route);
}

static int routes_restart(void *arg)
{
	struct routes_load *l = arg;

	np_fib_forget_routes(l->fib);
	return 0;
}

int np_fib_load_routes(struct np_fib *fib, struct np_nl *nl, struct np_err *err)
{
	const struct np_route_dump dump = { .family = fib->family };
	struct routes_load l = { .fib = fib };
	const struct np_nl_sink sink = { .msg = route_msg, .restart = routes_restart, .arg = &l };
	int ret;

	np_route_init(&l.route);
	ret = np_route_list(nl, &dump, &sink, err);
	np_route_clean(&l.route);
	return ret;
}
