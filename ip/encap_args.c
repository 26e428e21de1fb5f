// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/ioam6_iptunnel.h>
#include <linux/lwtunnel.h>
#include <linux/seg6_iptunnel.h>
#include <linux/seg6_local.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ip/encap_args.h"
#include "ip/words.h"

/* `key`, `csum` and `seq`: words without a value. */
static void parse_flag(struct np_encap *e, const char *word)
{
	int flag = np_word_find(np_tun_flag_words, word);

	if (flag >= 0)
		e->flags |= (uint16_t)flag;
}

static bool names_row(const char *word, const struct np_encap_row *row)
{
	switch (row->kind) {
	case NP_EK_FLAGS:
		return np_word_find(np_tun_flag_words, word) >= 0;
	case NP_EK_OPTS:
		return !strcmp(word, "geneve_opts") || !strcmp(word, "vxlan_opts") ||
		       !strcmp(word, "erspan_opts");
	default:
		return row->word && !strcmp(word, row->word);
	}
}

static int parse_name(struct np_args *a, const struct np_encap_row *row, uint32_t *v,
		      struct np_err *err)
{
	const char *word;
	int id, ret = np_args_need(a, &word, row->key, err);

	if (ret)
		return ret;
	id = np_word_find(row->names, word);
	if (id < 0)
		return encap_bad_name(a, row->names, err);
	*v = (uint32_t)id;
	return 0;
}

static int parse_bytes(struct np_args *a, const struct np_encap_row *row, struct np_encap *e,
		       struct np_err *err)
{
	uint8_t family = row->kind == NP_EK_IN4 ? AF_INET : AF_INET6;
	struct np_addr addr;
	int ret = word_addr(a, family, &addr, err);

	if (ret)
		return ret;
	memcpy((uint8_t *)e + row->off, addr.b, np_family_len(family));
	if (!addr.len)
		e->empty |= 1u << row->attr;
	return 0;
}

static int parse_id(struct np_args *a, uint64_t *id, struct np_err *err)
{
	const char *word;
	int ret = np_args_need(a, &word, "a tunnel id", err);

	if (ret)
		return ret;
	return np_parse_uint(word, 0, UINT64_MAX, id) ? np_args_bad(a, "a tunnel id", err) : 0;
}

static int parse_link(struct np_args *a, const struct prt *p, uint32_t *index,
		      struct np_err *err)
{
	const char *name;
	int ret = np_args_need(a, &name, "a device", err);

	return ret ? ret : np_links_need(p->show.links, name, index, a->at - 1, err);
}

/* The value of a row of one word. */
static int parse_value(struct np_args *a, const struct prt *p, const struct np_encap_row *row,
		       struct np_encap *e, struct np_err *err)
{
	uint8_t *at = (uint8_t *)e + row->off;
	uint32_t v = 0;
	int ret;

	switch ((enum np_encap_kind)row->kind) {
	case NP_EK_BE64:
		return parse_id(a, &e->id, err);
	case NP_EK_IN4:
	case NP_EK_IN6:
		return parse_bytes(a, row, e, err);
	case NP_EK_U8:
		ret = word_u32(a, "a number up to 255", 255, &v, err);
		break;
	case NP_EK_U8_DS:
		ret = word_name(a, p, NP_NAMES_DSFIELD, "a DS field", &v, err);
		break;
	case NP_EK_U32:
		ret = word_u32(a, "a number", UINT32_MAX, &v, err);
		break;
	case NP_EK_TABLE:
		ret = word_name(a, p, NP_NAMES_TABLE, "a routing table", &v, err);
		break;
	case NP_EK_LINK:
		ret = parse_link(a, p, &v, err);
		break;
	default:
		ret = parse_name(a, row, &v, err);
		break;
	}
	if (row->kind == NP_EK_U8 || row->kind == NP_EK_U8_DS || row->kind == NP_EK_NAME8)
		*at = (uint8_t)v;
	else
		memcpy(at, &v, sizeof(v));
	return ret;
}

static int parse_row(struct np_args *a, const struct prt *p, const struct np_encap_row *row,
		     struct np_encap *e, struct np_err *err)
{
	const char *word = a->argv[a->at - 1];

	if (row->kind != NP_EK_FLAGS && e->set & 1u << row->attr)
		return np_args_fail(a, err, "a second \"%s\"", word);
	e->set |= 1u << row->attr;
	switch ((enum np_encap_kind)row->kind) {
	case NP_EK_FLAGS:
		parse_flag(e, word);
		return 0;
	case NP_EK_OPTS:
		return encap_parse_opts(a, e, err);
	case NP_EK_SRH:
		return encap_parse_srh(a, e, err);
	case NP_EK_FLAVORS:
		return encap_parse_flavors(a, e, err);
	case NP_EK_COUNTERS: /* the kernel starts them at zero */
		return 0;
	case NP_EK_PROG:
		return np_args_fail(a, err, "BPF programs cannot be loaded here: use `ip route`, "
				    "whose routes prt shows, saves and deletes");
	default:
		return parse_value(a, p, row, e, err);
	}
}

/* Words in any order, until one that is of no row. */
static int parse_rows(struct np_args *a, const struct prt *p, struct np_encap *e,
		      struct np_err *err)
{
	const struct np_encap_row *row;
	const char *word;
	int ret = 0;

	while (!ret && (word = np_args_peek(a))) {
		for (row = np_encap_rows(e->type); row->key && !names_row(word, row); row++)
			;
		if (!row->key)
			break;
		np_args_next(a);
		ret = parse_row(a, p, row, e, err);
	}
	return ret;
}

static int parse_locator(struct np_args *a, struct np_encap *e, struct np_err *err)
{
	static const char what[] = "an ILA locator (the upper 64 bits of an address, 1:2:3:4)";
	const char *word;
	uint8_t b[8] = { 0 };
	int ret = np_args_need(a, &word, what, err);

	for (unsigned i = 0; !ret; i++) {
		char *end;
		unsigned long v = strtoul(word, &end, 16);

		if (end == word || v > 0xffff || i == 4)
			return np_args_bad(a, what, err);
		b[2 * i] = (uint8_t)(v >> 8);
		b[2 * i + 1] = (uint8_t)v;
		if (!*end)
			break;
		if (*end != ':')
			return np_args_bad(a, what, err);
		word = end + 1;
	}
	memcpy(&e->locator, b, sizeof(b));
	return ret;
}

/* What stands before the words of a type, or is all of it. */
static int parse_first(struct np_args *a, struct np_encap *e, struct np_err *err)
{
	switch (e->type) {
	case LWTUNNEL_ENCAP_MPLS:
	case LWTUNNEL_ENCAP_ILA:
		e->set |= 1u << np_encap_rows(e->type)->attr;
		return e->type == LWTUNNEL_ENCAP_MPLS ? word_hop(a, AF_MPLS, &e->labels, err) :
							parse_locator(a, e, err);
	case LWTUNNEL_ENCAP_SEG6:
		return encap_parse_seg6(a, e, err);
	case LWTUNNEL_ENCAP_RPL:
		return encap_parse_rpl(a, e, err);
	case LWTUNNEL_ENCAP_IOAM6:
		return encap_parse_ioam6(a, e, err);
	default:
		return 0;
	}
}

static int check(struct np_args *a, const struct np_encap *e, struct np_err *err)
{
	if (e->type == LWTUNNEL_ENCAP_XFRM && (!(e->set & 1u << LWT_XFRM_IF_ID) || !e->if_id))
		return np_args_fail(a, err, "encap xfrm wants if_id and a number that is not 0");
	if (e->type == LWTUNNEL_ENCAP_SEG6_LOCAL && !(e->set & 1u << SEG6_LOCAL_ACTION))
		return np_args_fail(a, err, "encap seg6local wants an action");
	return 0;
}

int word_encap(struct np_args *a, const struct prt *p, struct np_nh *nh, struct np_err *err)
{
	struct np_encap *e;
	const char *word;
	unsigned type;
	int ret = np_args_need(a, &word, "a type of encapsulation", err);

	if (ret)
		return ret;
	type = np_encap_type_find(word);
	if (!type)
		return encap_bad_name(a, np_encap_types, err);
	if (!np_args_peek(a))
		return np_args_fail(a, err, "the words of \"encap %s\" are missing", word);
	e = np_nh_add_encap(nh);
	if (!e)
		return np_err_nomem(err);
	e->type = (uint16_t)type;
	ret = parse_first(a, e, err);
	if (!ret && type != LWTUNNEL_ENCAP_SEG6 && type != LWTUNNEL_ENCAP_RPL &&
	    type != LWTUNNEL_ENCAP_IOAM6)
		ret = parse_rows(a, p, e, err);
	return ret ? ret : check(a, e, err);
}
