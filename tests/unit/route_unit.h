/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ROUTE_UNIT_H
#define ROUTE_UNIT_H

/* What the tests of routes share: a prt without a kernel, words → route → bytes → text. */
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "ip/route_args.h"
#include "ip/route_verbs.h"
#include "lib/route_nl.h"
#include "tests/unit/unit.h"

#define UNIT_WORDS 64

static struct prt unit_prt;

static bool unit_prt_open(void)
{
	static const char *const no_dirs[] = { NULL };
	static const struct np_names_opts opts = { .dirs = no_dirs };
	struct np_names *names = np_names_new(&opts);

	unit_prt = (struct prt){ .show = { .sl = "\n" } };
	unit_prt.show.names = names;
	unit_prt.show.links = np_links_new();
	return names && unit_prt.show.links && !np_links_add(unit_prt.show.links, 7, "eth7") &&
	       !np_links_add(unit_prt.show.links, 8, "eth8");
}

static void unit_prt_close(void)
{
	np_names_free((struct np_names *)(uintptr_t)unit_prt.show.names);
	np_links_free(unit_prt.show.links);
}

/* Splits at blanks. Returns the count. */
static int unit_split(char *line, char **argv)
{
	int n = 0;

	for (char *word = strtok(line, " "); word && n < UNIT_WORDS; word = strtok(NULL, " "))
		argv[n++] = word;
	return n;
}

/* The words of `route add` as a route; 0 or -errno. r must be initialised. */
static int unit_words(const char *words, struct np_route *r, struct np_err *err)
{
	char line[2048], *argv[UNIT_WORDS];
	struct route_req req = { .p = &unit_prt };
	struct np_args a = { .argv = argv };
	int ret;

	snprintf(line, sizeof(line), "%s", words);
	a.argc = unit_split(line, argv);
	np_route_init(&req.route);
	ret = route_parse(&req, NP_ROUTE_ADD, &a, err);
	np_route_clean(r);
	*r = req.route;
	return ret;
}

/* The message of a route in buf. Returns it, or NULL. */
static struct nlmsghdr *unit_encode(const struct np_route *r, void *buf, size_t size)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = RTM_NEWROUTE;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct rtmsg));
	return np_route_encode(r, nlh, size, NULL) ? NULL : nlh;
}

/* What prt shows of a route, without its newline; to be freed. */
static char *unit_show(const struct np_route *r, bool json)
{
	struct route_show rs = { .show = &unit_prt.show, .hz = 100 };
	struct np_json j;
	char *text = NULL;
	size_t len = 0;

	unit_prt.show.fp = open_memstream(&text, &len);
	if (json) {
		np_json_init(&j, unit_prt.show.fp, false);
		unit_prt.show.json = &j;
	}
	route_print(&rs, r);
	unit_prt.show.json = NULL;
	fclose(unit_prt.show.fp);
	if (len && text[len - 1] == '\n')
		text[len - 1] = '\0';
	return text;
}

/* A row of the round trip: what the words become on the wire, and what the wire says back. */
struct unit_row {
	const char *words, *text, *json;
};

static void unit_round_trip(const struct unit_row *row)
{
	static uint64_t first[4096], second[4096];
	struct np_route r, back;
	struct np_err err = NP_ERR_INIT;
	struct nlmsghdr *a, *b;
	char *text;

	np_route_init(&r);
	np_route_init(&back);
	if (!unit_ok(!unit_words(row->words, &r, &err), "%s: parsed %s", row->words, err.text))
		goto out;
	memset(first, 0, sizeof(first));
	memset(second, 0, sizeof(second));
	a = unit_encode(&r, first, sizeof(first));
	unit_ok(a && !np_route_decode(&back, a), "%s: encoded and decoded", row->words);
	b = unit_encode(&back, second, sizeof(second));
	unit_ok(a && b && a->nlmsg_len == b->nlmsg_len && !memcmp(a, b, a->nlmsg_len),
		"%s: the same bytes again", row->words);
	text = unit_show(&back, false);
	unit_str(text, row->text, row->words);
	free(text);
	text = unit_show(&back, true);
	if (row->json)
		unit_str(text, row->json, row->words);
	free(text);
out:
	np_route_clean(&r);
	np_route_clean(&back);
}

/* main() of a test of routes: these rows, and then what it has of its own. */
static int unit_routes(const struct unit_row *rows, size_t n,
		       void (*own)(void))
{
	if (!unit_prt_open())
		return 1;
	for (size_t i = 0; i < n; i++)
		unit_round_trip(&rows[i]);
	own();
	unit_prt_close();
	return unit_done();
}

#endif
