// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/live_map.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>

#include "lib/nl.h"
#include "lib/vrf.h"
#include "trace/arm.h"

static enum np_hook hook_of(uint32_t hook)
{
	switch (hook) {
	case NF_INET_PRE_ROUTING: return NP_HOOK_PREROUTING;
	case NF_INET_LOCAL_IN: return NP_HOOK_INPUT;
	case NF_INET_FORWARD: return NP_HOOK_FORWARD;
	case NF_INET_LOCAL_OUT: return NP_HOOK_OUTPUT;
	case NF_INET_POST_ROUTING: return NP_HOOK_POSTROUTING;
	default: return NP_HOOK_UNKNOWN;
	}
}

static const char *intern(struct live_map *map, const char *s)
{
	return np_intern(map->intern, s, strlen(s));
}

/* "fw" for tables of IPv4 and IPv6 alone, as iptables' are; "inet fw". */
static const char *table_name(struct live_map *map, const struct np_nft_trace *t)
{
	char name[NP_NFT_NAME + 8];
	const char *family = t->family == NFPROTO_INET ? "inet " :
		t->family == NFPROTO_BRIDGE ? "bridge " :
		t->family == NFPROTO_NETDEV ? "netdev " : "";

	(void)snprintf(name, sizeof(name), "%s%s", family, t->table);
	return intern(map, name);
}

static const struct np_nft_chain_info *chain_of(const struct live_map *map,
	const struct np_nft_trace *t)
{
	for (size_t i = 0; i < map->rs.n_chains; i++) {
		const struct np_nft_chain_info *c = &map->rs.chains[i];

		if (c->family == t->family && !strcmp(c->chain, t->chain) &&
			!strcmp(c->table, t->table))
			return c;
	}
	return NULL;
}

static const struct np_nft_rule_info *rule_of(const struct live_map *map,
	const struct np_nft_trace *t)
{
	for (size_t i = 0; i < map->rs.n_rules; i++) {
		const struct np_nft_rule_info *r = &map->rs.rules[i];

		if (r->handle == t->handle && r->family == t->family &&
			!strcmp(r->table, t->table))
			return r;
	}
	return NULL;
}

/*
 * Our own chains and those of our kind, whose rule that set the packet's trace is the first that
 * is seen of it, when our own first chain was passed: its number may have been another's before.
 * *probe is set.
 */
static bool is_probe(const struct live_map *map, const struct np_nft_trace *t,
	enum gather_probe *probe, bool *ignored)
{
	bool own = !strcmp(t->table, map->own), rule = t->type == NFT_TRACETYPE_RULE && t->handle;
	bool kin = !own && (!strncmp(t->table, LIVE_TABLE, strlen(LIVE_TABLE)) ||
		!strcmp(t->table, ARM_TABLE));

	/* a rule of our own that ends its chain lets a fragment pass */
	*ignored = (kin && !rule) || (own && rule && t->verdict == NF_ACCEPT);
	if (kin && rule)
		*probe = PROBE_START;
	if (!own)
		return kin && rule;
	if (!strncmp(t->chain, LIVE_END, strlen(LIVE_END)))
		*probe = PROBE_END;
	else
		*probe = rule ? PROBE_RULE : PROBE_START;
	return true;
}

static const char *verdict(struct live_map *map, const struct np_nft_trace *t,
	enum outcome_verdict *v)
{
	*v = VERDICT_GOES_ON;
	switch (t->verdict) {
	case NFT_JUMP:
	case NFT_GOTO:
		return t->jump ? intern(map, t->jump) : NULL;
	case NFT_CONTINUE:
	case NFT_BREAK:
	case NFT_RETURN:
		return NULL;
	default:
		break;
	}
	switch (t->verdict & NF_VERDICT_MASK) {
	case NF_DROP:
		*v = VERDICT_DROP;
		return "drop";
	case NF_STOLEN:
		*v = VERDICT_DROP;
		return "stolen";
	case NF_QUEUE:
		*v = VERDICT_QUEUE;
		return "queue";
	default:
		*v = VERDICT_ACCEPT;
		return "accept";
	}
}

static const char *dev(struct live_map *map, uint32_t index)
{
	char buf[NP_LINK_NAME_MAX];

	return intern(map, index ? np_links_name(map->links, index, buf) : "");
}

/* What the kernel does not tell is none; that of a link that has gone is not asked again. */
static bool is_vrf(struct live_map *map, uint32_t index)
{
	struct live_link *set = map->asked[index % LIVE_MAP_SETS];
	struct np_err err = NP_ERR_INIT;
	uint32_t table = 0;
	int ret;

	if (!index)
		return false;
	for (unsigned i = 0; i < LIVE_MAP_WAYS; i++)
		if (set[i].index == index)
			return set[i].vrf;
	if (!map->nl && np_nl_open(&map->nl, NETLINK_ROUTE, &err))
		return false;
	ret = np_vrf_table(map->nl, index, &table, &err);
	if (ret && ret != -ENODEV)
		return false;
	memmove(set + 1, set, (LIVE_MAP_WAYS - 1) * sizeof(*set)); /* the oldest goes */
	set[0] = (struct live_link){ index, !ret && table };
	return set[0].vrf;
}

void live_map_clean(struct live_map *map)
{
	np_nl_close(map->nl);
	map->nl = NULL;
}

static int fill_packet(struct live_map *map, const struct np_nft_trace *t, struct gather_event *e)
{
	if (!t->has_packet || np_hdr_read(&e->ev.hdr, &t->bytes))
		return 0;
	e->has_packet = true;
	e->wraps = !np_hdr_read_inner(&e->inner, &e->ev.hdr, &t->bytes);
	e->ev.in = dev(map, t->iif);
	e->ev.out = dev(map, t->oif);
	e->vrf = e->hook == NP_HOOK_PREROUTING && is_vrf(map, t->iif);
	return e->ev.in && e->ev.out ? 0 : -ENOMEM;
}

/* Returns 0, or -ENOENT: it is not known. */
static int fill_rule(const struct live_map *map, const struct np_nft_trace *t,
	struct gather_event *e)
{
	const struct np_nft_rule_info *r = t->handle ? rule_of(map, t) : NULL;

	if (!t->handle || t->type == NFT_TRACETYPE_POLICY)
		return 0;
	if (!r)
		return -ENOENT;
	e->ev.number = r->number;
	e->ev.set |= NP_TEV_NUMBER;
	e->ev.rule = intern((struct live_map *)(uintptr_t)map, r->text);
	return 0;
}

static enum np_trace_type type_of(uint32_t type)
{
	return type == NFT_TRACETYPE_RULE ? NP_TRACE_RULE :
		type == NFT_TRACETYPE_RETURN ? NP_TRACE_RETURN : NP_TRACE_POLICY;
}

int live_map_event(struct live_map *map, const struct np_nft_trace *t, bool again,
	struct gather_event *e)
{
	const struct np_nft_chain_info *c = chain_of(map, t);
	bool ignored, own;
	int ret;

	*e = (struct gather_event){ .id = t->id, .ev = { .type = type_of(t->type),
		.host = map->host, .mark = t->mark, .set = t->mark ? NP_TEV_MARK : 0 } };
	own = is_probe(map, t, &e->probe, &ignored);
	if (ignored)
		return 0;
	/* newer kernels come to the end of a base chain with a rule that is none */
	if (!own && t->type == NFT_TRACETYPE_RULE && !t->handle)
		e->probe = PROBE_SIGHT;
	if (!c && !again)
		return -ENOENT;
	if (c && c->base && t->family != NFPROTO_BRIDGE && t->family != NFPROTO_NETDEV) {
		e->hook = hook_of(c->hook);
		e->priority = c->priority;
	}
	if (c && c->nat)
		e->ev.set |= NP_TEV_NAT;
	ret = own ? 0 : fill_rule(map, t, e);
	if (ret && !again)
		return ret;
	e->ev.table = table_name(map, t);
	e->ev.chain = intern(map, t->chain);
	e->target = verdict(map, t, &e->verdict);
	if (!e->ev.table || !e->ev.chain || fill_packet(map, t, e))
		return -ENOMEM;
	return 1;
}
