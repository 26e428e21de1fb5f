#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt explain: the checks that the kernel makes beside the lookup, and their cures.

# The scripts in single quotes are for the shell in the namespace.
# shellcheck disable=SC2016
load lib
load explain_lib

@test "rp_filter strict, from all: the cure is the interface's own value" {
	host 'strict all
		ask 10.0.1.12 from 192.168.235.13 iif enp5s0
		cure
		again'
	shows "DROPPED by rp_filter on enp5s0 kernel agrees (E" "0 from all lookup local local 10.0.1.12/32 dev enp5s0" \
		"way back 192.168.235.13: main 192.168.235.0/24 dev enp3s0, not enp5s0" \
		"rp_filter 1, strict: the larger of all=1 and enp5s0=0" \
		"because the route back leaves by another interface" \
		"+ sysctl -w net.ipv4.conf.enp5s0.rp_filter=2" "local: for this host kernel agrees"
}

@test "the cures name an interface with a dot as sysctl takes it" {
	host 'ip link add enp5s0.7 type veth peer name p7
		ip link set p7 up
		ip link set enp5s0.7 up
		ip addr add 10.0.7.1/24 dev enp5s0.7
		sysctl -qw net.ipv4.conf.enp5s0/7.rp_filter=1
		ask 10.0.7.1 from 192.168.235.13 iif enp5s0.7
		cure
		again
		ask 10.0.7.1 from 8.8.8.8 iif enp5s0.7
		cure 2
		again'
	shows "DROPPED by rp_filter on enp5s0.7 kernel agrees (E" \
		"+ sysctl -w net.ipv4.conf.enp5s0/7.rp_filter=2" "local: for this host kernel agrees" \
		"DROPPED by rp_filter on enp5s0.7 kernel agrees (E" \
		"+ sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.enp5s0/7.rp_filter=0" \
		"local: for this host kernel agrees"
}

@test "rp_filter strict: or the way back is made to leave by the same interface" {
	host 'strict enp5s0
		ask 10.0.1.12 from 192.168.235.13 iif enp5s0
		cure 2 s/GATEWAY/10.0.1.1/
		again'
	shows "DROPPED by rp_filter on enp5s0 kernel agrees (E" "rp_filter 1, strict: the larger of all=0 and enp5s0=1" \
		"+ prt route add 192.168.235.13 via 10.0.1.1 dev enp5s0" "local: for this host kernel agrees"
}

@test "rp_filter loose: any route back will do, but there must be one" {
	host 'sysctl -qw net.ipv4.conf.all.rp_filter=2
		ask 10.0.1.12 from 192.168.235.13 iif enp5s0
		ask 10.0.1.12 from 8.8.8.8 iif enp5s0
		cure 2
		again'
	shows "local: for this host kernel agrees" \
		"DROPPED by rp_filter on enp5s0 kernel agrees (E" "way back 8.8.8.8: no route" \
		"rp_filter 2, loose: the larger of all=2 and enp5s0=0" \
		"because there is no route back to the source" \
		"+ sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.enp5s0.rp_filter=0" \
		"local: for this host kernel agrees"
}

@test "rp_filter: the larger of all and the interface counts, loose hides strict" {
	host 'sysctl -qw net.ipv4.conf.all.rp_filter=2 net.ipv4.conf.enp5s0.rp_filter=1
		ask -d 10.0.1.12 from 192.168.235.13 iif enp5s0'
	shows "local: for this host kernel agrees" "rp_filter 2, loose: the larger of all=2 and enp5s0=1"
}

@test "rp_filter: a blackhole for the source is no way back" {
	host 'strict enp5s0
		prt route add blackhole 172.16.0.0/12
		ask 10.0.1.12 from 172.16.1.1 iif enp5s0'
	shows "DROPPED by rp_filter on enp5s0 kernel agrees (E" \
		"way back 172.16.1.1: main blackhole 172.16.0.0/12" "because there is no route back"
}

@test "src_valid_mark: the way back of a marked packet is looked up with its mark" {
	host 'strict enp5s0
		prt route add 9.0.0.0/8 dev enp3s0
		prt route add 9.0.0.0/8 dev enp5s0 table 100
		prt rule add pref 100 fwmark 7 table 100
		ask 10.0.1.12 from 9.9.9.9 iif enp5s0 mark 7
		cure
		again'
	shows "DROPPED by rp_filter on enp5s0 kernel agrees (E" "way back 9.9.9.9: main 9.0.0.0/8 dev enp3s0, not enp5s0" \
		"+ sysctl -w net.ipv4.conf.enp5s0.src_valid_mark=1" "local: for this host kernel agrees"
}

@test "accept_local: a packet that says it comes from this host" {
	host 'ask 10.0.1.12 from 192.168.235.14 iif enp5s0
		cure
		again'
	shows "DROPPED: martian source 192.168.235.14 on enp5s0 kernel agrees (EINVAL)" \
		"accept_local 0: either of all=0 and enp5s0=0" \
		"because the source is an address of this host itself" \
		"+ sysctl -w net.ipv4.conf.enp5s0.accept_local=1" "local: for this host kernel agrees"
}

@test "route_localnet: 127.0.0.0/8 as a destination, and as a source" {
	host 'for q in "127.0.0.1 from 10.0.1.9" "10.0.1.12 from 127.0.0.2"; do
			ask $q iif enp5s0
			cure
			again
			sysctl -qw net.ipv4.conf.enp5s0.route_localnet=0
		done'
	shows "DROPPED: martian destination 127.0.0.1 on enp5s0 kernel agrees (EINVAL)" \
		"route_localnet 0: either of all=0 and enp5s0=0" "because a loopback destination from outside" \
		"+ sysctl -w net.ipv4.conf.enp5s0.route_localnet=1" "local: for this host kernel agrees" \
		"DROPPED: martian source 127.0.0.2 on enp5s0 kernel agrees (EINVAL)" \
		"because a loopback source outside lo" "+ sysctl -w net.ipv4.conf.enp5s0.route_localnet=1"
	agrees 4
}

@test "martian sources that nothing cures: multicast, broadcast, a network's broadcast, none" {
	host 'strict enp5s0
		ask 10.0.1.12 from 224.1.1.1 iif enp5s0
		ask 10.0.1.12 from 255.255.255.255 iif enp5s0
		ask 10.0.1.12 from 10.0.1.255 iif enp5s0
		ask 10.0.1.12 from 0.0.0.0 iif enp5s0'
	shows "DROPPED: martian source 224.1.1.1 on enp5s0 kernel agrees (EINVAL)" \
		"because a multicast or broadcast address is nobody's source" \
		"DROPPED: martian source 255.255.255.255 on enp5s0 kernel agrees (EINVAL)" \
		"DROPPED: martian source 10.0.1.255 on enp5s0 kernel agrees (EINVAL)" \
		"way back 10.0.1.255: broadcast 10.0.1.255/32 dev enp5s0" \
		"because the route back to the source is not to a host" \
		"DROPPED: martian source 0.0.0.0 on enp5s0 kernel agrees (EINVAL)" \
		"because the packet has no source address"
	[[ $output != *"cure     sysctl"* ]]
}

@test "martian destinations: none, and a group that the interface has not joined" {
	host 'ask 0.0.0.0 from 10.0.1.9 iif enp5s0
		ask 224.0.0.5 from 10.0.1.9 iif enp5s0
		ask 224.0.0.1 from 10.0.1.9 iif enp5s0'
	shows "DROPPED: martian destination 0.0.0.0 on enp5s0 kernel agrees (EINVAL)" \
		"because the packet has no destination" \
		"DROPPED: martian destination 224.0.0.5 on enp5s0 kernel agrees (EINVAL)" \
		"because the interface has not joined the group" \
		"multicast: received kernel agrees" "no lookup the interface has joined the group"
}

@test "broadcast: of the network, of everybody, in and out" {
	host 'ask 10.0.1.255 from 10.0.1.9 iif enp5s0
		ask 255.255.255.255 from 10.0.1.9 iif enp5s0
		ask 10.0.1.255
		ask 255.255.255.255 oif enp3s0
		ask 255.255.255.255'
	shows "broadcast: received kernel agrees" "broadcast 10.0.1.255/32 dev enp5s0" \
		"broadcast: received kernel agrees" "no lookup 255.255.255.255 is everybody on the link" \
		"broadcast dev enp5s0 from 10.0.1.12 kernel agrees" \
		"broadcast dev enp3s0 from 192.168.235.14 kernel agrees" \
		"NO ROUTE to 255.255.255.255 kernel agrees (ENETUNREACH)" \
		"cure a broadcast goes out by an interface that is named: oif DEV"
	[[ $output != *GATEWAY* ]]
}

@test "multicast out: a route without a gateway is the cure" {
	host 'ask 239.1.2.3
		cure 1 "s/DEV/enp5s0/"
		again'
	shows "NO ROUTE to 239.1.2.3 kernel agrees (ENETUNREACH)" "+ prt route add 224.0.0.0/4 dev enp5s0" \
		"multicast dev enp5s0 from 10.0.1.12 kernel agrees"
}

@test "forwarding off: on the interface, and the cure switches it on there" {
	host 'sysctl -qw net.ipv4.ip_forward=0
		ask 192.168.235.77 from 10.0.1.9 iif enp5s0
		cure
		again'
	shows "DROPPED: forwarding is off on enp5s0 kernel agrees (EHOSTUNREACH)" "forwarding 0 on enp5s0" \
		"+ sysctl -w net.ipv4.conf.enp5s0.forwarding=1" "unicast: forwarded dev enp3s0 kernel agrees"
}

@test "forwarding off before a rule that prohibits: both are named, both must be cured" {
	host 'sysctl -qw net.ipv4.ip_forward=0
		prt rule add pref 50 to 192.168.235.64/26 prohibit
		ask 192.168.235.77 from 10.0.1.9 iif enp5s0
		cure 1
		prt explain "${question[@]}"
		cure 3
		again'
	shows "DROPPED: forwarding is off on enp5s0, and PROHIBITED by rule 50 kernel agrees (EHOSTUNREACH)" \
		"50 from all to 192.168.235.64/26 prohibit matches" "forwarding 0 on enp5s0" \
		"cure sysctl -w net.ipv4.conf.enp5s0.forwarding=1" \
		"and prt rule del priority 50 from all to 192.168.235.64/26 prohibit" \
		"+ sysctl -w net.ipv4.conf.enp5s0.forwarding=1" \
		"PROHIBITED by rule 50 kernel agrees (EACCES)" "+ prt rule del priority 50" \
		"unicast: forwarded dev enp3s0 kernel agrees"
}

@test "forwarding off and no way on: both are named" {
	host 'sysctl -qw net.ipv4.ip_forward=0
		ask 8.8.8.8 from 10.0.1.9 iif enp5s0'
	shows "DROPPED: forwarding is off on enp5s0, and NO ROUTE to 8.8.8.8 kernel agrees (EHOSTUNREACH)" \
		"and prt route add 8.8.8.8 via GATEWAY"
}
