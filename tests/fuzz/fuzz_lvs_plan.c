// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any text as a saved table: refused with a reason, or read; and then what is printed of
 * it is read again as the same table. Any line as one of /proc/net/ip_vs_conn.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lib/lvs_conn.h"
#include "lvsctl/plan_read.h"
#include "tests/fuzz/no_names.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int read_table(struct lvs_table *t, const void *text, size_t size)
{
	struct np_err err = NP_ERR_INIT;
	FILE *fp = fmemopen((void *)(uintptr_t)text, size, "r");
	int ret = lvs_plan_read(t, fp, "file", &err);

	fclose(fp);
	if (ret && !*err.text)
		abort();
	return ret;
}

/* The table as the commands that make it. */
static char *print_table(const struct lvs_table *t, size_t *size)
{
	const struct lvs_table nothing = { 0 };
	struct lvs_plan plan;
	char *text = NULL;
	FILE *fp = open_memstream(&text, size);

	if (lvs_plan_make(&plan, &nothing, t, NULL))
		abort();
	for (size_t i = 0; i < plan.n; i++) {
		char *command = lvs_change_command(&plan.changes[i]);

		fprintf(fp, "%s\n", command);
		free(command);
	}
	fclose(fp);
	lvs_plan_clean(&plan);
	return text;
}

static void round_trip(const struct lvs_table *t)
{
	struct lvs_table again;
	struct lvs_plan plan;
	size_t size;
	char *text = print_table(t, &size);

	if (size && read_table(&again, text, size))
		abort();
	if (size && (lvs_plan_make(&plan, t, &again, NULL) || plan.n))
		abort();
	if (size) {
		lvs_plan_clean(&plan);
		lvs_table_clean(&again);
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct np_lvs_conn conn;
	struct lvs_table t;
	char *line = malloc(size + 1);

	if (!line || !size) {
		free(line);
		return 0;
	}
	for (size_t i = 0; i < size; i++)
		line[i] = (char)data[i];
	line[size] = '\0';
	np_lvs_conn_parse(&conn, line);
	free(line);
	if (!read_table(&t, data, size))
		round_trip(&t);
	lvs_table_clean(&t);
	return 0;
}
