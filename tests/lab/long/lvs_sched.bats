#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What lvsctl simulate foretells, the kernel does: real connections from namespace to namespace.
#
#   c: 10.0.0.1, 10.1.0.0/16 --- d: director 10.0.0.254, 10.9.0.0/24 --- s: real servers
#      2001:db8:1::1                 2001:db8:1::fe (VIP)                  192.168.0.1 to .4
#                                                                          2001:db8:2::1 to ::4
load ../lib

# 1000 choices a scheduler with LAB_APPEND=lab.all
choices=200 few=60
! lab_all || choices=1000 few=300

SCHEDULERS=(rr wrr lc wlc sed nq fo ovf sh mh dh lblc lblcr)

setup() {
	local i name
	load_modules ip_vs "${SCHEDULERS[@]/#/ip_vs_}"
	namespaces c d s
	veth c c0 10.0.0.1/24,2001:db8:1::1/64 d d0 10.0.0.254/24,2001:db8:1::fe/64
	veth d d1 192.168.0.254/24,2001:db8:2::fe/64 s s0 192.168.0.1/24,2001:db8:2::1/64
	for i in 2 3 4; do
		ip -n s address add "192.168.0.$i/24" dev s0
		ip -n s address add "2001:db8:2::$i/64" dev s0 nodad
	done
	ip -n s route add default via 192.168.0.254
	ip -n s -6 route add default via 2001:db8:2::fe
	ip -n c route add local 10.1.0.0/16 dev lo
	ip -n c -6 route add local 2001:db8:a::/64 dev lo
	ip -n c route add default via 10.0.0.254
	ip -n d route add 10.1.0.0/16 via 10.0.0.1
	ip -n d -6 route add 2001:db8:a::/64 via 2001:db8:1::1
	ip -n d route add local 10.9.0.0/24 dev lo
	sysctls c net.ipv6.ip_nonlocal_bind=1
	for name in c d s; do
		sysctls "$name" net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1
	done
}

teardown() {
	lab_end
}

# balance SERVICE... -- WEIGHT...: a service with the real servers .1, .2, … A weight is N, or
# N and more options of ipvsadm. The real tool sets it up, so that a fault of ours shows.
balance() {
	local service=() i=0 net=192.168.0. open='' close='' weight
	while [[ $1 != -- ]]; do service+=("$1"); shift; done
	[[ ${service[*]} != *\[* ]] || net=2001:db8:2:: open='[' close=']'
	ip netns exec d ipvsadm -A "${service[@]}"
	for weight in "${@:2}"; do
		((++i))
		# shellcheck disable=SC2086 # the options of a weight are words
		ip netns exec d ipvsadm -a "${service[@]:0:2}" -r "$open$net$i$close:80" -m -w $weight
	done
}

# foretold SERVICE COUNT OPTIONS...: the addresses that the choices of a simulation have
foretold() {
	at d lvsctl simulate "$@" -j >"$BATS_TEST_TMPDIR/json" || true	# 1: the first is refused
	python3 -c 'import json, sys
x = json.load(sys.stdin)
for i in x["simulation"]["choices"]:
    print("-" if i is None else x["servers"][i]["address"])' <"$BATS_TEST_TMPDIR/json"
}

# connect PROTOCOL COUNT SRC CLIENTS SPORT DST VIPS PORT: where so many connections went
connect() {
	python3 "$LAB_TOP/tests/lab/lvs_sched.py" c s "$@"
}

# agree COUNT SERVICE... -- OPTIONS-OF-SIMULATE... -- PROTOCOL SRC CLIENTS SPORT DST VIPS PORT
agree() {
	local count=$1 service=() options=()
	shift
	while [[ $1 != -- ]]; do service+=("$1"); shift; done; shift
	while [[ $1 != -- ]]; do options+=("$1"); shift; done; shift
	progress "$BATS_TEST_NAME ${service[*]}"
	foretold "${service[@]}" "$count" "${options[@]}" >"$BATS_TEST_TMPDIR/foretold"
	connect "$1" "$count" "${@:2}" >"$BATS_TEST_TMPDIR/done"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/done")" = "$count" ]
	diff "$BATS_TEST_TMPDIR/foretold" "$BATS_TEST_TMPDIR/done" | head -8 >&2
	cmp "$BATS_TEST_TMPDIR/foretold" "$BATS_TEST_TMPDIR/done"
}

# one_client COUNT PROTOCOL PORT [SPORT]: of a service of 10.0.0.254; a port that was used before
# would be the same connection of UDP
one_client() {
	agree "$1" "-${2::1}" "10.0.0.254:$3" -- -- "$2" 10.0.0.1 1 "${4:-10000}" 10.0.0.254 1 "$3"
}

# many_clients COUNT PROTOCOL PORT: 256 of them
many_clients() {
	agree "$1" "-${2::1}" "10.0.0.254:$3" -- --from 10.1.0.0/24 -- \
		"$2" 10.1.0.0 256 1024 10.0.0.254 1 "$3"
}

counted() {	# PORT COUNT: the service's counters have caught up
	[[ $(ip netns exec d ipvsadm -Ln --stats --exact | awk -v s="10.0.0.254:$1" '$2 == s { print $3 }') == "$2" ]]
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
	at d nft -f - <<-'END'
		table ip lab {
			chain marks {
				type filter hook prerouting priority mangle
				ip daddr 10.9.0.0/24 meta mark set 7
			}
		}
	END
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

@test "persistence: the template decides, and is named" {
	balance -t 10.0.0.254:1601 -s rr -p 300 -M 255.255.255.0 -- 1 1 1
	many_clients 100 tcp 1601
	run -0 at d lvsctl explain -t 10.0.0.254:1601 --from 10.1.0.77
	[[ $output == *"the next connection of 10.1.0.77 goes to 192.168.0.3:80"* ]]
	[[ $output == *"persistence: 10.1.0.0/24 went there before, and will for "*" s more"* ]]
	run -0 at d lvsctl explain -t 10.0.0.254:1601 --from 10.2.0.77 -j
	[[ $output == *'"by":"scheduler"'* ]]
}

@test "no such service, none of its real servers" {
	run -1 at d lvsctl explain -t 10.0.0.254:9
	[[ $output == *"there is no service TCP 10.0.0.254:9" ]]
	balance -t 10.0.0.254:9 -s rr --
	run -1 at d lvsctl explain -t 10.0.0.254:9
	[[ $output == *"REFUSED: there is no real server"* ]]
}
