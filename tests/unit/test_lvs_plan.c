// SPDX-License-Identifier: GPL-2.0-or-later
/* lvsctl apply: files to tables, two tables to changes, changes to commands. */
#include <errno.h>
#include <stdlib.h>

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

static void errors(void)
{
	refused("#\n\n-A -t 10.0.0.1:80 -s wlc\n-a -t 10.0.0.1:81 -r 10.1.0.1 -g\n",
		"file:4: no line before this one adds the service");
	refused("-A -t 10.0.0.1:80 -s\n", "file:1: ");
	refused("-A -t 10.0.0.1:80 x\n", "file:1: unknown word \"x\"");
	refused("-A -t 10.0.0:80\n", "no address");
	refused("-A -t 10.0.0.1:80 -s=\n", "no name of a scheduler");
	refused("-A -t 10.0.0.1:80 -s seventeen_letters\n", "no name of a scheduler");
	refused("-A -t 10.0.0.1:80 -s rr -p 9 --pe a/b\n", "no name of a persistence engine");
	refused("-A\n", "no service");
	refused("-t 10.0.0.1:80\n", "neither -A nor -a");
	refused("-A -a -t 10.0.0.1:80\n", "in one line");
	refused("-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80\n", "file:2: no real server");
	refused("-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 -r 1.1.1.1 -w 9x\n", "\"9x\" is no number");
	refused("-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 -r 1.1.1.1 --fullnat=x\n",
		"\"x\" is no address for --fullnat");
	refused("-A -t 10.0.0.1:80 -b sh-prot\n", "unknown flag \"sh-prot\"");
	refused("-A -t 10.0.0.1:80 -f 7\n", "two services in one line");
	refused("-A -t 10.0.0.1:80 -p -M 24\n", "-M is of the other family");
	refused("-A -f 1\n-a -f 1 -r 1.1.1.1 -m --tun-type gre\n", "without -i");
	refused("-A -t 10.0.0.1:80\n-A -t 10.0.0.1:80 -s rr\n", "a service is there twice");
	refused("-A -f 1\n-a -f 1 -r 1.1.1.1\n-a -f 1 -r 1.1.1.2\n-a -f 1 -r 1.1.1.1 -m\n",
		"a real server is there twice: -f 1 -r 1.1.1.1:0");
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
	case LVS_ADD_SVC:
		return !s && !lvs_table_add_svc(t, &c->svc->svc, NULL);
	case LVS_EDIT_SVC:
		return s && (s->svc = c->svc->svc, true);
	case LVS_DEL_SVC:
		if (s) {
			free(s->dests);
			*s = t->svcs[--t->n];
		}
		return s != NULL;
	case LVS_ADD_DEST:
		return s && !d && !lvs_svc_add_dest(s, c->dest, NULL);
	case LVS_EDIT_DEST:
		return d && (*d = *c->dest, true);
	case LVS_DEL_DEST:
		return d && (*d = s->dests[--s->n], true);
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
				.weight = (int32_t)dice(seed, 3), .upper = dice(seed, 2) };

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
	errors();
	changes();
	properties();
	return unit_done();
}
