#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ICMP errors about translated packets come to the right socket; the router's own traffic is
# translated as any other's: nat_error.py.
load lib
load nat_net

error() {
	python3 "$BATS_TEST_DIRNAME/nat_error.py" "$@"
}

@test "fault: ICMP and its errors untouched: port unreachable is ECONNREFUSED at its socket" {
	error refused
}

@test "TCP resets, and ICMP errors for a SYN" {
	error tcp_refused
}

@test "TTL exceeded, of every router on the way" {
	error exceeded
}

@test "need-frag: the MTU of the path is known at the sender; TCP gets through" {
	error pmtu
}

@test "errors of every kind, of packets with options, of fragments" {
	error error_itself
}

@test "fault: nothing on OUTPUT: the router's own traffic to A goes where B is" {
	error own_out
}

@test "fault: nothing on INPUT: what B sends to the router comes from A" {
	error own_in
}

@test "the router's own packet to a B without route" {
	error own_lost
}
