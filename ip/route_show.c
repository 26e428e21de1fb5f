// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/route_show.h"

#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "lib/addr.h"

bool route_shows_type(const struct route_show *rs, const struct np_route *r)
{
	return r->type != RTN_UNICAST || rs->show->details;
}

bool route_shows_table(const struct route_show *rs, const struct np_route *r)
{
	return r->table && (r->table != RT_TABLE_MAIN || rs->show->details) &&
	       !(rs->hide & ROUTE_HIDE_TABLE);
}

bool route_shows_proto(const struct route_show *rs, const struct np_route *r)
{
	return !(r->flags & RTM_F_CLONED) && (r->protocol != RTPROT_BOOT || rs->show->details) &&
	       !(rs->hide & ROUTE_HIDE_PROTO);
}

bool route_shows_scope(const struct route_show *rs, const struct np_route *r)
{
	return !(r->flags & RTM_F_CLONED) &&
	       (r->scope != RT_SCOPE_UNIVERSE || rs->show->details) &&
	       !(rs->hide & ROUTE_HIDE_SCOPE);
}

bool route_shows_gateway(const struct route_show *rs, const struct np_route *r)
{
	return r->nh.set & NP_NH_GATEWAY &&
	       (!rs->via_bits || rs->via_bits != np_family_bits(r->family));
}

bool route_shows_prefsrc(const struct route_show *rs, const struct np_route *r)
{
	return r->set & NP_RT_PREFSRC &&
	       (!rs->prefsrc_bits || rs->prefsrc_bits != np_family_bits(r->family));
}

/* An address with its length, unless that is the whole address: then a host, maybe by name. */
static const char *prefix_words(const struct route_show *rs, const struct np_route *r,
				const uint8_t *addr, unsigned bits, char buf[ROUTE_DST_MAX])
{
	uint8_t family = (uint8_t)np_route_family(r);
	char text[NP_ADDR_STRLEN];
	size_t len;

	if (bits == np_family_bits(r->family))
		return np_names_host(rs->show->names, family, addr, 16, buf);
	len = strlen(np_addr_text(family, addr, 16, text));
	memcpy(buf, text, len);
	buf[len++] = '/';
	if (bits >= 100)
		buf[len++] = (char)('0' + bits / 100);
	if (bits >= 10)
		buf[len++] = (char)('0' + bits / 10 % 10);
	buf[len++] = (char)('0' + bits % 10);
	buf[len] = '\0';
	return buf;
}

const char *route_dst_words(const struct route_show *rs, const struct np_route *r,
			    char buf[ROUTE_DST_MAX])
{
	if (r->set & NP_RT_DST)
		return prefix_words(rs, r, r->dst, r->dst_bits, buf);
	if (!r->dst_bits)
		return "default";
	snprintf(buf, ROUTE_DST_MAX, "0/%d ", r->dst_bits); /* two blanks will follow, as ever */
	return buf;
}

const char *route_src_words(const struct route_show *rs, const struct np_route *r,
			    char buf[ROUTE_DST_MAX])
{
	if (r->set & NP_RT_SRC)
		return prefix_words(rs, r, r->src, r->src_bits, buf);
	snprintf(buf, ROUTE_DST_MAX, "0/%u", r->src_bits);
	return buf;
}

const char *route_realm_words(const struct prt_show *show, uint32_t realm,
			      char buf[NP_NAME_MAX])
{
	return np_names_text(show->names, NP_NAMES_REALM, realm, buf);
}

const char *route_hop_words(const struct prt_show *show, const struct np_hop *hop,
			    char buf[NP_NAME_MAX])
{
	return np_names_host(show->names, (uint8_t)hop->family, hop->b, hop->len, buf);
}

void route_print(const struct route_show *rs, const struct np_route *r)
{
	if (rs->show->json)
		route_json(rs, r);
	else
		route_text(rs, r);
}
