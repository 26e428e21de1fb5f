#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What lvsctl simulate foretells, the kernel does, by every scheduler and hundreds of times.
load ../lib
load ../lvs_sched

# 1000 choices a scheduler with LAB_APPEND=lab.all
choices=200 few=60
! lab_all || choices=1000 few=300

setup() {
	sched_network
}

teardown() {
	lab_end
}

@test "rr and wrr, and more from the middle of a round" {
	local name port=1000
	for name in rr wrr; do
		((++port))
		balance -u "10.0.0.254:$port" -s "$name" -- 3 0 5 2
		one_client $choices udp "$port"
		wait_for 20 counted "$port" "$choices"
		one_client $((few + 1)) udp "$port" 20000
		[[ $(<"$BATS_TEST_TMPDIR/json") == *'"state":"deduced"'* ]]
	done
}

@test "lc, wlc, sed, nq, fo, ovf" {
	local name port=1100
	for name in lc fo; do
		((++port))
		balance -u "10.0.0.254:$port" -s "$name" -- 3 1 5 2
		one_client $choices udp "$port"
	done
	for name in wlc sed nq; do
		((++port))
		balance -t "10.0.0.254:$port" -s "$name" -- 3 1 5 2
		one_client $choices tcp "$port"
	done
	balance -t 10.0.0.254:1106 -s ovf -- 300 100 500 200
	one_client $choices tcp 1106
	run -0 at d lvsctl explain -t 10.0.0.254:1103
	[[ $output == *"(active*256+inactive)/weight"* ]]
}

@test "sh, mh, dh, by port, with fallback" {
	local name port=1200
	for name in sh mh; do
		balance -u "10.0.0.254:$((++port))" -s "$name" -- 3 1 5 2
		many_clients $choices udp "$port"
		balance -u "10.0.0.254:$((++port))" -s "$name" -b "$name-port" -- 3 1 5 2
		many_clients $few udp "$port"
		balance -u "10.0.0.254:$((++port))" -s "$name" -b "$name-fallback" -- 3 '1 -x 9' 5 2
		many_clients $few udp "$port"
	done
	mark_vips
	balance -f 7 -s dh -- 3 1 5 2
	agree $choices -f 7 -- --to 10.9.0.0/25 -- udp 10.0.0.1 1 10000 10.9.0.0 128 80
}

@test "lblc and lblcr, from the start" {
	balance -t 10.0.0.254:1301 -s lblc -- 3 1 5 2
	one_client $few tcp 1301
	balance -t 10.0.0.254:1302 -s lblcr -- 3 1 5 2
	one_client $few tcp 1302
}

@test "UDP counts as inactive; one-packet connections as nothing; thresholds" {
	balance -u 10.0.0.254:1401 -s wlc -- 3 1 5 2
	one_client $few udp 1401
	balance -u 10.0.0.254:1402 -s wrr -o -- 3 1 5 2
	one_client $few udp 1402
	balance -t 10.0.0.254:1403 -s wlc -- '3 -x 10' 1 '5 -x 30' 2
	one_client 150 tcp 1403
	run -0 at d lvsctl explain -t 10.0.0.254:1403
	[[ $output == *"overloaded: 30 of 30 connections"* ]]
	balance -t 10.0.0.254:1404 -s wlc -- '3 -x 2' '1 -x 2'
	one_client 6 tcp 1404
	run -1 at d lvsctl explain -t 10.0.0.254:1404
	[[ $output == *"REFUSED: no real server can be had"* ]]
}

@test "IPv6: wlc, sh, mh" {
	local name port=1500 vip=2001:db8:1::fe
	for name in wlc sh mh; do
		((++port))
		balance -t "[$vip]:$port" -s "$name" -- 3 1 5 2
		agree 100 -t "[$vip]:$port" -- --from 2001:db8:a::/120 -- \
			tcp 2001:db8:a:: 256 1024 "$vip" 1 "$port"
	done
}
