// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/collect.h"

#include <stdio.h>

#include "tests/unit/unit.h"

static const char *const hosts[] = { "a", "b", "c" };
static char told[1024];

static int on_packet(json_t *p, void *arg)
{
	size_t n = strlen(told);

	(void)arg;
	snprintf(told + n, sizeof(told) - n, "%s%lld#%lld ",
		json_string_value(json_object_get(p, "host")),
		(long long)json_integer_value(json_object_get(p, "id")),
		(long long)json_integer_value(json_object_get(p, "journey")));
	return 0;
}

/* A packet at so many milliseconds of the host's clock; more: of its object. */
static int packet(struct collect *c, size_t host, unsigned ms, int id, const char *dst,
	const char *more)
{
	char line[512];

	int n = snprintf(line, sizeof(line), "{\"protocol\":\"tcp\",\"src\":\"10.0.0.1\","
		"\"sport\":5,\"dport\":80,\"id\":%d,\"dst\":\"%s\","
		"\"first_seen\":\"2026-11-26T10:00:%02u.%06u+0100\",%s}", id, dst, ms / 1000,
		ms % 1000 * 1000, more);

	return collect_line(c, host, line, (size_t)n, 0);
}

#define SENT "\"outcome\":{\"state\":\"sent\"}"
#define DELIVERED "\"outcome\":{\"state\":\"delivered\"}"

static void test_journey(void)
{
	struct collect *c = collect_new(hosts, 3);

	told[0] = '\0';
	/* c's clock is 5 s ahead; b rewrites the destination */
	packet(c, 2, 15003, 1, "10.9.9.9", DELIVERED);
	packet(c, 1, 10002, 1, "10.0.0.2", "\"nat\":{\"dst\":[\"10.0.0.2\",\"10.9.9.9\"]}," SENT);
	packet(c, 0, 10001, 1, "10.0.0.2", SENT);
	packet(c, 0, 10500, 2, "10.0.0.2", DELIVERED);
	unit_int(collect_tell(c, INT64_MAX, on_packet, NULL), 0, "told");
	unit_str(told, "a1#1 b1#1 c1#1 a2#0 ", "in the order of the way, by one clock");
	unit_int(collect_offset(c, 2), 5002000, "the clock that is ahead");
	collect_free(c);
}

static void test_both_ways(void)
{
	struct collect *c = collect_new(hosts, 2);

	packet(c, 0, 10000, 1, "10.0.0.2", SENT);
	packet(c, 1, 12010, 1, "10.0.0.2", DELIVERED);
	packet(c, 1, 12020, 7, "10.0.0.1", SENT);
	packet(c, 0, 10030, 7, "10.0.0.1", DELIVERED);
	unit_int(collect_offset(c, 1), 2000000, "10 ms there, 10 ms back, 2 s between the clocks");
	collect_free(c);
}

static void test_waits(void)
{
	struct collect *c = collect_new(hosts, 2);

	told[0] = '\0';
	packet(c, 0, 10000, 1, "10.0.0.2", SENT);
	collect_tell(c, COLLECT_HOLD_US - 1, on_packet, NULL);
	unit_str(told, "", "not yet");
	collect_tell(c, COLLECT_HOLD_US, on_packet, NULL);
	unit_str(told, "a1#0 ", "now");
	packet(c, 1, 10001, 1, "10.0.0.2", DELIVERED);
	collect_tell(c, INT64_MAX, on_packet, NULL);
	unit_str(told, "a1#0 b1#1 ", "too late for the first, whose journey it is still");
	collect_free(c);
}

static void test_bad(void)
{
	static const char *const lines[] = { "", "{", "[]", "7", "{\"outcome\":{}}",
		"{\"outcome\":{},\"first_seen\":\"yesterday\"}",
		"{\"outcome\":{},\"first_seen\":\"2026-11-26T10:00:00\"}" };
	struct collect *c = collect_new(hosts, 1);

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		unit_ok(collect_line(c, 0, lines[i], strlen(lines[i]), 0) < 0, "%s", lines[i]);
	for (int i = 0; i < 5000; i++)
		if (packet(c, 0, (unsigned)i, i, "10.0.0.2", SENT))
			unit_ok(false, "more than there is room for");
	collect_free(c);
}

int main(void)
{
	test_journey();
	test_both_ways();
	test_waits();
	test_bad();
	return unit_done();
}
