#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt explain: each cure is applied, and then a packet is sent, and its reply: both arrive.

# The scripts in single quotes are for the shell in the namespace.
# shellcheck disable=SC2016
load lib
load explain_lib

@test "rp_filter: a source behind a router is sent back to by the router" {
	host 'others
		strict enp5s0
		prt route add default via 192.168.235.1
		ask 10.0.1.12 from 8.8.8.8 iif enp5s0
		wire enp5s0 8.8.8.8 10.0.1.12
		cure 2 s/GATEWAY/10.0.1.1/
		wire enp5s0 8.8.8.8 10.0.1.12
		again'
	shows "DROPPED by rp_filter on enp5s0" "or prt route add 8.8.8.8 via GATEWAY dev enp5s0" \
		"+ prt route add 8.8.8.8 via 10.0.1.1 dev enp5s0" \
		"wire enp5s0: reply 10.0.1.12 > 8.8.8.8" "local: for this host"
	[ "$(grep -c ^wire <<<"$output")" = 1 ]
}

@test "rp_filter: loose lets it in, and the reply leaves as the route says" {
	host 'others
		strict enp5s0
		prt route add default via 192.168.235.1
		ask 10.0.1.12 from 8.8.8.8 iif enp5s0
		cure
		wire enp5s0 8.8.8.8 10.0.1.12'
	shows "+ sysctl -w net.ipv4.conf.enp5s0.rp_filter=2" "wire enp3s0: reply 10.0.1.12 > 8.8.8.8"
}

@test "rp_filter: a router that a route of the interface has is named" {
	host 'others
		strict enp5s0
		prt route add default via 192.168.235.1
		prt route add default via 10.0.1.1 table 105
		ask 10.0.1.12 from 8.8.8.8 iif enp5s0
		cure 2
		wire enp5s0 8.8.8.8 10.0.1.12'
	shows "+ prt route add 8.8.8.8 via 10.0.1.1 dev enp5s0" "wire enp5s0: reply 10.0.1.12 > 8.8.8.8"
}

@test "rp_filter: a source on the link needs no router; a route of its own is replaced" {
	host 'others
		strict enp5s0
		prt route add 10.0.1.9 dev enp3s0
		ask 10.0.1.12 from 10.0.1.9 iif enp5s0
		cure 2
		wire enp5s0 10.0.1.9 10.0.1.12'
	shows "+ prt route replace 10.0.1.9 dev enp5s0" "wire enp5s0: reply 10.0.1.12 > 10.0.1.9"
}

@test "rp_filter: the way back is made in the table that has it" {
	host 'others
		strict enp5s0
		prt rule add pref 100 to 8.0.0.0/8 lookup 77
		prt route add 8.0.0.0/8 via 192.168.235.1 table 77
		ask 10.0.1.12 from 8.8.8.8 iif enp5s0
		cure 2 s/GATEWAY/10.0.1.1/
		wire enp5s0 8.8.8.8 10.0.1.12'
	shows "+ prt route add 8.8.8.8 via 10.0.1.1 dev enp5s0 table 77" \
		"wire enp5s0: reply 10.0.1.12 > 8.8.8.8"
}

@test "rp_filter and no way back at all: the route comes first, for the reply needs it" {
	host 'others
		strict enp5s0
		ask 10.0.1.12 from 8.8.8.8 iif enp5s0
		cure 2
		wire enp5s0 8.8.8.8 10.0.1.12
		echoes
		again
		cure 1 s/GATEWAY/10.0.1.1/
		wire enp5s0 8.8.8.8 10.0.1.12
		again'
	shows "DROPPED by rp_filter on enp5s0" "cure prt route add 8.8.8.8 via GATEWAY dev enp5s0" \
		"or sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.enp5s0.rp_filter=0" \
		"+ sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.enp5s0.rp_filter=0" \
		"echoes 1 0" "local: for this host" "replies are lost: NO ROUTE to 8.8.8.8" \
		"+ prt route add 8.8.8.8 via 10.0.1.1" "wire enp5s0: reply 10.0.1.12 > 8.8.8.8" \
		"local: for this host"
	[ "$(grep -c '^wire\|replies' <<<"$output")" = 2 ]
}

@test "rp_filter: a rule that refuses the way back is no matter of a route" {
	host 'strict enp5s0
		prt rule add pref 100 to 8.0.0.0/8 prohibit
		prt route add default via 192.168.235.1
		ask 10.0.1.12 from 8.8.8.8 iif enp5s0
		cure 1
		cure 2
		again'
	shows "DROPPED by rp_filter on enp5s0" "cure sysctl" "and prt rule del priority 100" "local: for this host"
	[[ $output != *"route add"* && $output != *"replies are"* ]]
}

@test "rp_filter and a mark: src_valid_mark is a cure where the mark decides, and only there" {
	host 'others
		strict enp5s0
		prt route add default via 192.168.235.1
		prt rule add pref 100 fwmark 7 lookup 77
		ask 10.0.1.12 from 8.8.8.8 iif enp5s0 mark 7
		prt route add default via 10.0.1.1 table 77
		again
		cure
		again'
	shows "DROPPED by rp_filter" "cure sysctl -w net.ipv4.conf.enp5s0.rp_filter=2" \
		"DROPPED by rp_filter" "cure sysctl -w net.ipv4.conf.enp5s0.src_valid_mark=1" \
		"or sysctl -w net.ipv4.conf.enp5s0.rp_filter=2" \
		"+ sysctl -w net.ipv4.conf.enp5s0.src_valid_mark=1" "local: for this host"
	agrees 3
}

# both: a packet from enp5s0 to enp3s0, and its reply
both='both() {
	wire enp5s0 10.0.1.9 192.168.235.77
	wire enp3s0 192.168.235.77 10.0.1.9 84 reply
}
'

@test "forwarding off: each cure is for the replies, too" {
	host "$both"'others
		for n in 1 2; do
			sysctl -qw net.ipv4.ip_forward=1 # only a change of it is written to all
			sysctl -qw net.ipv4.ip_forward=0
			ask 192.168.235.77 from 10.0.1.9 iif enp5s0
			both
			cure $n
			both
			again
		done'
	shows "DROPPED: forwarding is off on enp5s0" \
		"+ sysctl -w net.ipv4.conf.enp5s0.forwarding=1 net.ipv4.conf.enp3s0.forwarding=1" \
		"wire enp3s0: request 10.0.1.9 > 192.168.235.77" \
		"wire enp5s0: reply 192.168.235.77 > 10.0.1.9" "unicast: forwarded dev enp3s0" \
		"DROPPED: forwarding is off" "+ sysctl -w net.ipv4.ip_forward=1" "wire enp3s0: request" \
		"wire enp5s0: reply" "unicast: forwarded"
	[ "$(grep -c '^wire' <<<"$output")" = 4 ]
	[[ $output != *replies\ \ * ]]
}

@test "forwarding off on one interface: ip_forward, which is 1, would change nothing" {
	host "$both"'others
		sysctl -qw net.ipv4.conf.enp5s0.forwarding=0
		ask 192.168.235.77 from 10.0.1.9 iif enp5s0
		cure
		both'
	shows "DROPPED: forwarding is off" "+ sysctl -w net.ipv4.conf.enp5s0.forwarding=1" \
		"wire enp3s0: request" "wire enp5s0: reply"
	[[ $output != *ip_forward=1* ]]
}

@test "forwarding off where the replies come in" {
	host "$both"'others
		sysctl -qw net.ipv4.conf.enp3s0.forwarding=0
		ask 192.168.235.77 from 10.0.1.9 iif enp5s0
		both
		prt -j explain "${question[@]}"
		cure
		both
		again'
	shows "unicast: forwarded dev enp3s0" "replies are lost: forwarding=0 on enp3s0" \
		"wire enp3s0: request" '"name":"replies"' \
		"+ sysctl -w net.ipv4.conf.enp3s0.forwarding=1" "wire enp3s0: request" "wire enp5s0: reply" \
		"unicast: forwarded"
	[ "$(grep -c '^wire' <<<"$output")" = 3 ]
	[ "$(grep -c 'replies' <<<"$output")" = 2 ]
	line=$(grep -n '^{' <<<"$output" | cut -d: -f1)
	[ "$(json $((line - 1)) '(d["notes"][0]["remedy"], d["remedy"], d["also"])')" = \
		"(['sysctl -w net.ipv4.conf.enp3s0.forwarding=1'], [], [])" ]
}

@test "replies without a route" {
	host 'others
		ask 192.168.235.77 from 8.8.8.8 iif enp5s0
		wire enp3s0 192.168.235.77 8.8.8.8 84 reply
		cure 1 s/GATEWAY/10.0.1.1/
		wire enp3s0 192.168.235.77 8.8.8.8 84 reply
		again'
	shows "unicast: forwarded dev enp3s0" "replies are lost: NO ROUTE to 8.8.8.8" \
		"wire enp3s0: ICMP 3/0" "+ prt route add 8.8.8.8 via 10.0.1.1" "wire enp5s0: reply 192.168.235.77 > 8.8.8.8" \
		"unicast: forwarded"
	[ "$(grep -c '^wire\|replies' <<<"$output")" = 3 ]
}

@test "forwarding off, and a strict rp_filter behind it: both are named at once" {
	host 'others
		strict enp5s0
		prt route add default via 192.168.235.1
		sysctl -qw net.ipv4.ip_forward=0
		ask 192.168.235.77 from 8.8.8.8 iif enp5s0
		prt -j explain "${question[@]}"
		cure 1
		cure 3
		wire enp5s0 8.8.8.8 192.168.235.77
		wire enp3s0 192.168.235.77 8.8.8.8 84 reply
		again'
	shows "DROPPED: forwarding is off" "and sysctl -w net.ipv4.conf.enp5s0.rp_filter=2" \
		"wire enp3s0: request 8.8.8.8 > 192.168.235.77" "wire enp3s0: reply 192.168.235.77 > 8.8.8.8" \
		"unicast: forwarded"
	line=$(grep -n '^{' <<<"$output" | cut -d: -f1)
	[ "$(json $((line - 1)) '(d["remedy"], d["also"])')" = \
		"(['sysctl -w net.ipv4.conf.enp5s0.forwarding=1 net.ipv4.conf.enp3s0.forwarding=1', 'sysctl -w net.ipv4.ip_forward=1'], ['sysctl -w net.ipv4.conf.enp5s0.rp_filter=2'])" ]
}

@test "a martian source of this host: accept_local, and rp_filter where it is strict" {
	host 'others
		strict enp5s0
		ask 10.0.1.12 from 192.168.235.14 iif enp5s0
		echoes >/dev/null
		cure 1
		wire enp5s0 192.168.235.14 10.0.1.12
		echoes
		cure 2
		wire enp5s0 192.168.235.14 10.0.1.12
		echoes
		again'
	shows "DROPPED: martian source 192.168.235.14 on enp5s0" \
		"cure sysctl -w net.ipv4.conf.enp5s0.accept_local=1" "or if another host has the address" \
		"and sysctl -w net.ipv4.conf.enp5s0.rp_filter=2" "echoes 0 0" "echoes 1 1" \
		"local: for this host"
}

@test "martian loopback: route_localnet where it comes in, and where the reply leaves" {
	host 'others
		ask 127.0.0.1 from 10.0.1.9 iif enp5s0
		wire enp5s0 10.0.1.9 127.0.0.1
		cure
		wire enp5s0 10.0.1.9 127.0.0.1
		sysctl -qw net.ipv4.conf.enp5s0.route_localnet=0
		prt route add 10.0.1.9 via 192.168.235.1
		again
		cure 1
		wire enp5s0 10.0.1.9 127.0.0.1
		cure 2
		wire enp5s0 10.0.1.9 127.0.0.1
		again'
	shows "DROPPED: martian destination 127.0.0.1 on enp5s0" \
		"+ sysctl -w net.ipv4.conf.enp5s0.route_localnet=1" "wire enp5s0: reply 127.0.0.1 > 10.0.1.9" \
		"DROPPED: martian destination 127.0.0.1 on enp5s0" \
		"cure sysctl -w net.ipv4.conf.enp5s0.route_localnet=1" \
		"and sysctl -w net.ipv4.conf.enp3s0.route_localnet=1" \
		"wire enp3s0: reply 127.0.0.1 > 10.0.1.9" "local: for this host"
	[ "$(grep -c '^wire' <<<"$output")" = 2 ]
}

@test "a martian source that is 127.0.0.1: both settings" {
	host 'ask 10.0.1.12 from 127.0.0.1 iif enp5s0
		echoes >/dev/null
		cure 1
		wire enp5s0 127.0.0.1 10.0.1.12
		echoes
		cure 2
		wire enp5s0 127.0.0.1 10.0.1.12
		echoes'
	shows "DROPPED: martian source 127.0.0.1 on enp5s0" "and sysctl -w net.ipv4.conf.enp5s0.accept_local=1" \
		"echoes 0 0" "echoes 1 1"
}

@test "IPv6: forwarding is of all interfaces" {
	host 'ip addr add 2001:db8:3::1/64 dev enp3s0 nodad
		ip addr add 2001:db8:5::1/64 dev enp5s0 nodad
		ip neigh add 2001:db8:3::7 lladdr $them dev enp3s0
		ip neigh add 2001:db8:5::9 lladdr $them dev enp5s0
		ask 2001:db8:3::7 from 2001:db8:5::9 iif enp5s0
		wire enp5s0 2001:db8:5::9 2001:db8:3::7
		cure
		wire enp5s0 2001:db8:5::9 2001:db8:3::7
		wire enp3s0 2001:db8:3::7 2001:db8:5::9 84 reply'
	shows "DROPPED: forwarding is off" "+ sysctl -w net.ipv6.conf.all.forwarding=1" \
		"wire enp3s0: request" "wire enp5s0: reply"
	[ "$(grep -c '^wire' <<<"$output")" = 2 ]
}

@test "a link that is down: up again, both ways" {
	host 'others
		ip link set enp3s0 down
		ask 192.168.235.77 from 10.0.1.9 iif enp5s0
		cure
		carrier enp3s0
		others
		wire enp5s0 10.0.1.9 192.168.235.77
		wire enp3s0 192.168.235.77 10.0.1.9 84 reply'
	shows "NO ROUTE to 192.168.235.77" "+ ip link set enp3s0 up" "wire enp3s0: request" \
		"wire enp5s0: reply"
}

# There and back between 10.0.1.9 and 8.8.8.8, which is behind 192.168.235.1.
far='far() {
	wire enp5s0 10.0.1.9 8.8.8.8
	wire enp3s0 8.8.8.8 10.0.1.9 84 reply
}
'

@test "no route, a route that refuses, a rule that refuses: forwarded, both ways" {
	host "$far"'others
		ask 8.8.8.8 from 10.0.1.9 iif enp5s0
		cure 1 s/GATEWAY/192.168.235.1/
		far
		prt route replace default via 192.168.235.1
		prt route del 8.8.8.8
		for type in blackhole prohibit unreachable; do
			prt route add $type 8.8.8.0/24
			again
			cure
			far
			prt rule add pref 70 to 8.0.0.0/8 $type
			again
			cure
			far
		done'
	shows "NO ROUTE to 8.8.8.8" "+ prt route add 8.8.8.8 via 192.168.235.1" \
		"wire enp3s0: request" "wire enp5s0: reply" \
		"+ prt route del blackhole 8.8.8.0/24 table main" "wire enp3s0: request" "wire enp5s0: reply" \
		"+ prt rule del priority 70 from all to 8.0.0.0/8 blackhole" "wire enp3s0: request" \
		"wire enp5s0: reply"
	[ "$(grep -c ^wire <<<"$output")" = 14 ]
}

@test "a source that is given to this host: sent, and the reply is received" {
	host 'others
		ask 10.0.1.9 from 10.0.1.77
		cure 1 s/DEV/enp5s0/
		again
		wire enp5s0 10.0.1.9 10.0.1.77'
	shows "REFUSED: source 10.0.1.77" "+ ip address add 10.0.1.77 dev enp5s0" "unicast: sent" \
		"wire enp5s0: reply 10.0.1.77 > 10.0.1.9"
}
