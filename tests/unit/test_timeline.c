// SPDX-License-Identifier: GPL-2.0-or-later
/* Grouping: lines in, packets out, each as a line of text that the tests compare. */
#include "trace/timeline.h"

#include <stdlib.h>

#include "tests/unit/unit.h"
#include "trace/logline.h"

struct run {
	struct np_intern *in;
	struct logline *ll;
	struct timeline *tl;
	struct ruleset *rules;
	char out[1 << 16];
	size_t len;
	unsigned packets, steps, mixed;
};

static const char *const states[] = { "sent", "delivered", "dropped", "vanished", "unfinished" };

/* "4369 sent raw:OUTPUT:policy:2 filter:OUTPUT:policy:1 ;": ID, end, steps. */
static int told(const struct packet *p, void *arg)
{
	struct run *r = arg;

	r->packets++;
	r->steps += p->n_steps;
	for (uint32_t i = 0; i < p->n_steps; i++)
		r->mixed += p->steps[i].ev.hdr.id != packet_first(p)->hdr.id;
	if (r->len + 200 + 64 * p->n_steps > sizeof(r->out))
		return 0;
#define ADD(...) \
	(r->len += (size_t)snprintf(r->out + r->len, sizeof(r->out) - r->len, __VA_ARGS__))
	ADD("%u %s", packet_first(p)->hdr.id, states[p->outcome.state]);
	if (p->journey)
		ADD(" j%u", (unsigned)p->journey);
	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct packet_step *s = &p->steps[i];

		ADD(" %.*s%s:%s:%s:%u%s%s%s%s%s%s%s", s->depth, ">>>>>>>>>>", s->ev.table,
			s->ev.chain, np_trace_type_name(s->ev.type), s->ev.number,
			s->before & STEP_GAP ? "?" : "", s->before & STEP_LOOPED ? "@" : "",
			s->before & STEP_IPVS ? "+" : "", s->before & STEP_UNNAT ? "~" : "",
			s->before & STEP_GOTO ? "!" : "", s->before & STEP_REROUTED ? "^" : "",
			s->before & STEP_WRAPPED ? "(" : "");
	}
	ADD(" ; ");
#undef ADD
	return 0;
}

static void start(struct run *r, const char *rules, bool quiet)
{
	struct np_err err = NP_ERR_INIT;
	struct timeline_opts opts = { .quiet_steps = quiet };

	memset(r, 0, sizeof(*r));
	r->in = opts.intern = np_intern_new();
	r->ll = logline_new(r->in, 1790000000000000);
	if (rules) {
		r->rules = ruleset_new(r->in);
		ruleset_read(r->rules, "rules", rules, strlen(rules), &err);
		opts.rules = r->rules;
	}
	r->tl = timeline_new(&opts, told, r);
	logline_file(r->ll, "log");
}

static void line(struct run *r, const char *text)
{
	struct np_trace_event ev;
	struct timeline_note note;

	switch (logline_parse(r->ll, text, strlen(text), &ev, &note, NULL)) {
	case LOGLINE_TRACE:
		timeline_add(r->tl, &ev);
		break;
	case LOGLINE_NOTE:
		timeline_note(r->tl, &note);
		break;
	default:
		break;
	}
}

static void stop(struct run *r)
{
	timeline_flush(r->tl);
	if (r->len >= 3)
		r->out[r->len - 3] = '\0';
	timeline_free(r->tl);
	logline_free(r->ll);
	ruleset_free(r->rules);
	np_intern_free(r->in);
}

/* What varies between the lines of a test; the rest is one packet of UDP. */
struct say {
	const char *step, *in, *out, *src, *dst;
	unsigned ttl, id;
	const char *more;
};

static void say(struct run *r, unsigned us, const char *host, struct say s)
{
	char text[700];

	snprintf(text, sizeof(text),
		"2026-05-20T00:00:%02u.%06u+00:00 %s kernel: TRACE: %s IN=%s OUT=%s %sSRC=%s "
		"DST=%s LEN=40 TOS=0x00 PREC=0x00 TTL=%u ID=%u DF PROTO=UDP SPT=40000 DPT=5001 "
		"LEN=20 %s", us / 1000000, us % 1000000, host, s.step, s.in ? s.in : "",
		s.out ? s.out : "", s.in && *s.in ? "MAC=00:23:7d:5b:96:01:00:21:5a:ef:96:02:08:00 " :
		"", s.src ? s.src : "10.0.0.1", s.dst ? s.dst : "10.0.1.20", s.ttl ? s.ttl : 64,
		s.id ? s.id : 7, s.more ? s.more : "");
	line(r, text);
}

#define STEP(step_, in_, out_, ...) \
	((struct say){ .step = step_, .in = in_, .out = out_, ##__VA_ARGS__ })
#define SAY(us, ...) say(&r, us, "gw1", STEP(__VA_ARGS__))

static void test_forward(void)
{
	struct run r;

	start(&r, NULL, false);
	SAY(10, "raw:PREROUTING:policy:2", "eth0", "");
	SAY(20, "raw:PREROUTING:policy:2", "eth0", "", .id = 8);
	SAY(30, "mangle:PREROUTING:policy:1", "eth0", "");
	SAY(40, "mangle:PREROUTING:policy:1", "eth0", "", .id = 8);
	SAY(50, "mangle:FORWARD:policy:1", "eth0", "eth1", .id = 8, .ttl = 63);
	SAY(60, "mangle:FORWARD:policy:1", "eth0", "eth1", .ttl = 63);
	SAY(70, "filter:FORWARD:policy:1", "eth0", "eth1", .ttl = 63);
	SAY(80, "mangle:POSTROUTING:policy:1", "eth0", "eth1", .ttl = 63);
	stop(&r);
	unit_str(r.out, "7 sent raw:PREROUTING:policy:2 mangle:PREROUTING:policy:1 "
			"mangle:FORWARD:policy:1 filter:FORWARD:policy:1 mangle:POSTROUTING:policy:1 ; "
			"8 vanished raw:PREROUTING:policy:2 mangle:PREROUTING:policy:1 "
			"mangle:FORWARD:policy:1", "two woven packets");
}

static void test_identical(void)
{
	struct run r;

	start(&r, NULL, false);
	for (unsigned i = 0; i < 3; i++) {
		SAY(100 * i + 10, "raw:OUTPUT:policy:2", "", "eth0", .id = 0);
		SAY(100 * i + 20, "filter:OUTPUT:policy:1", "", "eth0", .id = 0);
	}
	stop(&r);
	unit_int(r.packets, 3, "identical packets one after the other are three");
}

static void test_chains(void)
{
	static const char rules[] = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n"
				    ":OUTPUT ACCEPT [0:0]\n:A - [0:0]\n:B - [0:0]\n:C - [0:0]\n"
				    "-A INPUT -j A\n-A INPUT -p udp -j ACCEPT\n-A A -p udp -g B\n"
				    "-A B -p udp -j C\n-A B -p tcp\n-A C -p tcp\nCOMMIT\n";
	static const char want[] = "7 delivered filter:INPUT:rule:1 >filter:A:rule:1 "
				   ">>filter:B:rule:1! >>>filter:C:return:2 >>filter:B:return:3 "
				   "filter:INPUT:rule:2";
	struct run r;

	for (int i = 0; i < 2; i++) {
		start(&r, i ? rules : NULL, false);
		SAY(10, "filter:INPUT:rule:1", "eth0", "");
		SAY(20, "filter:A:rule:1", "eth0", "");
		SAY(30, "filter:B:rule:1", "eth0", "");
		SAY(40, "filter:C:return:2", "eth0", "");
		SAY(50, "filter:B:return:3", "eth0", "");
		SAY(60, "filter:INPUT:rule:2", "eth0", "");
		stop(&r);
		unit_str(r.out, want, i ? "goto by the ruleset" : "goto by the way back");
	}
	start(&r, NULL, false);
	SAY(10, "filter:INPUT:rule:1", "eth0", "");
	SAY(30, "filter:B:rule:1", "eth0", "");
	SAY(40, "filter:INPUT:rule:1", "eth0", "");
	stop(&r);
	unit_int(r.packets, 2, "a rule's number does not come again");
}

static void test_passes(void)
{
	struct run r;

	start(&r, NULL, false);
	SAY(10, "raw:OUTPUT:policy:2", "", "lo");
	SAY(20, "filter:OUTPUT:policy:1", "", "lo");
	SAY(30, "mangle:POSTROUTING:policy:1", "", "lo");
	SAY(40, "raw:PREROUTING:policy:2", "lo", "");
	SAY(50, "filter:INPUT:policy:1", "lo", "");
	stop(&r);
	unit_str(r.out, "7 delivered raw:OUTPUT:policy:2 filter:OUTPUT:policy:1? "
			"mangle:POSTROUTING:policy:1 raw:PREROUTING:policy:2@ filter:INPUT:policy:1?",
		"loopback is one packet");
	start(&r, NULL, false);
	SAY(10, "raw:PREROUTING:policy:2", "eth0", "");
	SAY(20, "filter:INPUT:policy:1", "eth0", "");
	SAY(30, "raw:OUTPUT:rule:1", "", "eth1", .ttl = 63, .dst = "10.0.2.5");
	SAY(40, "raw:OUTPUT:policy:2", "", "eth1", .ttl = 63, .dst = "10.0.2.5");
	SAY(50, "filter:OUTPUT:policy:1", "", "eth1", .ttl = 63, .dst = "10.0.2.5");
	stop(&r);
	unit_str(r.out, "7 sent raw:PREROUTING:policy:2 filter:INPUT:policy:1 raw:OUTPUT:rule:1+ "
			"raw:OUTPUT:policy:2 filter:OUTPUT:policy:1", "IPVS is one packet");
}

/* The first line of a tunnel's packet, 100 us after the one of 40 bytes came to its place. */
static void outer(struct run *r, const char *where, unsigned us, const char *proto, unsigned len,
	unsigned ttl)
{
	char text[500];

	snprintf(text, sizeof(text), "2026-05-20T00:00:00.%06u+00:00 gw1 kernel: TRACE: %s IN= "
		"OUT=eth1 SRC=10.0.2.254 DST=10.0.2.2 LEN=%u TOS=0x00 PREC=0x00 TTL=%u ID=99 DF "
		"PROTO=%s", us, where, len, ttl, proto);
	line(r, text);
}

static void test_wrapped(void)
{
	static const struct {
		const char *proto;
		unsigned us, len, ttl;
		bool wraps;
		const char *what;
	} rows[] = {
		{ "4 ", 30, 60, 63, true, "IPIP" },
		{ "4 ", 30, 60, 64, true, "IPIP, its TTL as it was" },
		{ "47 ", 30, 64, 63, true, "GRE" },
		{ "47 ", 30, 68, 63, true, "GRE with a checksum" },
		{ "UDP SPT=1 DPT=6080 LEN=52 ", 30, 72, 63, true, "GUE" },
		{ "4 ", 30, 61, 63, false, "of another length" },
		{ "4 ", 30, 60, 62, false, "of another TTL" },
		{ "UDP SPT=1 DPT=53 LEN=52 ", 30, 72, 63, false, "UDP of that length" },
		{ "ESP SPI=0x1 ", 30, 60, 63, false, "no tunnel of IPVS" },
		{ "4 ", 300030, 60, 63, false, "too late" },
	};
	struct run r;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start(&r, NULL, false);
		SAY(10, "raw:PREROUTING:policy:2", "eth0", "");
		SAY(20, "filter:INPUT:policy:1", "eth0", "");
		outer(&r, "raw:OUTPUT:policy:2", rows[i].us, rows[i].proto, rows[i].len,
			rows[i].ttl);
		outer(&r, "filter:OUTPUT:policy:1", rows[i].us + 10, rows[i].proto, rows[i].len,
			rows[i].ttl);
		stop(&r);
		unit_str(r.out, rows[i].wraps ?
			"7 sent raw:PREROUTING:policy:2 filter:INPUT:policy:1 "
			"raw:OUTPUT:policy:2+( filter:OUTPUT:policy:1" :
			"7 delivered raw:PREROUTING:policy:2 filter:INPUT:policy:1 ; "
			"99 sent raw:OUTPUT:policy:2 filter:OUTPUT:policy:1", rows[i].what);
	}
}

static void test_nat(void)
{
	struct run r;

	start(&r, NULL, false);
	SAY(10, "nat:OUTPUT:rule:1", "", "eth0");
	SAY(20, "filter:OUTPUT:policy:1", "", "eth0", .dst = "10.9.9.9");
	SAY(30, "nat:POSTROUTING:policy:1", "", "eth1", .dst = "10.9.9.9");
	SAY(40, "mangle:PREROUTING:policy:1", "eth1", "", .id = 8);
	SAY(50, "filter:FORWARD:policy:1", "eth1", "eth0", .dst = "10.8.8.8", .id = 8);
	SAY(60, "mangle:PREROUTING:policy:1", "eth1", "", .id = 9);
	SAY(70, "filter:FORWARD:policy:1", "eth1", "eth0", .src = "10.6.6.6", .dst = "10.8.8.8",
		.id = 9);
	stop(&r);
	unit_str(r.out, "7 sent nat:OUTPUT:rule:1 filter:OUTPUT:policy:1 "
			"nat:POSTROUTING:policy:1?^ ; 8 dropped mangle:PREROUTING:policy:1 "
			"filter:FORWARD:policy:1?~ ; 9 vanished mangle:PREROUTING:policy:1 ; "
			"9 dropped filter:FORWARD:policy:1", "NAT, and what no NAT does");
}

static void test_hosts(void)
{
	struct run r;

	start(&r, NULL, false);
	say(&r, 10, "a", STEP("raw:PREROUTING:policy:2", "eth0", ""));
	say(&r, 20, "b", STEP("raw:PREROUTING:policy:2", "eth5", "", .ttl = 63));
	say(&r, 30, "a", STEP("filter:FORWARD:policy:1", "eth0", "eth1", .ttl = 63));
	say(&r, 40, "b", STEP("filter:INPUT:policy:1", "eth5", "", .ttl = 63));
	stop(&r);
	unit_str(r.out, "7 sent j1 raw:PREROUTING:policy:2 filter:FORWARD:policy:1 ; "
			"7 delivered j1 raw:PREROUTING:policy:2 filter:INPUT:policy:1",
		"one packet on two hosts");
}

/* More host names than are kept apart: they share what is learned, not their packets. */
static void test_many_hosts(void)
{
	char host[16];
	struct run r;

	start(&r, NULL, false);
	for (unsigned i = 0; i < 300; i++) {
		snprintf(host, sizeof(host), "h%u", i);
		say(&r, i, host, STEP("raw:PREROUTING:policy:2", "eth0", "", .id = 1000 + i));
	}
	say(&r, 1000, "h280", STEP("raw:PREROUTING:policy:2", "eth0", "", .id = 77));
	say(&r, 1010, "h290", STEP("mangle:PREROUTING:policy:1", "eth0", "", .id = 77));
	stop(&r);
	unit_int(r.packets, 302, "a packet on two of 300 hosts is two");
}

/* --follow: a backlog that comes at once must not be held until its end. */
static void test_live_window(void)
{
	struct timeline_opts opts = { .rules = NULL };
	struct run r;

	start(&r, NULL, false);
	timeline_free(r.tl);
	opts.intern = r.in;
	r.tl = timeline_new(&opts, told, &r);
	for (unsigned i = 0; i < 20000; i++)
		SAY(i, "raw:OUTPUT:policy:2", "", "eth0", .id = 1 + i);
	unit_ok(r.packets > 10000, "%u of 20000 packets are told before the flush", r.packets);
	stop(&r);
	unit_int(r.packets, 20000, "and all of them in the end");
}

static void test_evidence(void)
{
	static const char error[] =
		"2026-05-20T00:00:01.000000+00:00 gw1 kernel: TRACE: raw:OUTPUT:policy:2 IN= "
		"OUT=eth0 SRC=10.0.0.9 DST=10.0.0.1 LEN=68 TOS=0x00 PREC=0xC0 TTL=64 ID=99 "
		"PROTO=ICMP TYPE=%s [SRC=10.0.0.1 DST=10.0.1.20 LEN=40 TOS=0x00 PREC=0x00 TTL=1 "
		"ID=7 DF PROTO=UDP SPT=40000 DPT=5001 LEN=20 ] ";
	static const struct {
		const char *step, *out, *type, *state;
	} rows[] = {
		{ "mangle:PREROUTING:policy:1", "", "11 CODE=0", "vanished" },
		{ "filter:FORWARD:rule:4", "eth1", "3 CODE=3", "dropped" },
		{ "filter:INPUT:policy:1", "", "3 CODE=3", "delivered" },
		{ "mangle:POSTROUTING:policy:1", "eth1", "3 CODE=1", "vanished" },
		{ "mangle:POSTROUTING:policy:1", "eth1", "11 CODE=1", "sent" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[700], want[64];
		struct run r;

		start(&r, NULL, false);
		SAY(10, rows[i].step, "eth0", rows[i].out, .ttl = 1);
		snprintf(text, sizeof(text), error, rows[i].type);
		line(&r, text);
		stop(&r);
		snprintf(want, sizeof(want), "7 %s ", rows[i].state);
		if (!unit_ok(!strncmp(r.out, want, strlen(want)), "%s and ICMP %s: %s",
			    rows[i].step, rows[i].type, rows[i].state))
			printf("# %s\n", r.out);
	}
}

static void test_cut(void)
{
	struct run r;

	start(&r, NULL, false);
	SAY(10, "raw:PREROUTING:policy:2", "eth0", "");
	line(&r, "2026-05-20T00:00:00.000020+00:00 gw1 kernel: TRACE: mangle:PREROUTING:policy:1 "
		 "IN=eth0 OUT= MAC=00:23:7d:5b:96:01:00:21:5a:ef:96:02:08:00 SRC=10.0.0.1 "
		 "DST=10.0.1.20 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=7 DF PRO");
	SAY(30, "filter:INPUT:policy:1", "eth0", "");
	stop(&r);
	unit_str(r.out, "7 delivered raw:PREROUTING:policy:2 filter:INPUT:policy:1?",
		"a cut line among whole ones is left out");
	start(&r, NULL, false);
	for (int i = 0; i < 4; i++) {
		static const char *const steps[] = { "raw:PREROUTING:policy:2", "mangle:PREROUTING:rule:9",
			"filter:INPUT:policy:222", "filter:INPUT:policy:222" };
		char text[300];

		snprintf(text, sizeof(text), "TRACE: %s IN=eth0 OUT= SRC=10.0.0.1 DST=10.0.1.20 "
			"LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=%d DF PROTO=UD", steps[i], i < 3 ? 7 : 8);
		line(&r, text);
	}
	stop(&r);
	unit_str(r.out, "7 delivered raw:PREROUTING:policy:2 mangle:PREROUTING:rule:9 "
			"filter:INPUT:policy:222? ; 8 delivered filter:INPUT:policy:222",
		"lines that a copy cut at one width are read");
}

/* Sixty packets of eight kinds, woven at random, some lines lost. */
static const char *const ways[][8] = {
	{ "raw:PREROUTING:policy:2", "mangle:PREROUTING:policy:1", "mangle:FORWARD:policy:1",
		"filter:FORWARD:rule:1", "filter:X:return:2", "filter:FORWARD:policy:3",
		"mangle:POSTROUTING:policy:1" },
	{ "raw:PREROUTING:policy:2", "mangle:PREROUTING:policy:1", "mangle:INPUT:policy:1",
		"filter:INPUT:policy:1" },
	{ "raw:OUTPUT:policy:2", "mangle:OUTPUT:policy:1", "filter:OUTPUT:policy:1",
		"mangle:POSTROUTING:policy:1" },
};

static unsigned weave(struct run *r, unsigned lose_percent)
{
	unsigned at[60] = { 0 }, left = 60, lines = 0, us = 0;

	while (left) {
		unsigned p = (unsigned)rand() % 60, w = p % 3, id = 100 + p;
		const char *step = at[p] < 8 ? ways[w][at[p]] : NULL;
		bool out, in = w != 2;

		if (at[p] > 8)
			continue;
		if (!step) {
			at[p] = 9;
			left--;
			continue;
		}
		at[p]++;
		us += 7;
		if ((unsigned)rand() % 100 < lose_percent)
			continue;
		lines++;
		out = strstr(step, "FORWARD") || strstr(step, "POST") || strstr(step, ":X:") || !in;
		say(r, us, "gw1", STEP(step, in ? "eth0" : "", out ? "eth1" : "",
				       .id = id, .ttl = in && out ? 63 : 64));
	}
	return lines;
}

static void test_woven(void)
{
	unsigned bad = 0, lines = 0, steps = 0, mixed = 0;
	static struct run r;

	srand(1);
	for (int i = 0; i < 40; i++) {
		start(&r, NULL, false);
		lines += weave(&r, 0);
		stop(&r);
		bad += r.packets != 60;
		steps += r.steps;
		mixed += r.mixed;
	}
	unit_int(bad, 0, "woven at random: 60 packets are 60 packets");
	unit_int(mixed, 0, "no line in another's packet");
	unit_int(steps, lines, "no line is lost");
	lines = steps = 0;
	for (int i = 0; i < 40; i++) {
		start(&r, NULL, false);
		lines += weave(&r, 10);
		stop(&r);
		bad += r.packets > 60;
		mixed += r.mixed;
		steps += r.steps;
	}
	unit_int(bad + mixed, 0, "a tenth of the lines lost: none is split, none merged");
	unit_int(steps, lines, "and every line that is there is told");
}

int main(void)
{
	test_forward();
	test_identical();
	test_chains();
	test_passes();
	test_wrapped();
	test_nat();
	test_hosts();
	test_many_hosts();
	test_live_window();
	test_evidence();
	test_cut();
	test_woven();
	return unit_done();
}
