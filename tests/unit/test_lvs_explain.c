// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsctl explain: words to request, what the kernel shows to an answer, the answer as text. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "lvsctl/explain.h"
#include "unit.h"

static int parse(struct explain_request *r, const char *line, struct np_err *err)
{
	char words[256], *argv[32], *save = NULL;
	int argc = 0;

	snprintf(words, sizeof(words), "%s", line);
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	argv[argc] = NULL;
	return lvs_explain_parse(r, !strcmp(argv[0], "simulate"), argc, argv, 1, err);
}

static void refused(const char *line, const char *want)
{
	struct np_err err = NP_ERR_INIT;
	struct explain_request r;

	unit_int(parse(&r, line, &err), -EINVAL, line);
	unit_ok(strstr(err.text, want) != NULL, "%s: %s", line, err.text);
}

/* Names of ports are of the service's protocol, wherever that stands. */
static void port_names(void)
{
	struct np_err err = NP_ERR_INIT;
	struct explain_request r;

	unit_int(parse(&r, "explain --from 192.0.2.7:tftp -u 10.0.0.1:53", &err), 0,
		"a port of UDP before the service");
	unit_int(r.from.port, 69, "is a number");
	unit_int(parse(&r, "explain -u 10.0.0.1:53 --from 192.0.2.7:tftp", &err), 0, "behind it");
	unit_int(r.from.port, 69, "is the same");
	unit_int(parse(&r, "explain --from 192.0.2.7:amqp --sctp-service 10.0.0.1:53", &err), 0,
		"one of SCTP");
	unit_int(r.from.port, 5672, "is a number");
	unit_int(parse(&r, "explain --from 192.0.2.7:ntp -f 5", &err), 0, "a mark has all protocols");
	unit_int(r.from.port, 123, "one's port is a number");
	unit_int(parse(&r, "explain -f 5 --from 192.0.2.7:amqp", &err), 0, "with another's");
	unit_int(r.from.port, 5672, "too");
	refused("explain --from 192.0.2.7:tftp -t 10.0.0.1:80", "\"tftp\" is not the name of a port");
	refused("explain -f 5 --from 192.0.2.7:x9", "\"x9\" is not the name of a port");
	unit_int(parse(&r, "explain --from 192.0.2.7:x9 -f 5", &err), -EINVAL, "the word to blame");
	unit_int(err.word, 2, "is the address");
}

/* One client is said as many are, but for the length. */
static void prefixes(void)
{
	static const uint8_t short_form[4] = { 10, 0, 0, 1 };
	struct np_err err = NP_ERR_INIT;
	struct explain_request r;

	unit_int(parse(&r, "explain -t 10.0.0.1:80 --from 10.1", &err), 0, "a short client");
	unit_ok(r.from.bits == 32 && !memcmp(r.from.addr, short_form, 4), "is 10.0.0.1");
	unit_int(parse(&r, "explain -t 10.0.0.1:80 --from 10.1/31", &err), 0, "with a length");
	unit_ok(r.from.bits == 31 && !memcmp(r.from.addr, short_form, 4), "it is that, too");
	unit_int(parse(&r, "explain -f 5 --to 10.0.0.1/0", &err), 0, "all there are");
	unit_ok(r.to.af == AF_INET && !r.to.bits, "have no bit in common");
	unit_int(parse(&r, "explain -f 5 -6 --to 2001:db8::1/128", &err), 0, "one of IPv6");
	unit_int(r.to.bits, 128, "has all of them");
	refused("explain -f 5 --from 10/8", "\"10/8\" is no address, with or without port: ADDRESS[:PORT]");
	refused("explain -f 5 --from 1.2.3.4/+24", "\"+24\" is no length: 0 to 32");
	refused("explain -f 5 --from 1.2.3.4/0x18", "\"0x18\" is no length");
	refused("explain -f 5 --from 1.2.3.4/255.255.255.0", "is no length");
	refused("explain -f 5 --from 1.2.3.4/", "\"\" is no length");
	refused("explain -f 5 --from 1.2.3.4/33", "\"33\" is no length");
	refused("explain -f 5 --from 1.2.3.4/24/24", "\"24/24\" is no length");
	refused("explain -f 5 -6 --from 2001:db8::/129", "\"129\" is no length: 0 to 128");
	refused("explain -f 5 --from 1.2.3.4:80/24", "no port with a length");
}

static void words(void)
{
	struct np_err err = NP_ERR_INIT;
	struct explain_request r;

	unit_int(parse(&r, "explain -t 10.0.0.1:80 --from 192.0.2.7:99 -j", &err), 0, "explain");
	unit_ok(r.protocol == IPPROTO_TCP && r.service.port == 80 && r.service.addr[0] == 10 &&
		r.from.port == 99 && r.json && !r.simulate && r.hold == SIZE_MAX, "its request");
	unit_int(parse(&r, "simulate -u [2001:db8::1]:53 77 --hold 0 --from 2001:db8::/120", &err), 0,
		"simulate");
	unit_ok(r.protocol == IPPROTO_UDP && r.service.af == AF_INET6 && r.service.port == 53 &&
		r.simulate == 77 && r.hold == 0 && r.from.bits == 120, "its request");
	unit_int(parse(&r, "simulate -f 7 -6 --to 2001:db8::", &err), 0, "a mark");
	unit_ok(r.fwmark == 7 && r.service.af == AF_INET6 && r.simulate == 1000, "its request");
	unit_int(parse(&r, "explain -t 10.0.0.1:http", &err), 0, "a named port");
	unit_int(r.service.port, 80, "is a number");
	unit_int(parse(&r, "explain -t 10.1:80", &err), 0, "a short address");
	unit_ok(r.service.addr[0] == 10 && r.service.addr[3] == 1, "is that of -A");
	unit_int(parse(&r, "explain -6 -f 010", &err), 0, "a mark that begins with 0");
	unit_ok(r.fwmark == 10 && r.service.af == AF_INET6, "is decimal, as with -A");
	unit_int(parse(&r, "explain -f 0x10", &err), 0, "one behind 0x");
	unit_int(r.fwmark, 16, "is hexadecimal");
	unit_int(parse(&r, "explain -t 10.0.0.1:0100", &err), 0, "a port that begins with 0");
	unit_int(r.service.port, 100, "is decimal");
	refused("explain -f 0x", "no firewall mark");
	refused("explain -t 10.0.0.1:80 -6", "-6 goes with -f");
	refused("explain -6 -t [2001:db8::1]:80", "-6 goes with -f");
	refused("explain -t 10.0.0.1/24", "is no VIP:PORT");
	refused("explain -u 2001:db8::/64", "is no VIP:PORT");
	refused("explain -f 7 --to 10.0.0.1:80", "--to takes no port");
	refused("explain -j", "no service given");
	refused("explain -t 10.0.0.1:80 -u 10.0.0.1:80", "one service at a time");
	refused("explain -t 10.0.0.1:80 --from 2001:db8::1", "different families");
	refused("explain -t 10.0.0.1:80 --to 10.0.0.2", "firewall mark");
	refused("explain -t 10.0.0.1:80 9", "unknown word");
	refused("explain -t 10.0.0.1:x9", "\"x9\" is not the name of a port");
	refused("explain -t 2001:db8::1:x9", "IPv6 is ADDRESS or [ADDRESS]:PORT");
	refused("explain -t 10.0.0.1:80 --from any/8", "no address");
	refused("explain -t [10.0.0.1:80", "no address");
	refused("explain -t :80", "no address");
	refused("explain -f 0", "no firewall mark");
	refused("simulate -t 10.0.0.1:80 0", "no number from 1");
	refused("explain -t 10.0.0.1:80 --from 10.0.0.0/33", "no address");
}

/* An answer's text, without colour. */
static char *told(const char *line, const struct explain_input *in, struct lvs_explanation *x)
{
	struct np_err err = NP_ERR_INIT;
	struct explain_request r;
	struct np_out out = { 0 };
	char *text = NULL;
	size_t len;

	*x = (struct lvs_explanation){ .svc = { .af = AF_INET, .protocol = IPPROTO_TCP,
		.addr = { 10, 0, 0, 1 }, .port = 80 }, .service = "TCP 10.0.0.1:80" };
	if (parse(&r, line, &err) || lvs_explain_build(x, &r, in, &err)) {
		unit_ok(false, "%s: %s", line, err.text);
		return NULL;
	}
	out.fp = open_memstream(&text, &len);
	lvs_explain_text(&out, x);
	fclose(out.fp);
	return text;
}

static void tells(const char *line, const struct explain_input *in, const char *want)
{
	struct lvs_explanation x;
	char *text = told(line, in, &x);

	if (!unit_ok(text && strstr(text, want), "%s: %s", line, want))
		printf("# %s\n", text ? text : "");
	free(text);
	lvs_explain_clean(&x);
}

/* One to be had, one of weight 0, one that is overloaded. */
static const struct np_sched_dest dests3[] = {
	{ .addr = { 192, 168, 0, 3 }, .port = 80, .weight = 2, .active = 3 },
	{ .addr = { 192, 168, 0, 2 }, .port = 80, .weight = 0, .active = 1, .conns = 3 },
	{ .addr = { 192, 168, 0, 1 }, .port = 80, .weight = 1, .active = 1, .u_threshold = 1 },
};

static const struct explain_server servers3[] = {
	{ .text = "192.168.0.3:80" }, { .text = "192.168.0.2:80" }, { .text = "192.168.0.1:80" },
};

static struct explain_input input3(const char *scheduler)
{
	return (struct explain_input){ .scheduler = scheduler, .n = 3, .dests = dests3,
		.servers = servers3, .template = NP_SCHED_NONE };
}

static const char *const plain = "explain -t 10.0.0.1:80";

static void a_table(void)
{
	const struct explain_input in = input3("wlc");
	struct lvs_explanation x;
	char *text = told(plain, &in, &x);

	unit_str(text, "TCP 10.0.0.1:80 wlc: the next connection goes to 192.168.0.3:80\n\n"
		"  real server     weight   active  inactive  (active*256+inactive)/weight\n"
		"> 192.168.0.3:80       2        3         0                        384.00"
		"  the next connection\n"
		"  192.168.0.2:80       0        1         0                             -"
		"  weight 0: no new connections\n"
		"  192.168.0.1:80       1        1         0                           256"
		"  overloaded: 1 of 1 connections\n", "wlc");
	free(text);
	lvs_explain_clean(&x);
}

static void persistence(void)
{
	const char *const client = "explain -t 10.0.0.1:80 --from 10.1.1.1";
	struct explain_input in = input3("wlc");

	in.template = 1;
	in.expires = 9;
	in.persist = 300;
	in.persist_bits = 24;
	tells(client, &in, "persistence: ");
	in.expire_quiescent = true;
	tells(client, &in, "goes to 192.168.0.3:80");
	tells(client, &in,
		"the client's template leads to 192.168.0.2:80, which has weight 0: it is given up");
	in.template = 0;
	tells(client, &in, "persistence: ");
	in.expire_quiescent = false;
	in.template = NP_SCHED_NONE;
	tells("simulate -t 10.0.0.1:80 10", &in, "10 connections of 10 clients, all of which stay open");
}

static void schedulers(void)
{
	const struct explain_input rr = input3("rr"), sh = input3("sh"), ovf = input3("ovf");

	tells(plain, &rr, "the next connection goes to 192.168.0.3:80");
	tells(plain, &sh, "depends on the client (--from)");
	tells("explain -t 10.0.0.1:80 --from 10.0.0.1", &sh, "the hash leads to bucket 39 of 256");
	tells("simulate -t 10.0.0.1:80 8", &sh, "8 connections of 8 clients");
	tells(plain, &ovf, "REFUSED: no real server can be had");
	tells("simulate -t 10.0.0.1:80 4", &ovf, "refused                   4  100.0 %");
}

static void nobody(void)
{
	struct explain_input in = input3("ovf");
	struct lvs_explanation x;
	char *text;

	in.n = 0;
	tells(plain, &in, "REFUSED: there is no real server");
	in.scheduler = "rr";
	in.dests = &dests3[1];
	in.servers = &servers3[1];
	in.n = 1;
	in.persist = 60;
	text = told(plain, &in, &x);
	unit_ok(strstr(text, "REFUSED") && !strstr(text, "note"), "nobody's turn is told: %s", text);
	free(text);
	lvs_explain_clean(&x);
}

static void notes(void)
{
	struct np_sched_dest dests[] = {
		{ .weight = 1, .conns = 5 }, { .weight = 1, .conns = 4, .active = 8, .u_threshold = 10 },
	};
	const struct explain_server servers[] = { { .text = "a" }, { .text = "b" } };
	struct explain_input in = { .scheduler = "rr", .n = 2, .dests = dests, .servers = servers,
		.template = NP_SCHED_NONE };

	tells("explain -t 10.0.0.1:80", &in, "goes to b");
	tells("explain -t 10.0.0.1:80", &in, "b is between its thresholds (8 connections of 10)");
	tells("explain -t 10.0.0.1:80", &in, "the place in the round is deduced");
	dests[0].conns = 9;
	tells("explain -t 10.0.0.1:80", &in, "taken from the start");
	in.scheduler = "lblc";
	tells("explain -t 10.0.0.1:80", &in, "taken as nobody");
	in.scheduler = "dh";
	tells("explain -f 7", &in, "say it with --to");
}

static void json(void)
{
	const struct np_sched_dest dests[] = { { .weight = 1 }, { .weight = 3 } };
	const struct explain_server servers[] = { { .addr = "192.168.0.2", .port = 80 },
		{ .addr = "192.168.0.1", .port = 80 } };
	const struct explain_input in = { .scheduler = "sed", .n = 2, .dests = dests,
		.servers = servers, .template = NP_SCHED_NONE };
	struct lvs_explanation x;
	struct np_json j;
	char *text = NULL;
	size_t len;
	FILE *fp = open_memstream(&text, &len);

	free(told("simulate -t 10.0.0.1:80 4", &in, &x));
	np_json_init(&j, fp, false);
	lvs_explain_json(&j, &x);
	fclose(fp);
	unit_str(text, "{\"service\":{\"family\":\"inet\",\"protocol\":\"tcp\",\"address\":\"10.0.0.1\",\"port\":80,\"scheduler\":\"sed\"},"
		"\"next\":{\"address\":\"192.168.0.1\",\"port\":80},\"by\":\"scheduler\","
		"\"state\":\"known\",\"formula\":\"(active+1)*256/weight\",\"servers\":["
		"{\"address\":\"192.168.0.2\",\"port\":80,\"weight\":1,\"active\":0,\"inactive\":0,"
		"\"figure\":256,\"why\":\"worse\",\"chosen\":1,\"by_weight\":0.25},"
		"{\"address\":\"192.168.0.1\",\"port\":80,\"weight\":3,\"active\":0,\"inactive\":0,"
		"\"figure\":85.3333,\"why\":\"chosen\",\"chosen\":3,\"by_weight\":0.75}],"
		"\"simulation\":{\"count\":4,\"hold\":null,\"clients\":1,\"refused\":0,"
		"\"choices\":[1,1,0,1]},\"notes\":[]}\n", "sed");
	free(text);
	lvs_explain_clean(&x);
}

int main(void)
{
	port_names();
	prefixes();
	words();
	a_table();
	persistence();
	schedulers();
	nobody();
	notes();
	json();
	return unit_done();
}
