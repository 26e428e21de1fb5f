#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lvsctl explain and simulate: what they foretell, the kernel does. long/lvs_sched.bats has all
# schedulers.
load lib
load lvs_sched

setup_file() {
	sched_network
}

teardown_file() {
	lab_end
}

@test "the next connections go where it was foretold: wrr, wlc, sh by a mark, wlc of IPv6" {
	balance -u 10.0.0.254:1001 -s wrr -- 3 0 5 2
	one_client 12 udp 1001
	balance -t 10.0.0.254:1002 -s wlc -- 3 1 '5 -x 9' 2
	one_client 24 tcp 1002
	run -0 at d lvsctl explain -t 10.0.0.254:1002
	[[ $output == *"(active*256+inactive)/weight"*"overloaded: 9 of 9 connections"* ]]
	mark_vips
	balance -f 7 -s sh -- 3 1 5 2
	agree 16 -f 7 -- --from 10.1.0.0/28 -- udp 10.1.0.0 16 1024 10.9.0.0 1 80
	balance -t '[2001:db8:1::fe]:1003' -s wlc -- 3 1 5 2
	agree 12 -t '[2001:db8:1::fe]:1003' -- --from 2001:db8:a::/120 -- \
		tcp 2001:db8:a:: 256 1024 2001:db8:1::fe 1 1003
}

@test "persistence: the template decides, and is named" {
	balance -t 10.0.0.254:1601 -s rr -p 300 -M 255.255.255.0 -- 1 1 1
	many_clients 20 tcp 1601
	run -0 at d lvsctl explain -t 10.0.0.254:1601 --from 10.1.0.77
	[[ $output == *"the next connection of 10.1.0.77 goes to 192.168.0.3:80"* ]]
	[[ $output == *"persistence: 10.1.0.0/24 went there before, and will for "*" s more"* ]]
	run -0 at d lvsctl explain -t 10.0.0.254:1601 --from 10.2.0.77 -j
	[[ $output == *'"by":"scheduler"'* ]]
}

# next_of WORD...: where explain says that the next connection goes
next_of() {
	at d lvsctl explain "$@" -j | python3 -c 'import json, sys
print(json.load(sys.stdin)["next"]["address"])'
}

@test "persistence: a template of weight 0 is given up with expire_quiescent_template=1" {
	local service=(-t 10.0.0.254:1602) went next
	balance "${service[@]}" -s rr -p 300 -- 1 1 1
	went=$(connect tcp 1 10.1.0.0 1 1024 10.0.0.254 1 1602)
	at d lvsctl -e "${service[@]}" -r "$went:80" -m -w 0
	[ "$(next_of "${service[@]}" --from 10.1.0.0)" = "$went" ]
	at d sysctl -qw net.ipv4.vs.expire_quiescent_template=1
	run -0 at d lvsctl explain "${service[@]}" --from 10.1.0.0
	[[ $output == *"the client's template leads to $went:80, which has weight 0"* ]]
	next=$(next_of "${service[@]}" --from 10.1.0.0)
	[ "$next" != "$went" ]
	[ "$(connect tcp 1 10.1.0.0 1 1025 10.0.0.254 1 1602)" = "$next" ]
	at d sysctl -qw net.ipv4.vs.expire_quiescent_template=0
}

@test "no such service, none of its real servers" {
	run -1 at d lvsctl explain -t 10.0.0.254:9
	[[ $output == *"there is no service TCP 10.0.0.254:9"* ]]
	balance -t 10.0.0.254:9 -s rr --
	run -1 at d lvsctl explain -t 10.0.0.254:9
	[[ $output == *"REFUSED: there is no real server"* ]]
	run -1 at d lvsctl explain -t 10.0.0.254
	[[ $output == *"there is no service TCP 10.0.0.254:0: that address has port "*9* ]]
	run -1 at d lvsctl explain -u 10.0.0.253:9
	[[ $output == *"there is no service UDP 10.0.0.253:9" ]]
}
