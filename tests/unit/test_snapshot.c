// SPDX-License-Identifier: GPL-2.0-or-later
/* A host by hand, written and read back: nothing is lost; and what is wrong is named. */
#include <linux/if_addr.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "lib/fib_load.h"
#include "lib/route.h"
#include "lib/snapshot.h"
#include "tests/unit/fib_host.h"

static struct np_names *names;

static void load_rule(struct np_explain_host *h, const struct np_rule *r)
{
	np_fib_load_rule(&h->fib, r);
	np_explain_host_add_rule(h, r);
}

#define ON(id) (1u << NP_RULE_##id)

/* Every selector and action once, or nearly. */
static void all_rules(struct np_explain_host *h)
{
	struct np_rule r[] = {
		{ .table = 255 },
		{ .set = ON(FROM) | ON(TO), .from = { .len = 4, .bits = 8, .b = { 10 } },
		  .to = { .len = 4, .bits = 32, .b = { 1, 2, 3, 4 } }, .table = 100 },
		{ .set = ON(FROM), .from = { .bits = 8 }, .table = 7777 },
		{ .set = ON(TOS) | ON(NOT), .tos = 0x10, .flags = FIB_RULE_INVERT, .table = 1 },
		{ .set = ON(FWMARK) | ON(FWMASK), .fwmark = 3, .fwmask = 7, .table = 2 },
		{ .set = ON(FWMARK) | ON(FWMASK), .fwmask = UINT32_MAX, .table = 2 },
		{ .set = ON(IIF) | ON(OIF), .iif = "a", .oif = "gone",
		  .flags = FIB_RULE_OIF_DETACHED, .table = 3 },
		{ .set = ON(L3MDEV) | ON(SUPPRESS_PREFIXLEN) | ON(SUPPRESS_IFGROUP), .l3mdev = 1,
		  .suppress_prefixlen = 0, .suppress_ifgroup = 4 },
		{ .set = ON(UIDRANGE) | ON(IPPROTO) | ON(SPORT) | ON(DPORT), .ipproto = 250,
		  .uid = { 5, 9 }, .sport = { 1, 1 }, .dport = { 10, 20 }, .table = 4 },
		{ .set = ON(TUN_ID) | ON(SUPPRESS_PREFIXLEN) | ON(SUPPRESS_IFGROUP) | ON(REALMS),
		  .tun_id = 1ull << 40, .suppress_prefixlen = 8, .suppress_ifgroup = UINT32_MAX,
		  .realms = 3 << 16 | 4, .table = 5 },
		{ .set = ON(TUN_ID), .tun_id = 1ull << 63, .table = 6 },
		{ .set = ON(GOTO), .action = FR_ACT_GOTO, .goto_priority = 32766 },
		{ .action = FR_ACT_GOTO, .flags = FIB_RULE_UNRESOLVED },
		{ .action = FR_ACT_NOP },
		{ .action = FR_ACT_BLACKHOLE, .set = ON(PROTOCOL), .protocol = RTPROT_STATIC },
		{ .action = FR_ACT_PROHIBIT },
		{ .action = FR_ACT_UNREACHABLE },
	};

	for (size_t i = 0; i < sizeof(r) / sizeof(r[0]); i++) {
		r[i].family = AF_INET;
		r[i].action = r[i].action ? r[i].action : FR_ACT_TO_TBL;
		r[i].priority = (uint32_t)i * 10;
		r[i].set |= ON(PRIORITY) | ON(ACTION) | (r[i].table ? ON(TABLE) : 0);
		load_rule(h, &r[i]);
	}
	h->fib.rules[1].set |= NP_FRULE_DSCP | NP_FRULE_FLOWLABEL;
	h->fib.rules[1].dscp = 10;
	h->fib.rules[1].dscp_mask = 0x3f;
	h->fib.rules[1].flowlabel = 0xabcde;
	h->fib.rules[1].flowlabel_mask = 0xfffff;
	h->fib.rules[1].sport_mask = 0xff00;
}

static void odd_routes(void)
{
	struct np_fib_nh nhs[2] = {
		{ .ifindex = A, .gateway_family = AF_INET, .gateway = { 10, 0, 0, 9 }, .hops = 255 },
		{ .ifindex = 77, .flags = RTNH_F_DEAD | RTNH_F_ONLINK },
	};
	struct np_fib_route r = { .table = 100000, .type = RTN_UNICAST, .dst = { 50 }, .dst_bits = 8,
				  .n_nh = 2, .priority = 5, .nhid = 9, .tos = 0x10,
				  .protocol = 250, .scope = 7 };
	struct np_fib_nh via6 = { .ifindex = B, .gateway_family = AF_INET6, .gateway = { 0xfe, 0x80 } };

	np_fib_add_route(&fib, &r, nhs);
	r = (struct np_fib_route){ .table = 254, .type = RTN_UNICAST, .dst = { 51 }, .dst_bits = 32,
				   .n_nh = 1, .flags = RTNH_F_LINKDOWN, .has_prefsrc = true,
				   .prefsrc = { 1, 2, 3, 4 }, .src_bits = 8, .src = { 9 } };
	via6.flags = RTNH_F_LINKDOWN;
	np_fib_add_route(&fib, &r, &via6);
	r.n_nh = 0;
	r.type = RTN_THROW;
	r.pref = 3;
	np_fib_add_route(&fib, &r, nhs);
	r.n_nh = 1;
	np_fib_add_route(&fib, &r, &(struct np_fib_nh){ .hops = 0 });
}

static void make(struct np_snapshot *s)
{
	struct np_fib_group g = { .family = AF_INET, .ifindex = A, .b = { 224, 0, 0, 1 } };
	struct np_fib *six = &s->hosts[1].fib;

	host();
	at(A)->master = VRF;
	at(A)->flags |= 1u << 30;
	at(B)->in4 = false;
	at(B)->forwarding6 = 1;
	dev(VRF, "vrf-\xc3\xa4", IFF_MASTER);
	at(VRF)->vrf_table = 10;
	at(VRF)->group = 17;
	at(VRF)->in6 = at(VRF)->ignore_linkdown6 = at(VRF)->force_forwarding6 = true;
	own(VRF, "10.9.9.9");
	fib.addrs[0].flags = IFA_F_TENTATIVE | 1u << 20;
	odd_routes();
	np_fib_add_group(&fib, &g);
	fib.all[NP_FIB_RP_FILTER] = 2;
	fib.all_forwarding6 = 1;
	*s = (struct np_snapshot){ .host = "h \"1\"", .kernel = "6.1", .time = "now" };
	np_fib_init(six, AF_INET6);
	for (size_t i = 0; i < fib.n_devs; i++)
		np_fib_add_dev(six, &fib.devs[i]);
	s->hosts[0].names = s->hosts[1].names = names;
	s->hosts[0].fib = fib;
	all_rules(&s->hosts[0]);
	np_fib_init(&fib, AF_INET);
	np_fib_seal(&s->hosts[0].fib);
	s->hosts[0].fib.custom_local = true;
	s->hosts[1].fib.vrf_selectors = false;
}

static void write_it(const struct np_snapshot *s, bool pretty, char **text)
{
	size_t len;
	FILE *fp = open_memstream(text, &len);

	np_snapshot_write(s, fp, pretty);
	fclose(fp);
}

#define SAME(member, n)                                                                      \
	unit_ok(a->n == b->n &&                                                              \
		(!a->n || !memcmp(a->member, b->member, a->n * sizeof(*a->member))),         \
		"round trip: %s", #member)

static void same(const struct np_explain_host *x, const struct np_explain_host *y)
{
	const struct np_fib *a = &x->fib, *b = &y->fib;
	bool words = x->n_rules == y->n_rules;

	SAME(rules, n_rules);
	SAME(routes, n_routes);
	SAME(nhs, n_nhs);
	SAME(addrs, n_addrs);
	unit_ok(a->n_groups == b->n_groups &&
		(!a->n_groups || (a->groups[0].ifindex == b->groups[0].ifindex &&
				  !memcmp(a->groups[0].b, b->groups[0].b, 16))),
		"round trip: groups");
	unit_int((long long)b->n_devs, (long long)a->n_devs, "round trip: links");
	for (size_t i = 0; i < a->n_devs && i < b->n_devs; i++) {
		struct np_fib_dev l = a->devs[i];

		/* what no address says is not kept */
		l.has_addr4 = b->devs[i].has_addr4;
		unit_ok(!memcmp(&l, &b->devs[i], sizeof(l)), "round trip: link %s", l.name);
	}
	unit_ok(!memcmp(a->all, b->all, sizeof(a->all)), "round trip: sysctls of all");
	unit_ok(a->custom_rules == b->custom_rules && a->custom_local == b->custom_local &&
		a->vrf_selectors == b->vrf_selectors, "round trip: guesses");
	for (size_t i = 0; words && i < x->n_rules; i++) {
		unit_str(y->rules[i].selector, x->rules[i].selector, "round trip: a selector");
		unit_str(y->rules[i].action, x->rules[i].action, "round trip: an action");
	}
}

static void test_round_trip(void)
{
	for (int pretty = 0; pretty < 2; pretty++) {
		struct np_snapshot s, back;
		struct np_err err = NP_ERR_INIT;
		char *text, *again;

		make(&s);
		s.hosts[1].fib.all_forwarding6 = s.hosts[0].fib.all_forwarding6;
		memcpy(s.hosts[1].fib.all, s.hosts[0].fib.all, sizeof(s.hosts[0].fib.all));
		write_it(&s, pretty, &text);
		unit_int(np_snapshot_parse(&back, text, strlen(text), false, &err), 0, err.text);
		same(&s.hosts[0], &back.hosts[0]);
		same(&s.hosts[1], &back.hosts[1]);
		unit_str(back.host, "h \"1\"", "round trip: the host's name");
		write_it(&back, pretty, &again);
		unit_str(again, text, "what was read is written as it was");
		free(text);
		free(again);
		np_snapshot_clean(&s);
		np_snapshot_clean(&back);
	}
}

/* Words that two tables have, or that look like a number, or like another's word. */
static void test_words(void)
{
	static const char *const nowhere[] = { NULL };
	const struct np_names_opts opts = { .dirs = nowhere };
	static const uint32_t tables[] = { 100, 200, 201, 202, 203, 254, 300 };
	struct np_names *odd = np_names_new(&opts);
	struct np_snapshot s = { 0 }, back;
	struct np_err err = NP_ERR_INIT;
	struct np_fib *f = &s.hosts[0].fib;
	char *text;

	np_names_add(odd, NP_NAMES_TABLE, 100, "foo");
	np_names_add(odd, NP_NAMES_TABLE, 200, "foo");
	np_names_add(odd, NP_NAMES_TABLE, 201, "202");
	np_names_add(odd, NP_NAMES_TABLE, 203, "main");
	np_names_add(odd, NP_NAMES_TABLE, 300, "bar");
	np_names_add(odd, NP_NAMES_DSFIELD, 0xb8, "EF");
	np_fib_init(f, AF_INET);
	np_fib_init(&s.hosts[1].fib, AF_INET6);
	s.hosts[0].names = s.hosts[1].names = odd;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct np_rule r = { .family = AF_INET, .action = FR_ACT_TO_TBL,
				     .table = tables[i], .set = ON(TABLE) | ON(ACTION) | ON(TOS),
				     .tos = 0xb8 };

		route(tables[i], "10.0.0.0", 8, RTN_UNICAST, 0, NULL);
		np_fib_add_route(f, &fib.routes[fib.n_routes - 1], NULL);
		load_rule(&s.hosts[0], &r);
	}
	np_fib_seal(f);
	write_it(&s, false, &text);
	unit_int(np_snapshot_parse(&back, text, strlen(text), false, &err), 0, "odd words are read");
	unit_str(err.text, "", "… without an error");
	for (size_t i = 0; i < back.hosts[0].fib.n_routes; i++)
		unit_int(back.hosts[0].fib.routes[i].table, tables[i], "odd words: a route's table");
	for (size_t i = 0; i < back.hosts[0].fib.n_rules; i++)
		unit_int(back.hosts[0].fib.rules[i].table, tables[i], "odd words: a rule's table");
	unit_ok(strstr(text, "\"EF\":184") && strstr(text, "\"tos\":\"EF\""),
		"a word that is a number of another kind is kept");
	unit_ok(strstr(text, "\"foo\":100") && strstr(text, "\"bar\":300"),
		"… and those that are clear");
	free(text);
	np_snapshot_clean(&s);
	np_snapshot_clean(&back);
	np_names_free(odd);
}

/* A number that stands for a protocol, as JSON has it or behind "ipproto-", or a name. */
static void test_ipproto(void)
{
	static const struct {
		const char *text;
		int proto;
	} rows[] = {
		{ "\"tcp\"", 6 }, { "\"17\"", 17 }, { "132", 132 }, { "\"ipproto-94\"", 94 },
		{ "\"icmpv6\"", 58 }, { "256", -1 }, { "\"nosuch\"", -1 }, { "null", -1 },
	};
	struct np_snapshot s, back;
	char *text, *part, *doc = NULL;

	make(&s);
	write_it(&s, false, &text);
	part = strstr(text, "\"ipproto-250\"");
	for (size_t i = 0; part && i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct np_err err = NP_ERR_INIT;
		int ret;

		if (asprintf(&doc, "%.*s%s%s", (int)(part - text), text, rows[i].text,
			     part + strlen("\"ipproto-250\"")) < 0)
			abort();
		ret = np_snapshot_parse(&back, doc, strlen(doc), false, &err);
		unit_ok(rows[i].proto < 0 ? ret == -EINVAL :
			!ret && back.hosts[0].rules[8].rule.ipproto == rows[i].proto,
			"ipproto: %s", rows[i].text);
		np_snapshot_clean(&back);
		free(doc);
	}
	free(text);
	np_snapshot_clean(&s);
}

/* As many nexthops as one message of 32 kB carries. */
static void test_hops(void)
{
	enum { N = 2000 };
	struct np_snapshot s = { 0 }, back;
	struct np_err err = NP_ERR_INIT;
	struct np_fib *f = &s.hosts[0].fib;
	struct np_route r;
	char *text;

	np_route_init(&r);
	r.family = AF_INET;
	r.set = NP_RT_MULTIPATH;
	r.type = RTN_UNICAST;
	for (unsigned i = 0; i < N; i++) {
		struct np_nh *nh = np_route_add_nh(&r);

		nh->set = NP_NH_DEV;
		nh->ifindex = (int)i + 1;
		nh->hops = (uint8_t)i;
	}
	np_fib_init(f, AF_INET);
	np_fib_init(&s.hosts[1].fib, AF_INET6);
	s.hosts[0].names = s.hosts[1].names = names;
	unit_int(np_fib_load_route(f, &r), 0, "a route of 2000 nexthops");
	unit_int((long long)f->n_nhs, N, "… has them all");
	np_fib_seal(f);
	write_it(&s, false, &text);
	unit_int(np_snapshot_parse(&back, text, strlen(text), false, &err), 0, err.text);
	unit_ok(back.hosts[0].fib.n_nhs == N &&
		!memcmp(back.hosts[0].fib.nhs, f->nhs, N * sizeof(*f->nhs)),
		"… in a snapshot, too");
	free(text);
	np_route_clean(&r);
	np_snapshot_clean(&s);
	np_snapshot_clean(&back);
}

static size_t object_len(const char *text)
{
	size_t at = 0;
	int depth = 0;

	do
		depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
	while (text[at++] && depth);
	return at;
}

/* The document with one piece of it replaced; object: with the object that follows it. */
static void refused_at(const char *from, bool object, const char *to, const char *want)
{
	struct np_snapshot s, back;
	struct np_err err = NP_ERR_INIT;
	char *text, *part, *rest, *bad = NULL;

	make(&s);
	write_it(&s, false, &text);
	part = strstr(text, from);
	if (!unit_ok(part, "the document has %s", from))
		return;
	rest = part + strlen(from);
	if (asprintf(&bad, "%.*s%s%s%s", (int)(part - text), text, object ? from : "", to,
		     rest + (object ? object_len(rest) : 0)) < 0)
		abort();
	unit_int(np_snapshot_parse(&back, bad, strlen(bad), false, &err), -EINVAL, want);
	unit_str(err.text, want, want);
	free(text);
	free(bad);
	np_snapshot_clean(&s);
	np_snapshot_clean(&back);
}

static void refused(const char *from, const char *to, const char *want)
{
	refused_at(from, false, to, want);
}

static void test_no_object(void)
{
	refused_at("\"sysctls\":", true, "5", "\"sysctls\": expected an object, not 5");
	refused_at("\"guesses\":", true, "5", "\"guesses\": expected an object, not 5");
	refused_at("\"inet6\":", true, "[]", "\"inet6\": expected an object, not […]");
	refused_at("\"send_redirects\":0,\"ignore_routes_with_linkdown\":0},\"ipv6\":", true, "null",
		   "links[0]: \"ipv6\": expected an object, not null");
	refused_at("\"via\":", true, "1", "routes[9]: \"via\": expected an object, not 1");
}

static void test_missing(void)
{
	static const char text[] = "{\"netpath_snapshot\":1}";
	struct np_err err = NP_ERR_INIT;
	struct np_snapshot back;

	unit_int(np_snapshot_parse(&back, text, strlen(text), false, &err), -EINVAL, "the head alone");
	unit_str(err.text, "\"host\" is missing", "names the first that is missing");
	np_snapshot_clean(&back);
}

static void test_refused(void)
{
	refused("\"netpath_snapshot\":1", "\"x\":1", "this is no snapshot: a JSON object with the "
		"member \"netpath_snapshot\" is expected");
	refused("\"netpath_snapshot\":1", "\"netpath_snapshot\":2",
		"a snapshot of version 2, and only 1 is known here");
	refused("\"priority\":30,", "\"priority\":\"x\",", "rules[3]: \"priority\": expected "
		"a number from 0 to 4294967295, not \"x\"");
	refused("\"priority\":30,", "", "rules[3]: \"priority\" is missing: expected a number "
		"from 0 to 4294967295");
	refused("\"priority\":30,", "\"priority\":30,\"colour\":1,",
		"rules[3]: \"colour\" is not known here");
	refused("\"action\":\"blackhole\"", "\"action\":\"hole\"", "rules[14]: \"action\": "
		"expected a type of route (\"unicast\", \"blackhole\" …), not \"hole\"");
	refused("\"dst\":\"10.0.0.0/24\"", "\"dst\":\"10.0.0.0/33\"", "routes[4]: \"dst\": "
		"expected a prefix of the family, or \"default\", not \"10.0.0.0/33\"");
	refused("\"weight\":256", "\"weight\":0", "routes[8].nexthops[0]: \"weight\": expected "
		"a number from 1 to 256, not 0");
	refused("\"tun_id\":\"9223372036854775808\"", "\"tun_id\":\"-1\"", "rules[10]: "
		"\"tun_id\": expected a number of 64 bits, or a string of one, not \"-1\"");
	refused("\"master\":\"vrf-\xc3\xa4\"", "\"master\":\"if9\"", "links[1]: \"master\": "
		"expected the name of one of \"links\", or an index, not \"if9\"");
	refused("\"ifindex\":2", "\"ifindex\":1", "links[1]: \"ifindex\": expected an index that "
		"no other link has, not 1");
	refused("\"multicast\":[", "\"multicast\":7,\"m\":[", "\"m\" is not known here");
	refused("\"local\":\"10.0.0.1\"", "\"local\":\"::1\"", "addresses[0]: \"local\": expected "
		"an address of the family, not \"::1\"");
	refused("\"rp_filter\":2", "\"rp_filter\":null", "\"rp_filter\": expected a number of "
		"32 bits, not null");
}

/* Routes are read one by one: what is wrong with their JSON must be seen all the same. */
static void test_cut(void)
{
	struct np_snapshot s;
	struct np_err err = NP_ERR_INIT;
	char *text;

	make(&s);
	write_it(&s, false, &text);
	np_snapshot_clean(&s);
	for (char *p = strstr(text, "\"routes\""); *p; p++) {
		char keep = *p;

		if (!strchr("[]{},:\"", keep))
			continue;
		*p = ';';
		if (!np_snapshot_parse(&s, text, strlen(text), false, &err))
			unit_ok(!strncmp(p + 1, "local", 5), "';' for %s", p);
		np_snapshot_clean(&s);
		*p = keep;
	}
	free(text);
	refused("{\"family\":\"inet\",\"type\":\"local\"", ",{\"family\":\"inet\",\"type\":"
		"\"local\"", "line 56, column 0: '[' or '{' expected near end of file");
	refused("\"routes\":[", "\"routes\":[],\"routes\":[", "line 55, column 20: "
		"duplicate object key near '\"routes\"'");
}

static void test_garbage(void)
{
	struct np_snapshot s;
	struct np_err err = NP_ERR_INIT;

	unit_int(np_snapshot_parse(&s, "", 0, false, &err), -EINVAL, "an empty file");
	np_snapshot_clean(&s);
	unit_int(np_snapshot_parse(&s, "{\n\"a\":}", 7, false, &err), -EINVAL, "no JSON");
	unit_ok(!strncmp(err.text, "line 2, column ", 15), "… is told where: %s", err.text);
	np_snapshot_clean(&s);
	unit_int(np_snapshot_read(&s, "/nonexistent/x", false, &err), -ENOENT, "no file");
	unit_str(err.text, "cannot open /nonexistent/x: No such file or directory",
		 "no file: … is said");
	np_snapshot_clean(&s);
}

int main(void)
{
	static const char *const nowhere[] = { NULL };
	const struct np_names_opts opts = { .dirs = nowhere };

	names = np_names_new(&opts);
	np_names_add(names, NP_NAMES_TABLE, 7777, "blue");
	np_names_add(names, NP_NAMES_GROUP, 17, "uplinks");
	test_round_trip();
	test_hops();
	test_ipproto();
	test_words();
	test_missing();
	test_refused();
	test_no_object();
	test_cut();
	test_garbage();
	np_fib_clean(&fib);
	np_fib_decision_clean(&d);
	np_names_free(names);
	return unit_done();
}
