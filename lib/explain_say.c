// SPDX-License-Identifier: GPL-2.0-or-later
/* What an explanation says, a sentence a function. */
#include "lib/explain.h"

#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

/* What refused: "rule 14996", "route 10.0.0.0/8 in table main". */
static void add_refuser(const struct np_explanation *x, struct np_line *l)
{
	const struct np_fib_walk *w = &x->d->walk;
	char prefix[NP_ADDR_STRLEN + 8], table[NP_NAME_MAX];

	if (w->route != NP_FIB_NONE)
		np_line_add(l, "route %s in table %s",
			    np_explain_prefix(x, &x->host->fib.routes[w->route], prefix),
		    np_explain_table(x, w->table, table));
	else if (w->rule != NP_FIB_NONE)
		np_line_add(l, "rule %u", x->host->fib.rules[w->rule].priority);
}

static void add_path(const struct np_explanation *x, struct np_line *l)
{
	char gateway[NP_ADDR_STRLEN];

	if (x->d->gateway_family)
		np_line_add(l, " via %s",
			    np_addr_text(x->d->gateway_family, x->d->gateway,
					 np_family_len(x->d->gateway_family), gateway));
	if (x->d->dev)
		np_line_add(l, " dev %s", np_explain_dev(x, x->d->dev));
}

/* Broadcast or multicast that comes in and is not sent on. */
static bool is_received(const struct np_explanation *x)
{
	const struct np_fib_dev *dev = np_fib_dev(&x->host->fib, x->d->dev);

	return x->flow->iif && x->d->verdict != NP_V_UNICAST && dev &&
	       (dev->flags & IFF_LOOPBACK || dev->vrf_table ||
		x->host->fib.family == AF_INET6);
}

static void add_passed(const struct np_explanation *x, struct np_line *l)
{
	static const char *const in[NP_V_N] = {
		[NP_V_UNICAST] = ": forwarded", [NP_V_LOCAL] = ": for this host",
		[NP_V_BROADCAST] = ": received", [NP_V_MULTICAST] = ": received",
	};
	static const char *const out[NP_V_N] = {
		[NP_V_UNICAST] = ": sent", [NP_V_LOCAL] = ": to this host itself",
	};
	const char *words = (x->flow->iif ? in : out)[x->d->verdict];
	const struct np_fib_check *member = np_explain_check(x, NP_CHK_MEMBER);
	char src[NP_ADDR_STRLEN];

	if (member && !member->pass)
		words = ": for others, not joined here";
	np_line_add(l, "%s%s", np_verdict_name(x->d->verdict), words ? words : "");
	/* what is received stays here: the kernel calls that dev lo */
	if (x->d->verdict != NP_V_LOCAL && !is_received(x))
		add_path(x, l);
	if (np_explain_asked(x) && !x->kernel->err && !x->flow->iif &&
	    !(x->flow->set & NP_FLOW_SRC) && (x->kernel->answer.set & NP_RT_PREFSRC))
		np_line_add(l, " from %s", np_explain_addr(x, x->kernel->answer.prefsrc, src));
}

/* The lookup itself refused, and that is the verdict, or would be but for another. */
static void add_refused(const struct np_explanation *x, struct np_line *l)
{
	enum np_verdict v = np_fib_refusal(x->d);
	char addr[NP_ADDR_STRLEN];

	if (v == NP_V_NO_ROUTE) {
		np_line_add(l, "NO ROUTE to %s", np_explain_addr(x, x->flow->dst, addr));
		if (!x->d->looked || x->d->walk.rule == NP_FIB_NONE)
			return;
		np_line_add(l, ": unreachable by ");
	} else {
		np_line_add(l, "%s by ", v == NP_V_BLACKHOLE ? "BLACKHOLE" :
			    v == NP_V_PROHIBIT ? "PROHIBITED" : "UNREACHABLE");
	}
	add_refuser(x, l);
}

/* Forwarding that is off comes first, but to switch it on would not be enough. */
static void add_also_refused(const struct np_explanation *x, struct np_line *l)
{
	if (x->d->verdict != NP_V_FORWARDING_OFF || !x->d->walk.err)
		return;
	np_line_add(l, ", and ");
	add_refused(x, l);
}

static void add_dropped(const struct np_explanation *x, struct np_line *l)
{
	const struct np_flow *f = x->flow;
	char addr[NP_ADDR_STRLEN];

	switch (x->d->verdict) {
	case NP_V_RP_FILTER:
		np_line_add(l, "DROPPED by rp_filter on %s", np_explain_dev(x, f->iif));
		break;
	case NP_V_FORWARDING_OFF:
		np_line_add(l, "DROPPED: forwarding is off on %s", np_explain_dev(x, f->iif));
		add_also_refused(x, l);
		break;
	case NP_V_MARTIAN_SOURCE:
		np_line_add(l, "DROPPED: martian source %s on %s", np_explain_addr(x, f->src, addr),
			    np_explain_dev(x, f->iif));
		break;
	case NP_V_MARTIAN_DESTINATION:
		np_line_add(l, "DROPPED: martian destination %s on %s",
			    np_explain_addr(x, f->dst, addr), np_explain_dev(x, f->iif));
		break;
	case NP_V_INVALID_SOURCE:
		np_line_add(l, "REFUSED: source %s", np_explain_addr(x, f->src, addr));
		break;
	case NP_V_NO_ROUTE:
	case NP_V_BLACKHOLE:
	case NP_V_UNREACHABLE:
	case NP_V_PROHIBIT:
		add_refused(x, l);
		break;
	case NP_V_NO_DEVICE:
		np_line_add(l, "NO SUCH INTERFACE");
		break;
	default:
		np_line_add(l, "REFUSED by %s", np_explain_dev(x, f->iif ? f->iif : f->oif));
		break;
	}
}

void np_explain_verdict(const struct np_explanation *x, struct np_line *l)
{
	if (np_verdict_passes(x->d->verdict))
		add_passed(x, l);
	else
		add_dropped(x, l);
}

void np_explain_agrees(const struct np_explanation *x, struct np_line *l)
{
	char err[16];

	if (!np_explain_asked(x))
		np_line_add(l, "kernel not asked");
	else if (x->agrees)
		np_line_add(l, "kernel agrees");
	else
		np_line_add(l, "KERNEL DISAGREES");
	if (np_explain_asked(x) && x->kernel->err)
		np_line_add(l, " (%s)", np_explain_errno_name(x->kernel->err, err));
}

/* "rp_filter=1 on enp5s0 (from all)": the sysctl that a check failed by. */
static void add_setting(const struct np_explanation *x, const struct np_fib_check *c,
			struct np_line *l)
{
	const struct np_fib_conf_row *row = np_explain_conf(c->name);
	const char *by = np_explain_decided_by(x, c);

	np_line_add(l, "%s=%d on %s", row->name, c->value, np_explain_dev(x, c->dev));
	if (row->join != NP_FIB_OWN && !strcmp(by, "all"))
		np_line_add(l, " (from all)");
}

static void add_rp_cause(const struct np_explanation *x, struct np_line *l)
{
	const struct np_fib_check *c = np_explain_check(x, NP_CHK_RP_FILTER);
	char src[NP_ADDR_STRLEN];

	add_setting(x, c, l);
	np_explain_addr(x, x->flow->src, src);
	if (x->d->why == NP_WHY_RP_OTHER_DEV && c->reverse_dev)
		np_line_add(l, ": replies to %s leave by %s", src,
			    np_explain_dev(x, c->reverse_dev));
	else if (x->d->why == NP_WHY_RP_NO_ROUTE)
		np_line_add(l, ": no route leads back to %s", src);
	else
		np_line_add(l, ": %s", np_explain_why(x->d->why));
}

void np_explain_cause(const struct np_explanation *x, struct np_line *l)
{
	const struct np_fib_check *rp = np_explain_check(x, NP_CHK_RP_FILTER);
	const struct np_fib_check *fwd = np_explain_check(x, NP_CHK_FORWARDING);

	if (x->d->verdict == NP_V_RP_FILTER && rp && rp->has_value) {
		add_rp_cause(x, l);
		return;
	}
	if (x->d->verdict == NP_V_FORWARDING_OFF && fwd && fwd->has_value) {
		add_setting(x, fwd, l);
		add_also_refused(x, l);
		return;
	}
	np_explain_verdict(x, l);
	if (!np_verdict_passes(x->d->verdict) && x->d->why != NP_WHY_NONE &&
	    x->d->why != NP_WHY_RULE)
		np_line_add(l, ": %s", np_explain_why(x->d->why));
}

static void add_miss(const struct np_explanation *x, struct np_line *l, const struct np_fib_step *s)
{
	char table[NP_NAME_MAX];

	if (np_fib_next_bits(&x->host->fib, s->table, 128) < 0)
		np_line_add(l, "table %s is empty", np_explain_table(x, s->table, table));
	else
		np_line_add(l, "no match in table %s", np_explain_table(x, s->table, table));
}

static void add_suppressed(const struct np_explanation *x, struct np_line *l,
			   const struct np_fib_step *s)
{
	const struct np_fib_rule *r = &x->host->fib.rules[s->rule];
	unsigned bits = x->host->fib.routes[s->route].dst_bits;
	char route[NP_EXPLAIN_ROUTE_MAX];

	np_line_add(l, "%s: turned away, ", np_explain_route(x, s->route, 0, route));
	if ((int)bits <= r->suppress_prefixlen)
		np_line_add(l, "its length %u is not above %d", bits, r->suppress_prefixlen);
	else
		np_line_add(l, "its interface is of the group");
}

void np_explain_step(const struct np_explanation *x, const struct np_fib_step *s,
		     struct np_line *l)
{
	const struct np_fib_walk *w = &x->d->walk;
	char route[NP_EXPLAIN_ROUTE_MAX];

	switch (s->result) {
	case NP_FR_HIT:
		if (s->route != NP_FIB_NONE)
			np_line_add(l, "%s", np_explain_route(x, s->route, w->nh, route));
		else
			np_line_add(l, "matches");
		break;
	case NP_FR_MISS:
		add_miss(x, l, s);
		break;
	case NP_FR_THROW:
		np_line_add(l, "%s: on to the next rule", np_explain_route(x, s->route, 0, route));
		break;
	case NP_FR_SUPPRESSED:
		add_suppressed(x, l, s);
		break;
	case NP_FR_GOTO:
		np_line_add(l, "goes on at %u", x->host->fib.rules[s->rule].goto_priority);
		break;
	case NP_FR_NOP:
		np_line_add(l, "does nothing");
		break;
	case NP_FR_SKIP:
		np_line_add(l, "does not match: %s", np_explain_selector_word(s->differs));
		break;
	}
}

void np_explain_way_back(const struct np_explanation *x, struct np_line *l)
{
	const struct np_fib_check *c = np_explain_check(x, NP_CHK_RP_FILTER);
	const struct np_fib_walk *w = &x->d->back;
	char src[NP_ADDR_STRLEN], route[NP_EXPLAIN_ROUTE_MAX], table[NP_NAME_MAX];

	np_line_add(l, "%s: ", np_explain_addr(x, x->flow->src, src));
	if (w->route == NP_FIB_NONE)
		np_line_add(l, "no route");
	else
		np_line_add(l, "%s%s%s", /* "local local …" would say it twice */
			    w->table == RT_TABLE_LOCAL ? "" : np_explain_table(x, w->table, table),
			    w->table == RT_TABLE_LOCAL ? "" : " ",
			    np_explain_route(x, w->route, w->nh, route));
	if (c && !c->pass && c->reverse_dev)
		np_line_add(l, ", not %s", np_explain_dev(x, x->flow->iif));
}

void np_explain_sysctl(const struct np_explanation *x, const struct np_fib_check *c,
		       struct np_line *l)
{
	static const char *const modes[] = { "off", "strict", "loose" };
	const struct np_fib_conf_row *row = np_explain_conf(c->name);

	np_line_add(l, "%d", c->value);
	if (c->name == NP_CHK_RP_FILTER && c->value >= 0 && c->value < 3)
		np_line_add(l, ", %s", modes[c->value]);
	if (c->name == NP_CHK_FORWARDING && x->host->fib.family == AF_INET6)
		np_line_add(l, " on all interfaces");
	else if (row->join == NP_FIB_OWN)
		np_line_add(l, " on %s", np_explain_dev(x, c->dev));
	else
		np_line_add(l, ": %s of all=%d and %s=%d",
			    row->join == NP_FIB_MAX ? "the larger" : "either", c->all,
			    np_explain_dev(x, c->dev), c->own);
}
