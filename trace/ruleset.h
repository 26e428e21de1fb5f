/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_RULESET_H
#define PKTTRACE_RULESET_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/intern.h"
#include "lib/trace.h"

/* Rules as iptables-save or ip6tables-save prints them (with -c too). */
struct ruleset;

struct ruleset_rule {
	const char *text;   /* "-p tcp … -j DNAT --to-destination …"; the ruleset's own */
	const char *target; /* word after -j or -g, NULL: none */
	bool goes;          /* -g: goto */
};

struct ruleset *ruleset_new(struct np_intern *intern);
void ruleset_free(struct ruleset *rs);

/*
 * Reads one dump into the set; may be called for several (IPv4, IPv6, several
 * hosts: then the first that fits a line speaks). A file may be gzipped. The
 * family is what the dump's header says, else what its words and the file's name
 * tell; a dump that tells none speaks for both. Bad lines are an error that names
 * the file, line and word. Returns 0 or -errno.
 *
 * Every name given to the look-ups below must come from the set's intern table.
 */
int ruleset_read_file(struct ruleset *rs, const char *path, struct np_err *err);
int ruleset_read(struct ruleset *rs, const char *name, const char *text, size_t len,
	struct np_err *err);

/* family: AF_INET or AF_INET6. NULL where the set does not know the rule. */
const struct ruleset_rule *ruleset_find(const struct ruleset *rs, uint8_t family,
	const char *table, const char *chain, uint32_t number);
/* Number of rules of a chain, -1 for an unknown chain. */
int ruleset_chain_len(const struct ruleset *rs, uint8_t family, const char *table,
	const char *chain);
/* "ACCEPT", "DROP" for a built-in chain, NULL for a user chain or an unknown one. */
const char *ruleset_policy(const struct ruleset *rs, uint8_t family, const char *table,
	const char *chain);
/* Whether the table is in the dump at all. */
bool ruleset_has_table(const struct ruleset *rs, uint8_t family, const char *table);
/* Whether any dump speaks for the family. */
bool ruleset_has_family(const struct ruleset *rs, uint8_t family);

/*
 * Whether a LOG rule of the set writes the event's very words as its prefix
 * (--log-prefix "TRACE: filter:FAKE:rule:9 "): then it is no TRACE line.
 */
bool ruleset_imitates(const struct ruleset *rs, const struct np_trace_event *ev);

#endif
