/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PKTTRACE_LOGTIME_H
#define PKTTRACE_LOGTIME_H

#include <stdbool.h>
#include <stdint.h>

/* A time of day as a log's prefix has it; month and day from 1. */
struct logstamp {
	int year; /* 0: not said */
	int month, day, hour, minute, second, us;
	bool zone;  /* zone_s is known; else the time is local */
	int zone_s; /* seconds east of UTC */
	/* which of the local zone's two names the stamp has, if any */
	enum { LOGSTAMP_NO_SEASON, LOGSTAMP_STANDARD, LOGSTAMP_SUMMER } season;
};

/* What turns stamps into times: the present, for those without a year, and a memory. */
struct logclock {
	int64_t now_us;
	int64_t last_us; /* the last time that had to be given a year; 0: none */
	/* the last minute that was converted, as local time is slow to work out */
	struct logstamp minute;
	int64_t minute_us;
};

void logclock_init(struct logclock *clk, int64_t now_us);

/* A new log begins, which may be older than the one before. */
void logclock_reset(struct logclock *clk);

/* Whether there is such a day and time (a leap second is one). */
bool logstamp_ok(const struct logstamp *st);

/*
 * Microseconds since the epoch. Without a year: the latest year that puts the
 * stamp in the past (with a day's grace, for zones and wrong clocks), but a log
 * that goes from December to January goes on.
 */
int64_t logclock_wall(struct logclock *clk, const struct logstamp *st);

#endif
