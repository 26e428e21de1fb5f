// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ip/explain.h"
#include "ip/rule.h"
#include "lib/fib_load.h"

/* Where the words of the selectors end: `ip rule` puts the action behind them. */
static const char *const actions[] = {
	" lookup ", " goto ", " blackhole", " prohibit", " unreachable", " nop", " map-to ",
	" masquerade",
};

/* "0:\tfrom all lookup local\n" is cut into "from all" and "lookup local". */
static void cut(struct explain_rule *r, char *text)
{
	char *from = strchr(text, '\t'), *at = NULL;

	r->selector = text;
	r->action = "";
	if (from)
		memmove(text, from + 1, strlen(from));
	text[strcspn(text, "\n")] = '\0';
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]) && !at; i++)
		at = strstr(text, actions[i]);
	if (!at)
		return;
	*at = '\0';
	r->action = at + 1;
}

static int keep_rule(void *arg, const struct np_rule *rule)
{
	struct explain_host *host = arg;
	struct prt_show show = *host->show;
	char *text = NULL;
	size_t len;

	if (host->n_rules == host->cap_rules) {
		size_t cap = host->cap_rules ? host->cap_rules * 2 : 32;
		struct explain_rule *p = reallocarray(host->rules, cap, sizeof(*p));

		if (!p)
			return -ENOMEM;
		host->rules = p;
		host->cap_rules = cap;
	}
	show.json = NULL;
	show.color = false;
	show.oneline = false;
	show.details = 0;
	show.sl = "\n";
	show.fp = open_memstream(&text, &len);
	if (!show.fp)
		return -ENOMEM;
	rule_text(&show, rule, false);
	if (fclose(show.fp))
		return -ENOMEM;
	cut(&host->rules[host->n_rules++], text);
	return 0;
}

static void forget_rules(void *arg)
{
	struct explain_host *host = arg;

	for (size_t i = 0; i < host->n_rules; i++)
		free(host->rules[i].selector);
	host->n_rules = 0;
}

int explain_host_load(struct explain_host *host, const struct prt *p, uint8_t family,
		      struct np_err *err)
{
	const struct np_fib_rule_sink sink = { keep_rule, forget_rules, host };

	explain_host_clean(host);
	host->show = &p->show;
	np_fib_init(&host->fib, family);
	return np_fib_load(&host->fib, p->nl, &sink, err);
}

void explain_host_clean(struct explain_host *host)
{
	forget_rules(host);
	free(host->rules);
	np_fib_clean(&host->fib);
	memset(host, 0, sizeof(*host));
}
