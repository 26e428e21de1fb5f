// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/looked.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

#include "tests/unit/story.h"
#include "tests/unit/unit.h"

#define RA 2 /* interfaces of this namespace */
#define RB 3
#define NOW 1000000

static struct np_links *links;
static struct looked *k;
static struct packet_step steps[2];

static void anew(void)
{
	looked_free(k);
	k = looked_new(links);
}

/* From ra's 10.0.1.1:1000 to 10.0.2.2:7 by udp, or the other way round. */
static void look(const char *src, const char *dst, int iif, uint32_t table, int error,
	const char *dev, int64_t at)
{
	struct np_lookup l = { .family = AF_INET, .iif = iif, .table = table, .error = error };

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
	steps[1].marks = STEP_NEW_HOOK | STEP_ROUTED;
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
static const char *told(const struct packet *p, uint32_t step, bool back)
{
	static char text[256];
	const struct packet_looked *d = looked_before(looked_of(k, p), step, back);
	size_t n = 0;

	text[0] = '\0';
	for (unsigned i = 0; d && i < d->n; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%u:%s", i ? " " : "",
			d->tables[i].id, d->tables[i].says ? d->tables[i].says : d->tables[i].dev);
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
	look("10.0.1.1", "10.0.2.2", RA, 254, 0, "rb", NOW - 1000000);
	unit_str(told(&p, 1, false), "255:no route 100:rb",
		"another interface, address or time is another packet's");
	there(254, 0, "elsewhere0");
	unit_str(told(&p, 1, false), "255:no route 100:rb",
		"an interface that is not here: another namespace's");
	there(255, 0, "ra");
	unit_str(told(&p, 1, false), "255:no route 100:rb", "it left by rb");
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

static void test_delivered(void)
{
	struct packet p = packet(NP_HOOK_INPUT);

	anew();
	there(255, 0, "ra");
	unit_str(told(&p, 1, false), "255:ra", "for this host");
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
	unit_str(told(&p, 1, true), "254:rb", "the way back");
	anew();
	there(254, EHOSTUNREACH, "");
	there(254, 0, "rb");
	unit_str(told(&p, 1, false), "", "unreachable, and then not");
	for (unsigned i = 0; i < 9000; i++)
		there(254, EACCES, "");
	unit_str(told(&p, 1, false), "254:prohibit", "what is old is forgotten");
}

static void test_rendered(void)
{
	struct packet p = packet(NP_HOOK_UNKNOWN);
	char *text, *json;

	anew();
	there(255, EAGAIN, "");
	there(100, 0, "rb");
	look("10.0.2.2", "10.0.1.1", 1, 254, EINVAL, "", NOW + 20);
	p.lookups = looked_of(k, &p);
	text = story_render(&render_text, (struct render_opts){ 0 }, (struct np_out){ .utf8 = true },
		&p, 1, NULL);
	unit_ok(text && strstr(text, "\n    looked up: local: no route, 100 → rb\n"
		"    looked up, the way back: main: blackhole\n"), "as text");
	json = story_render(&render_json, (struct render_opts){ 0 }, (struct np_out){ 0 }, &p, 1,
		NULL);
	unit_ok(json && strstr(json, "\"lookups\":[{\"table\":\"local\",\"error\":\"no route\"},"
		"{\"table\":\"100\",\"dev\":\"rb\"}],\"lookups_back\":[{\"table\":\"main\","
		"\"error\":\"blackhole\"}]"), "as JSON");
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
	test_delivered();
	test_lost();
	test_rendered();
	looked_free(k);
	np_links_free(links);
	return unit_done();
}
