// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/explain.h"

#include <bsd/string.h>
#include <netinet/in.h>
#include <string.h>

/* All that one run over a packet needs. */
struct explaining {
	struct explain_host *host;
	const struct np_explain_host *known;
	struct packet *p;
	struct packet_explained *x;
	struct np_err *err;
	struct np_flow flow;
	struct packet_routing other;
};

/* A link, or the VRF that it is in: what a line calls OUT. */
static bool is_dev(const struct np_fib *fib, int ifindex, const char *name)
{
	const struct np_fib_dev *d = np_fib_dev(fib, ifindex);

	if (!d || !name)
		return false;
	return !strcmp(d->name, name) ||
		(d->master && !strcmp(np_fib_dev_name(fib, d->master), name));
}

/* The nexthop of the decision's route that the log shows to have been taken; nh: the model's. */
static bool find_nexthop(const struct np_explanation *x, const char *out, uint32_t *nh)
{
	const struct np_fib *fib = &x->host->fib;
	const struct np_fib_route *r;

	*nh = x->d->walk.nh;
	if (is_dev(fib, x->d->dev, out))
		return true;
	if (!x->d->multipath || x->d->route == NP_FIB_NONE)
		return false;
	r = &fib->routes[x->d->route];
	for (uint32_t k = 0; k < r->n_nh; k++) {
		if (is_dev(fib, fib->nhs[r->nh + k].ifindex, out)) {
			*nh = k;
			return true;
		}
	}
	return false;
}

/* Whether the step is where the decision leads. */
static bool as_logged(const struct np_explanation *x, enum explain_way way,
	const struct packet_step *st, uint32_t *nh)
{
	*nh = x->d->walk.nh;
	if (!np_verdict_passes(x->d->verdict))
		return false;
	if (way == WAY_IN && st->hook == NP_HOOK_INPUT)
		return x->d->verdict != NP_V_UNICAST;
	if (way == WAY_IN && x->d->verdict == NP_V_LOCAL)
		return false;
	return find_nexthop(x, st->ev.out, nh);
}

static enum explained_kernel kernel_of(const struct np_explanation *x)
{
	if (!np_explain_asked(x))
		return KERNEL_NOT_ASKED;
	return x->agrees ? KERNEL_AGREES : KERNEL_DISAGREES;
}

static void tell_rule(const struct np_explanation *x, struct packet_routing *r)
{
	const struct np_explain_rule *words = &x->host->rules[x->d->walk.rule];

	r->priority = x->host->fib.rules[x->d->walk.rule].priority;
	np_line_add(&r->rule, "%s ", words->selector);
	r->action = r->rule.n;
	np_line_add(&r->rule, "%s", words->action);
}

static void tell_route(const struct np_explanation *x, uint32_t nh, struct packet_routing *r)
{
	const struct np_fib *fib = &x->host->fib;
	const struct np_fib_route *route = &fib->routes[x->d->walk.route];
	const struct np_fib_nh *hop = route->n_nh > nh ? &fib->nhs[route->nh + nh] : NULL;
	char text[NP_EXPLAIN_ROUTE_MAX], table[NP_NAME_MAX], prefix[NP_ADDR_STRLEN + 8];

	np_line_add(&r->route, "%s", np_explain_route(x, x->d->walk.route, nh, text));
	np_line_add(&r->table, "%s", np_explain_table(x, x->d->walk.table, table));
	strlcpy(r->prefix, np_explain_prefix(x, route, prefix), sizeof(r->prefix));
	r->gateway[0] = r->dev[0] = '\0';
	r->via6 = hop && fib->family == AF_INET && hop->gateway_family == AF_INET6;
	if (hop && hop->gateway_family)
		np_addr_text(hop->gateway_family, hop->gateway, np_family_len(hop->gateway_family),
			     r->gateway);
	if (hop && hop->ifindex)
		strlcpy(r->dev, np_fib_dev_name(fib, hop->ifindex), sizeof(r->dev));
}

/* The facts of a decision in words. */
static void tell(const struct np_explanation *x, uint32_t nh, struct packet_routing *r)
{
	const struct np_fib_walk *w = &x->d->walk;

	r->verdict = x->d->verdict;
	r->kernel = kernel_of(x);
	r->has_rule = x->d->looked && w->rule != NP_FIB_NONE;
	r->has_route = x->d->looked && w->route != NP_FIB_NONE;
	r->rule.n = r->route.n = r->table.n = r->says.n = r->asked.n = 0;
	r->rule.b[0] = r->route.b[0] = r->table.b[0] = '\0';
	if (r->has_rule)
		tell_rule(x, r);
	if (r->has_route)
		tell_route(x, nh, r);
	np_explain_cause(x, &r->says);
	np_explain_agrees(x, &r->asked);
}

/*
 * Asks about a packet: 1 and its decision in d, 0 where that cannot be (why says
 * what), or -errno.
 */
static int ask(struct explaining *e, enum explain_way way, const struct np_trace_event *ev,
	const struct np_hdr *h, struct np_explanation *d, struct explain_why *why)
{
	int ret;

	if (!explain_flow(&e->known->fib, way, ev, h, &e->flow, why))
		return 0;
	ret = e->host->decide(e->host, h->family, &e->flow, d, e->err);
	if (ret)
		return ret;
	if (way == WAY_IN || d->d->verdict != NP_V_INVALID_SOURCE)
		return 1;
	/* a socket may send from any (FLOWI_FLAG_ANYSRC): the model would refuse it */
	why->text = "the source is no address of the host now";
	return 0;
}

static void settle(struct explaining *e, enum explain_way way, uint32_t step,
	const struct np_explanation *d, struct packet_routing *r)
{
	uint32_t nh;
	bool fits = as_logged(d, way, &e->p->steps[step], &nh);

	r->step = step;
	r->fit = fits ? FIT_AS_LOGGED : FIT_CHANGED;
	tell(d, nh, r);
}

static bool same_route(const struct packet_routing *a, const struct packet_routing *b)
{
	return a->priority == b->priority && !strcmp(a->rule.b, b->rule.b) &&
		!strcmp(a->route.b, b->route.b);
}

/*
 * A socket of TCP looks up with its source; another may have none yet, and rules may
 * tell the two apart. Returns 1 with the one that holds in r, 0 where that is open, or
 * -errno.
 */
static int without_source(struct explaining *e, uint32_t step, struct packet_routing *r)
{
	const struct np_hdr *h = &e->p->steps[step].ev.hdr;
	struct np_explanation d;
	int ret;

	if (h->set & NP_HDR_PROTO && h->proto == IPPROTO_TCP)
		return 1;
	memset(e->flow.src, 0, sizeof(e->flow.src));
	e->flow.set &= ~(uint32_t)NP_FLOW_SRC;
	ret = e->host->decide(e->host, h->family, &e->flow, &d, e->err);
	if (ret)
		return ret;
	settle(e, WAY_OUT, step, &d, &e->other);
	if (e->other.fit == r->fit)
		return same_route(r, &e->other);
	if (e->other.fit == FIT_AS_LOGGED)
		*r = e->other;
	return 1;
}

/* The decision before a step, where there was one and it is known. */
static int before(struct explaining *e, uint32_t step)
{
	enum explain_way way = explain_way_before(e->p, step);
	const struct np_trace_event *ev = &e->p->steps[step].ev;
	struct packet_routing *r = &e->x->routings[e->x->n];
	struct np_explanation d;
	struct explain_why why;
	int ret;

	if (way == WAY_NONE || e->x->n >= EXPLAINED_MAX - 1)
		return 0;
	ret = ask(e, way, ev, &ev->hdr, &d, &why);
	if (ret == 1) {
		settle(e, way, step, &d, r);
		if (way == WAY_OUT)
			ret = without_source(e, step, r);
	}
	if (ret == 1)
		e->x->n++;
	return ret < 0 ? ret : 0;
}

/* ---- the end of a vanished packet ---- */

static enum packet_cause cause_of(enum np_verdict v)
{
	switch (v) {
	case NP_V_BLACKHOLE:
	case NP_V_UNREACHABLE:
	case NP_V_PROHIBIT:
	case NP_V_NO_ROUTE:
		return CAUSE_NO_ROUTE;
	case NP_V_RP_FILTER:
		return CAUSE_RP_FILTER;
	case NP_V_FORWARDING_OFF:
		return CAUSE_FORWARDING;
	case NP_V_MARTIAN_SOURCE:
	case NP_V_MARTIAN_DESTINATION:
	case NP_V_INVALID_SOURCE:
		return CAUSE_MARTIAN;
	default:
		return CAUSE_COUNT;
	}
}

static uint32_t bit(enum packet_cause cause)
{
	return UINT32_C(1) << cause;
}

/* What cannot have been: the packet got past it. */
static uint32_t excluded(enum np_verdict v)
{
	uint32_t set = bit(CAUSE_MARTIAN) | bit(CAUSE_NO_ROUTE) | bit(CAUSE_RP_FILTER) |
		bit(CAUSE_FORWARDING);

	if (v != NP_V_UNICAST)
		set |= bit(CAUSE_TTL) | bit(CAUSE_MTU) | bit(CAUSE_SOURCE_ROUTE);
	else
		set |= bit(CAUSE_FRAGMENTS);
	return set;
}

static void leave_out(struct packet_outcome *o, uint32_t set)
{
	unsigned n = 0;

	for (unsigned i = 0; i < o->n_causes; i++)
		if (!(set & bit(o->causes[i])))
			o->causes[n++] = o->causes[i];
	o->n_causes = (uint8_t)n;
}

static void only(struct packet_outcome *o, enum packet_cause cause)
{
	o->causes[0] = (uint8_t)cause;
	o->n_causes = 1;
}

/* ip_forward(), ip6_forward(): it is the packet's own TTL, and it was seen. */
static bool ttl_ran_out(const struct packet *p, enum np_verdict v)
{
	const struct np_hdr *h = &packet_last(p)->hdr;

	return v == NP_V_UNICAST && packet_last(p)->out && !*packet_last(p)->out &&
		h->set & NP_HDR_TTL && h->ttl <= 1;
}

/* ip_forward(), ip6_forward(): the way out is known, and how long the packet is. */
static bool mtu_decides(const struct packet_explained *x, const struct np_hdr *h)
{
	return x->lost->verdict == NP_V_UNICAST && x->mtu && h->set & NP_HDR_LEN;
}

/*
 * One of TCP (or of UDP with DF, where a driver does that) that is longer may be several that
 * were put together, each of which fits: that is left open.
 */
static bool too_long(const struct packet_explained *x, const struct np_hdr *h)
{
	return mtu_decides(x, h) && h->len > x->mtu && h->set & NP_HDR_PROTO &&
		h->proto != IPPROTO_TCP && h->proto != IPPROTO_UDP;
}

/*
 * What the log itself proves stays; and a verdict that may be about another packet
 * than the one that was lost takes nothing away.
 */
static void decide_cause(struct packet *p, struct packet_explained *x, const struct np_hdr *h,
			 bool joined)
{
	enum np_verdict v = x->lost->verdict;
	enum packet_cause c = np_verdict_passes(v) ? CAUSE_COUNT : cause_of(v);
	struct packet_outcome *o = &p->outcome;
	uint32_t had = 0;

	for (unsigned i = 0; i < o->n_causes; i++)
		had |= bit(o->causes[i]);
	if (x->unless != UNLESS_NOTHING || x->lost->kernel == KERNEL_DISAGREES)
		return;
	if (!o->evident && mtu_decides(x, h) && h->len <= x->mtu)
		leave_out(o, bit(CAUSE_MTU));
	if (ttl_ran_out(p, v) && had & bit(CAUSE_TTL))
		c = CAUSE_TTL;
	else if (!o->evident && too_long(x, h) && had & bit(CAUSE_MTU))
		c = CAUSE_MTU;
	if (v == NP_V_MULTICAST && !joined) {
		had |= bit(CAUSE_NOT_JOINED);
		c = CAUSE_NOT_JOINED;
	}
	if (v == NP_V_LOCAL && had & bit(CAUSE_FRAGMENTS)) {
		only(o, CAUSE_FRAGMENTS);
		o->n_expected = 0;
		x->decided = true;
		return;
	}
	o->state = PACKET_VANISHED; /* a fragment, too: it does not wait for the others */
	if (c != CAUSE_COUNT && (!o->evident || had & bit(c))) {
		only(o, c);
		x->decided = true;
	} else if (np_verdict_passes(v) && !o->evident) {
		leave_out(o, excluded(v));
	}
}

static int lost(struct explaining *e)
{
	enum explain_way way = explain_way_lost(e->p);
	struct packet_routing *r = &e->x->routings[e->x->n];
	const struct np_fib_check *member;
	struct np_explanation d;
	struct explain_why why;
	struct np_hdr h;
	int ret;

	if (way == WAY_NONE || !packet_lost_hdr(e->p, &h))
		return 0;
	ret = ask(e, way, packet_last(e->p), &h, &d, &why);
	if (ret != 1) {
		e->x->not_asked = why.text;
		e->x->not_asked_dev = why.dev;
		return ret;
	}
	r->step = e->p->n_steps;
	r->fit = FIT_LOST;
	tell(&d, d.d->walk.nh, r);
	e->x->n++;
	e->x->lost = r;
	e->x->unless = explain_unless(e->p, way);
	if (r->verdict == NP_V_RP_FILTER && d.d->looked_back)
		np_explain_way_back(&d, &e->x->way_back);
	e->x->n_remedies = np_explain_remedies(&d, e->x->remedies);
	e->x->mtu = np_explain_mtu(&d, NULL);
	member = np_explain_check(&d, NP_CHK_MEMBER);
	decide_cause(e->p, e->x, &h, !member || member->pass);
	return 0;
}

int explain_packet(struct explain_host *host, struct packet *p, struct packet_explained *x,
	struct np_err *err)
{
	struct explaining e = { .host = host, .p = p, .x = x, .err = err };
	uint8_t family = packet_first(p)->hdr.family;
	bool any = explain_way_lost(p) != WAY_NONE;
	int ret;

	x->n = 0;
	x->lost = NULL;
	x->decided = false;
	x->not_asked = x->not_asked_dev = NULL;
	x->unless = UNLESS_NOTHING;
	x->way_back.n = 0;
	x->way_back.b[0] = '\0';
	x->n_remedies = 0;
	x->mtu = 0;
	for (uint32_t i = 0; i < p->n_steps && !any; i++)
		any = explain_way_before(p, i) != WAY_NONE;
	if (!any || (family != AF_INET && family != AF_INET6))
		return 0; /* the host need not be read for it */
	ret = host->get(host, family, &e.known, err);
	for (uint32_t i = 0; i < p->n_steps && !ret; i++)
		ret = before(&e, i);
	return ret ? ret : lost(&e);
}
