/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOGSTAMP_H
#define PKTTRACE_LOGSTAMP_H

#include "trace/logcur.h"
#include "trace/logtime.h"

/*
 * The ways in which logs write a time. Each takes it from the cursor and returns
 * whether it was one; the cursor is anywhere if not.
 */

/* "2026-05-20T08:31:20.737034+08:00": RFC 3339 and what looks like it. */
bool logstamp_iso(struct logcur *c, struct logstamp *st);
/* "May  8 16:30:29", "May 20 00:35:03 2026": RFC 3164, ctime(3) after the weekday. */
bool logstamp_bsd(struct logcur *c, struct logstamp *st);
/* "2026-05-20 00:31:11 CST": journalctl -o short-full after the weekday. */
bool logstamp_full(struct logcur *c, struct logstamp *st);
/* "May20 00:35": dmesg --time-format=reltime. */
bool logstamp_minute(struct logcur *c, struct logstamp *st);
/* "Wed " */
bool logstamp_weekday(struct logcur *c);
/* Seconds with a fraction, blanks before them: "   72.841930" in microseconds. */
bool logstamp_uptime(struct logcur *c, int64_t *us);

#endif
