// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/ioam6_iptunnel.h>
#include <linux/lwtunnel.h>
#include <linux/seg6_local.h>
#include <stdio.h>
#include <sys/socket.h>

#include "ip/encap_show.h"
#include "ip/route_show.h"
#include "lib/addr.h"

static void put_segs(struct np_json *j, const struct np_srh *srh)
{
	char buf[NP_ADDR_STRLEN];

	np_json_open(j, "segs", '[');
	for (unsigned i = srh->n; i-- > 0;)
		np_json_str(j, NULL, np_addr_text(AF_INET6, srh->seg[i], 16, buf));
	np_json_close(j, ']');
	if (srh->hmac)
		np_json_hex(j, "hmac", srh->hmac);
}

static void put_flags(struct np_json *j, uint16_t flags)
{
	for (const struct np_word *w = np_tun_flag_words; w->word; w++) {
		if (flags & w->id)
			np_json_bool(j, w->word, true);
	}
}

static void put_opts(struct np_json *j, const struct np_encap *e)
{
	np_json_open(j, encap_opts_name(e->opt_kind), '[');
	for (unsigned i = 0; i < e->n_opts; i++) {
		const struct np_tun_opt *o = &e->opt[i];
		char hex[2 * sizeof(o->data) + 1];

		np_json_open(j, NULL, '{');
		if (e->opt_kind == LWTUNNEL_IP_OPTS_GENEVE) {
			np_json_uint(j, "class", o->class);
			np_json_uint(j, "type", o->type);
			np_json_str(j, "data", encap_hex(o->data, o->len, hex));
		} else if (e->opt_kind == LWTUNNEL_IP_OPTS_VXLAN) {
			np_json_uint(j, "gbp", o->gbp);
		} else {
			np_json_uint(j, "ver", o->ver);
			np_json_uint(j, "index", encap_erspan(o).index);
			np_json_uint(j, "dir", encap_erspan(o).dir);
			np_json_uint(j, "hwid", encap_erspan(o).hwid);
		}
		np_json_close(j, '}');
	}
	np_json_close(j, ']');
}

static void put_flavors(struct np_json *j, const struct np_encap *e)
{
	if (e->flavor_set & 1u << SEG6_LOCAL_FLV_OPERATION) {
		np_json_open(j, "flavors", '[');
		for (const struct np_word *w = np_seg6_flavors; w->word; w++) {
			if (e->flavors & 1u << w->id)
				np_json_str(j, NULL, w->word);
		}
		np_json_close(j, ']');
	}
	if (e->flavor_set & 1u << SEG6_LOCAL_FLV_LCBLOCK_BITS)
		np_json_uint(j, "lblen", e->lblen);
	if (e->flavor_set & 1u << SEG6_LOCAL_FLV_LCNODE_FN_BITS)
		np_json_uint(j, "nflen", e->nflen);
}

static void put_ioam6(struct np_json *j, const struct np_encap *e)
{
	char buf[NP_ADDR_STRLEN], type[16];

	np_json_uint(j, "freqk", e->freq_k);
	np_json_uint(j, "freqn", e->freq_n);
	if (e->mode != IOAM6_IPTUNNEL_MODE_INLINE && !(e->set & 1u << IOAM6_IPTUNNEL_DST))
		return;
	np_json_str(j, "mode", encap_name(np_ioam6_modes, e->mode, "<unknown>"));
	if (e->mode != IOAM6_IPTUNNEL_MODE_INLINE)
		np_json_str(j, "tundst", np_addr_text(AF_INET6, e->dst, 16, buf));
	np_json_null(j, "trace");
	np_json_null(j, "prealloc");
	snprintf(type, sizeof(type), "%x", e->trace_type);
	np_json_str(j, "type", type);
	np_json_uint(j, "ns", e->trace_ns);
	np_json_uint(j, "size", e->trace_len * 4u);
}

static void put_counters(struct np_json *j, const char *key, const struct np_encap *e)
{
	np_json_open(j, key, '{');
	np_json_uint(j, "packets", e->packets);
	np_json_uint(j, "bytes", e->bytes);
	np_json_uint(j, "errors", e->errors);
	np_json_close(j, '}');
}

static void put_nested(const struct prt_show *show, const struct np_encap_row *row,
		       const struct np_encap *e)
{
	const char *prog = (const char *)e + row->off;
	struct np_json *j = show->json;

	switch ((enum np_encap_kind)row->kind) {
	case NP_EK_SEG6:
		np_json_str(j, row->key, encap_name(row->names, e->mode, "<unknown>"));
		put_segs(j, &e->srh);
		break;
	case NP_EK_SRH:
		np_json_open(j, row->key, '{');
		put_segs(j, &e->srh);
		np_json_close(j, '}');
		break;
	case NP_EK_RPL:
		put_segs(j, &e->srh);
		break;
	case NP_EK_PROG:
		np_json_str(j, row->key, encap_prog_named(e, prog) ? prog : "<unknown>");
		break;
	case NP_EK_COUNTERS:
		if (show->stats)
			put_counters(j, row->key, e);
		break;
	case NP_EK_FLAVORS:
		put_flavors(j, e);
		break;
	case NP_EK_OPTS:
		put_opts(j, e);
		break;
	case NP_EK_TRACE:
		put_ioam6(j, e);
		break;
	default:
		put_flags(j, e->flags);
		break;
	}
}

void encap_json(const struct prt_show *show, const struct np_encap *e)
{
	const struct np_encap_row *row = np_encap_rows(e->type);
	char text[NP_NAME_MAX];

	np_json_str(show->json, "encap", np_encap_type_name(e->type));
	for (; row && row->key; row++) {
		if (!(e->set & 1u << row->attr))
			continue;
		if (!encap_value(show, row, e, text, sizeof(text)))
			put_nested(show, row, e);
		else if (encap_is_number(row))
			np_json_raw(show->json, row->key, text);
		else
			np_json_str(show->json, row->key, text);
	}
}
