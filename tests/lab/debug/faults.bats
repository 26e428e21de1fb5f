#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# static_nat when the kernel has no memory for it: faults.py. On the debug kernel.
load ../lib

setup_file() {
	nat_begin r
}

teardown_file() {
	nat_end
}

faults() {
	at r python3 "$BATS_TEST_DIRNAME/faults.py" "$@"
}

@test "a change without memory changes nothing and says so" {
	faults changes
}

@test "readings without memory" {
	faults readings
}

@test "a namespace that has no memory for static_nat is none" {
	faults namespaces
}

@test "the module is loaded, or not at all" {
	rmmod static_nat
	faults module
	load_static_nat
}

@test "the suite's part on /proc, each write failing some times before" {
	faults suite nat_proc article taken malformed errors racing atomic order buffers many
	faults suite nat_read chunks anywhere readers moving sizes
}

@test "the suite's part on netlink, likewise" {
	faults suite nat_netlink
}
