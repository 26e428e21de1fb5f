#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt nat and the module's generic netlink: what is not in ../prt_nat.bats.
# shellcheck disable=SC2154 # stderr comes from run
load ../lib
load ../prt_nat

# c - r - s; s has 10.0.0.1 to .3, and what c sends to 198.51.100.0/24 goes to r
three_hosts() {
	namespaces c s
	veth c e 203.0.113.1/24 r o 203.0.113.254/24
	veth r i 10.0.0.254/24 s e 10.0.0.1/24,10.0.0.2/24,10.0.0.3/24
	ip -n c route add default via 203.0.113.254
	ip -n s route add default via 10.0.0.254
	sysctls r net.ipv4.ip_forward=1
}

pings() {	# FROM TO
	at "$1" busybox ping -c 1 -W 3 "$2"
}

@test "who may not change it, may read it; namespaces are apart" {
	nat add dst 198.51.100.1 to 10.0.0.1
	run -2 --separate-stderr at r setpriv --reuid=65534 --clear-groups prt nat add dst 198.51.100.2 to 10.0.0.2
	[[ $stderr == *"not permitted"* ]]
	run -2 at r setpriv --reuid=65534 --clear-groups prt nat flush
	at r setpriv --reuid=65534 --clear-groups prt nat list
	# root of a user namespace, over another one's network
	run -2 at r unshare -Ur prt nat flush
	namespaces q
	[[ -z $(at q prt nat list) ]]
	at q prt nat add dst 198.51.100.1 to 10.0.0.7
	at q unshare -Urn prt nat add dst 198.51.100.1 to 10.0.0.8	# its own
	[[ $(nat list) == "dst 198.51.100.1 to 10.0.0.1" ]]
	[[ $(at q prt nat list) == "dst 198.51.100.1 to 10.0.0.7" ]]
}

@test "prefixes: real traffic both ways, the longest wins" {
	three_hosts
	nat add dst 198.51.100.0/24 to 10.0.0.0/24
	nat add dst 198.51.100.1 to 10.0.0.3
	pings c 198.51.100.2
	pings c 198.51.100.1
	at r prt -s -j nat list | jq -e '[.[].stats | .dst.packets, .src.packets] == [1, 1, 1, 1]'
	background s python3 -c 'import socket
k = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); k.bind(("10.0.0.2", 7))
while True: k.sendto(*k.recvfrom(99))'
	wait_for 20 eval 'at s ss -Hlun sport = 7 | grep -q .'
	at c timeout 10 python3 -c 'import socket
k = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); k.settimeout(5)
k.connect(("198.51.100.2", 7)); k.send(b"hello"); assert k.recv(99) == b"hello"'
	nat replace dst 198.51.100.0/24 to 10.0.9.0/24
	run ! pings c 198.51.100.2
	nat delete dst 198.51.100.1 to 10.0.0.3
	run ! pings c 198.51.100.1
}

@test "a mapping of an interface: its traffic alone, by any name, until it goes" {
	three_hosts
	run -1 nat add dst 198.51.100.1 to 10.0.0.1 dev nothere
	nat add dst 198.51.100.1 to 10.0.0.1 dev i
	run ! pings c 198.51.100.1
	nat flush
	nat add dst 198.51.100.1 to 10.0.0.1 dev o
	nat add dst 198.51.100.2 to 10.0.0.2
	pings c 198.51.100.1
	ip -n r link set o down
	ip -n r link set o name out
	ip -n r link set out up
	ip -n r route add default via 203.0.113.1
	wait_for 10 pings c 198.51.100.1
	[[ $(nat list dev out) == "dst 198.51.100.1 to 10.0.0.1 dev out" ]]
	ip -n c link delete e
	[[ $(nat list) == "dst 198.51.100.2 to 10.0.0.2" ]]
}

@test "many mappings: restored, listed, flushed in no time" {
	mappings 0 100000 >"$BATS_TEST_TMPDIR/many"
	SECONDS=0
	nat restore --replace "$BATS_TEST_TMPDIR/many"
	echo "restored: $SECONDS s" >&2
	nat save | sed '1d;$d' | cmp - "$BATS_TEST_TMPDIR/many"
	echo "saved: $SECONDS s" >&2
	mappings 100000 2000 | nat restore
	echo "added some: $SECONDS s" >&2
	[[ $(at r prt -j nat stats | jq '.. | .mappings? // empty') == 102000 ]]
	nat flush
	echo "flushed: $SECONDS s" >&2
	((SECONDS < 60))
}

@test "the table's limit" {
	echo 10 >/sys/module/static_nat/parameters/max_mappings
	mappings 0 10 | nat restore
	run -2 --separate-stderr nat add dst 198.51.100.1 to 10.0.0.1
	[[ $stderr == *"max_mappings"* ]]
	mappings 0 11 >"$BATS_TEST_TMPDIR/f"
	run -2 nat restore --replace "$BATS_TEST_TMPDIR/f"
	[[ $(nat list | wc -l) == 10 ]]
}

@test "what is malformed is refused and changes nothing" {
	at r python3 "$LAB_TOP/tests/lab/nat_netlink.py"
}

@test "without the module, and without a file of it, that is what is said" {
	rmmod static_nat
	run -1 --separate-stderr nat list
	[[ $stderr == *"the module static_nat is not there, and cannot be loaded"* ]]
	run -2 --separate-stderr at r prt route add nat 198.51.100.4 via 10.0.0.4
	[[ $stderr == *"static_nat"* ]]
	load_static_nat
}
