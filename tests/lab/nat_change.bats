#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Mappings of static_nat that change under traffic, namespaces that come and go, the module that
# goes: nat_change.py.
load lib
load nat_net

change() {
	python3 "$BATS_TEST_DIRNAME/nat_change.py" "$@"
}

@test "added, replaced and deleted mappings are followed at once by what flows" {
	change at_once
}

@test "fault: a lock against softirqs: changes under traffic, of which each loses no packet" {
	change none_lost
}

@test "a TCP connection lives through changes" {
	change connection
}

@test "counters begin at 0, and count packets and their bytes" {
	change counters
}

@test "fault: one namespace only: each has its own mappings" {
	change isolation
}

@test "a namespace goes with its mappings, its file open" {
	change leaving
}

@test "fault: hooks on freed tables, or on none yet: rmmod and insmod under traffic, readers and writers" {
	change unload
}
