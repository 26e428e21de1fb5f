// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family of static_nat_uapi.h is not there yet: /proc is all that the module
 * has. What the rest of it calls does nothing.
 */
#include "static_nat.h"

int sn_netlink_init(void)
{
	return 0;
}

void sn_netlink_exit(void)
{
}

void sn_notify(struct sn_net *sn, u8 cmd, struct list_head *entries, u32 portid)
{
}

void sn_staged_drop_all(struct sn_net *sn)
{
}
