// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/lwtunnel.h>
#include <string.h>

#include "lib/route_encap_nl.h"
#include "lib/route_nl.h"

static void get_u8(void *at, const struct nlattr *attr)
{
	if (mnl_attr_get_payload_len(attr) >= 1)
		*(uint8_t *)at = mnl_attr_get_u8(attr);
}

static void get_u32(void *at, const struct nlattr *attr)
{
	uint32_t v = 0;

	if (mnl_attr_get_payload_len(attr) >= 4)
		v = mnl_attr_get_u32(attr);
	memcpy(at, &v, sizeof(v));
}

static void get_u64(void *at, const struct nlattr *attr)
{
	uint64_t v = 0;

	if (mnl_attr_get_payload_len(attr) >= 8)
		memcpy(&v, mnl_attr_get_payload(attr), sizeof(v));
	memcpy(at, &v, sizeof(v));
}

static void get_be64(void *at, const struct nlattr *attr)
{
	uint64_t v;

	get_u64(&v, attr);
	v = be64toh(v);
	memcpy(at, &v, sizeof(v));
}

static void get_bytes(void *at, const struct nlattr *attr, size_t want)
{
	size_t len = mnl_attr_get_payload_len(attr);

	memcpy(at, mnl_attr_get_payload(attr), len < want ? len : want);
}

static void get_flags(struct np_encap *e, const struct nlattr *attr)
{
	uint16_t v;

	if (mnl_attr_get_payload_len(attr) < 2)
		return;
	memcpy(&v, mnl_attr_get_payload(attr), sizeof(v));
	e->flags = be16toh(v);
}

static void get_labels(struct np_encap *e, const struct nlattr *attr)
{
	get_bytes(e->labels.b, attr, sizeof(e->labels.b));
	e->labels.family = AF_MPLS;
	e->labels.len = (uint8_t)(mnl_attr_get_payload_len(attr) < sizeof(e->labels.b) ?
				  mnl_attr_get_payload_len(attr) : sizeof(e->labels.b));
}

/* Reads the value of a row into its place. */
static void get_row(struct np_encap *e, const struct np_encap_row *row, const struct nlattr *attr)
{
	void *at = (uint8_t *)e + row->off;

	switch ((enum np_encap_kind)row->kind) {
	case NP_EK_U8:
	case NP_EK_U8_DS:
	case NP_EK_NAME8:
		get_u8(at, attr);
		break;
	case NP_EK_U32:
	case NP_EK_TABLE:
	case NP_EK_LINK:
	case NP_EK_NAME32:
		get_u32(at, attr);
		break;
	case NP_EK_BE64:
		get_be64(at, attr);
		break;
	case NP_EK_LOCATOR:
		get_u64(at, attr);
		break;
	case NP_EK_IN4:
		get_bytes(at, attr, 4);
		break;
	case NP_EK_IN6:
		get_bytes(at, attr, 16);
		break;
	case NP_EK_LABELS:
		get_labels(e, attr);
		break;
	case NP_EK_FLAGS:
		get_flags(e, attr);
		break;
	default:
		np_encap_get_nested(e, row, attr);
		break;
	}
}

void np_encap_decode(struct np_encap *e, const struct nlattr *nest, uint16_t type)
{
	const struct np_encap_row *row = np_encap_rows(type);
	const struct nlattr *tb[32];

	memset(e, 0, sizeof(*e));
	e->type = type;
	if (!row)
		return;
	np_attr_table(tb, 31, mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest));
	if (type == LWTUNNEL_ENCAP_IOAM6) {
		np_encap_get_ioam6(e, tb);
		return;
	}
	for (; row->key; row++) {
		if (!tb[row->attr])
			continue;
		e->set |= 1u << row->attr;
		get_row(e, row, tb[row->attr]);
	}
}

static bool put_be64(struct nlmsghdr *nlh, size_t size, uint16_t attr, const void *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof(v));
	v = htobe64(v);
	return mnl_attr_put_check(nlh, size, attr, sizeof(v), &v);
}

static bool put_row(const struct np_encap *e, const struct np_encap_row *row,
		    struct nlmsghdr *nlh, size_t size)
{
	const void *at = (const uint8_t *)e + row->off;
	uint16_t flags = htobe16(e->flags);

	if (e->empty & 1u << row->attr)
		return mnl_attr_put_check(nlh, size, row->attr, 0, at);
	switch ((enum np_encap_kind)row->kind) {
	case NP_EK_U8:
	case NP_EK_U8_DS:
	case NP_EK_NAME8:
		return mnl_attr_put_check(nlh, size, row->attr, 1, at);
	case NP_EK_U32:
	case NP_EK_TABLE:
	case NP_EK_LINK:
	case NP_EK_NAME32:
	case NP_EK_IN4:
		return mnl_attr_put_check(nlh, size, row->attr, 4, at);
	case NP_EK_BE64:
		return put_be64(nlh, size, row->attr, at);
	case NP_EK_LOCATOR:
		return mnl_attr_put_check(nlh, size, row->attr, 8, at);
	case NP_EK_IN6:
		return mnl_attr_put_check(nlh, size, row->attr, 16, at);
	case NP_EK_LABELS:
		return mnl_attr_put_check(nlh, size, row->attr, e->labels.len, e->labels.b);
	case NP_EK_FLAGS:
		return mnl_attr_put_check(nlh, size, row->attr, 2, &flags);
	default:
		return np_encap_put_nested(e, row, nlh, size);
	}
}

int np_encap_encode(const struct np_encap *e, struct nlmsghdr *nlh, size_t size)
{
	const struct np_encap_row *row = np_encap_rows(e->type);

	if (e->type == LWTUNNEL_ENCAP_IOAM6)
		return np_encap_put_ioam6(e, nlh, size) ? 0 : -EMSGSIZE;
	for (; row && row->key; row++) {
		if (e->set & 1u << row->attr && !put_row(e, row, nlh, size))
			return -EMSGSIZE;
	}
	return 0;
}
