// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/genetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/nat_priv.h"

#define MAX NP_NL_MSG_MAX

_Static_assert(NP_NAT_KIND_DST == STATIC_NAT_KIND_DST && NP_NAT_KIND_SRC == STATIC_NAT_KIND_SRC,
	       "the model's kinds are the module's");

/* What is usual is left out. */
static bool put(struct nlmsghdr *nlh, const struct np_nat_mapping *m, bool to)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, MAX, STATIC_NAT_A_MAPPING);
	size_t len = m->family == AF_INET6 ? 16 : 4;
	bool ok = nest && mnl_attr_put_u8_check(nlh, MAX, STATIC_NAT_M_KIND, m->kind) &&
		  mnl_attr_put_check(nlh, MAX, STATIC_NAT_M_FROM, len, m->from);

	if (to)
		ok = ok && mnl_attr_put_check(nlh, MAX, STATIC_NAT_M_TO, len, m->to);
	if (m->bits != len * 8)
		ok = ok && mnl_attr_put_u8_check(nlh, MAX, STATIC_NAT_M_PREFIXLEN, m->bits);
	if (m->ifindex)
		ok = ok && mnl_attr_put_u32_check(nlh, MAX, STATIC_NAT_M_IFINDEX, m->ifindex);
	if (m->nptv6)
		ok = ok && mnl_attr_put_u8_check(nlh, MAX, STATIC_NAT_M_MODE,
						 STATIC_NAT_MODE_NPTV6);
	if (ok)
		mnl_attr_nest_end(nlh, nest);
	else if (nest)
		mnl_attr_nest_cancel(nlh, nest);
	return ok;
}

bool np_nat_put(struct nlmsghdr *nlh, const struct np_nat_mapping *m)
{
	return put(nlh, m, true);
}

bool np_nat_put_key(struct nlmsghdr *nlh, const struct np_nat_mapping *m)
{
	return put(nlh, m, false);
}

bool np_nat_put_filter(struct nlmsghdr *nlh, const struct np_nat_filter *want)
{
	uint8_t kind = want->set & 1u << NP_NAT_KEY_DST ? STATIC_NAT_KIND_DST :
		       want->set & 1u << NP_NAT_KEY_SRC ? STATIC_NAT_KIND_SRC : 0;
	bool dev = want->set & 1u << NP_NAT_KEY_DEV, ok;
	struct nlattr *nest;

	if (!kind && !dev && !want->family)
		return true;
	nest = mnl_attr_nest_start_check(nlh, MAX, STATIC_NAT_A_MAPPING);
	ok = nest;
	if (want->family)
		ok = ok && mnl_attr_put_u8_check(nlh, MAX, STATIC_NAT_M_FAMILY, want->family);
	if (kind)
		ok = ok && mnl_attr_put_u8_check(nlh, MAX, STATIC_NAT_M_KIND, kind);
	if (dev)
		ok = ok && mnl_attr_put_u32_check(nlh, MAX, STATIC_NAT_M_IFINDEX, want->ifindex);
	if (ok)
		mnl_attr_nest_end(nlh, nest);
	return ok;
}

struct attrs {
	const struct nlattr *a[STATIC_NAT_M_MAX + 1];
};

static int keep(const struct nlattr *attr, void *arg)
{
	struct attrs *t = arg;

	if (mnl_attr_get_type(attr) <= STATIC_NAT_M_MAX)
		t->a[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

/* 0 where it is missing or of another size. */
static uint64_t number(const struct attrs *t, int type, size_t size)
{
	const struct nlattr *a = t->a[type];
	uint64_t u64;

	if (!a || mnl_attr_get_payload_len(a) != size)
		return 0;
	if (size == 1)
		return mnl_attr_get_u8(a);
	if (size == 4)
		return mnl_attr_get_u32(a);
	memcpy(&u64, mnl_attr_get_payload(a), sizeof(u64));
	return u64;
}

/* Bytes of an address: 4 or 16, or 0 where it is none. */
static size_t address(const struct attrs *t, int type, uint8_t to[16])
{
	const struct nlattr *a = t->a[type];
	size_t len = a ? mnl_attr_get_payload_len(a) : 0;

	if (len != 4 && len != 16)
		return 0;
	memcpy(to, mnl_attr_get_payload(a), len);
	return len;
}

static bool get(const struct nlattr *attr, struct np_nat_mapping *m)
{
	struct attrs t = { { NULL } };
	size_t len;

	mnl_attr_parse_nested(attr, keep, &t);
	*m = (struct np_nat_mapping){
		.kind = (uint8_t)number(&t, STATIC_NAT_M_KIND, 1),
		.ifindex = (uint32_t)number(&t, STATIC_NAT_M_IFINDEX, 4),
		.nptv6 = number(&t, STATIC_NAT_M_MODE, 1) == STATIC_NAT_MODE_NPTV6,
		.id = (uint32_t)number(&t, STATIC_NAT_M_ID, 4),
		.dst = { number(&t, STATIC_NAT_M_DST_PACKETS, 8),
			 number(&t, STATIC_NAT_M_DST_BYTES, 8) },
		.src = { number(&t, STATIC_NAT_M_SRC_PACKETS, 8),
			 number(&t, STATIC_NAT_M_SRC_BYTES, 8) },
	};
	len = address(&t, STATIC_NAT_M_FROM, m->from);
	if (!len || address(&t, STATIC_NAT_M_TO, m->to) != len)
		return false;
	m->family = len == 16 ? AF_INET6 : AF_INET;
	m->bits = t.a[STATIC_NAT_M_PREFIXLEN] ?
		  (uint8_t)number(&t, STATIC_NAT_M_PREFIXLEN, 1) : (uint8_t)(len * 8);
	return m->bits && m->bits <= len * 8 &&
	       (m->kind == NP_NAT_KIND_DST || m->kind == NP_NAT_KIND_SRC);
}

int np_nat_each(const struct nlmsghdr *nlh,
		int (*fn)(const struct np_nat_mapping *m, void *arg), void *arg)
{
	const struct nlattr *attr;
	struct np_nat_mapping m;
	int ret = 0;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == STATIC_NAT_A_MAPPING && !ret && get(attr, &m))
			ret = fn(&m, arg);
	}
	return ret;
}
