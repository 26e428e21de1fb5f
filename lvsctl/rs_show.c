// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "lib/json_write.h"
#include "lib/out.h"
#include "lvsctl/rs.h"

enum rs_is rs_verdict(const struct rs_step *step, size_t n)
{
	enum rs_is is = RS_IN_PLACE;

	for (size_t i = 0; i < n; i++) {
		if (step[i].what == RS_ADDR && !step[i].ours)
			return RS_NOT;
		if (!step[i].good)
			is = RS_PARTLY;
	}
	return is;
}

static const char *const words[] = {
	[RS_IN_PLACE] = "in place",
	[RS_PARTLY] = "not wholly in place",
	[RS_NOT] = "not started",
};

static void fact(const struct rs_vip *vip, const struct rs_step *s, char *buf, size_t size)
{
	if (s->what == RS_SYSCTL && s->good)
		(void)snprintf(buf, size, "%s=%s", s->name, s->found);
	else if (s->what == RS_SYSCTL && s->exists)
		(void)snprintf(buf, size, "%s=%s, must be %d", s->name, s->found, s->want);
	else if (s->what == RS_SYSCTL)
		(void)snprintf(buf, size, "%s: there is none", s->name);
	else if (s->what == RS_LINK)
		(void)snprintf(buf, size, "%s is %s", s->name, s->exists ? s->found : "not there");
	else if (s->ours)
		(void)snprintf(buf, size, "%s on %s%s%s", s->name, vip->dev,
			       s->found[0] ? ", label " : "", s->found);
	else
		(void)snprintf(buf, size, "%s is not on %s%s%s", s->name, vip->dev,
			       s->exists ? ", but on " : "", s->exists ? s->found : "");
}

void rs_text(const struct np_out *out, const struct rs_vip *vip, const struct rs_state *s,
	     const struct rs_step *step, size_t n)
{
	bool known = rs_state_vip(s, vip);
	char line[256];

	fprintf(out->fp, "%s by %s on %s: %s\n", vip->text, vip->mode == RS_TUN ? "TUN" : "DR",
		vip->dev, words[rs_verdict(step, n)]);
	for (size_t i = 0; i < n; i++) {
		enum np_style style = step[i].good ? NP_STYLE_GOOD : NP_STYLE_BAD;

		fact(vip, &step[i], line, sizeof(line));
		fprintf(out->fp, "  %s%-7s%s  %s\n", np_style_on(out, style),
			step[i].good ? "ok" : "MISSING", np_style_off(out), line);
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

void rs_json(struct np_json *j, const struct rs_vip *vip, const struct rs_state *s,
	     const struct rs_step *step, size_t n)
{
	static const char *const states[] = {
		[RS_IN_PLACE] = "started", [RS_PARTLY] = "partly", [RS_NOT] = "stopped",
	};

	np_json_open(j, NULL, '{');
	np_json_str(j, "vip", vip->text);
	np_json_str(j, "mode", rs_mode_name(vip->mode));
	np_json_str(j, "dev", vip->dev);
	np_json_str(j, "state", states[rs_verdict(step, n)]);
	np_json_bool(j, "by_lvsctl", rs_state_vip(s, vip) != NULL);
	np_json_open(j, "items", '[');
	for (size_t i = 0; i < n; i++) {
		np_json_open(j, NULL, '{');
		np_json_str(j, "what", kinds[step[i].what]);
		np_json_str(j, "name", step[i].name);
		if (step[i].exists)
			np_json_str(j, "found", step[i].found);
		if (step[i].what == RS_SYSCTL)
			np_json_int(j, "wanted", step[i].want);
		for (size_t k = 0; k < s->n_sysctls; k++)
			if (!strcmp(s->sysctls[k].name, step[i].name))
				np_json_int(j, "before", s->sysctls[k].found);
		np_json_bool(j, "ok", step[i].good);
		np_json_close(j, '}');
	}
	np_json_close(j, ']');
	np_json_close(j, '}');
}
