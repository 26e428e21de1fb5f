// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/nft_trace.h"

#include <errno.h>
#include <libnftnl/trace.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "lib/nl_priv.h"

#define RECEIVE_ROOM (8 << 20)

static const char *str(const struct nftnl_trace *t, uint16_t attr)
{
	const char *s = nftnl_trace_is_set(t, attr) ? nftnl_trace_get_str(t, attr) : NULL;

	return s ? s : "";
}

static uint32_t u32(const struct nftnl_trace *t, uint16_t attr)
{
	return nftnl_trace_is_set(t, attr) ? nftnl_trace_get_u32(t, attr) : 0;
}

static const uint8_t *bytes(const struct nftnl_trace *t, uint16_t attr, size_t *len)
{
	uint32_t n = 0;
	const uint8_t *b = nftnl_trace_is_set(t, attr) ? nftnl_trace_get_data(t, attr, &n) : NULL;

	*len = b ? n : 0;
	return b;
}

static void fill(struct np_nft_trace *out, const struct nftnl_trace *t)
{
	*out = (struct np_nft_trace){
		.id = u32(t, NFTNL_TRACE_ID),
		.family = (uint8_t)u32(t, NFTNL_TRACE_FAMILY),
		.type = u32(t, NFTNL_TRACE_TYPE),
		.table = str(t, NFTNL_TRACE_TABLE),
		.chain = str(t, NFTNL_TRACE_CHAIN),
		.mark = u32(t, NFTNL_TRACE_MARK),
		.iif = u32(t, NFTNL_TRACE_IIF),
		.oif = u32(t, NFTNL_TRACE_OIF),
	};
	if (nftnl_trace_is_set(t, NFTNL_TRACE_RULE_HANDLE))
		out->handle = nftnl_trace_get_u64(t, NFTNL_TRACE_RULE_HANDLE);
	if (nftnl_trace_is_set(t, NFTNL_TRACE_VERDICT))
		out->verdict = (int32_t)u32(t, NFTNL_TRACE_VERDICT);
	else if (nftnl_trace_is_set(t, NFTNL_TRACE_POLICY))
		out->verdict = (int32_t)u32(t, NFTNL_TRACE_POLICY);
	else
		out->verdict = NFT_CONTINUE;
	if (nftnl_trace_is_set(t, NFTNL_TRACE_JUMP_TARGET))
		out->jump = nftnl_trace_get_str(t, NFTNL_TRACE_JUMP_TARGET);
	out->bytes.l3 = bytes(t, NFTNL_TRACE_NETWORK_HEADER, &out->bytes.l3_len);
	out->bytes.l4 = bytes(t, NFTNL_TRACE_TRANSPORT_HEADER, &out->bytes.l4_len);
	out->has_packet = out->bytes.l3;
}

/* A message of NFNLGRP_NFTRACE to fn; any other message: 0. Returns what fn did, or -errno. */
static int trace_read(const struct nlmsghdr *nlh, np_nft_trace_fn *fn, void *arg)
{
	struct nftnl_trace *t;
	struct np_nft_trace out;
	int ret = 0;

	if (nlh->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE))
		return 0;
	t = nftnl_trace_alloc();
	if (!t)
		return -ENOMEM;
	if (!nftnl_trace_nlmsg_parse(nlh, t)) {
		fill(&out, t);
		ret = fn(&out, arg);
	}
	nftnl_trace_free(t);
	return ret;
}

int np_nft_trace_open(struct np_nl **nl, struct np_err *err)
{
	const int room = RECEIVE_ROOM;
	int ret = np_nl_open(nl, NETLINK_NETFILTER, err);

	if (ret)
		return ret;
	/* more than the limit of net.core.rmem_max where we may; else that */
	if (setsockopt(np_nl_fd(*nl), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		(void)setsockopt(np_nl_fd(*nl), SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	ret = np_nl_join(*nl, NFNLGRP_NFTRACE, err);
	if (ret) {
		np_nl_close(*nl);
		*nl = NULL;
	}
	return ret;
}

static int take_msg(const struct nlmsghdr *nlh, void *arg)
{
	const struct np_nft_trace_sink *sink = arg;

	return trace_read(nlh, sink->fn, sink->arg);
}

static void take_lost(void *arg)
{
	const struct np_nft_trace_sink *sink = arg;

	sink->lost(sink->arg);
}

int np_nft_trace_take(struct np_nl *nl, const struct np_nft_trace_sink *sink, struct np_err *err)
{
	struct np_nft_trace_sink copy = *sink;

	return np_nl_take(nl, take_msg, take_lost, &copy, err);
}
