// SPDX-License-Identifier: GPL-2.0-or-later
/* A plan as people and programs read it. */
#include <errno.h>
#include <stdlib.h>

#include "lvsctl/apply.h"

static const struct {
	const char *sign, *word;
	enum np_style style;
} ops[] = {
	[NP_LVS_ADD] = { "+", "add", NP_STYLE_GOOD },
	[NP_LVS_EDIT] = { "~", "edit", NP_STYLE_CHANGE },
	[NP_LVS_DEL] = { "-", "delete", NP_STYLE_BAD },
};

/* The command that would bring back what an edit changes. */
static char *old_command(const struct lvs_change *c)
{
	struct lvs_change old = { .op = c->op, .svc = lvs_change_is_dest(c) ? c->svc : c->was,
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
	bool edit = c->op == NP_LVS_EDIT;
	char *command = lvs_change_command(c), *old = edit ? old_command(c) : NULL;
	int ret = command && (old || !edit) ? 0 : np_err_nomem(err);

	if (!ret && command) {
		fprintf(out->fp, "%s%s %s%s", np_style_on(out, ops[c->op].style), ops[c->op].sign,
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
	bool edit = c->op == NP_LVS_EDIT;
	char *command = lvs_change_command(c), *old = edit ? old_command(c) : NULL;
	int ret = command && (old || !edit) ? 0 : np_err_nomem(err);

	if (!ret) {
		np_json_open(j, NULL, '{');
		np_json_str(j, "change", ops[c->op].word);
		np_json_str(j, "object", lvs_change_is_dest(c) ? "server" : "service");
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
