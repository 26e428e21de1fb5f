/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRT_WORDS_H
#define PRT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "ip/ctx.h"
#include "lib/addr.h"
#include "lib/route.h"

/*
 * The values behind keywords, as routes take them. Each takes one word and
 * returns 0, or -EINVAL with err filled and the word to blame.
 */
int word_addr(struct np_args *a, uint8_t family, struct np_addr *addr, struct np_err *err);
int word_prefix(struct np_args *a, uint8_t family, struct np_addr *addr, struct np_err *err);
/* The word was taken already (np_args_next). */
int word_is_prefix(struct np_args *a, const char *word, uint8_t family, struct np_addr *addr,
		   struct np_err *err);
/* A number up to max; what: "a metric". */
int word_u32(struct np_args *a, const char *what, uint32_t max, uint32_t *v, struct np_err *err);
/* A number, or a word of a database. */
int word_name(struct np_args *a, const struct prt *p, enum np_names_db db, const char *what,
	      uint32_t *id, struct np_err *err);
int word_realms(struct np_args *a, const struct prt *p, uint32_t *realms, struct np_err *err);
/* A VRF: the table it stands for (may be NULL: only that it is one). */
int word_vrf(struct np_args *a, const struct prt *p, uint32_t *table, struct np_err *err);
/* [inet|inet6|mpls|link|bridge] before an address. *family is left alone where there is none. */
void word_family(struct np_args *a, uint8_t *family);

/* The address's bytes into a model's 16. */
void words_copy_addr(uint8_t to[16], const struct np_addr *from);
/* A label stack or an address: MPLS has room for all the labels there can be. */
int word_hop(struct np_args *a, uint8_t family, struct np_hop *hop, struct np_err *err);

/* -EINVAL: the word taken last is none of rows' (with the nearest). */
struct np_route_word;
int words_unknown(struct np_args *a, const struct np_route_word *rows, const char *expected,
		  struct np_err *err);

/*
 * [lock] and the value of a metric (RTAX_…) into m.
 */
int word_metric(struct np_args *a, unsigned rtax, struct np_metrics *m, struct np_err *err);

/* encap TYPE …: behind the word encap. */
int word_encap(struct np_args *a, const struct prt *p, struct np_nh *nh, struct np_err *err);

#endif
