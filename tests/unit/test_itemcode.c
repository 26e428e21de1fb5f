// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/itemcode.h"

#include <netinet/in.h>
#include <string.h>

#include "tests/unit/logsame.h"
#include "tests/unit/unit.h"

#define CELLS (200 * ITEMCODE_MAX)

static struct itemcode_cell cells[CELLS];
static struct itemcode put, get;
static size_t end;

static size_t put_event(const struct np_trace_event *ev)
{
	struct log_item item = { .kind = LOGLINE_TRACE, .ev = ev };
	size_t n = itemcode_put(&put, &item, cells + end);

	end += n;
	return n;
}

static struct np_trace_event some_event(uint32_t twin)
{
	struct np_trace_event ev = { .set = NP_TEV_UPTIME, .type = NP_TRACE_RULE, .number = 7,
		.line_len = 250, .table = "raw", .chain = "PREROUTING", .in = "eth0", .out = "",
		.host = "gw", .wall_us = 1234567, .uptime_us = 89, .line = 12, .file = "log",
		.uid = 1, .gid = 2, .mark = 3, .twin = twin, .stamp = "May  8 16:30:29",
		.mac_len = 14, .mac = { 1, 2, 3 }, .tcp_opt_len = 4, .tcp_opt = { 2, 4, 5, 180 } };

	ev.hdr = (struct np_hdr){ .set = NP_HDR_ADDR | NP_HDR_TTL, .family = AF_INET, .ttl = 64,
		.src = { 10, 0, 0, 1 }, .dst = { 10, 0, 0, 2 }, .len = 60, .id = twin };
	return ev;
}

/* Whether what is in the cells from *at on is the event. */
static bool got(size_t *at, const struct np_trace_event *ev)
{
	struct log_item item;

	*at += itemcode_get(&get, cells + *at, &item);
	return item.kind == LOGLINE_TRACE && item.ev->twin == ev->twin &&
		logsame_event(item.ev, ev);
}

static void restart(void)
{
	memset(&put, 0, sizeof(put));
	memset(&get, 0, sizeof(get));
	end = 0;
}

/* What differs from its twin, each alone, and whether one cell says it. */
static void test_differences(void)
{
	enum { STEP, PLACE, TTL, TIME, DEVICE, STAMP, HOST, MAC, BRIDGE, FILE_NAME, N };
	static const char *const names[N] = { "its step", "its table", "its TTL", "its uptime",
		"its device", "its stamp", "its host", "its MAC", "its bridge port", "its file" };
	static const char other_host[] = "gw2", other_file[] = "log.1", port[] = "veth0";

	for (int i = 0; i < N; i++) {
		struct np_trace_event a = some_event(9), b = a;
		size_t at = 0, n;

		restart();
		put_event(&a);
		b.number += i == STEP;
		b.chain = i == PLACE ? "INPUT" : b.chain;
		b.table = i == PLACE ? "filter" : b.table;
		b.hdr.ttl = i == TTL ? 63 : b.hdr.ttl;
		b.uptime_us += i == TIME;
		b.out = i == DEVICE ? "eth1" : b.out;
		b.stamp[0] = i == STAMP ? 'J' : b.stamp[0];
		b.host = i == HOST ? other_host : b.host;
		b.mac[0] += i == MAC;
		b.physin = i == BRIDGE ? port : b.physin;
		b.file = i == FILE_NAME ? other_file : b.file;
		n = put_event(&b);
		unit_ok((n == 1) == (i <= DEVICE), "one cell or all of it: %s", names[i]);
		unit_ok(got(&at, &a) && got(&at, &b), "and it is told: %s", names[i]);
	}
}

/* Packets woven into one another, more than there are slots; some have no twin. */
static void test_woven(void)
{
	static struct np_trace_event all[200];
	size_t at = 0;
	bool same = true;

	restart();
	for (unsigned i = 0; i < 200; i++) {
		all[i] = some_event(i % 3 ? i % 23 : 0);
		all[i].hdr.src[3] = (uint8_t)(all[i].twin ? all[i].twin : i);
		all[i].line = i;
		all[i].hdr.ttl = (uint8_t)i;
		if (all[i].twin == 5) { /* an ICMP error: all of an event */
			all[i].set |= NP_TEV_QUOTED;
			all[i].quoted.seq = 77;
			all[i].ip_opt_len = 3;
			all[i].ip_opt[2] = 9;
		}
		put_event(&all[i]);
	}
	for (unsigned i = 0; i < 200; i++)
		same &= got(&at, &all[i]);
	unit_ok(same && at == end, "200 events of 23 packets and of none");
}

static void test_note(void)
{
	struct timeline_note note = { .family = AF_INET, .src = { 127 }, .dev = "eth0" };
	struct log_item item = { .kind = LOGLINE_NOTE, .note = &note };
	struct np_trace_event ev = some_event(1);
	size_t at = 0;

	restart();
	put_event(&ev);
	end += itemcode_put(&put, &item, cells + end);
	put_event(&ev);
	unit_ok(got(&at, &ev), "an event before a note");
	at += itemcode_get(&get, cells + at, &item);
	unit_ok(item.kind == LOGLINE_NOTE && item.note->src[0] == 127 &&
		!strcmp(item.note->dev, "eth0"), "the note");
	unit_ok(got(&at, &ev) && at == end, "and one after it");
}

int main(void)
{
	test_differences();
	test_woven();
	test_note();
	return unit_done();
}
