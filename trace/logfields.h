/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOGFIELDS_H
#define PKTTRACE_LOGFIELDS_H

#include <stddef.h>

#include "lib/intern.h"
#include "lib/trace.h"

/*
 * The fields of a TRACE line, from "IN=" on, as net/netfilter/nf_log_syslog.c
 * writes them: a fixed order of words, so anything out of order is damage.
 * Pure: the result depends on the bytes alone.
 */
enum logfields {
	LOGFIELDS_WHOLE,
	LOGFIELDS_CUT, /* the text ended too early: what was there is in ev */
	LOGFIELDS_BAD, /* not such a text; *why says where it goes wrong */
};

/* Where in the text the digits of the outer header's TTL (hop limit) are; both 0: nowhere. */
struct logfields_ttl {
	size_t begin, end;
};

/*
 * Fills in ev everything from in to tcp_opt_len, ORs NP_TEV_* into ev->set
 * (NP_TEV_CUT too) and leaves the other members alone; ev was zeroed. A number
 * at which the text ends is taken only where the grammar can end there. The
 * first `devices` bytes are not read: what they say is in ev; 0: nothing is.
 * why gets a static sentence for LOGFIELDS_BAD.
 */
enum logfields logfields_parse(struct np_intern *intern, const char *s, size_t len,
	size_t devices, struct np_trace_event *ev, struct logfields_ttl *ttl, const char **why);

#endif
