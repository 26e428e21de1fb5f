/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NP_NAMES_H
#define NP_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Numbers and the words that stand for them: routing tables, protocols, scopes,
 * realms, DS fields and interface groups, from iproute2's files in /etc/iproute2,
 * /usr/share/iproute2 and /usr/lib/iproute2 (the first that exists is read) and
 * the .conf files of NAME.d in all three (a file masks one of its name in the folders
 * behind). Each database is read when it is first asked for.
 */
enum np_names_db {
	NP_NAMES_TABLE,
	NP_NAMES_PROTO,
	NP_NAMES_SCOPE,
	NP_NAMES_REALM,
	NP_NAMES_DSFIELD,
	NP_NAMES_GROUP,
	NP_NAMES_DBS
};

#define NP_NAME_MAX 512

struct np_names;

/* Told of a file that cannot be understood; text is one sentence without newline. */
typedef void np_names_warn(void *arg, const char *text);

struct np_names_opts {
	const char *const *dirs; /* first to last, NULL at the end; NULL: iproute2's three */
	bool numeric;            /* -N: numbers stay numbers */
	bool resolve;            /* -r: addresses become host names */
	np_names_warn *warn;     /* may be NULL */
	void *arg;
};

/* opts is copied, the strings of dirs are not. NULL: out of memory. */
struct np_names *np_names_new(const struct np_names_opts *opts);
void np_names_free(struct np_names *names);
/* A word of another host's files, for opts.dirs that hold none. Returns 0 or -ENOMEM. */
int np_names_add(struct np_names *names, enum np_names_db db, uint32_t id, const char *word);
bool np_names_numeric(const struct np_names *names);

/*
 * The word for a number, or the number as iproute2 prints it (a DS field as 0x10).
 * The result is in buf or lives as long as names.
 */
const char *np_names_text(const struct np_names *names, enum np_names_db db, uint32_t id,
			  char buf[NP_NAME_MAX]);
/*
 * The number for a word; a plain number (a DS field in hex) is taken too. Returns
 * 0 or -EINVAL.
 */
int np_names_parse(const struct np_names *names, enum np_names_db db, const char *word,
		   uint32_t *id);
/* The i-th word of a database (for completion), NULL behind the last. */
const char *np_names_at(const struct np_names *names, enum np_names_db db, size_t i);

/* SRCREALM/DSTREALM, or a raw number: from << 16 | to. Returns 0 or -EINVAL. */
int np_names_parse_realms(const struct np_names *names, const char *word, uint32_t *realms);

/* RTN_*: "unicast", "blackhole", …; abbreviations as iproute2 takes them, or a number. */
const char *np_names_rttype(const struct np_names *names, uint8_t type, char buf[NP_NAME_MAX]);
int np_rttype_parse(const char *word, uint8_t *type);
/* The i-th of these words, NULL behind the last. */
const char *np_rttype_at(size_t i);

/*
 * /etc/protocols: "tcp", or "ipproto-250". Parse: a decimal number or a word. The C library's
 * reader of that file is one for the process (musl has no other): not for two threads at once.
 */
const char *np_names_ipproto(const struct np_names *names, uint8_t proto, char buf[NP_NAME_MAX]);
int np_ipproto_parse(const char *word, uint8_t *proto);

/* An address as text; with -r the name that a resolver gives it, asked once each. */
const char *np_names_host(const struct np_names *names, uint8_t family, const void *bytes,
			  size_t len, char buf[NP_NAME_MAX]);

#endif
