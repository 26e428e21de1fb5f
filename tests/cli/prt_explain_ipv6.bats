#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt explain on IPv6, on the host of explain_lib.bash with 2001:db8:3::14/64, fe80::3 on
# enp3s0 and 2001:db8:5::12/64, fe80::5 on enp5s0.

# The scripts in single quotes are for the shell in the namespace.
# shellcheck disable=SC2016
load lib
load explain_lib

host6() {
	host "ip -6 addr add fe80::3/64 dev enp3s0 nodad
		ip -6 addr add fe80::5/64 dev enp5s0 nodad
		ip -6 addr add 2001:db8:3::14/64 dev enp3s0 nodad
		ip -6 addr add 2001:db8:5::12/64 dev enp5s0 nodad
		sysctl -qw net.ipv6.conf.all.forwarding=1
		# the kernel makes the addresses' routes in its own time
		for _ in {1..200}; do
			[ \$(ip -6 route list table local type local | grep -cE 'enp[35]s0') -lt 4 ] || break
			sleep .02
		done
		$1"
}

@test "link-local: only the interface says which link" {
	host6 'ask fe80::9 oif enp3s0
		ask fe80::9 oif enp5s0'
	shows "unicast: sent dev enp3s0 from fe80::3 kernel agrees" "fe80::/64 dev enp3s0 metric 256" \
		"unicast: sent dev enp5s0 from fe80::5 kernel agrees" "fe80::/64 dev enp5s0 metric 256"
	agrees 2
}

@test "multicast: out by the interface that is named, in for those who have joined" {
	host6 'ask ff02::1 oif enp5s0
		ask ff02::1 from fe80::9 iif enp5s0
		ask ff02::99 from fe80::9 iif enp5s0'
	shows "multicast dev enp5s0 from fe80::5 kernel agrees" "0 from all lookup local multicast ff00::/8 dev enp5s0" \
		"multicast: received kernel agrees" "multicast: for others, not joined here kernel agrees"
}

@test "blackhole, prohibit, unreachable and throw, by route, with the cure" {
	host6 'prt -6 route add throw 2001:db8:9::/48 table 100
		prt -6 rule add pref 100 table 100
		for type in blackhole prohibit unreachable; do
			prt -6 route add $type 2001:db8:9::/48
			ask 2001:db8:9::1
			cure
			again
		done'
	shows "BLACKHOLE by route 2001:db8:9::/48 in table main kernel agrees (EINVAL)" \
		"100 from all lookup 100 throw 2001:db8:9::/48" "+ prt -6 route del blackhole 2001:db8:9::/48 table main" \
		"NO ROUTE to 2001:db8:9::1 kernel agrees (ENETUNREACH)" \
		"PROHIBITED by route 2001:db8:9::/48 in table main kernel agrees (EACCES)" "NO ROUTE" \
		"UNREACHABLE by route 2001:db8:9::/48 in table main kernel agrees (EHOSTUNREACH)" "NO ROUTE"
	agrees 6
}

@test "blackhole, prohibit, unreachable by a rule, with the cure" {
	host6 'for action in blackhole prohibit unreachable; do
			prt -6 rule add pref 100 to 2001:db8:3::/64 $action
			ask 2001:db8:3::77
			cure
			again
		done'
	shows "BLACKHOLE by rule 100 kernel agrees (EINVAL)" \
		"+ prt -6 rule del priority 100 from all to 2001:db8:3::/64 blackhole" "unicast: sent dev enp3s0" \
		"PROHIBITED by rule 100 kernel agrees (EACCES)" "unicast: sent dev enp3s0" \
		"by rule 100 kernel agrees (E" "unicast: sent dev enp3s0"
	agrees 6
}

@test "goto, suppress_prefixlength, suppress_ifgroup, fwmark, ports, not" {
	host6 'ip link set enp5s0 group 7
		prt -6 route add default via 2001:db8:3::1
		prt -6 rule add pref 90 fwmark 0x10/0xf0 prohibit
		prt -6 rule add pref 91 ipproto tcp dport 8000-8081 prohibit
		prt -6 rule add pref 100 not to 2001:db8:3::/64 goto 300
		prt -6 rule add pref 200 blackhole
		prt -6 rule add pref 300 table main suppress_prefixlength 0
		prt -6 rule add pref 400 unreachable
		ask 2001:db8:5::77 mark 0x1f
		ask 2001:db8:5::77 ipproto tcp sport 9 dport 8081
		ask 2001:db8:3::77
		ask 2001:db8:9::1
		prt -6 rule add pref 299 table main suppress_ifgroup 7
		ask 2001:db8:5::77'
	shows "PROHIBITED by rule 90" "PROHIBITED by rule 91" "BLACKHOLE by rule 200" "by rule 400" \
		"100 not from all to 2001:db8:3::/64 goto 300 goes on at 300" \
		"default via 2001:db8:3::1 dev enp3s0 metric 1024: turned away, its length 0 is not above 0" \
		"unicast: sent dev enp5s0 from 2001:db8:5::12 kernel agrees"
	agrees 5
}

@test "our own address, the subnet router's, loopback" {
	host6 'ask 2001:db8:5::12
		ask ::1
		ask 2001:db8:5:: from 2001:db8:5::9 iif enp5s0'
	shows "local: to this host itself from 2001:db8:5::12 kernel agrees" "local: to this host itself from ::1" \
		"anycast kernel agrees"
}

@test "forwarding off: the kernel's lookup does not ask, the packet is dropped" {
	host6 'sysctl -qw net.ipv6.conf.all.forwarding=0
		ask 2001:db8:3::77 from 2001:db8:5::9 iif enp5s0
		cure
		again'
	shows "DROPPED: forwarding is off on enp5s0 kernel agrees" "forwarding 0 on all interfaces" \
		"+ sysctl -w net.ipv6.conf.all.forwarding=1" "unicast: forwarded dev enp3s0 kernel agrees"
}

@test "force_forwarding: one interface forwards though all do not" {
	[ -e /proc/sys/net/ipv6/conf/all/force_forwarding ] || skip "a sysctl of Linux 6.17"
	host6 'sysctl -qw net.ipv6.conf.all.forwarding=0 net.ipv6.conf.enp5s0.force_forwarding=1
		ask 2001:db8:3::77 from 2001:db8:5::9 iif enp5s0
		ask 2001:db8:5::77 from 2001:db8:3::9 iif enp3s0'
	shows "unicast: forwarded dev enp3s0 kernel agrees" "DROPPED: forwarding is off on enp3s0 kernel agrees"
}

@test "several nexthops, no carrier, metric, onlink, src" {
	host6 'prt -6 route add 2001:db8:9::/48 nexthop via 2001:db8:3::1 weight 3 nexthop via 2001:db8:5::1
		prt -6 route add 2001:db8:a::/48 via 2001:db8:3::1 metric 5
		prt -6 route add 2001:db8:a::/48 via 2001:db8:5::1 metric 9
		prt -6 route add 2001:db8:b::/48 via 2001:db8:99::1 dev enp3s0 onlink
		ip -6 addr add 2001:db8:3::15/128 dev enp3s0 nodad
		prt -6 route add 2001:db8:c::/48 via 2001:db8:3::1 src 2001:db8:3::15
		ask 2001:db8:9::1
		ask 2001:db8:a::1
		ask 2001:db8:b::1
		ask 2001:db8:c::1
		carrier_gone enp3s0
		sysctl -qw net.ipv6.conf.enp3s0.ignore_routes_with_linkdown=1
		ask 2001:db8:a::1'
	shows "nexthops via 2001:db8:3::1 dev enp3s0 weight 3:" "via 2001:db8:5::1 dev enp5s0 weight 1:" \
		"2001:db8:a::/48 via 2001:db8:3::1 dev enp3s0 metric 5" \
		"2001:db8:b::/48 via 2001:db8:99::1 dev enp3s0 onlink metric 1024" \
		"unicast: sent via 2001:db8:3::1 dev enp3s0 from 2001:db8:3::15 kernel agrees" \
		"2001:db8:c::/48 via 2001:db8:3::1 dev enp3s0 src 2001:db8:3::15 metric 1024" \
		"unicast: sent via 2001:db8:5::1 dev enp5s0 from 2001:db8:5::12 kernel agrees" \
		"2001:db8:a::/48 via 2001:db8:3::1 dev enp3s0 metric 5: passed over, no carrier, ignore_routes_with_linkdown"
	agrees 5
}

@test "no carrier, then ignore_routes_with_linkdown: of several nexthops it may still be taken" {
	host6 'prt -6 route add 2001:db8:9::/48 nexthop via 2001:db8:3::1 nexthop via 2001:db8:5::1
		carrier_gone enp3s0
		sysctl -qw net.ipv6.conf.enp3s0.ignore_routes_with_linkdown=1
		for i in $(seq 40); do echo 2001:db8:9::$i; done | prt explain --batch -'
	agrees 40
}

@test "against the kernel: a random host" {
	run -0 unshare -rn env ORACLE6=1 python3 "$NP_TOP/tests/oracle6.py" "$NP_BUILD/prt" 5 500
	[ "${lines[-1]}" = "500 passed, 0 failed" ]
}
