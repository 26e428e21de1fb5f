// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel's table has to offer where a service or a real server is to come. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lvsctl/apply.h"
#include "lvsctl/args.h"
#include "lvsctl/complete.h"
#include "lvsctl/hostnames.h"

/* What begins as the word does; names: none but numbers. */
struct offer {
	FILE *fp;
	const char *begin;
	struct lvs_names *names;
};

static void offer(const struct offer *of, const char *word)
{
	if (!strncmp(word, of->begin, strlen(of->begin)))
		fprintf(of->fp, "%s\n", word);
}

static void offer_svcs(const struct offer *of, const struct lvs_option *o,
		       const struct lvs_table *t)
{
	char word[LVS_ENDPOINT_MAX];

	for (size_t i = 0; i < t->n; i++) {
		const struct np_lvs_svc *svc = &t->svcs[i].svc;

		if (o->kind == LVS_K_FWMARK && svc->fwmark) {
			snprintf(word, sizeof(word), "%u", svc->fwmark);
			offer(of, word);
		} else if (o->kind == LVS_K_SERVICE && !svc->fwmark && svc->protocol == o->min) {
			offer(of, lvs_endpoint_text(of->names, svc->af, svc->addr, svc->port,
						    svc->protocol, word));
		}
	}
}

static void offer_dests(const struct offer *of, const struct lvs_svc *s)
{
	char word[LVS_ENDPOINT_MAX];

	for (size_t i = 0; i < s->n; i++)
		offer(of, lvs_endpoint_text(of->names, s->dests[i].af, s->dests[i].addr,
					    s->dests[i].port, s->svc.protocol, word));
}

/* The service that the words name; false: none. */
static bool find_service(int argc, char **argv, struct np_lvs_svc *svc)
{
	struct lvs_request r = { 0 };
	bool some = false;

	for (int i = 0; i + 1 < argc; i++) {
		const struct lvs_option *o = lvs_option_of(argv[i]);

		if (!o)
			continue;
		if (o->kind == LVS_K_SERVICE || o->kind == LVS_K_FWMARK)
			some = !lvs_value(&r, o, argv[i + 1], NULL);
		else if (o->kind == LVS_K_IPV6)
			lvs_value(&r, o, NULL, NULL);
	}
	*svc = r.svc;
	return some;
}

void lvs_complete_kernel(FILE *fp, const struct lvs_option *option, int argc, char **argv)
{
	struct offer of = { .fp = fp, .begin = argv[argc - 1] };
	struct lvs_table t = { 0 };
	struct lvs_svc s = { 0 };
	struct np_lvs v;

	/* A key that is pressed loads no module. */
	if (access("/proc/net/ip_vs", F_OK) || np_lvs_open(&v, NULL))
		return;
	of.names = lvs_names_new(true);
	if (of.names && option->kind != LVS_K_SERVER) {
		if (!lvs_table_fetch_svcs(&t, &v, NULL))
			offer_svcs(&of, option, &t);
	} else if (of.names && find_service(argc, argv, &s.svc)) {
		if (!lvs_svc_fetch_dests(&s, &v, NULL))
			offer_dests(&of, &s);
	}
	lvs_names_free(of.names);
	lvs_table_clean(&t);
	free(s.dests);
	np_lvs_close(&v);
}
