// SPDX-License-Identifier: GPL-2.0-or-later
/* A plan as people and programs read it. */
#include <errno.h>
#include <stdlib.h>

#include "lvsctl/apply.h"

enum kind { ADDED, EDITED, DELETED };

static const struct {
	const char *sign, *word;
	enum np_style style;
} kinds[] = {
	[ADDED] = { "+", "add", NP_STYLE_GOOD },
	[EDITED] = { "~", "edit", NP_STYLE_CHANGE },
	[DELETED] = { "-", "delete", NP_STYLE_BAD },
};

static enum kind kind_of(const struct lvs_change *c)
{
	switch (c->op) {
	case LVS_ADD_SVC:
	case LVS_ADD_DEST:
		return ADDED;
	case LVS_EDIT_SVC:
	case LVS_EDIT_DEST:
		return EDITED;
	default:
		return DELETED;
	}
}

/* The command that would bring back what an edit changes. */
static char *old_command(const struct lvs_change *c)
{
	struct lvs_change old = { .op = c->op, .svc = c->op == LVS_EDIT_SVC ? c->was : c->svc,
		.dest = c->dest_was };

	return lvs_change_command(&old);
}

/* What is different in the old command: from the option on whose words differ first. */
static const char *different(const char *old, const char *now)
{
	size_t at = 0;

	while (old[at] && old[at] == now[at])
		at++;
	while (at && !(old[at - 1] == ' ' && old[at] == '-'))
		at--;
	return old + at;
}

static int put_line(const struct np_out *out, const struct lvs_change *c, struct np_err *err)
{
	enum kind kind = kind_of(c);
	char *command = lvs_change_command(c), *old = kind == EDITED ? old_command(c) : NULL;
	int ret = command && (old || kind != EDITED) ? 0 : np_err_nomem(err);

	if (!ret && command) {
		fprintf(out->fp, "%s%s %s%s", np_style_on(out, kinds[kind].style), kinds[kind].sign,
			command, np_style_off(out));
		if (old)
			fprintf(out->fp, "  %s(was %s)%s", np_style_on(out, NP_STYLE_DIM),
				different(old, command), np_style_off(out));
		fputc('\n', out->fp);
	}
	free(command);
	free(old);
	return ret;
}

int lvs_plan_text(const struct np_out *out, const struct lvs_plan *plan, struct np_err *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < plan->n; i++)
		ret = put_line(out, &plan->changes[i], err);
	return ret;
}

static int put_object(struct np_json *j, const struct lvs_change *c, struct np_err *err)
{
	enum kind kind = kind_of(c);
	char *command = lvs_change_command(c), *old = kind == EDITED ? old_command(c) : NULL;
	int ret = command && (old || kind != EDITED) ? 0 : np_err_nomem(err);

	if (!ret) {
		np_json_open(j, NULL, '{');
		np_json_str(j, "change", kinds[kind].word);
		np_json_str(j, "object", c->op >= LVS_ADD_DEST ? "server" : "service");
		np_json_str(j, "command", command);
		if (old)
			np_json_str(j, "was", old);
		np_json_close(j, '}');
	}
	free(command);
	free(old);
	return ret;
}

int lvs_plan_json(struct np_json *j, const struct lvs_plan *plan, struct np_err *err)
{
	int ret = 0;

	np_json_open(j, NULL, '[');
	for (size_t i = 0; !ret && i < plan->n; i++)
		ret = put_object(j, &plan->changes[i], err);
	np_json_close(j, ']');
	np_json_end(j);
	return ret;
}
