// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsctl apply: files to tables, two tables to changes, changes to commands. */
#include <errno.h>
#include <stdlib.h>

#include "lib/json_write.h"
#include "lvsctl/list.h"
#include "lvsctl/plan_read.h"
#include "unit.h"

static int read_text(struct lvs_table *t, const char *text, struct np_err *err)
{
	FILE *fp = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	int ret = fp ? lvs_plan_read(t, fp, "file", err) : -EIO;

	if (fp)
		fclose(fp);
	return ret;
}

/* The commands of a plan, a line each. */
static char *plan_text(const struct lvs_plan *plan)
{
	char *text = NULL, *command;
	size_t size;
	FILE *fp = open_memstream(&text, &size);

	for (size_t i = 0; i < plan->n; i++) {
		command = lvs_change_command(&plan->changes[i]);
		fprintf(fp, "%s\n", command);
		free(command);
	}
	fclose(fp);
	return text;
}

static void differ(const char *have, const char *want, const char *changes, const char *name)
{
	struct lvs_table a = { 0 }, b = { 0 };
	struct np_err err = NP_ERR_INIT;
	struct lvs_plan plan = { 0 };
	char *text;

	if (read_text(&a, have, &err) || read_text(&b, want, &err) ||
		lvs_plan_make(&plan, &a, &b, &err))
		unit_ok(false, "%s: %s", name, err.text);
	text = plan_text(&plan);
	unit_str(text, changes, name);
	free(text);
	lvs_plan_clean(&plan);
	lvs_table_clean(&a);
	lvs_table_clean(&b);
}

/* What a file says comes out again when it is applied to nothing. */
static void same(const char *text, const char *name)
{
	differ("#\n", text, text, name);
	differ(text, text, "", name);
}

static void languages(void)
{
	same("-A -t 10.0.0.1:80 -s wlc\n-a -t 10.0.0.1:80 -r 192.168.0.1:80 -m -w 1\n", "TCP");
	same("-A -u [2001:db8::1]:53 -s rr -o\n-a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -g -w 0\n",
		"UDP over IPv6");
	same("-A --sctp-service 10.0.0.1:9 -s sh -b sh-fallback,sh-port\n", "SCTP, sh's flags");
	same("-A -f 7 -s mh -b mh-port\n-A -f 7 -6 -s lc -b flag-1,flag-3\n", "marks of both families");
	same("-A -t 10.0.0.1:80 -s rr -p 360 -M 255.255.255.0\n-A -f 1 -6 -s rr -p 300 -M 64\n",
		"persistence");
	same("-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.1.0.1:80 -i -w 5 -x 9 -y 3 "
		"--tun-type gue --tun-port 6080 --tun-csum\n", "a tunnel with thresholds");
	same("-A -t 10.0.0.1:80 -s rr\n-a -t 10.0.0.1:80 -r 10.1.0.1:8080 --fullnat -w 1\n"
		"-a -t 10.0.0.1:80 -r 10.1.0.2:80 --fullnat=10.1.0.9 -w 2\n", "FULLNAT");
	same("-A -f 7 -6 -s rr\n-a -f 7 -6 -r [2001:db8::2]:0 --fullnat=2001:db8::9 -w 1\n",
		"FULLNAT over IPv6");
	differ("", "\n # a comment\n-A -t 10.0.0.1:http\n--add-server --tcp-service 10.0.0.1:80 "
		"--real-server 10.1.0.1:8080 --weight=3\n",
		"-A -t 10.0.0.1:80 -s wlc\n-a -t 10.0.0.1:80 -r 10.1.0.1:80 -g -w 3\n",
		"long options, defaults, and no other port for DR");
}

static void refused(const char *text, const char *want)
{
	struct np_err err = NP_ERR_INIT;
	struct lvs_table t;

	unit_ok(read_text(&t, text, &err) < 0, "refused: %s", err.text);
	unit_ok(strstr(err.text, want) != NULL, "%s", want);
	lvs_table_clean(&t);
}

/* What -R takes in a line, and what -S prints of a mark above 2^31. */
static void as_restored(void)
{
	differ("", "ipvsadm -At 10.0.0.1:80 -p\n\t ipvsadm -at10.0.0.1:80 -r10.1.0.1 -mw5\r\n",
		"-A -t 10.0.0.1:80 -s wlc -p 360\n-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 5\n",
		"bundles of letters, the program's name, the persistence that ipvsadm has");
	differ("", "-A -f -2 -s rr\n-a -f -2 -r 10.1.0.1 -m\n",
		"-A -f 4294967294 -s rr\n-a -f 4294967294 -r 10.1.0.1:0 -m -w 1\n", "a saved mark");
	differ("", "-A -t 10.0.0:80 -s seventeen_letters\n",
		"-A -t 10.0.0.0:80 -s seventeen_lette\n", "what is short, what is cut");
}

/* What a table is as JSON is the same table as lines, and as JSON again. */
static void json_same(const char *lines)
{
	struct np_lvs_info info = { 0x10201, 4096 };
	struct np_err err = NP_ERR_INIT;
	struct lvs_table a, b;
	struct lvs_plan plan = { 0 };
	struct np_json j;
	size_t size;
	char *text = NULL;
	FILE *fp = open_memstream(&text, &size);

	unit_ok(!read_text(&a, lines, &err), "a table: %s", err.text);
	np_json_init(&j, fp, true);
	lvs_json_table(&j, &info, &a);
	fclose(fp);
	unit_ok(!read_text(&b, text, &err), "as JSON: %s", err.text);
	unit_ok(!lvs_plan_make(&plan, &a, &b, &err) && !plan.n && a.n == b.n, "is the same");
	free(text);
	lvs_plan_clean(&plan);
	lvs_table_clean(&a);
	lvs_table_clean(&b);
}

#define JSON(services) "\n{\"services\":[" services "]}"
#define TCP_80 "\"protocol\":\"tcp\",\"address\":\"10.0.0.1\",\"port\":80"
#define JSON_RS(rest) JSON("{" TCP_80 ",\"servers\":[{\"address\":\"10.1.0.1\"" rest "}]}")

static void json(void)
{
	json_same("-A -t 10.0.0.1:80 -s rr -p 300 -M 255.255.0.0 --pe sip\n"
		"-a -t 10.0.0.1:80 -r 10.1.0.1:8080 -m -w 0 -x 9 -y 3\n"
		"-a -t 10.0.0.1:80 -r 10.1.0.2:80 --fullnat -w 1\n"
		"-a -t 10.0.0.1:80 -r 10.1.0.3:80 --fullnat=10.1.0.9 -w 1\n"
		"-a -t 10.0.0.1:80 -r [2001:db8::2]:80 -i -w 7 --tun-type gue --tun-port 6080 "
		"--tun-remcsum\n");
	json_same("-A -u [2001:db8::1]:53 -s sh -b sh-port,sh-fallback -o\n"
		"-a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -g\n"
		"-a -u [2001:db8::1]:53 -r [2001:db8::3]:53 -i --tun-type gre --tun-csum\n"
		"-a -u [2001:db8::1]:53 -r [2001:db8::4]:53 -i\n");
	json_same("-A -f 4294967295 -s wlc -b flag-1,flag-3\n-A -f 7 -6 -s mh -p 60 -M 64\n"
		"-a -f 7 -6 -r [2001:db8::2]:0 -m\n-A --sctp-service 10.0.0.1:9\n");
	differ("", JSON_RS(""), "-A -t 10.0.0.1:80 -s wlc\n"
		"-a -t 10.0.0.1:80 -r 10.1.0.1:80 -g -w 1\n", "by hand, with the defaults");
	refused("{", "file:1: ");
	refused("{}", "no array \"services\"");
	refused(JSON("{}"), "file: services[0]: neither a protocol nor a fwmark");
	refused(JSON("{" TCP_80 ",\"shceduler\":\"rr\"}"), "there is no \"shceduler\"");
	refused(JSON("{" TCP_80 ",\"scheduler\":1}"), "services[0]: scheduler: not a string");
	refused(JSON("{" TCP_80 ",\"scheduler\":\"a b\"}"), "scheduler: \"a b\" is no name");
	refused(JSON("{" TCP_80 ",\"pe\":\"ipvsadm\"}"), "pe: \"ipvsadm\" is no name");
	refused(JSON("{" TCP_80 ",\"ops\":true}"), "services[0]: --ops is for UDP");
	refused(JSON("{" TCP_80 "},{" TCP_80 "}"), "file: a service is there twice: -t");
	refused(JSON("{\"protocol\":\"dccp\",\"address\":\"::\",\"port\":1}"),
		"unknown option --dccp-service");
	refused(JSON_RS(",\"weight\":2147483648"), "services[0]: servers[0]: \"2147483648\" will not do");
	refused(JSON_RS(",\"weight\":\"1\""), "servers[0]: weight: not a number");
	refused(JSON_RS(",\"forward\":\"bypass\""), "servers[0]: forward: \"bypass\" is none");
	refused(JSON_RS(",\"forward\":\"masq\",\"source\":\"10.1.0.9\""), "source: only");
	refused(JSON_RS(",\"tunnel\":{\"type\":\"gue\"}"), "go with -i");
	refused(JSON_RS("},{\"weight\":1"), "servers[1]: no address and port");
}

static void errors(void)
{
	refused("#\n\n-A -t 10.0.0.1:80 -s wlc\n-a -t 10.0.0.1:81 -r 10.1.0.1 -g\n",
		"file:4: no line before this one adds the service TCP 10.0.0.1:81");
	/* it could not be printed so that it is read again */
	refused("-A -t 10.0.0.1:80 -sipvsadm\n", "file:1: \"ipvsadm\" will not do");
	refused("-A -t 10.0.0.1:80 --pe=ipvsadm\n", "file:1: \"ipvsadm\" will not do");
	refused("-A -t 10.0.0.1:80 -s\n", "file:1: ");
	refused("-A -t 10.0.0.1:80 x\n", "file:1: unexpected word \"x\"");
	refused("-A -t 80\n", "file:1: \"80\" will not do");
	refused("-A\n", "--add-service needs a service");
	refused("-t 10.0.0.1:80\n", "a command must come first");
	refused("-A -a -t 10.0.0.1:80\n", "the command is --add-service already");
	refused("-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80\n", "file:2: --add-server needs a real server");
	refused("-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 -r 1.1.1.1 -w 9x\n", "\"9x\" will not do");
	refused("-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 -r 1.1.1.1 -w 2147483648\n", "0 to 2147483647");
	refused("-A -t 10.0.0.1:80\n-C\n", "file:2: --clear is no part of a table");
	refused("-A -t 10.0.0.1:0\n", "must be persistent");
	refused("-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 -r 1.1.1.1 --fullnat=x\n",
		"\"x\" is no address for --fullnat");
	refused("-A -t 10.0.0.1:80 -b sh-prot\n", "no scheduler flag \"sh-prot\"");
	refused("-A -t 10.0.0.1:80 -f 7\n", "it was said already");
	refused("-A -t [::1]:80 -p -M 129\n", "\"129\" will not do for --netmask");
	refused("-A -f 1\n-a -f 1 -r 1.1.1.1 -m --tun-type gre\n", "go with -i");
	refused("-A -t 10.0.0.1:80\n-A -t 10.0.0.1:80 -s rr\n",
		"file: a service is there twice (lines 1 and 2): -t 10.0.0.1:80");
	refused("-A -f 1\n-a -f 1 -r 1.1.1.1\n-a -f 1 -r 1.1.1.2\n-a -f 1 -r 1.1.1.1 -m\n",
		"a real server is there twice (lines 2 and 4): -f 1 -r 1.1.1.1:0");
	refused("\n# two\n-A -f 1\n-a -f 1 -r 1.1.1.1\n-A -f 2\n-a -f 2 -r 1.1.1.1\n\n"
		"-a -f 1 -r 1.1.1.1\n", "a real server is there twice (lines 4 and 8): -f 1");
}

#define SVC "-A -t 10.0.0.1:80 -s wlc\n"
#define RS(n, w) "-a -t 10.0.0.1:80 -r 192.168.0." n ":80 -m -w " w "\n"

static void changes(void)
{
	differ(SVC RS("1", "1"), SVC "-a -t 10.0.0.1:80 -r 192.168.0.1:80 --fullnat=192.168.0.9\n",
		"-e -t 10.0.0.1:80 -r 192.168.0.1:80 --fullnat=192.168.0.9 -w 1\n",
		"NAT becomes FULLNAT");
	differ(SVC "-a -t 10.0.0.1:80 -r 192.168.0.1:80 --fullnat=192.168.0.9\n",
		SVC "-a -t 10.0.0.1:80 -r 192.168.0.1:80 --fullnat\n",
		"-e -t 10.0.0.1:80 -r 192.168.0.1:80 --fullnat -w 1\n", "another source");
	differ(SVC RS("1", "1"), SVC RS("1", "2"), "-e -t 10.0.0.1:80 -r 192.168.0.1:80 -m -w 2\n",
		"one weight is one change");
	differ(SVC RS("1", "1") RS("2", "1"), SVC RS("2", "1") RS("1", "1"), "",
		"the order does not count");
	differ(SVC RS("1", "1"), SVC RS("2", "1"), "-a -t 10.0.0.1:80 -r 192.168.0.2:80 -m -w 1\n"
		"-d -t 10.0.0.1:80 -r 192.168.0.1:80\n", "a new one comes before an old one goes");
	differ(SVC RS("1", "1") RS("2", "0"), SVC RS("1", "0") RS("2", "1"),
		"-e -t 10.0.0.1:80 -r 192.168.0.2:80 -m -w 1\n"
		"-e -t 10.0.0.1:80 -r 192.168.0.1:80 -m -w 0\n", "weights rise before others fall");
	differ("-A -f 9\n" SVC RS("1", "1"), "-A -t 10.0.0.1:80 -s rr -p 300\n" RS("1", "1") "-A -f 8\n",
		"-E -t 10.0.0.1:80 -s rr -p 300\n-A -f 8 -s wlc\n-D -f 9\n",
		"services: edited, added, deleted last");
}

/* The kernel, as a table. Returns false where it would refuse. */
static bool obey(struct lvs_table *t, const struct lvs_change *c)
{
	struct lvs_svc *s = NULL;
	struct np_lvs_dest *d = NULL;
	const struct np_lvs_dest *key = c->dest ? c->dest : c->dest_was;

	for (size_t i = 0; i < t->n; i++)
		if (!lvs_svc_key(&t->svcs[i].svc, &c->svc->svc))
			s = &t->svcs[i];
	for (size_t i = 0; s && key && i < s->n; i++)
		if (!lvs_dest_key(&s->dests[i], key))
			d = &s->dests[i];
	switch (c->op) {
	case NP_LVS_ADD:
		return key ? s && !d && !lvs_svc_add_dest(s, c->dest, NULL) :
			     !s && !lvs_table_add_svc(t, &c->svc->svc, NULL);
	case NP_LVS_EDIT:
		return key ? d && (*d = *c->dest, true) : s && (s->svc = c->svc->svc, true);
	case NP_LVS_DEL:
		if (key)
			return d && (*d = s->dests[--s->n], true);
		if (s) {
			free(s->dests);
			*s = t->svcs[--t->n];
		}
		return s != NULL;
	}
	return false;
}

static uint32_t dice(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % sides;
}

static void make_table(struct lvs_table *t, uint32_t *seed)
{
	*t = (struct lvs_table){ 0 };
	for (uint32_t i = 0; i < 6; i++) {
		struct np_lvs_svc svc = { .af = 2, .protocol = 6, .port = (uint16_t)(80 + i),
			.sched = "rr", .flags = dice(seed, 2), .timeout = dice(seed, 2) };

		if (!dice(seed, 3))
			continue;
		if (i == 5)
			svc.fwmark = 1 + dice(seed, 2);
		lvs_table_add_svc(t, &svc, NULL);
		for (uint32_t k = 0; k < 5; k++) {
			struct np_lvs_dest dest = { .af = 2, .addr = { 10, 0, 0, (uint8_t)k },
				.weight = (int32_t)dice(seed, 3), .u_threshold = dice(seed, 2) };

			if (dice(seed, 2))
				lvs_svc_add_dest(&t->svcs[t->n - 1], &dest, NULL);
		}
	}
}

static bool copy_table(struct lvs_table *to, const struct lvs_table *from)
{
	struct lvs_plan plan;
	bool ok;

	*to = (struct lvs_table){ 0 };
	ok = !lvs_plan_make(&plan, to, from, NULL);
	for (size_t i = 0; i < plan.n; i++)
		ok = obey(to, &plan.changes[i]) && ok;
	lvs_plan_clean(&plan);
	return ok;
}

static bool equal(const struct lvs_table *a, const struct lvs_table *b)
{
	struct lvs_plan plan;
	bool same_tables = !lvs_plan_make(&plan, a, b, NULL) && !plan.n;

	lvs_plan_clean(&plan);
	return same_tables;
}

/* Each service that has real servers before and after has some at all times. */
static bool served(const struct lvs_table *now, const struct lvs_table *before,
	const struct lvs_table *after)
{
	for (size_t i = 0; i < now->n; i++) {
		bool was = false, will = false;

		for (size_t k = 0; k < before->n; k++)
			was |= !lvs_svc_key(&now->svcs[i].svc, &before->svcs[k].svc) &&
				before->svcs[k].n;
		for (size_t k = 0; k < after->n; k++)
			will |= !lvs_svc_key(&now->svcs[i].svc, &after->svcs[k].svc) &&
				after->svcs[k].n;
		if (was && will && !now->svcs[i].n)
			return false;
	}
	return true;
}

/* From a to b; and then, undoing the first `done` changes and all, back to a. */
static bool round_trip(const struct lvs_table *a, const struct lvs_table *b)
{
	struct lvs_table kernel;
	struct lvs_plan plan, undo = { 0 };
	bool ok = copy_table(&kernel, a) && equal(&kernel, a);

	ok = !lvs_plan_make(&plan, a, b, NULL) && ok;
	for (size_t i = 0; i < plan.n; i++)
		ok = obey(&kernel, &plan.changes[i]) && served(&kernel, a, b) && ok;
	ok = equal(&kernel, b) && ok;
	for (size_t i = plan.n; i-- > 0;)
		ok = !lvs_plan_undo(&undo, &plan.changes[i], NULL) && ok;
	for (size_t i = 0; i < undo.n; i++)
		ok = obey(&kernel, &undo.changes[i]) && ok;
	ok = equal(&kernel, a) && ok;
	lvs_plan_clean(&plan);
	lvs_plan_clean(&undo);
	lvs_table_clean(&kernel);
	return ok;
}

static void properties(void)
{
	uint32_t seed = 5;
	unsigned good = 0;

	for (int i = 0; i < 2000; i++) {
		struct lvs_table a, b;

		make_table(&a, &seed);
		make_table(&b, &seed);
		good += round_trip(&a, &b);
		lvs_table_clean(&a);
		lvs_table_clean(&b);
	}
	unit_int(good, 2000, "a plan makes a into b, never leaves a service bare, and can be undone");
}

int main(void)
{
	languages();
	as_restored();
	json();
	errors();
	changes();
	properties();
	return unit_done();
}
