// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "ip/route_verbs.h"
#include "ip/words.h"
#include "lib/cli.h"
#include "lib/route_fields.h"
#include "lib/route_io.h"

struct get {
	struct prt *p;
	struct np_route q;     /* what is asked */
	bool from, connected, address;
	const char *iif, *oif; /* looked up at the end */
	int iif_word, oif_word;
	uint32_t *len;         /* explain: of the packet; NULL: no such word */
	struct np_err *err;
};

static int key_tos(struct get *g, struct np_args *a)
{
	uint32_t tos;
	int ret = word_name(a, g->p, NP_NAMES_DSFIELD, "a DS field (a name, or hex up to ff)",
			    &tos, g->err);

	if (!ret)
		g->q.tos = (uint8_t)tos;
	return ret;
}

static int key_from(struct get *g, struct np_args *a)
{
	struct np_addr addr;
	const char *word = np_args_peek(a);
	int ret;

	if (word && np_abbrev(word, "help"))
		return np_err_help(g->err);
	ret = word_prefix(a, g->q.family, &addr, g->err);
	if (ret)
		return ret;
	g->from = true;
	if (g->q.family == AF_UNSPEC)
		g->q.family = addr.family;
	if (addr.len) {
		words_copy_addr(g->q.src, &addr);
		g->q.set |= NP_RT_SRC;
	}
	g->q.src_bits = (uint8_t)addr.bits;
	return 0;
}

static int key_dev(struct get *g, struct np_args *a, const char **dev, int *at)
{
	int ret = np_args_need(a, dev, "a device", g->err);

	*at = a->at - 1;
	return ret;
}

static int key_vrf(struct get *g, struct np_args *a)
{
	int ret = word_vrf(a, g->p, NULL, g->err);

	g->oif = a->argv[a->at - 1];
	g->oif_word = a->at - 1;
	return ret;
}

static int key_port(struct get *g, struct np_args *a, uint32_t bit, uint16_t *port)
{
	uint32_t v;
	int ret = word_u32(a, "a port (0 to 65535)", 65535, &v, g->err);

	g->q.set |= bit;
	if (!ret)
		*port = (uint16_t)v;
	return ret;
}

static int key_ipproto(struct get *g, struct np_args *a)
{
	static const char what[] = "a protocol of IP (tcp, udp, or a number up to 255)";
	const char *word;
	int ret = np_args_need(a, &word, what, g->err);

	if (ret)
		return ret;
	g->q.set |= NP_RT_IPPROTO;
	return np_ipproto_parse(word, &g->q.ipproto) ? np_args_bad(a, what, g->err) : 0;
}

static int key_as(struct get *g, struct np_args *a)
{
	const char *word = np_args_peek(a);
	int ret;

	if (word && !strcmp(word, "to"))
		np_args_next(a);
	ret = word_hop(a, g->q.family, &g->q.nh.newdst, g->err);
	if (ret)
		return ret;
	if (g->q.family == AF_UNSPEC)
		g->q.family = (uint8_t)g->q.nh.newdst.family;
	g->q.nh.set |= NP_NH_NEWDST;
	return 0;
}

/* [to] ADDRESS; a length is told to be of no use, as ip does it. */
static int parse_to(struct get *g, const char *word, struct np_args *a)
{
	struct np_addr addr;
	unsigned host;
	int ret = 0;

	if (!strcmp(word, "to"))
		ret = np_args_need(a, &word, "an address", g->err);
	if (ret)
		return ret;
	if (np_abbrev(word, "help"))
		return np_err_help(g->err);
	if (np_prefix_parse(&addr, word, g->q.family))
		return strchr("0123456789", word[0]) || strchr(word, ':') ?
			word_is_prefix(a, word, g->q.family, &addr, g->err) :
			words_unknown(a, np_route_get_words, "an address", g->err);
	if (g->len && g->address) /* ip takes the last of them */
		return np_args_fail(a, g->err, "one address is enough: a packet has one "
				    "destination");
	if (g->q.family == AF_UNSPEC)
		g->q.family = addr.family;
	if (addr.len) {
		words_copy_addr(g->q.dst, &addr);
		g->q.set |= NP_RT_DST;
	}
	g->q.dst_bits = (uint8_t)addr.bits;
	host = np_family_bits(g->q.family);
	if ((g->q.family == AF_INET || g->q.family == AF_INET6) && addr.bits != host) {
		prt_note(g->p, "warning: /%u is of no use here: the route of one address is "
			 "looked up (/%u)", addr.bits, host);
		g->q.dst_bits = (uint8_t)host;
	}
	g->address = true;
	return 0;
}

static int parse_key(struct get *g, unsigned key, struct np_args *a)
{
	switch (key) {
	case NP_RK_TOS:
		return key_tos(g, a);
	case NP_RK_FROM:
		return key_from(g, a);
	case NP_RK_IIF:
		return key_dev(g, a, &g->iif, &g->iif_word);
	case NP_RK_DEV:
		return key_dev(g, a, &g->oif, &g->oif_word);
	case NP_RK_MARK:
		g->q.set |= NP_RT_MARK;
		return word_u32(a, "a mark (a number)", UINT32_MAX, &g->q.mark, g->err);
	case NP_RK_NOTIFY:
		g->q.flags |= RTM_F_NOTIFY;
		return 0;
	case NP_RK_CONNECTED:
		g->connected = true;
		return 0;
	case NP_RK_VRF:
		return key_vrf(g, a);
	case NP_RK_UID:
		g->q.set |= NP_RT_UID;
		return word_u32(a, "the number of a user", UINT32_MAX, &g->q.uid, g->err);
	case NP_RK_FIBMATCH:
		g->q.flags |= RTM_F_FIB_MATCH;
		return 0;
	case NP_RK_AS:
		return key_as(g, a);
	case NP_RK_SPORT:
		return key_port(g, a, NP_RT_SPORT, &g->q.sport);
	case NP_RK_DPORT:
		return key_port(g, a, NP_RT_DPORT, &g->q.dport);
	default:
		return key_ipproto(g, a);
	}
}

static int resolve(struct get *g)
{
	uint32_t index;
	int ret;

	if (g->iif) {
		ret = np_links_need(g->p->show.links, g->iif, &index, g->iif_word, g->err);
		if (ret)
			return ret;
		g->q.iif = (int)index;
		g->q.set |= NP_RT_IIF;
	}
	if (g->oif) {
		ret = np_links_need(g->p->show.links, g->oif, &index, g->oif_word, g->err);
		if (ret)
			return ret;
		g->q.nh.ifindex = (int)index;
		g->q.nh.set |= NP_NH_DEV;
	}
	return 0;
}

static int parse(struct get *g, struct np_args *a)
{
	const char *word;
	int ret = 0;

	g->q.family = g->p->show.family;
	while (!ret && (word = np_args_next(a))) {
		const struct np_route_word *row = np_route_word_find(np_route_get_words, word);

		if (g->len && !strcmp(word, "len"))
			ret = word_u32(a, "a length in bytes (up to 65535)", 65535, g->len, g->err);
		else
			ret = row ? parse_key(g, row->key, a) : parse_to(g, word, a);
	}
	if (ret)
		return ret;
	if (!g->address)
		return np_args_fail(a, g->err, "an address to look up is wanted");
	ret = resolve(g);
	if (!g->q.mark)
		g->q.set &= ~(uint32_t)NP_RT_MARK;
	if (g->q.family == AF_UNSPEC)
		g->q.family = AF_INET;
	/* only IPv4 knows this flag: without it, its answers name no table */
	if (g->q.family == AF_INET)
		g->q.flags |= RTM_F_LOOKUP_TABLE;
	return ret;
}

/* An answer: a document of its own with -j, unless it is the second of `connected`. */
struct answer {
	struct prt *p;
	bool text;
	bool *has_source; /* NULL: not asked */
};

static int print_answer(const struct nlmsghdr *nlh, void *arg)
{
	const struct answer *an = arg;
	struct prt *p = an->p;
	struct route_printer rp;
	int ret;

	route_printer_init(&rp, p);
	ret = route_printer_read(&rp, nlh, NULL);
	if (!ret) {
		if (!an->text)
			prt_doc_begin(p);
		route_printer_print(&rp);
		if (an->has_source)
			*an->has_source = rp.route.set & (NP_RT_PREFSRC | NP_RT_SRC);
	}
	/* ip gives up without closing the document when the answer names no source */
	if (an->has_source && !*an->has_source)
		p->show.json = NULL;
	if (p->show.json)
		prt_list_end(p);
	route_printer_clean(&rp);
	return ret;
}

/*
 * connected: as a socket that connects, ip asks twice, once for the source address and
 * once with it; what 6.1 sends the second time is the same question.
 */
static int ask_connected(struct get *g)
{
	bool has_source = false;
	struct answer an = { g->p, false, &has_source };
	int ret = np_route_get(g->p->nl, &g->q, print_answer, &an, g->err);

	if (ret)
		return ret;
	if (!has_source)
		return np_err_set(g->err, EADDRNOTAVAIL, "the route names no source address "
				  "that a socket could be bound to");
	an = (struct answer){ g->p, true, NULL };
	return np_route_get(g->p->nl, &g->q, print_answer, &an, g->err);
}

int route_get_parse(struct prt *p, struct np_args *a, struct np_route *q, uint32_t *len,
		    struct np_err *err)
{
	struct get g = { .p = p, .len = len, .err = err };
	int ret;

	np_route_init(&g.q);
	ret = parse(&g, a);
	*q = g.q; /* and all that it owns */
	return ret;
}

int prt_get(struct prt *p, struct np_args *a, struct np_err *err)
{
	struct get g = { .p = p, .err = err };
	struct answer an = { p, false, NULL };
	int ret;

	np_route_init(&g.q);
	ret = parse(&g, a);
	if (!ret && g.connected && !g.from)
		ret = ask_connected(&g);
	else if (!ret)
		ret = np_route_ask(p->nl, &g.q, print_answer, &an, sizeof(an), err);
	np_route_clean(&g.q);
	return ret;
}
