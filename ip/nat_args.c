// SPDX-License-Identifier: GPL-2.0-or-later
/* Words of mappings: of add and its kin, and of lists. */
#include <errno.h>
#include <string.h>

#include "ip/nat.h"
#include "ip/words.h"
#include "lib/ifname.h"

struct nat_parse {
	const struct prt *p;
	struct np_nat_mapping *mapping;
	bool kind, from, to;
	struct np_addr a, b;
	int word; /* index of FROM in argv: what is wrong with the whole is said of it */
};

static int unknown(const struct np_args *a, struct np_err *err)
{
	const char *words[16];
	size_t n = 0;

	for (const struct np_nat_word *w = np_nat_words; w->word; w++)
		words[n++] = w->word;
	words[n++] = "help";
	return np_args_unknown(a, words, n, err);
}

/* Does it look like an address that is wrong, rather than like a word that is not known? */
static bool like_address(const char *word)
{
	return strchr(word, ':') || strchr(word, '.') || (*word >= '0' && *word <= '9');
}

/* A prefix of which all addresses are meant: "any" is none here. word: taken already. */
static int prefix(const struct prt *p, struct np_args *a, const char *word, struct np_addr *addr,
		  struct np_err *err)
{
	int ret = word_is_prefix(a, word, p->show.family, addr, err);

	if (!ret && addr->flags & NP_ADDR_ANY)
		ret = np_args_bad(a, "an address or a prefix", err);
	return ret;
}

static int take_dev(const struct prt *p, struct np_args *a, uint32_t *index, struct np_err *err)
{
	const char *word;
	int ret = np_args_need(a, &word, NP_IFNAME_EXPECTED, err);

	return ret ? ret : np_links_need(p->show.links, word, index, a->at - 1, err);
}

static int take_from(struct nat_parse *c, struct np_args *a, const char *word,
		     struct np_err *err)
{
	if (c->from)
		return np_args_fail(a, err, "\"%s\" is one prefix more than a mapping has: "
				    "FROM to TO", word);
	c->from = true;
	c->word = a->at - 1;
	return prefix(c->p, a, word, &c->a, err);
}

static int take_kind(struct nat_parse *c, const struct np_args *a, enum np_nat_kind kind,
		     struct np_err *err)
{
	if (c->kind && c->mapping->kind != kind)
		return np_args_fail(a, err, "a mapping is \"dst\" or \"src\", not both: "
				    "the way back is part of it");
	c->kind = true;
	c->mapping->kind = (uint8_t)kind;
	return 0;
}

static int take_key(struct nat_parse *c, struct np_args *a, enum np_nat_key key,
		    struct np_err *err)
{
	const char *word;
	int ret;

	switch (key) {
	case NP_NAT_KEY_DST:
		return take_kind(c, a, NP_NAT_KIND_DST, err);
	case NP_NAT_KEY_SRC:
		return take_kind(c, a, NP_NAT_KIND_SRC, err);
	case NP_NAT_KEY_FROM:
		ret = np_args_need(a, &word, "an address or a prefix", err);
		return ret ? ret : take_from(c, a, word, err);
	case NP_NAT_KEY_TO:
		ret = np_args_need(a, &word, "an address or a prefix", err);
		c->to = true;
		return ret ? ret : prefix(c->p, a, word, &c->b, err);
	case NP_NAT_KEY_DEV:
		return take_dev(c->p, a, &c->mapping->ifindex, err);
	default: /* NP_NAT_KEY_NPTV6 */
		c->mapping->nptv6 = true;
		return 0;
	}
}

/* What was said, put together. */
static int finish(const struct nat_parse *c, const char *verb, struct np_err *err)
{
	struct np_nat_mapping *m = c->mapping;

	if (!c->kind)
		return np_err_set(err, EINVAL, "\"nat %s\" wants a kind: dst (destinations "
				  "are rewritten) or src", verb);
	if (!c->from || !c->to)
		return np_err_set(err, EINVAL, "\"nat %s\" wants both sides of the mapping: "
				  "%s FROM to TO", verb, np_nat_kind_name(m->kind));
	if (c->a.family != c->b.family)
		return np_err_word(err, EINVAL, c->word, "one side is of family %s, the other of "
				   "%s", np_family_name(c->a.family),
				   np_family_name(c->b.family));
	if (c->a.bits != c->b.bits && c->b.flags & NP_ADDR_LEN_GIVEN)
		return np_err_word(err, EINVAL, c->word, "one side has the length %u, the other "
				   "%u", c->a.bits, c->b.bits);
	m->family = c->a.family;
	m->bits = (uint8_t)c->a.bits;
	words_copy_addr(m->from, &c->a);
	words_copy_addr(m->to, &c->b);
	/* What an older module took must go away again. */
	if (!(strcmp(verb, "delete") ? np_nat_check_new : np_nat_check)(m, err))
		return 0;
	if (err)
		err->word = c->word;
	return -EINVAL;
}

int nat_parse(const struct prt *p, struct np_args *a, const char *verb, struct np_nat_mapping *m,
	      struct np_err *err)
{
	struct nat_parse c = { .p = p, .mapping = m };
	const char *word;
	int ret = 0;

	*m = (struct np_nat_mapping){ 0 };
	while (!ret && (word = np_args_next(a))) {
		const struct np_nat_word *w = np_nat_word_find(word);

		if (w)
			ret = take_key(&c, a, w->key, err);
		else if (np_abbrev(word, "help"))
			ret = np_err_help(err);
		else if (!like_address(word))
			ret = unknown(a, err);
		else
			ret = take_from(&c, a, word, err);
	}
	return ret ? ret : finish(&c, verb, err);
}

static int filter_key(const struct prt *p, struct np_args *a, enum np_nat_key key,
		      struct np_nat_filter *f, struct np_err *err)
{
	uint8_t family = p->show.family;

	f->set |= 1u << key;
	switch (key) {
	case NP_NAT_KEY_DST:
		f->set &= ~(1u << NP_NAT_KEY_SRC);
		return 0;
	case NP_NAT_KEY_SRC:
		f->set &= ~(1u << NP_NAT_KEY_DST);
		return 0;
	case NP_NAT_KEY_FROM:
		return word_prefix(a, family, &f->from, err);
	case NP_NAT_KEY_TO:
		return word_prefix(a, family, &f->to, err);
	case NP_NAT_KEY_DEV:
		return take_dev(p, a, &f->ifindex, err);
	default:
		return 0;
	}
}

int nat_parse_filter(const struct prt *p, struct np_args *a, struct np_nat_filter *f,
		     struct np_err *err)
{
	const char *word;
	int ret = 0;

	*f = (struct np_nat_filter){ .family = p->show.family };
	while (!ret && (word = np_args_next(a))) {
		const struct np_nat_word *w = np_nat_word_find(word);

		if (w) {
			ret = filter_key(p, a, w->key, f, err);
		} else if (np_abbrev(word, "help")) {
			ret = np_err_help(err);
		} else if (!np_prefix_parse(&f->addr, word, f->family)) {
			f->has_addr = true;
		} else {
			ret = like_address(word) ? np_args_bad(a, "an address or a prefix", err) :
						   unknown(a, err);
		}
	}
	return ret;
}
