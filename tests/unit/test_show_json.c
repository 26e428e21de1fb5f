// SPDX-License-Identifier: GPL-2.0-or-later
#include <jansson.h>

#include "tests/unit/story.h"
#include "tests/unit/unit.h"

static char *render(struct render_opts opts, const struct packet *p, unsigned n)
{
	return story_render(&render_json, opts, (struct np_out){ 0 }, p, n, NULL);
}

static void expect(const char *name, struct render_opts opts, const struct packet *p, unsigned n,
	const char *want)
{
	char *got = render(opts, p, n);

	unit_str(got, want, name);
	free(got);
}

/* The schema, key by key. */
static void test_whole(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_sent(steps);

	p.steps = &steps[10];
	p.n_steps = 2;
	inet_pton(AF_INET, "10.43.206.251", steps[10].ev.hdr.dst);
	steps[11].changes |= STEP_DST;
	steps[11].target = "KUBE-POSTROUTING";
	steps[11].ev.rule = "-j KUBE-POSTROUTING";
	expect("one packet", (struct render_opts){ 0 }, &p, 1,
		"[{\"host\":\"ceph4\",\"family\":\"ipv4\",\"protocol\":\"tcp\","
		"\"src\":\"192.168.235.13\",\"dst\":\"10.43.206.251\",\"sport\":18130,\"dport\":8081,"
		"\"id\":57266,\"seq\":2213090174,\"ack\":0,\"flags\":\"SYN\",\"len\":60,\"ttl\":64,"
		"\"tos\":0,\"df\":true,\"uid\":1000,\"gid\":1000,"
		"\"first_seen\":\"May  8 16:30:29\",\"uptime\":324781.838551,\"duration_us\":203,"
		"\"file\":\"kern.log\",\"line\":11,\"steps\":["
		"{\"table\":\"filter\",\"chain\":\"OUTPUT\",\"event\":\"policy\",\"number\":6,"
		"\"hook\":\"output\",\"offset_us\":190,\"in\":null,\"out\":\"enp3s0\",\"changes\":{}},"
		"{\"table\":\"nat\",\"chain\":\"POSTROUTING\",\"event\":\"rule\",\"number\":1,"
		"\"hook\":\"postrouting\",\"offset_us\":203,\"in\":null,\"out\":\"enp5s0\","
		"\"target\":\"KUBE-POSTROUTING\",\"rule\":\"-j KUBE-POSTROUTING\","
		"\"before\":[\"rerouted\"],"
		"\"changes\":{\"dst\":[\"10.43.206.251\",\"10.0.1.12\"],\"out\":[\"enp3s0\",\"enp5s0\"]}}"
		"],\"nat\":{\"dst\":[\"10.43.206.251\",\"10.0.1.12\"]},"
		"\"outcome\":{\"state\":\"sent\",\"at\":\"nat:POSTROUTING:rule:1\",\"expected\":[],"
		"\"causes\":[]}}]\n");
}

/* Nothing that a line did not say is told. */
static void test_absent(void)
{
	struct packet_step st = { .ev = { .table = "raw", .chain = "X", .host = "", .in = NULL,
		.out = NULL }, .offset_us = -1 };
	struct packet p = { .steps = &st, .n_steps = 1,
		.outcome = { .state = PACKET_UNFINISHED } };

	expect("a line that says next to nothing", (struct render_opts){ 0 }, &p, 1,
		"[{\"steps\":[{\"table\":\"raw\",\"chain\":\"X\",\"event\":\"rule\",\"changes\":{}}],"
		"\"outcome\":{\"state\":\"unfinished\",\"at\":\"raw:X:rule\",\"expected\":[],"
		"\"causes\":[]}}]\n");
	expect("no packet", (struct render_opts){ 0 }, NULL, 0, "[]\n");
	expect("no packet, by lines", (struct render_opts){ .lines = true }, NULL, 0, "");
}

static void test_vanished(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_vanished(steps);
	char *got;
	json_t *doc;
	const char *at = NULL, *first = NULL;
	size_t expected, causes;
	int journey = 0;

	p.journey = 7;
	p.outcome.evident = true;
	got = render((struct render_opts){ .lines = true, .utc = true }, &p, 1);
	doc = json_loads(got, 0, NULL);
	unit_ok(doc && !strchr(strchr(got, '\n') + 1, '\n'), "a line a packet, each a document");
	json_unpack(doc, "{s:i,s:s,s:{s:s}}", "journey", &journey, "first_seen", &first, "outcome",
		"at", &at);
	unit_int(journey, 7, "journey");
	unit_str(at, "nat:PREROUTING:policy:3", "the place where it was seen last");
	unit_str(first, "2026-05-08T15:51:07Z", "UTC");
	expected = json_array_size(json_object_get(json_object_get(doc, "outcome"), "expected"));
	causes = json_array_size(json_object_get(json_object_get(doc, "outcome"), "causes"));
	unit_int((long long)expected, 3, "expected tables");
	unit_int((long long)causes, 4, "causes");
	unit_ok(json_is_true(json_object_get(json_object_get(doc, "outcome"), "evident")), "evident");
	json_decref(doc);
	free(got);
}

/* Every header key and every change. */
static void test_fields(void)
{
	struct packet_step steps[STORY_MAX];
	struct packet p = story_vanished(steps);
	struct np_hdr *h = &steps[0].ev.hdr, *b = &steps[1].ev.hdr;
	char *got;

	p.n_steps = 2;
	*h = (struct np_hdr){ .set = NP_HDR_ADDR | NP_HDR_PROTO | NP_HDR_ICMP | NP_HDR_ICMP_ID |
		NP_HDR_MTU | NP_HDR_PARAM | NP_HDR_GATEWAY | NP_HDR_FRAG | NP_HDR_SPI,
		.family = AF_INET6, .proto = 58, .icmp_type = 2, .icmp_code = 1, .icmp_id = 3,
		.icmp_seq = 4, .mtu = 1280, .param = 5, .frag_off = 2, .spi = 6,
		.ip_flags = NP_IPF_CE | NP_IPF_MF };
	inet_pton(AF_INET6, "fd00:235::13", h->src);
	*b = *h;
	inet_pton(AF_INET6, "fd00::1", b->src);
	b->sport = 1, b->dport = 2, b->ttl = 3, b->tos = 4, b->len = 5, b->id = 6, b->seq = 7;
	steps[1].ev.set |= NP_TEV_MARK;
	steps[1].ev.mark = 8;
	steps[1].ev.physin = "v0";
	steps[1].ev.in = "";
	steps[1].changes = STEP_SRC | STEP_SPORT | STEP_DPORT | STEP_TTL | STEP_TOS | STEP_LEN |
		STEP_ID | STEP_SEQ | STEP_MARK | STEP_PHYSIN | STEP_PHYSOUT | STEP_IN;
	steps[1].before = STEP_LOOPED | STEP_IPVS | STEP_GAP | STEP_UNNAT | STEP_GOTO |
		STEP_WRAPPED;
	p.snat = p.snat_port = p.dnat_port = true;
	p.sport_to = 9;
	got = render((struct render_opts){ 0 }, &p, 1);
	unit_ok(strstr(got, "\"family\":\"ipv6\",\"protocol\":\"icmpv6\",\"src\":\"fd00:235::13\","
		"\"dst\":\"::\",\"frag_offset\":16,\"ce\":true,\"mf\":true,\"spi\":6,\"icmp\":{"
		"\"type\":2,\"code\":1,\"id\":3,\"seq\":4,\"mtu\":1280,\"gateway\":\"::\","
		"\"parameter\":5}"), "keys of the header");
	unit_ok(strstr(got, "\"before\":[\"looped\",\"ipvs\",\"gap\",\"unnat\",\"goto\",\"wrapped\"],"
		"\"wrapped\":{\"in\":\"IPIP\",\"src\":\"fd00::1\",\"dst\":\"::\"},\"changes\":{"
		"\"src\":[\"fd00:235::13\",\"fd00::1\"],\"sport\":[0,1],\"dport\":[0,2],"
		"\"in\":[\"enp5s0\",null],\"physin\":[null,\"v0\"],\"physout\":[null,null],"
		"\"ttl\":[0,3],\"tos\":[0,4],\"mark\":[0,8],\"len\":[0,5],\"id\":[0,6],\"seq\":[0,7]}"),
		"changes");
	unit_ok(strstr(got, "\"nat\":{\"dport\":[0,0],\"src\":[\"::\",\"::\"],\"sport\":[0,9]}"), "nat");
	free(got);
}

int main(void)
{
	test_whole();
	test_absent();
	test_vanished();
	test_fields();
	return unit_done();
}
