/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the generic netlink family share. */
#ifndef _STATIC_NAT_NETLINK_H
#define _STATIC_NAT_NETLINK_H

#include <net/genetlink.h>

#include "static_nat.h"
#include "static_nat_uapi.h"

/* sn_lock_alone: 0, or -EINTR of one who was killed. */
static inline int sn_lock_alone(struct sn_net *sn)
{
	if (mutex_lock_killable(&sn->alone))
		return -EINTR;
	if (!mutex_lock_killable(&sn->lock))
		return 0;
	mutex_unlock(&sn->alone);
	return -EINTR;
}

static inline void sn_unlock_alone(struct sn_net *sn)
{
	mutex_unlock(&sn->lock);
	mutex_unlock(&sn->alone);
}

/* nl_mapping.c: mappings as attributes */

extern const struct nla_policy sn_mapping_policy[STATIC_NAT_M_MAX + 1];

/**
 * struct sn_filter - what a list or a flush is narrowed to
 * @family: enum sn_family and 1; 0: any
 * @kind: STATIC_NAT_KIND_*; 0: any
 * @dev: @ifindex counts, and means none where it is 0
 */
struct sn_filter {
	u8 family;
	u8 kind;
	bool dev;
	int ifindex;
};

/*
 * sn_mapping_read: the mapping that @nest names. *@given: SN_MATCH_* of what it has of TO and MODE.
 * 0 or -EINVAL, told to @extack.
 */
int sn_mapping_read(const struct nlattr *nest, struct sn_spec *spec, unsigned int *given,
		    struct netlink_ext_ack *extack);
/* sn_mapping_check: can it be added at all? The same errors. */
int sn_mapping_check(const struct nlattr *nest, const struct sn_spec *spec, unsigned int given,
		     struct netlink_ext_ack *extack);
/* sn_mapping_put: with its counters. 0 or -EMSGSIZE, the message being as it was. */
int sn_mapping_put(struct sk_buff *skb, const struct sn_entry *e);
/* sn_filter_read: @nest may be NULL. 0 or -EINVAL. */
int sn_filter_read(const struct nlattr *nest, struct sn_filter *f,
		   struct netlink_ext_ack *extack);
/* sn_mapping_single: 0, or -EINVAL where a message has more than one mapping. */
int sn_mapping_single(const struct genlmsghdr *head, struct netlink_ext_ack *extack);
bool sn_filter_fits(const struct sn_filter *f, const struct sn_spec *spec);

/* nl_change.c: requests that change the table in use, or fill a staged one */

int sn_cmd_add(struct sk_buff *skb, struct genl_info *info);
int sn_cmd_del(struct sk_buff *skb, struct genl_info *info);
int sn_cmd_flush(struct sk_buff *skb, struct genl_info *info);

/* staged.c: tables that sockets prepare */

#define SN_MAX_STAGED 16

/* sn_staged_table: that of the socket, under sn_net.lock; NULL: it has none. */
struct sn_table *sn_staged_table(const struct sn_net *sn, u32 portid);
int sn_cmd_begin(struct sk_buff *skb, struct genl_info *info);
int sn_cmd_commit(struct sk_buff *skb, struct genl_info *info);
int sn_cmd_abort(struct sk_buff *skb, struct genl_info *info);
/* When sockets and interfaces go. */
int sn_watch_init(void);
void sn_watch_exit(void);

#endif
