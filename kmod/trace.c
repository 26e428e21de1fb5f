// SPDX-License-Identifier: GPL-2.0-only
/* A step of a traced packet, in the words of the legacy tables. */
#include <net/netfilter/nf_log.h>

#include "static_nat.h"

static const struct nf_loginfo sn_loginfo = {
	.type = NF_LOG_TYPE_LOG,
	.u.log = { .level = 4, .logflags = NF_LOG_DEFAULT_MASK },
};

static const char *const sn_chain[] = {
	[NF_INET_PRE_ROUTING] = "PREROUTING",
	[NF_INET_LOCAL_IN] = "INPUT",
	[NF_INET_FORWARD] = "FORWARD",
	[NF_INET_LOCAL_OUT] = "OUTPUT",
	[NF_INET_POST_ROUTING] = "POSTROUTING",
};

void sn_trace_step(const struct sk_buff *skb, const struct nf_hook_state *state, u32 id)
{
	nf_log_trace(state->net, state->pf, state->hook, skb, state->in, state->out, &sn_loginfo,
		     "TRACE: static_nat:%s:rule:%u ", sn_chain[state->hook], id);
}
