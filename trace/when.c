// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/when.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "trace/logtime.h"

#define SECOND 1000000LL

/* A number of min to max digits. Returns what follows it, NULL: none there. */
static const char *number(const char *s, unsigned min, unsigned max, long long *v)
{
	unsigned n = 0;

	for (*v = 0; n < max && isdigit((unsigned char)*s); n++)
		*v = *v * 10 + (*s++ - '0');
	return n < min ? NULL : s;
}

/* ".838361" or ",5": what there is of a fraction, as microseconds. */
static const char *fraction(const char *s, int64_t *us)
{
	int64_t unit = SECOND / 10;

	*us = 0;
	if (*s != '.' && *s != ',')
		return s;
	for (s++; isdigit((unsigned char)*s); s++) {
		*us += (*s - '0') * unit;
		unit /= 10;
	}
	return s;
}

/* Whether there is such a day: not the 30th of February. */
static bool is_day(long long year, long long month, long long day)
{
	struct logstamp st = { .year = (int)year, .month = (int)month, .day = (int)day };

	return logstamp_ok(&st);
}

/* HH:MM[:SS[.fraction]] */
static const char *clock_time(const char *s, struct tm *tm, int64_t *us)
{
	long long h, m, sec = 0;

	*us = 0;
	s = number(s, 1, 2, &h);
	if (!s || *s != ':')
		return NULL;
	s = number(s + 1, 2, 2, &m);
	if (s && *s == ':') {
		s = number(s + 1, 2, 2, &sec);
		if (s)
			s = fraction(s, us);
	}
	if (!s || h > 23 || m > 59 || sec > 60)
		return NULL;
	tm->tm_hour = (int)h;
	tm->tm_min = (int)m;
	tm->tm_sec = (int)sec;
	return s;
}

/* Z, +hh:mm, +hhmm, or nothing: local time. */
static int zone(const char *s, struct tm *tm, int64_t *us)
{
	long long h, m = 0;
	int sign = *s == '-' ? -1 : 1;

	if (!*s) {
		tm->tm_isdst = -1;
		*us += mktime(tm) * SECOND;
		return 0;
	}
	if (!strcmp(s, "Z")) {
		*us += timegm(tm) * SECOND;
		return 0;
	}
	if (*s != '+' && *s != '-')
		return -EINVAL;
	s = number(s + 1, 2, 2, &h);
	if (s && *s == ':')
		s++;
	if (s && *s)
		s = number(s, 2, 2, &m);
	if (!s || *s || h > 14 || m > 59)
		return -EINVAL;
	*us += (timegm(tm) - sign * (h * 3600 + m * 60)) * SECOND;
	return 0;
}

static int iso(const char *s, int64_t *us)
{
	struct tm tm = { .tm_mday = 1 };
	long long y, m, d;

	*us = 0;
	s = number(s, 4, 4, &y);
	if (!s || *s != '-')
		return -EINVAL;
	s = number(s + 1, 2, 2, &m);
	if (!s || *s != '-')
		return -EINVAL;
	s = number(s + 1, 2, 2, &d);
	if (!s || !is_day(y, m, d))
		return -EINVAL;
	tm.tm_year = (int)y - 1900;
	tm.tm_mon = (int)m - 1;
	tm.tm_mday = (int)d;
	if (*s == 'T' || *s == ' ') {
		s = clock_time(s + 1, &tm, us);
		if (!s)
			return -EINVAL;
	}
	return zone(s, &tm, us);
}

static int month(const char *s)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int m = 0; m < 12; m++) {
		if (!strncasecmp(s, names + 3 * m, 3))
			return m;
	}
	return -1;
}

/* "May  8 16:30:29": the latest year in which it is not in the future. */
static int syslog_time(const char *s, int64_t now_us, int64_t *us)
{
	time_t now = (time_t)(now_us / SECOND);
	struct tm tm = { 0 }, today, t;
	int64_t part = 0;
	long long d;
	int m = month(s);

	if (m < 0 || !localtime_r(&now, &today))
		return -EINVAL;
	for (s += 3; *s == ' '; s++)
		;
	s = number(s, 1, 2, &d);
	if (!s || !is_day(0, m + 1, d))
		return -EINVAL;
	if (*s == ' ')
		s = clock_time(s + strspn(s, " "), &tm, &part);
	if (!s || *s)
		return -EINVAL;
	tm.tm_year = today.tm_year;
	tm.tm_mon = m;
	tm.tm_mday = (int)d;
	tm.tm_isdst = -1;
	for (int tries = 0; tries < 10; tries++, tm.tm_year--) {
		t = tm;
		*us = mktime(&t) * SECOND + part;
		if (is_day(tm.tm_year + 1900, m + 1, d) && *us <= now_us)
			return 0;
	}
	return -EINVAL;
}

static int today_at(const char *s, int64_t now_us, int64_t *us)
{
	time_t now = (time_t)(now_us / SECOND);
	struct tm tm;

	if (!localtime_r(&now, &tm))
		return -EINVAL;
	tm.tm_sec = 0;
	s = clock_time(s, &tm, us);
	if (!s || *s)
		return -EINVAL;
	return zone("", &tm, us);
}

static int ago(const char *s, int64_t now_us, int64_t *us)
{
	static const struct {
		const char *unit;
		int64_t us;
	} rows[] = {
		{ "s", SECOND }, { "sec", SECOND }, { "m", 60 * SECOND }, { "min", 60 * SECOND },
		{ "h", 3600 * SECOND }, { "hour", 3600 * SECOND }, { "hours", 3600 * SECOND },
		{ "d", 86400 * SECOND }, { "day", 86400 * SECOND }, { "days", 86400 * SECOND },
	};
	long long n;

	s = number(s, 1, 9, &n);
	if (!s)
		return -EINVAL;
	s += strspn(s, " ");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!strcmp(s, rows[i].unit)) {
			*us = now_us - n * rows[i].us;
			return 0;
		}
	}
	return -EINVAL;
}

/* Seconds with a fraction, all of s but for an end that may follow. */
static int seconds(const char *s, const char *end, int64_t *us)
{
	int64_t part;
	long long n;

	s = number(s, 1, 12, &n);
	if (!s)
		return -EINVAL;
	s = fraction(s, &part);
	*us = n * SECOND + part;
	return strcmp(s, end) ? -EINVAL : 0;
}

int when_parse(const char *word, int64_t now_us, bool *uptime, int64_t *us)
{
	*uptime = false;
	if (word[0] == '-')
		return ago(word + 1, now_us, us);
	if (word[0] == '@')
		return seconds(word + 1, "", us);
	if (isalpha((unsigned char)word[0]))
		return syslog_time(word, now_us, us);
	if (!iso(word, us) || !today_at(word, now_us, us))
		return 0;
	*uptime = true;
	if (word[0] == '[')
		return seconds(word + 1 + strspn(word + 1, " "), "]", us);
	return seconds(word, "", us);
}
