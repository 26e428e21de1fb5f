// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of tables and their like, from files written here. */
#include <errno.h>
#include <ftw.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/names.h"
#include "tests/unit/unit.h"

static char top[] = "/tmp/np-names.XXXXXX";

static void put(const char *path, const char *text)
{
	char full[256];
	FILE *fp;

	snprintf(full, sizeof(full), "%s/%s", top, path);
	for (char *s = strchr(full + strlen(top) + 1, '/'); s; s = strchr(s + 1, '/')) {
		*s = '\0';
		mkdir(full, 0777);
		*s = '/';
	}
	fp = fopen(full, "w");
	if (fp) {
		fputs(text, fp);
		fclose(fp);
	}
}

static void warned(void *arg, const char *text)
{
	(void)text;
	++*(int *)arg;
}

static struct np_names *open_names(bool numeric, int *warnings)
{
	static char etc[64], usr[64];
	static const char *dirs[3] = { etc, usr, NULL };
	struct np_names_opts opts = { .dirs = dirs, .numeric = numeric, .warn = warned,
				      .arg = warnings };

	snprintf(etc, sizeof(etc), "%s/etc", top);
	snprintf(usr, sizeof(usr), "%s/usr", top);
	return np_names_new(&opts);
}

static const char *table(const struct np_names *n, uint32_t id, char buf[NP_NAME_MAX])
{
	return np_names_text(n, NP_NAMES_TABLE, id, buf);
}

static void test_tables(const struct np_names *n)
{
	char buf[NP_NAME_MAX];
	uint32_t id = 0;

	unit_str(table(n, 254, buf), "main", "main needs no file");
	unit_str(table(n, 7, buf), "seven", "decimal");
	unit_str(table(n, 16, buf), "sixteen", "hex");
	unit_str(table(n, 1000, buf), "thousand", "above 255");
	unit_str(table(n, 300, buf), "dropin", "from the folder");
	unit_str(table(n, 301, buf), "301", "only .conf files count");
	unit_str(table(n, 302, buf), "vendor", "from the vendor's folder");
	unit_str(table(n, 303, buf), "303", "whose masked file is not read");
	unit_str(table(n, 9, buf), "9", "the vendor's file neither, where there is one in etc");
	unit_str(table(n, INT32_MAX, buf), "max", "the highest number");
	unit_int(np_names_parse(n, NP_NAMES_TABLE, "none", &id), -EINVAL, "but no higher one");
	unit_str(table(n, 5, buf), "wrapped", "of which 32 bits count");
	unit_int(np_names_parse(n, NP_NAMES_TABLE, "X6", &id), 0, "a large X is of the name");
	unit_int(id, 0, "and the number 0");
	unit_str(table(n, 17, buf), "eleven", "hex with a blank in it");
	unit_str(table(n, 18, buf), "twelve", "hex twice");
	unit_str(table(n, 13, buf), "thirteen", "all kinds of blanks");
	unit_str(table(n, 0, buf), "x", "0x alone is a 0 and its name");
	unit_int(np_names_parse(n, NP_NAMES_TABLE, "thousand", &id), 0, "a word");
	unit_int(id, 1000, "and its number");
	unit_int(np_names_parse(n, NP_NAMES_TABLE, "0x10", &id), 0, "a number");
	unit_int(id, 16, "in hex");
	unit_int(np_names_parse(n, NP_NAMES_TABLE, "nosuch", &id), -EINVAL, "no such word");
	unit_int(np_names_parse(n, NP_NAMES_TABLE, "4294967296", &id), -EINVAL, "too large");
}

static void test_small(const struct np_names *n)
{
	char buf[NP_NAME_MAX];
	uint32_t id = 0;

	unit_str(np_names_text(n, NP_NAMES_PROTO, RTPROT_KERNEL, buf), "kernel", "built in");
	unit_str(np_names_text(n, NP_NAMES_PROTO, 250, buf), "250", "no name");
	unit_str(np_names_text(n, NP_NAMES_DSFIELD, 0x10, buf), "0x10", "a DS field without");
	unit_str(np_names_text(n, NP_NAMES_DSFIELD, 0x08, buf), "mytos", "and with a name");
	unit_int(np_names_parse(n, NP_NAMES_DSFIELD, "10", &id), 0, "is read in hex");
	unit_int(id, 0x10, "without 0x");
	unit_int(np_names_parse(n, NP_NAMES_DSFIELD, "0x100", &id), -EINVAL, "and ends at 255");
	unit_str(np_names_text(n, NP_NAMES_REALM, 0, buf), "unknown", "realm 0");
	unit_int(np_names_parse_realms(n, "1/2", &id), 0, "two realms");
	unit_int(id, 1 << 16 | 2, "in one number");
	unit_int(np_names_parse_realms(n, "70000", &id), 0, "or raw");
	unit_int(id, 70000, "as it is");
	unit_int(np_names_parse_realms(n, "x/y", &id), -EINVAL, "or nonsense");
	unit_str(np_names_text(n, NP_NAMES_GROUP, 0, buf), "default", "group 0");
}

static void test_types(const struct np_names *n)
{
	char buf[NP_NAME_MAX];
	uint8_t t = 0;

	unit_ok(!np_rttype_parse("b", &t) && t == RTN_BROADCAST, "b is broadcast");
	unit_ok(!np_rttype_parse("un", &t) && t == RTN_UNREACHABLE, "un is unreachable");
	unit_int(np_rttype_parse("thr", &t), -EINVAL, "throw is not shortened");
	unit_str(np_names_rttype(n, RTN_BROADCAST, buf), "broadcast", "in text");
	unit_str(np_names_rttype(n, 99, buf), "99", "one that has no word");
	unit_ok(!np_ipproto_parse("tcp", &t) && t == 6, "tcp");
	unit_ok(!np_ipproto_parse("200", &t) && t == 200, "200");
	unit_int(np_ipproto_parse("256", &t), -EINVAL, "256");
	unit_str(np_names_ipproto(n, 250, buf), "ipproto-250", "no name");
}

static int gone(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

int main(void)
{
	int warnings = 0;
	char buf[NP_NAME_MAX];
	struct np_names *n;

	if (!mkdtemp(top))
		return 1;
	put("etc/rt_tables", "# remark\n\n 7 seven # more\n0x10 sixteen\n1000\tthousand\n-3 neg\n");
	put("etc/rt_tables.d/x.conf", "300 dropin\n");
	put("etc/rt_tables.d/x.txt", "301 ignored\n");
	put("etc/rt_tables.d/.y.conf", "304 hidden\n");
	put("usr/rt_tables", "9 nine\n");
	put("usr/rt_tables.d/v.conf", "302 vendor\n");
	put("usr/rt_tables.d/x.conf", "303 masked\n");
	put("usr/rt_dsfield", "0x08 mytos\n");
	put("etc/rt_tables.d/z.conf", "2147483647 max\n2147483648 none\n4294967301 wrapped\n"
	    "0xffffffff none\n0X6 zero\n0x 11 eleven\n0x0x12 twelve\n13\vthirteen\f\r\n0x\n");
	put("etc/group", "5 five\ngarbage here\n6 six\n");
	n = open_names(false, &warnings);
	test_tables(n);
	test_small(n);
	test_types(n);
	unit_int(warnings, 1, "a broken file is told once");
	unit_str(np_names_text(n, NP_NAMES_GROUP, 5, buf), "five", "what stood before counts");
	unit_str(np_names_text(n, NP_NAMES_GROUP, 6, buf), "6", "what comes behind does not");
	np_names_free(n);
	n = open_names(true, &warnings);
	unit_str(table(n, 254, buf), "254", "-N: a table");
	unit_str(np_names_text(n, NP_NAMES_DSFIELD, 8, buf), "0x08", "-N: a DS field");
	unit_str(np_names_rttype(n, RTN_PROHIBIT, buf), "8", "-N: a type");
	np_names_free(n);
	nftw(top, gone, 8, FTW_DEPTH | FTW_PHYS);
	return unit_done();
}
