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

static void side(struct prt_line *l, const struct np_nat_mapping *m, const uint8_t addr[16],
		 bool color)
{
	char buf[NP_ADDR_STRLEN];

	put(l, prt_family_color(m->family), np_addr_text(m->family, addr, 16, buf), color);
	if (m->bits < np_family_bits(m->family)) {
		line_mem(l, "/", 1);
		line_uint(l, m->bits);
	}
}

static void words(struct prt_line *l, const struct np_nat_mapping *m, bool color)
{
	char name[NP_LINK_NAME_MAX];

	line_str(l, np_nat_kind_name(m->kind));
	line_mem(l, " ", 1);
	side(l, m, m->from, color);
	line_str(l, " to ");
	side(l, m, m->to, color);
	if (m->ifindex) {
		line_str(l, " dev ");
		put(l, PRT_COLOR_IFNAME, np_links_name(l->show->links, m->ifindex, name), color);
	}
	if (m->nptv6)
		line_str(l, " nptv6");
}

void nat_words(const struct prt_show *show, const struct np_nat_mapping *m, bool color)
{
	struct prt_line l;

	line_begin(&l, show);
	words(&l, m, color);
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

void nat_text(const struct prt_show *show, const struct np_nat_mapping *m, bool del)
{
	struct prt_line l;

	line_begin(&l, show);
	if (del)
		line_str(&l, "Deleted ");
	words(&l, m, true);
	if (show->details && m->id) {
		line_str(&l, " id ");
		line_uint(&l, m->id);
	}
	if (show->stats) {
		line_str(&l, show->sl);
		counter(&l, "    dst: ", &m->dst);
		counter(&l, "  src: ", &m->src);
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
