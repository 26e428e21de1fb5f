// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <sys/socket.h>

#include "lib/sysctl.h"
#include "tests/unit/unit.h"

static void path(const char *name, const char *want)
{
	char got[200];
	int ret = np_sysctl_path(name, got, sizeof(got));

	if (want)
		unit_str(ret ? "(refused)" : got, want, name);
	else
		unit_int(ret, -EINVAL, name);
}

int main(void)
{
	char name[NP_SYSCTL_NAME_MAX], value[NP_SYSCTL_VALUE_MAX], small[16];
	struct np_err err = NP_ERR_INIT;
	int64_t v = -1;

	path("net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward");
	path("net.ipv4.conf.eth0/100.rp_filter", "/proc/sys/net/ipv4/conf/eth0.100/rp_filter");
	path("net/ipv4/conf/eth0.100/rp_filter", "/proc/sys/net/ipv4/conf/eth0.100/rp_filter");
	path("", NULL);
	path("net..x", NULL);
	path("net.ipv4.", NULL);
	path("net/../../etc/passwd", NULL);
	path("net.//.//.etc.passwd", NULL);
	path("net/..", NULL);
	unit_int(np_sysctl_path("net.ipv4.ip_forward", small, sizeof(small)), -EINVAL, "no room");

	unit_str(np_sysctl_conf(AF_INET, "eth0.100", "arp_ignore", name),
		 "net.ipv4.conf.eth0/100.arp_ignore", "a link with a dot");
	unit_str(np_sysctl_conf(AF_INET6, "all", "forwarding", name),
		 "net.ipv6.conf.all.forwarding", "IPv6");

	unit_int(np_sysctl_get("kernel.ostype", value, &err), 0, "a value is read");
	unit_str(value, "Linux", "without its newline");
	unit_int(np_sysctl_get_int("kernel.pid_max", &v, &err), 0, "a number is read");
	unit_ok(v > 0, "it is one");
	unit_int(np_sysctl_get_int("kernel.ostype", &v, &err), -EINVAL, "a word is no number");
	unit_str(err.text, "sysctl kernel.ostype is no number: \"Linux\"", "which says so");
	unit_int(np_sysctl_get("net.ipv4.nonsense", value, &err), -ENOENT, "no such name");
	unit_str(err.text, "this kernel has no sysctl net.ipv4.nonsense", "which says so");
	unit_int(np_sysctl_set("kernel.ostype", "x", &err), -EACCES, "one that is read only");
	return unit_done();
}
