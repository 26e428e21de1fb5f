#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
load ../lib

@test "the guest is root, has a module and its kernel's log" {
	[ "$(id -u)" = 0 ]
	kmsg_mark
	load_modules dummy
	ip link add d0 type vlan id 5 link lo && ip link add d1 type ipip local 127.0.0.1
	echo "<6>selftest: a line" >/dev/kmsg
	wait_for 5 kmsg_has "selftest: a line"
}

@test "a missing module is named" {
	run ! load_modules no_such_module
	[[ $output == *"$LAB_KERNEL cannot load module no_such_module"* ]]
}

@test "nothing here reaches the host" {
	echo changed >>"$LAB_TOP/Makefile"
	echo new >/etc/lab-selftest
}

@test "a skip" {
	skip "to be counted"
}
