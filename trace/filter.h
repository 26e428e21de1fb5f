/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_FILTER_H
#define PKTTRACE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/args.h"
#include "lib/err.h"
#include "lib/ifname.h"
#include "lib/nft.h"

/*
 * A match in parts: which packets `pkttrace add` and `monitor` trace, in the words of
 * iptables(8) and of nft(8). Pure: no kernel here.
 */
enum filter_field {
	FILTER_PROTO,
	FILTER_SRC,
	FILTER_DST,
	FILTER_SPORT,
	FILTER_DPORT,
	FILTER_IN,
	FILTER_OUT,
	FILTER_MARK,
	FILTER_SYN,    /* TCP's first packet of a connection */
	FILTER_FIELDS, /* from here on: no match, never negated */
	FILTER_LIMIT = FILTER_FIELDS,
	FILTER_CHAIN,
	FILTER_TABLE,  /* iptables' -t: raw */
	FILTER_MODULE, /* iptables' -m: the name of what follows */
	FILTER_TARGET, /* TRACE */
	FILTER_WORDS,
};

enum { FILTER_V4 = 1, FILTER_V6 = 2 };
enum { FILTER_PREROUTING = 1, FILTER_OUTPUT = 2 };

#define FILTER_LIMIT_DEFAULT 50 /* packets a second and chain */

struct filter_prefix {
	uint8_t family, bits, addr[16];
};

struct filter {
	uint32_t set, not; /* 1 << enum filter_field; not: what must not match */
	uint8_t families;  /* FILTER_V4 or FILTER_V6; 0: both */
	uint8_t chains;    /* FILTER_PREROUTING | FILTER_OUTPUT; 0: both, as far as it can match */
	uint8_t proto;
	struct filter_prefix src, dst;
	uint16_t sport[2], dport[2]; /* first and last */
	char in[NP_IFNAMSIZ], out[NP_IFNAMSIZ]; /* "eth+": all that begin so */
	uint32_t mark, mask;
	uint64_t cgroup;    /* of the packet's socket (v2, its number); no word says it; 0: any */
	uint32_t cgroup_level; /* how far below the root it is */
	uint32_t rate, per; /* packets in a number of seconds; rate 0: no limit */
};

/* iptables' matches (-m) whose options are known here; NULL at the end. */
extern const char *const filter_modules[];

#define FILTER_INIT { .rate = FILTER_LIMIT_DEFAULT, .per = 1 }

/*
 * Takes the value of an option (iptables' words; NULL for one that takes none); negated:
 * a `!` stood before it; word: its index, for err. Returns 0 or -EINVAL.
 */
int filter_set(struct filter *f, enum filter_field field, const char *value, bool negated, int word,
	struct np_err *err);
/*
 * Takes the words of nft at the cursor, with their value ("ip saddr != 10.0.0.0/8").
 * Returns 1, 0 when they are none of nft's (the cursor stays), or -EINVAL.
 */
int filter_nft(struct filter *f, struct np_args *args, struct np_err *err);
/* -EINVAL, and what is wrong with the words at the cursor, which are none of nft's. */
int filter_no_match(const struct np_args *args, struct np_err *err);
/* What must be said together, or cannot be. Returns 0 or -EINVAL. */
int filter_check(struct filter *f, struct np_err *err);
/* Prints nft's words that begin with a prefix, for completion. */
void filter_complete(FILE *fp, const char *prefix);

#define FILTER_TEXT 252 /* fits in a comment of nf_tables */

/* As a match in words, in one order; its chain too where it is one ("PREROUTING -p tcp"). */
const char *filter_text(const struct filter *f, char buf[FILTER_TEXT]);

/* The chains that it can match in: FILTER_PREROUTING | FILTER_OUTPUT. */
uint8_t filter_chains(const struct filter *f);

/* A filter as the steps of a rule, with what they point to. */
#define FILTER_EXPRS 40
struct filter_rule {
	struct np_nft_expr exprs[FILTER_EXPRS];
	size_t n;
	uint8_t data[512];
	size_t used;
};

/*
 * Steps that let on what the filter matches, within its limit. There is room for
 * filter_put() and filter_put_trace() once each.
 */
void filter_put(struct filter_rule *r, const struct filter *f);
/* Steps that let fragments of a family (FILTER_V4 or FILTER_V6) out of the chain. */
void filter_put_fragments(struct filter_rule *r, uint8_t family);
/* Steps that count and trace what comes to them. */
void filter_put_trace(struct filter_rule *r);

#endif
