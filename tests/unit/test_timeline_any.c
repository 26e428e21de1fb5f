// SPDX-License-Identifier: GPL-2.0-or-later
/* Events of any content: grouped somehow, without harm. */
#include <stdlib.h>
#include <sys/socket.h>

#include "tests/unit/unit.h"
#include "trace/timeline.h"

static uint32_t pick(uint32_t n)
{
	return (uint32_t)rand() % n;
}

/* Fields of any value, many of them equal, so that everything meets everything. */
static void random_event(struct np_intern *in, struct np_trace_event *ev)
{
	static const char *const tables[] = { "raw", "mangle", "nat", "filter", "security", "odd" };
	static const char *const chains[] = { "PREROUTING", "INPUT", "FORWARD", "OUTPUT",
		"POSTROUTING", "A", "B", "C" };
	static const char *const devs[] = { "", "lo", "eth0", "eth1" };
	static const uint8_t protos[] = { 6, 17, 1, 58, 132, 50 };
#define NAME(list) (s = list[pick(sizeof(list) / sizeof(*list))], np_intern(in, s, strlen(s)))
	const char *s;

	memset(ev, 0, sizeof(*ev));
	for (size_t i = 0; i < sizeof(ev->hdr); i++)
		((unsigned char *)&ev->hdr)[i] = (unsigned char)pick(3);
	ev->quoted = ev->hdr;
	ev->hdr.set = (uint32_t)rand();
	ev->quoted.set = (uint32_t)rand();
	ev->hdr.family = ev->quoted.family = pick(2) ? AF_INET : AF_INET6;
	ev->hdr.proto = protos[pick(6)];
	ev->set = (uint32_t)rand();
	ev->type = (enum np_trace_type)pick(3);
	ev->number = pick(4);
	ev->host = np_intern(in, pick(2) ? "a" : "b", 1);
	ev->table = NAME(tables);
	ev->chain = NAME(chains);
	ev->in = pick(9) ? NAME(devs) : NULL;
	ev->out = pick(9) ? NAME(devs) : NULL;
	ev->wall_us = pick(1000);
	ev->uptime_us = pick(1000);
	ev->mac_len = (uint8_t)pick(3);
	ev->line_len = pick(4);
	ev->file = pick(50) ? "x" : "y";
}

static int count_only(const struct packet *p, void *arg)
{
	char ask[120];
	unsigned *n = arg;

	for (int c = 0; c < CAUSE_COUNT; c++)
		packet_ask(p, (enum packet_cause)c, ask, sizeof(ask));
	*n += p->n_steps > 0 && p->outcome.state < PACKET_STATES &&
		p->outcome.n_causes <= CAUSE_COUNT && p->outcome.n_expected <= PACKET_EXPECTED_MAX;
	return 0;
}

static void test_anything(void)
{
	struct np_intern *in = np_intern_new();
	unsigned n = 0;

	srand(2);
	for (int i = 0; i < 60; i++) {
		struct timeline_opts opts = { .intern = in, .quiet_steps = i % 3 == 1 };
		struct timeline *tl = timeline_new(&opts, count_only, &n);
		struct np_trace_event ev;
		struct timeline_note note;

		for (int k = 0; k < 2000; k++) {
			random_event(in, &ev);
			timeline_add(tl, &ev);
			note = (struct timeline_note){ .host = ev.host, .dev = ev.in,
				.family = ev.hdr.family };
			if (!pick(20))
				timeline_note(tl, &note);
			if (!pick(100))
				timeline_expire(tl, k * 10000);
		}
		timeline_flush(tl);
		timeline_free(tl);
	}
	unit_ok(n > 1000, "any events make packets, and no harm (%u)", n);
	np_intern_free(in);
}

static int stop_at_two(const struct packet *p, void *arg)
{
	unsigned *n = arg;

	(void)p;
	return ++*n == 2 ? 42 : 0;
}

static void test_done(void)
{
	struct np_intern *in = np_intern_new();
	unsigned n = 0, ret = 0;
	struct timeline_opts opts = { .intern = in };
	struct timeline *tl = timeline_new(&opts, stop_at_two, &n);
	struct np_trace_event ev;

	for (int i = 0; i < 5; i++) {
		random_event(in, &ev);
		ev.set = 0;
		ev.hdr.id = (uint32_t)i + 1;
		ev.hdr.set = NP_HDR_ID | NP_HDR_ADDR;
		timeline_add(tl, &ev);
	}
	ret = (unsigned)timeline_flush(tl);
	unit_ok(ret == 42 && n == 2, "what done returns stops the timeline");
	timeline_free(tl);
	np_intern_free(in);
}

int main(void)
{
	test_anything();
	test_done();
	return unit_done();
}
