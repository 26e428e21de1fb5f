// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/route_encap_nl.h"

#include <endian.h>
#include <libmnl/libmnl.h>
#include <linux/ioam6.h>
#include <linux/ioam6_iptunnel.h>
#include <linux/lwtunnel.h>
#include <linux/seg6_local.h>
#include <string.h>

#include "lib/route_nl.h"

/* RFC 8754, 2: next header, length, type 4, segments left, last entry, flags, tag. */
enum { SRH_HEAD = 8, SRH_TYPE = 4, SRH_FLAG_HMAC = 1 << 3, SRH_HMAC_TLV = 40, RPL_TYPE = 3 };

static void get_srh(struct np_srh *srh, const uint8_t *b, size_t len)
{
	size_t n, tlv;

	if (len < SRH_HEAD)
		return;
	n = b[4] + 1u;
	if (n > (len - SRH_HEAD) / 16)
		n = (len - SRH_HEAD) / 16;
	srh->n = (uint8_t)(n < NP_SEGS_MAX ? n : NP_SEGS_MAX);
	memcpy(srh->seg, b + SRH_HEAD, (size_t)srh->n * 16);
	tlv = (b[1] + 1u) * 8;
	if (b[5] & SRH_FLAG_HMAC && tlv <= len && tlv >= SRH_HMAC_TLV) {
		uint32_t key;

		memcpy(&key, b + tlv - SRH_HMAC_TLV + 4, sizeof(key));
		srh->hmac = be32toh(key);
	}
}

static void get_rpl(struct np_srh *srh, const uint8_t *b, size_t len)
{
	size_t n;

	if (len < SRH_HEAD)
		return;
	n = b[3];
	if (n > (len - SRH_HEAD) / 16)
		n = (len - SRH_HEAD) / 16;
	srh->n = (uint8_t)(n < NP_SEGS_MAX ? n : NP_SEGS_MAX);
	memcpy(srh->seg, b + SRH_HEAD, (size_t)srh->n * 16);
}

/* Bytes of the header, which is zero where nothing was said. */
static size_t put_srh(const struct np_srh *srh, uint8_t *b)
{
	size_t len = SRH_HEAD + (size_t)srh->n * 16;

	if (srh->hmac) {
		uint32_t key = htobe32(srh->hmac);

		b[len] = 5; /* SR6_TLV_HMAC */
		b[len + 1] = SRH_HMAC_TLV - 2;
		memcpy(b + len + 4, &key, sizeof(key));
		len += SRH_HMAC_TLV;
		b[5] = SRH_FLAG_HMAC;
	}
	b[1] = (uint8_t)(len / 8 - 1);
	b[2] = SRH_TYPE;
	b[3] = b[4] = (uint8_t)(srh->n ? srh->n - 1 : 0);
	memcpy(b + SRH_HEAD, srh->seg, (size_t)srh->n * 16);
	return len;
}

static bool put_headers(const struct np_encap *e, const struct np_encap_row *row,
			struct nlmsghdr *nlh, size_t size)
{
	uint8_t b[4 + SRH_HEAD + NP_SEGS_MAX * 16 + SRH_HMAC_TLV] = { 0 };
	size_t at = 0;

	if (row->kind == NP_EK_SEG6) { /* struct seg6_iptunnel_encap: the mode comes first */
		int mode = e->mode;

		memcpy(b, &mode, sizeof(mode));
		at = sizeof(mode);
	}
	if (row->kind == NP_EK_RPL) {
		b[1] = (uint8_t)((SRH_HEAD + e->srh.n * 16u) / 8 - 1);
		b[2] = RPL_TYPE;
		b[3] = e->srh.n;
		memcpy(b + SRH_HEAD, e->srh.seg, (size_t)e->srh.n * 16);
		at = SRH_HEAD + (size_t)e->srh.n * 16;
	} else {
		at += put_srh(&e->srh, b + at);
	}
	return mnl_attr_put_check(nlh, size, row->attr, at, b);
}

static void get_prog(struct np_encap *e, const struct np_encap_row *row, const struct nlattr *attr)
{
	char *name = (char *)e + row->off;
	const struct nlattr *tb[LWT_BPF_PROG_MAX + 1];
	size_t len;

	np_attr_table(tb, LWT_BPF_PROG_MAX, mnl_attr_get_payload(attr),
		      mnl_attr_get_payload_len(attr));
	if (!tb[LWT_BPF_PROG_NAME])
		return;
	len = strnlen(mnl_attr_get_payload(tb[LWT_BPF_PROG_NAME]),
		      mnl_attr_get_payload_len(tb[LWT_BPF_PROG_NAME]));
	memcpy(name, mnl_attr_get_payload(tb[LWT_BPF_PROG_NAME]),
	       len < NP_PROG_MAX - 1 ? len : NP_PROG_MAX - 1);
	e->prog_named |= (uint8_t)(1u << (name - e->prog[0]) / NP_PROG_MAX);
}

static void get_counters(struct np_encap *e, const struct nlattr *attr)
{
	const struct nlattr *tb[SEG6_LOCAL_CNT_MAX + 1];
	uint64_t *at[SEG6_LOCAL_CNT_MAX + 1] = { [SEG6_LOCAL_CNT_PACKETS] = &e->packets,
		[SEG6_LOCAL_CNT_BYTES] = &e->bytes, [SEG6_LOCAL_CNT_ERRORS] = &e->errors };

	np_attr_table(tb, SEG6_LOCAL_CNT_MAX, mnl_attr_get_payload(attr),
		      mnl_attr_get_payload_len(attr));
	for (unsigned i = SEG6_LOCAL_CNT_PACKETS; i <= SEG6_LOCAL_CNT_ERRORS; i++) {
		if (tb[i] && mnl_attr_get_payload_len(tb[i]) >= 8)
			memcpy(at[i], mnl_attr_get_payload(tb[i]), 8);
	}
}

static void get_flavors(struct np_encap *e, const struct nlattr *attr)
{
	const struct nlattr *tb[SEG6_LOCAL_FLV_MAX + 1];
	uint8_t *at[SEG6_LOCAL_FLV_MAX + 1] = { [SEG6_LOCAL_FLV_LCBLOCK_BITS] = &e->lblen,
		[SEG6_LOCAL_FLV_LCNODE_FN_BITS] = &e->nflen };

	np_attr_table(tb, SEG6_LOCAL_FLV_MAX, mnl_attr_get_payload(attr),
		      mnl_attr_get_payload_len(attr));
	for (unsigned i = SEG6_LOCAL_FLV_OPERATION; i <= SEG6_LOCAL_FLV_MAX; i++) {
		size_t len = tb[i] ? mnl_attr_get_payload_len(tb[i]) : 0;

		if (len < (i == SEG6_LOCAL_FLV_OPERATION ? 4 : 1))
			continue;
		e->flavor_set |= (uint8_t)(1u << i);
		if (i == SEG6_LOCAL_FLV_OPERATION)
			e->flavors = mnl_attr_get_u32(tb[i]);
		else
			*at[i] = mnl_attr_get_u8(tb[i]);
	}
}

void np_encap_get_nested(struct np_encap *e, const struct np_encap_row *row,
			 const struct nlattr *attr)
{
	const uint8_t *b = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);
	int mode;

	switch ((enum np_encap_kind)row->kind) {
	case NP_EK_SEG6:
		if (len < sizeof(mode))
			break;
		memcpy(&mode, b, sizeof(mode));
		e->mode = (uint8_t)mode;
		get_srh(&e->srh, b + sizeof(mode), len - sizeof(mode));
		break;
	case NP_EK_SRH:
		get_srh(&e->srh, b, len);
		break;
	case NP_EK_RPL:
		get_rpl(&e->srh, b, len);
		break;
	case NP_EK_PROG:
		get_prog(e, row, attr);
		break;
	case NP_EK_COUNTERS:
		get_counters(e, attr);
		break;
	case NP_EK_FLAVORS:
		get_flavors(e, attr);
		break;
	case NP_EK_OPTS:
		np_encap_get_opts(e, attr);
		break;
	default:
		break;
	}
}

static bool put_counters(const struct np_encap *e, struct nlmsghdr *nlh, size_t size)
{
	return mnl_attr_put_check(nlh, size, SEG6_LOCAL_CNT_PACKETS, 8, &e->packets) &&
	       mnl_attr_put_check(nlh, size, SEG6_LOCAL_CNT_BYTES, 8, &e->bytes) &&
	       mnl_attr_put_check(nlh, size, SEG6_LOCAL_CNT_ERRORS, 8, &e->errors);
}

static bool put_flavors(const struct np_encap *e, struct nlmsghdr *nlh, size_t size)
{
	bool fits = true;

	if (e->flavor_set & 1u << SEG6_LOCAL_FLV_OPERATION)
		fits = mnl_attr_put_u32_check(nlh, size, SEG6_LOCAL_FLV_OPERATION, e->flavors);
	if (fits && e->flavor_set & 1u << SEG6_LOCAL_FLV_LCBLOCK_BITS)
		fits = mnl_attr_put_u8_check(nlh, size, SEG6_LOCAL_FLV_LCBLOCK_BITS, e->lblen);
	if (fits && e->flavor_set & 1u << SEG6_LOCAL_FLV_LCNODE_FN_BITS)
		fits = mnl_attr_put_u8_check(nlh, size, SEG6_LOCAL_FLV_LCNODE_FN_BITS, e->nflen);
	return fits;
}

bool np_encap_put_nested(const struct np_encap *e, const struct np_encap_row *row,
			 struct nlmsghdr *nlh, size_t size)
{
	struct nlattr *nest;
	bool fits;

	if (row->kind == NP_EK_SEG6 || row->kind == NP_EK_SRH || row->kind == NP_EK_RPL)
		return put_headers(e, row, nlh, size);
	if (row->kind == NP_EK_OPTS)
		return np_encap_put_opts(e, row->attr, nlh, size);
	if (row->kind != NP_EK_COUNTERS && row->kind != NP_EK_FLAVORS)
		return false;
	nest = mnl_attr_nest_start_check(nlh, size, row->attr);
	if (!nest)
		return false;
	fits = row->kind == NP_EK_COUNTERS ? put_counters(e, nlh, size) : put_flavors(e, nlh, size);
	mnl_attr_nest_end(nlh, nest);
	return fits;
}

void np_encap_get_ioam6(struct np_encap *e, const struct nlattr *const *tb)
{
	struct ioam6_trace_hdr hdr = { 0 };
	const struct nlattr *dst = tb[IOAM6_IPTUNNEL_DST];

	for (unsigned i = IOAM6_IPTUNNEL_MODE; i <= IOAM6_IPTUNNEL_FREQ_N; i++) {
		if (tb[i])
			e->set |= 1u << i;
	}
	if (!tb[IOAM6_IPTUNNEL_MODE] || !tb[IOAM6_IPTUNNEL_TRACE] ||
	    !tb[IOAM6_IPTUNNEL_FREQ_K] || !tb[IOAM6_IPTUNNEL_FREQ_N] ||
	    mnl_attr_get_payload_len(tb[IOAM6_IPTUNNEL_TRACE]) < sizeof(hdr) ||
	    mnl_attr_get_payload_len(tb[IOAM6_IPTUNNEL_FREQ_K]) < 4 ||
	    mnl_attr_get_payload_len(tb[IOAM6_IPTUNNEL_FREQ_N]) < 4 ||
	    mnl_attr_get_payload_len(tb[IOAM6_IPTUNNEL_MODE]) < 1) {
		e->set = 0; /* half of it says nothing */
		return;
	}
	e->mode = mnl_attr_get_u8(tb[IOAM6_IPTUNNEL_MODE]);
	e->freq_k = mnl_attr_get_u32(tb[IOAM6_IPTUNNEL_FREQ_K]);
	e->freq_n = mnl_attr_get_u32(tb[IOAM6_IPTUNNEL_FREQ_N]);
	if (dst && mnl_attr_get_payload_len(dst) >= 16)
		memcpy(e->dst, mnl_attr_get_payload(dst), 16);
	memcpy(&hdr, mnl_attr_get_payload(tb[IOAM6_IPTUNNEL_TRACE]), sizeof(hdr));
	e->trace_type = be32toh(hdr.type_be32) >> 8;
	e->trace_ns = be16toh(hdr.namespace_id);
	e->trace_len = hdr.remlen;
}

bool np_encap_put_ioam6(const struct np_encap *e, struct nlmsghdr *nlh, size_t size)
{
	struct ioam6_trace_hdr hdr;

	/* an initializer would leave the header's unnamed bits to chance */
	memset(&hdr, 0, sizeof(hdr));
	hdr.namespace_id = htobe16(e->trace_ns);
	hdr.remlen = e->trace_len & 0x7f;
	hdr.type_be32 = htobe32(e->trace_type << 8);
	return mnl_attr_put_u32_check(nlh, size, IOAM6_IPTUNNEL_FREQ_K, e->freq_k) &&
	       mnl_attr_put_u32_check(nlh, size, IOAM6_IPTUNNEL_FREQ_N, e->freq_n) &&
	       mnl_attr_put_u8_check(nlh, size, IOAM6_IPTUNNEL_MODE, e->mode) &&
	       (!(e->set & 1u << IOAM6_IPTUNNEL_DST) ||
		mnl_attr_put_check(nlh, size, IOAM6_IPTUNNEL_DST, 16, e->dst)) &&
	       mnl_attr_put_check(nlh, size, IOAM6_IPTUNNEL_TRACE, sizeof(hdr), &hdr);
}
