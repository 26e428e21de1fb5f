// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of a snapshot: flags as ip-link(8) and ip-address(8) have them, and what has names. */
#include <linux/if.h>
#include <linux/if_addr.h>

#include "lib/snapshot_priv.h"

const struct np_flag_row np_snap_link_flags[] = {
	{ IFF_UP, "UP" },
	{ IFF_BROADCAST, "BROADCAST" },
	{ IFF_DEBUG, "DEBUG" },
	{ IFF_LOOPBACK, "LOOPBACK" },
	{ IFF_POINTOPOINT, "POINTOPOINT" },
	{ IFF_NOTRAILERS, "NOTRAILERS" },
	{ IFF_RUNNING, "RUNNING" },
	{ IFF_NOARP, "NOARP" },
	{ IFF_PROMISC, "PROMISC" },
	{ IFF_ALLMULTI, "ALLMULTI" },
	{ IFF_MASTER, "MASTER" },
	{ IFF_SLAVE, "SLAVE" },
	{ IFF_MULTICAST, "MULTICAST" },
	{ IFF_PORTSEL, "PORTSEL" },
	{ IFF_AUTOMEDIA, "AUTOMEDIA" },
	{ IFF_DYNAMIC, "DYNAMIC" },
	{ IFF_LOWER_UP, "LOWER_UP" },
	{ IFF_DORMANT, "DORMANT" },
	{ IFF_ECHO, "ECHO" },
	{ 0, NULL }
};

const struct np_flag_row np_snap_addr_flags[] = {
	{ IFA_F_SECONDARY, "secondary" },
	{ IFA_F_NODAD, "nodad" },
	{ IFA_F_OPTIMISTIC, "optimistic" },
	{ IFA_F_DADFAILED, "dadfailed" },
	{ IFA_F_HOMEADDRESS, "home" },
	{ IFA_F_DEPRECATED, "deprecated" },
	{ IFA_F_TENTATIVE, "tentative" },
	{ IFA_F_PERMANENT, "permanent" },
	{ IFA_F_MANAGETEMPADDR, "mngtmpaddr" },
	{ IFA_F_NOPREFIXROUTE, "noprefixroute" },
	{ IFA_F_MCAUTOJOIN, "autojoin" },
	{ IFA_F_STABLE_PRIVACY, "stable-privacy" },
	{ 0, NULL }
};

const struct np_snap_names np_snap_names[NP_NAMES_DBS] = {
	[NP_NAMES_TABLE] = { "tables", UINT32_MAX },
	[NP_NAMES_PROTO] = { "protocols", 255 },
	[NP_NAMES_SCOPE] = { "scopes", 255 },
	[NP_NAMES_REALM] = { "realms", 255 },
	[NP_NAMES_DSFIELD] = { "dsfields", 255 },
	[NP_NAMES_GROUP] = { "groups", UINT32_MAX },
};

void np_snap_put_flags(struct np_json *j, const char *key, const struct np_flag_row *rows,
		       uint32_t flags)
{
	np_json_open(j, key, '[');
	for (; rows->word; rows++) {
		if (flags & rows->bit)
			np_json_str(j, NULL, rows->word);
		flags &= ~rows->bit;
	}
	if (flags)
		np_json_hex(j, NULL, flags);
	np_json_close(j, ']');
}
