// SPDX-License-Identifier: GPL-2.0-or-later
/* The renderers that draw many packets small: brief, summary, dot, Mermaid. */
#include "tests/unit/story.h"
#include "tests/unit/unit.h"

static void expect(const char *name, const struct renderer *r, struct np_out out,
	const struct packet *p, unsigned n, const char *want)
{
	char *got = story_render(r, (struct render_opts){ 0 }, out, p, n, NULL);

	unit_str(got, want, name);
	free(got);
}

static void test_brief(void)
{
	struct packet_step a[STORY_MAX], b[STORY_MAX];
	struct packet p[2] = { story_sent(a), story_vanished(b) };

	expect("one line a packet", &render_brief, (struct np_out){ 0 }, p, 2,
		"May  8 16:30:29 ceph4 TCP 192.168.235.13:18130>10.43.206.251:8081    SYN    id=57266 "
		"dnat=10.0.1.12 out=enp5s0   sent      15 steps\n"
		"May  8 15:51:07 ceph3 TCP 192.168.235.13:14024>10.0.1.12:8081        SYN    id=28265 "
		"in=enp5s0                   vanished  after nat:PREROUTING:policy:3\n");
	p[0].outcome.state = PACKET_DROPPED;
	a[0].ev.hdr.tcp_flags = 0x12;
	a[0].ev.stamp[0] = '\0';
	p[0].dnat_port = p[0].snat_port = true;
	p[0].dport_to = 80;
	p[0].sport_to = 81;
	expect("dropped, flags, ports and no stamp", &render_brief, (struct np_out){ .color = true }, p,
		1, "[324781.838361] ceph4 TCP 192.168.235.13:18130>10.43.206.251:8081    SYN,ACK "
		"id=57266 dnat=10.0.1.12:80 snat=:81 out=enp5s0 "
		"\033[1;31mdropped\033[0m   at nat:POSTROUTING:policy:10\n");
}

/* A column keeps the width that a longer packet wanted. */
static void test_brief_columns(void)
{
	struct packet_step a[STORY_MAX], b[STORY_MAX];
	struct packet p[3] = { story_vanished(a), story_vanished(b), story_vanished(b) };

	a[0].ev.hdr.family = AF_INET6;
	a[0].ev.hdr.proto = 58;
	a[0].ev.hdr.set = NP_HDR_ADDR | NP_HDR_PROTO | NP_HDR_ICMP;
	a[0].ev.hdr.icmp_type = 1;
	a[0].ev.hdr.icmp_code = 4;
	inet_pton(AF_INET6, "2001:db8:1111:2222:3333:4444:5555:6666", a[0].ev.hdr.src);
	inet_pton(AF_INET6, "2001:db8::1", a[0].ev.hdr.dst);
	expect("columns grow", &render_brief, (struct np_out){ 0 }, p, 2,
		"May  8 15:51:07 ceph3 ICMPV6 2001:db8:1111:2222:3333:4444:5555:6666>2001:db8::1 "
		"port-unreachable         in=enp5s0                   vanished  after "
		"nat:PREROUTING:policy:3\n"
		"May  8 15:51:07 ceph3 TCP    192.168.235.13:14024>10.0.1.12:8081                "
		"SYN              id=28265 in=enp5s0                   vanished  after "
		"nat:PREROUTING:policy:3\n");
	a[0].ev.hdr.icmp_code = 77;
	expect("a code without a name", &render_brief, (struct np_out){ 0 }, p, 1,
		"May  8 15:51:07 ceph3 ICMPV6 2001:db8:1111:2222:3333:4444:5555:6666>2001:db8::1 "
		"unreachable/77         in=enp5s0                   vanished  after "
		"nat:PREROUTING:policy:3\n");
}

static void test_summary(void)
{
	struct packet_step a[STORY_MAX], b[STORY_MAX];
	struct packet p[2] = { story_sent(a), story_vanished(b) }, many[30];

	expect("the story", &render_summary, (struct np_out){ 0 }, p, 2,
		"2 packets in 19 lines, 2 hosts, May  8 15:51:07 to 16:30:29\n"
		"  sent 1   vanished 1\n"
		"vanished after\n"
		"  1  nat:PREROUTING:policy:3                ceph3 in enp5s0\n");
	expect("nothing", &render_summary, (struct np_out){ 0 }, NULL, 0, "0 packets in 0 lines\n");
	for (unsigned i = 0; i < 30; i++) {
		static struct packet_step st[30];

		st[i] = b[0];
		st[i].ev.number = i < 12 ? 1 : i - 10;
		many[i] = p[1];
		many[i].steps = &st[i];
		many[i].n_steps = 1;
		many[i].outcome.state = i == 29 ? PACKET_UNFINISHED : PACKET_DROPPED;
	}
	expect("many places", &render_summary, (struct np_out){ 0 }, many, 30,
		"30 packets in 30 lines, 1 host, May  8 15:51:07 to 15:51:07\n"
		"  dropped 29   unfinished 1\n"
		"dropped at\n"
		"  12  raw:PREROUTING:policy:1               ceph3 in enp5s0\n"
		"   1  raw:PREROUTING:policy:2               ceph3 in enp5s0\n"
		"   1  raw:PREROUTING:policy:3               ceph3 in enp5s0\n"
		"   1  raw:PREROUTING:policy:4               ceph3 in enp5s0\n"
		"   1  raw:PREROUTING:policy:5               ceph3 in enp5s0\n"
		"   1  raw:PREROUTING:policy:6               ceph3 in enp5s0\n"
		"   1  raw:PREROUTING:policy:7               ceph3 in enp5s0\n"
		"   1  raw:PREROUTING:policy:8               ceph3 in enp5s0\n"
		"   1  raw:PREROUTING:policy:9               ceph3 in enp5s0\n"
		"   1  raw:PREROUTING:policy:10              ceph3 in enp5s0\n"
		"  and 8 packets at other places\n"
		"unfinished after\n"
		"  1  raw:PREROUTING:policy:19               ceph3 in enp5s0\n");
}

/* More places than the table holds: counted, and no memory is taken for them. */
static void test_summary_full(void)
{
	static struct packet_step steps[5000];
	static struct packet p[5000];
	struct packet_step b[STORY_MAX];
	struct packet one = story_vanished(b);
	char *got;

	for (unsigned i = 0; i < 5000; i++) {
		steps[i] = b[0];
		steps[i].ev.number = i;
		p[i] = one;
		p[i].steps = &steps[i];
		p[i].n_steps = 1;
	}
	got = story_render(&render_summary, (struct render_opts){ 0 }, (struct np_out){ 0 }, p, 5000,
		NULL);
	unit_ok(got && strstr(got, "  vanished 5000\n") && strstr(got, "  and 4990 packets at other"),
		"more places than there is room for");
	free(got);
}

static void test_graphs(void)
{
	struct packet_step b[STORY_MAX];
	struct packet p = story_vanished(b);

	p.n_steps = 2;
	p.outcome.n_expected = 1;
	b[0].ev.chain = "a\"b\\<";
	b[1].before = STEP_NEW_HOOK | STEP_LOOPED;
	b[1].hook = NP_HOOK_INPUT;
	b[1].changes = STEP_DST;
	expect("dot", &render_dot, (struct np_out){ 0 }, &p, 1,
		"digraph packets {\n"
		"rankdir=TB; fontname=\"sans-serif\";\n"
		"node [shape=box, fontname=\"monospace\", fontsize=10];\n"
		"edge [fontname=\"sans-serif\", fontsize=10];\n"
		"subgraph cluster_0 {\n"
		"label=\"ceph3 May  8 15:51:07 TCP 192.168.235.13:14024 > 10.0.1.12:8081\";\n"
		"subgraph cluster_1 {\n"
		"label=\"PREROUTING in enp5s0\";\n"
		"n0 [label=\"raw:a\\\"b\\\\<\\npolicy 2\"];\n"
		"}\n"
		"n0 -> n1 [label=\"dst 10.0.1.12:8081 => 10.0.1.12:8081 by lo\"];\n"
		"subgraph cluster_2 {\n"
		"label=\"INPUT in enp5s0\";\n"
		"n1 [label=\"nat:PREROUTING\\nrule 1\"];\n"
		"}\n"
		"n1 -> n2;\n"
		"n2 [label=\"vanished\\nexpected mangle:INPUT\", shape=octagon, style=filled, "
		"fillcolor=salmon];\n"
		"}\n"
		"}\n");
	expect("Mermaid", &render_mermaid, (struct np_out){ 0 }, &p, 1,
		"flowchart TB\n"
		"classDef good fill:#9f9,stroke:#393\n"
		"classDef bad fill:#f99,stroke:#933\n"
		"classDef open fill:#fff,stroke:#999,stroke-dasharray:4\n"
		"subgraph g0[\"ceph3 May  8 15:51:07 TCP 192.168.235.13:14024 #62; 10.0.1.12:8081\"]\n"
		"subgraph g1[\"PREROUTING in enp5s0\"]\n"
		"n0[\"raw:a#34;b#92;#60;<br/>policy 2\"]\n"
		"end\n"
		"n0 -->|\"dst 10.0.1.12:8081 =#62; 10.0.1.12:8081 by lo\"| n1\n"
		"subgraph g2[\"INPUT in enp5s0\"]\n"
		"n1[\"nat:PREROUTING<br/>rule 1\"]\n"
		"end\n"
		"n1 --> n2\n"
		"n2([\"vanished<br/>expected mangle:INPUT\"]):::bad\n"
		"end\n");
}

int main(void)
{
	test_brief();
	test_brief_columns();
	test_summary();
	test_summary_full();
	test_graphs();
	return unit_done();
}
