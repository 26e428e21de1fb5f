// SPDX-License-Identifier: GPL-2.0-or-later
/* The questions behind a question: with the cure applied, and of the reply. */
#include "lib/explain_suppose.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int np_suppose_init(struct np_supposed *s, const struct np_explanation *x)
{
	struct np_fib *fib = &s->host.fib;
	struct np_fib_dev *devs = calloc(x->host->fib.n_devs + 1, sizeof(*devs));

	s->host = *x->host;
	s->flow = *x->flow;
	np_fib_decision_init(&s->d);
	s->x = (struct np_explanation){ .host = &s->host, .flow = &s->flow, .d = x->d };
	if (devs && fib->n_devs)
		memcpy(devs, fib->devs, fib->n_devs * sizeof(*devs));
	fib->devs = devs;
	return devs ? 0 : -ENOMEM;
}

void np_suppose_clean(struct np_supposed *s)
{
	free(s->host.fib.devs);
	np_fib_decision_clean(&s->d);
}

static bool decide(struct np_supposed *s)
{
	s->x.d = &s->d;
	return !np_fib_decide(&s->host.fib, &s->flow, 0, &s->d);
}

static void set(struct np_supposed *s, int ifindex, enum np_fib_conf which, int32_t value)
{
	struct np_fib *fib = &s->host.fib;

	for (size_t i = 0; i < fib->n_devs; i++)
		if (fib->devs[i].ifindex == ifindex)
			fib->devs[i].conf[which] = value;
}

const struct np_fib_dev *np_suppose_out(const struct np_explanation *x)
{
	const struct np_fib *fib = &x->host->fib;
	const struct np_fib_walk *w = &x->d->walk;
	const struct np_fib_route *r;

	if (!x->d->looked || w->err || w->route == NP_FIB_NONE)
		return NULL;
	r = &fib->routes[w->route];
	return w->nh < r->n_nh ? np_fib_dev(fib, fib->nhs[r->nh + w->nh].ifindex) : NULL;
}

static void forward(struct np_supposed *s)
{
	const struct np_fib_dev *out = np_suppose_out(&s->x);

	s->host.fib.all_forwarding6 = 1;
	set(s, s->flow.iif, NP_FIB_FORWARDING, 1);
	if (out)
		set(s, out->ifindex, NP_FIB_FORWARDING, 1);
}

/* Rules on marks see those of the way back only with src_valid_mark. */
bool np_suppose_marked(const struct np_explanation *x)
{
	const struct np_fib_dev *dev = np_fib_dev(&x->host->fib, x->flow->iif);
	struct np_supposed s;
	bool passes;

	if (!x->flow->mark || !dev || np_fib_conf_get(&x->host->fib, dev, NP_FIB_SRC_VMARK) ||
	    np_suppose_init(&s, x))
		return false;
	set(&s, dev->ifindex, NP_FIB_SRC_VMARK, 1);
	passes = decide(&s) && np_verdict_passes(s.d.verdict);
	np_suppose_clean(&s);
	return passes;
}

bool np_suppose_route_back(const struct np_explanation *x)
{
	const struct np_fib_walk *w = &x->d->back;

	if (w->route == NP_FIB_NONE)
		return w->rule == NP_FIB_NONE;
	return x->host->fib.routes[w->route].type != RTN_LOCAL;
}

/* Its first remedy, in the order of lib/explain_remedy.c; false: that is a route. */
static bool rp_filter(struct np_supposed *s)
{
	int iif = s->flow.iif;

	if (np_suppose_marked(&s->x)) {
		set(s, iif, NP_FIB_SRC_VMARK, 1);
	} else if (s->x.d->why == NP_WHY_RP_OTHER_DEV) {
		set(s, iif, NP_FIB_RP_FILTER, 2);
	} else if (!np_suppose_route_back(&s->x)) {
		s->host.fib.all[NP_FIB_RP_FILTER] = 0;
		set(s, iif, NP_FIB_RP_FILTER, 0);
	} else {
		return false;
	}
	return true;
}

bool np_suppose_cured(struct np_supposed *s)
{
	int iif = s->flow.iif;

	switch (s->x.d->verdict) {
	case NP_V_FORWARDING_OFF:
		forward(s);
		break;
	case NP_V_RP_FILTER:
		if (!rp_filter(s))
			return false;
		break;
	case NP_V_MARTIAN_SOURCE:
		if (s->x.d->why == NP_WHY_SRC_OURS)
			set(s, iif, NP_FIB_ACCEPT_LOCAL, 1);
		else if (s->x.d->why == NP_WHY_SRC_LOOPBACK)
			set(s, iif, NP_FIB_ROUTE_LOCALNET, 1);
		else
			return false;
		break;
	case NP_V_MARTIAN_DESTINATION:
		if (s->x.d->why != NP_WHY_DST_LOOPBACK)
			return false;
		set(s, iif, NP_FIB_ROUTE_LOCALNET, 1);
		break;
	default:
		return false;
	}
	return decide(s);
}

/* Rules look at what nobody knows of a reply: its mark, its user. */
static bool guesswork(const struct np_fib *fib, const struct np_flow *f)
{
	for (size_t i = 0; i < fib->n_rules; i++)
		if (fib->rules[i].set & (NP_FRULE_FWMARK | NP_FRULE_UID))
			return true;
	/* an address that needs its link: a socket has it from the packet */
	return fib->family == AF_INET6 && (f->src[0] == 0xfe || f->dst[0] == 0xfe);
}

bool np_suppose_reply(struct np_supposed *s)
{
	static const uint8_t none[16];
	enum np_verdict v = s->x.d->verdict;
	const struct np_flow f = s->flow;
	int vrf = np_fib_l3mdev(&s->host.fib, f.iif);

	if (!f.iif || (v != NP_V_UNICAST && v != NP_V_LOCAL) || !memcmp(f.src, none, 16) ||
	    guesswork(&s->host.fib, &f))
		return false;
	memcpy(s->flow.dst, f.src, 16);
	memcpy(s->flow.src, f.dst, 16);
	s->flow.sport = f.dport;
	s->flow.dport = f.sport;
	s->flow.set |= NP_FLOW_SRC;
	s->flow.mark = 0;
	s->flow.iif = v == NP_V_UNICAST ? s->x.d->dev : 0;
	s->flow.oif = v == NP_V_UNICAST ? 0 : vrf; /* its socket is the VRF's */
	return decide(s);
}
