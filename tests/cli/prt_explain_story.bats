#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The story that prt explain was made for, played with real packets (two_hosts_ns.bash).

# The scripts in single quotes are for the shell in the namespace.
# shellcheck disable=SC2016,SC2154
load lib
load explain_lib

# on_ceph3 SCRIPT
on_ceph3() {
	run --separate-stderr unshare -rn bash -ec "source '$BATS_TEST_DIRNAME/two_hosts_ns.bash'
		cd '$BATS_TEST_TMPDIR'
		$1"
	[ "$status" = 0 ] || printf '%s\n' "$output" "$stderr"
}

# The tables as the article prints them; blanks of those days' ip, which set two, are one.
@test "the tables of ceph3 are those that were printed" {
	on_ceph3 'prt rule; prt route list table local; prt route list table main'
	diff -u - <(tr -s ' \t' ' ' <<<"$output" | sed 's/ $//') <<'END'
0: from all lookup local
32766: from all lookup main
32767: from all lookup default
broadcast 10.0.1.0 dev enp5s0 proto kernel scope link src 10.0.1.12
local 10.0.1.12 dev enp5s0 proto kernel scope host src 10.0.1.12
broadcast 10.0.1.255 dev enp5s0 proto kernel scope link src 10.0.1.12
local 10.42.2.0 dev flannel.1 proto kernel scope host src 10.42.2.0
broadcast 10.42.2.0 dev cni0 proto kernel scope link src 10.42.2.1
local 10.42.2.1 dev cni0 proto kernel scope host src 10.42.2.1
broadcast 127.0.0.0 dev lo proto kernel scope link src 127.0.0.1
local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1
local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1
broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1
broadcast 172.17.0.0 dev docker0 proto kernel scope link src 172.17.0.1 linkdown
local 172.17.0.1 dev docker0 proto kernel scope host src 172.17.0.1
broadcast 172.17.255.255 dev docker0 proto kernel scope link src 172.17.0.1 linkdown
broadcast 192.168.235.0 dev enp3s0 proto kernel scope link src 192.168.235.12
local 192.168.235.12 dev enp3s0 proto kernel scope host src 192.168.235.12
broadcast 192.168.235.255 dev enp3s0 proto kernel scope link src 192.168.235.12
default via 192.168.235.2 dev enp3s0 onlink
10.0.1.0/24 dev enp5s0 proto kernel scope link src 10.0.1.12
10.42.0.0/24 via 10.42.0.0 dev flannel.1 onlink
10.42.1.0/24 via 10.42.1.0 dev flannel.1 onlink
10.42.2.0/24 dev cni0 proto kernel scope link src 10.42.2.1
10.42.3.0/24 via 10.42.3.0 dev flannel.1 onlink
10.42.4.0/24 via 10.42.4.0 dev flannel.1 onlink
172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1 linkdown
192.168.235.0/24 dev enp3s0 proto kernel scope link src 192.168.235.12
END
}

@test "the SYN does not arrive; explain says why; its cure is run; the SYN arrives" {
	on_ceph3 'listen connections
		syn
		echo "dropped by rp_filter: $(dropped)"
		cat connections
		ask from 192.168.235.13 to 10.0.1.12 iif enp5s0 tos 0x00
		cure
		before=$(dropped)
		syn
		echo "dropped since: $(($(dropped) - before))"
		wait_for grep connected connections
		again'
	shows "no answer" "dropped by rp_filter: " "ready" \
		"DROPPED by rp_filter on enp5s0 kernel agrees (E" \
		"local 10.0.1.12/32 dev enp5s0" \
		"way back 192.168.235.13: main 192.168.235.0/24 dev enp3s0, not enp5s0" \
		"rp_filter 1, strict: the larger of all=1 and enp5s0=1" \
		"because the route back leaves by another interface" \
		"+ sysctl -w net.ipv4.conf.enp5s0.rp_filter=2" \
		"connected" "dropped since: 0" "192.168.235.13:14024 has connected" \
		"local: for this host kernel agrees"
	[[ $output != *"dropped by rp_filter: 0"* ]]
}

@test "the article's own cure, a 2 for default and all, is seen to work, too" {
	on_ceph3 'prt get from 192.168.235.13 to 10.0.1.12 iif enp5s0 tos 0x00 || echo "status $?"
		echo 2 >/proc/sys/net/ipv4/conf/default/rp_filter
		echo 2 >/proc/sys/net/ipv4/conf/all/rp_filter
		prt get from 192.168.235.13 to 10.0.1.12 iif enp5s0 tos 0x00
		ask -d from 192.168.235.13 to 10.0.1.12 iif enp5s0 tos 0x00'
	[[ $stderr == "RTNETLINK answers: Invalid cross-device link"* || # before Linux 6.14
		$stderr == "RTNETLINK answers: Invalid argument"* ]]
	shows "status 2" "local 10.0.1.12 from 192.168.235.13 dev lo" "iif enp5s0" \
		"local: for this host kernel agrees" "rp_filter 2, loose: the larger of all=2 and enp5s0=1"
}

# The article's kernel said "Invalid argument" where newer ones say "Network is
# unreachable": what is refused is the same.
@test "the article's other questions: two sources that are not ours, two that are" {
	on_ceph3 'for q in "172.18.0.3 to 10.0.1.12" "192.168.235.3 to 10.0.1.12" \
			"192.168.235.12 to 10.0.1.12" "192.168.235.12 to 10.0.1.13"; do
			prt get from $q 2>&1 || echo "status $?"
			ask from $q
		done'
	shows "RTNETLINK answers: " "status 2" "REFUSED: source 172.18.0.3 kernel agrees (E" \
		"because the source is no address of this host" \
		"RTNETLINK answers: " "status 2" "REFUSED: source 192.168.235.3 kernel agrees (E" \
		"because the source is no address of this host" \
		"local 10.0.1.12 from 192.168.235.12 dev lo" "cache" "local: to this host itself kernel agrees" \
		"10.0.1.13 from 192.168.235.12 dev enp5s0" "cache" "unicast: sent dev enp5s0 kernel agrees"
	agrees 4
}
