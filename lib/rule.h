/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_RULE_H
#define NP_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/err.h"
#include "lib/ifname.h"
#include "lib/names.h"
#include "lib/nl.h"

/* A policy rule (ip-rule(8), net/core/fib_rules.c of the kernel). */

/* What a rule consists of, in the order in which it is shown. */
enum np_rule_id {
	NP_RULE_PRIORITY,
	NP_RULE_NOT,
	NP_RULE_FROM,
	NP_RULE_TO,
	NP_RULE_TOS,
	NP_RULE_FWMARK,
	NP_RULE_IIF,
	NP_RULE_OIF,
	NP_RULE_L3MDEV,
	NP_RULE_UIDRANGE,
	NP_RULE_IPPROTO,
	NP_RULE_SPORT,
	NP_RULE_DPORT,
	NP_RULE_TUN_ID,
	NP_RULE_TABLE,
	NP_RULE_SUPPRESS_PREFIXLEN,
	NP_RULE_SUPPRESS_IFGROUP,
	NP_RULE_REALMS,
	NP_RULE_NAT,
	NP_RULE_GOTO,
	NP_RULE_ACTION,
	NP_RULE_PROTOCOL,
	NP_RULE_IDS,
	NP_RULE_FWMASK = NP_RULE_IDS, /* a bit of its own: a mark with a mask */
};

struct np_rule_range {
	uint32_t start, end;
};

/* Host byte order but for addresses. Members are valid where their bit of set is on. */
struct np_rule {
	uint32_t set;    /* 1 << enum np_rule_id */
	uint8_t family;
	uint8_t action;  /* FR_ACT_* or RTN_*; always valid */
	uint8_t tos, l3mdev, ipproto, protocol;
	uint32_t flags;  /* FIB_RULE_*: NOT is FIB_RULE_INVERT; always valid */
	uint32_t priority, table, fwmark, fwmask, goto_priority;
	uint32_t realms;                               /* from << 16 | to */
	uint32_t suppress_prefixlen, suppress_ifgroup; /* ~0: nothing is suppressed */
	uint64_t tun_id;
	struct np_rule_range uid, sport, dport;
	char iif[NP_IFNAMSIZ], oif[NP_IFNAMSIZ];
	struct np_addr from, to; /* bits may be set without an address: "from 0/8" */
	struct np_addr nat;
};

static inline bool np_rule_has(const struct np_rule *rule, enum np_rule_id id)
{
	return rule->set >> id & 1;
}

/* How a value is written, shown, compared and carried. */
enum np_rule_type {
	NP_RULE_T_FLAG,     /* the word alone; a bit of flags (NOT) */
	NP_RULE_T_L3MDEV,   /* the word alone, a byte */
	NP_RULE_T_U32,
	NP_RULE_T_PREFIX,
	NP_RULE_T_DSFIELD,
	NP_RULE_T_MARK,     /* MARK[/MASK] */
	NP_RULE_T_IFNAME,
	NP_RULE_T_UIDRANGE, /* START-END */
	NP_RULE_T_IPPROTO,
	NP_RULE_T_PORTS,    /* PORT[-PORT] */
	NP_RULE_T_TUN_ID,
	NP_RULE_T_TABLE,
	NP_RULE_T_LENGTH,
	NP_RULE_T_GROUP,
	NP_RULE_T_REALMS,
	NP_RULE_T_NAT,
	NP_RULE_T_GOTO,
	NP_RULE_T_ACTION,
	NP_RULE_T_PROTOCOL,
	NP_RULE_TYPES
};

/* A row: all that is particular to one selector or action. */
struct np_rule_field {
	const char *label;  /* in text, before the value */
	const char *json, *json2;
	const char *value;  /* what follows the word, for usage and completion; "" for none */
	const char *expected; /* "a table": for errors */
	uint16_t type;      /* enum np_rule_type */
	uint16_t attr;      /* FRA_*; 0: in the header */
	uint16_t offset;    /* of the value in struct np_rule */
	uint32_t detached;  /* FIB_RULE_*_DETACHED of an interface */
};
extern const struct np_rule_field np_rule_fields[NP_RULE_IDS];

/* The words of the command line, in the order in which iproute2 tries them. */
enum {
	NP_RULE_ADD = 1,       /* in add and del */
	NP_RULE_ADD_SHORT = 2, /* there, and any beginning of it */
	NP_RULE_LIST = 4,      /* in list and flush */
	NP_RULE_LIST_SHORT = 8,
	NP_RULE_OLD = 16,      /* of Linux 2.2: taken, but not offered */
};

struct np_rule_word {
	const char *word;
	uint8_t id; /* enum np_rule_id */
	uint8_t use;
};
extern const struct np_rule_word np_rule_words[];
extern const size_t np_rule_n_words;

/* The row for a word, NULL if there is none. list: as a filter, not as part of a rule. */
const struct np_rule_word *np_rule_word_find(const char *word, bool list);

/* The value of a field in rule. */
static inline void *np_rule_value(struct np_rule *rule, enum np_rule_id id)
{
	return (char *)rule + np_rule_fields[id].offset;
}
static inline const void *np_rule_cvalue(const struct np_rule *rule, enum np_rule_id id)
{
	return (const char *)rule + np_rule_fields[id].offset;
}

/*
 * Does rule pass the filter want, as `ip rule list` filters? Only what is set in
 * want counts; a mark, table, protocol number, port or tunnel of 0 filters nothing, and
 * NP_RULE_PROTOCOL counts only with by_protocol (flush). want->family AF_UNSPEC:
 * any.
 */
bool np_rule_match(const struct np_rule *want, const struct np_rule *rule, bool by_protocol);

/* lib/rule_nl.c */

/* An RTM_NEWRULE or RTM_DELRULE. Attributes that are not known are skipped. 0 or -EBADMSG. */
int np_rule_parse(struct np_rule *rule, const struct nlmsghdr *nlh);
/* RTM_NEWRULE (NLM_F_CREATE | NLM_F_EXCL) or RTM_DELRULE into the socket's buffer. */
struct nlmsghdr *np_rule_build(struct np_nl *nl, const struct np_rule *rule, bool del);

int np_rule_add(struct np_nl *nl, const struct np_rule *rule, struct np_err *err);
int np_rule_del(struct np_nl *nl, const struct np_rule *rule, struct np_err *err);

struct np_rule_sink {
	int (*rule)(const struct np_rule *rule, const struct nlmsghdr *nlh, void *arg);
	int (*restart)(void *arg); /* see struct np_nl_sink */
	void *arg;
};
int np_rule_dump(struct np_nl *nl, uint8_t family, const struct np_rule_sink *sink,
		 struct np_err *err);
/* Deletes the very rule that a dump gave: nlh is sent back. */
int np_rule_del_msg(struct np_nl *nl, const struct nlmsghdr *nlh, struct np_err *err);
/*
 * Adds what a save file holds: nlh with NLM_F_REQUEST | NLM_F_CREATE, len bytes that
 * were read. -EINVAL for what is no rule.
 */
int np_rule_restore(struct np_nl *nl, const void *msg, size_t len, struct np_err *err);
size_t np_rule_msg_len(const struct nlmsghdr *nlh);
bool np_rule_msg_is_del(const struct nlmsghdr *nlh);

#endif
