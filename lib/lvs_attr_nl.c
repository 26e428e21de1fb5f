// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <bsd/string.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/genl.h"
#include "lib/lvs_attr.h"

#define MAX NP_NL_MSG_MAX

struct nlmsghdr *np_lvs_request(struct np_nl *nl, uint16_t family, uint8_t cmd)
{
	return np_genl_request(nl, family, 0, cmd, 1);
}

int np_lvs_nest_attr(const struct nlattr *attr, void *arg)
{
	struct np_lvs_nest *n = arg;

	if (mnl_attr_get_type(attr) < 32)
		n->a[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

uint64_t np_lvs_number(const struct np_lvs_nest *n, int type)
{
	const struct nlattr *a = n->a[type];
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	if (!a)
		return 0;
	switch (mnl_attr_get_payload_len(a)) {
	case 1:
		return mnl_attr_get_u8(a);
	case 2:
		memcpy(&u16, mnl_attr_get_payload(a), sizeof(u16));
		return u16;
	case 4:
		memcpy(&u32, mnl_attr_get_payload(a), sizeof(u32));
		return u32;
	case 8:
		memcpy(&u64, mnl_attr_get_payload(a), sizeof(u64));
		return u64;
	default:
		return 0;
	}
}

void np_lvs_address(const struct np_lvs_nest *n, int type, uint8_t addr[16], uint8_t af)
{
	size_t want = af == AF_INET6 ? 16 : 4;

	memset(addr, 0, 16);
	if (n->a[type] && mnl_attr_get_payload_len(n->a[type]) >= want)
		memcpy(addr, mnl_attr_get_payload(n->a[type]), want);
}

void np_lvs_string(const struct np_lvs_nest *n, int type, char *buf, size_t size)
{
	*buf = '\0';
	if (n->a[type] && mnl_attr_validate(n->a[type], MNL_TYPE_NUL_STRING) >= 0)
		strlcpy(buf, mnl_attr_get_str(n->a[type]), size);
}

bool np_lvs_open_nest(const struct nlmsghdr *nlh, int type, struct np_lvs_nest *inner)
{
	struct np_lvs_nest outer = { { NULL } };

	*inner = outer;
	mnl_attr_parse(nlh, sizeof(struct genlmsghdr), np_lvs_nest_attr, &outer);
	if (outer.a[type])
		mnl_attr_parse_nested(outer.a[type], np_lvs_nest_attr, inner);
	return outer.a[type] != NULL;
}

struct nlattr *np_lvs_put_key(struct nlmsghdr *nlh, const struct np_lvs_svc *svc)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, MAX, IPVS_CMD_ATTR_SERVICE);
	bool ok = nest && mnl_attr_put_u16_check(nlh, MAX, IPVS_SVC_ATTR_AF, svc->af);

	if (svc->fwmark)
		ok = ok && mnl_attr_put_u32_check(nlh, MAX, IPVS_SVC_ATTR_FWMARK, svc->fwmark);
	else
		ok = ok &&
		     mnl_attr_put_u16_check(nlh, MAX, IPVS_SVC_ATTR_PROTOCOL, svc->protocol) &&
		     mnl_attr_put_check(nlh, MAX, IPVS_SVC_ATTR_ADDR, 16, svc->addr) &&
		     mnl_attr_put_u16_check(nlh, MAX, IPVS_SVC_ATTR_PORT, htons(svc->port));
	return ok ? nest : NULL;
}

int np_lvs_too_long(struct np_err *err)
{
	return np_err_set(err, EMSGSIZE, "the message does not fit");
}
