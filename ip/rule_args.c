// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "ip/rule.h"
#include "lib/cli.h"

struct rule_parse {
	const struct prt *p;
	struct np_rule *rule;
	bool list;     /* a filter: names are of the family that is listed */
	bool table_ok; /* something said where the rule leads */
	int alien;     /* the word of an address that is not of the rule's family, 0: none is */
};

/* Reads a field's value. Returns 0, or -1 when word is none (the caller says so). */
typedef int parse_fn(struct rule_parse *c, enum np_rule_id id, const char *word);

static int parse_u32(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	return np_parse_u32(word, np_rule_value(c->rule, id));
}

static int parse_not(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	(void)id, (void)word;
	c->rule->flags |= FIB_RULE_INVERT;
	return 0;
}

static int parse_l3mdev(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	(void)id, (void)word;
	c->rule->l3mdev = 1;
	c->table_ok = true;
	return 0;
}

static int parse_prefix(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	struct np_addr *addr = np_rule_value(c->rule, id);
	uint8_t family = c->list ? prt_family(c->p) : c->p->show.family;

	if (np_prefix_parse(addr, word, family))
		return -1;
	addr->flags = 0;
	return 0;
}

static int parse_tos(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	uint32_t tos;

	(void)id;
	if (np_names_parse(c->p->show.names, NP_NAMES_DSFIELD, word, &tos))
		return -1;
	c->rule->tos = (uint8_t)tos;
	return 0;
}

static int parse_mark(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	(void)id;
	if (np_parse_mark(word, &c->rule->fwmark, &c->rule->fwmask))
		return -1;
	if (strchr(word, '/'))
		c->rule->set |= 1u << NP_RULE_FWMASK;
	return 0;
}

static int parse_ifname(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	return np_ifname_copy(np_rule_value(c->rule, id), word);
}

/* sscanf, because scripts get what it makes of their numbers: 70000 is port 4464. */
static int parse_uidrange(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	(void)id;
	return sscanf(word, "%u-%u", &c->rule->uid.start, &c->rule->uid.end) == 2 ? 0 : -1;
}

static int parse_ports(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	struct np_rule_range *r = np_rule_value(c->rule, id);
	uint16_t start, end;
	int n = sscanf(word, "%hu-%hu", &start, &end);

	if (n < 1)
		return -1;
	r->start = start;
	r->end = n == 2 ? end : start;
	return 0;
}

static int parse_ipproto(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	(void)id;
	return np_ipproto_parse(word, &c->rule->ipproto);
}

static int parse_tun_id(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	(void)id;
	return np_parse_uint(word, 0, UINT64_MAX, &c->rule->tun_id);
}

static int parse_table(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	uint32_t table;

	(void)id;
	c->table_ok = true;
	if (np_names_parse(c->p->show.names, NP_NAMES_TABLE, word, &table))
		return -1;
	/* One that the header has no room for is an attribute, and that counts wherever it is. */
	if (c->list || table > 255 || c->rule->table <= 255)
		c->rule->table = table;
	return 0;
}

static int parse_length(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	int64_t len;

	(void)id;
	if (np_parse_int(word, 0, 0, INT32_MAX, &len))
		return -1;
	c->rule->suppress_prefixlen = (uint32_t)len;
	return 0;
}

static int parse_group(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	(void)id;
	return np_names_parse(c->p->show.names, NP_NAMES_GROUP, word, &c->rule->suppress_ifgroup);
}

static int parse_realms(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	(void)id;
	return np_names_parse_realms(c->p->show.names, word, &c->rule->realms);
}

static int parse_nat(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	(void)id;
	if (np_addr_parse(&c->rule->nat, word, AF_INET))
		return -1;
	c->rule->nat.flags = 0;
	c->rule->nat.len = 4;
	c->rule->action = RTN_NAT;
	return 0;
}

static int parse_goto(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	(void)id;
	c->rule->action = FR_ACT_GOTO;
	c->table_ok = true;
	return np_parse_u32(word, &c->rule->goto_priority);
}

static int parse_action(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	(void)id;
	c->table_ok = true;
	if (np_abbrev(word, "nop"))
		c->rule->action = FR_ACT_NOP;
	else if (!strcmp(word, "reject")) /* Linux 2.2's word */
		c->rule->action = RTN_UNREACHABLE;
	else
		return np_rttype_parse(word, &c->rule->action);
	return 0;
}

static int parse_protocol(struct rule_parse *c, enum np_rule_id id, const char *word)
{
	uint32_t proto;

	(void)id;
	if (np_names_parse(c->p->show.names, NP_NAMES_PROTO, word, &proto))
		return -1;
	c->rule->protocol = (uint8_t)proto;
	return 0;
}

static parse_fn *const parsers[NP_RULE_TYPES] = {
	[NP_RULE_T_FLAG] = parse_not,
	[NP_RULE_T_L3MDEV] = parse_l3mdev,
	[NP_RULE_T_U32] = parse_u32,
	[NP_RULE_T_PREFIX] = parse_prefix,
	[NP_RULE_T_DSFIELD] = parse_tos,
	[NP_RULE_T_MARK] = parse_mark,
	[NP_RULE_T_IFNAME] = parse_ifname,
	[NP_RULE_T_UIDRANGE] = parse_uidrange,
	[NP_RULE_T_IPPROTO] = parse_ipproto,
	[NP_RULE_T_PORTS] = parse_ports,
	[NP_RULE_T_TUN_ID] = parse_tun_id,
	[NP_RULE_T_TABLE] = parse_table,
	[NP_RULE_T_LENGTH] = parse_length,
	[NP_RULE_T_GROUP] = parse_group,
	[NP_RULE_T_REALMS] = parse_realms,
	[NP_RULE_T_NAT] = parse_nat,
	[NP_RULE_T_GOTO] = parse_goto,
	[NP_RULE_T_ACTION] = parse_action,
	[NP_RULE_T_PROTOCOL] = parse_protocol,
};

static bool is_alien(const struct rule_parse *c, enum np_rule_id id)
{
	const struct np_addr *addr = np_rule_cvalue(c->rule, id);

	return np_rule_fields[id].type == NP_RULE_T_PREFIX && !c->list && addr->bits &&
	       addr->family != c->rule->family;
}

/*
 * The kernel refuses an address of the other family with "Invalid argument". So that
 * the user knows why, it is said here, when nothing else is wrong, with the same exit
 * status. With -4 and -6 no such address gets here.
 */
static int check_family(const struct rule_parse *c, const struct np_args *a, struct np_err *err)
{
	if (!c->alien)
		return 0;
	np_err_word(err, EINVAL, c->alien, "\"%s\" is of family inet6, and the rule of family "
		    "inet: see option -6", a->argv[c->alien]);
	if (err)
		err->refused = true;
	return -EINVAL;
}

/* The value behind a field's word. */
static int take_value(struct rule_parse *c, struct np_args *a, enum np_rule_id id,
		      struct np_err *err)
{
	const struct np_rule_field *f = &np_rule_fields[id];
	const char *value = NULL;
	int ret = f->value[0] ? np_args_need(a, &value, f->expected, err) : 0;

	if (ret)
		return ret;
	if (c->list && id == NP_RULE_PROTOCOL && !strcmp(value, "all")) {
		c->rule->set &= ~(1u << id);
		return 0;
	}
	if (parsers[f->type](c, id, value))
		return np_args_bad(a, f->expected, err);
	c->rule->set |= 1u << id;
	if (!c->alien && is_alien(c, id))
		c->alien = a->at - 1;
	return 0;
}

static int unknown_word(const struct rule_parse *c, const struct np_args *a, struct np_err *err)
{
	unsigned use = c->list ? NP_RULE_LIST | NP_RULE_LIST_SHORT :
				 NP_RULE_ADD | NP_RULE_ADD_SHORT;
	const char *words[128] = { "nop", "help", "type" };
	size_t n = c->list ? 0 : 3;

	for (size_t i = 0; i < np_rule_n_words; i++)
		if (np_rule_words[i].use & use)
			words[n++] = np_rule_words[i].word;
	for (size_t i = 0; !c->list && np_rttype_at(i); i++)
		words[n++] = np_rttype_at(i);
	return np_args_unknown(a, words, n, err);
}

/* An action, or "type ACTION"; the word was taken. */
static int take_action(struct rule_parse *c, struct np_args *a, const char *word,
		       struct np_err *err)
{
	if (!strcmp(word, "type")) {
		int ret = np_args_need(a, &word, np_rule_fields[NP_RULE_ACTION].expected, err);

		if (ret)
			return ret;
		if (np_abbrev(word, "goto"))
			return take_value(c, a, NP_RULE_GOTO, err);
	}
	if (np_abbrev(word, "help"))
		return np_err_help(err);
	if (parse_action(c, NP_RULE_ACTION, word))
		return unknown_word(c, a, err);
	c->rule->set |= 1u << NP_RULE_ACTION;
	return 0;
}

int rule_parse(const struct prt *p, struct np_args *a, bool del, struct np_rule *rule,
	       struct np_err *err)
{
	struct rule_parse c = { .p = p, .rule = rule };
	const char *word;
	int ret = 0;

	*rule = (struct np_rule){ .family = prt_family(p),
				  .action = del ? FR_ACT_UNSPEC : FR_ACT_TO_TBL };
	if (!np_args_peek(a))
		return np_err_set(err, EINVAL, "\"rule %s\" must be followed by a selector or "
				  "an action", del ? "del" : "add");
	while (!ret && (word = np_args_next(a))) {
		const struct np_rule_word *w = np_rule_word_find(word, false);

		ret = w ? take_value(&c, a, w->id, err) : take_action(&c, a, word, err);
	}
	if (ret)
		return ret;
	if (rule->l3mdev && rule->table)
		return np_err_set(err, EINVAL, "\"l3mdev\" finds its table itself: "
				  "\"table\" cannot be with it");
	if (!c.table_ok && !del) {
		rule->table = RT_TABLE_MAIN;
		rule->set |= 1u << NP_RULE_TABLE;
	}
	return check_family(&c, a, err);
}

int rule_parse_filter(const struct prt *p, struct np_args *a, struct np_rule *want,
		      struct np_err *err)
{
	struct rule_parse c = { .p = p, .rule = want, .list = true };
	const char *word;
	int ret = 0;

	*want = (struct np_rule){ .family = p->show.family };
	while (!ret && (word = np_args_next(a))) {
		const struct np_rule_word *w = np_rule_word_find(word, true);

		if (w) {
			ret = take_value(&c, a, w->id, err);
		} else if (parse_prefix(&c, NP_RULE_TO, word)) {
			ret = unknown_word(&c, a, err);
		} else {
			want->set |= 1u << NP_RULE_TO;
		}
	}
	return ret;
}
