// SPDX-License-Identifier: GPL-2.0-or-later
/* Values of an explanation in words. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "lib/explain.h"

/* Errors that a lookup can give; the names that scripts of the check use. */
static const struct {
	int err;
	const char *name;
} errnos[] = {
	{ EINVAL, "EINVAL" },           { ENETUNREACH, "ENETUNREACH" },
	{ EHOSTUNREACH, "EHOSTUNREACH" }, { EACCES, "EACCES" },
	{ EXDEV, "EXDEV" },             { ENODEV, "ENODEV" },
	{ EPERM, "EPERM" },             { ENOMEM, "ENOMEM" },
	{ ENOBUFS, "ENOBUFS" },         { EAGAIN, "EAGAIN" },
	{ EOPNOTSUPP, "EOPNOTSUPP" },   { ENETDOWN, "ENETDOWN" },
	{ EADDRNOTAVAIL, "EADDRNOTAVAIL" }, { EMSGSIZE, "EMSGSIZE" },
};

const char *np_explain_errno_name(int err, char buf[16])
{
	for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++)
		if (errnos[i].err == err)
			return errnos[i].name;
	snprintf(buf, 16, "E%d", err);
	return buf;
}

int np_explain_errno(const struct np_explanation *x)
{
	if (np_verdict_passes(x->d->verdict) && x->agrees)
		return 0;
	return np_explain_asked(x) ? x->kernel->err : x->d->err;
}

const char *np_explain_addr(const struct np_explanation *x, const uint8_t *b,
			    char buf[NP_ADDR_STRLEN])
{
	uint8_t family = x->host->fib.family;

	return np_addr_text(family, b, np_family_len(family), buf);
}

const char *np_explain_prefix(const struct np_explanation *x, const struct np_fib_route *r,
			      char buf[NP_ADDR_STRLEN + 8])
{
	size_t n;

	if (!r->dst_bits)
		return "default";
	np_explain_addr(x, r->dst, buf);
	n = strlen(buf);
	snprintf(buf + n, NP_ADDR_STRLEN + 8 - n, "/%u", r->dst_bits);
	return buf;
}

const char *np_explain_table(const struct np_explanation *x, uint32_t table, char buf[NP_NAME_MAX])
{
	return np_names_text(x->host->names, NP_NAMES_TABLE, table, buf);
}

const char *np_explain_dev(const struct np_explanation *x, int ifindex)
{
	const char *name = np_fib_dev_name(&x->host->fib, ifindex);

	return *name ? name : "nowhere";
}

const struct np_fib_check *np_explain_check(const struct np_explanation *x,
					    enum np_fib_check_name name)
{
	for (size_t i = 0; i < x->d->n_checks; i++)
		if (x->d->checks[i].name == name)
			return &x->d->checks[i];
	return NULL;
}

const struct np_fib_conf_row *np_explain_conf(enum np_fib_check_name name)
{
	switch (name) {
	case NP_CHK_RP_FILTER:
		return &np_fib_conf[NP_FIB_RP_FILTER];
	case NP_CHK_ACCEPT_LOCAL:
		return &np_fib_conf[NP_FIB_ACCEPT_LOCAL];
	case NP_CHK_ROUTE_LOCALNET:
		return &np_fib_conf[NP_FIB_ROUTE_LOCALNET];
	case NP_CHK_FORWARDING:
		return &np_fib_conf[NP_FIB_FORWARDING];
	default:
		return NULL;
	}
}

const char *np_explain_decided_by(const struct np_explanation *x, const struct np_fib_check *c)
{
	const struct np_fib_conf_row *row = np_explain_conf(c->name);
	bool all;

	if (!row || row->join == NP_FIB_OWN)
		return np_fib_dev_name(&x->host->fib, c->dev);
	/* the larger, or the one that is on: on a tie `all`, which must be changed first */
	all = row->join == NP_FIB_MAX ? c->all && c->all >= c->own : c->all;
	return all ? "all" : np_fib_dev_name(&x->host->fib, c->dev);
}

const char *np_explain_route(const struct np_explanation *x, uint32_t route, uint32_t nh,
			     char buf[NP_EXPLAIN_ROUTE_MAX])
{
	const struct np_fib *fib = &x->host->fib;
	const struct np_fib_route *r = &fib->routes[route];
	char prefix[NP_ADDR_STRLEN + 8], src[NP_ADDR_STRLEN], type[NP_NAME_MAX];
	struct np_line l = { .n = 0 };

	if (r->type != RTN_UNICAST) /* which is not said, as ip has it */
		np_line_add(&l, "%s ", np_names_rttype(x->host->names, r->type, type));
	np_line_add(&l, "%s", np_explain_prefix(x, r, prefix));
	if (r->tos)
		np_line_add(&l, " tos 0x%02x", r->tos);
	if (r->n_nh > nh) {
		np_line_add(&l, " ");
		np_explain_hop(x, &fib->nhs[r->nh + nh], &l);
	}
	/* a hint that somebody gave; an address's own routes all have one */
	if (r->has_prefsrc && r->protocol != RTPROT_KERNEL)
		np_line_add(&l, " src %s", np_explain_addr(x, r->prefsrc, src));
	if (r->priority)
		np_line_add(&l, " metric %u", r->priority);
	memcpy(buf, l.b, l.n + 1);
	return buf;
}

/* The reasons, in the words that follow "source ADDRESS" or stand alone. */
const char *np_explain_why(enum np_fib_why why)
{
	static const char *const words[NP_WHY_N] = {
		[NP_WHY_NO_IP] = "the interface is down or has no IP",
		[NP_WHY_NO_DEV] = "there is no such interface",
		[NP_WHY_SRC_MULTICAST] = "a multicast or broadcast address is nobody's source",
		[NP_WHY_SRC_ZERO] = "the packet has no source address",
		[NP_WHY_SRC_LOOPBACK] = "a loopback source outside lo",
		[NP_WHY_SRC_OURS] = "the source is an address of this host itself",
		[NP_WHY_SRC_TYPE] = "the route back to the source is not to a host",
		[NP_WHY_SRC_FOREIGN] = "the source is no address of this host",
		[NP_WHY_DST_ZERO] = "the packet has no destination",
		[NP_WHY_DST_LOOPBACK] = "a loopback destination from outside",
		[NP_WHY_DST_TYPE] = "nothing can be forwarded to such a route",
		[NP_WHY_NOT_MEMBER] = "the interface has not joined the group",
		[NP_WHY_RP_NO_ROUTE] = "there is no route back to the source",
		[NP_WHY_RP_OTHER_DEV] = "the route back leaves by another interface",
		[NP_WHY_RP_NO_ADDR] = "the interface has no address of its own",
		[NP_WHY_RULE] = "the rule says so",
		[NP_WHY_VRF_LINK] = "a VRF is no link and has no link-local addresses: "
				    "name one of its links",
		[NP_WHY_OIF_FORCED] = "nothing was found, but the interface was named: "
				      "taken as on its link",
	};

	return words[why] ? words[why] : "";
}

static const struct {
	uint32_t bit;
	const char *word;
} selectors[] = {
	{ NP_FRULE_SRC, "from" },       { NP_FRULE_DST, "to" },
	{ NP_FRULE_IIF, "iif" },        { NP_FRULE_OIF, "oif" },
	{ NP_FRULE_FWMARK, "fwmark" },  { NP_FRULE_TOS, "tos" },
	{ NP_FRULE_DSCP, "dscp" },      { NP_FRULE_UID, "uidrange" },
	{ NP_FRULE_IPPROTO, "ipproto" }, { NP_FRULE_SPORT, "sport" },
	{ NP_FRULE_DPORT, "dport" },    { NP_FRULE_TUN_ID, "tun_id" },
	{ NP_FRULE_L3MDEV, "l3mdev" },  { NP_FRULE_FLOWLABEL, "flowlabel" },
};

const char *np_explain_selector_word(uint32_t bit)
{
	for (size_t i = 0; i < sizeof(selectors) / sizeof(selectors[0]); i++)
		if (selectors[i].bit == bit)
			return selectors[i].word;
	return "not"; /* all selectors fit, and the rule is inverted */
}
