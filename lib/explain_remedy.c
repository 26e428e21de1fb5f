// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands that would let a packet through. */
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>

#include "lib/explain.h"

struct list {
	struct np_explain_remedy *r;
	size_t n;
};

__attribute__((format(printf, 3, 4))) static void put(struct list *l, const char *what,
						      const char *fmt, ...)
{
	va_list ap;

	if (l->n == NP_EXPLAIN_REMEDIES)
		return;
	l->r[l->n].what = what;
	va_start(ap, fmt);
	vsnprintf(l->r[l->n].command, NP_EXPLAIN_REMEDY_MAX, fmt, ap);
	va_end(ap);
	l->n++;
}

static const char *in_dev(const struct np_explanation *x)
{
	return np_fib_dev_name(&x->host->fib, x->flow->iif);
}

/* The larger of all and the interface counts: 2 on the interface is enough, 0 must be on both. */
static void rp_filter(const struct np_explanation *x, struct list *l)
{
	char src[NP_ADDR_STRLEN];

	np_explain_addr(x, x->flow->src, src);
	if (x->d->why == NP_WHY_RP_OTHER_DEV)
		put(l, "accept any source that has a route at all",
		    "sysctl -w net.ipv4.conf.%s.rp_filter=2", in_dev(x));
	put(l, "send what goes to it back by the same interface", "prt route add %s dev %s", src,
	    in_dev(x));
	if (x->d->why != NP_WHY_RP_OTHER_DEV)
		put(l, "accept any source",
		    "sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.%s.rp_filter=0",
		    in_dev(x));
}

static void refused(const struct np_explanation *x, struct list *l)
{
	const struct np_fib_walk *w = &x->d->walk;
	char prefix[NP_ADDR_STRLEN + 8], type[NP_NAME_MAX], table[NP_NAME_MAX];

	if (w->rule != NP_FIB_NONE && w->route == NP_FIB_NONE) {
		const struct np_fib_rule *r = &x->host->fib.rules[w->rule];

		put(l, "take the rule away", "prt rule del priority %u %s %s", r->priority,
		    x->host->rules[w->rule].selector, x->host->rules[w->rule].action);
	} else if (w->route != NP_FIB_NONE) {
		const struct np_fib_route *r = &x->host->fib.routes[w->route];

		put(l, "take the route away", "prt route del %s %s table %s",
		    np_names_rttype(x->host->names, r->type, type), np_explain_prefix(x, r, prefix),
		    np_explain_table(x, r->table, table));
	} else {
		put(l, "add a route that leads there", "prt route add %s via GATEWAY",
		    np_explain_addr(x, x->flow->dst, prefix));
	}
}

static void martian_source(const struct np_explanation *x, struct list *l)
{
	if (x->d->why == NP_WHY_SRC_OURS)
		put(l, "accept packets that say they come from this host",
		    "sysctl -w net.ipv4.conf.%s.accept_local=1", in_dev(x));
	else if (x->d->why == NP_WHY_SRC_LOOPBACK)
		put(l, "let 127.0.0.0/8 cross this interface",
		    "sysctl -w net.ipv4.conf.%s.route_localnet=1", in_dev(x));
	else if (x->d->why == NP_WHY_SRC_ZERO)
		put(l, "ask with the packet's source: from ADDRESS", "%s", "");
}

static void invalid_source(const struct np_explanation *x, struct list *l)
{
	char src[NP_ADDR_STRLEN];

	np_explain_addr(x, x->flow->src, src);
	if (x->d->why == NP_WHY_SRC_FOREIGN) {
		put(l, "if the packet comes in from elsewhere, ask with iif DEV", "%s", "");
		put(l, "give the address to this host", "ip address add %s dev DEV", src);
	} else if (x->d->why == NP_WHY_SRC_LOOPBACK && x->d->n_checks) {
		put(l, "let 127.0.0.0/8 cross this interface",
		    "sysctl -w net.ipv4.conf.%s.route_localnet=1",
		    np_fib_dev_name(&x->host->fib, x->d->checks[x->d->n_checks - 1].dev));
	}
}

size_t np_explain_remedies(const struct np_explanation *x,
			   struct np_explain_remedy r[NP_EXPLAIN_REMEDIES])
{
	struct list l = { .r = r };

	switch (x->d->verdict) {
	case NP_V_RP_FILTER:
		rp_filter(x, &l);
		break;
	case NP_V_FORWARDING_OFF:
		if (x->host->fib.family == AF_INET6) {
			put(&l, "forward", "sysctl -w net.ipv6.conf.all.forwarding=1");
			break;
		}
		put(&l, "forward what comes in by it", "sysctl -w net.ipv4.conf.%s.forwarding=1",
		    in_dev(x));
		put(&l, "forward on all interfaces", "sysctl -w net.ipv4.ip_forward=1");
		break;
	case NP_V_BLACKHOLE:
	case NP_V_PROHIBIT:
	case NP_V_UNREACHABLE:
	case NP_V_NO_ROUTE:
		if (x->d->why != NP_WHY_NO_IP) {
			refused(x, &l);
			break;
		}
		put(&l, "bring the interface up", "ip link set %s up",
		    np_fib_dev_name(&x->host->fib, x->flow->oif));
		break;
	case NP_V_MARTIAN_SOURCE:
		martian_source(x, &l);
		break;
	case NP_V_MARTIAN_DESTINATION:
		if (x->d->why == NP_WHY_DST_LOOPBACK)
			put(&l, "let 127.0.0.0/8 cross this interface",
			    "sysctl -w net.ipv4.conf.%s.route_localnet=1", in_dev(x));
		break;
	case NP_V_INVALID_SOURCE:
		invalid_source(x, &l);
		break;
	default:
		break;
	}
	return l.n;
}
