/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STORY_H
#define STORY_H

/*
 * The two packets that the story begins with, made by hand, and what a renderer
 * makes of them.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "trace/render.h"

struct story_row {
	const char *table, *chain;
	enum np_trace_type type;
	uint32_t number;
	enum np_hook hook;
	uint8_t depth;
	int64_t offset;
};

static struct np_trace_event story_event(const char *host, const char *stamp, const char *dst,
	uint16_t sport, uint32_t id, uint32_t seq, int64_t uptime_us)
{
	struct np_trace_event ev = {
		.set = NP_TEV_NUMBER | NP_TEV_UPTIME | NP_TEV_WALL | NP_TEV_NO_YEAR,
		.host = host, .in = "", .out = "", .uptime_us = uptime_us,
		.wall_us = 1778257829000000, .file = "kern.log",
		.hdr = {
			.set = NP_HDR_ADDR | NP_HDR_LEN | NP_HDR_TOS | NP_HDR_TTL | NP_HDR_ID |
				NP_HDR_PROTO | NP_HDR_PORTS | NP_HDR_SEQ | NP_HDR_ACK | NP_HDR_WINDOW,
			.family = AF_INET, .proto = 6, .ttl = 64, .len = 60, .id = id, .seq = seq,
			.sport = sport, .dport = 8081, .ip_flags = NP_IPF_DF, .window = 29200,
			.tcp_flags = 2,
		},
		.tcp_opt = { 2, 4, 5, 0xb4, 4, 2, 8, 0x0a, 4, 0xd5, 0xcc, 0xcc, 0, 0, 0, 0, 1, 3, 3, 7 },
		.tcp_opt_len = 20,
	};

	snprintf(ev.stamp, sizeof(ev.stamp), "%s", stamp);
	inet_pton(AF_INET, "192.168.235.13", ev.hdr.src);
	inet_pton(AF_INET, dst, ev.hdr.dst);
	return ev;
}

static void story_steps(struct packet *p, struct packet_step *steps, const struct story_row *rows,
	size_t n, const struct np_trace_event *ev)
{
	for (size_t i = 0; i < n; i++) {
		struct packet_step *st = &steps[i];

		*st = (struct packet_step){ .ev = *ev, .hook = rows[i].hook,
			.depth = rows[i].depth, .offset_us = rows[i].offset };
		st->ev.table = rows[i].table;
		st->ev.chain = rows[i].chain;
		st->ev.type = rows[i].type;
		st->ev.number = rows[i].number;
		st->ev.uptime_us += rows[i].offset;
		st->ev.line = i + 1;
		if (!i || rows[i].hook != rows[i - 1].hook)
			st->before |= STEP_NEW_HOOK;
	}
	p->steps = steps;
	p->n_steps = (uint32_t)n;
}

#define STORY_MAX 16

/* 15 steps of a SYN that is translated and routed again. */
__attribute__((unused)) static struct packet story_sent(struct packet_step steps[STORY_MAX])
{
	static const struct story_row rows[] = {
		{ "raw", "OUTPUT", NP_TRACE_POLICY, 2, NP_HOOK_OUTPUT, 0, 0 },
		{ "nat", "OUTPUT", NP_TRACE_RULE, 1, NP_HOOK_OUTPUT, 0, 28 },
		{ "nat", "KUBE-SERVICES", NP_TRACE_RULE, 9, NP_HOOK_OUTPUT, 1, 56 },
		{ "nat", "KUBE-SVC-ZP4VKUJYTBCROZYY", NP_TRACE_RULE, 1, NP_HOOK_OUTPUT, 2, 78 },
		{ "nat", "KUBE-SEP-OR6JECCPPINGGGRC", NP_TRACE_RULE, 2, NP_HOOK_OUTPUT, 3, 93 },
		{ "filter", "OUTPUT", NP_TRACE_RULE, 1, NP_HOOK_OUTPUT, 0, 118 },
		{ "filter", "KUBE-SERVICES", NP_TRACE_RETURN, 2, NP_HOOK_OUTPUT, 1, 132 },
		{ "filter", "OUTPUT", NP_TRACE_RULE, 2, NP_HOOK_OUTPUT, 0, 144 },
		{ "filter", "KUBE-FIREWALL", NP_TRACE_RETURN, 2, NP_HOOK_OUTPUT, 1, 157 },
		{ "filter", "OUTPUT", NP_TRACE_RULE, 4, NP_HOOK_OUTPUT, 0, 170 },
		{ "filter", "OUTPUT", NP_TRACE_POLICY, 6, NP_HOOK_OUTPUT, 0, 190 },
		{ "nat", "POSTROUTING", NP_TRACE_RULE, 1, NP_HOOK_POSTROUTING, 0, 203 },
		{ "nat", "KUBE-POSTROUTING", NP_TRACE_RETURN, 2, NP_HOOK_POSTROUTING, 1, 216 },
		{ "nat", "POSTROUTING", NP_TRACE_RULE, 8, NP_HOOK_POSTROUTING, 0, 228 },
		{ "nat", "POSTROUTING", NP_TRACE_POLICY, 10, NP_HOOK_POSTROUTING, 0, 248 },
	};
	struct np_trace_event ev = story_event("ceph4", "May  8 16:30:29", "10.43.206.251", 18130,
		57266, 2213090174, 324781838361);
	struct packet p = { .outcome.state = PACKET_SENT, .dnat = true };

	ev.out = "enp3s0";
	ev.set |= NP_TEV_UID;
	ev.uid = ev.gid = 1000;
	story_steps(&p, steps, rows, sizeof(rows) / sizeof(rows[0]), &ev);
	for (uint32_t i = 5; i < p.n_steps; i++)
		inet_pton(AF_INET, "10.0.1.12", steps[i].ev.hdr.dst);
	for (uint32_t i = 11; i < p.n_steps; i++)
		steps[i].ev.out = "enp5s0";
	steps[5].changes = STEP_DST;
	steps[11].changes = STEP_OUT;
	steps[11].before |= STEP_REROUTED;
	inet_pton(AF_INET, "10.43.206.251", p.dst_from);
	inet_pton(AF_INET, "10.0.1.12", p.dst_to);
	return p;
}

/* A SYN that is not seen again after nat:PREROUTING. */
__attribute__((unused)) static struct packet story_vanished(struct packet_step steps[STORY_MAX])
{
	static const struct story_row rows[] = {
		{ "raw", "PREROUTING", NP_TRACE_POLICY, 2, NP_HOOK_PREROUTING, 0, 0 },
		{ "nat", "PREROUTING", NP_TRACE_RULE, 1, NP_HOOK_PREROUTING, 0, 37 },
		{ "nat", "KUBE-SERVICES", NP_TRACE_RETURN, 14, NP_HOOK_PREROUTING, 1, 119 },
		{ "nat", "PREROUTING", NP_TRACE_POLICY, 3, NP_HOOK_PREROUTING, 0, 168 },
	};
	static const uint8_t mac[] = { 0, 0x23, 0x7d, 0x5b, 0x96, 0xec, 0, 0x21, 0x5a, 0xef, 0x39,
		0xfe, 8, 0 };
	struct np_trace_event ev = story_event("ceph3", "May  8 15:51:07", "10.0.1.12", 14024, 28265,
		1726587944, 309854514762);
	struct packet p = { .outcome = { .state = PACKET_VANISHED,
		.expected = { "mangle:INPUT", "filter:INPUT", "filter:FORWARD" }, .n_expected = 3,
		.causes = { CAUSE_MARTIAN, CAUSE_NO_ROUTE, CAUSE_FORWARDING, CAUSE_RP_FILTER },
		.n_causes = 4 } };

	ev.in = "enp5s0";
	ev.wall_us -= 2362000000;
	memcpy(ev.mac, mac, sizeof(mac));
	ev.mac_len = sizeof(mac);
	story_steps(&p, steps, rows, sizeof(rows) / sizeof(rows[0]), &ev);
	return p;
}

/* What a renderer writes of packets; to be freed. len may be NULL. */
__attribute__((unused)) static char *story_render(const struct renderer *r, struct render_opts opts,
	struct np_out out, const struct packet *p, unsigned n, size_t *len)
{
	char *text = NULL;
	size_t size = 0;
	struct render_counts counts = { .lines = 0, .packets = n, .shown = n };
	void *state;

	out.fp = open_memstream(&text, &size);
	if (!out.fp)
		return NULL;
	opts.out = &out;
	state = r->start(&opts);
	for (unsigned i = 0; state && i < n; i++) {
		r->packet(state, &p[i]);
		counts.lines += p[i].n_steps;
	}
	if (state)
		r->end(state, &counts);
	r->free(state);
	fclose(out.fp);
	if (len)
		*len = size;
	return text;
}

#endif
