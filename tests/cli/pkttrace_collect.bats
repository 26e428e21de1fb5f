#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pkttrace collect: an ssh that goes to namespaces of this host.
# shellcheck disable=SC2016,SC2154 # scripts in quotes are the namespace's; bats sets stderr
load lib

setup() {
	PATH=$BATS_TEST_TMPDIR:$PATH
}

ssh_is() { # SCRIPT: $host and $command are set in it
	printf '#!/bin/bash\n[ "$1 $2 $3" = "-n -oBatchMode=yes --" ] || exit 99\nhost=$4 command=$5\n%s\n' \
		"$1" >"$BATS_TEST_TMPDIR/ssh"
	chmod +x "$BATS_TEST_TMPDIR/ssh"
}

@test "the story on both hosts at once: sent, then vanished, one journey" {
	ssh_is '[ "$host" = ceph3 ] || into="nsenter -t $(cat "$PIDFILE") -n"
		exec $into bash -c "$command"'
	PIDFILE=$BATS_TEST_TMPDIR/other run --separate-stderr timeout 60 unshare -rn bash -uc '
		source tests/cli/two_hosts_ns.bash
		echo "$other" >"$PIDFILE"
		pkttrace collect ceph4 ceph3 -- -p tcp --dport 8081 --new >"$PIDFILE.out" 2>"$PIDFILE.err" &
		pid=$!
		both() { [ "$(grep -c watching "$PIDFILE.err")" = 2 ]; }
		wait_for both
		syn >/dev/null 2>&1
		wait_for grep -q vanished "$PIDFILE.out"
		kill "$pid"; wait "$pid"; echo "status $?"; cat "$PIDFILE.out"
		# both ends notice that nobody reads them any more
		for i in {1..100}; do [ -n "$(nft list tables)$(ceph4 nft list tables)" ] || break; sleep .05; done
		nft list tables; ceph4 nft list tables'
	echo "$output $stderr"
	[ "${lines[0]}" = "status 0" ]
	[[ ${lines[1]} == *" #1    ceph4        tcp 192.168.235.13:14024 > 10.0.1.12:8081  sent" ]]
	[[ ${lines[2]} == *" #1    ceph3        tcp 192.168.235.13:14024 > 10.0.1.12:8081  vanished after PREROUTING: rp_filter" ]]
	[[ $output != *table* ]]
}

@test "words reach the other shell whole; -j adds the host" {
	ssh_is 'echo "$command" >&2
		echo "{\"protocol\":\"udp\",\"first_seen\":\"2026-01-01T00:00:00.000000+0000\",\"outcome\":{\"state\":\"sent\"}}"'
	run -0 --separate-stderr pkttrace collect -j one -- -p tcp "it's; rm"
	[ "$stderr" = "pkttrace monitor -j '-p' 'tcp' 'it'\\''s; rm'" ]
	[ "$(jq -r .host <<<"$output")" = one ]
}

@test "a host that cannot be reached: said, the others go on, 1" {
	ssh_is '[ "$host" = up ] || { echo "no route" >&2; exit 255; }
		echo "{\"protocol\":\"udp\",\"first_seen\":\"2026-01-01T00:00:00.000000+0000\",\"outcome\":{\"state\":\"sent\"}}"; echo junk'
	run -1 --separate-stderr pkttrace collect up down
	[[ $output == *" up "*" sent" ]]
	[[ $stderr == *"no route"* && $stderr == *"pkttrace: down: ssh ended with 255"* ]]
	[[ $stderr == *"pkttrace: up: this is no packet: junk"* ]]
}

@test "no host, no ssh: what is wanted" {
	run -1 pkttrace collect
	[[ $output == "pkttrace: which hosts? "* ]]
	PATH=$(dirname "$(command -v pkttrace)") run -1 pkttrace collect one
	[ "$output" = "pkttrace: ssh: No such file or directory" ]
}

@test "a reader that goes away: the hosts' ssh are ended, then pkttrace by SIGPIPE" {
	ssh_is 'echo $$ >>"$PIDS"; trap "" PIPE
		while echo "{\"protocol\":\"udp\",\"first_seen\":\"2026-01-01T00:00:00.000000+0000\",\"outcome\":{\"state\":\"sent\"}}"; do sleep .05; done'
	for json in "" -j; do
		PIDS=$BATS_TEST_TMPDIR/pids$json run -0 bash -c 'set -o pipefail
			timeout 20 pkttrace collect '"$json"' a b 2>&1 | head -n 1; echo "${PIPESTATUS[0]}"
			for pid in $(<"$PIDS"); do ! kill -0 "$pid" 2>/dev/null || echo "$pid runs"; done'
		echo "$output"
		[ "${lines[1]}" = 141 ]
		[ "${#lines[@]}" = 2 ]
	done
}

@test "a line longer than any packet's is left out, and that is said once" {
	ssh_is 'head -c 3000000 /dev/zero | tr "\0" x; echo; echo "{\"protocol\":\"udp\",\"first_seen\":\"2026-01-01T00:00:00.000000+0000\",\"outcome\":{\"state\":\"sent\"}}"'
	run -0 --separate-stderr pkttrace collect one
	[[ $output == *" one "*" sent" ]]
	[ "$stderr" = "pkttrace: one: a packet of more than 1048576 bytes of JSON was left out" ]
}

@test "more packets at once than can wait: how many were left out is said" {
	ssh_is 'line="{\"protocol\":\"udp\",\"first_seen\":\"2026-01-01T00:00:00.000000+0000\",\"outcome\":{\"state\":\"sent\"}}"
		yes "$line" | head -n 20000'
	run -0 --separate-stderr pkttrace collect one
	[[ $stderr == "pkttrace: "*" packets were left out: they came faster than they could be put in order"* ]]
	((${#lines[@]} + $(cut -d " " -f 2 <<<"$stderr") == 20000))
}

@test "another host's control characters are not the terminal's" {
	ssh_is 'printf "%s\n" "{\"protocol\":\"u\\u001b[31mdp\",\"first_seen\":\"2026-01-01T00:00:00.000000+0000\",\"outcome\":{\"state\":\"vanished\",\"at\":\"P\\u009b\",\"causes\":[\"a\\u0007\"]}}"
		printf "junk\033[31m\n"'
	run -0 --separate-stderr pkttrace collect one
	[[ $output == *" u?[31mdp  >   vanished after P"*": a?" ]]
	[ "$stderr" = "pkttrace: one: this is no packet: junk?[31m" ]
	[ -z "$(tr -d '\n[:print:]' <<<"$output")" ]
}
