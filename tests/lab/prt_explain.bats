#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt explain on a distribution's kernel: the errno of old, VRFs, and random hosts of IPv6.
# Each test has an output of its own.
# shellcheck disable=SC2030,SC2031
load lib

teardown() {
	lab_end
}

# A host with a VRF `red` on enp5s0; a question a line of stdin, an answer a line of output.
vrf_host() {
	unshare -n bash -ec "source '$LAB_TOP/tests/cli/explain_ns.bash'
		ip link add red type vrf table 900
		ip link set red up
		ip link set enp5s0 master red
		prt route add 8.0.0.0/8 via 10.0.1.1 dev enp5s0 table 900
		prt route add 9.0.0.0/8 via 10.9.9.9 dev enp3s0 onlink
		$1
		prt explain --batch -"
}

@test "a VRF has its own table, for what comes in by its links and for what is bound to it" {
	load_modules vrf
	run -0 vrf_host : <<-'END'
		8.1.1.1
		8.1.1.1 oif red
		8.1.1.1 from 10.0.1.9 iif enp5s0
		10.0.1.12 from 10.0.1.9 iif enp5s0
		8.1.1.1 from 10.0.1.9 iif enp3s0
		9.1.1.1
	END
	[[ ${lines[0]} == *"NO ROUTE to 8.1.1.1; kernel agrees (ENETUNREACH)" ]]
	[[ ${lines[1]} == *"unicast: sent via 10.0.1.1 dev enp5s0 from 10.0.1.12; kernel agrees" ]]
	[[ ${lines[2]} == *"unicast: forwarded via 10.0.1.1 dev enp5s0; kernel agrees" ]]
	[[ ${lines[3]} == *"local: for this host; kernel agrees" ]]
	[[ ${lines[4]} == *"NO ROUTE to 8.1.1.1; kernel agrees (ENETUNREACH)" ]]
	[[ ${lines[5]} == *"unicast: sent via 10.9.9.9 dev enp3s0 from 192.168.235.14; kernel agrees" ]]
}

@test "rules on a VRF's name: whatever this kernel makes of them, the model follows" {
	load_modules vrf
	run -0 vrf_host 'ip rule add pref 10 iif red prohibit; ip rule add pref 11 oif red blackhole' <<-'END'
		8.1.1.1 from 10.0.1.9 iif enp5s0
		8.1.1.1 oif red
		8.1.1.1 oif enp5s0
	END
	[ "$(grep -c 'kernel agrees' <<<"$output")" = 3 ]
}

@test "rp_filter's errno is the kernel's own" {
	load_modules vrf
	run -0 vrf_host 'strict enp3s0' <<<'192.168.235.14 from 7.7.7.7 iif enp3s0'
	[[ $output == *"DROPPED by rp_filter on enp3s0, there is no route back to the source; kernel agrees (EXDEV)" ||
		$output == *"kernel agrees (EINVAL)" ]]
}

# red SCRIPT: on a host whose enp5s0 is of the VRF red, which has a route of its own
red() {
	load_modules vrf
	run -0 unshare -n bash -ec "source '$LAB_TOP/tests/cli/explain_ns.bash'
		ip link add red type vrf table 900
		ip link set red up
		ip link set enp5s0 master red
		prt route add 8.0.0.0/8 via 10.0.1.1 dev enp5s0 table 900
		$1"
}

@test "l3mdev: the rule, the table and the way back of a VRF are named" {
	red '
		prt route add 9.0.0.0/8 dev enp3s0
		strict enp5s0
		ask 8.1.1.1 oif red
		ask 10.0.1.12 from 9.9.9.9 iif enp5s0'
	output=$(tr -s ' ' <<<"$output")
	[[ $output == *"1000 from all lookup [l3mdev-table] 8.0.0.0/8 via 10.0.1.1 dev enp5s0"* ]]
	[[ $output == *"DROPPED by rp_filter on enp5s0 kernel agrees (E"* ]]
	[[ $output == *"way back 9.9.9.9: "*"rp_filter 1, strict"* ]]
	[ "$(grep -c 'kernel agrees' <<<"$output")" = 2 ]
}

@test "behind the route: the neighbour, and a reply that a VRF has its own way for" {
	red '
		ip neigh add 10.0.1.1 dev enp5s0 nud failed
		ask 8.1.1.1 oif red
		ask 10.0.1.12 from 8.1.1.1 iif enp5s0
		ask 192.168.235.14 from 8.1.1.1 iif enp3s0'
	output=$(tr -s ' ' <<<"$output")
	[[ $output == *"neighbour 10.0.1.1 did not answer ARP when it was last asked: FAILED on enp5s0;"* ]]
	[[ $output == *"replies are lost: NO ROUTE to 8.1.1.1"* ]]
	[ "$(grep -c 'replies are' <<<"$output")" = 1 ]
}

# shellcheck disable=SC2016 # for the shell in the namespace
@test "no route in a VRF: the cure adds it there" {
	red '
		strict enp5s0
		for words in "7.1.1.1 oif red" "7.3.1.1 from 10.0.1.9 iif enp5s0" \
			"10.0.1.12 from 7.4.1.1 iif enp5s0"; do
			ask $words
			cure 1 s/GATEWAY/10.0.1.1/
			again
		done
		sysctl -qw net.ipv4.conf.enp5s0.rp_filter=0
		ask 10.0.1.12 from 7.5.1.1 iif enp5s0
		cure 1 s/GATEWAY/10.0.1.1/
		again'
	output=$(tr -s ' ' <<<"$output")
	[[ $output == *"NO ROUTE to 7.1.1.1 "*"+ prt route add 7.1.1.1 via 10.0.1.1 vrf red"*"unicast: sent via 10.0.1.1 dev enp5s0"*"+ prt route add 7.3.1.1 via 10.0.1.1 vrf red"*"unicast: forwarded via"* ]]
	[[ $output == *"DROPPED by rp_filter on enp5s0"*"+ prt route add 7.4.1.1 via 10.0.1.1 dev enp5s0 vrf red"*"local: for this host"* ]]
	[[ $output == *"replies are lost: NO ROUTE to 7.5.1.1"*"+ prt route add 7.5.1.1 via 10.0.1.1 vrf red"*"local: for this host"* ]]
	[ "$(grep -c 'replies are lost' <<<"$output")" = 1 ]
	[ "$(grep -c 'kernel agrees' <<<"$output")" = 8 ]
}

@test "IPv6 against this kernel: random hosts, one of them with a VRF" {
	load_modules vrf
	for seed in 5 4; do
		run -0 python3 "$LAB_TOP/tests/oracle6.py" "$NP_BUILD/prt" $seed 300
		[ "${lines[-1]}" = "300 passed, 0 failed" ]
	done
}

@test "IPv4 against this kernel: a random host" {
	check=$LAB_TOP/../shared/corpus/oracle/explain-check.py
	[ -e "$check" ] || skip "the generator is not next to the checkout"
	run -0 python3 "$check" "$NP_BUILD/prt" 11 500 --multipath
	[ "${lines[-1]}" = "500 passed, 0 failed" ]
}
