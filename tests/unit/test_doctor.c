// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace/doctor.h"

#include "tests/unit/unit.h"

static void test_kernel(void)
{
	unit_ok(doctor_kernel_is("6.1.0-56-amd64", 5, 12), "newer major");
	unit_ok(doctor_kernel_is("5.12.0", 5, 12), "the very one");
	unit_ok(!doctor_kernel_is("5.9.16", 5, 12), "5.9 is before 5.12");
	unit_ok(doctor_kernel_is("5.15-rc1", 5, 12), "without a third number");
	unit_ok(!doctor_kernel_is("", 5, 12), "nothing");
}

static void test_modules(void)
{
	static const char list[] = "kernel/net/core/drop_monitor.ko.xz:\n"
		"kernel/net/netfilter/nft_socket.ko: kernel/net/ipv4/netfilter/nf_socket_ipv4.ko\n"
		"kernel/drivers/net/nf-log-syslog.ko:\n";

	unit_ok(doctor_has_module(list, "drop_monitor"), "compressed, the first line");
	unit_ok(doctor_has_module(list, "nft_socket"), "with what it needs");
	unit_ok(!doctor_has_module(list, "nf_socket_ipv4"), "what it needs is not its line");
	unit_ok(doctor_has_module(list, "nf_log_syslog"), "dashes");
	unit_ok(!doctor_has_module(list, "drop"), "a beginning is not the name");
	unit_ok(!doctor_has_module("", "drop"), "nothing");
}

static void test_status(void)
{
	struct doctor_check c[3] = { { .state = DOCTOR_OK }, { .state = DOCTOR_WITHOUT },
		{ .state = DOCTOR_OK } };

	unit_int(doctor_status(c, 3), 0, "nothing that is needed is missing");
	c[0].state = DOCTOR_MISSING;
	unit_int(doctor_status(c, 3), 1, "something is");
	c[2].state = DOCTOR_FATAL;
	unit_int(doctor_status(c, 3), 2, "nothing can be traced");
}

int main(void)
{
	test_kernel();
	test_modules();
	test_status();
	return unit_done();
}
