// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/addr.h"
#include "lib/sched_sim.h"

/* The address that comes so many after addr; counts in its last 32 bits. */
static void advance(uint8_t af, uint8_t addr[16], uint32_t by)
{
	uint8_t *last = addr + (af == AF_INET6 ? 12 : 0);
	uint32_t v = (uint32_t)last[0] << 24 | (uint32_t)last[1] << 16 | (uint32_t)last[2] << 8 |
		last[3];

	v += by;
	for (int i = 3; i >= 0; i--, v >>= 8)
		last[i] = (uint8_t)v;
}

void np_sched_sim_flow(const struct np_sched *s, const struct np_sched_sim *sim, size_t i,
	struct np_sched_flow *flow)
{
	size_t clients = sim->clients ? sim->clients : 1, vips = sim->vips ? sim->vips : 1;

	*flow = sim->first;
	flow->sport = (uint16_t)(flow->sport + i / clients);
	advance(s->af, flow->src, (uint32_t)(i % clients));
	advance(s->af, flow->dst, (uint32_t)(i % vips));
}

/* Persistence templates: open addressing, never more than half full. */
struct template {
	uint8_t src[16], dst[16];
	size_t dest;
	bool used;
};

struct templates {
	struct template *slots;
	size_t mask;
	unsigned bits;
};

static int templates_init(struct templates *t, const struct np_sched_sim *sim, struct np_err *err)
{
	size_t size = 16;

	*t = (struct templates){ .bits = sim->persist_bits };
	if (!t->bits)
		return 0;
	while (size / 2 < sim->count)
		size *= 2;
	t->slots = calloc(size, sizeof(*t->slots));
	t->mask = size - 1;
	return t->slots ? 0 : np_err_nomem(err);
}

/* The client's template, or the empty one that will be it (FNV-1a over both addresses). */
static struct template *template_of(const struct templates *t, const struct np_sched_flow *flow)
{
	struct template want = { .used = true };
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	struct template *slot;

	memcpy(want.src, flow->src, sizeof(want.src));
	memcpy(want.dst, flow->dst, sizeof(want.dst));
	np_bits_cut(want.src, want.src, t->bits);
	for (int i = 0; i < 16; i++)
		hash = ((hash ^ want.src[i]) * UINT64_C(0x100000001b3) ^ want.dst[i]) *
			UINT64_C(0x100000001b3);
	for (size_t at = (size_t)hash;; at++) {
		slot = &t->slots[at & t->mask];
		if (!slot->used)
			break;
		if (!memcmp(slot->src, want.src, 16) && !memcmp(slot->dst, want.dst, 16))
			return slot;
	}
	want.used = false;
	*slot = want;
	return slot;
}

static size_t schedule(struct np_sched *s, const struct templates *t,
	const struct np_sched_flow *flow)
{
	struct template *template;

	if (!t->slots)
		return np_sched_next(s, flow);
	template = template_of(t, flow);
	if (template->used)
		return template->dest;
	template->dest = np_sched_next(s, flow);
	template->used = template->dest != NP_SCHED_NONE;
	return template->dest;
}

int np_sched_simulate(struct np_sched *s, const struct np_sched_sim *sim, size_t *choices,
	struct np_err *err)
{
	struct templates t;
	int ret = templates_init(&t, sim, err);

	for (size_t i = 0; !ret && i < sim->count; i++) {
		struct np_sched_flow flow;

		if (sim->hold && i >= sim->hold && choices[i - sim->hold] != NP_SCHED_NONE)
			np_sched_close(s, choices[i - sim->hold], sim->active);
		np_sched_sim_flow(s, sim, i, &flow);
		choices[i] = schedule(s, &t, &flow);
		if (sim->hold && choices[i] != NP_SCHED_NONE)
			np_sched_open(s, choices[i], sim->active);
	}
	free(t.slots);
	return ret;
}
