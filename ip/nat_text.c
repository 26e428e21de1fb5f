// SPDX-License-Identifier: GPL-2.0-or-later
/* Mappings in the language in which they are added. */
#include <inttypes.h>

#include "ip/line.h"
#include "ip/nat.h"
#include "lib/addr.h"
#include "lib/nat_nl.h"

static void put(struct prt_line *l, enum prt_color color, const char *text, bool colored)
{
	colored &= l->show->color;
	if (colored)
		line_str(l, prt_color_on(l->show, color));
	line_str(l, text);
	if (colored)
		line_str(l, prt_color_off(l->show, color));
}

static void side(struct prt_line *l, const struct np_nat_map *map, const uint8_t addr[16],
		 bool color)
{
	char buf[NP_ADDR_STRLEN];

	put(l, prt_family_color(map->family), np_addr_text(map->family, addr, 16, buf), color);
	if (map->bits < np_family_bits(map->family)) {
		line_mem(l, "/", 1);
		line_uint(l, map->bits);
	}
}

static void words(struct prt_line *l, const struct np_nat_map *map, bool color)
{
	char name[NP_LINK_NAME_MAX];

	line_str(l, np_nat_kind_name(map->kind));
	line_mem(l, " ", 1);
	side(l, map, map->from, color);
	line_str(l, " to ");
	side(l, map, map->to, color);
	if (map->ifindex) {
		line_str(l, " dev ");
		put(l, PRT_COLOR_IFNAME, np_links_name(l->show->links, map->ifindex, name), color);
	}
	if (map->nptv6)
		line_str(l, " nptv6");
}

void nat_words(const struct prt_show *show, const struct np_nat_map *map, bool color)
{
	struct prt_line l;

	line_begin(&l, show);
	words(&l, map, color);
	line_end(&l);
}

static void counter(struct prt_line *l, const char *name, const struct np_nat_counter *c)
{
	line_str(l, name);
	line_uint(l, c->packets);
	line_str(l, " packets ");
	line_uint(l, c->bytes);
	line_str(l, " bytes");
}

void nat_text(const struct prt_show *show, const struct np_nat_map *map, bool del)
{
	struct prt_line l;

	line_begin(&l, show);
	if (del)
		line_str(&l, "Deleted ");
	words(&l, map, true);
	if (show->details && map->id) {
		line_str(&l, " id ");
		line_uint(&l, map->id);
	}
	if (show->stats) {
		line_str(&l, show->sl);
		counter(&l, "    dst: ", &map->dst);
		counter(&l, "  src: ", &map->src);
	}
	line_mem(&l, "\n", 1);
	line_end(&l);
}

static void figure(const struct prt_show *show, const char *name, uint64_t v)
{
	fprintf(show->fp, "%-12s %" PRIu64 "\n", name, v);
}

void nat_stats_text(const struct prt_show *show, const struct np_nat_stats *s)
{
	fprintf(show->fp, "%-12s %u of %u\n", "mappings", s->mappings, s->max_mappings);
	figure(show, "memory", s->memory);
	figure(show, "generation", s->generation);
	fprintf(show->fp, "%-12s %u of %u\n", "staged", s->staged, s->max_staged);
	figure(show, "translated", s->translated);
	figure(show, "icmp", s->icmp);
	figure(show, "dropped", s->dropped);
	figure(show, "unrouted", s->unrouted);
}
