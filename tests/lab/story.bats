#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The story that `make demo` tells live.
load lib

teardown() {
	lab_end
}

before() {	# WORD...: each is in the output, in this order
	local word rest=$output
	for word; do
		[[ $rest == *"$word"* ]] || { echo "not there, or not behind the one before: $word" >&2; return 1; }
		rest=${rest#*"$word"}
	done
}

@test "two hosts, DNAT, policy routing, rp_filter: sent, vanished, the remedy, delivered" {
	run -0 "$BATS_TEST_DIRNAME/story"
	echo "$output" >&2
	before "from all to 10.43.0.0/16 lookup 100" \
		"pkttrace run" "TCP 192.168.235.13:" "10.43.206.251:8081  SYN" " sent by enp5s0" \
		"DNAT  10.43.206.251 ⇒ 10.0.1.12" "routed again: out enp3s0 ⇒ enp5s0" \
		"1 sent; no answer was seen" "nothing came back" \
		"VANISHED after PREROUTING" "rp_filter=1 on enp5s0" "cure: sysctl -w" \
		"# sysctl -w net.ipv4.conf." " sent " "delivered"
	[[ $output == *IP_RPFILTER* ]]	# the kernel's own word
	[[ $output == *"hello from ceph3"* ]]
	[[ ${output##*"hello from ceph3"} != *@(came back|no answer)* ]]	# by its ACKs one did
	[[ ${output##*nft list ruleset} != *table* ]]
}
