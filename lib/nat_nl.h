/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NAT_NL_H
#define NP_NAT_NL_H

#include "lib/nat.h"
#include "lib/nl.h"

/*
 * The module static_nat over generic netlink (kmod/static_nat_uapi.h), in the network
 * namespace of the caller. A refusal's text is a sentence, the module's own where it
 * gave one.
 */
struct np_nat;

/*
 * Loads the module, if it is not there and can be. Returns 0 or -errno; -ENOENT: there is
 * no module.
 */
int np_nat_open(struct np_nat **nat, struct np_err *err);
/* The same over a socket that is there (a mock's), which is closed with it. 0 or -ENOMEM. */
int np_nat_open_nl(struct np_nat **nat, struct np_nl *nl, uint16_t family, uint32_t group,
		   struct np_err *err);
void np_nat_free(struct np_nat *nat); /* NULL is fine */

/* One mapping. Return 0 or -errno: -EEXIST, -ENOENT, … */
int np_nat_add(struct np_nat *nat, const struct np_nat_mapping *m, struct np_err *err);
int np_nat_del(struct np_nat *nat, const struct np_nat_mapping *m, struct np_err *err);
/* The mapping of this kind, FROM, length and interface; TO and all else are filled. */
int np_nat_get(struct np_nat *nat, struct np_nat_mapping *m, struct np_err *err);
/* Adds it; what FROM became before is forgotten in the same step. */
int np_nat_replace(struct np_nat *nat, const struct np_nat_mapping *m, struct np_err *err);

/*
 * Is there the same translation, said by the other kind? NPTv6 is not the same.
 */
bool np_nat_has_turned(struct np_nat *nat, const struct np_nat_mapping *m);

struct np_nat_sink {
	int (*mapping)(const struct np_nat_mapping *m, void *arg); /* not 0 ends the list */
	int (*restart)(void *arg); /* as np_nl_sink's */
	void *arg;
};
/*
 * Each mapping that fits, in the order of their making. Returns 0, -errno, or what mapping()
 * said.
 */
int np_nat_dump(struct np_nat *nat, const struct np_nat_filter *want,
		const struct np_nat_sink *sink, struct np_err *err);
/*
 * The first that want lets through and that fits m, into *found. Returns 0, -ENOENT or
 * another -errno.
 */
typedef bool np_nat_fits(const struct np_nat_mapping *found, const struct np_nat_mapping *m);
int np_nat_find(struct np_nat *nat, const struct np_nat_filter *want, np_nat_fits *fits,
		const struct np_nat_mapping *m, struct np_nat_mapping *found);
/* The first that m clashes with (np_nat_clash()). */
int np_nat_find_clash(struct np_nat *nat, const struct np_nat_mapping *m,
		      struct np_nat_mapping *found);
/* The one that changes the destination dst (np_nat_fits_dst()). Returns 0 or -errno. */
int np_nat_find_dst(struct np_nat *nat, uint8_t family, const uint8_t dst[16], uint32_t iif,
		    struct np_nat_mapping *found);
/*
 * What fits goes. In one step, but for more than some hundred mappings that are selected
 * by their addresses. Returns 0 or -errno.
 */
int np_nat_flush(struct np_nat *nat, const struct np_nat_filter *want, struct np_err *err);

struct np_nat_stats {
	uint32_t mappings, max_mappings;
	uint64_t memory;     /* bytes */
	uint32_t generation; /* counts the changes of the table */
	uint32_t staged, max_staged; /* tables that are being loaded */
	uint64_t translated; /* addresses in packets */
	uint64_t icmp;       /* headers that ICMP errors quote */
	uint64_t dropped;    /* packets that could not be translated whole */
	uint64_t unrouted;   /* own packets without a route to their new destination */
};
int np_nat_stats(struct np_nat *nat, struct np_nat_stats *stats, struct np_err *err);

/*
 * Many mappings at once, all or none (lib/nat_load_nl.c): in addition to those that are
 * there, or with replace in their place; packets see the old table or the new one.
 * Nothing is done without a commit. tag is the caller's own number for a mapping (a
 * line).
 */
struct np_nat_load;
int np_nat_load_begin(struct np_nat_load **load, struct np_nat *nat, bool replace,
		      struct np_err *err);
int np_nat_load_add(struct np_nat_load *load, const struct np_nat_mapping *m, uint32_t tag,
		    struct np_err *err);
int np_nat_load_commit(struct np_nat_load *load, struct np_err *err);
/* The tag of the mapping that was refused; 0: what was refused is no single one. */
uint32_t np_nat_load_failed(const struct np_nat_load *load);
/* That mapping, NULL with a tag of 0. */
const struct np_nat_mapping *np_nat_load_bad(const struct np_nat_load *load);
void np_nat_load_free(struct np_nat_load *load); /* NULL is fine */

enum np_nat_event {
	NP_NAT_EV_ADD,
	NP_NAT_EV_DEL,
	NP_NAT_EV_FLUSHED,  /* all mappings are gone; m is NULL */
	NP_NAT_EV_REPLACED, /* the whole table is another one; m is NULL */
};
/* Until event() returns not 0. lost(): events did not arrive. Returns 0 or -errno. */
int np_nat_listen(struct np_nat *nat,
		  int (*event)(enum np_nat_event ev, const struct np_nat_mapping *m, void *arg),
		  void (*lost)(void *arg), void *arg, struct np_err *err);

#endif
