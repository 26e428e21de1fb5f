// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules of legacy iptables, as programs of our own print them. */
#include "trace/legacy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static struct np_intern *in;
static char dir[] = "/tmp/test_legacy.XXXXXX";

#define RULES "printf '*filter\\n:INPUT ACCEPT [0:0]\\n-A INPUT -j DROP\\nCOMMIT\\n'\n"

/* The program of that name from now on. */
static void program(const char *name, const char *script)
{
	char path[64];
	FILE *fp;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fp = fopen(path, "w");
	if (!fp || fprintf(fp, "#!/bin/sh\n%s", script) < 0 || fclose(fp) || chmod(path, 0755))
		unit_ok(false, "cannot write the program");
}

static bool known(const struct legacy *l, uint8_t family)
{
	return l->rules && ruleset_find(l->rules, family, np_intern(in, "filter", 6),
		np_intern(in, "INPUT", 5), 1);
}

static void read_them(struct legacy *l, uint8_t families, int wanted, const char *text)
{
	struct np_err err = NP_ERR_INIT;

	unit_int(legacy_read(l, families, in, &err), wanted, text);
	unit_str(err.text, text, "the text");
}

static void test_families(void)
{
	struct legacy l = { .rules = NULL };

	program("iptables-legacy-save", RULES);
	program("ip6tables-legacy-save", RULES);
	read_them(&l, LEGACY_V4 | LEGACY_V6, 0, "");
	unit_ok(known(&l, AF_INET) && known(&l, AF_INET6), "both");
	program("ip6tables-legacy-save", "exit 3\n");
	read_them(&l, LEGACY_V4 | LEGACY_V6, -EIO, "ip6tables-legacy-save ended with status 3");
	unit_ok(known(&l, AF_INET) && known(&l, AF_INET6), "what was known is, for this once");
	read_them(&l, LEGACY_V4, 0, "");
	unit_ok(known(&l, AF_INET), "only that of the tables is asked");
	read_them(&l, LEGACY_V4 | LEGACY_V6, -EIO, "ip6tables-legacy-save ended with status 3");
	unit_ok(known(&l, AF_INET) && !known(&l, AF_INET6), "the other family is known");
	legacy_clean(&l);
	program("iptables-legacy-save", RULES "echo bad");
	program("ip6tables-legacy-save", RULES);
	read_them(&l, LEGACY_V4 | LEGACY_V6, -EINVAL, "iptables-legacy-save:5: bad: outside of "
		"a *table: this is not what iptables-save prints");
	unit_ok(!known(&l, AF_INET) && known(&l, AF_INET6), "nothing of a bad one");
	program("ip6tables-legacy-save", "kill -9 $$");
	read_them(&l, LEGACY_V4 | LEGACY_V6, -EIO, "ip6tables-legacy-save ended with status 137");
	unit_ok(known(&l, AF_INET6), "what was known before, if none can be read");
	legacy_clean(&l);
}

int main(void)
{
	char command[64];

	if (!mkdtemp(dir) || setenv("PATH", dir, 1))
		return 1;
	in = np_intern_new();
	test_families();
	np_intern_free(in);
	snprintf(command, sizeof(command), "/bin/rm -r %s", dir);
	unit_int(system(command), 0, "removed");
	return unit_done();
}
