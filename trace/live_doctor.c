// SPDX-License-Identifier: GPL-2.0-or-later
/* pkttrace doctor. */
#include <stdio.h>

#include "lib/json_write.h"
#include "trace/doctor.h"
#include "trace/live.h"
#include "trace/live_begin.h"

static void show_text(FILE *fp, const struct doctor_check *checks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct doctor_check *c = &checks[i];

		fprintf(fp, "%-8s %-16s %s\n", doctor_state_name(c->state), c->name, c->says);
		if (*c->remedy)
			fprintf(fp, "%-25s %s\n", "", c->remedy);
	}
}

static void show_json(FILE *fp, const struct doctor_check *checks, size_t n)
{
	struct np_json j;

	np_json_init(&j, fp, false);
	np_json_open(&j, NULL, '[');
	for (size_t i = 0; i < n; i++) {
		np_json_open(&j, NULL, '{');
		np_json_str(&j, "name", checks[i].name);
		np_json_str(&j, "state", doctor_state_name(checks[i].state));
		np_json_str(&j, "says", checks[i].says);
		np_json_open(&j, "remedy", '[');
		if (*checks[i].remedy)
			np_json_str(&j, NULL, checks[i].remedy);
		np_json_close(&j, ']');
		np_json_close(&j, '}');
	}
	np_json_close(&j, ']');
	np_json_end(&j);
}

int live_doctor(void *ctx, int argc, char **argv, int at, struct np_err *err)
{
	const struct live_grammar g = { .opts = live_plain_opts,
		.help = "what this host can show of its packets, and what the rest takes" };
	struct doctor_check checks[DOCTOR_CHECKS];
	struct live_request req;
	int ret = live_begin(&req, &g, "doctor", ctx, argc, argv, at, err);
	size_t n;

	if (ret)
		return ret < 0 ? ret : 0;
	n = doctor_ask(checks);
	if (req.format == SHOW_JSON)
		show_json(stdout, checks, n);
	else
		show_text(stdout, checks, n);
	return doctor_status(checks, n);
}
