// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "ip/nat.h"
#include "lib/addr.h"
#include "lib/nat_nl.h"

static void side(struct np_json *j, const char *key, const struct np_nat_mapping *m,
		 const uint8_t addr[16])
{
	char buf[NP_ADDR_STRLEN], text[NP_ADDR_STRLEN + 8];

	np_addr_text(m->family, addr, 16, buf);
	if (m->bits == np_family_bits(m->family)) {
		np_json_str(j, key, buf);
		return;
	}
	snprintf(text, sizeof(text), "%s/%u", buf, m->bits);
	np_json_str(j, key, text);
}

static void counter(struct np_json *j, const char *key, const struct np_nat_counter *c)
{
	np_json_open(j, key, '{');
	np_json_uint(j, "packets", c->packets);
	np_json_uint(j, "bytes", c->bytes);
	np_json_close(j, '}');
}

void nat_json(const struct prt_show *show, const struct np_nat_mapping *m, bool del)
{
	struct np_json *j = show->json;
	char name[NP_LINK_NAME_MAX];

	np_json_open(j, NULL, '{');
	if (del)
		np_json_bool(j, "deleted", true);
	if (m->id)
		np_json_uint(j, "id", m->id);
	np_json_str(j, "family", np_family_name(m->family));
	np_json_str(j, "kind", np_nat_kind_name(m->kind));
	side(j, "from", m, m->from);
	side(j, "to", m, m->to);
	if (m->ifindex)
		np_json_str(j, "dev", np_links_name(show->links, m->ifindex, name));
	if (m->nptv6)
		np_json_bool(j, "nptv6", true);
	if (show->stats) {
		np_json_open(j, "stats", '{');
		counter(j, "dst", &m->dst);
		counter(j, "src", &m->src);
		np_json_close(j, '}');
	}
	np_json_close(j, '}');
}

void nat_stats_json(const struct prt_show *show, const struct np_nat_stats *s)
{
	struct np_json *j = show->json;

	np_json_open(j, NULL, '{');
	np_json_uint(j, "mappings", s->mappings);
	np_json_uint(j, "max_mappings", s->max_mappings);
	np_json_uint(j, "memory", s->memory);
	np_json_uint(j, "generation", s->generation);
	np_json_uint(j, "staged", s->staged);
	np_json_uint(j, "max_staged", s->max_staged);
	np_json_uint(j, "translated", s->translated);
	np_json_uint(j, "icmp", s->icmp);
	np_json_uint(j, "dropped", s->dropped);
	np_json_uint(j, "unrouted", s->unrouted);
	np_json_close(j, '}');
}
