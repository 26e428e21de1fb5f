// SPDX-License-Identifier: GPL-2.0-or-later
#include "logstamp.h"

#include <ctype.h>
#include <stddef.h>
#include <time.h>

static bool take_int(struct logcur *c, unsigned min, unsigned max, int *v)
{
	unsigned n = 0;

	*v = 0;
	for (; n < max && logcur_digit(c); n++)
		*v = *v * 10 + (*c->p++ - '0');
	return n >= min;
}

/* ".838361" or ",838361" to microseconds; nothing there is 0. */
static bool take_fraction(struct logcur *c, int *us)
{
	int scale = 100000;

	*us = 0;
	if (!logcur_word(c, ".") && !logcur_word(c, ","))
		return true;
	if (!logcur_digit(c))
		return false;
	for (; logcur_digit(c); c->p++, scale /= 10)
		*us += (*c->p - '0') * scale;
	return true;
}

static bool take_time(struct logcur *c, struct logstamp *st)
{
	return take_int(c, 2, 2, &st->hour) && logcur_word(c, ":") &&
	       take_int(c, 2, 2, &st->minute) && logcur_word(c, ":") &&
	       take_int(c, 2, 2, &st->second) && take_fraction(c, &st->us);
}

/* "Z", "+08:00", "+0800", "+08" */
static void take_zone(struct logcur *c, struct logstamp *st)
{
	struct logcur start = *c;
	int hours, minutes = 0;
	bool minus;

	if (logcur_word(c, "Z")) {
		st->zone = true;
		return;
	}
	minus = logcur_word(c, "-");
	if (!minus && !logcur_word(c, "+"))
		return;
	if (!take_int(c, 2, 2, &hours)) {
		*c = start;
		return;
	}
	logcur_word(c, ":");
	take_int(c, 0, 2, &minutes);
	st->zone = true;
	st->zone_s = (hours * 3600 + minutes * 60) * (minus ? -1 : 1);
}

static bool take_iso_date(struct logcur *c, struct logstamp *st)
{
	return take_int(c, 4, 4, &st->year) && logcur_word(c, "-") &&
	       take_int(c, 2, 2, &st->month) && logcur_word(c, "-") && take_int(c, 2, 2, &st->day);
}

bool logstamp_iso(struct logcur *c, struct logstamp *st)
{
	if (!take_iso_date(c, st) || !(logcur_word(c, "T") || logcur_gap(c)) || !take_time(c, st))
		return false;
	take_zone(c, st);
	return logstamp_ok(st);
}

static int name_index(const char *s, size_t left, const char *names, int n)
{
	for (int i = 0; left >= 3 && i < n; i++)
		if (!memcmp(s, names + (ptrdiff_t)i * 3, 3))
			return i + 1;
	return 0;
}

static bool take_month(struct logcur *c, struct logstamp *st)
{
	st->month = name_index(c->p, logcur_left(c), "JanFebMarAprMayJunJulAugSepOctNovDec", 12);
	if (!st->month)
		return false;
	c->p += 3;
	return true;
}

bool logstamp_weekday(struct logcur *c)
{
	if (!name_index(c->p, logcur_left(c), "MonTueWedThuFriSatSun", 7))
		return false;
	c->p += 3;
	return logcur_gap(c);
}

/* A year after the time ("16:30:29 2026"), but not the beginning of anything else. */
static void take_year_after(struct logcur *c, struct logstamp *st)
{
	struct logcur start = *c;
	int year;

	if (logcur_gap(c) && take_int(c, 4, 4, &year) && year >= 1970 && year < 2200 &&
		(c->p == c->end || logcur_blank(*c->p) || *c->p == ']')) {
		st->year = year;
		return;
	}
	*c = start;
}

/* "20 00:31:44", and "2000:31:44" where the blank was eaten */
static bool take_day_time(struct logcur *c, struct logstamp *st)
{
	const char *start = c->p;
	unsigned digits = 0;

	while (digits < 5 && digits < logcur_left(c) && start[digits] >= '0' &&
		start[digits] <= '9')
		digits++;
	if (digits > 2)
		digits -= 2;
	if (!digits || digits > 2 || !take_int(c, digits, digits, &st->day))
		return false;
	logcur_skip(c);
	return take_time(c, st);
}

bool logstamp_bsd(struct logcur *c, struct logstamp *st)
{
	if (!take_month(c, st))
		return false;
	logcur_skip(c);
	if (!take_day_time(c, st))
		return false;
	take_year_after(c, st);
	return logstamp_ok(st);
}

bool logstamp_full(struct logcur *c, struct logstamp *st)
{
	struct logcur before;

	if (!take_iso_date(c, st) || !logcur_gap(c) || !take_time(c, st))
		return false;
	before = *c;
	if (!logcur_gap(c))
		return false;
	take_zone(c, st);
	if (!st->zone) {
		const char *e = logcur_word_end(c);
		size_t n = (size_t)(e - c->p);

		if ((n == 3 && (!memcmp(c->p, "UTC", 3) || !memcmp(c->p, "GMT", 3))))
			st->zone = true;
		else if (n && n == strlen(tzname[0]) && !memcmp(c->p, tzname[0], n))
			st->season = LOGSTAMP_STANDARD;
		else if (n && n == strlen(tzname[1]) && !memcmp(c->p, tzname[1], n))
			st->season = LOGSTAMP_SUMMER;
		else if (n < 2 || n > 5 || !isupper((unsigned char)*c->p))
			e = before.p;
		c->p = e;
	}
	return logstamp_ok(st);
}

/* Past any clock that a log can show. */
#define MAX_SECONDS UINT64_C(100000000000)

bool logstamp_uptime(struct logcur *c, int64_t *us)
{
	uint64_t s;
	int frac;

	logcur_skip(c);
	if (!logcur_u64(c, MAX_SECONDS, &s) || c->p == c->end || *c->p != '.' ||
		!take_fraction(c, &frac))
		return false;
	*us = (int64_t)s * 1000000 + frac;
	return true;
}

bool logstamp_minute(struct logcur *c, struct logstamp *st)
{
	return take_month(c, st) && take_int(c, 2, 2, &st->day) && logcur_gap(c) &&
	       take_int(c, 2, 2, &st->hour) && logcur_word(c, ":") &&
	       take_int(c, 2, 2, &st->minute) && logstamp_ok(st);
}
