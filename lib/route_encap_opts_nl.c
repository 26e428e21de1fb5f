// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <libmnl/libmnl.h>
#include <linux/lwtunnel.h>
#include <string.h>

#include "lib/route_encap_nl.h"
#include "lib/route_nl.h"

static void get_geneve(struct np_tun_opt *opt, const struct nlattr *const *tb)
{
	const struct nlattr *data = tb[LWTUNNEL_IP_OPT_GENEVE_DATA];
	uint16_t class;

	if (tb[LWTUNNEL_IP_OPT_GENEVE_CLASS] &&
	    mnl_attr_get_payload_len(tb[LWTUNNEL_IP_OPT_GENEVE_CLASS]) >= 2) {
		memcpy(&class, mnl_attr_get_payload(tb[LWTUNNEL_IP_OPT_GENEVE_CLASS]), 2);
		opt->class = be16toh(class);
	}
	if (tb[LWTUNNEL_IP_OPT_GENEVE_TYPE] &&
	    mnl_attr_get_payload_len(tb[LWTUNNEL_IP_OPT_GENEVE_TYPE]) >= 1)
		opt->type = mnl_attr_get_u8(tb[LWTUNNEL_IP_OPT_GENEVE_TYPE]);
	if (data && mnl_attr_get_payload_len(data) <= sizeof(opt->data)) {
		opt->len = (uint8_t)mnl_attr_get_payload_len(data);
		memcpy(opt->data, mnl_attr_get_payload(data), opt->len);
	}
}

static void get_erspan(struct np_tun_opt *opt, const struct nlattr *const *tb)
{
	uint8_t *at[LWTUNNEL_IP_OPT_ERSPAN_MAX + 1] = {
		[LWTUNNEL_IP_OPT_ERSPAN_VER] = &opt->ver,
		[LWTUNNEL_IP_OPT_ERSPAN_DIR] = &opt->dir,
		[LWTUNNEL_IP_OPT_ERSPAN_HWID] = &opt->hwid,
	};

	for (unsigned i = LWTUNNEL_IP_OPT_ERSPAN_VER; i <= LWTUNNEL_IP_OPT_ERSPAN_MAX; i++) {
		size_t len = tb[i] ? mnl_attr_get_payload_len(tb[i]) : 0;
		uint32_t index;

		if (at[i] && len >= 1) {
			*at[i] = mnl_attr_get_u8(tb[i]);
		} else if (i == LWTUNNEL_IP_OPT_ERSPAN_INDEX && len >= 4) {
			memcpy(&index, mnl_attr_get_payload(tb[i]), 4);
			opt->index = be32toh(index);
		}
	}
}

static void get_opt(struct np_encap *e, const struct nlattr *attr)
{
	const struct nlattr *tb[8];
	struct np_tun_opt *opt = &e->opt[e->n_opts];

	if (e->n_opts == NP_TUN_OPTS || (e->n_opts && e->opt_kind != LWTUNNEL_IP_OPTS_GENEVE))
		return;
	e->n_opts++;
	e->opt_kind = (uint8_t)mnl_attr_get_type(attr);
	np_attr_table(tb, 7, mnl_attr_get_payload(attr), mnl_attr_get_payload_len(attr));
	if (e->opt_kind == LWTUNNEL_IP_OPTS_GENEVE)
		get_geneve(opt, tb);
	else if (e->opt_kind == LWTUNNEL_IP_OPTS_ERSPAN)
		get_erspan(opt, tb);
	else if (tb[LWTUNNEL_IP_OPT_VXLAN_GBP] &&
		 mnl_attr_get_payload_len(tb[LWTUNNEL_IP_OPT_VXLAN_GBP]) >= 4)
		opt->gbp = mnl_attr_get_u32(tb[LWTUNNEL_IP_OPT_VXLAN_GBP]);
}

void np_encap_get_opts(struct np_encap *e, const struct nlattr *nest)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		unsigned type = mnl_attr_get_type(attr);

		if (type && type <= LWTUNNEL_IP_OPTS_MAX)
			get_opt(e, attr);
	}
}

static bool put_geneve(const struct np_tun_opt *opt, struct nlmsghdr *nlh, size_t size)
{
	return mnl_attr_put_u16_check(nlh, size, LWTUNNEL_IP_OPT_GENEVE_CLASS,
				      htobe16(opt->class)) &&
	       mnl_attr_put_u8_check(nlh, size, LWTUNNEL_IP_OPT_GENEVE_TYPE, opt->type) &&
	       mnl_attr_put_check(nlh, size, LWTUNNEL_IP_OPT_GENEVE_DATA, opt->len, opt->data);
}

static bool put_erspan(const struct np_tun_opt *opt, struct nlmsghdr *nlh, size_t size)
{
	if (!mnl_attr_put_u8_check(nlh, size, LWTUNNEL_IP_OPT_ERSPAN_VER, opt->ver))
		return false;
	if (opt->ver == 1)
		return mnl_attr_put_u32_check(nlh, size, LWTUNNEL_IP_OPT_ERSPAN_INDEX,
					      htobe32(opt->index));
	return mnl_attr_put_u8_check(nlh, size, LWTUNNEL_IP_OPT_ERSPAN_DIR, opt->dir) &&
	       mnl_attr_put_u8_check(nlh, size, LWTUNNEL_IP_OPT_ERSPAN_HWID, opt->hwid);
}

bool np_encap_put_opts(const struct np_encap *e, uint16_t type, struct nlmsghdr *nlh, size_t size)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, size, type);
	bool fits = nest != NULL;

	for (unsigned i = 0; fits && i < e->n_opts; i++) {
		struct nlattr *one = mnl_attr_nest_start_check(nlh, size, e->opt_kind);

		if (!one)
			return false;
		if (e->opt_kind == LWTUNNEL_IP_OPTS_GENEVE)
			fits = put_geneve(&e->opt[i], nlh, size);
		else if (e->opt_kind == LWTUNNEL_IP_OPTS_VXLAN)
			fits = mnl_attr_put_u32_check(nlh, size, LWTUNNEL_IP_OPT_VXLAN_GBP,
						      e->opt[i].gbp);
		else
			fits = put_erspan(&e->opt[i], nlh, size);
		mnl_attr_nest_end(nlh, one);
	}
	if (nest)
		mnl_attr_nest_end(nlh, nest);
	return fits;
}
