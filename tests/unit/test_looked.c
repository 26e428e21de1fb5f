// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/looked.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

#include "tests/unit/story.h"
#include "tests/unit/unit.h"
#include "trace/explained.h"

#define RA 2 /* interfaces of this namespace */
#define RB 3
#define NOW 10000000

static struct np_links *links;
static struct looked *k;
static struct packet_step steps[2];
static struct packet_explained model; /* that was asked */
static struct np_lookup with; /* what else the lookups have */

static void anew(void)
{
	looked_free(k);
	k = looked_new(links);
	with = (struct np_lookup){ .cpu = 0 };
}

static void look(const char *src, const char *dst, int iif, uint32_t table, int error,
	const char *dev, int64_t at)
{
	struct np_lookup l = with;

	l.family = AF_INET;
	l.iif = iif;
	l.table = table;
	l.error = error;
	inet_pton(AF_INET, src, l.src);
	inet_pton(AF_INET, dst, l.dst);
	snprintf(l.dev, sizeof(l.dev), "%s", dev);
	looked_add(k, &l, at);
}

static void there(uint32_t table, int error, const char *dev)
{
	look("10.0.1.1", "10.0.2.2", RA, table, error, dev, NOW + 10);
}

static struct packet packet(enum np_hook next)
{
	struct packet p = { .steps = steps, .n_steps = next == NP_HOOK_UNKNOWN ? 1 : 2 };

	memset(steps, 0, sizeof(steps));
	for (unsigned i = 0; i < 2; i++) {
		struct np_hdr *h = &steps[i].ev.hdr;

		h->family = AF_INET;
		h->set = NP_HDR_ADDR | NP_HDR_PROTO | NP_HDR_PORTS | NP_HDR_TTL;
		h->proto = IPPROTO_UDP;
		h->ttl = (uint8_t)(64 - i);
		inet_pton(AF_INET, "10.0.1.1", h->src);
		inet_pton(AF_INET, "10.0.2.2", h->dst);
		h->sport = 1000;
		h->dport = 7;
		steps[i].ev.in = "ra";
		steps[i].ev.out = steps[i].ev.table = "";
		steps[i].ev.chain = "PREROUTING";
		steps[i].ev.type = NP_TRACE_HOOK;
		steps[i].ev.wall_us = NOW + 100 * i;
	}
	steps[0].hook = NP_HOOK_PREROUTING;
	steps[1].hook = next;
	steps[1].before = STEP_NEW_HOOK | STEP_ROUTED;
	if (next == NP_HOOK_FORWARD)
		steps[1].ev.out = "rb";
	p.outcome.state = next == NP_HOOK_UNKNOWN ? PACKET_VANISHED : PACKET_SENT;
	if (next == NP_HOOK_UNKNOWN) {
		p.outcome.causes[0] = CAUSE_RP_FILTER;
		p.outcome.n_causes = 1;
	}
	return p;
}

/* "255:no route 254:rb" */
static const char *told(const struct packet *p, uint32_t step, bool way_back)
{
	static char text[256];
	const struct packet_looked *d = looked_before(looked_of(k, p), step, way_back);
	size_t n = 0;

	text[0] = '\0';
	for (unsigned i = 0; d && i < d->n; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%u:%s", i ? " " : "",
			d->tables[i].id, d->tables[i].result ? d->tables[i].result : d->tables[i].dev);
	return text;
}

static void test_forwarded(void)
{
	struct packet p = packet(NP_HOOK_FORWARD);

	anew();
	unit_str(told(&p, 1, false), "", "nothing was looked up");
	for (unsigned i = 0; i < 2; i++) {
		there(255, EAGAIN, "");
		there(100, 0, "rb");
	}
	unit_str(told(&p, 1, false), "255:no route 100:rb", "twice the same is one decision");
	look("10.0.1.1", "10.0.2.2", RB, 254, 0, "rb", NOW);
	look("10.0.1.9", "10.0.2.2", RA, 254, 0, "rb", NOW);
	look("10.0.1.1", "10.0.2.2", RA, 254, 0, "rb", NOW - 3000000);
	unit_str(told(&p, 1, false), "255:no route 100:rb",
		"another interface, address or time is another packet's");
	there(254, 0, "elsewhere0");
	unit_str(told(&p, 1, false), "255:no route 100:rb",
		"an interface that is not here: another namespace's");
	anew();
	there(255, EAGAIN, "");
	there(100, 0, "rb");
	there(254, 0, "ra");
	unit_str(told(&p, 1, false), "255:no route 100:rb", "behind it the next host's");
	there(255, 0, "ra");
	unit_str(told(&p, 1, false), "255:no route 100:rb", "it left by rb");
	there(255, EAGAIN, "");
	there(200, 0, "rb");
	unit_str(told(&p, 1, false), "", "two ways to rb: none is told");
}

static void test_multipath(void)
{
	struct packet p = packet(NP_HOOK_FORWARD);

	anew();
	there(254, 0, "ra");
	unit_str(told(&p, 1, false), "254:", "the first nexthop is not the one that it took");
}

static void test_protocols(void)
{
	struct packet p = packet(NP_HOOK_FORWARD);

	anew();
	with.sport = 1000;
	with.dport = 7;
	with.proto = IPPROTO_TCP;
	there(100, 0, "rb");
	with.proto = IPPROTO_UDP;
	with.dport = 9;
	there(101, 0, "rb");
	unit_str(told(&p, 1, false), "", "another protocol, another port");
	with.dport = 7;
	there(102, 0, "rb");
	unit_str(told(&p, 1, false), "102:rb", "its own");
}

static void test_cpus(void)
{
	struct packet p = packet(NP_HOOK_FORWARD);

	anew();
	there(255, EAGAIN, "");
	with.cpu = 3;
	there(255, EAGAIN, "");
	with.cpu = 0;
	there(100, 0, "rb");
	with.cpu = 3;
	there(100, 0, "rb");
	unit_str(told(&p, 1, false), "255:no route 100:rb", "two CPUs at a time");
}

static void test_suppressed(void)
{
	struct packet p = packet(NP_HOOK_FORWARD);

	anew();
	for (unsigned i = 0; i < 2; i++) {
		there(255, EAGAIN, "");
		there(254, 0, "ra");
		there(51820, 0, "rb");
	}
	unit_str(told(&p, 1, false), "255:no route 254:suppressed 51820:rb",
		"a rule may not want the route that there is");
}

static void test_missing(void)
{
	struct packet p = packet(NP_HOOK_FORWARD);

	anew();
	there(255, EAGAIN, "");
	looked_lost(k);
	there(100, 0, "rb");
	unit_str(told(&p, 1, false), "", "lines were lost in between");
	anew();
	look("10.0.1.1", "10.0.2.2", RA, 255, EAGAIN, "", NOW);
	for (unsigned i = 0; i < 16384; i++)
		look("10.9.9.9", "10.9.9.8", RB, 254, 0, "rb", NOW);
	there(100, 0, "rb");
	unit_str(told(&p, 1, false), "", "more than can be kept");
	for (unsigned i = 0; i < 16384; i++)
		look("10.9.9.9", "10.9.9.8", RB, 254, 0, "rb", NOW - 3000000);
	there(100, 0, "rb");
	unit_str(told(&p, 1, false), "100:rb", "of another time");
}

/* Made here: iif is lo's; inet_addr_type() asks with none, for iptables' addrtype. */
static void test_output(void)
{
	struct packet p = packet(NP_HOOK_POSTROUTING);

	p.n_steps = 1;
	steps[0].hook = NP_HOOK_OUTPUT;
	steps[0].ev.in = "";
	steps[0].ev.out = "rb";
	anew();
	look("10.0.1.1", "10.0.2.2", 1, 254, 0, "rb", NOW);
	unit_str(told(&p, 0, false), "", "no socket's: rp_filter's, for an answer");
	anew();
	with.proto = IPPROTO_UDP;
	look("0.0.0.0", "10.0.2.2", 0, 255, EAGAIN, "", NOW);
	unit_str(told(&p, 0, false), "", "a question of nobody's");
	look("0.0.0.0", "10.0.2.2", 1, 255, EAGAIN, "", NOW);
	unit_str(told(&p, 0, false), "", "it has left: that cannot be all");
	look("0.0.0.0", "10.0.2.2", 1, 254, 0, "rb", NOW);
	unit_str(told(&p, 0, false), "255:no route 254:rb", "a socket without an address");
	anew();
	with.proto = IPPROTO_UDP;
	look("10.0.1.1", "10.0.2.2", 1, 254, 0, "ra", NOW);
	unit_str(told(&p, 0, false), "", "by another interface: after a change");
	steps[0].ev.out = "lo";
	unit_str(told(&p, 0, false), "254:", "an address of the host's own");
}

static void test_delivered(void)
{
	struct packet p = packet(NP_HOOK_INPUT);

	anew();
	there(255, 0, "ra");
	unit_str(told(&p, 1, false), "255:ra", "for this host");
	steps[1].ev.in = "gone0";
	unit_str(told(&p, 1, false), "", "an interface that is gone");
}

static void test_lost(void)
{
	struct packet p = packet(NP_HOOK_UNKNOWN);

	anew();
	for (unsigned i = 0; i < 2; i++) {
		there(255, EAGAIN, "");
		there(254, EAGAIN, "");
	}
	unit_str(told(&p, 1, false), "255:no route 254:no route", "no table has a route, twice");
	anew();
	there(254, 0, "rb");
	look("10.0.2.2", "10.0.1.1", 1, 254, 0, "rb", NOW + 20);
	unit_str(told(&p, 1, false), "254:rb", "the way on");
	unit_str(told(&p, 1, true), "", "the way back is not asked for rp_filter's sake alone");
	p.explained = &model;
	unit_str(told(&p, 1, true), "254:rb", "the way back");
	anew();
	there(254, EHOSTUNREACH, "");
	there(254, 0, "rb");
	unit_str(told(&p, 1, false), "", "unreachable, and then not");
}

static void test_rendered(void)
{
	struct packet p = packet(NP_HOOK_UNKNOWN);
	char *text, *json;

	anew();
	there(255, EAGAIN, "");
	there(100, 0, "rb");
	look("10.0.2.2", "10.0.1.1", 1, 254, EINVAL, "", NOW + 20);
	p.explained = &model;
	p.lookups = looked_of(k, &p);
	text = story_render(&render_text, (struct render_opts){ 0 }, (struct np_out){ .utf8 = true },
		&p, 1, NULL);
	unit_ok(text && strstr(text, "\n    looked up: local: no route, 100 → rb\n"
		"    looked up, the way back: main: blackhole\n"), "as text");
	json = story_render(&render_json, (struct render_opts){ 0 }, (struct np_out){ 0 }, &p, 1,
		NULL);
	unit_ok(json && strstr(json, "\"lookups\":[{\"table\":\"local\",\"result\":\"no route\"},"
		"{\"table\":\"100\",\"dev\":\"rb\"}],\"way_back_lookups\":[{\"table\":\"main\","
		"\"result\":\"blackhole\"}]"), "as JSON");
	if (!text || !json)
		printf("# %s\n", text ? text : "(none)");
	free(text);
	free(json);
}

int main(void)
{
	links = np_links_new();
	np_links_offline(links);
	np_links_add(links, RA, "ra");
	np_links_add(links, RB, "rb");
	test_forwarded();
	test_multipath();
	test_protocols();
	test_cpus();
	test_suppressed();
	test_missing();
	test_output();
	test_delivered();
	test_lost();
	test_rendered();
	looked_free(k);
	np_links_free(links);
	return unit_done();
}
