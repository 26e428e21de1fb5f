// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as a snapshot: read or refused with a reason. What was read answers
 * questions, and is written so that it is read again as the same.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *write_it(const struct np_snapshot *s, size_t *len)
{
	char *text = NULL;
	FILE *fp = open_memstream(&text, len);

	if (!fp)
		abort();
	np_snapshot_write(s, fp, false);
	if (fclose(fp))
		abort();
	return text;
}

static void ask(const struct np_snapshot *s, unsigned family, const struct np_flow *flow)
{
	const struct np_explain_host *host = &s->hosts[family];
	struct np_explain_remedy r[NP_EXPLAIN_REMEDIES];
	struct np_line l = { .n = 0 };
	struct np_fib_decision d;
	struct np_explanation x = { .host = host, .flow = flow, .d = &d };

	np_fib_decision_init(&d);
	if (np_fib_decide(&host->fib, flow, 0, &d))
		abort();
	np_explain_cause(&x, &l);
	for (size_t i = 0; d.looked && i < d.walk.n; i++)
		np_explain_step(&x, &d.walk.steps[i], &l);
	for (size_t i = 0; i < d.n_checks; i++)
		if (d.checks[i].has_value)
			np_explain_sysctl(&x, &d.checks[i], &l);
	if (d.looked_back)
		np_explain_way_back(&x, &l);
	np_explain_remedies(&x, r);
	np_fib_decision_clean(&d);
}

static void ask_all(const struct np_snapshot *s)
{
	static const struct np_flow flows[] = {
		{ .dst = { 10, 0, 1, 12 } },
		{ .dst = { 10, 0, 1, 12 }, .src = { 192, 168, 235, 13 }, .set = NP_FLOW_SRC,
		  .iif = 2 },
		{ .dst = { 50, 0, 0, 1 }, .mark = 3, .tos = 0x10, .oif = 3 },
		{ .dst = { 224, 0, 0, 1 }, .iif = 3, .ipproto = 6, .dport = 80 },
		{ .dst = { 0xff, 2, [15] = 1 }, .oif = 1 },
		{ .dst = { 0x20, 1, 0xd, 0xb8 }, .iif = 2 },
	};

	for (unsigned family = 0; family < 2; family++)
		for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++)
			ask(s, family, &flows[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct np_err err = NP_ERR_INIT;
	struct np_snapshot s, back;
	char *text, *again;
	size_t len, again_len;

	if (np_snapshot_parse(&s, (const char *)data, size, false, &err)) {
		if (!err.text[0] || !err.code)
			abort();
		np_snapshot_clean(&s);
		return 0;
	}
	ask_all(&s);
	text = write_it(&s, &len);
	if (np_snapshot_parse(&back, text, len, false, &err))
		abort();
	again = write_it(&back, &again_len);
	if (len != again_len || memcmp(text, again, len))
		abort();
	free(text);
	free(again);
	np_snapshot_clean(&s);
	np_snapshot_clean(&back);
	return 0;
}
