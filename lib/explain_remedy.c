// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands that would let a packet through. */
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/explain.h"
#include "lib/explain_cure.h"
#include "lib/explain_suppose.h"
#include "lib/sysctl.h"

struct list {
	struct np_explain_remedy *r;
	size_t n;
};

void np_cure(struct np_explain_remedy *r, const char *what, const char *fmt, ...)
{
	va_list ap;

	if (!r)
		return;
	r->what = what;
	r->also = false;
	va_start(ap, fmt);
	vsnprintf(r->command, sizeof(r->command), fmt, ap);
	va_end(ap);
}

void np_advise(struct np_explain_remedy *r, const char *what)
{
	np_cure(r, what, "%s", "");
}

static struct np_explain_remedy *room(struct list *l)
{
	return l->n < NP_EXPLAIN_REMEDIES ? &l->r[l->n++] : NULL;
}

/* A sysctl of the interface: sysctl(8) has its own way with a dot in a name. */
static void put_conf(struct list *l, const char *what, const char *dev, const char *key, int value)
{
	char name[NP_SYSCTL_NAME_MAX];

	np_cure(room(l), what, "sysctl -w %s=%d", np_sysctl_conf(AF_INET, dev, key, name), value);
}

static const char *in_dev(const struct np_explanation *x)
{
	return np_fib_dev_name(&x->host->fib, x->flow->iif);
}

/* " vrf red": where the packet's lookup begins, if that is not the table main; else "". */
static const char *in_vrf(const struct np_explanation *x, char buf[NP_IFNAMSIZ + 8])
{
	const struct np_flow *f = x->flow;
	int vrf = np_fib_l3mdev(&x->host->fib, f->oif ? f->oif : f->iif);

	snprintf(buf, NP_IFNAMSIZ + 8, vrf ? " vrf %s" : "%s",
		 vrf ? np_explain_dev(x, vrf) : "");
	return buf;
}

/*
 * The source is on the link, or the link hands packets to whoever is at its other end; and
 * without a network on it no gateway is reached by it.
 */
static bool on_link(const struct np_fib *fib, const struct np_fib_dev *dev, const uint8_t *src)
{
	bool any = false;

	for (size_t i = 0; i < fib->n_addrs; i++) {
		const struct np_fib_addr *a = &fib->addrs[i];

		if (a->family != fib->family || a->ifindex != dev->ifindex || a->bits > 31)
			continue;
		if (np_bits_equal(a->b, src, a->bits))
			return true;
		any = true;
	}
	return !any || dev->flags & (IFF_POINTOPOINT | IFF_NOARP);
}

/* A router that any route by the link has; NULL: none is known. */
static const uint8_t *router_on(const struct np_fib *fib, int ifindex)
{
	for (size_t i = 0; i < fib->n_nhs; i++)
		if (fib->nhs[i].ifindex == ifindex && fib->nhs[i].gateway_family == AF_INET)
			return fib->nhs[i].gateway;
	return NULL;
}

/*
 * The source is made to be behind the interface that it came in by, in the table where the
 * way back was found: a source that is not on the link is behind a router.
 */
static void put_way_back(const struct np_explanation *x, struct list *l)
{
	const struct np_fib *fib = &x->host->fib;
	const struct np_fib_dev *dev = np_fib_dev(fib, x->flow->iif);
	const struct np_fib_walk *w = &x->d->back;
	const uint8_t *router = router_on(fib, x->flow->iif);
	const struct np_fib_route *r = w->route != NP_FIB_NONE ? &fib->routes[w->route] : NULL;
	char src[NP_ADDR_STRLEN], gateway[NP_ADDR_STRLEN], table[NP_NAME_MAX];
	char vrf[NP_IFNAMSIZ + 8];
	struct np_line way = { .n = 0 };

	if (!dev || !np_suppose_route_back(x))
		return;
	np_line_add(&way, "%s", np_explain_addr(x, x->flow->src, src));
	if (!on_link(fib, dev, x->flow->src))
		np_line_add(&way, " via %s",
			    router ? np_explain_addr(x, router, gateway) : "GATEWAY");
	np_line_add(&way, " dev %s", dev->name);
	if (r && r->table != RT_TABLE_MAIN)
		np_line_add(&way, " table %s", np_explain_table(x, r->table, table));
	else if (!r)
		np_line_add(&way, "%s", in_vrf(x, vrf));
	np_cure(room(l), "send what goes to it back by the same interface", "prt route %s %s",
		r && r->dst_bits == 32 ? "replace" : "add", way.b);
}

/* The larger of all and the interface counts: 2 on the interface is enough, 0 must be on both. */
static void rp_filter(const struct np_explanation *x, struct list *l)
{
	char name[NP_SYSCTL_NAME_MAX];

	if (np_suppose_marked(x))
		put_conf(l, "look up the way back with the packet's mark, too", in_dev(x),
			 "src_valid_mark", 1);
	if (x->d->why == NP_WHY_RP_OTHER_DEV)
		put_conf(l, "accept any source that has a route at all", in_dev(x), "rp_filter", 2);
	put_way_back(x, l);
	if (x->d->why == NP_WHY_RP_NO_ADDR)
		np_cure(room(l), "accept any source",
			"sysctl -w net.ipv4.conf.all.rp_filter=0 %s=0",
			np_sysctl_conf(AF_INET, in_dev(x), "rp_filter", name));
	else if (x->d->why == NP_WHY_RP_NO_ROUTE)
		np_cure(room(l), "accept any source; a reply needs a route all the same",
			"sysctl -w net.ipv4.conf.all.rp_filter=0 %s=0",
			np_sysctl_conf(AF_INET, in_dev(x), "rp_filter", name));
}

/* The option without which rules and `default` would be IPv4's. */
static const char *six(const struct np_explanation *x)
{
	return x->host->fib.family == AF_INET6 ? "-6 " : "";
}

static bool is_lbcast(const uint8_t *a)
{
	return a[0] == 255 && a[1] == 255 && a[2] == 255 && a[3] == 255;
}

static bool is_loopback(const struct np_explanation *x)
{
	static const uint8_t one[16] = { [15] = 1 };

	return x->host->fib.family == AF_INET ? x->flow->dst[0] == 127 :
	       !memcmp(x->flow->dst, one, sizeof(one));
}

static void no_route(const struct np_explanation *x, struct list *l)
{
	bool ip4 = x->host->fib.family == AF_INET;
	const struct np_fib_dev *lo = np_fib_loopback(&x->host->fib);
	const struct np_fib_addr *asleep = np_explain_asleep(x);
	const uint8_t *to = x->flow->dst;
	char dst[NP_ADDR_STRLEN], vrf[NP_IFNAMSIZ + 8];

	in_vrf(x, vrf);
	if (np_explain_any_passed_over(x))
		np_advise(room(l), "bring back the link of the route that was passed over");
	if (asleep)
		np_cure(room(l), "bring up the link of its network", "ip link set %s up",
			np_explain_dev(x, asleep->ifindex));
	else if (lo && !(lo->flags & IFF_UP) && is_loopback(x))
		np_cure(room(l), "bring up the link of its network", "ip link set %s up", lo->name);
	else if (ip4 && is_lbcast(to))
		np_advise(room(l), "a broadcast goes out by an interface that is named: oif DEV");
	else if (ip4 && to[0] >> 4 == 0xe)
		np_cure(room(l), "say by which interface multicast goes out",
			"prt route add 224.0.0.0/4 dev DEV%s", vrf);
	else if (!ip4 && to[0] == 0xff)
		np_cure(room(l), "say by which interface multicast goes out",
			"prt -6 route add multicast ff00::/8 dev DEV%s",
			*vrf ? vrf : " table local");
	else
		np_cure(room(l), "add a route that leads there", "prt route add %s via GATEWAY%s",
			np_explain_addr(x, to, dst), vrf);
}

static void refused(const struct np_explanation *x, struct list *l)
{
	const struct np_fib_walk *w = &x->d->walk;
	char prefix[NP_ADDR_STRLEN + 8], type[NP_NAME_MAX], table[NP_NAME_MAX];

	if (w->rule != NP_FIB_NONE && w->route == NP_FIB_NONE) {
		const struct np_fib_rule *r = &x->host->fib.rules[w->rule];

		np_cure(room(l), "take the rule away", "prt %srule del priority %u %s %s", six(x),
			r->priority, x->host->rules[w->rule].selector,
			x->host->rules[w->rule].action);
	} else if (w->route != NP_FIB_NONE) {
		const struct np_fib_route *r = &x->host->fib.routes[w->route];

		np_cure(room(l), "take the route away", "prt %sroute del %s %s table %s", six(x),
			np_names_rttype(x->host->names, r->type, type),
			np_explain_prefix(x, r, prefix), np_explain_table(x, r->table, table));
	} else {
		no_route(x, l);
	}
}

/*
 * Replies come in by the interface that the packet goes out by. ip_forward is written to all
 * of them, but only when its own value changes (devinet_sysctl_forward()).
 */
static void forwarding_off(const struct np_explanation *x, struct list *l)
{
	const struct np_fib_dev *out = np_suppose_out(x);
	char in[NP_SYSCTL_NAME_MAX], back[NP_SYSCTL_NAME_MAX];

	if (x->host->fib.family == AF_INET6) {
		np_cure(room(l), "forward", "sysctl -w net.ipv6.conf.all.forwarding=1");
		return;
	}
	if (out && out->ifindex != x->flow->iif && !out->conf[NP_FIB_FORWARDING])
		np_cure(room(l), "forward what comes in by it, and the replies",
			"sysctl -w %s=1 %s=1",
			np_sysctl_conf(AF_INET, in_dev(x), "forwarding", in),
			np_sysctl_conf(AF_INET, out->name, "forwarding", back));
	else
		put_conf(l, "forward what comes in by it", in_dev(x), "forwarding", 1);
	if (!x->host->fib.all[NP_FIB_FORWARDING])
		np_cure(room(l), "forward on all interfaces", "sysctl -w net.ipv4.ip_forward=1");
}

static void martian_source(const struct np_explanation *x, struct list *l)
{
	if (x->d->why == NP_WHY_SRC_OURS) {
		put_conf(l, "accept packets that say they come from this host", in_dev(x),
			 "accept_local", 1);
		np_advise(room(l),
			  "if another host has the address, too: one of the two must change it");
	} else if (x->d->why == NP_WHY_SRC_LOOPBACK) {
		put_conf(l, "let 127.0.0.0/8 cross this interface", in_dev(x), "route_localnet", 1);
	} else if (x->d->why == NP_WHY_SRC_ZERO) {
		np_advise(room(l), "ask with the packet's source: from ADDRESS");
	}
}

static void invalid_source(const struct np_explanation *x, struct list *l)
{
	char src[NP_ADDR_STRLEN];

	np_explain_addr(x, x->flow->src, src);
	if (x->d->why == NP_WHY_SRC_FOREIGN) {
		np_advise(room(l), "if the packet comes in from elsewhere, ask with iif DEV");
		np_cure(room(l), "give the address to this host", "ip address add %s dev DEV", src);
	} else if (x->d->why == NP_WHY_SRC_LOOPBACK && x->d->n_checks) {
		put_conf(l, "let 127.0.0.0/8 cross this interface",
			 np_fib_dev_name(&x->host->fib, x->d->checks[x->d->n_checks - 1].dev),
			 "route_localnet", 1);
	}
}

/* Of the verdict alone. */
static void by_verdict(const struct np_explanation *x, struct list *l)
{
	switch (x->d->verdict) {
	case NP_V_RP_FILTER:
		rp_filter(x, l);
		break;
	case NP_V_FORWARDING_OFF:
		forwarding_off(x, l);
		break;
	case NP_V_BLACKHOLE:
	case NP_V_PROHIBIT:
	case NP_V_UNREACHABLE:
	case NP_V_NO_ROUTE:
		if (x->d->why == NP_WHY_VRF_LINK)
			break;
		if (x->d->why != NP_WHY_NO_IP) {
			refused(x, l);
			break;
		}
		np_cure(room(l), "bring the interface up", "ip link set %s up",
			np_fib_dev_name(&x->host->fib, x->flow->oif));
		break;
	case NP_V_MARTIAN_SOURCE:
		martian_source(x, l);
		break;
	case NP_V_MARTIAN_DESTINATION:
		if (x->d->why == NP_WHY_DST_LOOPBACK)
			put_conf(l, "let 127.0.0.0/8 cross this interface", in_dev(x),
				 "route_localnet", 1);
		break;
	case NP_V_INVALID_SOURCE:
		invalid_source(x, l);
		break;
	default:
		break;
	}
}

/* The first remedy of what stops the packet next, or stops its reply. */
static void put_also(const struct np_explanation *x, struct list *l, bool reply)
{
	struct np_explain_remedy r[NP_EXPLAIN_REMEDIES] = { 0 };
	struct list next = { .r = r };

	by_verdict(x, &next);
	if (!next.n || l->n == NP_EXPLAIN_REMEDIES)
		return;
	l->r[l->n] = r[0];
	l->r[l->n].also = true;
	if (reply)
		l->r[l->n].what = "for the replies, which would be refused";
	l->n++;
}

#define AT_MOST 4 /* settings that stop one packet */

/* A setting that is right lets the packet come to the next. */
static void follow_up(const struct np_explanation *x, struct list *l)
{
	struct np_supposed s;
	bool passes = false;

	if (!np_suppose_init(&s, x)) {
		for (unsigned i = 0; i < AT_MOST && !passes && np_suppose_cured(&s); i++) {
			passes = np_verdict_passes(s.x.d->verdict);
			if (!passes)
				put_also(&s.x, l, false);
		}
		if (passes && np_suppose_reply(&s) && !np_verdict_passes(s.x.d->verdict))
			put_also(&s.x, l, true);
	}
	np_suppose_clean(&s);
}

size_t np_explain_remedies(const struct np_explanation *x,
			   struct np_explain_remedy r[NP_EXPLAIN_REMEDIES])
{
	struct list l = { .r = r };

	by_verdict(x, &l);
	if (l.n)
		follow_up(x, &l);
	return l.n;
}
