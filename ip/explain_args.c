// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/rtnetlink.h>
#include <string.h>
#include <unistd.h>

#include "ip/explain.h"
#include "ip/route_verbs.h"

/* The question that the kernel is asked, as the packet that the model looks at. */
static void fill_flow(struct np_flow *f, const struct np_route *r)
{
	memset(f, 0, sizeof(*f));
	memcpy(f->dst, r->dst, sizeof(f->dst));
	if (r->set & NP_RT_SRC) {
		memcpy(f->src, r->src, sizeof(f->src));
		f->set |= NP_FLOW_SRC;
	}
	f->iif = r->set & NP_RT_IIF ? r->iif : 0;
	f->oif = r->nh.set & NP_NH_DEV ? r->nh.ifindex : 0;
	f->tos = r->tos;
	f->mark = r->set & NP_RT_MARK ? r->mark : 0;
	f->sport = r->set & NP_RT_SPORT ? r->sport : 0;
	f->dport = r->set & NP_RT_DPORT ? r->dport : 0;
	f->uid = getuid();
	if (r->set & NP_RT_UID) {
		f->uid = r->uid;
		f->set |= NP_FLOW_UID;
	}
	if (r->set & NP_RT_IP_PROTO) {
		f->ipproto = r->ip_proto;
		f->set |= NP_FLOW_IPPROTO;
	}
}

int explain_parse(struct explain_query *q, struct prt *p, struct np_args *a, struct np_err *err)
{
	int ret = route_get_parse(p, a, &q->route, err);

	if (!ret)
		fill_flow(&q->flow, &q->route);
	return ret;
}

void explain_query_clean(struct explain_query *q)
{
	np_route_clean(&q->route);
}
