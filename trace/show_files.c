// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/show_files.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/trace.h"
#include "trace/logfile.h"
#include "trace/logprefix.h"

#define LOOK_LINES 100 /* for one with a time */

struct dated {
	const char *name;
	char host[65];
	int64_t wall_us, uptime_us;
	bool known, has_uptime;
};

static bool is_regular(const char *name)
{
	struct stat st;

	return strcmp(name, "-") != 0 && !stat(name, &st) && S_ISREG(st.st_mode);
}

/* The time of the first line that has one. An uptime alone is none: a boot starts it again. */
static struct dated first_time(const char *name, int64_t now_us)
{
	struct dated d = { .name = name };
	struct logprefix_state st = { .rel_us = 0 };
	struct np_err err = NP_ERR_INIT;
	struct logprefix p = { .set = 0 };
	struct logfile *lf;
	const char *line;
	size_t len;

	if (!is_regular(name) || logfile_open(&lf, name, false, &err))
		return d;
	logclock_init(&st.clock, now_us);
	for (int i = 0; i < LOOK_LINES && logfile_next(lf, &line, &len, &err) == 1; i++) {
		/* "-- Journal begins at …" says what was kept, not what is here */
		if (len > 2 && !memcmp(line, "--", 2))
			continue;
		logprefix_parse(&st, line, len, &p);
		if (p.set & NP_TEV_WALL)
			break;
	}
	(void)snprintf(d.host, sizeof(d.host), "%.*s", (int)p.host_len, p.host_len ? p.host : "");
	logfile_close(lf);
	d.wall_us = p.wall_us;
	d.uptime_us = p.uptime_us;
	d.known = p.set & NP_TEV_WALL;
	d.has_uptime = p.set & NP_TEV_UPTIME;
	return d;
}

/* Of the same second of a syslog the uptime tells. */
static bool is_later(const struct dated *a, const struct dated *b)
{
	if (a->wall_us != b->wall_us)
		return a->wall_us > b->wall_us;
	return a->has_uptime && b->has_uptime && a->uptime_us > b->uptime_us;
}

/* Nothing but numbers, as "1", "2.gz" and "20261127". */
static bool is_rotation(const char *s)
{
	size_t len = strlen(s);

	if (len >= 3 && !strcmp(s + len - 3, ".gz"))
		len -= 3;
	return strspn(s, "0123456789.-_") >= len;
}

/* Parts of one log: hosts' clocks may differ, and their logs stay as they were given. */
static bool is_one_log(const struct dated *a, const struct dated *b)
{
	size_t same = 0;

	if (!a->known || !b->known)
		return false;
	if (*a->host && !strcmp(a->host, b->host))
		return true;
	while (a->name[same] && a->name[same] == b->name[same])
		same++;
	return is_rotation(a->name + same) && is_rotation(b->name + same);
}

void show_files_sort(const char **files, unsigned n, int64_t now_us)
{
	struct dated *d = n > 1 ? calloc(n, sizeof(*d)) : NULL;

	if (!d)
		return;
	for (unsigned i = 0; i < n; i++)
		d[i] = first_time(files[i], now_us);
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = i + 1; j < n; j++) {
			struct dated later = d[i];

			if (!is_one_log(&d[i], &d[j]) || !is_later(&d[i], &d[j]))
				continue;
			d[i] = d[j];
			d[j] = later;
		}
	}
	for (unsigned i = 0; i < n; i++)
		files[i] = d[i].name;
	free(d);
}
