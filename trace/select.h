/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_SELECT_H
#define PKTTRACE_SELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/err.h"
#include "trace/packet.h"

/*
 * Which packets are wanted: terms of several kinds. A packet is selected when of
 * each kind that is asked for at least one term fits it. Pure.
 */
enum select_kind {
	SELECT_SRC,   /* on any of its lines: before or after a rewrite */
	SELECT_DST,
	SELECT_SPORT,
	SELECT_DPORT,
	SELECT_PROTO,
	SELECT_ID,
	SELECT_SEQ,
	SELECT_HOST,
	SELECT_SINCE, /* its first line's time */
	SELECT_UNTIL,
	SELECT_ENDED,
	SELECT_IN,    /* on any of its lines; a bridge's port too */
	SELECT_OUT,
	SELECT_TABLE,
	SELECT_CHAIN,
	SELECT_MARK,  /* likewise */
	SELECT_KINDS,
};

#define SELECT_MAX 64 /* terms in all */

struct select_term {
	enum select_kind kind;
	union {
		struct np_addr prefix;
		struct {
			uint32_t lo, hi;
		} range;
		struct {
			uint32_t value, mask;
		} mark;
		struct {
			bool uptime; /* the kernel's clock, else the wall's */
			int64_t us;
		} when;
		uint32_t states; /* 1 << enum packet_state */
		const char *word; /* the caller's: argv lives as long as the process */
	} u;
};

struct select {
	uint32_t kinds; /* 1 << enum select_kind that are asked for */
	unsigned n;
	struct select_term terms[SELECT_MAX];
};

/*
 * Adds a term from its word: an address or prefix; a number or range ("80",
 * "80-90", "80:90"; a port also by its service's name); a protocol; a mark
 * ("0x10", "0x10/0xff"); a time (when.h); states, comma-separated; a name
 * ("eth+" is any that begins with eth).
 * now_us: the wall clock, for times that are relative or without a year. word_at:
 * its index, for err.
 * Returns 0 or -EINVAL.
 */
int select_add(struct select *s, enum select_kind kind, const char *word, int64_t now_us,
	int word_at, struct np_err *err);

bool select_packet(const struct select *s, const struct packet *p);

#endif
