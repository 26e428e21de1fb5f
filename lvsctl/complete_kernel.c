// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel's table has to offer where a service or a real server is to come. */
#include <string.h>
#include <unistd.h>

#include "lvsctl/args.h"
#include "lvsctl/complete.h"
#include "lvsctl/hostnames.h"

struct offer {
	FILE *fp;
	const char *begin;
	const struct lvs_option *option;
	struct lvs_names *names; /* none but numbers */
	uint8_t protocol;
};

static void print(const struct offer *of, const char *word)
{
	if (!strncmp(word, of->begin, strlen(of->begin)))
		fprintf(of->fp, "%s\n", word);
}

static int offer_svc(const struct np_lvs_svc *svc, void *arg)
{
	const struct offer *of = arg;
	char word[LVS_ENDPOINT_MAX];

	if (of->option->kind == LVS_K_FWMARK && svc->fwmark) {
		snprintf(word, sizeof(word), "%u", svc->fwmark);
		print(of, word);
	} else if (of->option->kind == LVS_K_SERVICE && !svc->fwmark &&
		   svc->protocol == of->option->min) {
		print(of, lvs_endpoint_text(of->names, svc->af, svc->addr, svc->port,
					    svc->protocol, word));
	}
	return 0;
}

static int offer_dest(const struct np_lvs_dest *dest, void *arg)
{
	const struct offer *of = arg;
	char word[LVS_ENDPOINT_MAX];

	print(of, lvs_endpoint_text(of->names, dest->af, dest->addr, dest->port, of->protocol,
				    word));
	return 0;
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
	struct offer of = { .fp = fp, .begin = argv[argc - 1], .option = option };
	struct np_lvs_svc svc;
	struct np_lvs v;

	/* A key that is pressed loads no module. */
	if (access("/proc/net/ip_vs", F_OK) || np_lvs_open(&v, NULL))
		return;
	of.names = lvs_names_new(true);
	if (of.names && option->kind != LVS_K_SERVER) {
		np_lvs_svcs(&v, offer_svc, &of, NULL);
	} else if (of.names && find_service(argc, argv, &svc)) {
		of.protocol = svc.protocol;
		np_lvs_dests(&v, &svc, offer_dest, &of, NULL);
	}
	lvs_names_free(of.names);
	np_lvs_close(&v);
}
