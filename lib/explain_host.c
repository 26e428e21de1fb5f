// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/explain.h"
#include "lib/fib_load.h"
#include "lib/grow.h"
#include "lib/rule_show.h"

/* "0:\tfrom all lookup local\n" is cut into "from all" and, from at on, "lookup local". */
static void cut(struct np_explain_rule *r, char *text, long at)
{
	size_t head = strcspn(text, "\t") + 1;

	text[strcspn(text, "\n")] = '\0';
	r->selector = text;
	r->action = "";
	if (at >= 0) {
		text[at] = '\0';
		r->action = text + at + 1;
	}
	memmove(text, text + head, strlen(text + head) + 1);
}

int np_explain_host_add_rule(struct np_explain_host *host, const struct np_rule *rule)
{
	long at = -1;
	struct np_rule_pen pen = { .names = host->names, .action = &at };
	struct np_explain_rule *rules, *r;
	char *text = NULL;
	size_t len;

	rules = np_grow(host->rules, host->n_rules, &host->cap_rules, 1, sizeof(*rules));
	if (!rules)
		return -ENOMEM;
	host->rules = rules;
	pen.fp = open_memstream(&text, &len);
	if (!pen.fp)
		return -ENOMEM;
	np_rule_text(&pen, rule);
	if (fclose(pen.fp)) {
		free(text);
		return -ENOMEM;
	}
	r = &host->rules[host->n_rules++];
	r->rule = *rule;
	cut(r, text, at);
	return 0;
}

static int keep_rule(void *arg, const struct np_rule *rule)
{
	return np_explain_host_add_rule(arg, rule);
}

static void forget_rules(void *arg)
{
	struct np_explain_host *host = arg;

	for (size_t i = 0; i < host->n_rules; i++)
		free(host->rules[i].selector);
	host->n_rules = 0;
}

int np_explain_host_load(struct np_explain_host *host, struct np_nl *nl,
			 const struct np_names *names, uint8_t family, struct np_err *err)
{
	const struct np_fib_rule_sink sink = { keep_rule, forget_rules, host };

	np_explain_host_clean(host);
	host->names = names;
	np_fib_init(&host->fib, family);
	return np_fib_load(&host->fib, nl, &sink, err);
}

void np_explain_host_clean(struct np_explain_host *host)
{
	forget_rules(host);
	free(host->rules);
	np_fib_clean(&host->fib);
	memset(host, 0, sizeof(*host));
}
