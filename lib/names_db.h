/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NAMES_DB_H
#define NP_NAMES_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/names.h"

/* One database of lib/names.h: an id may have several words, the one read last is shown. */
#define NP_NAMES_BUCKETS 256

struct np_name_entry {
	uint32_t id;
	uint32_t next; /* index + 1 of the next entry of the bucket, 0: none */
	char *name;
};

struct np_name_db {
	const char *file;   /* "rt_tables" */
	bool loaded;
	bool small;         /* ids end at 255 and a later word replaces the earlier */
	struct np_name_entry *entries;
	size_t n, cap;
	uint32_t head[NP_NAMES_BUCKETS];
};

/* Returns 0 or -ENOMEM. */
int np_name_db_add(struct np_name_db *db, uint32_t id, const char *name);
const char *np_name_db_find(const struct np_name_db *db, uint32_t id);
/* Reads the files of opts->dirs; what is wrong is told to opts->warn. */
void np_name_db_load(struct np_name_db *db, const struct np_names_opts *opts);
void np_name_db_clean(struct np_name_db *db);

#endif
