/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UNIT_H
#define UNIT_H

/*
 * TAP for the unit tests: one file, one program, `return unit_done();`. A test
 * is a line; what was got and wanted is said when it fails.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned unit_count, unit_failed;

__attribute__((format(printf, 2, 3), unused)) static bool unit_ok(bool ok, const char *fmt, ...)
{
	va_list ap;

	unit_count++;
	if (!ok)
		unit_failed++;
	printf("%sok %u - ", ok ? "" : "not ", unit_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return ok;
}

__attribute__((unused)) static bool unit_str(const char *got, const char *want, const char *name)
{
	bool ok = got == want || (got && want && !strcmp(got, want));

	if (!ok)
		printf("# got  %s\n# want %s\n", got ? got : "(null)", want ? want : "(null)");
	return unit_ok(ok, "%s", name);
}

__attribute__((unused)) static bool unit_int(long long got, long long want, const char *name)
{
	if (got != want)
		printf("# got  %lld\n# want %lld\n", got, want);
	return unit_ok(got == want, "%s", name);
}

__attribute__((unused)) static int unit_done(void)
{
	printf("1..%u\n", unit_count);
	return unit_failed ? 1 : 0;
}

#endif
