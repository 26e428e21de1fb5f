// SPDX-License-Identifier: GPL-2.0-only
/* Mappings and filters as netlink attributes. */
#include <linux/in.h>
#include <net/ipv6.h>

#include "netlink.h"

const struct nla_policy sn_mapping_policy[STATIC_NAT_M_MAX + 1] = {
	[STATIC_NAT_M_FAMILY] = { .type = NLA_U8 },
	[STATIC_NAT_M_KIND] = NLA_POLICY_RANGE(NLA_U8, STATIC_NAT_KIND_DST, STATIC_NAT_KIND_SRC),
	[STATIC_NAT_M_FROM] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[STATIC_NAT_M_TO] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[STATIC_NAT_M_PREFIXLEN] = NLA_POLICY_RANGE(NLA_U8, 1, 128),
	[STATIC_NAT_M_IFINDEX] = { .type = NLA_U32 },
	[STATIC_NAT_M_MODE] = NLA_POLICY_MAX(NLA_U8, STATIC_NAT_MODE_NPTV6),
};

static const u8 sn_af[SN_FAMILIES] = { [SN_V4] = AF_INET, [SN_V6] = AF_INET6 };

static unsigned int sn_addr_len(u8 family)
{
	return family == SN_V6 ? 16 : 4;
}

static int sn_ends_read(struct nlattr **tb, const struct nlattr *nest, struct sn_spec *spec,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *from = tb[STATIC_NAT_M_FROM], *to = tb[STATIC_NAT_M_TO];
	const struct nlattr *af = tb[STATIC_NAT_M_FAMILY];

	if (!from) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "the mapping has no FROM");
		return -EINVAL;
	}
	spec->family = nla_len(from) == 16 ? SN_V6 : SN_V4;
	if (nla_len(from) != sn_addr_len(spec->family)) {
		NL_SET_ERR_MSG_ATTR(extack, from, "an address has 4 or 16 bytes");
		return -EINVAL;
	}
	if (to && nla_len(to) != nla_len(from)) {
		NL_SET_ERR_MSG_ATTR(extack, to, "TO is not of the family of FROM");
		return -EINVAL;
	}
	if (af && nla_get_u8(af) != sn_af[spec->family]) {
		NL_SET_ERR_MSG_ATTR(extack, af, "FROM is not of this family");
		return -EINVAL;
	}
	memcpy(&spec->addr[spec->kind], nla_data(from), nla_len(from));
	if (to)
		memcpy(&spec->addr[!spec->kind], nla_data(to), nla_len(to));
	return 0;
}

/* The policy has been applied when the message came. */
int sn_mapping_read(const struct nlattr *nest, struct sn_spec *spec, unsigned int *given,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *tb[STATIC_NAT_M_MAX + 1];
	int err = nla_parse_nested(tb, STATIC_NAT_M_MAX, nest, NULL, extack);

	memset(spec, 0, sizeof(*spec));
	if (err)
		return err;
	if (!tb[STATIC_NAT_M_KIND]) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "the mapping has no kind, DST or SRC");
		return -EINVAL;
	}
	spec->kind = nla_get_u8(tb[STATIC_NAT_M_KIND]) == STATIC_NAT_KIND_SRC ? SN_SRC : SN_DST;
	err = sn_ends_read(tb, nest, spec, extack);
	if (err)
		return err;
	spec->plen = sn_addr_len(spec->family) * 8;
	if (tb[STATIC_NAT_M_PREFIXLEN]) {
		if (nla_get_u8(tb[STATIC_NAT_M_PREFIXLEN]) > spec->plen) {
			NL_SET_ERR_MSG_ATTR(extack, tb[STATIC_NAT_M_PREFIXLEN],
					    "the prefix is longer than an address");
			return -EINVAL;
		}
		spec->plen = nla_get_u8(tb[STATIC_NAT_M_PREFIXLEN]);
	}
	if (tb[STATIC_NAT_M_IFINDEX])
		spec->ifindex = nla_get_u32(tb[STATIC_NAT_M_IFINDEX]);
	if (tb[STATIC_NAT_M_MODE])
		spec->mode = nla_get_u8(tb[STATIC_NAT_M_MODE]);
	*given = (tb[STATIC_NAT_M_TO] ? SN_MATCH_TO : 0) |
		 (tb[STATIC_NAT_M_MODE] ? SN_MATCH_MODE : 0);
	return 0;
}

/* Nothing is set behind the prefix. */
static bool sn_is_network(const struct sn_spec *spec, enum sn_dir dir)
{
	const union nf_inet_addr *addr = &spec->addr[dir];
	struct in6_addr key;

	if (spec->family == SN_V4)
		return spec->plen == 32 || !(ntohl(addr->ip) << spec->plen);
	ipv6_addr_prefix(&key, &addr->in6, spec->plen);
	return ipv6_addr_equal(&key, &addr->in6);
}

static bool sn_is_loopback(const struct sn_spec *spec, enum sn_dir dir)
{
	const union nf_inet_addr *addr = &spec->addr[dir];

	if (spec->family == SN_V6)
		return ipv6_addr_loopback(&addr->in6);
	return !((ntohl(addr->ip) ^ INADDR_LOOPBACK) >> (32 - min_t(u32, spec->plen, 8)));
}

static bool sn_is_multicast(const struct sn_spec *spec, enum sn_dir dir)
{
	const union nf_inet_addr *addr = &spec->addr[dir];

	if (spec->family == SN_V6)
		return !((addr->in6.s6_addr[0] ^ 0xff) >> (8 - min_t(u32, spec->plen, 8)));
	return !((ntohl(addr->ip) ^ INADDR_UNSPEC_GROUP) >> (32 - min_t(u32, spec->plen, 4)));
}

static const char *sn_mapping_fault(const struct sn_spec *spec, unsigned int given)
{
	static const union nf_inet_addr zero;
	const union nf_inet_addr *from = &spec->addr[spec->kind], *to = &spec->addr[!spec->kind];

	if (!(given & SN_MATCH_TO))
		return "the mapping has no TO";
	if (!memcmp(from, &zero, sizeof(zero)) || !memcmp(to, &zero, sizeof(zero)))
		return "the address zero cannot be mapped";
	if (!memcmp(from, to, sizeof(*to)))
		return "both sides of the mapping are the same";
	if (!sn_is_network(spec, SN_DST) || !sn_is_network(spec, SN_SRC))
		return "there are bits behind the prefix";
	if (sn_is_loopback(spec, SN_DST) || sn_is_loopback(spec, SN_SRC))
		return "loopback addresses cannot be mapped";
	if (sn_is_multicast(spec, SN_DST) || sn_is_multicast(spec, SN_SRC))
		return "multicast addresses cannot be mapped";
	if (spec->mode == STATIC_NAT_MODE_NPTV6 && spec->family != SN_V6)
		return "NPTv6 is for IPv6 alone";
	if (spec->mode == STATIC_NAT_MODE_NPTV6 && spec->plen > 64)
		return "NPTv6 has a prefix length from 1 to 64";
	return NULL;
}

int sn_mapping_check(const struct nlattr *nest, const struct sn_spec *spec, unsigned int given,
		     struct netlink_ext_ack *extack)
{
	const char *fault = sn_mapping_fault(spec, given);

	if (!fault)
		return 0;
	NL_SET_BAD_ATTR(extack, nest);
	if (extack)
		extack->_msg = fault;
	return -EINVAL;
}

static int sn_counts_put_attrs(struct sk_buff *skb, const struct sn_entry *e)
{
	struct sn_counts sum;

	sn_counts_sum(e, &sum);
	if (nla_put_u64_64bit(skb, STATIC_NAT_M_DST_PACKETS, sum.packets[SN_DST],
			      STATIC_NAT_M_PAD) ||
	    nla_put_u64_64bit(skb, STATIC_NAT_M_DST_BYTES, sum.bytes[SN_DST], STATIC_NAT_M_PAD) ||
	    nla_put_u64_64bit(skb, STATIC_NAT_M_SRC_PACKETS, sum.packets[SN_SRC],
			      STATIC_NAT_M_PAD) ||
	    nla_put_u64_64bit(skb, STATIC_NAT_M_SRC_BYTES, sum.bytes[SN_SRC], STATIC_NAT_M_PAD))
		return -EMSGSIZE;
	return 0;
}

int sn_mapping_put(struct sk_buff *skb, const struct sn_entry *e)
{
	const struct sn_spec *spec = &e->spec;
	unsigned int len = sn_addr_len(spec->family);
	u8 kind = spec->kind == SN_SRC ? STATIC_NAT_KIND_SRC : STATIC_NAT_KIND_DST;
	struct nlattr *nest = nla_nest_start(skb, STATIC_NAT_A_MAPPING);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u8(skb, STATIC_NAT_M_FAMILY, sn_af[spec->family]) ||
	    nla_put_u8(skb, STATIC_NAT_M_KIND, kind) ||
	    nla_put(skb, STATIC_NAT_M_FROM, len, &spec->addr[spec->kind]) ||
	    nla_put(skb, STATIC_NAT_M_TO, len, &spec->addr[!spec->kind]) ||
	    nla_put_u8(skb, STATIC_NAT_M_PREFIXLEN, spec->plen) ||
	    (spec->ifindex && nla_put_u32(skb, STATIC_NAT_M_IFINDEX, spec->ifindex)) ||
	    nla_put_u8(skb, STATIC_NAT_M_MODE, spec->mode) ||
	    nla_put_u32(skb, STATIC_NAT_M_ID, e->id) || sn_counts_put_attrs(skb, e)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

int sn_filter_read(const struct nlattr *nest, struct sn_filter *f,
		   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[STATIC_NAT_M_MAX + 1];
	int err, i;

	memset(f, 0, sizeof(*f));
	if (!nest)
		return 0;
	err = nla_parse_nested(tb, STATIC_NAT_M_MAX, nest, NULL, extack);
	if (err)
		return err;
	for (i = 0; i <= STATIC_NAT_M_MAX; i++) {
		if (tb[i] && i != STATIC_NAT_M_FAMILY && i != STATIC_NAT_M_KIND &&
		    i != STATIC_NAT_M_IFINDEX) {
			NL_SET_ERR_MSG_ATTR(extack, tb[i], "there is no filter by this");
			return -EINVAL;
		}
	}
	if (tb[STATIC_NAT_M_FAMILY]) {
		switch (nla_get_u8(tb[STATIC_NAT_M_FAMILY])) {
		case AF_INET:
			f->family = SN_V4 + 1;
			break;
		case AF_INET6:
			f->family = SN_V6 + 1;
			break;
		default:
			NL_SET_ERR_MSG_ATTR(extack, tb[STATIC_NAT_M_FAMILY],
					    "a family is AF_INET or AF_INET6");
			return -EINVAL;
		}
	}
	if (tb[STATIC_NAT_M_KIND])
		f->kind = nla_get_u8(tb[STATIC_NAT_M_KIND]);
	f->dev = tb[STATIC_NAT_M_IFINDEX];
	if (f->dev)
		f->ifindex = nla_get_u32(tb[STATIC_NAT_M_IFINDEX]);
	return 0;
}

int sn_mapping_single(const struct genlmsghdr *head, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr, *first = NULL;
	int rem;

	nla_for_each_attr(attr, genlmsg_data(head), genlmsg_len(head), rem) {
		if (nla_type(attr) != STATIC_NAT_A_MAPPING)
			continue;
		if (first) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "one mapping is enough here");
			return -EINVAL;
		}
		first = attr;
	}
	return 0;
}

bool sn_filter_fits(const struct sn_filter *f, const struct sn_spec *spec)
{
	if (f->family && f->family != spec->family + 1)
		return false;
	if (f->kind && (f->kind == STATIC_NAT_KIND_SRC) != (spec->kind == SN_SRC))
		return false;
	return !f->dev || f->ifindex == spec->ifindex;
}
