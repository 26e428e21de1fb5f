// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/nat.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/cli.h"

const struct np_nat_word np_nat_words[] = {
	{ "dst", NP_NAT_KEY_DST, "", "destinations are rewritten, and sources on the way back" },
	{ "src", NP_NAT_KEY_SRC, "", "sources are rewritten, and destinations on the way back" },
	{ "from", NP_NAT_KEY_FROM, "PREFIX", "what is rewritten (the word may be left out)" },
	{ "to", NP_NAT_KEY_TO, "PREFIX", "what it becomes; its length is that of FROM" },
	{ "dev", NP_NAT_KEY_DEV, "DEV", "traffic of this interface alone" },
	{ "nptv6", NP_NAT_KEY_NPTV6, "", "IPv6 by RFC 6296: checksums stay as they are" },
	{ 0 }
};

static void add_side(struct np_line *l, const struct np_nat_mapping *m, const uint8_t side[16])
{
	char addr[NP_ADDR_STRLEN];

	np_line_add(l, "%s", np_addr_text(m->family, side, 16, addr));
	if (m->bits < np_family_bits(m->family))
		np_line_add(l, "/%u", m->bits);
}

void np_nat_add_text(struct np_line *l, const struct np_nat_mapping *m, const char *dev)
{
	np_line_add(l, "%s ", np_nat_kind_name(m->kind));
	add_side(l, m, m->from);
	np_line_add(l, " to ");
	add_side(l, m, m->to);
	if (m->ifindex)
		np_line_add(l, " dev %s", dev);
	np_line_add(l, "%s", m->nptv6 ? " nptv6" : "");
}

const struct np_nat_word *np_nat_word_find(const char *word)
{
	for (const struct np_nat_word *w = np_nat_words; w->word; w++)
		if (np_abbrev(word, w->word))
			return w;
	return NULL;
}

const char *np_nat_kind_name(uint8_t kind)
{
	return kind == NP_NAT_KIND_SRC ? "src" : "dst";
}

/* No bit is set behind the first bits. */
static bool ends(const uint8_t b[16], unsigned bits)
{
	unsigned at = bits / 8;

	if (bits % 8 && (uint8_t)(b[at++] << bits % 8))
		return false;
	for (; at < 16; at++)
		if (b[at])
			return false;
	return true;
}

int np_nat_check(const struct np_nat_mapping *m, struct np_err *err)
{
	static const uint8_t zero[16];

	if (!m->bits || m->bits > np_family_bits(m->family))
		return np_err_set(err, EINVAL, "a mapping has a length from 1 to %u, not %u",
				  np_family_bits(m->family), m->bits);
	if (!memcmp(m->from, zero, 16) || !memcmp(m->to, zero, 16))
		return np_err_set(err, EINVAL, "the address zero cannot be mapped");
	if (!ends(m->from, m->bits) || !ends(m->to, m->bits))
		return np_err_set(err, EINVAL, "there are bits behind the /%u of the prefix",
				  m->bits);
	if (!memcmp(m->from, m->to, 16))
		return np_err_set(err, EINVAL, "both sides of the mapping are the same");
	if (m->nptv6 && m->family != AF_INET6)
		return np_err_set(err, EINVAL, "\"nptv6\" is for IPv6 alone");
	return 0;
}

/* Without its own addresses a host is broken; a group is not one to exchange with one. */
int np_nat_check_new(const struct np_nat_mapping *m, struct np_err *err)
{
	static const struct {
		uint8_t family, bits, b[16];
		const char *what;
	} rows[] = {
		{ AF_INET, 8, { 127 }, "loopback addresses (127.0.0.0/8)" },
		{ AF_INET, 4, { 224 }, "multicast addresses (224.0.0.0/4)" },
		{ AF_INET6, 128, { [15] = 1 }, "the loopback address ::1" },
		{ AF_INET6, 8, { 0xff }, "multicast addresses (ff00::/8)" },
	};
	int ret = np_nat_check(m, err);

	for (size_t i = 0; !ret && i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned bits = rows[i].bits < m->bits ? rows[i].bits : m->bits;

		if (m->family == rows[i].family && (np_bits_equal(m->from, rows[i].b, bits) ||
						    np_bits_equal(m->to, rows[i].b, bits)))
			ret = np_err_set(err, EINVAL, "%s cannot be mapped", rows[i].what);
	}
	return ret;
}

static const uint8_t *looked_up(const struct np_nat_mapping *m, enum np_nat_kind where)
{
	return m->kind == where ? m->from : m->to;
}

bool np_nat_clash(const struct np_nat_mapping *a, const struct np_nat_mapping *b)
{
	if (a->family != b->family || a->bits != b->bits || a->ifindex != b->ifindex)
		return false;
	return !memcmp(looked_up(a, NP_NAT_KIND_DST), looked_up(b, NP_NAT_KIND_DST), 16) ||
	       !memcmp(looked_up(a, NP_NAT_KIND_SRC), looked_up(b, NP_NAT_KIND_SRC), 16);
}

struct np_nat_mapping np_nat_turned(const struct np_nat_mapping *m)
{
	struct np_nat_mapping t = *m;

	t.kind = m->kind == NP_NAT_KIND_DST ? NP_NAT_KIND_SRC : NP_NAT_KIND_DST;
	memcpy(t.from, m->to, 16);
	memcpy(t.to, m->from, 16);
	return t;
}

bool np_nat_fits_dst(const struct np_nat_mapping *m, uint8_t family, const uint8_t dst[16],
		     uint32_t iif)
{
	return m->family == family && (!m->ifindex || m->ifindex == iif) &&
	       np_bits_equal(looked_up(m, NP_NAT_KIND_DST), dst, m->bits);
}

bool np_nat_becomes(const struct np_nat_mapping *m, const uint8_t dst[16], uint8_t becomes[16])
{
	const uint8_t *to = looked_up(m, NP_NAT_KIND_SRC);

	np_bits_cut(becomes, dst, m->bits);
	for (unsigned i = 0; i < 16; i++)
		becomes[i] = to[i] | (dst[i] ^ becomes[i]);
	return !m->nptv6;
}

/* The prefix and the mapping's side have addresses in common. */
static bool overlaps(const struct np_addr *want, const struct np_nat_mapping *m,
		     const uint8_t side[16])
{
	if (!want->len) /* "all" */
		return true;
	return want->family == m->family &&
	       np_bits_equal(want->b, side, want->bits < m->bits ? want->bits : m->bits);
}

bool np_nat_match(const struct np_nat_filter *f, const struct np_nat_mapping *m)
{
	if (f->family != AF_UNSPEC && f->family != m->family)
		return false;
	if ((f->set & 1u << NP_NAT_KEY_DST && m->kind != NP_NAT_KIND_DST) ||
	    (f->set & 1u << NP_NAT_KEY_SRC && m->kind != NP_NAT_KIND_SRC) ||
	    (f->set & 1u << NP_NAT_KEY_NPTV6 && !m->nptv6) ||
	    (f->set & 1u << NP_NAT_KEY_DEV && m->ifindex != f->ifindex) ||
	    (f->set & 1u << NP_NAT_KEY_FROM && !overlaps(&f->from, m, m->from)) ||
	    (f->set & 1u << NP_NAT_KEY_TO && !overlaps(&f->to, m, m->to)))
		return false;
	return !f->has_addr || overlaps(&f->addr, m, m->from) ||
	       overlaps(&f->addr, m, m->to);
}
