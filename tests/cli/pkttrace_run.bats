#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pkttrace run: a command's packets, its status, and that nothing is left.
# shellcheck disable=SC2016,SC2154 # scripts in quotes are the namespace's; bats sets stderr
load lib

host() {
	run --separate-stderr unshare -rn bash -uc 'ip link set lo up
		udp() { echo "echo x >/dev/udp/127.0.0.1/$1"; }
		'"$1"
}

cgroups() {
	local at
	at=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/self/mounts)$(sed -n 's/^0:://p' /proc/self/cgroup)
	[ -w "$at/cgroup.procs" ] || skip "no cgroup v2 that may be written here"
	[ "$(stat -Lc %i /proc/self/ns/cgroup)" = 4026531835 ] || skip "in a namespace of cgroups"
}

@test "the command's packets alone, its stdout its own" {
	cgroups
	host 'bash -c "while sleep .01; do $(udp 11); done" & other=$!
		pkttrace run -b -p udp -- bash -c "$(udp 9); sleep .1; echo out"; kill "$other"'
	[ "$output" = out ]
	[[ $stderr == *"UDP 127.0.0.1:"*">127.0.0.1:9 "*" delivered "* ]]
	[[ $stderr != *":11 "* ]]
	[[ $stderr == *"pkttrace: bash ended with 0; 1 packet: 1 delivered" ]]
}

@test "without cgroups: those that match, and that is said" {
	run --separate-stderr unshare -rnC bash -uc 'ip link set lo up
		pkttrace run -b -p udp --dport 9 -- bash -c "echo x >/dev/udp/127.0.0.1/9
			echo x >/dev/udp/127.0.0.1/11"'
	[[ $stderr == "pkttrace: the command's packets cannot be told from others' (cgroup v2: "*": 1 delivered" ]]
	[[ $stderr != *":11 "* ]]
}

@test "what the model lets pass is no cause in the verdict" {
	run --separate-stderr timeout 60 unshare -rnC bash -uc 'ip link set lo up
		unshare -n sleep 60 & other=$!; trap "kill $other" EXIT
		wait_for is_apart "$other"
		ip link add in type veth peer name e netns "$other"
		ip link add out type bridge
		ip addr add 10.0.1.1/24 dev in; ip addr add 10.0.2.1/24 dev out
		ip link set in up; ip link set out up; sysctl -qw net.ipv4.ip_forward=1
		nsenter -t "$other" -n sh -c "ip addr add 10.0.1.2/24 dev e; ip link set e up
			ip route add default via 10.0.1.1"
		wait_for eval "nsenter -t $other -n ip -br link show dev e | grep -q \" UP \""
		wait_for eval "ip -br link show dev in | grep -q \" UP \""
		ip xfrm policy add dir fwd src 10.0.1.2/32 dst 10.0.2.2/32 action block
		pkttrace run -p udp -- nsenter -t "$other" -n bash -c "echo >/dev/udp/10.0.2.2/9"
		ip route del 10.0.2.0/24
		pkttrace run -p udp -- nsenter -t "$other" -n bash -c "echo >/dev/udp/10.0.2.2/9"'
	echo "$stderr"
	[[ $stderr == *"lets it pass today: unicast: forwarded dev out "* ]]
	[[ $stderr == *"; first vanished after PREROUTING"$'\n'*"; first vanished after PREROUTING: NO ROUTE"* ]]
}

@test "the status: the command's, 128 + signal, 127 and 126 as in a shell" {
	host 'for cmd in "exit 7" "kill -9 \$\$"; do
			pkttrace run -p tcp -- bash -c "$cmd"; echo $?
		done
		pkttrace run -p tcp -- /nonexistent; echo $?
		pkttrace run -p tcp -- /etc/passwd; echo $?
		pkttrace run -p tcp --timeout .3 -- sleep 9; echo $?'
	[ "${lines[*]}" = "7 137 127 126 143" ]
	[[ $stderr == *"bash ended with 7; no packet of it was seen"* ]]
	[[ $stderr == *"pkttrace: sleep was ended after 0.3 s, with 143; no packet"* ]]
	[[ $stderr != *"prt explain"* ]]
	[[ $stderr == *"pkttrace: /nonexistent: No such file or directory"* ]]
}

@test "what the kernel refuses to send is seen nowhere: whom to ask" {
	host 'pkttrace run -p udp --dport 9 -- bash -c "echo >/dev/udp/10.9.8.7/9"
		pkttrace run -- true -6 "[fd09::1]:80"
		pkttrace run -d 10.9.8.6 -s 127.0.0.1 --mark 5 -- true 10.0.0.9
		pkttrace run -- true 300.1.2.3 1:2 abc
		ask=$(pkttrace run -- bash -c "echo >/dev/udp/10.9.8.7/9" 2>&1 | sed -n "s/.*says why: //p")
		$ask | head -n 1'
	[ "$(sed -n 's/^pkttrace: if the kernel refused to send, this says why: //p' <<<"$stderr")" = \
"prt explain 10.9.8.7 ipproto udp dport 9
prt explain fd09::1
prt explain 10.9.8.6 from 127.0.0.1 mark 0x5" ]
	[[ $output == "NO ROUTE"* ]]
}

@test "without -- or a command: what is wanted" {
	host 'pkttrace run -p tcp ls; echo $?; pkttrace run -p tcp --; echo $?'
	[ "${lines[*]}" = "1 1" ]
	[[ $stderr == *'`pkttrace run -p tcp -- ls`'* ]]
	[[ $stderr == *"-- and a command to run are wanted behind it"* ]]
	run -1 pkttrace run curl -s -o /dev/null http://10.0.0.1/
	[[ $output == *'before a command there is --: `pkttrace run -- curl …`'* ]]
	run -1 pkttrace run -4 host 10.0.0.1
	[[ $output == *'`pkttrace run -4 -- host …`'* ]]
	run -1 pkttrace run host 10.0.0.1 -- true
	[[ $output == *'"host" is tcpdump'* ]]
}

@test "as JSON into a file; a lost packet in the verdict" {
	host 'nft "table ip fw { chain o { type filter hook output priority 0; udp dport 9 drop
			}
			}"
		out=$(mktemp)
		pkttrace run -j -p udp --output "$out" -- bash -c "$(udp 9)" 2>/dev/null
		grep -v ^pkttrace "$out" | jq -r .outcome.state; tail -n 1 "$out"; rm "$out"'
	[ "${lines[0]}" = dropped ]
	[ "${lines[1]}" = "pkttrace: bash ended with 1; 1 packet: 1 dropped; first dropped at fw:o:rule:1" ]
}

@test "Ctrl-C is the command's; SIGTERM is handed on" {
	host 'pkttrace run -p tcp -- bash -c "trap \"echo term; exit 5\" TERM; touch $BATS_TEST_TMPDIR/up; while :; do sleep .05; done" &
		p=$!; wait_for [ -e $BATS_TEST_TMPDIR/up ]; rm $BATS_TEST_TMPDIR/up
		kill -INT "$p"; sleep .2; kill "$p"; wait "$p"; echo $?'
	[ "${lines[*]}" = "term 5" ]
}

@test "a reader that goes away: the command is ended, and then pkttrace by SIGPIPE" {
	host 'pkttrace run -b -p udp --output - -- bash -c "trap \"\" PIPE; echo \$\$ >$BATS_TEST_TMPDIR/pid
			for i in {1..200}; do sleep .05; $(udp 9); done" > >(head -n 1 >/dev/null) &
		wait "$!"; echo "$?"; kill -0 "$(<$BATS_TEST_TMPDIR/pid)" 2>/dev/null && echo runs; rm $BATS_TEST_TMPDIR/pid; nft list tables'
	[ "$output" = 141 ]
}

@test "its command does not end by SIGTERM: SIGKILL a second later" {
	host 'pkttrace run -b -p udp --output - -- bash -c "trap \"\" PIPE TERM; echo \$\$ >$BATS_TEST_TMPDIR/pid
			for i in {1..200}; do sleep .05; $(udp 9); done" > >(head -n 1 >/dev/null) &
		wait "$!"; echo "$?"; kill -0 "$(<$BATS_TEST_TMPDIR/pid)" 2>/dev/null && echo runs; rm $BATS_TEST_TMPDIR/pid'
	[ "$output" = 141 ]
}

@test "SIGHUP is handed on, too" {
	host 'pkttrace run -p tcp -- bash -c "trap \"echo hup; exit 6\" HUP; touch $BATS_TEST_TMPDIR/up; for i in {1..200}; do sleep .05; done" &
		p=$!; wait_for [ -e $BATS_TEST_TMPDIR/up ]; rm $BATS_TEST_TMPDIR/up
		kill -HUP "$p"; wait "$p"; echo $?'
	[ "${lines[*]}" = "hup 6" ]
}

@test "events that were lost are said" {
	cat >"$BATS_TEST_TMPDIR/flood" <<-'END'
		import os, signal, socket
		os.kill(os.getppid(), signal.SIGSTOP)
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		for i in range(6000):
		    s.sendto(b"x", ("127.0.0.1", 9))
		os.kill(os.getppid(), signal.SIGCONT)
	END
	host 'pkttrace run -b -p udp --limit none --output - -- python3 "$BATS_TEST_TMPDIR/flood"'
	[[ $stderr == *"events came faster than they could be read, and were lost "* ]]
}

@test "nothing is left after kill -9: no rule, no cgroup" {
	cgroups
	host 'for i in {1..30}; do
			pkttrace run -p icmp -- sleep .05 >/dev/null 2>&1 & p=$!
			sleep ".0$((i % 10))"; kill -9 "$p"; wait "$p" 2>/dev/null
			# a child between fork and exec still has what owns the rules
			for j in {1..50}; do [ -n "$(nft list tables)" ] || break; sleep .01; done
			[ "$j" -lt 50 ] || echo rules
		done
		sleep .3
		find /sys/fs/cgroup -maxdepth 3 -name "pkttrace-*"'
	echo "$output"
	[ -z "$output" ]
}

@test "the story: sent on one host, vanished by rp_filter on the other; cured, delivered" {
	run --separate-stderr timeout 60 unshare -rn bash -uc 'source tests/cli/two_hosts_ns.bash
		ceph4 ip route replace 10.0.1.12 dev enp5s0 src 192.168.235.13
		out=$(mktemp)
		pkttrace monitor -p tcp --dport 8081 --new --timeout 40 >"$out" 2>"$out.err" &
		pid=$!
		wait_for grep -q watching "$out.err"
		listen "$out.listen" >/dev/null 2>&1
		connect() { ceph4 pkttrace run -b --output - --timeout "$1" -- \
			bash -c "exec 3<>/dev/tcp/10.0.1.12/8081" 2>&1; }
		connect 1
		wait_for grep -q cure: "$out"
		sh -c "$(sed -n "s/^ *cure: \(sysctl [^ ]* [^ ]*\).*/\1/p" "$out")" >/dev/null
		sleep 1.1
		connect 20
		sleep .5; kill "$pid"; wait "$pid"; cat "$out"; rm "$out" "$out".*'
	echo "$output"
	[[ $output == *"SYN "*" sent "*"bash was ended after 1 s, with 143; "*" sent; nothing came back"* ]]
	[[ $output == *"ended with 0; "* ]]
	[[ $output == *"VANISHED after PREROUTING"*"✗ rp_filter=1 on enp5s0 (from all)"*" delivered"* ]]
}
