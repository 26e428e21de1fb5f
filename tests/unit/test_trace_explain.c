// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets of a log asked about at a host made by hand: the flows, the causes, the drawing. */
#include "tests/unit/fib_host.h"
#include "tests/unit/story.h"
#include "trace/explain.h"

enum { P3 = 2, P5 = 3 };

static struct np_names *names;
static struct np_flow asked; /* the last question */
static bool kernel_says_no;
static struct np_fib_kernel kernel;

struct hand {
	struct explain_host host;
	struct np_explain_host known;
};

static int get(struct explain_host *host, uint8_t family, const struct np_explain_host **known,
	struct np_err *err)
{
	(void)family;
	(void)err;
	*known = &((struct hand *)host)->known;
	return 0;
}

static int decide(struct explain_host *host, uint8_t family, const struct np_flow *flow,
	struct np_explanation *x, struct np_err *err)
{
	struct hand *h = (struct hand *)host;

	(void)family;
	(void)err;
	asked = *flow;
	*x = (struct np_explanation){ .host = &h->known, .flow = flow, .d = &d };
	kernel.asked = kernel_says_no;
	if (kernel_says_no)
		x->kernel = &kernel;
	return np_fib_decide(&h->known.fib, flow, 0, &d);
}

static struct hand hand = { .host = { .get = get, .decide = decide } };

static void word_rule(uint32_t priority, uint32_t table, const char *from)
{
	struct np_rule r = { .family = AF_INET, .action = FR_ACT_TO_TBL, .priority = priority,
			     .table = table };

	r.set = 1u << NP_RULE_PRIORITY | 1u << NP_RULE_ACTION | 1u << NP_RULE_TABLE;
	if (from) {
		r.set |= 1u << NP_RULE_FROM;
		r.from.family = AF_INET;
		r.from.len = 4;
		r.from.bits = 32;
		inet_pton(AF_INET, from, r.from.b);
	}
	np_explain_host_add_rule(&hand.known, &r);
}

/* enp3s0 192.168.235.OWN/24, enp5s0 10.0.1.OWN/24; rule 100 as the caller wants. */
static void ceph(const char *own3, const char *own5)
{
	for (size_t i = 0; i < hand.known.n_rules; i++)
		free(hand.known.rules[i].selector);
	hand.known.n_rules = 0;
	hand.known.names = names;
	np_fib_clean(&fib);
	np_fib_init(&fib, AF_INET);
	dev(LO, "lo", IFF_LOOPBACK);
	dev(P3, "enp3s0", 0);
	dev(P5, "enp5s0", 0);
	own(P3, own3);
	own(P5, own5);
	route(RT_TABLE_LOCAL, "127.0.0.0", 8, RTN_LOCAL, LO, NULL);
	route(RT_TABLE_MAIN, "192.168.235.0", 24, RTN_UNICAST, P3, NULL);
	route(RT_TABLE_MAIN, "10.0.1.0", 24, RTN_UNICAST, P5, NULL);
	route(RT_TABLE_MAIN, "0.0.0.0", 0, RTN_UNICAST, P3, "192.168.235.2");
	rule(0, RT_TABLE_LOCAL);
	word_rule(0, RT_TABLE_LOCAL, NULL);
}

/* The other host, with a table 100 for what it sends itself. */
static void sender(void)
{
	ceph("192.168.235.13", "10.0.1.13");
	rule(100, 100)->set = NP_FRULE_SRC;
	fib.rules[1].src_bits = 32;
	addr(fib.rules[1].src, "192.168.235.13");
	word_rule(100, 100, "192.168.235.13");
}

static void sealed(void)
{
	default_rules();
	word_rule(0x7ffe, RT_TABLE_MAIN, NULL);
	word_rule(0x7fff, RT_TABLE_DEFAULT, NULL);
	hand.known.fib = fib;
	hand.known.names = names;
}

static struct packet_explained x;
static struct packet_step steps[STORY_MAX];

static struct packet explained(struct packet p)
{
	struct np_err err = NP_ERR_INIT;

	asked = (struct np_flow){ 0 };
	unit_int(explain_packet(&hand.host, &p, &x, &err), 0, "explained");
	p.explained = &x;
	return p;
}

static void causes(const struct packet *p, const char *want, const char *name)
{
	char got[256] = "";

	for (unsigned i = 0; i < p->outcome.n_causes; i++) {
		strcat(got, i ? " " : "");
		strcat(got, packet_cause_word(p->outcome.causes[i]));
	}
	unit_str(got, want, name);
}

static void draws(const struct renderer *r, const struct packet *p, const char *want,
	const char *name)
{
	size_t len;
	char *got = story_render(r, (struct render_opts){ 0 }, (struct np_out){ .utf8 = true }, p,
		1, &len);

	if (!unit_ok(got && memmem(got, len, want, strlen(want)), "%s", name))
		printf("# got  %s\n# want %s\n", got, want);
	free(got);
}

static void test_rp_filter(void)
{
	struct packet p;

	ceph("192.168.235.12", "10.0.1.12");
	fib.all[NP_FIB_RP_FILTER] = 1;
	sealed();
	p = explained(story_vanished(steps));
	unit_int(asked.iif, P5, "asked with the interface it came in by");
	unit_ok(asked.ipproto == 6 && asked.sport == 14024 && asked.dport == 8081,
		"and protocol and ports");
	unit_ok(x.decided && x.lost && x.lost->verdict == NP_V_RP_FILTER, "rp_filter");
	causes(&p, "rp_filter", "the only cause");
	draws(&render_text, &p, "\n  ✗ rp_filter=1 on enp5s0 (from all): replies to 192.168.235.13 "
		"leave by enp3s0\n"
		"    way back: 192.168.235.13: main 192.168.235.0/24 dev enp3s0, not enp5s0\n"
		"    routing: rule 0 from all lookup local → local 10.0.1.12/32 dev enp5s0\n"
		"    cure: sysctl -w net.ipv4.conf.enp5s0.rp_filter=2          accept any source "
		"that has a route at all\n", "the answer and the cure");
	draws(&render_brief, &p, "after nat:PREROUTING:policy:3: rp_filter=1 on enp5s0", "brief");
	draws(&render_dot, &p, "\\nrp_filter=1 on enp5s0 (from all)", "dot");
	draws(&render_pcapng, &p, "; rp_filter=1 on enp5s0 (from all)", "pcapng");
	draws(&render_json, &p, "\"causes\":[\"rp_filter\"],\"explain\":{\"verdict\":\"rp_filter\","
		"\"says\":\"rp_filter=1 on enp5s0 (from all): replies to 192.168.235.13 leave by "
		"enp3s0\",\"priority\":0,\"selector\":\"from all\",\"action\":\"lookup\","
		"\"table\":\"local\",\"prefix\":\"10.0.1.12/32\",\"dev\":\"enp5s0\",\"decided\":true",
		"JSON");
}

static void test_passes(void)
{
	struct packet p;

	ceph("192.168.235.12", "10.0.1.12");
	sealed();
	p = story_vanished(steps);
	p.outcome.causes[p.outcome.n_causes++] = CAUSE_OTHER_HOOK;
	p = explained(p);
	unit_ok(!x.decided && x.lost && x.lost->verdict == NP_V_LOCAL, "it passes today");
	causes(&p, "other_hook", "what is left");
	draws(&render_text, &p, "    The routing model lets it pass today: local: for this host "
		"(kernel not asked)\n", "said so");

	p = story_vanished(steps);
	p.outcome.evident = true;
	p = explained(p);
	causes(&p, "martian no_route forwarding rp_filter", "what the log proves stays");

	kernel_says_no = true;
	p = explained(story_vanished(steps));
	kernel_says_no = false;
	causes(&p, "martian no_route forwarding rp_filter", "a kernel that disagrees leaves all");
	draws(&render_text, &p, "KERNEL DISAGREES", "and is named");
}

static void test_forwarded(void)
{
	struct packet p;
	struct np_fib_dev *in;

	ceph("192.168.235.12", "10.0.1.1");
	sealed();
	p = story_vanished(steps);
	inet_pton(AF_INET, "10.0.1.77", steps[3].ev.hdr.src);
	inet_pton(AF_INET, "192.0.2.1", steps[3].ev.hdr.dst);
	p.outcome.causes[p.outcome.n_causes++] = CAUSE_TTL;
	steps[3].ev.hdr.ttl = 1;
	p = explained(p);
	causes(&p, "ttl", "a TTL of 1 cannot be forwarded");
	draws(&render_text, &p, "✗ the TTL ran out: it was to be forwarded, and came with a TTL of 1",
		"said so");
	in = at(P5);
	in->conf[NP_FIB_FORWARDING] = 0;
	p.outcome.causes[0] = CAUSE_FORWARDING;
	p = explained(p);
	unit_ok(x.decided, "decided");
	draws(&render_text, &p, "✗ forwarding=0 on enp5s0\n", "forwarding is off");
}

/* The mtu of the way out: shorter is fine, longer is lost, but for what a driver puts together. */
static void test_mtu(void)
{
	struct packet p;

	ceph("192.168.235.12", "10.0.1.1");
	sealed();
	at(P3)->mtu = 1400;
	for (uint16_t i = 0; i < 4; i++) {
		static const char *const want[] = { "other_hook", "other_hook", "mtu other_hook",
						    "mtu" };

		p = story_vanished(steps);
		inet_pton(AF_INET, "10.0.1.77", steps[3].ev.hdr.src);
		inet_pton(AF_INET, "192.0.2.1", steps[3].ev.hdr.dst);
		p.outcome.causes[p.outcome.n_causes++] = CAUSE_MTU;
		p.outcome.causes[p.outcome.n_causes++] = CAUSE_OTHER_HOOK;
		steps[3].ev.hdr.set |= NP_HDR_LEN | NP_HDR_PROTO;
		steps[3].ev.hdr.len = i < 2 ? 1400 : 1401;
		steps[3].ev.hdr.proto = i % 2 ? 1 : 6;
		p = explained(p);
		causes(&p, want[i], "by its length and protocol");
		unit_int(x.decided, i == 3, "decided");
	}
	draws(&render_text, &p, "not to be fragmented: it is of 1401 bytes, and the mtu is 1400\n",
		"said so");
}

/* What is not known is not decided. */
static void test_unknown(void)
{
	struct packet p;

	ceph("192.168.235.12", "10.0.1.12");
	fib.all[NP_FIB_RP_FILTER] = 1;
	sealed();
	p = story_vanished(steps);
	for (unsigned i = 0; i < 4; i++)
		steps[i].ev.in = "eth9";
	p = explained(p);
	unit_ok(!x.lost && x.not_asked, "no such interface: not asked");
	draws(&render_text, &p, "The routing cannot be asked: the host has no such interface now: eth9\n",
		"said so");

	p = story_vanished(steps);
	steps[3].ev.type = NP_TRACE_RULE;
	p = explained(p);
	unit_int(x.unless, UNLESS_RULE, "the last rule may be a DNAT");
	causes(&p, "martian no_route forwarding rp_filter", "nothing is taken away");
	draws(&render_text, &p, "    unless nat:PREROUTING:rule:3, its last line, rewrote it: --rules tells\n",
		"said so");
	steps[3].ev.rule = "-j DNAT --to-destination 10.0.1.12:80";
	inet_pton(AF_INET, "203.0.113.9", steps[3].ev.hdr.dst);
	p = explained(p);
	unit_ok(asked.dport == 80 && asked.dst[0] == 10, "its text gives the new destination");
	unit_ok(x.decided, "and the cause is decided");

	p = story_vanished(steps);
	for (unsigned i = 0; i < 4; i++) {
		steps[i].ev.table = "mangle";
		steps[i].ev.hdr.tcp_flags = 0x10;
	}
	p = explained(p);
	unit_int(x.unless, UNLESS_REPLY, "an answer may be translated without a line");

	p = story_vanished(steps);
	for (unsigned i = 0; i < 4; i++)
		steps[i].ev.in = "lo";
	explained(p);
	unit_ok(!x.lost && !x.not_asked, "what comes in by lo has its route");
}

static void test_decisions(void)
{
	const struct packet_routing *r;
	struct packet p;

	sender();
	route(100, "10.0.1.0", 24, RTN_UNICAST, P5, NULL);
	sealed();
	p = explained(story_sent(steps));
	unit_int(x.n, 2, "two decisions");
	r = explained_before(&x, 0);
	unit_ok(r && r->fit == FIT_AS_LOGGED && r->priority == 0x7ffe, "the first, by main");
	r = explained_before(&x, 11);
	unit_ok(r && r->fit == FIT_AS_LOGGED && r->priority == 100, "the second, by the rule");
	unit_int(asked.uid, 0, "routed again: nobody's");
	draws(&render_text, &p, "\n  ── routing: rule 32766 from all lookup main → default via "
		"192.168.235.2 dev enp3s0\n  OUTPUT ", "the first is drawn");
	draws(&render_text, &p, "  ── routed again: out enp3s0 ⇒ enp5s0\n"
		"     routing: rule 100 from 192.168.235.13 lookup 100 → 10.0.1.0/24 dev enp5s0\n",
		"the second is drawn");
	draws(&render_json, &p, "\"routing\":{\"verdict\":\"unicast\",\"says\":\"unicast: sent dev "
		"enp5s0\",\"priority\":100,\"selector\":\"from 192.168.235.13\",\"action\":"
		"\"lookup\",\"table\":\"100\",\"prefix\":\"10.0.1.0/24\",\"dev\":\"enp5s0\","
		"\"as_logged\":true}", "JSON");
	draws(&render_mermaid, &p, "rule 100 from 192.168.235.13 lookup 100", "Mermaid");
	draws(&render_pcapng, &p, "\nrouting: rule 100 from 192.168.235.13 lookup 100: 10.0.1.0/24 "
		"dev enp5s0\n", "pcapng");

	/* the log shows another way than the host would take now */
	p = story_sent(steps);
	for (unsigned i = 11; i < p.n_steps; i++)
		steps[i].ev.out = "enp9s0";
	p = explained(p);
	r = explained_before(&x, 11);
	unit_ok(r && r->fit == FIT_CHANGED, "not as logged");
	draws(&render_text, &p, "     routing: today it would be otherwise: unicast: sent dev enp5s0 "
		"(rule 100 from 192.168.235.13 lookup 100 → 10.0.1.0/24 dev enp5s0)\n", "said so");
	draws(&render_json, &p, "\"as_logged\":false", "in JSON too");
}

/* A datagram's socket may have had no source yet: rules that look at it leave it open. */
static void test_no_source(void)
{
	struct packet p;

	sender();
	route(100, "0.0.0.0", 0, RTN_UNICAST, P3, "192.168.235.1");
	sealed();
	p = story_sent(steps);
	p.n_steps = 1;
	steps[0].ev.hdr.proto = 17;
	explained(p);
	unit_int(x.n, 0, "UDP: one of two rules, and nothing tells which");
	steps[0].ev.hdr.proto = 6;
	explained(p);
	unit_int(x.n, 1, "TCP: the source is known");
}

static void test_fields(void)
{
	struct np_trace_event ev;
	struct explain_why why;
	struct np_flow f;

	ceph("192.168.235.12", "10.0.1.12");
	sealed();
	story_vanished(steps);
	ev = steps[3].ev;
	ev.set |= NP_TEV_MARK;
	ev.mark = 7;
	ev.hdr.tos = 0x2b;
	unit_ok(explain_flow(&fib, WAY_IN, &ev, &ev.hdr, &f, &why), "a flow");
	unit_int(f.mark, 7, "mark");
	unit_int(f.tos, 0x28, "TOS without ECN");
	unit_int(f.oif, 0, "no way out");
	ev.set |= NP_TEV_CUT;
	unit_ok(explain_flow(&fib, WAY_IN, &ev, &ev.hdr, &f, &why), "cut: nobody looks at the mark");
	fib.rules[1].set = NP_FRULE_FWMARK;
	unit_ok(!explain_flow(&fib, WAY_IN, &ev, &ev.hdr, &f, &why) && why.text,
		"cut before the mark that a rule looks at");
	fib.rules[1].set = 0;
	ev.hdr.set &= ~(uint32_t)NP_HDR_ADDR;
	unit_ok(!explain_flow(&fib, WAY_IN, &ev, &ev.hdr, &f, &why), "no addresses");
}

int main(void)
{
	static const char *const nowhere[] = { NULL };
	const struct np_names_opts opts = { .dirs = nowhere };

	names = np_names_new(&opts);
	test_rp_filter();
	test_passes();
	test_forwarded();
	test_mtu();
	test_unknown();
	test_decisions();
	test_no_source();
	test_fields();
	for (size_t i = 0; i < hand.known.n_rules; i++)
		free(hand.known.rules[i].selector);
	free(hand.known.rules);
	np_fib_clean(&fib);
	np_fib_decision_clean(&d);
	np_names_free(names);
	return unit_done();
}
