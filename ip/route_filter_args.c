// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/rtnetlink.h>
#include <string.h>

#include "ip/route_filter.h"
#include "ip/route_verbs.h"
#include "ip/words.h"
#include "lib/cli.h"
#include "lib/route_fields.h"

struct selector {
	struct prt *p;
	struct route_filter *f;
	const char *iif, *oif; /* looked up at the end: the last one counts */
	int iif_word, oif_word;
};

static int key_table(struct selector *s, struct np_args *a, struct np_err *err)
{
	const char *word;
	uint32_t table;
	int ret = np_args_need(a, &word, "a routing table, all or cache", err);

	if (ret)
		return ret;
	if (!np_names_parse(s->p->show.names, NP_NAMES_TABLE, word, &table))
		s->f->table = table;
	else if (!strcmp(word, "all"))
		s->f->table = 0;
	else if (!strcmp(word, "cache"))
		s->f->cached = true;
	else if (!strcmp(word, "help"))
		return np_err_help(err);
	else
		return np_args_bad(a, "a routing table (a name or a number), all or cache", err);
	return 0;
}

static int key_vrf(struct selector *s, struct np_args *a, struct np_err *err)
{
	s->f->types = ~(1ULL << RTN_LOCAL | 1ULL << RTN_BROADCAST);
	return word_vrf(a, s->p, &s->f->table, err);
}

static int key_tos(struct selector *s, struct np_args *a, struct np_err *err)
{
	uint32_t tos;
	int ret = word_name(a, s->p, NP_NAMES_DSFIELD, "a DS field (a name, or hex up to ff)",
			    &tos, err);

	s->f->set |= ROUTE_FILTER_TOS;
	if (!ret)
		s->f->tos = (uint8_t)tos;
	return ret;
}

/* A word of a database, or `all`, which takes back what was said. */
static int name_or_all(struct selector *s, struct np_args *a, enum np_names_db db, uint32_t bit,
		       const char *what, uint8_t *v, struct np_err *err)
{
	const char *word;
	uint32_t id;
	int ret = np_args_need(a, &word, what, err);

	if (ret)
		return ret;
	s->f->set |= bit;
	if (!np_names_parse(s->p->show.names, db, word, &id))
		*v = (uint8_t)id;
	else if (!strcmp(word, "all"))
		s->f->set &= ~bit;
	else
		return np_args_bad(a, what, err);
	return 0;
}

static int key_type(struct selector *s, struct np_args *a, struct np_err *err)
{
	const char *word;
	uint8_t type;
	int ret = np_args_need(a, &word, "a type of route", err);

	if (ret)
		return ret;
	if (np_rttype_parse(word, &type))
		return np_args_bad(a, "a type of route (unicast, local, blackhole, …)", err);
	s->f->types = 1ULL << (type & 63);
	return 0;
}

static int key_via(struct selector *s, struct np_args *a, struct np_err *err)
{
	uint8_t family = s->f->family;

	word_family(a, &family);
	return word_prefix(a, family, &s->f->via, err);
}

static int key_realms(struct selector *s, struct np_args *a, struct np_err *err)
{
	struct route_filter *f = s->f;
	const char *word, *slash;
	int ret = word_realms(a, s->p, &f->realm, err);

	if (ret)
		return ret;
	word = a->argv[a->at - 1];
	slash = strchr(word, '/');
	f->realm_mask = UINT32_MAX;
	if (!(f->realm & 0xffff) && slash && !slash[1])
		f->realm_mask &= 0xffff0000;
	if (!(f->realm & 0xffff0000) && (!slash || slash == word))
		f->realm_mask &= 0xffff;
	return 0;
}

/* [root|match|exact] PREFIX; the first word was taken. */
static int prefixes(struct selector *s, const char *word, struct np_addr *root,
		    struct np_addr *match, struct np_args *a, struct np_err *err)
{
	uint8_t family = s->f->family;
	struct np_addr ignored;
	int ret;

	if (np_abbrev(word, "root"))
		return word_prefix(a, family, root, err);
	if (np_abbrev(word, "match"))
		return word_prefix(a, family, match, err);
	if (np_abbrev(word, "exact")) {
		ret = word_prefix(a, family, match, err);
	} else if (strchr("0123456789", word[0]) || strchr(word, ':') ||
		   !np_prefix_parse(&ignored, word, family)) {
		ret = word_is_prefix(a, word, family, match, err);
	} else {
		return words_unknown(a, np_route_list_words, "a prefix", err);
	}
	*root = *match;
	return ret;
}

static int key_from(struct selector *s, struct np_args *a, struct np_err *err)
{
	const char *word;
	int ret = np_args_need(a, &word, "a prefix", err);

	return ret ? ret : prefixes(s, word, &s->f->root_src, &s->f->match_src, a, err);
}

static int parse_to(struct selector *s, const char *word, struct np_args *a, struct np_err *err)
{
	int ret = 0;

	if (np_abbrev(word, "to"))
		ret = np_args_need(a, &word, "a prefix", err);
	return ret ? ret : prefixes(s, word, &s->f->root_dst, &s->f->match_dst, a, err);
}

static int key_dev(const char **dev, int *at, struct np_args *a, struct np_err *err)
{
	int ret = np_args_need(a, dev, "a device", err);

	*at = a->at - 1;
	return ret;
}

static int parse_number(struct selector *s, unsigned key, struct np_args *a, struct np_err *err)
{
	struct route_filter *f = s->f;

	switch (key) {
	case NP_RK_MARK:
		f->set |= ROUTE_FILTER_MARK;
		return word_u32(a, "a mark (a number)", UINT32_MAX, &f->mark, err);
	case NP_RK_NHID:
		f->set |= ROUTE_FILTER_NHID;
		return word_u32(a, "the id of a nexthop object", UINT32_MAX, &f->nhid, err);
	default:
		f->set |= ROUTE_FILTER_METRIC;
		return word_u32(a, "a metric (a number)", UINT32_MAX, &f->metric, err);
	}
}

static int parse_key(struct selector *s, unsigned key, struct np_args *a, struct np_err *err)
{
	struct route_filter *f = s->f;

	switch (key) {
	case NP_RK_TABLE:
		return key_table(s, a, err);
	case NP_RK_VRF:
		return key_vrf(s, a, err);
	case NP_RK_CACHED:
		f->cached = true;
		return 0;
	case NP_RK_TOS:
		return key_tos(s, a, err);
	case NP_RK_PROTOCOL:
		return name_or_all(s, a, NP_NAMES_PROTO, ROUTE_FILTER_PROTO,
				   "a routing protocol, or all", &f->protocol, err);
	case NP_RK_SCOPE:
		return name_or_all(s, a, NP_NAMES_SCOPE, ROUTE_FILTER_SCOPE,
				   "a scope, or all", &f->scope, err);
	case NP_RK_TYPE:
		return key_type(s, a, err);
	case NP_RK_DEV:
		return key_dev(&s->oif, &s->oif_word, a, err);
	case NP_RK_IIF:
		return key_dev(&s->iif, &s->iif_word, a, err);
	case NP_RK_VIA:
		return key_via(s, a, err);
	case NP_RK_SRC:
		return word_prefix(a, f->family, &f->prefsrc, err);
	case NP_RK_REALMS:
		return key_realms(s, a, err);
	case NP_RK_FROM:
		return key_from(s, a, err);
	default:
		return parse_number(s, key, a, err);
	}
}

static int resolve(struct selector *s, const char *name, int word, uint32_t bit, int *index,
		   struct np_err *err)
{
	uint32_t i;
	int ret;

	if (!name)
		return 0;
	ret = np_links_need(s->p->show.links, name, &i, word, err);
	if (ret)
		return ret;
	*index = (int)i;
	s->f->set |= bit;
	return 0;
}

int route_filter_parse(struct route_filter *f, struct prt *p, struct np_args *a,
		       struct np_err *err)
{
	struct selector s = { .p = p, .f = f };
	const char *word;
	int ret = 0;

	*f = (struct route_filter){ .family = p->show.family, .table = RT_TABLE_MAIN };
	while (!ret && (word = np_args_next(a))) {
		const struct np_route_word *row = np_route_word_find(np_route_list_words, word);

		ret = row ? parse_key(&s, row->key, a, err) : parse_to(&s, word, a, err);
	}
	if (!ret)
		ret = resolve(&s, s.iif, s.iif_word, ROUTE_FILTER_IIF, &f->iif, err);
	if (!ret)
		ret = resolve(&s, s.oif, s.oif_word, ROUTE_FILTER_OIF, &f->oif, err);
	return ret;
}
