#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt explain: which route of a table, which of its nexthops, and what they do.

# The scripts in single quotes are for the shell in the namespace.
# shellcheck disable=SC2016
load lib
load explain_lib

@test "blackhole, prohibit, unreachable by a route: three errors, and the cure takes it away" {
	host 'for type in blackhole prohibit unreachable; do
			prt route add $type 192.168.235.64/27
			ask 192.168.235.77
			cure
			again
		done'
	shows "BLACKHOLE by route 192.168.235.64/27 in table main kernel agrees (EINVAL)" \
		"32766 from all lookup main blackhole 192.168.235.64/27" \
		"+ prt route del blackhole 192.168.235.64/27 table main" \
		"unicast: sent dev enp3s0" \
		"PROHIBITED by route 192.168.235.64/27 in table main kernel agrees (EACCES)" \
		"unicast: sent dev enp3s0" \
		"UNREACHABLE by route 192.168.235.64/27 in table main kernel agrees (EHOSTUNREACH)" \
		"unicast: sent dev enp3s0"
	agrees 6
}

@test "the longest prefix wins, then the tos, then the least metric" {
	host 'prt route add 30.0.0.0/8 via 10.0.1.1
		prt route add 30.1.0.0/16 via 192.168.235.1 metric 20
		prt route add 30.1.0.0/16 via 192.168.235.2 metric 10
		prt route add 30.1.0.0/16 tos 0x10 via 192.168.235.3 metric 30
		ask 30.2.0.1
		ask 30.1.0.1
		ask 30.1.0.1 tos 0x10'
	shows "30.0.0.0/8 via 10.0.1.1 dev enp5s0" \
		"30.1.0.0/16 via 192.168.235.2 dev enp3s0 metric 10" \
		"30.1.0.0/16 tos 0x10 via 192.168.235.3 dev enp3s0 metric 30"
	agrees 3
}

@test "several nexthops: each with its weight, and the one that the kernel took" {
	host 'prt route add 20.0.0.0/8 nexthop via 192.168.235.1 weight 3 nexthop via 10.0.1.1
		ask 20.0.0.1
		for i in $(seq 40); do echo 20.0.0.$i; done | prt explain --batch -'
	shows "unicast: sent via" "nexthops via 192.168.235.1 dev enp3s0 weight 3: " \
		" via 10.0.1.1 dev enp5s0 weight 1: "
	[ "$(grep -c ': taken, by a hash of the flow$' <<<"$output")" = 1 ]
	[ "$(grep -c ': for other flows$' <<<"$output")" = 1 ]
	agrees 41
	# both are met, and the headline is the one that was taken
	[[ $output == *"sent via 192.168.235.1 dev enp3s0 from"* && $output == *"sent via 10.0.1.1 dev enp5s0 from"* ]]
	taken=$(sed -nE 's/^.*(via .* dev [^ ]*) weight.*: taken.*/\1/p' <<<"$output")
	[[ ${lines[0]} == "unicast: sent $taken from "* ]]
}

@test "a nexthop whose link is down is dead" {
	host 'prt route add 20.0.0.0/8 nexthop via 192.168.235.1 nexthop via 10.0.1.1
		ip link set enp3s0 down
		ask 20.0.0.1'
	shows "unicast: sent via 10.0.1.1 dev enp5s0 from 10.0.1.12 kernel agrees" \
		"nexthops via 192.168.235.1 dev enp3s0 weight 1: dead, its link is down" \
		"via 10.0.1.1 dev enp5s0 weight 1: taken, by a hash of the flow"
}

@test "no carrier: the route is used all the same, unless ignore_routes_with_linkdown" {
	host 'prt route add 30.0.0.0/8 via 192.168.235.1 metric 5
		prt route add 30.0.0.0/8 via 10.0.1.1 metric 9
		carrier_gone enp3s0
		ask 30.0.0.1
		sysctl -qw net.ipv4.conf.enp3s0.ignore_routes_with_linkdown=1
		again'
	shows "unicast: sent via 192.168.235.1 dev enp3s0 from 192.168.235.14 kernel agrees" \
		"unicast: sent via 10.0.1.1 dev enp5s0 from 10.0.1.12 kernel agrees" \
		"30.0.0.0/8 via 10.0.1.1 dev enp5s0 metric 9" \
		"30.0.0.0/8 via 192.168.235.1 dev enp3s0 metric 5: passed over, no carrier, ignore_routes_with_linkdown"
}

@test "no carrier and nothing else: the cure is the link" {
	host 'prt route add 30.0.0.0/8 via 192.168.235.1
		sysctl -qw net.ipv4.conf.all.ignore_routes_with_linkdown=1
		carrier_gone enp3s0
		ask 30.0.0.1
		ip link set p3 up
		until prt explain 30.0.0.1 | grep -q "^unicast" || [ $((i++)) -gt 50 ]; do sleep .05; done
		again'
	shows "NO ROUTE to 30.0.0.1 kernel agrees (ENETUNREACH)" \
		"30.0.0.0/8 via 192.168.235.1 dev enp3s0: passed over, no carrier, ignore_routes_with_linkdown" \
		"cure bring back the link of the route that was passed over" \
		"unicast: sent via 192.168.235.1 dev enp3s0 from 192.168.235.14 kernel agrees"
}

@test "no carrier, then ignore_routes_with_linkdown: of several nexthops it is still taken" {
	host 'prt route add 20.0.0.0/8 nexthop via 192.168.235.1 nexthop via 10.0.1.1
		carrier_gone enp3s0
		sysctl -qw net.ipv4.conf.all.ignore_routes_with_linkdown=1
		for i in $(seq 40); do echo 20.0.0.$i; done | prt explain --batch -
		for i in $(seq 40); do
			ask 20.0.0.$i >stale
			! grep taken, stale | grep enp3s0 || break
		done'
	agrees 40
	shows "via 192.168.235.1 dev enp3s0 weight 1: taken, no carrier: ignore_routes_with_linkdown came after it went"
}

@test "onlink: the gateway is on no network of the link" {
	host 'prt route add 40.0.0.0/8 via 10.9.9.9 dev enp3s0 onlink
		ask 40.1.1.1'
	shows "unicast: sent via 10.9.9.9 dev enp3s0 from 192.168.235.14 kernel agrees" \
		"32766 from all lookup main 40.0.0.0/8 via 10.9.9.9 dev enp3s0 onlink"
}

@test "src: the hint of a route is the source of what leaves by it" {
	host 'ip addr add 10.0.1.13/32 dev enp5s0
		prt route add 41.0.0.0/8 via 10.0.1.1 src 10.0.1.13
		ask 41.1.1.1
		ask 10.0.1.1'
	shows "unicast: sent via 10.0.1.1 dev enp5s0 from 10.0.1.13 kernel agrees" \
		"41.0.0.0/8 via 10.0.1.1 dev enp5s0 src 10.0.1.13" \
		"unicast: sent dev enp5s0 from 10.0.1.12 kernel agrees"
}

@test "a source that is not ours is refused before any rule is asked" {
	host 'ask 10.0.1.77 from 8.8.8.8
		ip addr add 8.8.8.8 dev enp5s0
		again'
	shows "REFUSED: source 8.8.8.8 kernel agrees (ENETUNREACH)" \
		"because the source is no address of this host" \
		"cure if the packet comes in from elsewhere, ask with iif DEV" \
		"or ip address add 8.8.8.8 dev DEV" "unicast: sent dev enp5s0 kernel agrees"
}

@test "oif: only routes by that link count, and without one it is taken as on the link" {
	host 'prt route add 9.0.0.0/8 via 10.0.1.1
		ask 9.9.9.9 oif enp5s0
		ask 9.9.9.9 oif enp3s0'
	shows "unicast: sent via 10.0.1.1 dev enp5s0 from 10.0.1.12 kernel agrees" \
		"unicast: sent dev enp3s0 from 192.168.235.14 kernel agrees" \
		"because nothing was found, but the interface was named: taken as on its link"
}

@test "a local route makes any address ours" {
	host 'prt route add local 50.0.0.0/8 dev lo
		ask 50.1.2.3'
	shows "local: to this host itself" "local 50.0.0.0/8 dev lo"
	agrees 1
}

@test "several nexthops offline: nobody says which one the kernel takes" {
	host 'prt route add 20.0.0.0/8 nexthop via 192.168.235.1 nexthop via 10.0.1.1
		prt snapshot host.json
		prt explain --file host.json 20.0.0.1'
	shows "nexthops via 192.168.235.1 dev enp3s0 weight 1: taken or not, by a hash of the flow" \
		"via 10.0.1.1 dev enp5s0 weight 1: taken or not, by a hash of the flow"
}
