// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What netlink does not tell: the sysctls of `all`
 * (Documentation/networking/ip-sysctl.rst) and the multicast groups that
 * were joined (/proc/net/igmp, /proc/net/igmp6).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/fib_load.h"
#include "lib/sysctl.h"

/* 0 for what this kernel does not know. */
static int32_t read_conf(uint8_t family, const char *key)
{
	char name[NP_SYSCTL_NAME_MAX];
	int64_t v;

	if (np_sysctl_get_int(np_sysctl_conf(family, "all", key, name), &v, NULL))
		return 0;
	return (int32_t)v;
}

void np_fib_load_conf(struct np_fib *fib)
{
	for (int i = 0; i < NP_FIB_CONF_N; i++)
		fib->all[i] = read_conf(AF_INET, np_fib_conf[i].name);
	if (read_conf(AF_INET6, "ignore_routes_with_linkdown"))
		for (size_t i = 0; i < fib->n_devs; i++)
			fib->devs[i].ignore_linkdown6 = true;
	fib->all_forwarding6 = read_conf(AF_INET6, "forwarding");
}

/* A line names a link ("4\tv0 : 1 V3"), indented ones below it a group ("\t\t\t\t010000E0"). */
static int read_igmp(struct np_fib *fib, FILE *fp)
{
	char line[256];
	int ifindex = 0;

	while (fgets(line, sizeof(line), fp)) {
		struct np_fib_group g = { .family = AF_INET };
		uint32_t raw;
		char *end;

		if (line[0] != '\t') {
			ifindex = (int)strtol(line, NULL, 10);
			continue;
		}
		raw = (uint32_t)strtoul(line, &end, 16);
		if (end == line || !ifindex)
			continue;
		g.ifindex = ifindex;
		memcpy(g.b, &raw, sizeof(raw)); /* printed as the host reads it */
		if (np_fib_add_group(fib, &g))
			return -ENOMEM;
	}
	return 0;
}

/* "1    lo              ff020000000000000000000000000001     1 0000000C 0" */
static int read_igmp6(struct np_fib *fib, FILE *fp)
{
	char line[256], hex[33];

	while (fgets(line, sizeof(line), fp)) {
		struct np_fib_group g = { .family = AF_INET6 };

		if (sscanf(line, "%d %*s %32[0-9a-f]", &g.ifindex, hex) != 2 || strlen(hex) != 32)
			continue;
		for (unsigned i = 0; i < 16; i++) {
			char byte[3] = { hex[2 * i], hex[2 * i + 1], 0 };

			g.b[i] = (uint8_t)strtoul(byte, NULL, 16);
		}
		if (np_fib_add_group(fib, &g))
			return -ENOMEM;
	}
	return 0;
}

int np_fib_load_groups(struct np_fib *fib, struct np_err *err)
{
	bool six = fib->family == AF_INET6;
	FILE *fp = fopen(six ? "/proc/net/igmp6" : "/proc/net/igmp", "re");
	int ret;

	if (!fp)
		return 0; /* no multicast in this kernel, no groups */
	ret = six ? read_igmp6(fib, fp) : read_igmp(fib, fp);
	fclose(fp);
	return ret ? np_err_nomem(err) : 0;
}
