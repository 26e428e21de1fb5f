// SPDX-License-Identifier: GPL-2.0-or-later
#include "logtime.h"

#include <time.h>

#define DAY_US (86400 * INT64_C(1000000))

void logclock_init(struct logclock *clk, int64_t now_us)
{
	*clk = (struct logclock){ .now_us = now_us };
	tzset();
}

void logclock_reset(struct logclock *clk)
{
	clk->last_us = 0;
	clk->minute = (struct logstamp){ 0 };
}

static bool leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int year, int month)
{
	static const signed char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && leap(year));
}

bool logstamp_ok(const struct logstamp *st)
{
	/* without a year the 29th of February may be one */
	int year = st->year ? st->year : 2000;

	return (!st->year || (st->year >= 1970 && st->year < 10000)) && st->month >= 1 &&
	       st->month <= 12 && st->day >= 1 && st->day <= month_days(year, st->month) &&
	       st->hour >= 0 && st->hour < 24 && st->minute >= 0 && st->minute < 60 &&
	       st->second >= 0 && st->second <= 60;
}

/* Days since the epoch; the year begins in March, so that leap days come last. */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t since_march = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

	return y * 365 + y / 4 - y / 100 + y / 400 + since_march - 719468;
}

/* The beginning of the stamp's minute in that year, in microseconds. */
static int64_t minute_of(const struct logstamp *st, int year)
{
	static const int isdst[] = { -1, 0, 1 };
	struct tm tm = { .tm_year = year - 1900,
		.tm_mon = st->month - 1,
		.tm_mday = st->day,
		.tm_hour = st->hour,
		.tm_min = st->minute,
		.tm_isdst = isdst[st->season] };
	int64_t s;

	if (st->zone) {
		s = days_of(year, st->month, st->day) * 86400 + st->hour * 3600 + st->minute * 60 -
		    st->zone_s;
		return s * 1000000;
	}
	return (int64_t)mktime(&tm) * 1000000;
}

static int year_of(int64_t us)
{
	time_t t = (time_t)(us / 1000000);
	struct tm tm;

	return localtime_r(&t, &tm) ? tm.tm_year + 1900 : 1970;
}

/* The latest minute that the stamp can mean. */
static int64_t minute_without_year(const struct logclock *clk, const struct logstamp *st)
{
	int year = year_of(clk->now_us) + 1, tries = 10;
	int64_t us, next;

	for (; tries; year--, tries--) {
		if (st->day > month_days(year, st->month))
			continue;
		us = minute_of(st, year);
		if (us <= clk->now_us + DAY_US)
			break;
	}
	if (!tries)
		return 0;
	if (clk->last_us && us < clk->last_us - 180 * DAY_US &&
		st->day <= month_days(year + 1, st->month)) {
		next = minute_of(st, year + 1);
		if (next >= clk->last_us - DAY_US)
			return next;
	}
	return us;
}

static bool same_minute(const struct logstamp *a, const struct logstamp *b)
{
	return a->minute == b->minute && a->hour == b->hour && a->day == b->day &&
	       a->month == b->month && a->year == b->year && a->zone == b->zone &&
	       a->zone_s == b->zone_s && a->season == b->season;
}

int64_t logclock_wall(struct logclock *clk, const struct logstamp *st)
{
	if (!same_minute(st, &clk->minute)) {
		clk->minute = *st;
		clk->minute_us = st->year ? minute_of(st, st->year) : minute_without_year(clk, st);
		if (!st->year)
			clk->last_us = clk->minute_us;
	}
	return clk->minute_us + st->second * INT64_C(1000000) + st->us;
}
