// SPDX-License-Identifier: GPL-2.0-or-later
#include "ip/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "lib/cli.h"
#include "lib/route_fields.h"
#include "lib/snapshot.h"
#include "lib/vrf.h"

static const char *address_of(uint8_t family)
{
	switch (family) {
	case AF_INET:
		return "an IPv4 address";
	case AF_INET6:
		return "an IPv6 address";
	case AF_MPLS:
		return "an MPLS label (a number below 1048576)";
	case AF_PACKET:
		return "a link address";
	case AF_BRIDGE:
		return "an address of family bridge, which has none but \"any\"";
	default:
		return "an IPv4 or IPv6 address";
	}
}

static const char *prefix_of(uint8_t family)
{
	switch (family) {
	case AF_INET:
		return "an IPv4 prefix";
	case AF_INET6:
		return "an IPv6 prefix";
	case AF_MPLS:
		return "an MPLS label";
	default:
		return "an IPv4 or IPv6 prefix";
	}
}

int word_addr(struct np_args *a, uint8_t family, struct np_addr *addr, struct np_err *err)
{
	const char *word;
	int ret = np_args_need(a, &word, address_of(family), err);

	if (ret)
		return ret;
	return np_addr_parse(addr, word, family) ? np_args_bad(a, address_of(family), err) : 0;
}

int word_is_prefix(struct np_args *a, const char *word, uint8_t family, struct np_addr *addr,
		   struct np_err *err)
{
	if (np_prefix_parse(addr, word, family))
		return np_args_bad(a, prefix_of(family), err);
	return 0;
}

int word_prefix(struct np_args *a, uint8_t family, struct np_addr *addr, struct np_err *err)
{
	const char *word;
	int ret = np_args_need(a, &word, prefix_of(family), err);

	return ret ? ret : word_is_prefix(a, word, family, addr, err);
}

int word_u32(struct np_args *a, const char *what, uint32_t max, uint32_t *v, struct np_err *err)
{
	const char *word;
	uint64_t n;
	int ret = np_args_need(a, &word, what, err);

	if (ret)
		return ret;
	if (np_parse_uint(word, 0, max, &n))
		return np_args_bad(a, what, err);
	*v = (uint32_t)n;
	return 0;
}

int word_name(struct np_args *a, const struct prt *p, enum np_names_db db, const char *what,
	      uint32_t *id, struct np_err *err)
{
	const char *word;
	int ret = np_args_need(a, &word, what, err);

	if (ret)
		return ret;
	return np_names_parse(p->show.names, db, word, id) ? np_args_bad(a, what, err) : 0;
}

int word_realms(struct np_args *a, const struct prt *p, uint32_t *realms, struct np_err *err)
{
	static const char what[] = "a realm, or SOURCE/DESTINATION realms";
	const char *word;
	int ret = np_args_need(a, &word, what, err);

	if (ret)
		return ret;
	return np_names_parse_realms(p->show.names, word, realms) ? np_args_bad(a, what, err) : 0;
}

int word_vrf(struct np_args *a, const struct prt *p, uint32_t *table, struct np_err *err)
{
	const char *word;
	uint32_t ifindex, id = 0;
	int ret = np_args_need(a, &word, "the name of a VRF", err);

	if (ret)
		return ret;
	ifindex = np_links_index(p->show.links, word);
	if (ifindex && p->snapshot) {
		const struct np_fib_dev *d = np_fib_dev(&p->snapshot->hosts[0].fib, (int)ifindex);

		id = d ? d->vrf_table : 0;
	} else if (ifindex && np_vrf_table(p->nl, ifindex, &id, NULL)) {
		id = 0;
	}
	if (!id)
		return np_args_bad(a, "the name of a VRF", err);
	if (table)
		*table = id;
	return 0;
}

void word_family(struct np_args *a, uint8_t *family)
{
	const char *word = np_args_peek(a);
	int found = word ? np_family_parse(word) : -EINVAL;

	if (found < 0)
		return;
	np_args_next(a);
	*family = (uint8_t)found;
}

void words_copy_addr(uint8_t to[16], const struct np_addr *from)
{
	memcpy(to, from->b, 16);
}

int word_hop(struct np_args *a, uint8_t family, struct np_hop *hop, struct np_err *err)
{
	struct np_addr addr;
	const char *word;
	int ret;

	if (family != AF_MPLS) {
		ret = word_addr(a, family, &addr, err);
		if (ret)
			return ret;
		hop->family = addr.family;
		hop->len = addr.len;
		memcpy(hop->b, addr.b, addr.len);
		return 0;
	}
	ret = np_args_need(a, &word, "MPLS labels", err);
	if (ret)
		return ret;
	ret = np_mpls_parse(word, hop->b, sizeof(hop->b));
	if (ret < 0)
		return np_args_bad(a, "MPLS labels (100/200)", err);
	hop->family = AF_MPLS;
	hop->len = (uint8_t)ret;
	return 0;
}

int words_unknown(struct np_args *a, const struct np_route_word *rows, const char *expected,
		  struct np_err *err)
{
	const char *word = a->argv[a->at - 1];
	struct np_nearest near = { .word = word };

	for (const struct np_route_word *row = rows; row->word; row++)
		np_nearest_try(&near, row->word);
	if (near.best)
		return np_args_fail(a, err, "\"%s\" is neither %s nor a word known here: "
				    "did you mean \"%s\"?", word, expected, near.best);
	return np_args_bad(a, expected, err);
}

/* A number, maybe with a fraction, and a unit or none: then it is what the wire has (raw). */
static int parse_ms(const char *word, uint32_t *ms, bool *raw)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = {
		{ "s", 1000 },  { "sec", 1000 }, { "secs", 1000 },
		{ "ms", 1 },    { "msec", 1 },   { "msecs", 1 },
	};
	double t, factor = 0;
	char *end;

	if (strchr(word, '.'))
		t = strtod(word, &end);
	else
		t = (double)strtoul(word, &end, 0);
	*raw = !*end;
	if (*raw)
		factor = 1;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!strcasecmp(end, units[i].unit))
			factor = units[i].factor;
	}
	t *= factor;
	if (end == word || !factor || !(t >= 0) || t > UINT32_MAX)
		return -EINVAL;
	*ms = (uint32_t)t;
	if (*ms < t)
		(*ms)++;
	return 0;
}

static int metric_time(struct np_args *a, const char *word, unsigned factor, uint32_t *v,
		       struct np_err *err)
{
	bool raw;
	uint32_t ms;

	if (parse_ms(word, &ms, &raw))
		return np_args_bad(a, "a time (250ms, 2s)", err);
	*v = raw ? ms : ms * factor;
	return 0;
}

static int metric_number(struct np_args *a, const char *word, uint32_t max, const char *what,
			 uint32_t *v, struct np_err *err)
{
	uint64_t n;

	if (np_parse_uint(word, 0, max, &n))
		return np_args_bad(a, what, err);
	*v = (uint32_t)n;
	return 0;
}

/* What is too long is cut, as the kernel does it: no name is found then. */
static int metric_name(const char *word, struct np_metrics *m)
{
	snprintf(m->cc, sizeof(m->cc), "%s", word);
	return 0;
}

int word_metric(struct np_args *a, unsigned rtax, struct np_metrics *m, struct np_err *err)
{
	const struct np_metric_row *row = &np_metric_rows[rtax];
	const char *word;
	int ret = np_args_need(a, &word, "a value", err);

	if (!ret && !row->no_lock && !strcmp(word, "lock")) {
		m->lock |= 1u << rtax;
		ret = np_args_need(a, &word, "a value", err);
	}
	if (ret)
		return ret;
	m->set |= 1u << rtax;
	switch (row->kind) {
	case NP_MK_BYTE:
		return metric_number(a, word, 255, "a number up to 255", &m->v[rtax], err);
	case NP_MK_BOOL:
		return metric_number(a, word, 1, "0 or 1", &m->v[rtax], err);
	case NP_MK_RTT:
		return metric_time(a, word, 8, &m->v[rtax], err);
	case NP_MK_RTTVAR:
		return metric_time(a, word, 4, &m->v[rtax], err);
	case NP_MK_RTO_MIN:
		m->lock |= 1u << rtax;
		return metric_time(a, word, 1, &m->v[rtax], err);
	case NP_MK_FEATURES:
		m->v[rtax] = 1; /* RTAX_FEATURE_ECN, the only one a user may set */
		return strcmp(word, "ecn") ? np_args_bad(a, "a feature (ecn)", err) : 0;
	case NP_MK_NAME:
		return metric_name(word, m);
	default:
		return metric_number(a, word, UINT32_MAX, "a number", &m->v[rtax], err);
	}
}
