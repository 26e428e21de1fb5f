#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# static_nat, everything at once for a minute. By hand: tests/lab/run tests/lab/long/nat_stress.bats
load ../lib
load ../nat_net

@test "writers, readers, namespaces that come and go, traffic: all at once" {
	python3 "$BATS_TEST_DIRNAME/../nat_stress.py" "${NAT_STRESS:-60}"
}
