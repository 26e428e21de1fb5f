// SPDX-License-Identifier: GPL-2.0-or-later
/* What loses a packet that has its route, or may: the link and the neighbour behind it. */
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/explain.h"
#include "lib/explain_cure.h"
#include "lib/explain_suppose.h"
#include "lib/neigh.h"

struct notes {
	const struct np_explanation *x;
	struct np_explain_note *n;
	size_t count;
};

static struct np_explain_note *add(struct notes *to, const char *name)
{
	struct np_explain_note *n = &to->n[to->count++];

	n->name = name;
	n->lost = n->maybe = false;
	n->says.n = 0;
	n->says.b[0] = n->brief[0] = '\0';
	n->remedy = (struct np_explain_remedy){ .what = NULL };
	return n;
}

__attribute__((format(printf, 2, 3))) static void brief(struct np_explain_note *n,
							const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(n->brief, sizeof(n->brief), fmt, ap);
	va_end(ap);
}

/* The link that the packet leaves by; NULL: it stays here, or does not get so far. */
static const struct np_fib_dev *way_out(const struct np_explanation *x)
{
	bool leaves = x->d->verdict == NP_V_UNICAST ||
		      (np_verdict_passes(x->d->verdict) && !x->flow->iif);

	return leaves && x->d->dev ? np_fib_dev(&x->host->fib, x->d->dev) : NULL;
}

static bool no_carrier(const struct np_fib_dev *dev)
{
	return dev->flags & IFF_UP && !(dev->flags & IFF_LOWER_UP);
}

/* The question's other words, as `prt explain` takes them. */
static void add_words(const struct np_explanation *x, struct np_line *l)
{
	const struct np_flow *f = x->flow;
	char addr[NP_ADDR_STRLEN];

	if (f->set & NP_FLOW_SRC)
		np_line_add(l, " from %s", np_explain_addr(x, f->src, addr));
	if (f->iif)
		np_line_add(l, " iif %s", np_explain_dev(x, f->iif));
	if (f->oif)
		np_line_add(l, " oif %s", np_explain_dev(x, f->oif));
	if (f->mark)
		np_line_add(l, " mark %#x", f->mark);
	if (f->tos)
		np_line_add(l, " tos %#x", f->tos);
	if (f->set & NP_FLOW_UID)
		np_line_add(l, " uid %u", f->uid);
	if (f->set & NP_FLOW_IPPROTO)
		np_line_add(l, " ipproto %u", f->ipproto);
	if (f->sport)
		np_line_add(l, " sport %u", f->sport);
	if (f->dport)
		np_line_add(l, " dport %u", f->dport);
	if (f->len)
		np_line_add(l, " len %u", f->len);
}

/* All else that is said is about a packet whose destination is another by then. */
static void note_nat(struct notes *to)
{
	const struct np_nat_mapping *m = to->x->nat;
	struct np_explain_note *n;
	uint8_t becomes[16];
	char addr[NP_ADDR_STRLEN];

	if (!m)
		return;
	n = add(to, "static_nat");
	np_line_add(&n->says, "the destination is changed first, by ");
	np_nat_add_text(&n->says, m, np_explain_dev(to->x, (int)m->ifindex));
	np_line_add(&n->says, ": ask prt explain ");
	if (np_nat_becomes(m, to->x->flow->dst, becomes))
		np_line_add(&n->says, "%s", np_explain_addr(to->x, becomes, addr));
	else /* RFC 6296: the checksum chooses */
		np_line_add(&n->says, "ADDRESS");
	add_words(to->x, &n->says);
}

static void note_link_in(struct notes *to)
{
	const struct np_fib_dev *dev = np_fib_dev(&to->x->host->fib, to->x->flow->iif);
	struct np_explain_note *n;

	if (!dev || (dev->flags & IFF_UP && !no_carrier(dev)))
		return;
	n = add(to, "link");
	n->lost = true;
	brief(n, "%s %s", dev->name, no_carrier(dev) ? "has no carrier" : "is down");
	np_line_add(&n->says, "%s: nothing comes in by it", n->brief);
	if (!no_carrier(dev))
		np_cure(&n->remedy, "bring up the link that it comes in by", "ip link set %s up",
			dev->name);
}

static void note_link_out(struct notes *to)
{
	const struct np_fib_dev *dev = way_out(to->x);
	struct np_explain_note *n;

	if (!dev || !no_carrier(dev) || dev->ifindex == to->x->flow->iif)
		return;
	n = add(to, "link");
	n->lost = true;
	brief(n, "%s has no carrier", dev->name);
	np_line_add(&n->says, "%s: what is sent there is lost", n->brief);
	np_advise(&n->remedy, "bring back the carrier of the link: its other end, the cable");
}

const struct np_fib_addr *np_explain_asleep(const struct np_explanation *x)
{
	const struct np_fib *fib = &x->host->fib;
	uint32_t route = x->d->walk.route;
	unsigned best = x->d->looked && route != NP_FIB_NONE ? fib->routes[route].dst_bits + 1u : 0;
	const struct np_fib_addr *found = NULL;

	for (size_t i = 0; i < fib->n_addrs; i++) {
		const struct np_fib_addr *a = &fib->addrs[i];
		const struct np_fib_dev *dev = np_fib_dev(fib, a->ifindex);

		if (a->family != fib->family || !dev || dev->flags & IFF_UP ||
		    a->flags & IFA_F_NOPREFIXROUTE || a->bits < best ||
		    !np_bits_equal(a->b, x->flow->dst, a->bits))
			continue;
		best = a->bits + 1u;
		found = a;
	}
	return found;
}

/* A network of the destination is on a link that is down, and its route with it. */
static void note_asleep(struct notes *to)
{
	const struct np_explanation *x = to->x;
	const struct np_fib_addr *a;
	struct np_explain_note *n;
	char addr[NP_ADDR_STRLEN];

	if (!x->d->looked || (x->d->verdict != NP_V_UNICAST && !x->d->walk.err))
		return;
	a = np_explain_asleep(x);
	if (!a)
		return;
	n = add(to, "link");
	np_line_add(&n->says, "%s is down: the destination is in the network of its %s/%u",
		    np_explain_dev(x, a->ifindex), np_explain_addr(x, a->b, addr), a->bits);
	if (np_verdict_passes(x->d->verdict))
		np_cure(&n->remedy, "bring up the link of its network", "ip link set %s up",
			np_explain_dev(x, a->ifindex));
}

/*
 * FAILED is of the packet before: the next one is kept back while he is asked anew. The two
 * states take turns then, so the brief is the same for both.
 */
static void note_neighbour(struct notes *to)
{
	const struct np_neigh *hop = to->x->neigh;
	const char *how, *dev = hop ? np_explain_dev(to->x, hop->ifindex) : "";
	struct np_explain_note *n;
	char addr[NP_ADDR_STRLEN];

	if (!hop || !np_neigh_silent(hop))
		return;
	how = hop->family == AF_INET ? "ARP" : "ND";
	n = add(to, "neighbour");
	n->maybe = true;
	np_addr_text(hop->family, hop->addr, np_family_len(hop->family), addr);
	brief(n, "%s has not answered %s", addr, how);
	if (hop->state & NUD_FAILED)
		np_line_add(&n->says, "%s did not answer %s when it was last asked: %s on %s; the "
			    "packet waits for a new %s, and is lost if nobody answers "
			    "(EHOSTUNREACH)", addr, how, np_neigh_state(hop), dev, how);
	else
		np_line_add(&n->says, "%s yet: %s on %s; the packet waits, and is lost if nobody "
			    "does (EHOSTUNREACH)", n->brief, np_neigh_state(hop), dev);
	np_advise(&n->remedy,
		  "see that it is up and on this link: its address, the cable, the VLAN");
}

/* What the kernel has learned of the path: only its answer shows it, as a metric. */
static uint32_t path_mtu(const struct np_explanation *x)
{
	const struct np_metrics *m;

	if (x->flow->iif || !np_explain_asked(x) || x->kernel->err)
		return 0;
	m = &x->kernel->answer.metrics;
	return m->set & 1u << RTAX_MTU ? m->v[RTAX_MTU] : 0;
}

/* ip_dst_mtu_maybe_forward(), ip6_dst_mtu_maybe_forward(): the route's comes before the link's. */
uint32_t np_explain_mtu(const struct np_explanation *x, struct np_line *l)
{
	const struct np_fib_dev *dev = way_out(x);
	const struct np_fib *fib = &x->host->fib;
	uint32_t path, route, link;

	if (!dev || x->d->verdict != NP_V_UNICAST)
		return 0;
	path = path_mtu(x);
	route = x->d->route != NP_FIB_NONE ? fib->routes[x->d->route].mtu : 0;
	link = fib->family == AF_INET6 && dev->mtu6 ? dev->mtu6 : dev->mtu;
	if (l && path && path != route)
		np_line_add(l, "%u of the path", path);
	else if (l && route)
		np_line_add(l, "%u of the route", route);
	else if (l)
		np_line_add(l, "%u of %s", link, dev->name);
	return path ? path : route ? route : link;
}

/* Who may fragment does, unless DF forbids it: nobody does on the way of an IPv6 packet. */
static void note_mtu(struct notes *to)
{
	const struct np_explanation *x = to->x;
	bool ip4 = x->host->fib.family == AF_INET;
	struct np_line whose = { .n = 0 };
	uint32_t mtu = np_explain_mtu(x, &whose);
	struct np_explain_note *n;
	char src[NP_ADDR_STRLEN];

	if (!mtu || x->flow->len <= mtu)
		return;
	n = add(to, "mtu");
	n->lost = x->flow->iif && !ip4;
	n->maybe = !n->lost;
	np_line_add(&n->says, "%u bytes are %u too long for the %s", x->flow->len,
		    x->flow->len - mtu, whose.b);
	brief(n, "%s%s", n->lost ? "" : x->flow->iif ? "with DF " : "in one piece ", n->says.b);
	np_explain_addr(x, x->flow->src, src);
	if (!x->flow->iif)
		np_line_add(&n->says, ": sent in fragments, or refused (EMSGSIZE) where the socket "
			    "forbids them");
	else if (ip4)
		np_line_add(&n->says, ": it goes on in fragments; with DF it is dropped, and %s is "
			    "told (ICMP fragmentation needed, mtu %u)", src, mtu);
	else
		np_line_add(&n->says, ": it is dropped, and %s is told (ICMPv6 packet too big, "
			    "mtu %u)", src, mtu);
	np_advise(&n->remedy,
		  "send less; for TCP let that ICMP through, or clamp the MSS to the mtu");
}

bool np_explain_neighbour(const struct np_explanation *x, struct np_line *l)
{
	const struct np_neigh *hop = x->neigh;
	char addr[NP_ADDR_STRLEN], lladdr[3 * NP_NEIGH_LLADDR];

	if (!hop || np_neigh_silent(hop))
		return false;
	np_line_add(l, "%s: ", np_addr_text(hop->family, hop->addr, np_family_len(hop->family),
					    addr));
	if (hop->known)
		np_line_add(l, "%s on %s", np_neigh_state(hop), np_explain_dev(x, hop->ifindex));
	else
		np_line_add(l, "not asked for on %s yet", np_explain_dev(x, hop->ifindex));
	if (hop->lladdr_len)
		np_line_add(l, ", lladdr %s", np_neigh_lladdr(hop, lladdr));
	return true;
}

bool np_explain_hop_of(const struct np_explanation *x, struct np_neigh *hop)
{
	const struct np_fib_decision *d = x->d;
	const struct np_fib_dev *dev = np_fib_dev(&x->host->fib, d->dev);
	const bool far = d->gateway_family;

	*hop = (struct np_neigh){ .family = far ? d->gateway_family : x->host->fib.family,
				  .ifindex = d->dev };
	memcpy(hop->addr, far ? d->gateway : x->flow->dst, sizeof(hop->addr));
	return d->verdict == NP_V_UNICAST && dev && !(dev->flags & (IFF_NOARP | IFF_LOOPBACK));
}

bool np_explain_reply(const struct np_explanation *x, struct np_explain_note *n)
{
	struct np_explain_remedy r[NP_EXPLAIN_REMEDIES];
	struct notes to = { .x = x, .n = n };
	struct np_supposed s;
	bool refused;

	refused = !np_suppose_init(&s, x) && np_suppose_reply(&s) &&
		  !np_verdict_passes(s.x.d->verdict);
	if (refused) {
		add(&to, "replies");
		np_line_add(&n->says, "are lost: ");
		np_explain_cause(&s.x, &n->says);
		if (np_explain_remedies(&s.x, r))
			n->remedy = r[0];
	}
	np_suppose_clean(&s);
	return refused;
}

size_t np_explain_notes(const struct np_explanation *x, struct np_explain_note n[NP_EXPLAIN_NOTES])
{
	struct notes to = { .x = x, .n = n };

	note_nat(&to);
	note_link_in(&to);
	note_link_out(&to);
	note_asleep(&to);
	note_neighbour(&to);
	note_mtu(&to);
	return to.count;
}
