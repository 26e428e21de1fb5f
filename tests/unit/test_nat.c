// SPDX-License-Identifier: GPL-2.0-or-later
/* Mappings of static_nat: model, codec and transactions against a module of our own. */
#include <arpa/inet.h>
#include <stdio.h>

#include "tests/unit/nat_table.h"
#include "tests/unit/unit.h"

struct list {
	unsigned n, restarts;
	struct np_nat_mapping mappings[MODULE_MAX];
};
static struct list list;

static int list_one(const struct np_nat_mapping *m, void *arg)
{
	struct list *l = arg;

	l->mappings[l->n++] = *m;
	return 0;
}

static int list_restart(void *arg)
{
	struct list *l = arg;

	l->n = 0;
	l->restarts++;
	return 0;
}

static const struct np_nat_filter all;

static unsigned count(const struct np_nat_filter *want)
{
	struct np_nat_sink sink = { list_one, list_restart, &list };

	list.n = 0;
	unit_int(np_nat_dump(nat, want, &sink, NULL), 0, "the list is read");
	return list.n;
}

/* By members: what stands between them is nobody's. */
static bool same_mapping(const struct np_nat_mapping *a, const struct np_nat_mapping *b)
{
	return a->family == b->family && a->kind == b->kind && a->bits == b->bits &&
		a->nptv6 == b->nptv6 && a->ifindex == b->ifindex && a->id == b->id &&
		!memcmp(a->from, b->from, sizeof(a->from)) &&
		!memcmp(a->to, b->to, sizeof(a->to)) &&
		!memcmp(&a->dst, &b->dst, sizeof(a->dst)) &&
		!memcmp(&a->src, &b->src, sizeof(a->src));
}

/* Each kind of mapping comes back as it was sent. */
static void test_round_trip(void)
{
	struct np_nat_mapping mappings[] = {
		map4(NP_NAT_KIND_DST, A + 1, B + 1),
		map4(NP_NAT_KIND_SRC, B + 2, A + 2),
		{ .family = AF_INET, .kind = NP_NAT_KIND_DST, .bits = 24, .from = { 198, 51, 100 },
		  .to = { 10, 1, 2 } },
		{ .family = AF_INET6, .kind = NP_NAT_KIND_SRC, .bits = 128, .ifindex = 70000,
		  .from = { 0xfd, 1, [15] = 1 }, .to = { 0x20, 1, [15] = 9 } },
		{ .family = AF_INET6, .kind = NP_NAT_KIND_DST, .bits = 48, .nptv6 = true,
		  .from = { 0x20, 1, 0xd, 0xb8 }, .to = { 0xfd, 0, 0, 1 } },
	};
	struct np_err err = NP_ERR_INIT;
	size_t n = sizeof(mappings) / sizeof(mappings[0]);

	start();
	for (size_t i = 0; i < n; i++)
		unit_int(np_nat_add(nat, &mappings[i], &err), 0, "a mapping is added");
	unit_int(count(&all), (long long)n, "all are listed");
	for (size_t i = 0; i < n; i++) {
		struct np_nat_mapping *got = &list.mappings[i], key;

		unit_int(got->id, (long long)i + 1, "with its number");
		unit_ok(got->dst.packets == 10 * (i + 1) && got->dst.bytes == 1000 * (i + 1) &&
			got->src.packets == 20 * (i + 1) && got->src.bytes == 2000 * (i + 1),
			"and its counters");
		key = mappings[i];
		memset(key.to, 0, sizeof(key.to));
		unit_int(np_nat_get(nat, &key, &err), 0, "one is found by what it maps");
		unit_ok(same_mapping(&key, got), "and is the one of the list");
		got->id = 0;
		got->dst = got->src = (struct np_nat_counter){ 0 };
		unit_ok(same_mapping(got, &mappings[i]), "and is what was added");
	}
	for (size_t i = 0; i < n; i++)
		unit_int(np_nat_del(nat, &mappings[i], &err), 0, "a mapping is deleted");
	unit_int(mod.used.n, 0, "none is left");
	stop();
}

static void test_errors(void)
{
	struct np_nat_mapping m = map4(NP_NAT_KIND_DST, A, B), half = map4(NP_NAT_KIND_DST, A, B + 1),
			  reverse = map4(NP_NAT_KIND_SRC, B, A);
	struct np_err err = NP_ERR_INIT;

	start();
	np_nat_add(nat, &m, &err);
	unit_int(np_nat_add(nat, &m, &err), -EEXIST, "a mapping twice");
	unit_str(err.text, "one side of the mapping is mapped already", "is told in words");
	unit_ok(err.refused, "and is the module's refusal");
	unit_int(np_nat_add(nat, &reverse, &err), -EEXIST, "its reverse is the same");
	unit_int(np_nat_del(nat, &half, &err), -ENOENT, "half a mapping is not deleted");
	unit_str(err.text, "there is no such mapping", "and that is told");
	stop();
	start();
	mod.staged.n = 0;
	mock.handle = module_handle;
	unit_int(np_nat_get(nat, &m, &err), -ENOENT, "nothing is found in an empty table");
	stop();
}

static void test_match(void)
{
	const struct np_nat_filter dst = { .set = 1u << NP_NAT_KEY_DST },
		six = { .family = AF_INET6 },
		net = { .has_addr = true, .addr = { .family = AF_INET, .len = 4, .bits = 24,
						    .b = { 10, 0, 0 } } },
		one = { .set = 1u << NP_NAT_KEY_FROM,
			.from = { .family = AF_INET, .len = 4, .bits = 32,
				  .b = { 198, 51, 100, 77 } } },
		dev = { .set = 1u << NP_NAT_KEY_DEV, .ifindex = 3 };
	struct np_nat_mapping mappings[] = {
		map4(NP_NAT_KIND_DST, A + 1, B + 1), map4(NP_NAT_KIND_SRC, B + 2, A + 2),
		{ .family = AF_INET, .kind = NP_NAT_KIND_DST, .bits = 24, .from = { 198, 51, 100 },
		  .to = { 10, 1, 2 }, .ifindex = 3 },
		{ .family = AF_INET6, .kind = NP_NAT_KIND_DST, .bits = 128, .from = { 1 }, .to = { 2 } },
	};

	start();
	for (size_t i = 0; i < 4; i++)
		np_nat_add(nat, &mappings[i], NULL);
	unit_int(count(&dst), 3, "those of a direction");
	unit_int(count(&six), 1, "of a family");
	unit_int(count(&net), 2, "with an address of a network on either side");
	unit_int(count(&one), 1, "whose prefix has an address");
	unit_int(count(&dev), 1, "of an interface");
	unit_int(np_nat_flush(nat, &net, NULL), 0, "those of a network are deleted");
	unit_int(mod.used.n, 2, "and the others stay");
	unit_int(np_nat_flush(nat, &all, NULL), 0, "all are deleted");
	unit_int(mod.used.n, 0, "and none is left");
	stop();
}

/* n mappings from A + first on into a load; tags are 100 and more. */
static int load_some(struct np_nat_load *load, unsigned first, unsigned n, struct np_err *err)
{
	int ret = 0;

	for (unsigned i = 0; !ret && i < n; i++) {
		struct np_nat_mapping m = map4(NP_NAT_KIND_DST, A + first + i, B + first + i);

		ret = np_nat_load_add(load, &m, 100 + i, err);
	}
	return ret;
}

static int add_many(unsigned first, unsigned n, bool replace, uint32_t *failed)
{
	struct np_err err = NP_ERR_INIT;
	struct np_nat_load *load;
	int ret = np_nat_load_begin(&load, nat, replace, &err);

	if (!ret)
		ret = load_some(load, first, n, &err);
	if (!ret)
		ret = np_nat_load_commit(load, &err);
	*failed = np_nat_load_failed(load);
	np_nat_load_free(load);
	return ret;
}

/* Where one message takes them all, nothing of the table is read. */
static void test_load_at_once(void)
{
	uint32_t failed;

	start();
	unit_int(add_many(0, 1000, true, &failed), 0, "a table");
	mock.messages = 0;
	unit_int(add_many(1000, 3000, false, &failed), 0, "to which many are added");
	unit_int(mod.used.n, 4000, "and are there");
	unit_int(mock.messages, 1, "by one message");
	unit_int(add_many(3900, 1000, false, &failed), -EEXIST, "one in many that is there");
	unit_int(failed, 100, "is named");
	unit_int(mod.used.n, 4000, "and nothing is added");
	unit_int(mock.messages, 2, "by one message");
	stop();
}

/* Where it is more than a message takes, by a copy of the table. */
static void test_load(void)
{
	uint32_t failed;
	unsigned before;

	start();
	mock.send_max = 17000;
	unit_int(add_many(0, 5, false, &failed), 0, "a few mappings are added");
	unit_int(mock.messages, 1, "by one message");
	before = mock.messages;
	unit_int(add_many(100, 2000, false, &failed), 0, "many mappings are added");
	unit_int(mod.used.n, 2005, "to those that are there");
	unit_ok(mock.messages - before < 12, "by few messages");
	unit_ok(!mod.begun, "and nothing is left behind");

	unit_int(add_many(3000, 0, false, &failed), 0, "none is fine");
	unit_int(add_many(2095, 10, false, &failed), -EEXIST, "one that is there");
	unit_int(failed, 100, "is named");
	unit_int(mod.used.n, 2005, "and nothing is added");
	unit_int(add_many(2102, 2000, false, &failed), 0, "beside them");
	unit_int(add_many(1500, 1500, false, &failed), -EEXIST, "one in many that is there");
	unit_int(failed, 100, "is named too");
	unit_int(mod.used.n, 4005, "and nothing is added");
	unit_ok(!mod.begun, "and nothing is left behind");

	mod.meddle = 3;
	unit_int(add_many(5000, 900, false, &failed), 0, "another one changes the table: again");
	unit_int(mod.used.n, 4908, "what both did is there");
	mod.meddle = 100;
	unit_int(add_many(6000, 10, true, &failed), 0, "a whole table");
	unit_int(mod.used.n, 10, "takes the place of the other");
	stop();
}

static void test_replace_all(void)
{
	uint32_t failed;
	struct np_err err = NP_ERR_INIT;
	struct np_nat_load *load;
	struct np_nat_mapping twice = map4(NP_NAT_KIND_DST, A + 700, 0x01020304);

	start();
	add_many(0, 3, false, &failed);
	unit_int(add_many(0, 3000, true, &failed), 0, "a big table takes the place");
	unit_int(mod.used.n, 3000, "and is there");
	np_nat_load_begin(&load, nat, true, &err);
	unit_int(load_some(load, 0, 1000, &err), 0, "another one");
	np_nat_load_add(load, &twice, 4711, &err);
	unit_int(np_nat_load_commit(load, &err), -EEXIST, "has a mapping twice");
	unit_int(np_nat_load_failed(load), 4711, "which is named");
	np_nat_load_free(load);
	unit_int(mod.used.n, 3000, "the old one stays");
	unit_ok(!mod.begun, "and the new one is forgotten");
	np_nat_load_begin(&load, nat, true, &err);
	load_some(load, 0, 700, &err);
	np_nat_load_add(load, &twice, 4712, &err);
	unit_int(load_some(load, 800, 1200, &err), 0, "a clash in what is not sent yet");
	np_nat_load_free(load);
	unit_ok(!mod.begun, "without a commit nothing is done");
	unit_int(mod.used.n, 3000, "nor left");
	stop();
}

static void test_replace_one(void)
{
	struct np_nat_mapping m = map4(NP_NAT_KIND_DST, A + 7, B + 99),
			  taken = map4(NP_NAT_KIND_DST, A + 8, B + 1);
	struct np_err err = NP_ERR_INIT;
	uint32_t failed, generation;

	start();
	add_many(0, 20, false, &failed);
	unit_int(np_nat_replace(nat, &m, &err), 0, "a mapping takes the place of one");
	unit_int(count(&all), 20, "no more are there");
	unit_int(np_nat_get(nat, &m, &err), 0, "it is there");
	unit_int(m.to[3], 99, "with its new side");
	generation = mod.generation;
	unit_int(np_nat_replace(nat, &m, &err), 0, "the same once more");
	unit_int(mod.generation, generation, "changes nothing");
	unit_int(np_nat_replace(nat, &taken, &err), -EEXIST, "a side that another one has");
	unit_int(count(&all), 20, "is left to it");
	m = map4(NP_NAT_KIND_DST, A + 50, B + 50);
	unit_int(np_nat_replace(nat, &m, &err), 0, "and a new one is added");
	unit_int(count(&all), 21, "to the others");
	stop();
}

static void test_stats(void)
{
	struct np_nat_stats s;
	struct np_nat_mapping m = map4(NP_NAT_KIND_DST, A, B);

	start();
	np_nat_add(nat, &m, NULL);
	unit_int(np_nat_stats(nat, &s, NULL), 0, "figures");
	unit_ok(s.mappings == 1 && s.max_mappings == MODULE_MAX && s.memory == 1ULL << 40 &&
		s.generation == 1 && !s.staged && s.max_staged == 4, "of the table");
	unit_ok(s.translated == 101 && s.icmp == 102 && s.dropped == 103 && s.unrouted == 104,
		"and of the packets");
	stop();
}

/* ---- events ---- */

static char heard[256];

static int hear(enum np_nat_event ev, const struct np_nat_mapping *m, void *arg)
{
	size_t used = strlen(heard);

	(void)arg;
	snprintf(heard + used, sizeof(heard) - used, "%d:%d ", (int)ev, m ? m->from[3] : -1);
	return 0;
}

static void lost(void *arg)
{
	(void)arg;
	strncat(heard, "lost ", sizeof(heard) - strlen(heard) - 1);
}

static void test_listen(void)
{
	static const struct nlmsghdr from;
	struct module_mapping m = { .kind = STATIC_NAT_KIND_DST, .len = 4, .bits = 32,
				    .from = { 9, 9, 9, 1 }, .to = { 8, 8, 8, 1 } };
	const uint8_t cmds[] = { STATIC_NAT_CMD_NEW, STATIC_NAT_CMD_DEL, STATIC_NAT_CMD_FLUSH,
				 STATIC_NAT_CMD_REPLACED, 200 };
	uint64_t buf[128];

	start();
	heard[0] = '\0';
	for (size_t i = 0; i < sizeof(cmds); i++) {
		struct nlmsghdr *nlh = module_answer(buf, &from, cmds[i]);

		for (m.from[3] = 1; i < 2 && m.from[3] < 3; m.from[3]++)
			module_write(nlh, &m);
		if (i == 2)
			mock_push(&mock, NULL, -ENOBUFS);
		mock_push(&mock, buf, nlh->nlmsg_len);
	}
	unit_int(np_nat_listen(nat, hear, lost, NULL, NULL), -EAGAIN, "listens until it fails");
	unit_str(heard, "0:1 0:2 1:1 1:2 lost 2:-1 3:-1 ", "and hears each mapping");
	stop();
}

int main(void)
{
	test_round_trip();
	test_errors();
	test_match();
	test_load_at_once();
	test_load();
	test_replace_all();
	test_replace_one();
	test_stats();
	test_listen();
	return unit_done();
}
