// SPDX-License-Identifier: GPL-2.0-or-later
/* Which netfilter marks are set on this host, as far as its rules tell. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/nft_ruleset.h"
#include "lvsctl/check.h"

#define SETS "mark set "

/* What iptables-legacy marks with is its own and cannot be read. */
static bool legacy(const char *path)
{
	FILE *fp = fopen(path, "re");
	char line[64];
	bool found = false;

	while (fp && !found && fgets(line, sizeof(line), fp))
		found = !strcmp(line, "mangle\n");
	if (fp)
		fclose(fp);
	return found;
}

/* -j MARK, -j CONNMARK: of iptables-nft, whose arguments nobody knows but itself. */
static bool opaque(const char *rule)
{
	const char *target = strstr(rule, "-j ");

	return target && strstr(target, "MARK");
}

/* A rule that sets a mark which the text does not tell: any may be set. */
static bool take_rule(struct lvs_marks *m, const char *rule)
{
	for (const char *at = rule; (at = strstr(at, SETS)); at++) {
		uint32_t v;
		int len = 0;

		if (at != rule && at - rule >= 3 && !strncmp(at - 3, "ct ", 3))
			continue;
		if (sscanf(at + strlen(SETS), "0x%" SCNx32 "%n", &v, &len) != 1 ||
		    strchr(" ", at[strlen(SETS) + (size_t)len]) == NULL)
			return false;
		m->list[m->n++] = v;
	}
	return !opaque(rule);
}

static bool take_rules(struct lvs_marks *m, const struct np_nft_ruleset *rs)
{
	size_t cap = 1;

	for (size_t i = 0; i < rs->n_rules; i++)
		cap += strlen(rs->rules[i].text) / strlen(SETS);
	m->list = calloc(cap, sizeof(*m->list));
	for (size_t i = 0; m->list && i < rs->n_rules; i++)
		if (!take_rule(m, rs->rules[i].text))
			return false;
	return m->list;
}

void lvs_marks_load(struct lvs_marks *m)
{
	struct np_nft_ruleset rs = { 0 };
	struct np_err ignored = NP_ERR_INIT;
	struct np_nft *nft;

	*m = (struct lvs_marks){ 0 };
	if (legacy("/proc/net/ip_tables_names") || legacy("/proc/net/ip6_tables_names") ||
	    np_nft_open(&nft, &ignored))
		return;
	m->known = !np_nft_ruleset_read(nft, &rs, &ignored) && take_rules(m, &rs);
	np_nft_ruleset_clean(&rs);
	np_nft_close(nft);
}
