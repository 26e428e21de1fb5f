/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NFT_H
#define NP_NFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * nf_tables objects of our own: each lives in a table that is ours alone, and a batch
 * changes one table, all of it or nothing (nft(8); include/uapi/linux/netfilter/nf_tables.h,
 * whose constants are the numbers here). What we write can be listed by nft and read
 * by it again.
 */
struct np_nft;

struct np_nft_table {
	uint8_t family; /* NFPROTO_INET, … */
	const char *name;
};

/* Returns 0 or -errno. The socket is what owns an NFT_TABLE_F_OWNER table. */
int np_nft_open(struct np_nft **nft, struct np_err *err);
void np_nft_close(struct np_nft *nft);

/*
 * The generation of all that nf_tables holds: it changes with every commit of anyone.
 * *generation is never 0. Returns 0 or -errno (no nf_tables in this kernel).
 */
int np_nft_generation(struct np_nft *nft, uint32_t *generation, struct np_err *err);

/*
 * A batch: begin, then changes, then commit. Changes cannot fail: what goes wrong with
 * one is told by commit. generation: the batch is refused with -ERESTART when
 * anyone has changed anything since; 0: never mind. Strings and data must live until
 * the call that takes them returns.
 */
void np_nft_begin(struct np_nft *nft, const struct np_nft_table *table, uint32_t generation);
/* Returns 0, or -errno: nothing of the batch was done. */
int np_nft_commit(struct np_nft *nft, struct np_err *err);

/* Tables, chains and sets that exist already are left as they are. comment may be NULL. */
void np_nft_add_table(struct np_nft *nft, uint32_t flags, const char *comment);
void np_nft_del_table(struct np_nft *nft); /* with everything in it */
/* The batch is refused with -EBUSY when something is left in it (NLM_F_NONREC). */
void np_nft_del_empty_table(struct np_nft *nft);

struct np_nft_chain {
	const char *name;
	const char *type; /* "filter", "nat", "route"; NULL: no base chain, the rest is 0 */
	uint32_t hook;    /* NF_INET_… */
	int32_t priority; /* NF_IP_PRI_… */
};
void np_nft_add_chain(struct np_nft *nft, const struct np_nft_chain *chain);
void np_nft_del_chain(struct np_nft *nft, const char *name);
/* As np_nft_del_empty_table(): rules left in it, or that lead to it, are -EBUSY. */
void np_nft_del_empty_chain(struct np_nft *nft, const char *name);

/* A step of a rule; which fields count is said at each. */
enum np_nft_op {
	NP_NFT_META,      /* reg = meta key */
	NP_NFT_META_SET,  /* meta key = reg */
	NP_NFT_CT,        /* reg = ct key, of direction arg (IP_CT_DIR_…) */
	NP_NFT_PAYLOAD,   /* reg = len bytes at offset arg of header key (NFT_PAYLOAD_…) */
	NP_NFT_CMP,       /* goes on if reg compares (key: NFT_CMP_…) with data */
	NP_NFT_IMMEDIATE, /* reg = data */
	NP_NFT_VMAP,      /* the verdict of reg in map name */
	NP_NFT_VERDICT,   /* verdict key (NF_…, NFT_GOTO, …), to chain name */
	NP_NFT_NAT,       /* nat key (NFT_NAT_SNAT, …) to the address of family arg in reg */
	NP_NFT_MASQUERADE,
	NP_NFT_COUNTER,
	NP_NFT_BITWISE,   /* reg = reg & data */
	NP_NFT_RANGE,     /* goes on if reg is (key: NFT_RANGE_…) between data and data2 */
	NP_NFT_SOCKET,    /* reg = key (NFT_SOCKET_…) of the packet's socket; arg: cgroup level */
	NP_NFT_LIMIT,     /* goes on up to key times in arg seconds, len (a burst) at once */
};

struct np_nft_expr {
	enum np_nft_op op;
	uint32_t key, reg, arg, len; /* len: of data, too */
	const void *data, *data2;    /* in network byte order, as far as it goes on the wire */
	const char *name;
};

/* A rule at the end of a chain; comment may be NULL. */
void np_nft_add_rule(struct np_nft *nft, const char *chain, const struct np_nft_expr *exprs,
		     size_t n, const char *comment);
void np_nft_del_rules(struct np_nft *nft, const char *chain, uint64_t handle); /* 0: all of it */

/*
 * Types of set keys as nft(8) numbers them: only nft reads them. A concatenation is
 * NP_NFT_TYPES() of its fields, each of which fills whole 32-bit words of the key.
 */
enum np_nft_type {
	NP_NFT_TYPE_IPV4 = 7,
	NP_NFT_TYPE_IPV6 = 8,
	NP_NFT_TYPE_PROTO = 12,
	NP_NFT_TYPE_PORT = 13,
	NP_NFT_TYPE_MARK = 19, /* in host byte order */
};
#define NP_NFT_TYPE_BITS 6

#define NP_NFT_KEY_MAX 64
#define NP_NFT_NAME_MAX 64

/* A map from a key to a verdict. */
struct np_nft_map {
	const char *name;
	uint32_t type; /* np_nft_type, those of a concatenation shifted together */
	uint32_t len;  /* bytes of the key, at most NP_NFT_KEY_MAX */
};
void np_nft_add_map(struct np_nft *nft, const struct np_nft_map *map);

struct np_nft_elem {
	uint8_t key[NP_NFT_KEY_MAX];
	uint32_t len;
	int32_t verdict; /* NFT_GOTO, … */
	char chain[NP_NFT_NAME_MAX];
};
void np_nft_add_elem(struct np_nft *nft, const char *map, const struct np_nft_elem *elem);
void np_nft_del_elem(struct np_nft *nft, const char *map, const struct np_nft_elem *elem);

/* Copies the table's comment, "" without one. Returns 0, or -ENOENT: there is no such table. */
int np_nft_get_table(struct np_nft *nft, const struct np_nft_table *table, char *comment,
		     size_t size, struct np_err *err);

/* All entries of a map, for the caller to free. Returns 0 or -errno (-ENOENT: no such map). */
int np_nft_elems(struct np_nft *nft, const struct np_nft_table *table, const char *map,
		 struct np_nft_elem **elems, size_t *n, struct np_err *err);

struct np_nft_rule {
	uint64_t handle;
	char chain[NP_NFT_NAME_MAX];
	char comment[256]; /* "" without one */
	uint64_t packets, bytes; /* of its first counter */
};
/* The rules of one table in their order, for the caller to free. Returns 0 or -errno. */
int np_nft_rules(struct np_nft *nft, const struct np_nft_table *table, struct np_nft_rule **rules,
		 size_t *n, struct np_err *err);

#endif
