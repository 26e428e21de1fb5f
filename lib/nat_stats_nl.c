// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/genetlink.h>
#include <string.h>

#include "lib/nat_err.h"
#include "lib/nat_priv.h"

/* Where each attribute goes: of four bytes, or of eight. */
static const struct {
	uint8_t size;
	size_t offset;
} rows[STATIC_NAT_S_MAX + 1] = {
#define ROW(attr, field) [attr] = { sizeof(((struct np_nat_stats *)NULL)->field), \
				    offsetof(struct np_nat_stats, field) }
	ROW(STATIC_NAT_S_MAPPINGS, mappings),
	ROW(STATIC_NAT_S_MAX_MAPPINGS, max_mappings),
	ROW(STATIC_NAT_S_MEMORY, memory),
	ROW(STATIC_NAT_S_GENERATION, generation),
	ROW(STATIC_NAT_S_STAGED, staged),
	ROW(STATIC_NAT_S_MAX_STAGED, max_staged),
	ROW(STATIC_NAT_S_TRANSLATED, translated),
	ROW(STATIC_NAT_S_ICMP, icmp),
	ROW(STATIC_NAT_S_DROPPED, dropped),
	ROW(STATIC_NAT_S_UNROUTED, unrouted),
#undef ROW
};

static int stat_attr(const struct nlattr *attr, void *arg)
{
	unsigned type = mnl_attr_get_type(attr);

	if (type <= STATIC_NAT_S_MAX && rows[type].size &&
	    mnl_attr_get_payload_len(attr) == rows[type].size)
		memcpy((char *)arg + rows[type].offset, mnl_attr_get_payload(attr),
		       rows[type].size);
	return MNL_CB_OK;
}

static int outer_attr(const struct nlattr *attr, void *arg)
{
	if (mnl_attr_get_type(attr) == STATIC_NAT_A_STATS)
		mnl_attr_parse_nested(attr, stat_attr, arg);
	return MNL_CB_OK;
}

static int stats_msg(const struct nlmsghdr *nlh, void *arg)
{
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), outer_attr, arg);
	return 0;
}

int np_nat_stats(struct np_nat *nat, struct np_nat_stats *stats, struct np_err *err)
{
	int ret;

	*stats = (struct np_nat_stats){ 0 };
	ret = np_nl_get(nat->nl, np_nat_request(nat, STATIC_NAT_CMD_STATS), stats_msg, stats, err);
	if (ret)
		np_nat_refusal(err);
	return ret;
}
