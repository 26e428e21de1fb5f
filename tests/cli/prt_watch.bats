#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt watch on the host of tests/cli/explain_ns.bash:
#
#        p3 (nothing behind) ==== enp3s0 192.168.235.14/24
#        p5 (nothing behind) ==== enp5s0 10.0.1.12/24

# The scripts in single quotes are for the shell in the namespace.
# shellcheck disable=SC2016
load lib

NS=$BATS_TEST_DIRNAME/explain_ns.bash

# start WORDS…: prt watch in the background, its answers in out. answers N: waits for N of
# them. stop: ends it and says its status.
tools='
	start() {
		: >out
		prt watch --timeout 60 "$@" >out 2>err &
		watch=$!
	}
	answers() {
		local i
		for ((i = 0; i < 300; i++)); do
			[ "$(wc -l <out)" -lt "$1" ] || return 0
			sleep 0.1
		done
		echo "no $1 answers came" >&2
		return 1
	}
	stop() {
		kill -"${1:-TERM}" "$watch"
		wait "$watch" && echo "status 0" || echo "status $?"
	}
'

host() {
	run --separate-stderr unshare -rn bash -ec "cd '$BATS_TEST_TMPDIR'; source '$NS'; $tools $1"
	sed 's/^/out: /' "$BATS_TEST_TMPDIR/out"
	printf "%s\n" "$output" "$stderr"
}

# The k-th answer, without its time.
nth() {
	sed -n "$1s/^\[[-0-9]*T[:0-9.]*\] //; $1p" "$BATS_TEST_TMPDIR/out"
}

@test "a rule, a route, a link, an address and a sysctl change the answer" {
	host 'start 10.0.1.12 from 192.168.235.13 iif enp5s0
		answers 1
		sysctl -qw net.ipv4.conf.enp5s0.rp_filter=1
		answers 2
		ip route add 192.168.235.13 dev enp5s0
		answers 3
		ip rule add pref 5 lookup local
		ip rule add pref 2 iif enp5s0 prohibit
		ip rule del pref 0
		answers 4
		ip rule del pref 2
		answers 5
		ip link del p5
		answers 6
		stop'
	[ "$status" = 0 ]
	[ "$output" = "status 0" ]
	[[ $(nth 1) == "10.0.1.12 from 192.168.235.13 iif enp5s0: local: for this host; kernel agrees" ]]
	[[ $(nth 2) == *": DROPPED by rp_filter on enp5s0, "*"; kernel agrees (E"* ]]
	[[ $(nth 3) == *": local: for this host; kernel agrees" ]]
	[[ $(nth 4) == *": PROHIBITED by rule 2, "*"; kernel agrees (EACCES)" ]]
	[[ $(nth 6) == *': error: there is no device "enp5s0"' ]]
	# only what came later has a time
	[ "$(grep -c '^\[' "$BATS_TEST_TMPDIR/out")" = 5 ]
}

@test "a sysctl of which no event tells is seen" {
	host 'start 10.0.1.12 from 10.0.1.12 iif enp5s0
		answers 1
		sysctl -qw net.ipv4.conf.enp5s0.accept_local=1
		answers 2
		stop'
	[ "$status" = 0 ]
	[[ $(nth 1) == *": DROPPED: martian source 10.0.1.12 on enp5s0, "* ]]
	[[ $(nth 2) == *": local: for this host"* ]]
}

@test "what changes nothing says nothing, and a burst says little" {
	host 'start 8.8.8.8
		answers 1
		for i in 1 2 3; do echo "route add 77.0.0.$i dev enp5s0"; done | ip -batch -
		for i in $(seq 200); do
			echo "route replace default dev enp$((i % 2 ? 3 : 5))s0"
		done | ip -batch -
		answers 2
		ip route replace default dev enp3s0
		answers 3
		stop
		wc -l <out'
	[ "$status" = 0 ]
	[[ $(nth 1) == "8.8.8.8: NO ROUTE to 8.8.8.8; kernel agrees (ENETUNREACH)" ]]
	[ "${lines[1]}" -lt 20 ]
	[[ $(tail -n 1 "$BATS_TEST_TMPDIR/out") == *"dev enp3s0 from 192.168.235.14; kernel agrees" ]]
}

@test "--json: an object a line, with the time" {
	host 'start -j 8.8.8.8
		answers 1
		ip route add 8.0.0.0/8 dev enp3s0
		answers 2
		stop INT'
	[ "$status" = 0 ]
	python3 - "$BATS_TEST_TMPDIR/out" <<-'PY'
		import json, sys
		a = [json.loads(line) for line in open(sys.argv[1])]
		assert [d["verdict"] for d in a] == ["no-route", "unicast"], a
		assert a[1]["prefix"] == "8.0.0.0/8" and a[1]["kernel"]["agrees"]
		assert a[0]["time"] < a[1]["time"]
	PY
}

@test "--count and --timeout end it; a wrong question does at once" {
	: >"$BATS_TEST_TMPDIR/out"
	host 'prt watch --count 1 10.0.1.7
		prt watch --timeout 0.2 10.0.1.7; echo "status $?"
		prt watch --count 1 --timeout 5 10.0.1.7 >/dev/full || echo "status $?"'
	[ "${lines[0]}" = "10.0.1.7: unicast: sent dev enp5s0 from 10.0.1.12; kernel agrees" ]
	[ "${lines[2]}" = "status 0" ]
	[ "${lines[3]}" = "status 1" ]
	[ "$stderr" = "prt: cannot write: No space left on device" ]
	run -1 --separate-stderr prt watch 10.0.1.7 iif nosuch0
	[[ $stderr == *'there is no device "nosuch0"'* ]]
	run -1 --separate-stderr prt watch --count 0 10.0.1.7
	[[ $stderr == *'"0" is not a number of answers'* ]]
	run -1 --separate-stderr prt watch --timeout 0 10.0.1.7
	[[ $stderr == *'"0" is not a time in seconds'* ]]
	run -1 --separate-stderr prt watch
	[[ $stderr == *'an address to look up is wanted'* ]]
}

@test "a reader that goes away ends it quietly" {
	: >"$BATS_TEST_TMPDIR/out"
	host '{ prt watch --timeout 20 8.8.8.8; echo "status $?" >end; } | head -n 1
		for ((i = 0; i < 50; i++)); do
			[ ! -s end ] || break
			ip route replace default dev enp3s0
			ip route del default
			sleep 0.2
		done &
		wait' || true
	[[ ${lines[0]} == "8.8.8.8: NO ROUTE"* ]]
	[ -z "$stderr" ]
}

@test "a pipe that nobody reads any more ends it at once, as a write would" {
	run unshare -rn bash -c "cd '$BATS_TEST_TMPDIR'; source '$NS'; SECONDS=0
		prt watch --timeout 60 10.0.1.12 2>err | grep -m1 local
		echo \"\${PIPESTATUS[*]} \$((SECONDS < 20))\"
		trap '' PIPE
		prt watch --timeout 60 10.0.1.12 2>>err | grep -m1 local
		echo \"\${PIPESTATUS[*]} \$((SECONDS < 20))\""
	echo "$output"
	[ "${lines[1]}" = "141 0 1" ]
	[ "${lines[3]}" = "1 0 1" ]
	grep -q '^prt: cannot write: Broken pipe$' "$BATS_TEST_TMPDIR/err"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/err")" = 1 ]
}

@test "one address is a question, of watch, of explain and of a line" {
	for words in "watch 8.8.8.8 9.9.9.9" "explain 8.8.8.8 9.9.9.9" "explain 8.8.8.8 from 1.1.1.1 to 9.9.9.9"; do
		# shellcheck disable=SC2086
		run -1 --separate-stderr unshare -rn prt $words
		[[ -z $output && $stderr == *"one address is enough"*"9.9.9.9"* ]]
	done
	echo "8.8.8.8 9.9.9.9" >"$BATS_TEST_TMPDIR/b"
	run -1 --separate-stderr unshare -rn prt explain --batch "$BATS_TEST_TMPDIR/b"
	[[ $output$stderr == *"one address is enough"* ]]
	for words in 8.8.8.8 "from 8.8.8.8" words; do
		# shellcheck disable=SC2086
		run -1 --separate-stderr unshare -rn prt explain --batch "$BATS_TEST_TMPDIR/b" $words
		[[ -z $output && $stderr == *"in the lines of the batch"* ]]
	done
	run -2 unshare -rn prt get 8.8.8.8 9.9.9.9	# as ip: the last of them
}

@test "the mtu that IPv6 has of its own changes without an event" {
	host 'ip addr add 2001:db8:3::1/64 dev enp3s0 nodad
		start 2001:db8:3::7 len 1400
		answers 1
		sysctl -qw net.ipv6.conf.enp3s0.mtu=1300
		answers 2
		stop'
	[[ $(nth 1) == *"dev enp3s0 from 2001:db8:3::1; kernel agrees" ]]
	[[ $(nth 2) == *"but in one piece 1400 bytes are 100 too long for the 1300 of enp3s0; kernel agrees" ]]
}
