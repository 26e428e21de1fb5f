// SPDX-License-Identifier: GPL-2.0-or-later
#include "lvsctl/forward.h"

#include <linux/ip_vs.h>
#include <stddef.h>
#include <string.h>

static const struct row {
	uint32_t fwd;
	bool fullnat;
	const char *word, *name, *option, *model;
} rows[] = {
	{ IP_VS_CONN_F_MASQ, false, "masq", "Masq", "-m", "NAT" },
	{ IP_VS_CONN_F_MASQ, true, "fullnat", "FullNAT", "--fullnat", "FULLNAT" },
	{ IP_VS_CONN_F_TUNNEL, false, "tunnel", "Tunnel", "-i", "TUN" },
	{ IP_VS_CONN_F_DROUTE, false, "route", "Route", "-g", "DR" },
	/* These two the kernel chooses; what it was asked for is not known any more. */
	{ IP_VS_CONN_F_LOCALNODE, false, "local", "Local", NULL, NULL },
	{ IP_VS_CONN_F_BYPASS, false, "bypass", "Bypass", NULL, NULL },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct row *find(const struct np_lvs_dest *d)
{
	uint32_t fwd = d->fwd & IP_VS_CONN_F_FWD_MASK;
	bool fullnat = fwd == IP_VS_CONN_F_MASQ && d->fullnat != NP_LVS_FULLNAT_NONE;
	size_t i = 0;

	while (i < ROWS - 1 && (rows[i].fwd != fwd || rows[i].fullnat != fullnat))
		i++;
	return &rows[i];
}

const char *lvs_forward_word(const struct np_lvs_dest *d)
{
	return find(d)->word;
}

const char *lvs_forward_name(const struct np_lvs_dest *d)
{
	return find(d)->name;
}

const char *lvs_forward_model(const struct np_lvs_dest *d)
{
	return find(d)->model;
}

const char *lvs_forward_option(const struct np_lvs_dest *d)
{
	const char *option = find(d)->option;

	return option ? option : "-g";
}

const char *lvs_forward_option_of(const char *word)
{
	for (size_t i = 0; i < ROWS; i++)
		if (!strcmp(rows[i].word, word))
			return rows[i].option;
	return NULL;
}
