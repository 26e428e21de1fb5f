// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory of the lines before never changes what a line says: lines that are
 * shuffled, spliced, cut and damaged are read with it and without, and compared.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "trace/logline.h"

#include "tests/unit/logsame.h"
#include "tests/unit/unit.h"

#define SEEDS "tests/fuzz/corpus/logline"
#define MAX_LINES 200
#define LINE_MAX_BYTES 2048

static char lines[MAX_LINES][LINE_MAX_BYTES];
static size_t lens[MAX_LINES], n_lines;

static struct np_intern *in;
static struct logline *with, *without;
static unsigned long read_count, trace_count, differ;
static uint64_t rng = 88172645463325252u;

/* xorshift64, Marsaglia 2003 */
static unsigned pick(size_t n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return (unsigned)(rng % n);
}

static void compare(const char *s, size_t len)
{
	struct np_trace_event a, b;
	struct timeline_note na, nb;
	const char *wa = "", *wb = "";
	enum logline_kind ka = logline_parse(with, s, len, &a, &na, &wa);
	enum logline_kind kb = logline_parse(without, s, len, &b, &nb, &wb);

	read_count++;
	trace_count += ka == LOGLINE_TRACE;
	if (ka == kb && (ka != LOGLINE_TRACE || logsame_event(&a, &b)) &&
		(ka != LOGLINE_DAMAGED || wa == wb))
		return;
	if (!differ++)
		printf("# %d %d: %.*s\n", ka, kb, (int)len, s);
}

static void load(void)
{
	DIR *d = opendir(SEEDS);
	struct dirent *e;
	char path[512];

	while (d && (e = readdir(d))) {
		FILE *f;

		snprintf(path, sizeof(path), SEEDS "/%s", e->d_name);
		f = e->d_name[0] == '.' ? NULL : fopen(path, "r");
		while (f && n_lines < MAX_LINES && fgets(lines[n_lines], LINE_MAX_BYTES, f)) {
			lens[n_lines] = strcspn(lines[n_lines], "\n");
			n_lines++;
		}
		if (f)
			fclose(f);
	}
	if (d)
		closedir(d);
}

/* Lines of a few packets woven, each again with another step, TTL and device. */
static void woven(void)
{
	static const char *const heads[] = { "raw:PREROUTING:policy:2", "mangle:FORWARD:policy:1",
		"filter:FORWARD:rule:1", "filter:F:rule:12", "nat:a:b:return:3" };
	static const char *const devices[] = { "IN=enp3s0 OUT= ", "IN=enp3s0 OUT=enp5s0 ",
		"IN= OUT=enp5s0 ", "IN=enp3s0 OUT=enp5s0 MAC=00:11:22:33:44:55 ", "IN=a OUT=SRC",
		"IN=enp3s0OUT=enp5s0", "IN=enp3s0 OUT= MAC=" };
	static const char *const ttls[] = { "64", "63", "255", "256", "064", "0064", "", "6 4" };
	char s[512];

	for (int i = 0; i < 40000; i++) {
		unsigned packet = pick(6), v6 = packet == 5;
		int n = snprintf(s, sizeof(s),
			"May  8 16:30:%02u %s kernel: [%*u.%06u] TRACE: %s %sSRC=%s DST=%s LEN=40 "
			"%s%s %s PROTO=UDP SPT=1%u DPT=2 LEN=20%s",
			pick(3) + 10, pick(20) ? "gw1" : "gw2", (int)pick(8), 80 + pick(2),
			pick(1000000), heads[pick(5)], devices[pick(7)],
			v6 ? "fd00:0235:0000:0000:0000:0000:0000:0012" : "1.2.3.4",
			v6 ? "fd00:0235:0000:0000:0000:0000:0000:0013" : "5.6.7.8",
			v6 ? "TC=0 HOPLIMIT=" : "TOS=0x00 PREC=0x00 TTL=", ttls[pick(8)],
			v6 ? "FLOWLBL=0" : "ID=7 DF", packet, pick(4) ? " " : "");

		compare(s, (size_t)n);
	}
	unit_ok(trace_count > read_count / 4, "%lu of %lu woven lines are good ones", trace_count,
		read_count);
	unit_int((long long)differ, 0, "woven lines are read alike");
}

/* A line that was changed at a few bytes, in the middle or at an end. */
static void damage(const char *line, size_t len)
{
	char s[LINE_MAX_BYTES];
	size_t n = len;

	memcpy(s, line, len);
	for (unsigned k = 1 + pick(3); n && k; k--) {
		unsigned at = pick(n);

		switch (pick(4)) {
		case 0: /* another byte */
			s[at] = (char)pick(256);
			break;
		case 1: /* another digit: the line stays a good one */
			if (s[at] >= '0' && s[at] <= '9')
				s[at] = (char)('0' + pick(10));
			break;
		case 2: /* a byte is lost */
			memmove(s + at, s + at + 1, n - at - 1);
			n--;
			break;
		default: /* cut */
			n = at;
			break;
		}
	}
	compare(s, n);
}

static void spliced(void)
{
	char s[LINE_MAX_BYTES * 2];

	for (int i = 0; i < 60000; i++) {
		size_t a = pick(n_lines), b = pick(4) ? (a + 1) % n_lines : pick(n_lines);
		size_t at = pick(lens[a] + 1), from = pick(3) ? at : pick(lens[b] + 1);

		compare(lines[a], lens[a]);
		damage(lines[a], lens[a]);
		if (from > lens[b])
			from = lens[b];
		memcpy(s, lines[a], at);
		memcpy(s + at, lines[b] + from, lens[b] - from);
		compare(s, at + lens[b] - from);
		if (!pick(3))
			compare(lines[b], lens[b]);
	}
	unit_int((long long)differ, 0, "spliced and damaged lines are read alike");
}

int main(void)
{
	in = np_intern_new();
	with = logline_new(in, INT64_C(1781524800) * 1000000);
	without = logline_new(in, INT64_C(1781524800) * 1000000);
	logline_no_memory(without);
	logline_file(with, "log");
	logline_file(without, "log");
	load();
	if (!unit_ok(n_lines > 20, "%zu captured lines are there", n_lines))
		return unit_done();
	woven();
	spliced();
	/* a new file: the prefix of the old one is not its own */
	logline_file(with, "other");
	logline_file(without, "other");
	for (size_t i = 0; i < n_lines; i++)
		compare(lines[i], lens[i]);
	unit_int((long long)differ, 0, "lines of another file are read alike");
	logline_free(with);
	logline_free(without);
	np_intern_free(in);
	return unit_done();
}
