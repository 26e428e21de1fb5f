#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt explain, each case in a network namespace of its own:
#
#        p3 (nothing behind) ==== enp3s0 192.168.235.14/24   rp_filter as the test says
#        p5 (nothing behind) ==== enp5s0 10.0.1.12/24

# The scripts in single quotes are for the shell in the namespace.
# shellcheck disable=SC2016
load lib

NS=$BATS_TEST_DIRNAME/explain_ns.bash

# Runs a script in a new namespace with the links above.
host() {
	run --separate-stderr unshare -rn bash -ec "source '$NS'; $1"
}

# The k-th object of JSON lines (from 0), through a jq-like path of python.
json() { # LINE EXPRESSION
	python3 -c 'import json, sys
d = json.loads(sys.argv[1].splitlines()[int(sys.argv[2])])
print(eval(sys.argv[3]))' "$output" "$1" "$2"
}

@test "the story: rp_filter is named with its setting and interface, and the remedy works" {
	host 'strict all enp5s0
		prt explain 10.0.1.12 from 192.168.235.13 iif enp5s0 | tee /tmp/explain.$$
		sh -c "$(sed -n "s/^cure  *\(sysctl [^ ]* [^ ]*\).*/\1/p" /tmp/explain.$$)" >&2
		rm -f /tmp/explain.$$
		prt explain 10.0.1.12 from 192.168.235.13 iif enp5s0'
	[ "$status" = 0 ]
	[[ ${lines[0]} == "DROPPED by rp_filter on enp5s0 "*"kernel agrees (E"* ]]
	[[ $output == *"way back"*"192.168.235.13: main 192.168.235.0/24 dev enp3s0, not enp5s0"* ]]
	[[ $output == *"rp_filter"*"1, strict: the larger of all=1 and enp5s0=1"* ]]
	[[ $output == *"cure     sysctl -w net.ipv4.conf.enp5s0.rp_filter=2 "* ]]
	[[ $output == *$'\nlocal: for this host '*"kernel agrees"* ]]
}

@test "the story as JSON" {
	host 'strict all; prt -j explain 10.0.1.12 from 192.168.235.13 iif enp5s0'
	[ "$(json 0 'd["verdict"]')" = rp_filter ]
	[ "$(json 0 'd["kernel"]["agrees"]')" = True ]
	[ "$(json 0 'd["errno"] == d["kernel"]["errno"]')" = True ]
	[ "$(json 0 'd["checks"][0]["decided_by"], d["checks"][0]["reverse_dev"]')" = "('all', 'enp3s0')" ]
	[ "$(json 0 'd["remedy"][0]')" = "sysctl -w net.ipv4.conf.enp5s0.rp_filter=2" ]
	[ "$(json 0 'd["route"]')" = None ]
}

@test "the setting comes from the interface alone: it is named" {
	host 'strict enp5s0; prt -j explain 10.0.1.12 from 192.168.235.13 iif enp5s0'
	[ "$(json 0 'd["verdict"], d["checks"][0]["decided_by"]')" = "('rp_filter', 'enp5s0')" ]
}

@test "loose rp_filter still wants a route back, and its cure works" {
	host 'sysctl -qw net.ipv4.conf.all.rp_filter=2
		prt explain 10.0.1.12 from 8.8.8.8 iif enp5s0
		prt route add 8.8.8.8 dev enp5s0
		prt explain 10.0.1.12 from 8.8.8.8 iif enp5s0'
	[[ ${lines[0]} == "DROPPED by rp_filter on enp5s0 "* ]]
	[[ $output == *"there is no route back to the source"* ]]
	[[ $output == *"prt route add 8.8.8.8 dev enp5s0 "* ]]
	[[ $output == *$'\nlocal: for this host '* ]]
}

@test "blackhole, prohibit and unreachable by a rule" {
	host 'prt rule add pref 100 to 10.1.0.0/16 blackhole
		prt rule add pref 101 fwmark 0x10/0xf0 prohibit
		prt rule add pref 102 to 10.3.0.0/16 unreachable
		printf "%s\n" 10.1.0.1 "10.2.0.1 mark 0x12" 10.3.0.1 | prt -j explain --batch -
		prt explain 10.1.0.1'
	[ "$(json 0 'd["verdict"], d["errno"], d["kernel"]["agrees"]')" = "('blackhole', 'EINVAL', True)" ]
	[ "$(json 1 'd["verdict"], d["errno"], d["kernel"]["agrees"]')" = "('prohibit', 'EACCES', True)" ]
	[ "$(json 2 'd["verdict"], d["errno"], d["kernel"]["agrees"]')" = "('no-route', 'ENETUNREACH', True)" ]
	[ "$(json 1 'd["rules"][-1]["priority"]')" = 101 ]
	[[ $output == *"BLACKHOLE by rule 100 "* ]]
}

@test "blackhole, prohibit and unreachable by a route" {
	host 'for t in blackhole prohibit unreachable; do prt route add $t 10.1.$((n++)).0/24; done
		printf "10.1.%s.1\n" 0 1 2 | prt -j explain --batch -
		prt explain 10.1.1.1'
	[ "$(json 0 'd["verdict"], d["errno"], d["table"]')" = "('blackhole', 'EINVAL', 'main')" ]
	[ "$(json 1 'd["verdict"], d["errno"], d["prefix"]')" = "('prohibit', 'EACCES', '10.1.1.0/24')" ]
	[ "$(json 2 'd["verdict"], d["errno"]')" = "('unreachable', 'EHOSTUNREACH')" ]
	[[ $output == *"PROHIBITED by route 10.1.1.0/24 in table main "* ]]
	[[ $output == *"cure     prt route del prohibit 10.1.1.0/24 table main"* ]]
}

@test "throw goes on with the next rule" {
	host 'prt rule add pref 100 table 100
		prt route add throw 192.168.235.0/24 table 100
		prt -j explain 192.168.235.77
		prt explain 192.168.235.77'
	[ "$(json 0 '[r["result"] for r in d["rules"]]')" = "['miss', 'throw', 'hit']" ]
	[[ $output == *"100    from all lookup 100 "*"throw 192.168.235.0/24: on to the next rule"* ]]
}

@test "goto jumps forward, backwards is refused by the kernel, to nowhere does nothing" {
	host 'prt rule add pref 100 goto 300; prt rule add pref 200 blackhole
		prt rule add pref 300 nop; prt rule add pref 310 goto 999
		prt -j explain 192.168.235.77
		prt rule add pref 400 goto 100 || echo refused'
	[ "$(json 0 '[(r["priority"], r["result"]) for r in d["rules"]][1:]')" = \
		"[(100, 'goto'), (300, 'nop'), (310, 'nop'), (32766, 'hit')]" ]
	[ "${lines[1]}" = refused ]
}

@test "suppress_prefixlength and suppress_ifgroup turn routes away" {
	host 'ip link set enp3s0 group 7
		prt route add default via 192.168.235.1
		prt rule add pref 100 table main suppress_prefixlength 0
		prt rule add pref 101 table main suppress_ifgroup 7
		prt rule add pref 102 prohibit
		prt -j explain 8.8.8.8
		prt -j explain 192.168.235.9
		prt explain 8.8.8.8'
	[ "$(json 0 '[r["result"] for r in d["rules"]]')" = "['miss', 'suppressed', 'suppressed', 'hit']" ]
	[ "$(json 0 'd["verdict"], d["kernel"]["agrees"]')" = "('prohibit', True)" ]
	[ "$(json 1 'd["verdict"], d["rules"][-1]["priority"]')" = "('unicast', 100)" ]
	[[ $output == *"turned away, its length 0 is not above 0"* ]]
	[[ $output == *"turned away, its interface is of the group"* ]]
}

@test "selectors: mark with a mask, uid, protocol and ports, iif, not" {
	host 'i=0; for sel in "fwmark 1/3" "uidrange 0-0 to 10.8.0.0/16" "ipproto tcp dport 80" "iif enp3s0" \
			"not to 10.0.0.0/8"; do
			prt rule add pref $((100 + i)) $sel prohibit; i=$((i + 1)); done
		printf "%s\n" "10.9.9.9 mark 5" 10.8.0.1 "10.9.9.9 ipproto tcp dport 80" \
			"10.9.9.9 from 192.168.235.2 iif enp3s0" "8.8.8.8" "10.9.9.9 ipproto udp dport 80" |
			prt -j explain --batch -'
	for i in 0 1 2 3 4; do
		[ "$(json $i 'd["verdict"], d["rules"][-1]["priority"], d["kernel"]["agrees"]')" = \
			"('prohibit', $((100 + i)), True)" ]
	done
	[ "$(json 5 'd["verdict"]')" = no-route ]
}

@test "martians: our own address, loopback, no source, a group not joined" {
	host 'printf "%s\n" "10.0.1.12 from 10.0.1.12 iif enp5s0" "10.0.1.12 from 127.0.0.1 iif enp5s0" \
			"10.0.1.12 iif enp5s0" "127.0.0.1 from 10.0.1.1 iif enp5s0" \
			"224.0.0.5 from 10.0.1.1 iif enp5s0" "224.0.0.1 from 10.0.1.1 iif enp5s0" |
			prt -j explain --batch -'
	for i in 0 1 2; do
		[ "$(json $i 'd["verdict"], d["errno"]')" = "('martian-source', 'EINVAL')" ]
	done
	[ "$(json 0 'd["remedy"]')" = "['sysctl -w net.ipv4.conf.enp5s0.accept_local=1']" ]
	[ "$(json 3 'd["verdict"]')" = martian-destination ]
	[ "$(json 3 'd["remedy"]')" = "['sysctl -w net.ipv4.conf.enp5s0.route_localnet=1']" ]
	[ "$(json 4 'd["verdict"]')" = martian-destination ]
	[ "$(json 5 'd["verdict"], d["kernel"]["agrees"]')" = "('multicast', True)" ]
}

@test "forwarding off, and its cure" {
	host 'sysctl -qw net.ipv4.ip_forward=0
		prt explain 192.168.235.77 from 10.0.1.1 iif enp5s0
		sysctl -qw net.ipv4.conf.enp5s0.forwarding=1
		prt explain 192.168.235.77 from 10.0.1.1 iif enp5s0'
	[[ ${lines[0]} == "DROPPED: forwarding is off on enp5s0 "*"kernel agrees (EHOSTUNREACH)" ]]
	[[ $output == *"cure     sysctl -w net.ipv4.conf.enp5s0.forwarding=1 "* ]]
	[[ $output == *$'\nunicast: forwarded dev enp3s0 '*"kernel agrees"* ]]
}

@test "a source that is not ours, and a link that was asked for" {
	host 'prt route add blackhole 9.9.9.0/24
		prt explain 192.168.235.77 from 8.8.8.8
		prt explain 9.9.9.9 oif enp3s0'
	[[ ${lines[0]} == "REFUSED: source 8.8.8.8 "*"kernel agrees (ENETUNREACH)" ]]
	[[ $output == *"unicast: sent dev enp3s0 from 192.168.235.14 "*"kernel agrees"* ]]
	[[ $output == *"nothing was found, but the interface was named"* ]]
}

@test "several nexthops: the kernel's pick is shown" {
	host 'prt route add 20.0.0.0/8 nexthop via 192.168.235.1 nexthop via 10.0.1.1
		for i in 1 2 3 4 5 6 7 8; do echo 20.0.0.$i; done | prt -j explain --batch -'
	for i in 0 1 2 3 4 5 6 7; do
		[ "$(json $i 'd["verdict"], d["kernel"]["agrees"], d["route"]["gateway"] in ("192.168.235.1", "10.0.1.1")')" = \
			"('unicast', True, True)" ]
	done
}

@test "a link without carrier counts until ignore_routes_with_linkdown" {
	host 'prt route add 30.0.0.0/8 dev enp3s0 metric 5; prt route add 30.0.0.0/8 dev enp5s0 metric 9
		ip link set p3 down; i=0
		until prt route show 30.0.0.0/8 | grep -q linkdown || [ $((i++)) -gt 50 ]; do sleep .1; done
		prt -j explain 30.0.0.1
		sysctl -qw net.ipv4.conf.enp3s0.ignore_routes_with_linkdown=1
		prt -j explain 30.0.0.1'
	[ "$(json 0 'd["route"]["dev"], d["kernel"]["agrees"]')" = "('enp3s0', True)" ]
	[ "$(json 1 'd["route"]["dev"], d["kernel"]["agrees"]')" = "('enp5s0', True)" ]
}

@test "-d and --all-rules: the rules that do not match, and those never reached" {
	host 'prt rule add pref 100 fwmark 7 table 100
		prt -d explain 10.0.1.77
		prt explain --all-rules 10.0.1.77'
	[[ $output == *"100    from all fwmark 0x7 lookup 100 "*"does not match: fwmark"* ]]
	[[ $output == *"32767  from all lookup default "*"not reached"* ]]
}

@test "batch: a line an answer, a line that is no question is said and fails at the end" {
	host 'printf "%s\n" 10.0.1.12 "no question" "" "# remark" 10.0.1.77 |
		prt explain --batch - || echo "status $?"'
	[ "${lines[0]}" = "10.0.1.12: local: to this host itself from 10.0.1.12; kernel agrees" ]
	[[ ${lines[1]} == "no question: error: "* ]]
	[[ ${lines[2]} == "10.0.1.77: unicast: sent dev enp5s0 "* ]]
	[ "${lines[3]}" = "status 1" ]
}

@test "wrong words are usage: status 1" {
	host 'prt explain || echo "status $?"; prt explain --nonsense 1.2.3.4 || echo "status $?"
		prt explain 10.0.1.12 iif nope0 || echo "status $?"'
	[ "${lines[*]}" = "status 1 status 1 status 1" ]
}

@test "IPv6: prohibit, throw, our own address, link-local, forwarding off" {
	host 'for d in enp3s0 enp5s0; do sysctl -qw net.ipv6.conf.$d.accept_dad=0; done
		sysctl -qw net.ipv6.conf.all.forwarding=0
		prt -6 route add 2001:db8:3::/64 dev enp3s0; prt -6 route add prohibit 2001:db8:4::/64
		prt -6 route add throw default table 100; prt -6 rule add pref 9 table 100
		ip -6 addr add 2001:db8:5::1/64 dev enp5s0 nodad
		printf "%s\n" 2001:db8:3::9 2001:db8:4::9 2001:db8:5::1 "fe80::9 oif enp3s0" \
			"2001:db8:3::9 from 2001:db8:5::2 iif enp5s0" 2001:db8:9::1 |
			prt -j explain --batch -'
	[ "$(json 0 'd["verdict"], d["route"]["dev"], d["kernel"]["agrees"]')" = "('unicast', 'enp3s0', True)" ]
	[ "$(json 0 '[r["result"] for r in d["rules"]]')" = "['miss', 'throw', 'hit']" ]
	[ "$(json 1 'd["verdict"], d["errno"], d["kernel"]["agrees"]')" = "('prohibit', 'EACCES', True)" ]
	[ "$(json 2 'd["verdict"], d["table"], d["kernel"]["agrees"]')" = "('local', 'local', True)" ]
	[ "$(json 3 'd["verdict"], d["prefix"], d["kernel"]["agrees"]')" = "('unicast', 'fe80::/64', True)" ]
	[ "$(json 4 'd["verdict"], d["kernel"]["agrees"], d["remedy"]')" = \
		"('forwarding-off', True, ['sysctl -w net.ipv6.conf.all.forwarding=1'])" ]
	[ "$(json 5 'd["verdict"], d["errno"], d["kernel"]["agrees"]')" = "('no-route', 'ENETUNREACH', True)" ]
}

@test "IPv6 against the kernel: a random host" {
	run -0 unshare -rn env ORACLE6=1 python3 "$NP_TOP/tests/oracle6.py" "$NP_BUILD/prt" 5 500
	[ "${lines[-1]}" = "500 passed, 0 failed" ]
}
