// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <string.h>

#include "lib/rule.h"

/*
 * Attribute ↔ member, one pair of functions a type. put returns false when the
 * message is full; get returns false for an attribute of a wrong size.
 */
typedef bool put_fn(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id);
typedef bool get_fn(const struct nlattr *attr, struct np_rule *rule, enum np_rule_id id);

static struct fib_rule_hdr *header(struct nlmsghdr *nlh)
{
	return mnl_nlmsg_get_payload(nlh);
}

static bool put(struct nlmsghdr *nlh, uint16_t type, const void *data, size_t len)
{
	return mnl_attr_put_check(nlh, NP_NL_MSG_MAX, type, len, data);
}

static bool put_u32(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	return put(nlh, np_rule_fields[id].attr, np_rule_cvalue(rule, id), sizeof(uint32_t));
}

static bool get_u32(const struct nlattr *attr, struct np_rule *rule, enum np_rule_id id)
{
	if (mnl_attr_get_payload_len(attr) < sizeof(uint32_t))
		return false;
	memcpy(np_rule_value(rule, id), mnl_attr_get_payload(attr), sizeof(uint32_t));
	return true;
}

static bool put_u8(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	return put(nlh, np_rule_fields[id].attr, np_rule_cvalue(rule, id), sizeof(uint8_t));
}

static bool get_u8(const struct nlattr *attr, struct np_rule *rule, enum np_rule_id id)
{
	if (mnl_attr_get_payload_len(attr) < sizeof(uint8_t))
		return false;
	*(uint8_t *)np_rule_value(rule, id) = mnl_attr_get_u8(attr);
	return true;
}

static bool put_addr(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	const struct np_addr *addr = np_rule_cvalue(rule, id);

	return !addr->len || put(nlh, np_rule_fields[id].attr, addr->b, addr->len);
}

static bool put_prefix(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	struct fib_rule_hdr *frh = header(nlh);

	if (id == NP_RULE_FROM)
		frh->src_len = (uint8_t)rule->from.bits;
	else
		frh->dst_len = (uint8_t)rule->to.bits;
	return put_addr(nlh, rule, id);
}

static bool get_addr(const struct nlattr *attr, struct np_rule *rule, enum np_rule_id id)
{
	struct np_addr *addr = np_rule_value(rule, id);
	size_t len = mnl_attr_get_payload_len(attr);

	if (len > sizeof(addr->b))
		return false;
	addr->len = (uint8_t)len;
	memcpy(addr->b, mnl_attr_get_payload(attr), len);
	return true;
}

static bool put_mark(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	return put_u32(nlh, rule, id) &&
	       (!np_rule_has(rule, NP_RULE_FWMASK) ||
		put(nlh, FRA_FWMASK, &rule->fwmask, sizeof(rule->fwmask)));
}

static bool put_ifname(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	const char *name = np_rule_cvalue(rule, id);

	return put(nlh, np_rule_fields[id].attr, name, strlen(name) + 1);
}

static bool get_ifname(const struct nlattr *attr, struct np_rule *rule, enum np_rule_id id)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (len > NP_IFNAMSIZ || mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
		return false;
	memcpy(np_rule_value(rule, id), mnl_attr_get_payload(attr), len);
	return true;
}

static bool put_uidrange(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	struct fib_rule_uid_range range = { rule->uid.start, rule->uid.end };

	return put(nlh, np_rule_fields[id].attr, &range, sizeof(range));
}

static bool get_uidrange(const struct nlattr *attr, struct np_rule *rule, enum np_rule_id id)
{
	struct fib_rule_uid_range range;

	(void)id;
	if (mnl_attr_get_payload_len(attr) < sizeof(range))
		return false;
	memcpy(&range, mnl_attr_get_payload(attr), sizeof(range));
	rule->uid = (struct np_rule_range){ range.start, range.end };
	return true;
}

static bool put_ports(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	const struct np_rule_range *r = np_rule_cvalue(rule, id);
	struct fib_rule_port_range range = { (uint16_t)r->start, (uint16_t)r->end };

	return put(nlh, np_rule_fields[id].attr, &range, sizeof(range));
}

static bool get_ports(const struct nlattr *attr, struct np_rule *rule, enum np_rule_id id)
{
	struct fib_rule_port_range range;
	struct np_rule_range *r = np_rule_value(rule, id);

	if (mnl_attr_get_payload_len(attr) < sizeof(range))
		return false;
	memcpy(&range, mnl_attr_get_payload(attr), sizeof(range));
	*r = (struct np_rule_range){ range.start, range.end };
	return true;
}

static bool put_tun_id(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	uint64_t be = htobe64(rule->tun_id);

	return put(nlh, np_rule_fields[id].attr, &be, sizeof(be));
}

static bool get_tun_id(const struct nlattr *attr, struct np_rule *rule, enum np_rule_id id)
{
	uint64_t be;

	(void)id;
	if (mnl_attr_get_payload_len(attr) < sizeof(be))
		return false;
	memcpy(&be, mnl_attr_get_payload(attr), sizeof(be));
	rule->tun_id = be64toh(be);
	return true;
}

/* The header has a byte for the table; larger numbers have an attribute. */
static bool put_table(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	if (rule->table > 255)
		return put_u32(nlh, rule, id);
	header(nlh)->table = (uint8_t)rule->table;
	return true;
}

static bool put_tos(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	(void)id;
	header(nlh)->tos = rule->tos;
	return true;
}

/* Flags and the action are in the header, which np_rule_build() and _parse() fill. */
static bool put_nothing(struct nlmsghdr *nlh, const struct np_rule *rule, enum np_rule_id id)
{
	(void)nlh, (void)rule, (void)id;
	return true;
}

static const struct {
	put_fn *put;
	get_fn *get; /* NULL: there is no attribute */
} codecs[NP_RULE_TYPES] = {
	[NP_RULE_T_FLAG] = { put_nothing, NULL },
	[NP_RULE_T_L3MDEV] = { put_u8, get_u8 },
	[NP_RULE_T_U32] = { put_u32, get_u32 },
	[NP_RULE_T_PREFIX] = { put_prefix, get_addr },
	[NP_RULE_T_DSFIELD] = { put_tos, NULL },
	[NP_RULE_T_MARK] = { put_mark, get_u32 },
	[NP_RULE_T_IFNAME] = { put_ifname, get_ifname },
	[NP_RULE_T_UIDRANGE] = { put_uidrange, get_uidrange },
	[NP_RULE_T_IPPROTO] = { put_u8, get_u8 },
	[NP_RULE_T_PORTS] = { put_ports, get_ports },
	[NP_RULE_T_TUN_ID] = { put_tun_id, get_tun_id },
	[NP_RULE_T_TABLE] = { put_table, get_u32 },
	[NP_RULE_T_LENGTH] = { put_u32, get_u32 },
	[NP_RULE_T_GROUP] = { put_u32, get_u32 },
	[NP_RULE_T_REALMS] = { put_u32, get_u32 },
	[NP_RULE_T_NAT] = { put_addr, get_addr },
	[NP_RULE_T_GOTO] = { put_u32, get_u32 },
	[NP_RULE_T_ACTION] = { put_nothing, NULL },
	[NP_RULE_T_PROTOCOL] = { put_u8, get_u8 },
};

struct nlmsghdr *np_rule_build(struct np_nl *nl, const struct np_rule *rule, bool del)
{
	struct fib_rule_hdr *frh;
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, del ? RTM_DELRULE : RTM_NEWRULE,
					     del ? 0 : NLM_F_CREATE | NLM_F_EXCL, sizeof(*frh),
					     &extra);

	frh = extra;
	frh->family = rule->family;
	frh->action = rule->action;
	frh->flags = rule->flags;
	for (enum np_rule_id id = 0; id < NP_RULE_IDS; id++)
		if (np_rule_has(rule, id))
			codecs[np_rule_fields[id].type].put(nlh, rule, id);
	return nlh;
}

/* Rows by attribute. Returns NP_RULE_IDS for an attribute that has none. */
static enum np_rule_id id_of(uint16_t attr)
{
	enum np_rule_id id = 0;

	while (id < NP_RULE_IDS && np_rule_fields[id].attr != attr)
		id++;
	return attr ? id : NP_RULE_IDS;
}

static void take_header(struct np_rule *rule, const struct fib_rule_hdr *frh)
{
	rule->family = frh->family;
	rule->action = frh->action;
	rule->flags = frh->flags;
	rule->tos = frh->tos;
	rule->table = frh->table;
	rule->from = (struct np_addr){ .family = frh->family, .bits = frh->src_len };
	rule->to = (struct np_addr){ .family = frh->family, .bits = frh->dst_len };
	rule->set = 1u << NP_RULE_ACTION;
	if (frh->flags & FIB_RULE_INVERT)
		rule->set |= 1u << NP_RULE_NOT;
	if (frh->tos)
		rule->set |= 1u << NP_RULE_TOS;
	if (frh->src_len)
		rule->set |= 1u << NP_RULE_FROM;
	if (frh->dst_len)
		rule->set |= 1u << NP_RULE_TO;
}

int np_rule_parse(struct np_rule *rule, const struct nlmsghdr *nlh)
{
	const struct fib_rule_hdr *frh = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*frh)) ||
	    (nlh->nlmsg_type != RTM_NEWRULE && nlh->nlmsg_type != RTM_DELRULE))
		return -EBADMSG;
	*rule = (struct np_rule){ 0 };
	take_header(rule, frh);
	mnl_attr_for_each(attr, nlh, sizeof(*frh)) {
		enum np_rule_id id = id_of(mnl_attr_get_type(attr));

		if (mnl_attr_get_type(attr) == FRA_FWMASK &&
		    mnl_attr_get_payload_len(attr) >= sizeof(uint32_t)) {
			rule->fwmask = mnl_attr_get_u32(attr);
			rule->set |= 1u << NP_RULE_FWMASK | 1u << NP_RULE_FWMARK;
		}
		if (id < NP_RULE_IDS && codecs[np_rule_fields[id].type].get(attr, rule, id))
			rule->set |= 1u << id;
	}
	/* The attribute is there also where the rule leads to no table. */
	rule->set &= ~(1u << NP_RULE_TABLE);
	if (rule->table)
		rule->set |= 1u << NP_RULE_TABLE;
	return 0;
}

int np_rule_add(struct np_nl *nl, const struct np_rule *rule, struct np_err *err)
{
	return np_nl_submit(nl, np_rule_build(nl, rule, false), err);
}

int np_rule_del(struct np_nl *nl, const struct np_rule *rule, struct np_err *err)
{
	return np_nl_submit(nl, np_rule_build(nl, rule, true), err);
}

static int dump_msg(const struct nlmsghdr *nlh, void *arg)
{
	const struct np_rule_sink *sink = arg;
	struct np_rule rule;

	return np_rule_parse(&rule, nlh) ? 0 : sink->rule(&rule, nlh, sink->arg);
}

static int dump_restart(void *arg)
{
	const struct np_rule_sink *sink = arg;

	return sink->restart ? sink->restart(sink->arg) : 0;
}

int np_rule_dump(struct np_nl *nl, uint8_t family, const struct np_rule_sink *sink,
		 struct np_err *err)
{
	struct np_rule_sink copy = *sink;
	struct np_nl_sink nl_sink = { dump_msg, dump_restart, &copy };
	struct fib_rule_hdr *frh;
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, RTM_GETRULE, 0, sizeof(*frh), &extra);

	frh = extra;
	frh->family = family;
	return np_nl_dump(nl, nlh, &nl_sink, err);
}

/* Room for a copy in the socket's buffer is checked: a save file may hold anything. */
static struct nlmsghdr *copied(struct np_nl *nl, const struct nlmsghdr *msg)
{
	void *extra;
	struct nlmsghdr *nlh = np_nl_request(nl, msg->nlmsg_type, 0, 0, &extra);

	memcpy(nlh, msg, msg->nlmsg_len);
	return nlh;
}

int np_rule_del_msg(struct np_nl *nl, const struct nlmsghdr *msg, struct np_err *err)
{
	struct nlmsghdr *nlh = copied(nl, msg);

	nlh->nlmsg_type = RTM_DELRULE;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	return np_nl_talk(nl, nlh, err);
}

int np_rule_restore(struct np_nl *nl, const void *bytes, size_t len, struct np_err *err)
{
	const struct nlmsghdr *msg = bytes;
	struct nlmsghdr *nlh;

	if (len < NLMSG_LENGTH(sizeof(struct fib_rule_hdr)) || msg->nlmsg_len > len ||
	    msg->nlmsg_len < NLMSG_LENGTH(sizeof(struct fib_rule_hdr)) ||
	    len > NP_NL_MSG_MAX || msg->nlmsg_type != RTM_NEWRULE)
		return np_err_set(err, EINVAL, "this is no rule of a save file");
	nlh = copied(nl, msg);
	nlh->nlmsg_flags |= NLM_F_REQUEST | NLM_F_CREATE;
	return np_nl_talk(nl, nlh, err);
}

size_t np_rule_msg_len(const struct nlmsghdr *nlh)
{
	return nlh->nlmsg_len;
}

bool np_rule_msg_is_del(const struct nlmsghdr *nlh)
{
	return nlh->nlmsg_type == RTM_DELRULE;
}
