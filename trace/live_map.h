/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LIVE_MAP_H
#define PKTTRACE_LIVE_MAP_H

#include "lib/intern.h"
#include "lib/links.h"
#include "lib/nft_ruleset.h"
#include "lib/nft_trace.h"
#include "trace/gather.h"

#define LIVE_MAP_SETS 64 /* of links whose kind is remembered */
#define LIVE_MAP_WAYS 4

/* What the numbers in nf_tables' trace events mean: chains, rules, interfaces. */
struct live_map {
	struct np_nft_ruleset rs;
	struct np_links *links;
	struct np_intern *intern;
	const char *own;      /* our table: its chains are probes */
	const char *host;     /* interned */
	struct np_nl *nl;     /* opened when first needed */
	struct live_link {
		uint32_t index;
		bool vrf;
	} asked[LIVE_MAP_SETS][LIVE_MAP_WAYS]; /* it does not become a VRF, nor cease to be one */
};

/* Frees what it has opened itself. */
void live_map_clean(struct live_map *map);

/* The table of a monitor begins so: others' are no steps either. */
#define LIVE_TABLE "netpath_live_"
/* Its chains: the hook's name behind. */
#define LIVE_START "start_"
#define LIVE_WHOLE LIVE_START "whole_" /* where fragments are one packet */
#define LIVE_END "end_"

/*
 * Fills e but for its times. Returns 1; 0: the event is nobody's business; -ENOENT: the
 * chain or rule is not known, the rules have changed: with again true it is filled as
 * far as it goes; -ENOMEM.
 */
int live_map_event(struct live_map *map, const struct np_nft_trace *t, bool again,
	struct gather_event *e);

#endif
