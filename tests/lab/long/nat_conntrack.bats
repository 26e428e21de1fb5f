#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What conntrack says of ICMP errors about translated packets. By hand:
# tests/lab/run tests/lab/long/nat_conntrack.bats
load ../lib
load ../nat_net

@test "no conntrack entry, and no invalid state, of errors by routers without mapping" {
	count_states ip input forward output
	python3 "$BATS_TEST_DIRNAME/../nat_error.py" untracked
	at r nft flush ruleset
}
