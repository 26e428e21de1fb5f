// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/json_write.h"
#include "lib/out.h"
#include "lvsctl/check.h"
#include "lvsctl/forward.h"
#include "lvsctl/list.h"

static const struct {
	const char *text, *json;
	enum np_style style;
} severities[] = {
	[LVS_INFO] = { "info", "info", NP_STYLE_DIM },
	[LVS_WARNING] = { "warning", "warning", NP_STYLE_WARN },
	[LVS_ERROR] = { "ERROR", "error", NP_STYLE_BAD },
};

static const char *models(const struct lvs_svc *s, char buf[32])
{
	const char *model = s->n ? lvs_forward_model(&s->dests[0]) : NULL;

	*buf = '\0';
	for (size_t k = 0; k < s->n; k++)
		if (lvs_forward_model(&s->dests[k]) != model)
			return " by several models";
	if (s->n)
		snprintf(buf, 32, "%s%s", model ? " by " : " on this host", model ? model : "");
	return buf;
}

/* The command under its finding, at the right where the eye looks for it. */
static void finding(const struct np_out *out, const struct lvs_finding *f)
{
	fprintf(out->fp, "  %s%-7s%s  %s\n", np_style_on(out, severities[f->severity].style),
		severities[f->severity].text, np_style_off(out), f->says);
	if (f->remedy[0])
		fprintf(out->fp, "             %s%s%s%s\n", f->elsewhere ? "on it: " : "",
			np_style_on(out, NP_STYLE_BOLD), f->remedy, np_style_off(out));
}

static bool found_by(const struct lvs_findings *f, const struct lvs_check *c, size_t svc)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].check == c->name && f->list[i].svc == svc)
			return true;
	return false;
}

static void section(const struct np_out *out, const struct lvs_check *checks,
		    const struct lvs_findings *f, size_t svc)
{
	bool any = false;

	for (const struct lvs_check *c = checks; c->name; c++) {
		if (found_by(f, c, svc))
			continue;
		fprintf(out->fp, "%s%s%s%s", any ? ", " : "  ",
			any ? "" : np_style_on(out, NP_STYLE_GOOD),
			any ? "" : "ok       ", any ? "" : np_style_off(out));
		fprintf(out->fp, "%s", c->name);
		any = true;
	}
	if (any)
		fputc('\n', out->fp);
	for (int s = LVS_ERROR; s >= LVS_INFO; s--)
		for (size_t i = 0; i < f->n; i++)
			if (f->list[i].svc == svc && (int)f->list[i].severity == s)
				finding(out, &f->list[i]);
}

static size_t count(const struct lvs_findings *f, enum lvs_severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		n += f->list[i].severity == severity;
	return n;
}

void lvs_check_text(const struct np_out *out, const struct lvs_host *h,
		    const struct lvs_findings *f)
{
	size_t errors = count(f, LVS_ERROR), warnings = count(f, LVS_WARNING);
	char text[80], how[32];

	for (size_t i = 0; i < h->table.n; i++) {
		const struct lvs_svc *s = &h->table.svcs[i];

		fprintf(out->fp, "%s%s%s %s, %zu real server%s%s\n",
			np_style_on(out, NP_STYLE_BOLD), lvs_svc_text(&s->svc, text),
			np_style_off(out), s->svc.sched, s->n, s->n == 1 ? "" : "s",
			models(s, how));
		section(out, lvs_svc_checks, f, i);
	}
	fprintf(out->fp, "%sthis host%s\n", np_style_on(out, NP_STYLE_BOLD), np_style_off(out));
	section(out, lvs_host_checks, f, LVS_NO_SVC);
	fprintf(out->fp, "%zu error%s, %zu warning%s\n", errors, errors == 1 ? "" : "s", warnings,
		warnings == 1 ? "" : "s");
}

void lvs_check_json(struct np_json *j, const struct lvs_host *h, const struct lvs_findings *f)
{
	np_json_open(j, NULL, '[');
	for (size_t i = 0; i < f->n; i++) {
		const struct lvs_finding *x = &f->list[i];

		np_json_open(j, NULL, '{');
		np_json_str(j, "name", x->check);
		if (x->svc != LVS_NO_SVC) {
			np_json_open(j, "service", '{');
			lvs_json_svc_key(j, &h->table.svcs[x->svc].svc);
			np_json_close(j, '}');
		}
		np_json_str(j, "severity", severities[x->severity].json);
		np_json_str(j, "says", x->says);
		np_json_open(j, "remedy", '[');
		if (x->remedy[0])
			np_json_str(j, NULL, x->remedy);
		np_json_close(j, ']');
		if (x->remedy[0])
			np_json_str(j, "on", x->elsewhere ? "real_server" : "this_host");
		np_json_close(j, '}');
	}
	np_json_close(j, ']');
	np_json_end(j);
}
