#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Packets of every kind through static_nat, in both directions and by both kinds of mapping: what
# nat_flow.py sends, and what its taps see on the way.
load lib
load nat_net

flow() {
	python3 "$BATS_TEST_DIRNAME/nat_flow.py" "$@"
}

@test "TCP, both ways, both kinds; checksums, counters; a tap sees what came in" {
	flow tcp
}

@test "UDP" {
	flow udp
}

@test "ICMP echo" {
	flow icmp
}

@test "SCTP" {
	load_modules sctp
	flow sctp
}

@test "fault: the transport checksum fixed in every fragment: fragments both ways" {
	flow fragments
}

@test "fragments in any order, the first with eight bytes" {
	flow fragments_any_order
}

@test "megabytes of TCP in GSO packets; counters count segments" {
	flow bulk
}

@test "UDP without checksum stays so; one that becomes 0 is 0xffff" {
	flow no_checksum
}

@test "fault: transport header missing: packets that are cut, lie, or have options" {
	flow broken
}

@test "fault: headers not linear, not writable" {
	local link
	for link in n:r r:o r:i m:r m:s s:e; do
		ip -n "${link%:*}" link set "${link#*:}" mtu 9000
	done
	flow scattered
	for link in n:r r:o r:i m:r m:s s:e; do
		ip -n "${link%:*}" link set "${link#*:}" mtu 1500
	done
}

@test "fault: half of each flow tracked: no conntrack entry, and others are tracked" {
	load_modules sctp
	count_states ip forward
	flow conntrack
	at r nft flush ruleset
}
