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
	unit_int(collect_offset(c, 2), 5001000, "the clock that is ahead; a ms is none");
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

#define OWN "\"steps\":[{\"hook\":\"output\"}],"
#define FORWARDED "\"steps\":[{\"hook\":\"prerouting\"}],"

/* Times are when the events were read: of one clock, each host reads later or sooner. */
static void test_jitter(void)
{
	struct collect *c = collect_new(hosts, 3);

	told[0] = '\0';
	packet(c, 1, 10000, 1, "10.0.0.2", FORWARDED "\"ttl\":64," SENT);
	packet(c, 0, 10002, 1, "10.0.0.2", OWN "\"ttl\":64," SENT);
	packet(c, 2, 9998, 1, "10.0.0.2", FORWARDED "\"ttl\":63," DELIVERED);
	packet(c, 1, 10003, 2, "10.0.0.2", FORWARDED "\"ttl\":64," DELIVERED);
	packet(c, 0, 10002, 2, "10.0.0.2", OWN "\"ttl\":64," SENT);
	collect_tell(c, INT64_MAX, on_packet, NULL);
	unit_str(told, "a1#1 b1#1 c1#1 a2#2 b2#2 ", "in the order of the way");
	unit_int(collect_offset(c, 1), 0, "no more than the spread: nothing is known of a clock");
	unit_int(collect_offset(c, 2), 0, "nor of the last one's");
	collect_free(c);
}

/* Packets without an ID, as IPv6 has them: each host has one of each. */
static void test_alike(void)
{
	struct collect *c = collect_new(hosts, 2);

	told[0] = '\0';
	packet(c, 0, 10000, 0, "10.0.0.2", OWN SENT);
	packet(c, 0, 11000, 0, "10.0.0.2", OWN SENT);
	packet(c, 1, 10001, 0, "10.0.0.2", DELIVERED);
	packet(c, 1, 11001, 0, "10.0.0.2", DELIVERED);
	collect_tell(c, INT64_MAX, on_packet, NULL);
	unit_str(told, "a0#1 b0#1 a0#2 b0#2 ", "two journeys");
	packet(c, 0, 12000, 0, "::2", "\"icmp\":{\"seq\":1}," OWN SENT);
	packet(c, 1, 12001, 0, "::2", "\"icmp\":{\"seq\":2}," DELIVERED);
	told[0] = '\0';
	collect_tell(c, INT64_MAX, on_packet, NULL);
	unit_str(told, "a0#0 b0#0 ", "another echo");
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
	test_jitter();
	test_alike();
	test_waits();
	test_bad();
	return unit_done();
}
