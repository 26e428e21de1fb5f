/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LVSCTL_FULLNAT_PRIV_H
#define LVSCTL_FULLNAT_PRIV_H

/* What fullnat.c and fullnat_read.c share: the entries of the table's maps. */
#include <bsd/sys/tree.h>

#include "lvsctl/fullnat_table.h"

/* What the table's comment says: the fact has to be known when the last entry goes. */
#define FULLNAT_COMMENT "lvsctl"
#define FULLNAT_COMMENT_WAS_OFF "lvsctl; vs.conntrack was 0"

struct fullnat_entry {
	RB_ENTRY(fullnat_entry) node;
	unsigned map;
	struct np_nft_elem elem;
};

RB_HEAD(fullnat_entries, fullnat_entry);

int fullnat_compare(const struct fullnat_entry *a, const struct fullnat_entry *b);
RB_PROTOTYPE(fullnat_entries, fullnat_entry, node, fullnat_compare)

struct fullnat {
	const char *conntrack;
	struct np_nft *nft;       /* NULL: this kernel has no nf_tables */
	struct np_err why;        /* … and what it said */
	uint32_t generation;      /* of nf_tables, when entries were right */
	bool there;               /* the table is */
	bool was_off;
	struct fullnat_entries entries;
};

/* All entries again, as somebody else changed them. Returns 0 or -errno. */
int fullnat_reload(struct fullnat *f, struct np_err *err);
/* Nothing is there. */
void fullnat_forget(struct fullnat *f);
/* The kernel has this entry. Returns 0 or -ENOMEM. */
int fullnat_remember(struct fullnat *f, unsigned map, const struct np_nft_elem *elem);
struct fullnat_entry *fullnat_find(struct fullnat *f, const struct fullnat_dest *dest);

/* An errno of nf_tables is none of IPVS's, whose meaning the caller knows. Returns ret. */
int fullnat_told(struct np_err *err, int ret, const char *prefix);

#endif
