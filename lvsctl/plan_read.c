// SPDX-License-Identifier: GPL-2.0-or-later
/* A saved table: its lines, or its JSON, are the words that -R reads. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lvsctl/args.h"
#include "lvsctl/check.h"
#include "lvsctl/plan_read.h"

/* The service of a key: most often the last one. */
static struct lvs_svc *find_svc(struct lvs_table *t, const struct np_lvs_svc *key)
{
	for (size_t i = t->n; i-- > 0;)
		if (!lvs_svc_key(&t->svcs[i].svc, key))
			return &t->svcs[i];
	return NULL;
}

/* A real server of a line that is known. */
static int add_dest(struct lvs_svc *s, const struct np_lvs_dest *dest, size_t line,
		    struct np_err *err)
{
	int ret = lvs_svc_add_dest(s, dest, err);
	size_t *lines;

	if (ret || !line)
		return ret;
	lines = reallocarray(s->lines, s->cap, sizeof(*lines));
	if (!lines)
		return np_err_nomem(err);
	s->lines = lines;
	s->lines[s->n - 1] = line;
	return 0;
}

int lvs_plan_take(struct lvs_table *t, const struct lvs_request *r, struct np_err *err)
{
	struct lvs_svc *s;
	char text[80];

	if (r->cmd == LVS_CMD_ADD)
		return lvs_table_add_svc(t, &r->svc, err);
	if (r->cmd != LVS_CMD_ADD_DEST)
		return np_err_set(err, EINVAL, "--%s is no part of a table: --add-service and "
				  "--add-server are", lvs_cmd_name(r->cmd));
	s = find_svc(t, &r->svc);
	return s ? add_dest(s, &r->dest, t->line, err) :
		   np_err_set(err, ENOENT, "no line before this one adds the service %s",
			      lvs_svc_text(&r->svc, text));
}

static int read_line(struct lvs_table *t, char *line, struct np_err *err)
{
	struct lvs_request r;
	int ret;

	if (line[strspn(line, " \t\r\n")] == '#')
		return 0;
	ret = lvs_args_line(&r, "", line, err);
	if (ret > 0)
		return 0;
	return ret ? ret : lvs_plan_take(t, &r, err);
}

/* number: of the lines that are read already */
static int read_lines(struct lvs_table *t, FILE *fp, const char *name, size_t number,
		      struct np_err *err)
{
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	while (!ret && getline(&line, &size, fp) >= 0) {
		t->line = ++number;
		ret = read_line(t, line, err);
		if (ret)
			np_err_prefix(err, "%s:%zu", name, number);
	}
	free(line);
	return ret;
}

/* Skips white space. Returns the next character, which stays, or EOF. */
static int peek(FILE *fp, size_t *lines)
{
	int c;

	while ((c = getc(fp)) != EOF && isspace(c))
		*lines += c == '\n';
	return ungetc(c, fp);
}

int lvs_plan_read(struct lvs_table *t, FILE *fp, const char *name, struct np_err *err)
{
	size_t lines = 0;
	int ret;

	*t = (struct lvs_table){ 0 };
	if (peek(fp, &lines) == '{')
		ret = lvs_plan_read_json(t, fp, name, err);
	else
		ret = read_lines(t, fp, name, lines, err);
	if (!ret && ferror(fp))
		ret = np_err_set(err, EIO, "%s: cannot be read", name);
	if (ret && err)
		err->word = -1; /* it was one of the file's */
	return ret ? ret : lvs_table_check(t, name, err);
}
