/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOGPREFIX_H
#define PKTTRACE_LOGPREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/logtime.h"

/*
 * What stands before the kernel's own words in a line of a log: syslog's
 * (RFC 3164, RFC 5424, ISO 8601), dmesg's, /dev/kmsg's and journalctl's forms,
 * with whatever a grep, a shell or a quotation put before them.
 */
struct logprefix {
	uint32_t set;     /* NP_TEV_WALL, NP_TEV_UPTIME, NP_TEV_NO_YEAR */
	const char *host; /* inside the line; "" none */
	size_t host_len;
	const char *stamp; /* inside the line; "" none */
	size_t stamp_len;
	int64_t wall_us, uptime_us;
	bool exact; /* the message follows at once: there is nothing unknown between */
	/* offset of "[ 72.841930]" if that ends the prefix, else 0: the rest can be remembered */
	size_t uptime_at;
};

/* Clocks that go on from line to line; one a source. */
struct logprefix_state {
	struct logclock clock;
	int64_t rel_us; /* where `dmesg --time-format=reltime` is, 0: not known */
};

/* Reads the len bytes before the message. Never fails: what it can't read is not set. */
void logprefix_parse(
	struct logprefix_state *st, const char *line, size_t len, struct logprefix *out);

#endif
