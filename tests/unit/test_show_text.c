// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/story.h"
#include "tests/unit/unit.h"

static void expect(const char *name, struct np_out out, struct render_opts opts,
	const struct packet *p, unsigned n, const char *want)
{
	char *got = story_render(&render_text, opts, out, p, n, NULL);

	unit_str(got, want, name);
	free(got);
}

static void has(const char *name, struct np_out out, struct render_opts opts,
	const struct packet *p, unsigned n, const char *want)
{
	char *got = story_render(&render_text, opts, out, p, n, NULL);
	bool ok = got && strstr(got, want);

	if (!ok)
		printf("# got  %s\n# want %s\n", got ? got : "(null)", want);
	unit_ok(ok, "%s", name);
	free(got);
}

static void test_sent(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_sent(steps);

	expect("the packet that was sent", (struct np_out){ .utf8 = true }, (struct render_opts){ 0 },
		&p, 1,
		"ceph4  May  8 16:30:29  TCP 192.168.235.13:18130 → 10.43.206.251:8081  SYN  60 bytes"
		"  id 57266    sent by enp5s0, 248 µs\n"
		"  OUTPUT           out enp3s0\n"
		"       0  raw     OUTPUT                              policy 2\n"
		"      28  nat     OUTPUT                              rule 1    → KUBE-SERVICES\n"
		"      56            └ KUBE-SERVICES                   rule 9"
		"    → KUBE-SVC-ZP4VKUJYTBCROZYY\n"
		"      78              └ KUBE-SVC-ZP4VKUJYTBCROZYY     rule 1"
		"    → KUBE-SEP-OR6JECCPPINGGGRC\n"
		"      93                └ KUBE-SEP-OR6JECCPPINGGGRC   rule 2"
		"    DNAT  10.43.206.251 ⇒ 10.0.1.12\n"
		"     118  filter  OUTPUT                              rule 1    → KUBE-SERVICES\n"
		"     132            └ KUBE-SERVICES                   return 2\n"
		"     144  filter  OUTPUT                              rule 2    → KUBE-FIREWALL\n"
		"     157            └ KUBE-FIREWALL                   return 2\n"
		"     170  filter  OUTPUT                              rule 4\n"
		"     190  filter  OUTPUT                              policy 6\n"
		"  ── routed again: out enp3s0 ⇒ enp5s0\n"
		"  POSTROUTING      out enp5s0\n"
		"     203  nat     POSTROUTING                         rule 1    → KUBE-POSTROUTING\n"
		"     216            └ KUBE-POSTROUTING                return 2\n"
		"     228  nat     POSTROUTING                         rule 8\n"
		"     248  nat     POSTROUTING                         policy 10\n");
}

static void test_vanished(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_vanished(steps);

	expect("the packet that vanished, without UTF-8", (struct np_out){ 0 },
		(struct render_opts){ 0 }, &p, 1,
		"ceph3  May  8 15:51:07  TCP 192.168.235.13:14024 > 10.0.1.12:8081  SYN  60 bytes"
		"  id 28265  VANISHED after nat:PREROUTING, 168 us\n"
		"  PREROUTING       in enp5s0\n"
		"       0  raw     PREROUTING                          policy 2\n"
		"      37  nat     PREROUTING                          rule 1    > KUBE-SERVICES\n"
		"     119            |- KUBE-SERVICES                  return 14\n"
		"     168  nat     PREROUTING                          policy 3\n"
		"  x expected next: INPUT (mangle or filter) or FORWARD (filter). "
		"No rule dropped it: the kernel did, between the hooks.\n"
		"    It looks, in this order, at          ask\n"
		"      martian addresses                  prt explain 10.0.1.12 from 192.168.235.13 "
		"iif enp5s0 ipproto tcp sport 14024 dport 8081\n"
		"      the route                          (the same answers for all four, on ceph3)\n"
		"      forwarding is off\n"
		"      the way back (rp_filter)\n");
	p.outcome.cause_proven = true;
	p.outcome.causes[0] = CAUSE_MARTIAN;
	p.outcome.n_causes = 1;
	has("a cause that the log proves", (struct np_out){ 0 }, (struct render_opts){ 0 }, &p, 1,
		"    The log itself says what it was: martian addresses\n    ask: prt explain ");
}

static void test_rules_and_width(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_sent(steps);
	const struct np_out pipe = { 0 }, narrow = { .width = 90, .utf8 = true };
	const struct render_opts opts = { 0 };

	steps[1].ev.rule = "-m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES";
	steps[4].ev.rule = "-p tcp -j DNAT --to-destination 10.0.1.12:8081";
	steps[4].target = "DNAT";
	steps[9].target = "MARK";
	has("a rule's text in a pipe is whole", pipe, opts, &p, 1,
		"rule 1    -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES\n");
	has("a rule's text is cut on a terminal", narrow, opts, &p, 1,
		"rule 1    -m comment --comment \"kub…\n");
	has("on a narrow one it has a line of its own", (struct np_out){ .width = 60, .utf8 = true },
		opts, &p, 1, "rule 1\n"
		"            -m comment --comment \"kubernetes service portal…\n");
	has("what a rule changed comes before its text", pipe, opts, &p, 1,
		"rule 2    DNAT  10.43.206.251 => 10.0.1.12  -p tcp -j DNAT --to-");
	has("a target where there is no text", pipe, opts, &p, 1, "rule 4    MARK\n");
	has("the state ends at the terminal's edge", (struct np_out){ .width = 130 }, opts, &p, 1,
		"id 57266              sent by enp5s0, 248 us\n");
}

/* Where lines were lost, the one of a rule that dropped it may be among them. */
static void test_lossy(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_vanished(steps);

	p.outcome.lossy = true;
	has("not sure of what no line tells", (struct np_out){ 0 }, (struct render_opts){ 0 }, &p, 1,
		" No rule's line tells that it was dropped: the kernel did it, between the hooks, or "
		"this line is lost too, as others of this log are.\n");
}

static void test_between(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_sent(steps);
	const struct np_out out = { 0 };
	const struct render_opts opts = { 0 };

	steps[9].changes = STEP_MARK;
	steps[9].ev.set |= NP_TEV_MARK;
	steps[9].ev.mark = 0x4000;
	has("a mark that no rule can have set is drawn between", out, opts, &p, 1,
		"return 2\n  -- changed: mark 0x0 => 0x4000\n     170");
	steps[8].ev.type = NP_TRACE_RULE;
	has("a mark is drawn at the rule", out, opts, &p, 1, "rule 2    mark 0x0 => 0x4000\n");
	steps[5].before |= STEP_UNNAT;
	has("a reply translated back", out, opts, &p, 1,
		"-- a reply, translated back: dst 10.43.206.251 => 10.0.1.12\n");
	steps[5].before = STEP_GAP;
	has("lines that are missing", out, opts, &p, 1,
		"-- lines are missing here\n  -- changed: dst 10.43.206.251 => 10.0.1.12\n");
}

static void test_hooks(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_vanished(steps);
	const struct np_out out = { 0 };
	const struct render_opts opts = { 0 };

	steps[3].hook = NP_HOOK_FORWARD;
	steps[3].before = STEP_NEW_HOOK | STEP_ROUTED;
	steps[3].changes = STEP_TTL | STEP_OUT;
	steps[3].ev.hdr.ttl = 63;
	steps[3].ev.out = "enp3s0";
	steps[3].ev.physin = "veth1";
	p.outcome.state = PACKET_DROPPED;
	has("the routing decision, the TTL and a bridge's port", out, opts, &p, 1,
		"  -- routed: out enp3s0\n"
		"  FORWARD          in enp5s0 port veth1  out enp3s0  TTL 64 => 63\n");
	has("where it was dropped", out, opts, &p, 1, "DROPPED at nat:PREROUTING policy 3, 168 us\n");
	steps[3].hook = NP_HOOK_INPUT;
	has("routed to this host", out, opts, &p, 1, "  -- routed: for this host\n  INPUT ");
	steps[3].before = STEP_NEW_HOOK | STEP_IPVS;
	has("IPVS", out, opts, &p, 1, "  -- taken by IPVS\n");
	steps[3].before = STEP_NEW_HOOK | STEP_LOOPED;
	has("loopback", out, opts, &p, 1, "  -- out by lo, and in again\n");
	p.outcome.state = PACKET_UNFINISHED;
	steps[3].offset_us = -1;
	has("unfinished, without a clock", out, opts, &p, 1, "unfinished after nat:PREROUTING\n");
	has("a step without a clock", out, opts, &p, 1, "\n          nat     PREROUTING ");
	p.outcome.state = PACKET_DELIVERED;
	has("delivered", out, opts, &p, 1, "  delivered\n");
}

static void test_headers(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_vanished(steps);
	struct np_trace_event *ev = &steps[0].ev;
	const struct np_out out = { 0 };
	const struct render_opts opts = { 0 }, utc = { .utc = true };

	has("UTC", out, utc, &p, 1, "ceph3  2026-05-08T15:51:07Z  TCP ");
	ev->host = "";
	ev->stamp[0] = '\0';
	has("no host and no stamp: the kernel's clock", out, opts, &p, 1, "[309854.514762]  TCP 192");
	ev->set = NP_TEV_QUOTED;
	ev->quoted = ev->hdr;
	ev->hdr.set = NP_HDR_ADDR | NP_HDR_PROTO | NP_HDR_ICMP | NP_HDR_MTU | NP_HDR_FRAG;
	ev->hdr.proto = 1;
	ev->hdr.icmp_type = 3;
	ev->hdr.icmp_code = 4;
	ev->hdr.mtu = 1400;
	ev->hdr.frag_off = 185;
	has("an ICMP error and what it is about", out, opts, &p, 1,
		"ICMP 192.168.235.13 > 10.0.1.12  fragmentation needed mtu 1400  fragment at 1480 ");
	has("the quoted packet", out, opts, &p, 1,
		"  about TCP 192.168.235.13:14024 > 10.0.1.12:8081  SYN  60 bytes  id 28265\n");
	ev->hdr.icmp_code = 3;
	has("its code has a name", out, opts, &p, 1, " port unreachable mtu");
	ev->hdr.icmp_code = 14;
	has("or none", out, opts, &p, 1, " unreachable code 14 mtu");
	ev->hdr.icmp_code = 4;
	ev->hdr.set |= NP_HDR_ICMP_ID;
	ev->hdr.icmp_type = 8;
	ev->hdr.icmp_id = 7;
	ev->hdr.icmp_seq = 9;
	has("an echo request", out, opts, &p, 1, "  echo request code 4 7 seq 9 ");
	ev->hdr.set = NP_HDR_ADDR | NP_HDR_PROTO | NP_HDR_SPI;
	ev->hdr.proto = 50;
	ev->hdr.spi = 0x300;
	has("an SPI", out, opts, &p, 1, "ESP 192.168.235.13 > 10.0.1.12  spi 0x300");
	ev->hdr.proto = 253;
	has("a protocol without a name", out, opts, &p, 1, "protocol 253 192.168.235.13 >");
}

static void test_hostile(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_vanished(steps);
	const struct render_opts opts = { 0 };

	steps[0].ev.chain = "\033[2J\xc2\x9b\xff\xc3\xa9";
	steps[0].ev.host = "h\n";
	has("control characters of a log are not written", (struct np_out){ .utf8 = true }, opts, &p, 1,
		"raw     ?[2J???\xc3\xa9 ");
	has("nor bytes beyond ASCII, where the locale has only that", (struct np_out){ 0 }, opts, &p, 1,
		"raw     ?[2J????? ");
	has("nor a newline", (struct np_out){ 0 }, opts, &p, 1, "h?  May  8");
}

static void test_journey(void)
{
	struct packet_step a[STORY_MAX], b[STORY_MAX];
	struct packet p[2] = { story_sent(a), story_vanished(b) };

	p[0].journey = p[1].journey = 3;
	has("a journey's first host", (struct np_out){ 0 }, (struct render_opts){ 0 }, p, 2,
		"\n  journey 3: more of it on another host, below\n  OUTPUT");
	has("a journey's next host", (struct np_out){ 0 }, (struct render_opts){ 0 }, p, 2,
		"\n  journey 3: the same packet as on ceph4 above\n  PREROUTING");
	a[0].ev.host = "";
	has("a journey whose hosts have no names", (struct np_out){ 0 }, (struct render_opts){ 0 }, p, 2,
		"\n  journey 3: the same packet as above, on another host\n");
}

static void test_color(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_vanished(steps);

	has("colour", (struct np_out){ .color = true }, (struct render_opts){ 0 }, &p, 1,
		"\033[1;31mVANISHED after nat:PREROUTING, 168 us\033[0m\n");
}

int main(void)
{
	test_sent();
	test_vanished();
	test_rules_and_width();
	test_lossy();
	test_between();
	test_hooks();
	test_headers();
	test_hostile();
	test_journey();
	test_color();
	return unit_done();
}
