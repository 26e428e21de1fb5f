// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/names_db.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/grow.h"

/* The entry whose word a later one replaces, if only by itself. */
static struct np_name_entry *replaced(const struct np_name_db *db, uint32_t id, const char *name)
{
	for (uint32_t i = db->head[id % NP_NAMES_BUCKETS]; i; i = db->entries[i - 1].next) {
		struct np_name_entry *e = &db->entries[i - 1];

		if (e->id == id && (db->small || (e->name && !strcmp(e->name, name))))
			return e;
	}
	return NULL;
}

static struct np_name_entry *appended(struct np_name_db *db, uint32_t id)
{
	uint32_t *head = &db->head[id % NP_NAMES_BUCKETS];
	struct np_name_entry *grown = np_grow(db->entries, db->n, &db->cap, 1, sizeof(*grown));

	if (!grown)
		return NULL;
	db->entries = grown;
	db->entries[db->n] = (struct np_name_entry){ .id = id, .next = *head };
	*head = (uint32_t)++db->n;
	return &db->entries[db->n - 1];
}

int np_name_db_add(struct np_name_db *db, uint32_t id, const char *name)
{
	struct np_name_entry *e = replaced(db, id, name);

	if (!e)
		e = appended(db, id);
	if (!e)
		return -ENOMEM;
	free(e->name);
	e->name = strdup(name);
	return e->name ? 0 : -ENOMEM;
}

const char *np_name_db_find(const struct np_name_db *db, uint32_t id)
{
	for (uint32_t i = db->head[id % NP_NAMES_BUCKETS]; i; i = db->entries[i - 1].next)
		if (db->entries[i - 1].id == id)
			return db->entries[i - 1].name;
	return NULL;
}

void np_name_db_clean(struct np_name_db *db)
{
	for (size_t i = 0; i < db->n; i++)
		free(db->entries[i].name);
	free(db->entries);
	*db = (struct np_name_db){ 0 };
}

static void warn(const struct np_names_opts *opts, const char *path, const char *line)
{
	char text[PATH_MAX + NP_NAME_MAX];

	if (!opts->warn)
		return;
	snprintf(text, sizeof(text), "%s is corrupted at \"%.*s\"", path,
		 (int)strcspn(line, "\n"), line);
	opts->warn(opts->arg, text);
}

/* A word and what stands before it. Returns whether there is one. */
static bool parse_name(const char *p, char name[NP_NAME_MAX])
{
	static const char blank[] = " \t\n\v\f\r";
	size_t len;

	p += strspn(p, blank);
	len = strcspn(p, blank);
	if (!len || len >= NP_NAME_MAX)
		return false;
	memcpy(name, p, len);
	name[len] = '\0';
	return true;
}

/*
 * "NUMBER NAME" in hex behind a small 0x, else in decimal; what follows is a remark. Files are
 * read as sscanf() of iproute2 reads them where a long has 64 bits: what is not whole in hex may
 * be decimal (0X5 is a 0 and the name X5), and of a number the last 32 bits count, with their
 * sign. Returns 1 with an entry, 0 for an empty line, -1 for what is neither.
 */
static int parse_line(const char *line, int32_t *id, char name[NP_NAME_MAX])
{
	const char *p = line + strspn(line, " \t");
	char *end;

	if (!*p || *p == '#' || *p == '\n')
		return 0;
	if (!strncmp(p, "0x", 2)) {
		*id = (int32_t)strtoull(p + 2, &end, 16);
		if (end != p + 2 && parse_name(end, name))
			return 1;
	}
	*id = (int32_t)strtoll(p, &end, 10);
	return end != p && parse_name(end, name) ? 1 : -1;
}

static void read_file(struct np_name_db *db, const char *path, const struct np_names_opts *opts)
{
	FILE *fp = fopen(path, "re");
	char line[NP_NAME_MAX], name[NP_NAME_MAX];
	int32_t id;

	if (!fp)
		return;
	while (fgets(line, sizeof(line), fp)) {
		int ret = parse_line(line, &id, name);

		if (ret < 0) {
			warn(opts, path, line);
			break;
		}
		if (!ret || id < 0 || (db->small && id > 255))
			continue;
		if (np_name_db_add(db, (uint32_t)id, name))
			break;
	}
	fclose(fp);
}

static int is_conf(const struct dirent *de)
{
	size_t len = strlen(de->d_name);

	return de->d_name[0] != '.' && len > 5 && !strcmp(de->d_name + len - 5, ".conf");
}

/* A file of the same name in a folder before this one masks it. */
static bool masked(const char *const *dirs, size_t at, const char *file, const char *name)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < at; i++) {
		snprintf(path, sizeof(path), "%s/%s.d/%s", dirs[i], file, name);
		if (!access(path, F_OK))
			return true;
	}
	return false;
}

static void read_folder(struct np_name_db *db, size_t at, const struct np_names_opts *opts)
{
	struct dirent **list = NULL;
	char path[PATH_MAX];
	int n;

	snprintf(path, sizeof(path), "%s/%s.d", opts->dirs[at], db->file);
	n = scandir(path, &list, is_conf, alphasort);
	for (int i = 0; i < n; i++) {
		if (!masked(opts->dirs, at, db->file, list[i]->d_name)) {
			snprintf(path, sizeof(path), "%s/%s.d/%s", opts->dirs[at], db->file,
				 list[i]->d_name);
			read_file(db, path, opts);
		}
		free(list[i]);
	}
	free(list);
}

void np_name_db_load(struct np_name_db *db, const struct np_names_opts *opts)
{
	char path[PATH_MAX];
	size_t n = 0;

	db->loaded = true;
	while (opts->dirs[n])
		n++;
	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", opts->dirs[i], db->file);
		if (access(path, F_OK))
			continue;
		read_file(db, path, opts);
		break;
	}
	/* The first folder has the last word. */
	while (n)
		read_folder(db, --n, opts);
}
