// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/walk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const char *const walk_table_words[TBL_OTHER + 1] = { "raw", "mangle", "nat", "filter",
	"security" };

static const char *table_name(int table)
{
	return table < TBL_OTHER ? walk_table_words[table] : "";
}

int walk_init(struct walk_map *map, struct np_intern *in)
{
	bool ok = true;

	memset(map, 0, sizeof(*map));
	for (int h = 0; h < HOOKS; h++) {
		const char *hook = np_hook_name((enum np_hook)h);

		map->static_nat[h] = (int8_t)np_table_order((enum np_hook)h, "static_nat");
		map->hooks[h] = np_intern(in, hook, strlen(hook));
		ok &= map->hooks[h] != NULL;
		for (int t = 0; t < TBL_COUNT; t++) {
			char name[64];
			int n = snprintf(name, sizeof(name), "%s:%s", table_name(t), hook);

			map->order[h][t] = -1;
			if (t < TBL_OTHER)
				map->order[h][t] = (int8_t)np_table_order((enum np_hook)h,
					table_name(t));
			if (map->order[h][t] < 0)
				continue;
			for (int o = map->order[h][t] + 1; o <= ORDER_END; o++)
				map->before[h][o] |= (uint8_t)TBL_BIT(t);
			map->names[h][t] = np_intern(in, name, (size_t)n);
			ok &= map->names[h][t] != NULL;
		}
	}
	for (int t = 0; t < TBL_COUNT; t++) {
		map->tables[t] = np_intern(in, table_name(t), strlen(table_name(t)));
		ok &= map->tables[t] != NULL;
	}
	map->lo = np_intern(in, "lo", 2);
	map->empty = np_intern(in, "", 0);
	return ok && map->lo && map->empty ? 0 : -ENOMEM;
}

struct place walk_place(const struct walk_map *map, const struct np_trace_event *ev)
{
	struct place at = { .hook = NP_HOOK_UNKNOWN, .table = TBL_OTHER, .order = -1 };

	for (uint8_t t = 0; t < TBL_OTHER; t++) {
		if (ev->table == map->tables[t]) {
			at.table = t;
			break;
		}
	}
	for (uint8_t h = NP_HOOK_PREROUTING; h < HOOKS; h++) {
		if (ev->chain == map->hooks[h]) {
			at.hook = h;
			at.order = map->order[h][at.table];
			if (at.table == TBL_OTHER && ev->table && !strcmp(ev->table, "static_nat"))
				at.order = map->static_nat[h];
			break;
		}
	}
	return at;
}

enum walk_table walk_next(const struct walk_map *map, uint8_t tables, enum np_hook hook,
	int order)
{
	enum walk_table best = TBL_COUNT;

	for (int t = 0; t < TBL_OTHER; t++) {
		if (!(tables & TBL_BIT(t)) || map->order[hook][t] <= order)
			continue;
		if (best == TBL_COUNT || map->order[hook][t] < map->order[hook][best])
			best = (enum walk_table)t;
	}
	return best;
}

/* Tables of the set whose order is more than `after` and less than `before`. */
static unsigned count(const struct walk_map *map, uint8_t tables, int hook, int after, int before)
{
	const uint8_t *sets = map->before[hook];

	return (unsigned)__builtin_popcount(tables & sets[before] & ~sets[after + 1]);
}

unsigned walk_between(const struct walk_map *map, uint8_t tables, struct place from,
	struct place to)
{
	unsigned n;

	if (from.order < 0 || to.order < 0)
		return 0;
	if (from.hook == to.hook && from.order <= to.order)
		return count(map, tables, from.hook, from.order, to.order);
	n = count(map, tables, from.hook, from.order, ORDER_END) +
		count(map, tables, to.hook, -1, to.order);
	if (from.hook == NP_HOOK_PREROUTING && to.hook == NP_HOOK_POSTROUTING)
		n += count(map, tables, NP_HOOK_FORWARD, -1, ORDER_END);
	if (from.hook == NP_HOOK_INPUT && to.hook == NP_HOOK_POSTROUTING)
		n += count(map, tables, NP_HOOK_OUTPUT, -1, ORDER_END);
	return n;
}

bool walk_can_follow(enum np_hook from, enum np_hook to)
{
#define TO(hook) (1u << NP_HOOK_##hook)
	static const uint8_t after[HOOKS] = {
		[NP_HOOK_UNKNOWN] = 0xff,
		[NP_HOOK_PREROUTING] = TO(INPUT) | TO(FORWARD) | TO(POSTROUTING),
		[NP_HOOK_INPUT] = TO(OUTPUT) | TO(POSTROUTING),
		[NP_HOOK_FORWARD] = TO(POSTROUTING),
		[NP_HOOK_OUTPUT] = TO(POSTROUTING),
	};
#undef TO

	return after[from] & 1u << to;
}
