/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_FULLNAT_TABLE_H
#define LVSCTL_FULLNAT_TABLE_H

#include "lib/nft.h"
#include "lvsctl/fullnat.h"

/*
 * The table of FULLNAT as nf_tables sees it:
 *
 * table inet netpath_fullnat {
 *	map port4 {
 *		type inet_proto . ipv4_addr . inet_service . ipv4_addr . inet_service : verdict
 *		elements = { tcp . VIP . PORT . RIP . RPORT : goto auto, … : goto snat_ADDRESS }
 *	}
 *	map host4 { … of services of port 0: tcp . VIP . RIP }
 *	map mark4 { … of fwmark services: MARK . RIP }
 *	(the same with 6)
 *	chain auto { masquerade }
 *	chain snat_ADDRESS { snat ip to ADDRESS }	one for each address in use
 *	chain post { type nat hook postrouting priority srcnat; one look into each map }
 * }
 */
extern const struct np_nft_table fullnat_table;

#define FULLNAT_CHAIN_AUTO "auto"

enum { FULLNAT_MAPS = 6 };
extern const struct np_nft_map fullnat_maps[FULLNAT_MAPS];

/* The map of a destination (an index), and its key in elem. */
unsigned fullnat_key(const struct fullnat_dest *dest, struct np_nft_elem *elem);
/* Does the key of a destination belong to dest's service? */
bool fullnat_same_service(const struct fullnat_dest *dest, unsigned map,
			  const struct np_nft_elem *elem);

/* The name of the chain that makes it so, and back. */
void fullnat_chain(uint8_t family, const struct fullnat_source *source,
		   char chain[NP_NFT_NAME_MAX]);
void fullnat_chain_source(const char *chain, struct fullnat_source *source);

/* Into a batch: all but the chains of addresses and the entries; one of those chains. */
void fullnat_put_table(struct np_nft *nft, const char *comment);
void fullnat_put_chain(struct np_nft *nft, uint8_t family, const struct fullnat_source *source,
		       const char *chain);

#endif
