/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_IFNAME_H
#define NP_IFNAME_H

/* The name of an interface, as one writes it. */

#define NP_IFNAMSIZ 16 /* IFNAMSIZ, whose two headers do not go together everywhere */
#define NP_IFNAME_EXPECTED "the name of an interface" /* for errors */

/*
 * Copies a name and fills the rest of to with zeros; 0, or -EINVAL for what ip(8) takes for
 * none. Whether there is such an interface nobody asks.
 */
int np_ifname_copy(char to[NP_IFNAMSIZ], const char *word);

#endif
