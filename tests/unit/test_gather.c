// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/gather.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

#include "tests/unit/unit.h"

static struct np_intern *in;
static char told[1024];

static const char *name(const char *s)
{
	return np_intern(in, s, strlen(s));
}

static struct np_hdr header(uint16_t port)
{
	struct np_hdr h = { .set = NP_HDR_ADDR | NP_HDR_PROTO | NP_HDR_PORTS | NP_HDR_ID,
		.family = AF_INET, .proto = IPPROTO_UDP, .id = port, .sport = 1000, .dport = port };

	inet_pton(AF_INET, "10.0.1.1", h.src);
	inet_pton(AF_INET, "10.0.2.2", h.dst);
	return h;
}

/* An event of our own chain at either end of a hook. */
static void probe(struct gather *g, uint32_t id, enum np_hook hook, enum gather_probe at,
	uint32_t mark)
{
	struct gather_event e = { .id = id, .hook = hook, .probe = at, .has_packet = true,
		.verdict = VERDICT_ACCEPT, .ev = { .type = NP_TRACE_POLICY, .table = name("own"),
			.chain = name("c"), .in = name(hook == NP_HOOK_OUTPUT ? "" : "eth0"),
			.out = name(""), .host = name(""), .hdr = header((uint16_t)id) } };

	if (mark) {
		e.ev.mark = mark;
		e.ev.set |= NP_TEV_MARK;
	}
	if (gather_add(g, &e))
		unit_ok(false, "out of memory");
}

static void line(struct gather *g, uint32_t id, const char *table, const char *chain,
	enum np_trace_type type, uint32_t number)
{
	struct np_trace_event ev = { .type = type, .table = name(table), .chain = name(chain),
		.number = number, .set = NP_TEV_NUMBER | NP_TEV_UPTIME, .in = name("eth0"),
		.out = name(""), .host = name(""), .hdr = header((uint16_t)id) };

	if (gather_log(g, &ev))
		unit_ok(false, "out of memory");
}

static int on_packet(const struct packet *p, void *arg)
{
	size_t n = strlen(told);

	if (p->drop_function)
		n += (size_t)snprintf(told + n, sizeof(told) - n, "%s in %s ", p->drop_reason,
			p->drop_function);

	(void)arg;
	for (uint32_t i = 0; i < p->n_steps; i++) {
		const struct packet_step *st = &p->steps[i];

		n += (size_t)snprintf(told + n, sizeof(told) - n, "%s:%s:%u:%u:%x ", st->ev.table,
			st->ev.chain, st->ev.number, st->depth, st->ev.mark);
	}
	snprintf(told + n, sizeof(told) - n, "%s\n", packet_state_name(p->outcome.state));
	return 0;
}

static struct gather *begin(const struct ruleset *rules)
{
	struct gather_opts opts = { .intern = in, .rules = rules };

	told[0] = '\0';
	return gather_new(&opts, on_packet, NULL);
}

static int settle(struct gather *g, int64_t now_us)
{
	gather_now(g, now_us);
	return gather_settle(g);
}

static void test_lines_in_their_hooks(void)
{
	struct gather *g = begin(NULL);

	probe(g, 7, NP_HOOK_PREROUTING, PROBE_START, 0);
	line(g, 7, "mangle", "PREROUTING", NP_TRACE_POLICY, 1);
	probe(g, 7, NP_HOOK_PREROUTING, PROBE_END, 0);
	probe(g, 7, NP_HOOK_INPUT, PROBE_START, 0);
	line(g, 7, "filter", "INPUT", NP_TRACE_RULE, 1);
	line(g, 7, "filter", "CHECK", NP_TRACE_RETURN, 3);
	line(g, 7, "filter", "INPUT", NP_TRACE_POLICY, 2);
	probe(g, 7, NP_HOOK_INPUT, PROBE_END, 0);
	unit_ok(!settle(g, 1), "taken");
	unit_str(told, ":PREROUTING:0:0:0 mangle:PREROUTING:1:0:0 :PREROUTING:0:0:0 "
		":INPUT:0:0:0 filter:INPUT:1:0:0 filter:CHECK:3:1:0 filter:INPUT:2:0:0 "
		":INPUT:0:0:0 delivered\n", "in their hooks");
	gather_free(g);
}

/* A part of packet `id` of IPv4 at `at` (units of 8 bytes), or the whole. */
static void part(struct gather *g, uint32_t number, uint16_t id, enum np_hook hook,
	enum gather_probe probe, uint16_t at, bool more)
{
	struct gather_event e = { .id = number, .hook = hook, .probe = probe, .has_packet = true,
		.verdict = VERDICT_ACCEPT, .ev = { .type = NP_TRACE_POLICY, .table = name("own"),
			.chain = name("c"), .in = name("eth0"), .out = name(""), .host = name(""),
			.hdr = header(id) } };

	e.ev.hdr.frag_off = at;
	e.ev.hdr.set |= at ? NP_HDR_FRAG : 0u;
	e.ev.hdr.ip_flags = more ? NP_IPF_MF : 0;
	if (gather_add(g, &e))
		unit_ok(false, "out of memory");
}

static void fragment(struct gather *g, uint32_t number, uint16_t id, uint16_t at, bool more)
{
	part(g, number, id, NP_HOOK_PREROUTING, PROBE_RULE, at, more);
	part(g, number, id, NP_HOOK_PREROUTING, PROBE_END, at, more);
}

static void test_fragments(void)
{
	static const uint32_t numbers[] = { 13, 11, 99 }; /* the last one's, the first one's, new */
	struct gather *g;

	for (unsigned i = 0; i < 3; i++) {
		g = begin(NULL);
		fragment(g, 12, 5, 185, true);
		fragment(g, 11, 5, 0, true);
		fragment(g, 13, 5, 370, false);
		part(g, numbers[i], 5, NP_HOOK_INPUT, PROBE_START, 0, false);
		part(g, numbers[i], 5, NP_HOOK_INPUT, PROBE_END, 0, false);
		unit_ok(!settle(g, 1) && !gather_open(g), "nothing is left of them");
		unit_str(told, ":PREROUTING:0:0:0 :PREROUTING:0:0:0 :INPUT:0:0:0 :INPUT:0:0:0 "
			"delivered\n", "the whole is told once, as the first of its fragments");
		gather_free(g);
	}
	g = begin(NULL);
	fragment(g, 11, 5, 0, true);
	fragment(g, 12, 6, 0, true);
	part(g, 12, 5, NP_HOOK_INPUT, PROBE_START, 0, false); /* the number was the other one's */
	part(g, 12, 5, NP_HOOK_INPUT, PROBE_END, 0, false);
	unit_ok(!gather_flush(g), "told");
	unit_str(told, ":PREROUTING:0:0:0 :PREROUTING:0:0:0 unfinished\n:PREROUTING:0:0:0 "
		":PREROUTING:0:0:0 :INPUT:0:0:0 :INPUT:0:0:0 delivered\n", "another's fragment");
	gather_free(g);
}

/* A base chain of nf_tables that lets the packet on. */
static void chain(struct gather *g, uint32_t id, enum np_hook hook, int32_t priority)
{
	struct gather_event e = { .id = id, .hook = hook, .priority = priority, .has_packet = true,
		.verdict = VERDICT_ACCEPT, .ev = { .type = NP_TRACE_POLICY, .table = name("t"),
			.chain = name("c"), .set = NP_TEV_NUMBER, .in = name("eth0"),
			.out = name(""), .host = name(""), .hdr = header((uint16_t)id) } };

	e.ev.number = (uint32_t)-priority;
	if (gather_add(g, &e))
		unit_ok(false, "out of memory");
}

/* The module hooks around conntrack, before what mangles and nf_tables' nat. */
static void test_static_nat(void)
{
	static const enum np_hook hooks[] = { NP_HOOK_PREROUTING, NP_HOOK_INPUT };
	struct gather *g = begin(NULL);

	for (unsigned i = 0; i < 2; i++) {
		probe(g, 7, hooks[i], PROBE_START, 0);
		chain(g, 7, hooks[i], -300);
		chain(g, 7, hooks[i], -200);
		chain(g, 7, hooks[i], -150);
		line(g, 7, "static_nat", np_hook_name(hooks[i]), NP_TRACE_RULE, 1);
		probe(g, 7, hooks[i], PROBE_END, 0);
	}
	unit_ok(!settle(g, 1), "taken");
	unit_str(told, ":PREROUTING:0:0:0 t:c:300:0:0 static_nat:PREROUTING:1:0:0 t:c:200:0:0 "
		"t:c:150:0:0 :PREROUTING:0:0:0 "
		":INPUT:0:0:0 t:c:300:0:0 t:c:200:0:0 static_nat:INPUT:1:0:0 t:c:150:0:0 "
		":INPUT:0:0:0 delivered\n", "around conntrack");
	gather_free(g);
}

/* The log is read when the packet's events are not there yet. */
static void test_lines_before_events(void)
{
	struct gather *g = begin(NULL);

	line(g, 7, "mangle", "PREROUTING", NP_TRACE_POLICY, 1);
	line(g, 7, "mangle", "INPUT", NP_TRACE_RULE, 1);
	line(g, 7, "mangle", "CHECK", NP_TRACE_RETURN, 1);
	line(g, 8, "mangle", "INPUT", NP_TRACE_POLICY, 9); /* nobody's */
	unit_ok(!settle(g, 1000), "taken");
	probe(g, 7, NP_HOOK_PREROUTING, PROBE_START, 0);
	probe(g, 7, NP_HOOK_PREROUTING, PROBE_END, 0);
	unit_ok(!gather_late(g), "taken");
	line(g, 7, "mangle", "INPUT", NP_TRACE_POLICY, 2); /* not before those that wait */
	unit_ok(!settle(g, 2000), "taken");
	probe(g, 7, NP_HOOK_INPUT, PROBE_START, 0);
	probe(g, 7, NP_HOOK_INPUT, PROBE_END, 0);
	unit_ok(!settle(g, 3000), "taken");
	unit_str(told, ":PREROUTING:0:0:0 mangle:PREROUTING:1:0:0 :PREROUTING:0:0:0 "
		":INPUT:0:0:0 mangle:INPUT:1:0:0 mangle:CHECK:1:1:0 mangle:INPUT:2:0:0 "
		":INPUT:0:0:0 delivered\n", "before the events");
	gather_free(g);
}

static void test_late_lines_do_not_stay(void)
{
	struct gather *g = begin(NULL);

	unit_ok(!settle(g, 1000), "taken");
	line(g, 7, "mangle", "PREROUTING", NP_TRACE_POLICY, 1);
	unit_ok(!settle(g, 1000 + LIVE_QUIET_US), "taken");
	probe(g, 7, NP_HOOK_PREROUTING, PROBE_START, 0);
	unit_ok(!gather_flush(g), "taken");
	unit_str(told, ":PREROUTING:0:0:0 vanished\n", "not kept long");
	gather_free(g);
}

/* Legacy iptables' mark between two events of ours. */
static void test_marks_of_signs(void)
{
	struct gather *g = begin(NULL);

	probe(g, 7, NP_HOOK_PREROUTING, PROBE_START, 0);
	probe(g, 7, NP_HOOK_PREROUTING, PROBE_END, 3);
	probe(g, 7, NP_HOOK_INPUT, PROBE_START, 3);
	probe(g, 7, NP_HOOK_INPUT, PROBE_END, 3);
	unit_ok(!gather_flush(g), "taken");
	unit_str(told, ":PREROUTING:0:0:0 :PREROUTING:0:0:3 :INPUT:0:0:3 :INPUT:0:0:3 "
		"delivered\n", "before");
	gather_free(g);
}

static void test_drops(void)
{
	const struct np_hdr hdr = header(7), other = header(8);
	struct gather *g = begin(NULL);

	probe(g, 7, NP_HOOK_PREROUTING, PROBE_START, 0);
	gather_drop(g, &other, name("NO_SOCKET"), name("udp_rcv"));
	gather_drop(g, &hdr, name("IP_RPFILTER"), name("ip_rcv_finish_core"));
	gather_drop(g, &hdr, name("late"), name("late"));
	unit_ok(!gather_flush(g), "taken");
	unit_str(told, "IP_RPFILTER in ip_rcv_finish_core :PREROUTING:0:0:0 vanished\n",
		"the kernel's reason");
	gather_free(g);
}

static void test_rules_that_drop(void)
{
	static const char text[] = "*filter\n:INPUT DROP [0:0]\n:CHECK - [0:0]\n"
		"-A INPUT -j CHECK\n-A CHECK -p udp -j REJECT\nCOMMIT\n";
	struct ruleset *rs = ruleset_new(in);
	struct np_err err = NP_ERR_INIT;
	struct gather *g = begin(NULL);

	unit_ok(!ruleset_read(rs, "test", text, sizeof(text) - 1, &err), "rules");
	gather_set_rules(g, rs);
	probe(g, 7, NP_HOOK_INPUT, PROBE_START, 0);
	line(g, 7, "filter", "INPUT", NP_TRACE_RULE, 1);
	line(g, 7, "filter", "CHECK", NP_TRACE_RULE, 1);
	probe(g, 8, NP_HOOK_INPUT, PROBE_START, 0);
	line(g, 8, "filter", "INPUT", NP_TRACE_RULE, 1);
	line(g, 8, "filter", "CHECK", NP_TRACE_RETURN, 2);
	probe(g, 9, NP_HOOK_INPUT, PROBE_START, 0);
	line(g, 9, "filter", "INPUT", NP_TRACE_POLICY, 2);
	unit_ok(!gather_flush(g), "taken");
	unit_str(told, ":INPUT:0:0:0 filter:INPUT:1:0:0 filter:CHECK:1:1:0 dropped\n"
		":INPUT:0:0:0 filter:INPUT:1:0:0 filter:CHECK:2:1:0 vanished\n"
		":INPUT:0:0:0 filter:INPUT:2:0:0 dropped\n", "rules");
	gather_free(g);
	ruleset_free(rs);
}

/* The events that came before the drop may be read after it; not those of a later packet. */
static void test_drop_before_events(void)
{
	struct gather *g = begin(NULL);
	struct np_hdr h = header(7);

	unit_ok(!gather_drop(g, &h, name("OLD"), name("old")) && !gather_late(g), "taken");
	unit_ok(!gather_drop(g, &h, name("IP_RPFILTER"), name("ip_rcv")), "taken");
	probe(g, 7, NP_HOOK_PREROUTING, PROBE_START, 0);
	unit_ok(!gather_drop(g, &h, name("NEXT"), name("next")) && !gather_flush(g), "taken");
	unit_str(told, "IP_RPFILTER in ip_rcv :PREROUTING:0:0:0 vanished\n", "its drop");
	unit_ok(!gather_drop(g, &h, name("LEFT"), name("left")), "taken");
	gather_free(g);
}

/* What vanished waits for the kernel's reason, but not for ever; what did not, does not. */
static void test_reasons(void)
{
	struct gather_opts opts = { .intern = in, .drops = true };
	struct gather *g = gather_new(&opts, on_packet, NULL);
	struct np_hdr h = header(7);

	told[0] = '\0';
	for (uint32_t id = 7; id <= 9; id++)
		probe(g, id, NP_HOOK_PREROUTING, PROBE_START, 0);
	for (uint32_t id = 7; id <= 8; id++)
		probe(g, id, NP_HOOK_PREROUTING, PROBE_END, 0);
	line(g, 9, "mangle", "PREROUTING", NP_TRACE_RULE, 1);
	unit_ok(!settle(g, 100000) && !gather_awaits_reason(g), "not quiet yet");
	unit_ok(!settle(g, LIVE_QUIET_US) && gather_awaits_reason(g), "quiet");
	unit_str(told, ":PREROUTING:0:0:0 mangle:PREROUTING:1:0:0 dropped\n", "dropped by a rule");
	told[0] = '\0';
	gather_drop(g, &h, "IP_RPFILTER", "ip_rcv");
	unit_ok(!settle(g, LIVE_QUIET_US + 1), "taken");
	unit_str(told, "IP_RPFILTER in ip_rcv :PREROUTING:0:0:0 :PREROUTING:0:0:0 vanished\n",
		"with the reason");
	told[0] = '\0';
	unit_ok(!settle(g, LIVE_QUIET_US + 999999), "taken");
	unit_str(told, "", "the other one waits");
	unit_ok(!settle(g, LIVE_QUIET_US + 1000000) && !gather_awaits_reason(g), "taken");
	unit_str(told, ":PREROUTING:0:0:0 :PREROUTING:0:0:0 vanished\n", "without");
	gather_free(g);
}

/* As IPVS sends it on by a tunnel: the outer packet has a number of its own, or the same. */
static void wrapped(struct gather *g, uint32_t id, uint16_t port, enum gather_probe at)
{
	struct gather_event e = { .id = id, .hook = NP_HOOK_OUTPUT, .probe = at,
		.has_packet = true, .wraps = true, .inner = header(port),
		.ev = { .type = NP_TRACE_POLICY, .table = name("own"), .chain = name("c"),
			.in = name(""), .out = name("eth1"), .host = name(""),
			.hdr = header(0) } };

	e.inner.set &= ~(uint32_t)NP_HDR_PORTS;
	e.inner.id = port;
	e.inner.set |= NP_HDR_ID;
	e.ev.hdr.proto = IPPROTO_IPIP;
	e.ev.hdr.set &= ~(uint32_t)NP_HDR_PORTS;
	inet_pton(AF_INET, "10.0.2.254", e.ev.hdr.src);
	if (gather_add(g, &e))
		unit_ok(false, "out of memory");
	e.hook = NP_HOOK_POSTROUTING;
	e.probe = PROBE_END;
	if (gather_add(g, &e))
		unit_ok(false, "out of memory");
}

static int on_wrapped(const struct packet *p, void *arg)
{
	const struct packet_step *st = p->steps;

	(void)arg;
	while (st < p->steps + p->n_steps && !(st->before & STEP_WRAPPED))
		st++;
	snprintf(told + strlen(told), sizeof(told) - strlen(told), "%u in %s changed %x %s%s %s\n",
		packet_first(p)->hdr.dport,
		st < p->steps + p->n_steps ? packet_wrap_name(&st->ev.hdr) : "none", st->changes,
		p->snat ? "snat " : "", np_hook_name(st->hook),
		packet_state_name(p->outcome.state));
	return 0;
}

static void test_wrapped(uint32_t id)
{
	struct gather_opts opts = { .intern = in, .ours = true };
	struct gather *g = gather_new(&opts, on_wrapped, NULL);

	told[0] = '\0';
	probe(g, 7, NP_HOOK_PREROUTING, PROBE_RULE, 0);
	probe(g, 7, NP_HOOK_PREROUTING, PROBE_END, 0);
	probe(g, 7, NP_HOOK_INPUT, PROBE_START, 0);
	wrapped(g, 9, 8, PROBE_START); /* another's */
	wrapped(g, id, 7, PROBE_START);
	unit_ok(!gather_flush(g), "taken");
	unit_str(told, "7 in IPIP changed 30 OUTPUT sent\n", "in a tunnel");
	gather_free(g);
}

/* An event of a packet that is like others to the last bit, as reports of MLD are. */
static void alike(struct gather *g, uint32_t id, enum np_hook hook, enum gather_probe at,
	const char *dev, bool vrf)
{
	bool came = hook == NP_HOOK_PREROUTING;
	struct gather_event e = { .id = id, .hook = hook, .probe = at, .has_packet = true,
		.vrf = vrf, .verdict = VERDICT_ACCEPT, .ev = { .type = NP_TRACE_POLICY,
			.table = name("own"), .chain = name("c"), .in = name(came ? dev : ""),
			.out = name(came ? "" : dev), .host = name(""), .hdr = header(7) } };

	if (gather_add(g, &e))
		unit_ok(false, "out of memory");
}

/* Only a VRF's link makes of a second packet the first one's second turn. */
static void test_alike(void)
{
	struct gather *g = begin(NULL);

	alike(g, 1, NP_HOOK_PREROUTING, PROBE_START, "ra", false);
	alike(g, 1, NP_HOOK_PREROUTING, PROBE_END, "ra", false);
	alike(g, 2, NP_HOOK_PREROUTING, PROBE_START, "rb", false);
	alike(g, 2, NP_HOOK_PREROUTING, PROBE_END, "rb", false);
	alike(g, 3, NP_HOOK_OUTPUT, PROBE_START, "ra", false);
	unit_ok(!gather_flush(g), "taken");
	unit_str(told, ":PREROUTING:0:0:0 :PREROUTING:0:0:0 vanished\n"
		":PREROUTING:0:0:0 :PREROUTING:0:0:0 vanished\n:OUTPUT:0:0:0 vanished\n",
		"three packets");
	gather_free(g);
	g = begin(NULL);
	alike(g, 1, NP_HOOK_PREROUTING, PROBE_START, "ra", false);
	alike(g, 1, NP_HOOK_PREROUTING, PROBE_END, "ra", false);
	alike(g, 2, NP_HOOK_PREROUTING, PROBE_START, "blue", true);
	unit_ok(!gather_flush(g), "taken");
	unit_str(told, ":PREROUTING:0:0:0 :PREROUTING:0:0:0 :PREROUTING:0:0:0 vanished\n",
		"in a VRF");
	gather_free(g);
}

static void icmp_error(struct gather *g, enum np_hook hook, enum gather_probe at)
{
	struct gather_event e = { .id = 7, .hook = hook, .probe = at, .has_packet = true,
		.verdict = VERDICT_ACCEPT, .ev = { .type = NP_TRACE_POLICY, .table = name("own"),
			.chain = name("c"), .in = name(""), .out = name("eth0"),
			.host = name(""), .hdr = header(7) } };

	e.ev.hdr.proto = IPPROTO_ICMP;
	e.ev.hdr.set = NP_HDR_ADDR | NP_HDR_PROTO | NP_HDR_ID | NP_HDR_ICMP;
	e.ev.hdr.icmp_type = 3;
	if (gather_add(g, &e))
		unit_ok(false, "out of memory");
}

static int on_error(const struct packet *p, void *arg)
{
	(void)arg;
	snprintf(told, sizeof(told), "about %u",
		packet_first(p)->set & NP_TEV_QUOTED ? packet_first(p)->quoted.dport : 0);
	return 0;
}

/* What an error quotes is seen before it comes in, and after it has left. */
static void test_quotes(void)
{
	struct gather_opts opts = { .intern = in, .quotes = true };
	struct gather *g = gather_new(&opts, on_error, NULL);
	struct np_hdr outer = header(7), other = header(8), quoted = header(80);

	outer.set = other.set = NP_HDR_ADDR | NP_HDR_PROTO | NP_HDR_ID | NP_HDR_ICMP;
	outer.proto = other.proto = IPPROTO_ICMP;
	outer.icmp_type = other.icmp_type = 3;
	unit_ok(!gather_quote(g, &outer, &quoted), "before its events");
	icmp_error(g, NP_HOOK_PREROUTING, PROBE_START);
	unit_ok(!gather_flush(g), "taken");
	unit_str(told, "about 80", "that came in");
	told[0] = '\0';
	icmp_error(g, NP_HOOK_OUTPUT, PROBE_START);
	icmp_error(g, NP_HOOK_OUTPUT, PROBE_END);
	icmp_error(g, NP_HOOK_POSTROUTING, PROBE_START);
	icmp_error(g, NP_HOOK_POSTROUTING, PROBE_END);
	unit_ok(!settle(g, 1000) && !gather_quote(g, &other, &quoted), "it has left");
	unit_str(told, "", "and waits");
	unit_ok(!gather_quote(g, &outer, &quoted) && !settle(g, 2000), "seen to leave");
	unit_str(told, "about 80", "that left");
	icmp_error(g, NP_HOOK_OUTPUT, PROBE_START);
	icmp_error(g, NP_HOOK_POSTROUTING, PROBE_END);
	unit_ok(!settle(g, 2000 + LIVE_QUIET_US), "but not for ever");
	unit_str(told, "about 0", "without");
	gather_free(g);
}

int main(void)
{
	in = np_intern_new();
	test_lines_in_their_hooks();
	test_fragments();
	test_static_nat();
	test_lines_before_events();
	test_late_lines_do_not_stay();
	test_marks_of_signs();
	test_rules_that_drop();
	test_drops();
	test_drop_before_events();
	test_reasons();
	test_wrapped(7);
	test_wrapped(8);
	test_alike();
	test_quotes();
	np_intern_free(in);
	return unit_done();
}
