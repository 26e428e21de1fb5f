// SPDX-License-Identifier: GPL-2.0-only
/* The generic netlink family of static_nat_uapi.h: its table of commands, answers, and events. */
#include <linux/rwsem.h>
#include <net/sock.h>

#include "netlink.h"

static struct genl_family sn_family;

/* Events come from /proc too, which is there before the family is, and after it. */
static DECLARE_RWSEM(sn_family_lock);
static bool sn_family_up;

/* ---- answers ---- */

/* Where a dump is: behind the mappings up to @id. */
struct sn_dump {
	struct sn_filter filter;
	unsigned long id;
};

static int sn_get_start(struct netlink_callback *cb)
{
	struct sn_dump *d = (struct sn_dump *)cb->ctx;
	struct nlattr *tb[STATIC_NAT_A_MAX + 1];
	int err;

	BUILD_BUG_ON(sizeof(*d) > sizeof(cb->ctx));
	err = genlmsg_parse(cb->nlh, &sn_family, tb, STATIC_NAT_A_MAX, NULL, cb->extack);
	if (!err)
		err = sn_mapping_single(nlmsg_data(cb->nlh), cb->extack);
	return err ? err : sn_filter_read(tb[STATIC_NAT_A_MAPPING], &d->filter, cb->extack);
}

static u32 sn_generation(const struct sn_net *sn)
{
	unsigned int seq;
	u32 generation;

	do {
		seq = read_seqcount_begin(&sn->changing);
		generation = READ_ONCE(sn->generation);
	} while (read_seqcount_retry(&sn->changing, seq));
	return generation;
}

/* What a dump's messages are numbered by; 0 would be none. */
static unsigned int sn_dump_seq(u32 generation)
{
	return generation << 1 | 1;
}

/* As many as there is room for. How many; *more: that was not all. Pauses where none fits. */
static unsigned int sn_dump_some(const struct sn_net *sn, struct sn_dump *d, struct sk_buff *skb,
				 bool *more)
{
	const struct sn_table *t;
	unsigned int n = 0, seen;
	struct sn_entry *e = NULL;

	*more = false;
	do {
		cond_resched();
		rcu_read_lock();
		t = rcu_dereference(sn->table);
		for (seen = 0; seen < SN_WALK; seen++, d->id++) {
			e = sn_next(t, &d->id);
			if (!e)
				break;
			if (!sn_visible(e) || !sn_filter_fits(&d->filter, &e->spec))
				continue;
			*more = sn_mapping_put(skb, e);
			if (*more)
				break;
			n++;
		}
		rcu_read_unlock();
	} while (e && !*more);
	return n;
}

static int sn_get_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct sn_net *sn = sn_net_of(sock_net(skb->sk));
	struct sn_dump *d = (struct sn_dump *)cb->ctx;
	u32 generation = sn_generation(sn);
	unsigned int n;
	bool more;
	void *hdr;

	cb->seq = sn_dump_seq(generation);
	if (!cb->prev_seq)
		cb->prev_seq = cb->seq;
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &sn_family,
			  NLM_F_MULTI, STATIC_NAT_CMD_NEW);
	if (!hdr)
		return -EMSGSIZE;
	if (nla_put_u32(skb, STATIC_NAT_A_GENERATION, generation)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	n = sn_dump_some(sn, d, skb, &more);
	if (!n) {
		genlmsg_cancel(skb, hdr);
		/* DONE follows, and says so where the list is not that of the beginning */
		cb->seq = sn_dump_seq(sn_generation(sn));
		return more ? -EMSGSIZE : 0;
	}
	genl_dump_check_consistent(cb, hdr);
	genlmsg_end(skb, hdr);
	return skb->len;
}

static int sn_get_one(const struct sn_net *sn, const struct sn_spec *spec, unsigned int match,
		      struct sk_buff *skb)
{
	struct sn_entry *e;
	int err = -ENOENT;

	rcu_read_lock();
	e = sn_find_visible(rcu_dereference(sn->table), spec, match);
	if (e)
		err = sn_mapping_put(skb, e);
	rcu_read_unlock();
	return err;
}

/* An answer's beginning; *hdr for genlmsg_end(). */
static struct sk_buff *sn_answer(const struct genl_info *info, u8 cmd, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put(skb, info->snd_portid, info->snd_seq, &sn_family, 0, cmd);
	if (*hdr)
		return skb;
	nlmsg_free(skb);
	return NULL;
}

static int sn_cmd_get(struct sk_buff *request, struct genl_info *info)
{
	const struct sn_net *sn = sn_net_of(genl_info_net(info));
	const struct nlattr *nest = info->attrs[STATIC_NAT_A_MAPPING];
	struct sn_spec spec;
	struct sk_buff *skb;
	unsigned int given;
	void *hdr;
	int err;

	if (!nest) {
		GENL_SET_ERR_MSG(info, "the message has no mapping");
		return -EINVAL;
	}
	err = sn_mapping_single(info->genlhdr, info->extack);
	if (!err)
		err = sn_mapping_read(nest, &spec, &given, info->extack);
	if (err)
		return err;
	skb = sn_answer(info, STATIC_NAT_CMD_NEW, &hdr);
	if (!skb)
		return -ENOMEM;
	err = nla_put_u32(skb, STATIC_NAT_A_GENERATION, sn_generation(sn));
	if (!err)
		err = sn_get_one(sn, &spec, given, skb);
	if (err) {
		if (err == -ENOENT)
			NL_SET_ERR_MSG_ATTR(info->extack, nest, "there is no such mapping");
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int sn_stats_put(struct sk_buff *skb, const struct sn_net *sn)
{
	static const u8 attr[SN_STATS] = {
		[SN_TRANSLATED] = STATIC_NAT_S_TRANSLATED,
		[SN_ICMP] = STATIC_NAT_S_ICMP,
		[SN_DROPPED] = STATIC_NAT_S_DROPPED,
		[SN_UNROUTED] = STATIC_NAT_S_UNROUTED,
	};
	struct nlattr *nest = nla_nest_start(skb, STATIC_NAT_A_STATS);
	const struct sn_table *t;
	u64 memory;
	u32 nr;
	int i;

	rcu_read_lock();
	t = rcu_dereference(sn->table);
	nr = READ_ONCE(t->nr);
	memory = sn_table_memory(t);
	rcu_read_unlock();
	if (!nest || nla_put_u32(skb, STATIC_NAT_S_MAPPINGS, nr) ||
	    nla_put_u32(skb, STATIC_NAT_S_MAX_MAPPINGS, READ_ONCE(sn_max_mappings)) ||
	    nla_put_u64_64bit(skb, STATIC_NAT_S_MEMORY, memory, STATIC_NAT_S_PAD) ||
	    nla_put_u32(skb, STATIC_NAT_S_GENERATION, sn_generation(sn)) ||
	    nla_put_u32(skb, STATIC_NAT_S_STAGED, READ_ONCE(sn->nr_staged)) ||
	    nla_put_u32(skb, STATIC_NAT_S_MAX_STAGED, SN_MAX_STAGED))
		return -EMSGSIZE;
	for (i = 0; i < SN_STATS; i++)
		if (nla_put_u64_64bit(skb, attr[i], sn_stats_sum(sn, i), STATIC_NAT_S_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int sn_cmd_stats(struct sk_buff *request, struct genl_info *info)
{
	struct sk_buff *skb;
	void *hdr;
	int err;

	skb = sn_answer(info, STATIC_NAT_CMD_STATS, &hdr);
	if (!skb)
		return -ENOMEM;
	err = sn_stats_put(skb, sn_net_of(genl_info_net(info)));
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/* ---- the table of commands ---- */

static const struct nla_policy sn_get_policy[STATIC_NAT_A_MAX + 1] = {
	[STATIC_NAT_A_MAPPING] = NLA_POLICY_NESTED(sn_mapping_policy),
};

static const struct nla_policy sn_add_policy[STATIC_NAT_A_MAX + 1] = {
	[STATIC_NAT_A_MAPPING] = NLA_POLICY_NESTED(sn_mapping_policy),
	[STATIC_NAT_A_STAGED] = { .type = NLA_FLAG },
	[STATIC_NAT_A_REPLACE] = { .type = NLA_FLAG },
};

static const struct nla_policy sn_commit_policy[STATIC_NAT_A_MAX + 1] = {
	[STATIC_NAT_A_GENERATION] = { .type = NLA_U32 },
};

/* No attribute at all. */
static const struct nla_policy sn_bare_policy[STATIC_NAT_A_MAX + 1];

#define SN_POLICY(name) .policy = name, .maxattr = STATIC_NAT_A_MAX

static const struct genl_ops sn_genl_ops[] = {
	{
		.cmd = STATIC_NAT_CMD_GET,
		.doit = sn_cmd_get,
		.start = sn_get_start,
		.dumpit = sn_get_dump,
		SN_POLICY(sn_get_policy),
	},
	{
		.cmd = STATIC_NAT_CMD_ADD,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = sn_cmd_add,
		SN_POLICY(sn_add_policy),
	},
	{
		.cmd = STATIC_NAT_CMD_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = sn_cmd_del,
		SN_POLICY(sn_get_policy),
	},
	{
		.cmd = STATIC_NAT_CMD_FLUSH,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = sn_cmd_flush,
		SN_POLICY(sn_get_policy),
	},
	{
		.cmd = STATIC_NAT_CMD_BEGIN,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = sn_cmd_begin,
		SN_POLICY(sn_bare_policy),
	},
	{
		.cmd = STATIC_NAT_CMD_COMMIT,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = sn_cmd_commit,
		SN_POLICY(sn_commit_policy),
	},
	{
		.cmd = STATIC_NAT_CMD_ABORT,
		.flags = GENL_UNS_ADMIN_PERM,
		.doit = sn_cmd_abort,
		SN_POLICY(sn_bare_policy),
	},
	{
		.cmd = STATIC_NAT_CMD_STATS,
		.doit = sn_cmd_stats,
		SN_POLICY(sn_bare_policy),
	},
};

static const struct genl_multicast_group sn_groups[] = { { .name = STATIC_NAT_GENL_MCGRP } };

static struct genl_family sn_family __ro_after_init = {
	.name = STATIC_NAT_GENL_NAME,
	.version = STATIC_NAT_GENL_VERSION,
	.netnsok = true,
	.parallel_ops = true,	/* sn_net.lock is what orders them */
	.module = THIS_MODULE,
	.maxattr = STATIC_NAT_A_MAX,
	.ops = sn_genl_ops,
	.n_ops = ARRAY_SIZE(sn_genl_ops),
	.mcgrps = sn_groups,
	.n_mcgrps = ARRAY_SIZE(sn_groups),
};

/* ---- events ---- */

static struct sk_buff *sn_event_new(const struct sn_net *sn, u8 cmd, u32 portid, void **hdr)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*hdr = genlmsg_put(skb, 0, 0, &sn_family, 0, cmd);
	if (*hdr && !nla_put_u32(skb, STATIC_NAT_A_GENERATION, sn->generation) &&
	    !nla_put_u32(skb, STATIC_NAT_A_PORTID, portid))
		return skb;
	nlmsg_free(skb);
	return NULL;
}

static void sn_event_send(const struct sn_net *sn, struct sk_buff *skb, void *hdr)
{
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&sn_family, sn->net, skb, 0, 0, GFP_KERNEL);
}

/* 0 or -ENOMEM. */
static int sn_event_entries(const struct sn_net *sn, u8 cmd, struct list_head *entries, u32 portid)
{
	struct sk_buff *skb = NULL;
	struct sn_entry *e;
	void *hdr;

	list_for_each_entry(e, entries, link) {
		if (skb && !sn_mapping_put(skb, e))
			continue;
		if (skb)
			sn_event_send(sn, skb, hdr);
		cond_resched();
		skb = sn_event_new(sn, cmd, portid, &hdr);
		if (!skb || sn_mapping_put(skb, e)) {
			nlmsg_free(skb);
			return -ENOMEM;
		}
	}
	if (skb)
		sn_event_send(sn, skb, hdr);
	return 0;
}

static int sn_event_table(const struct sn_net *sn, u8 cmd, u32 portid)
{
	void *hdr;
	struct sk_buff *skb = sn_event_new(sn, cmd, portid, &hdr);

	if (!skb)
		return -ENOMEM;
	sn_event_send(sn, skb, hdr);
	return 0;
}

/* The listeners are told that something is missing, if it is. */
void sn_notify(struct sn_net *sn, u8 cmd, struct list_head *entries, u32 portid)
{
	int err;

	down_read(&sn_family_lock);
	if (sn_family_up && genl_has_listeners(&sn_family, sn->net, 0)) {
		err = entries ? sn_event_entries(sn, cmd, entries, portid) :
				sn_event_table(sn, cmd, portid);
		if (err)
			genl_set_err(&sn_family, sn->net, 0, 0, -ENOBUFS);
	}
	up_read(&sn_family_lock);
}

static void sn_family_set(bool up)
{
	down_write(&sn_family_lock);
	sn_family_up = up;
	up_write(&sn_family_lock);
}

int sn_netlink_init(void)
{
	int err = sn_watch_init();

	if (err)
		return err;
	err = genl_register_family(&sn_family);
	if (err)
		sn_watch_exit();
	else
		sn_family_set(true);
	return err;
}

void sn_netlink_exit(void)
{
	sn_family_set(false);
	genl_unregister_family(&sn_family);
	sn_watch_exit();
}
