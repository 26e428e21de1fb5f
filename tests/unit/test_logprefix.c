// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/logprefix.h"

#include <stdlib.h>
#include <time.h>

#include "lib/trace.h"
#include "tests/unit/unit.h"

#define S INT64_C(1000000)
/* 2026-06-15 12:00:00 UTC */
#define NOW (1781524800 * S)
/* 2026-05-08 16:30:29, 2026-05-20 00:35:03 UTC */
#define MAY8 (1778257829 * S)
#define MAY20 (1779237303 * S)

enum { W = NP_TEV_WALL, U = NP_TEV_UPTIME, N = NP_TEV_NO_YEAR };

static const struct {
	const char *prefix;
	uint32_t set;
	const char *host, *stamp;
	int64_t wall, uptime;
} forms[] = {
	/* syslog, RFC 3164 */
	{ "May  8 16:30:29 ceph4 kernel: [324781.838361] ", W | U | N, "ceph4", "May  8 16:30:29",
		MAY8, 324781838361 },
	{ "May  8 16:30:29 ceph4 kernel: ", W | N, "ceph4", "May  8 16:30:29", MAY8, 0 },
	{ "May  8 16:30:29 ceph4 kernel: [   72.841930] ", W | U | N, "ceph4", "May  8 16:30:29",
		MAY8, 72841930 },
	{ "<4>May  8 16:30:29 ceph4 kernel: [1.000002] ", W | U | N, "ceph4", "May  8 16:30:29",
		MAY8, 1000002 },
	{ "May  8 16:30:29 kernel: ", W | N, "", "May  8 16:30:29", MAY8, 0 },
	{ "May  8 16:30:29 ceph4 ", W | N, "ceph4", "May  8 16:30:29", MAY8, 0 },
	{ "May  8 16:30:29 10.0.1.12 kernel:[1.000002]", W | U | N, "10.0.1.12",
		"May  8 16:30:29", MAY8, 1000002 },
	{ "May 8 16:30:29\tceph4\tkernel:\t", W | N, "ceph4", "May 8 16:30:29", MAY8, 0 },
	{ "May  8 16:30:29 2026 ceph4 kernel: ", W, "ceph4", "May  8 16:30:29 2026", MAY8, 0 },
	/* blanks that were eaten or added */
	{ "May 2000:35:03 gw1kernel:[1.000002]", W | U | N, "gw1", "May 2000:35:03", MAY20, 1000002 },
	{ "May\t20  00:35:03 \t gw1\tkernel:  [ \t1.000002] ", W | U | N, "gw1",
		"May\t20  00:35:03", MAY20, 1000002 },
	{ "[Wed  May  20  00:35:03  2026]  ", W, "", "Wed  May  20  00:35:03  2026", MAY20, 0 },
	{ "\"[Wed May 20 00:35:03 2026] ", W, "", "Wed May 20 00:35:03 2026", MAY20, 0 },
	/* busybox, OpenWrt */
	{ "May  8 16:30:29 ap1 kern.warn kernel: [   72.841930] ", W | U | N, "ap1",
		"May  8 16:30:29", MAY8, 72841930 },
	{ "Wed May 20 00:35:03 2026 kern.warn kernel: [   72.841930] ", W | U, "",
		"Wed May 20 00:35:03 2026", MAY20, 72841930 },
	/* rsyslog's and syslog-ng's ISO 8601 */
	{ "2026-05-20T08:35:03.737034+08:00 gw1 kernel: [   80.737034] ", W | U, "gw1",
		"2026-05-20T08:35:03.737034+08:00", MAY20 + 737034, 80737034 },
	{ "2026-05-20T00:35:03.5Z gw1 kernel: ", W, "gw1", "2026-05-20T00:35:03.5Z",
		MAY20 + 500000, 0 },
	{ "2026-05-19T19:05:03-0530 gw1 kernel: ", W, "gw1", "2026-05-19T19:05:03-0530", MAY20, 0 },
	{ "2026-05-20 00:35:03 gw1 kernel: ", W, "gw1", "2026-05-20 00:35:03", MAY20, 0 },
	/* RFC 5424 */
	{ "<4>1 2026-05-20T08:35:03.737034+08:00 gw1 kernel - - - ", W, "gw1",
		"2026-05-20T08:35:03.737034+08:00", MAY20 + 737034, 0 },
	{ "<4>1 2026-05-20T00:35:03Z gw1 kernel 0 ID47 [a@1 b=\"c d\"][e@1] \xef\xbb\xbf[1.000002] ",
		W | U, "gw1", "2026-05-20T00:35:03Z", MAY20, 1000002 },
	{ "<4>1 2026-05-20T00:35:03Z - kernel - - - ", W, "", "2026-05-20T00:35:03Z", MAY20, 0 },
	/* dmesg, and with -r -x -T -d and --time-format */
	{ "[   72.841930] ", U, "", "", 0, 72841930 },
	{ "[324781.838361]", U, "", "", 0, 324781838361 },
	{ "<4>[   72.841930] ", U, "", "", 0, 72841930 },
	{ "kern  :warn  : [   72.841930] ", U, "", "", 0, 72841930 },
	{ "kern  :warn  : [Wed May 20 00:35:03 2026] ", W, "", "Wed May 20 00:35:03 2026", MAY20, 0 },
	{ "[Wed May 20 00:35:03 2026] ", W, "", "Wed May 20 00:35:03 2026", MAY20, 0 },
	{ "[Wed May 20 00:35:03 2026 <    0.000123>] ", W, "", "Wed May 20 00:35:03 2026", MAY20, 0 },
	{ "[   72.841930 <    0.000043>] ", U, "", "", 0, 72841930 },
	{ "[<    0.000043>] ", 0, "", "", 0, 0 },
	{ "[May20 00:35] ", W | N, "", "May20 00:35", MAY20 - 3 * S, 0 },
	{ "2026-05-20T00:35:03,737034+00:00 ", W, "", "2026-05-20T00:35:03,737034+00:00",
		MAY20 + 737034, 0 },
	{ "[   72.841930] [   T1234] ", U, "", "", 0, 72841930 },
	{ "[   72.841930][    C0] ", U, "", "", 0, 72841930 },
	/* /dev/kmsg */
	{ "4,1234,72841930,-;", U, "", "", 0, 72841930 },
	{ "4,1234,72841930,-,caller=T1;", U, "", "", 0, 72841930 },
	/* journalctl -k -o short-precise, -iso, -iso-precise, -monotonic, -delta, -full, -unix */
	{ "May 20 00:35:03.570127 gw1 kernel: ", W | N, "gw1", "May 20 00:35:03.570127",
		MAY20 + 570127, 0 },
	{ "2026-05-20T08:35:03+0800 gw1 kernel: ", W, "gw1", "2026-05-20T08:35:03+0800", MAY20, 0 },
	{ "2026-05-20T08:35:03.570127+0800 gw1 kernel: ", W, "gw1",
		"2026-05-20T08:35:03.570127+0800", MAY20 + 570127, 0 },
	{ "[   72.841930] gw1 kernel: ", U, "gw1", "", 0, 72841930 },
	{ "[   72.841930 <    0.000043 >] gw1 kernel: ", U, "gw1", "", 0, 72841930 },
	{ "Wed 2026-05-20 00:35:03 UTC gw1 kernel: ", W, "gw1", "Wed 2026-05-20 00:35:03 UTC",
		MAY20, 0 },
	{ "Wed 2026-05-20 00:35:03.570127 UTC gw1 kernel: ", W, "gw1",
		"Wed 2026-05-20 00:35:03.570127 UTC", MAY20 + 570127, 0 },
	{ "Wed 2026-05-20 08:35:03 +08 gw1 kernel: ", W, "gw1", "Wed 2026-05-20 08:35:03 +08",
		MAY20, 0 },
	{ "1779237303.570127 gw1 kernel: ", W, "gw1", "1779237303.570127", MAY20 + 570127, 0 },
	/* nothing, and a tag alone */
	{ "", 0, "", "", 0, 0 },
	{ "kernel: ", 0, "", "", 0, 0 },
	{ "ceph4 kernel: ", 0, "ceph4", "", 0, 0 },
	/* what others put before it */
	{ "/var/log/kern.log:May  8 16:30:29 ceph4 kernel: [1.000002] ", W | U | N, "ceph4",
		"May  8 16:30:29", MAY8, 1000002 },
	{ "12:May  8 16:30:29 ceph4 kernel: ", W | N, "ceph4", "May  8 16:30:29", MAY8, 0 },
	{ "kern.log:12:2026-05-20T00:35:03Z gw1 kernel: ", W, "gw1", "2026-05-20T00:35:03Z", MAY20, 0 },
	{ "kern.log-May  8 16:30:29 ceph4 kernel: ", W | N, "ceph4", "May  8 16:30:29", MAY8, 0 },
	{ "kern.log.1-2026-05-20T00:35:03Z gw1 kernel: ", W, "gw1", "2026-05-20T00:35:03Z", MAY20, 0 },
	{ "    > May  8 16:30:29 ceph4 kernel: ", W | N, "ceph4", "May  8 16:30:29", MAY8, 0 },
	{ "&gt; [   72.841930] ", U, "", "", 0, 72841930 },
	{ "root@gw1:~# [   72.841930] ", U, "", "", 0, 72841930 },
	{ "3:[   72.841930] ", U, "", "", 0, 72841930 },
	/* a LOG rule's prefix before the word */
	{ "May  8 16:30:29 ceph4 kernel: [1.000002] fw: ", W | U | N, "ceph4", "May  8 16:30:29",
		MAY8, 1000002 },
	/* no times */
	{ "May 32 16:30:29 ceph4 kernel: [1.000002] ", U, "", "", 0, 1000002 },
	{ "May  8 24:30:29 ceph4 kernel: ", 0, "", "", 0, 0 },
	{ "2026-13-20T00:35:03Z gw1 kernel: ", 0, "", "", 0, 0 },
};

static struct logprefix_state state_at(int64_t now)
{
	struct logprefix_state st = { 0 };

	logclock_init(&st.clock, now);
	return st;
}

static void all_forms(void)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct logprefix_state st = state_at(NOW);
		const char *s = forms[i].prefix;
		struct logprefix p;
		bool ok;

		logprefix_parse(&st, s, strlen(s), &p);
		ok = p.set == forms[i].set && p.host_len == strlen(forms[i].host) &&
			!memcmp(p.host, forms[i].host, p.host_len) &&
			p.stamp_len == strlen(forms[i].stamp) &&
			!memcmp(p.stamp, forms[i].stamp, p.stamp_len) &&
			(!(p.set & W) || p.wall_us == forms[i].wall) &&
			(!(p.set & U) || p.uptime_us == forms[i].uptime);
		if (!unit_ok(ok, "%s", s))
			printf("# set %x host <%.*s> stamp <%.*s> wall %lld uptime %lld\n", p.set,
				(int)p.host_len, p.host, (int)p.stamp_len, p.stamp,
				(long long)p.wall_us, (long long)p.uptime_us);
	}
}

static int64_t wall(struct logprefix_state *st, const char *s)
{
	struct logprefix p;

	logprefix_parse(st, s, strlen(s), &p);
	return p.set & W ? p.wall_us : -1;
}

static void years(void)
{
	struct logprefix_state st = state_at(NOW), jan = state_at(1767571200 * S); /* 5 Jan 2026 */

	unit_int(wall(&st, "Jun 15 12:00:00 a kernel: "), NOW, "a stamp of now is of this year");
	unit_int(wall(&st, "Jun 15 20:00:00 a kernel: "), NOW + 8 * 3600 * S,
		"one that a zone puts ahead too");
	unit_int(wall(&st, "Feb 29 00:00:00 a kernel: "), 1709164800 * S,
		"29 February is of the last leap year");
	st = state_at(NOW);
	unit_int(wall(&st, "Jun 20 12:00:00 a kernel: "), NOW + (5 - 365) * 86400 * S,
		"a later day is of last year");
	unit_int(wall(&st, "Dec 31 23:59:59 a kernel: "), 1767225599 * S, "so is New Year's Eve");
	unit_int(wall(&st, "Jan  1 00:00:00 a kernel: "), 1767225600 * S, "a second later is this year");
	unit_int(wall(&jan, "Dec 31 23:59:59 a kernel: "), 1767225599 * S,
		"in January December is of last year");
	unit_int(wall(&jan, "Jan  1 00:00:01 a kernel: "), 1767225601 * S, "and time goes on");
	/* the log began in last year's June: this June was the best guess for its first line */
	st = state_at(NOW);
	(void)wall(&st, "Jun 10 12:00:00 a kernel: ");
	unit_ok(wall(&st, "Dec 31 23:59:59 a kernel: ") < wall(&st, "Jan  1 00:00:00 a kernel: "),
		"time increases over New Year's Eve");
	logclock_reset(&st.clock);
	unit_int(wall(&st, "Dec 31 23:59:59 a kernel: "), 1767225599 * S,
		"another log begins anew");
}

static void zones(void)
{
	struct logprefix_state st;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	st = state_at(NOW);
	unit_int(wall(&st, "May 20 02:35:03 a kernel: "), MAY20, "a stamp without zone is local");
	unit_int(wall(&st, "Jan 20 01:00:00 a kernel: "), 1768867200 * S, "in winter as well");
	unit_int(wall(&st, "Wed 2026-05-20 02:35:03 CEST a kernel: "), MAY20,
		"the summer's name is known");
	unit_int(wall(&st, "Sun 2025-10-26 02:30:00 CEST a kernel: "), 1761438600 * S,
		"and tells an hour that comes twice");
	unit_int(wall(&st, "Sun 2025-10-26 02:30:00 CET a kernel: "), 1761442200 * S,
		"from the other one");
	setenv("TZ", "UTC", 1);
	tzset();
}

static void relative(void)
{
	struct logprefix_state st = state_at(NOW);

	unit_int(wall(&st, "[  +0.000123] "), -1, "a difference to nothing is no time");
	unit_int(wall(&st, "[May20 00:35] "), MAY20 - 3 * S, "dmesg's relative time begins");
	unit_int(wall(&st, "[  +0.000123] "), MAY20 - 3 * S + 123, "and goes on");
	unit_int(wall(&st, "[  +1.000000] "), MAY20 - 2 * S + 123, "and on");
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	all_forms();
	years();
	zones();
	relative();
	return unit_done();
}
