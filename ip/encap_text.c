// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/ioam6_iptunnel.h>
#include <linux/lwtunnel.h>
#include <linux/seg6_local.h>
#include <stdio.h>
#include <sys/socket.h>

#include "ip/encap_show.h"
#include "ip/line.h"
#include "ip/route_show.h"
#include "lib/addr.h"

static void put_segs(struct prt_line *l, const struct np_srh *srh)
{
	char buf[NP_ADDR_STRLEN];

	line_str(l, "segs ");
	line_uint(l, srh->n);
	line_str(l, " [ ");
	for (unsigned i = srh->n; i-- > 0;)
		line_colored(l, PRT_COLOR_INET6, np_addr_text(AF_INET6, srh->seg[i], 16, buf));
	line_str(l, "] ");
	if (srh->hmac) {
		snprintf(buf, sizeof(buf), "hmac %X ", srh->hmac);
		line_str(l, buf);
	}
}

static void put_flags(struct prt_line *l, uint16_t flags)
{
	for (const struct np_word *w = np_tun_flag_words; w->word; w++) {
		if (flags & w->id) {
			line_str(l, w->word);
			line_mem(l, " ", 1);
		}
	}
}

static void put_opts(struct prt_line *l, const struct np_encap *e)
{
	char text[2 * sizeof(e->opt[0].data) + 32];

	line_str(l, l->show->sl);
	line_mem(l, "\t", 1);
	line_str(l, encap_opts_name(e->opt_kind));
	line_mem(l, " ", 1);
	for (unsigned i = 0; i < e->n_opts; i++) {
		const struct np_tun_opt *o = &e->opt[i];
		char hex[2 * sizeof(o->data) + 1];

		if (e->opt_kind == LWTUNNEL_IP_OPTS_GENEVE)
			snprintf(text, sizeof(text), "%u:%u:%s%s", o->class, o->type,
				 encap_hex(o->data, o->len, hex), i + 1 < e->n_opts ? "," : " ");
		else if (e->opt_kind == LWTUNNEL_IP_OPTS_VXLAN)
			snprintf(text, sizeof(text), "%u ", o->gbp);
		else
			snprintf(text, sizeof(text), "%u:%u:%u:%u ", o->ver, encap_erspan(o).index,
				 encap_erspan(o).dir, encap_erspan(o).hwid);
		line_str(l, text);
	}
}

static void put_flavors(struct prt_line *l, const struct np_encap *e)
{
	const char *comma = "";

	if (e->flavor_set & 1u << SEG6_LOCAL_FLV_OPERATION) {
		line_str(l, "flavors ");
		for (const struct np_word *w = np_seg6_flavors; w->word; w++) {
			if (e->flavors & 1u << w->id) {
				line_str(l, comma);
				line_str(l, w->word);
				comma = ",";
			}
		}
		line_mem(l, " ", 1);
	}
	if (e->flavor_set & 1u << SEG6_LOCAL_FLV_LCBLOCK_BITS)
		line_pair_uint(l, "lblen", e->lblen);
	if (e->flavor_set & 1u << SEG6_LOCAL_FLV_LCNODE_FN_BITS)
		line_pair_uint(l, "nflen", e->nflen);
}

static void put_ioam6(struct prt_line *l, const struct np_encap *e)
{
	const char *mode = np_word_of(np_ioam6_modes, e->mode);
	char buf[NP_ADDR_STRLEN], text[64];

	snprintf(text, sizeof(text), "freq %u/%u ", e->freq_k, e->freq_n);
	line_str(l, text);
	if (e->mode != IOAM6_IPTUNNEL_MODE_INLINE && !(e->set & 1u << IOAM6_IPTUNNEL_DST))
		return;
	line_pair(l, "mode", mode ? mode : "<unknown>");
	if (e->mode != IOAM6_IPTUNNEL_MODE_INLINE)
		line_pair(l, "tundst", np_addr_text(AF_INET6, e->dst, 16, buf));
	snprintf(text, sizeof(text), "trace prealloc type %#08x ns %u size %u ", e->trace_type,
		 e->trace_ns, e->trace_len * 4u);
	line_str(l, text);
}

static void put_nested(struct prt_line *l, const struct np_encap_row *row,
		       const struct np_encap *e)
{
	const char *prog = (const char *)e + row->off;

	switch ((enum np_encap_kind)row->kind) {
	case NP_EK_SEG6:
		line_pair(l, "mode", encap_name(row->names, e->mode, "<unknown>"));
		put_segs(l, &e->srh);
		break;
	case NP_EK_SRH:
	case NP_EK_RPL:
		put_segs(l, &e->srh);
		break;
	case NP_EK_PROG:
		line_str(l, row->word);
		line_mem(l, " ", 1);
		if (encap_prog_named(e, prog)) {
			line_str(l, prog);
			line_mem(l, " ", 1);
		}
		break;
	case NP_EK_COUNTERS:
		if (!l->show->stats)
			break;
		line_pair_uint(l, "packets", e->packets);
		line_pair_uint(l, "bytes", e->bytes);
		line_pair_uint(l, "errors", e->errors);
		break;
	case NP_EK_FLAVORS:
		put_flavors(l, e);
		break;
	case NP_EK_OPTS:
		put_opts(l, e);
		break;
	case NP_EK_TRACE:
		put_ioam6(l, e);
		break;
	default:
		put_flags(l, e->flags);
		break;
	}
}


static void put_row(struct prt_line *l, const struct np_encap_row *row, const struct np_encap *e)
{
	enum prt_color color = row->color ? prt_family_color(row->color) : PRT_COLOR_NONE;
	char text[NP_NAME_MAX];

	if (!encap_value(l->show, row, e, text, sizeof(text))) {
		put_nested(l, row, e);
		return;
	}
	if (l->show->color)
		line_str(l, prt_color_on(l->show, color));
	if (row->lead)
		line_mem(l, " ", 1);
	if (row->word) {
		line_str(l, row->word);
		line_mem(l, " ", 1);
	}
	line_str(l, text);
	line_mem(l, " ", 1);
	if (l->show->color)
		line_str(l, prt_color_off(l->show, color));
}

void encap_text(struct prt_line *l, const struct np_encap *e)
{
	const struct np_encap_row *row = np_encap_rows(e->type);

	line_str(l, " encap ");
	line_str(l, np_encap_type_name(e->type));
	line_mem(l, " ", 1);
	for (; row && row->key; row++) {
		if (e->set & 1u << row->attr)
			put_row(l, row, e);
	}
}
