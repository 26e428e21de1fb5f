/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_LINKS_H
#define NP_LINKS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * Interfaces: index ⇄ name, alternative names included. They are read over a socket
 * of their own when first needed (so a lookup inside a dump is no harm) and kept.
 */
struct np_links;

#define NP_LINK_NAME_MAX 128 /* ALTIFNAMSIZ */

struct np_links *np_links_new(void); /* NULL: out of memory */
void np_links_free(struct np_links *links);

/* Reads all of them: before a listing, so that it need not ask for each. 0 or -errno. */
int np_links_load(struct np_links *links, struct np_err *err);

/* "*" for 0, and "if7" for an interface that is not there, as iproute2 has it. */
const char *np_links_name(struct np_links *links, uint32_t index, char buf[NP_LINK_NAME_MAX]);

/* 0: there is none. "if7" is 7 whether it is there or not, as for iproute2. */
uint32_t np_links_index(struct np_links *links, const char *name);

/* The same, with the sentence for the user: 0, or -ENODEV. word: see np_err.word. */
int np_links_need(struct np_links *links, const char *name, uint32_t *index, int word,
		  struct np_err *err);

/* What an event said (monitor): a link with a new name, or one that is gone. */
struct nlmsghdr;
void np_links_event(struct np_links *links, const struct nlmsghdr *nlh);

/* No kernel is asked, what was not added is not there: for tests, and links of other namespaces. */
void np_links_offline(struct np_links *links);
/* For tests: a link of this name, without asking a kernel. Returns 0 or -ENOMEM. */
int np_links_add(struct np_links *links, uint32_t index, const char *name);

#endif
