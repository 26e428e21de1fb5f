// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "lib/json_write.h"
#include "lib/out.h"
#include "lvsctl/rs.h"

enum rs_status rs_status_of(const struct rs_step *step, size_t n)
{
	enum rs_status is = RS_STARTED;

	for (size_t i = 0; i < n; i++) {
		if (step[i].kind == RS_ADDR && !step[i].ours)
			return RS_STOPPED;
		if (!step[i].pass)
			is = RS_PARTLY;
	}
	return is;
}

static const struct {
	const char *text, *json;
} states[] = {
	[RS_STARTED] = { "started", "started" },
	[RS_PARTLY] = { "partly started", "partly" },
	[RS_STOPPED] = { "not started", "stopped" },
};

static void fact(const struct rs_vip *vip, const struct rs_step *s, char *buf, size_t size)
{
	if (s->kind == RS_SYSCTL && s->pass)
		(void)snprintf(buf, size, "%s=%s", s->name, s->value);
	else if (s->kind == RS_SYSCTL && s->exists)
		(void)snprintf(buf, size, "%s=%s, must be %d", s->name, s->value, s->want);
	else if (s->kind == RS_SYSCTL)
		(void)snprintf(buf, size, "%s: there is none", s->name);
	else if (s->kind == RS_LINK && s->loud)
		(void)snprintf(buf, size, "%s tells its neighbours of its addresses", s->name);
	else if (s->kind == RS_LINK)
		(void)snprintf(buf, size, "%s is %s", s->name, s->exists ? s->value : "not there");
	else if (s->ours)
		(void)snprintf(buf, size, "%s on %s%s%s", s->name, vip->dev,
			       s->value[0] ? ", label " : "", s->value);
	else
		(void)snprintf(buf, size, "%s is not on %s%s%s", s->name, vip->dev,
			       s->exists ? ", but on " : "", s->exists ? s->value : "");
}

void rs_text(const struct np_out *out, const struct rs_vip *vip, const struct rs_state *s,
	     const struct rs_step *step, size_t n)
{
	bool known = rs_state_vip(s, vip);
	char line[256];

	fprintf(out->fp, "%s by %s on %s: %s\n", vip->text, vip->model == RS_TUN ? "TUN" : "DR",
		vip->dev, states[rs_status_of(step, n)].text);
	for (size_t i = 0; i < n; i++) {
		enum np_style style = step[i].pass ? NP_STYLE_GOOD : NP_STYLE_BAD;

		fact(vip, &step[i], line, sizeof(line));
		fprintf(out->fp, "  %s%-7s%s  %s\n", np_style_on(out, style),
			step[i].pass ? "ok" : "MISSING", np_style_off(out), line);
	}
	for (size_t i = 0; known && i < s->n_sysctls; i++)
		for (size_t k = 0; k < n; k++)
			if (!strcmp(step[k].name, s->sysctls[i].name))
				fprintf(out->fp, "  found    %s=%jd: the last stop puts it back\n",
					s->sysctls[i].name, (intmax_t)s->sysctls[i].found);
	if (!known && step[n - 1].ours)
		fprintf(out->fp, "  note     started by something else: stop leaves it alone\n");
}

static const char *const kinds[] = {
	[RS_LINK] = "link",
	[RS_SYSCTL] = "sysctl",
	[RS_ADDR] = "address",
};

static void put_value(struct np_json *j, const struct rs_step *step)
{
	if (step->kind == RS_SYSCTL)
		np_json_raw(j, "value", step->value);
	else
		np_json_str(j, "value", step->value);
}

void rs_json(struct np_json *j, const struct rs_vip *vip, const struct rs_state *s,
	     const struct rs_step *step, size_t n)
{
	np_json_open(j, NULL, '{');
	np_json_str(j, "vip", vip->text);
	np_json_str(j, "model", rs_model_name(vip->model));
	np_json_str(j, "dev", vip->dev);
	np_json_str(j, "state", states[rs_status_of(step, n)].json);
	np_json_bool(j, "by_lvsctl", rs_state_vip(s, vip) != NULL);
	np_json_open(j, "checks", '[');
	for (size_t i = 0; i < n; i++) {
		np_json_open(j, NULL, '{');
		np_json_str(j, "kind", kinds[step[i].kind]);
		np_json_str(j, "name", step[i].name);
		if (step[i].exists)
			put_value(j, &step[i]);
		if (step[i].kind == RS_SYSCTL)
			np_json_int(j, "wanted", step[i].want);
		for (size_t k = 0; k < s->n_sysctls; k++)
			if (!strcmp(s->sysctls[k].name, step[i].name))
				np_json_int(j, "found", s->sysctls[k].found);
		np_json_bool(j, "pass", step[i].pass);
		np_json_close(j, '}');
	}
	np_json_close(j, ']');
	np_json_close(j, '}');
}
