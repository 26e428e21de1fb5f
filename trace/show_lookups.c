// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables that the kernel looked up for a packet, as text and as JSON. */
#include <linux/rtnetlink.h>

#include "trace/fmt.h"
#include "trace/looked.h"
#include "trace/show_json_explain.h"
#include "trace/show_text.h"

static const char *name_of(uint32_t table, char buf[FMT_NUM])
{
	switch (table) {
	case RT_TABLE_LOCAL:
		return "local";
	case RT_TABLE_MAIN:
		return "main";
	case RT_TABLE_DEFAULT:
		return "default";
	default:
		fmt_uint(buf, table);
		return buf;
	}
}

/* "local: no route, 100 → eth1" */
static void put_tables(struct text *t, const struct packet_looked *d)
{
	char buf[FMT_NUM];

	for (unsigned i = 0; i < d->n; i++) {
		const struct packet_table *table = &d->tables[i];

		text_put(t, i ? ", " : "");
		text_put(t, name_of(table->id, buf));
		if (table->result) {
			text_put(t, ": ");
			text_put(t, table->result);
		} else if (table->dev[0]) {
			text_glyph(t, " → ", " > ");
			text_put(t, table->dev);
		}
	}
}

void show_text_lookups(struct text *t, const struct packet *p, uint32_t step)
{
	const struct packet_looked *d = looked_before(p->lookups, step, false);
	const struct packet_looked *way_back = looked_before(p->lookups, step, true);
	bool lost = step == p->n_steps;

	if (d) {
		text_put(t, lost ? "    looked up: " : "     looked up: ");
		put_tables(t, d);
		text_end(t);
	}
	if (way_back) {
		text_put(t, "    looked up, the way back: ");
		put_tables(t, way_back);
		text_end(t);
	}
}

static void put_json(struct np_json *j, const char *name, const struct packet_looked *d)
{
	char buf[FMT_NUM];

	if (!d)
		return;
	np_json_open(j, name, '[');
	for (unsigned i = 0; i < d->n; i++) {
		const struct packet_table *table = &d->tables[i];

		np_json_open(j, NULL, '{');
		np_json_str(j, "table", name_of(table->id, buf));
		if (table->result)
			np_json_str(j, "result", table->result);
		else if (table->dev[0])
			np_json_str(j, "dev", table->dev);
		np_json_close(j, '}');
	}
	np_json_close(j, ']');
}

void show_json_lookups(struct np_json *j, const struct packet_lookups *x, uint32_t step)
{
	put_json(j, "lookups", looked_before(x, step, false));
	put_json(j, "way_back_lookups", looked_before(x, step, true));
}
