// SPDX-License-Identifier: GPL-2.0-or-later
/* The scheduler model: figures and choices worked out by hand. The kernel's are in tests/lab. */
#include <sys/socket.h>

#include "lib/sched.h"
#include "lib/sched_priv.h"
#include "lib/sched_sim.h"
#include "unit.h"

/*
 * A scheduler over a list "weight:active:inactive ...", where what is left out is 0;
 * the n-th is 192.168.0.n:80.
 */
static void make(struct np_sched *s, enum np_sched_kind kind, unsigned flags, const char *list)
{
	struct np_sched_dest dests[16] = { 0 };
	struct np_err err = NP_ERR_INIT;
	size_t n = 0;

	for (; *list; list += strcspn(list, " "), list += strspn(list, " ")) {
		struct np_sched_dest *d = &dests[n++];

		sscanf(list, "%d:%u:%u", &d->weight, &d->active, &d->inactive);
		d->last_weight = d->weight;
		memcpy(d->addr, (uint8_t[]){ 192, 168, 0, (uint8_t)n }, 4);
		d->port = 80;
	}
	if (np_sched_init(s, kind, AF_INET, flags, dests, n, &err))
		unit_ok(false, "init: %s", err.text);
}

/* The next choices as letters: A is the first of the list, - is nobody. Connections stay open. */
static void choices(struct np_sched *s, unsigned count, const char *want, const char *name)
{
	char got[64];

	for (unsigned i = 0; i < count; i++) {
		size_t dest = np_sched_next(s, NULL);

		got[i] = dest == NP_SCHED_NONE ? '-' : (char)('A' + dest);
		if (dest != NP_SCHED_NONE)
			np_sched_open(s, dest, true);
	}
	got[count] = '\0';
	unit_str(got, want, name);
}

static void run(enum np_sched_kind kind, const char *list, const char *want, const char *name)
{
	struct np_sched s;

	make(&s, kind, 0, list);
	choices(&s, (unsigned)strlen(want), want, name);
	np_sched_clean(&s);
}

static void turns(void)
{
	struct np_sched s;

	run(NP_SCHED_RR, "1 0 7", "ACAC", "rr: in turn, weight 0 left out");
	run(NP_SCHED_RR, "0 0", "--", "rr: nobody");
	/* C came first: cw is 1 from then on, so that the first pass asks for a weight of 1 */
	run(NP_SCHED_WRR, "3 2 1", "ABCAABABCAABABC", "wrr: passes 1, then 3 2 1");
	run(NP_SCHED_WRR, "2 4", "ABBABBAB", "wrr: steps of the common divisor");
	run(NP_SCHED_WRR, "0 0", "--", "wrr: nobody");
	make(&s, NP_SCHED_WRR, 0, "3 2 1");
	s.dests[0].overloaded = true;
	choices(&s, 6, "BCBBCB", "wrr: an overloaded one is left out");
	s.dests[1].overloaded = s.dests[2].overloaded = true;
	choices(&s, 2, "--", "wrr: all overloaded");
	s.dests[2].overloaded = false;
	choices(&s, 2, "CC", "wrr: goes on after that");
	np_sched_clean(&s);
	make(&s, NP_SCHED_WRR, 0, "2147483647 2147483646 1");
	s.dests[0].overloaded = s.dests[1].overloaded = true;
	choices(&s, 60, "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC",
		"wrr: 2^31 passes that find nobody are not gone through");
	np_sched_clean(&s);
}

static void compares(void)
{
	run(NP_SCHED_LC, "1 1 9", "ABCABC", "lc: weights do not count, first of equals");
	run(NP_SCHED_LC, "1:1:0 1:0:255 1:0:257", "BA",
		"lc: 256 inactive ones weigh as much as an active one");
	run(NP_SCHED_WLC, "1 2 3", "ABCCBC",
		"wlc: 0/1 0/2 0/3, then the least quotient");
	run(NP_SCHED_SED, "1 2 3", "CBCABC", "sed: 256/1 256/2 256/3");
	run(NP_SCHED_NQ, "1 2 3", "ABCCBC", "nq: whoever is idle first, then sed");
	run(NP_SCHED_FO, "1 5 5", "BBB", "fo: the heaviest, the first of those");
	run(NP_SCHED_OVF, "1 2", "BBBAA-", "ovf: until active exceeds the weight");
	run(NP_SCHED_LBLC, "2 6", "AAAB", "lblc: stays until crowded and another has room");
	run(NP_SCHED_LBLCR, "2 6", "AAABBBB", "lblcr: adds to the set, least loaded of it");
}

static void explained(void)
{
	struct np_sched s;
	struct np_sched_choice c;
	struct np_sched_verdict v[4];

	make(&s, NP_SCHED_WLC, 0, "2:1:4 4:2:8 0:0:0 1:0:200");
	s.dests[3].u_threshold = 200;
	s.dests[3].overloaded = np_sched_load(&s.dests[3]) == NP_SCHED_LOAD_OVER;
	np_sched_pick(&s, NULL, &c);
	np_sched_explain(&s, &c, v);
	unit_int(v[0].why, NP_SCHED_CHOSEN, "wlc: the chosen one");
	unit_int((int)v[0].figure.num, 260, "its overhead, 1*256+4");
	unit_int(v[0].figure.den, 2, "over its weight");
	unit_int(v[1].why, NP_SCHED_TIE, "260/2 and 520/4 are equal: the later one");
	unit_int(v[2].why, NP_SCHED_QUIESCED, "weight 0");
	unit_int(v[3].why, NP_SCHED_OVERLOADED, "at its threshold");
	np_sched_close(&s, 3, false);
	unit_ok(s.dests[3].overloaded, "one less than the threshold: still overloaded");
	unit_int(np_sched_load(&s.dests[3]), NP_SCHED_LOAD_MAYBE, "which counters alone cannot tell");
	s.dests[3].inactive = 150;
	np_sched_close(&s, 3, false);
	unit_ok(!s.dests[3].overloaded, "below three quarters: no more");
	np_sched_clean(&s);
}

static size_t from(struct np_sched *s, uint32_t client, uint16_t port)
{
	struct np_sched_flow f = { .sport = port, .src = { (uint8_t)(client >> 24),
		(uint8_t)(client >> 16), (uint8_t)(client >> 8), (uint8_t)client } };

	memcpy(f.dst, f.src, sizeof(f.dst));
	return np_sched_next(s, &f);
}

/* The numbers of buckets are computed by other means: (address * 0x61c88647 mod 2^32) >> 24. */
static void hashes(void)
{
	static const size_t maglev[] = { 1, 1, 0, 2, 2, 2, 1, 2, 2, 2, 2, 1, 1, 2, 2, 1 };
	struct np_sched s;
	unsigned same = 0;

	make(&s, NP_SCHED_DH, 0, "1 5 1");
	unit_int((int)from(&s, 0x0a000001, 0), 39 % 3, "dh: bucket 39 of 10.0.0.1");
	unit_int((int)from(&s, 0x0a000002, 0), 137 % 3, "dh: bucket 137 of 10.0.0.2");
	np_sched_clean(&s);
	make(&s, NP_SCHED_SH, 0, "1 2 3");
	unit_int((int)from(&s, 0x0a000001, 9), 2, "sh: bucket 39 is the fourth of ABBCCC");
	unit_int((int)from(&s, 0x0a000002, 9), 2, "sh: bucket 137 the sixth");
	unit_int((int)np_sched_figure(&s, 0).num, 43, "sh: A has 43 of 256 buckets");
	s.dests[2].overloaded = true;
	unit_ok(from(&s, 0x0a000001, 0) == NP_SCHED_NONE, "sh: without fallback it is refused");
	s.flags = NP_SCHED_F_FALLBACK;
	/* from there on the buckets 39 + 39 + k: 78 is A */
	unit_int((int)from(&s, 0x0a000001, 0), 0, "sh-fallback: bucket 78 is A");
	s.flags = NP_SCHED_F_PORT;
	s.dests[2].overloaded = false;
	unit_int((int)from(&s, 0x0a000001, 40000), 2, "sh-port: bucket 203 is C");
	np_sched_clean(&s);

	make(&s, NP_SCHED_MH, 0, "1 2 3");
	unit_int((int)np_sched_mh_hash(1, 0), 0x16ec66b2, "hsiphash, first key");
	unit_int(np_sched_mh_hash(1, 1), 0x8210aad1, "hsiphash, second key");
	unit_int((int)np_sched_figure(&s, 0).num, 683, "mh: buckets of weight 1");
	unit_int((int)np_sched_figure(&s, 2).num, 2046, "mh: buckets of weight 3");
	for (uint32_t i = 0; i < 16; i++)
		same += from(&s, 0x0a000001 + i, 0) == maglev[i];
	unit_int(same, 16, "mh: 16 clients");
	np_sched_clean(&s);
	make(&s, NP_SCHED_MH, 0, "0 0");
	unit_ok(from(&s, 0x0a000001, 0) == NP_SCHED_NONE, "mh: an empty table");
	np_sched_clean(&s);
}

/* From `used` choices counted by the kernel, and `forgotten` before the counters were zeroed. */
static void deduces(enum np_sched_kind kind, unsigned forgotten, unsigned used, bool known,
	const char *name)
{
	struct np_sched truth, s;
	unsigned same = 0;
	bool deduced;

	make(&truth, kind, 0, "3 0 2 4");
	make(&s, kind, 0, "3 0 2 4");
	for (unsigned i = 0; i < forgotten + used; i++) {
		size_t dest = np_sched_next(&truth, NULL);

		s.dests[dest].conns += i >= forgotten;
	}
	deduced = np_sched_deduce(&s);
	for (unsigned i = 0; i < 20; i++)
		same += np_sched_next(&s, NULL) == np_sched_next(&truth, NULL);
	unit_ok(deduced == known && (same == 20 || !known), "%s (deduced %d, %u of 20)", name, deduced,
		same);
	np_sched_clean(&s);
	np_sched_clean(&truth);
}

static void deductions(void)
{
	struct np_sched s;

	deduces(NP_SCHED_RR, 0, 0, true, "rr: nothing yet");
	deduces(NP_SCHED_RR, 0, 3002, true, "rr: in the middle of a round");
	deduces(NP_SCHED_RR, 2, 3001, true, "rr: counters were zeroed in the middle");
	for (unsigned i = 0; i < 9; i++)
		deduces(NP_SCHED_WRR, 0, 900 + i, true, "wrr: any place in the round");
	deduces(NP_SCHED_WRR, 5, 8, false, "wrr: zeroed, all but one of a round: which one?");
	deduces(NP_SCHED_WRR, 2, 902, true, "wrr: zeroed, but DD is in one place only");
	deduces(NP_SCHED_WRR, 3, 1, false, "wrr: zeroed, and several places fit");
	make(&s, NP_SCHED_RR, 0, "1 1");
	s.dests[0].conns = 7;
	unit_ok(!np_sched_deduce(&s), "rr: counters that no round gives");
	np_sched_clean(&s);
	make(&s, NP_SCHED_LBLC, 0, "1:1 1");
	s.dests[0].conns = 1;
	unit_ok(np_sched_deduce(&s), "lblc: one had connections");
	unit_int((int)np_sched_next(&s, NULL), 0, "lblc: so it is remembered");
	s.dests[1].conns = 1;
	unit_ok(!np_sched_deduce(&s), "lblc: two had connections");
	unit_int((int)np_sched_next(&s, NULL), 1, "lblc: taken as nobody's");
	np_sched_clean(&s);
}

/* Connections of 4 clients in a row, as letters. */
static void plays(const struct np_sched_sim *sim, enum np_sched_kind kind, const char *list,
	const char *want, const char *name)
{
	struct np_sched s;
	size_t choices[32];
	char got[33] = "";

	make(&s, kind, 0, list);
	if (np_sched_simulate(&s, sim, choices, NULL))
		unit_ok(false, "simulate");
	for (size_t i = 0; i < sim->count; i++)
		got[i] = choices[i] == NP_SCHED_NONE ? '-' : (char)('A' + choices[i]);
	unit_str(got, want, name);
	np_sched_clean(&s);
}

static void simulations(void)
{
	struct np_sched_sim sim = { .count = 8, .clients = 4, .active = true, .hold = SIZE_MAX,
		.first.src = { 10, 0, 0, 254 } };
	struct np_sched_flow flow;
	struct np_sched s;

	plays(&sim, NP_SCHED_OVF, "1 3", "BBBBAA--", "all stay open");
	sim.hold = 3;
	plays(&sim, NP_SCHED_OVF, "1 1", "AABAABAA", "three are open at a time");
	sim.hold = 0;
	plays(&sim, NP_SCHED_LC, "1 3", "AAAAAAAA", "none is open");
	sim.persist_bits = 32;
	plays(&sim, NP_SCHED_RR, "1 1 1", "ABCAABCA", "persistence: a client stays where it was");
	/* 10.0.0.254 and .255 are of one /24, 10.0.1.0 and .1 of the next */
	sim.persist_bits = 24;
	plays(&sim, NP_SCHED_RR, "1 1 1", "AABBAABB", "persistence: so does a network of clients");
	plays(&sim, NP_SCHED_RR, "0 0", "--------", "persistence: no template of nobody");
	make(&s, NP_SCHED_RR, 0, "1");
	sim.first.sport = 700;
	np_sched_sim_flow(&s, &sim, 6, &flow);
	unit_ok(flow.src[2] == 1 && flow.src[3] == 0 && flow.sport == 701, "the sixth flow");
	np_sched_clean(&s);
}

int main(void)
{
	turns();
	compares();
	explained();
	hashes();
	deductions();
	simulations();
	return unit_done();
}
