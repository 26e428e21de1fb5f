#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# pkttrace monitor --lookups: the routing tables that the kernel looked up for a packet (tracefs).
#
#       a                         r                         b
#   10.0.1.1 eth0 ─── ra 10.0.1.254   rb 10.0.2.254 ─── eth0 10.0.2.2
#   fd01::1              rp_filter=1     fd02::254           fd02::2
load lib

setup_file() {
	in_line a r b
	ip -n a address add 10.0.9.9/32 dev lo
	ip -n r -batch - <<-END
		rule add to 10.0.2.0/24 lookup 100
		route add 10.0.2.0/24 dev rb table 100
		route add 10.0.9.0/24 dev rb
		route add prohibit 10.0.5.0/24
		route add fd02::/64 dev rb table 100
		rule add to 10.3.0.0/16 lookup main suppress_prefixlength 16 pref 50
		rule add to 10.3.0.0/16 lookup 200 pref 51
		route add 10.3.0.0/16 dev ra
		route add 10.3.0.0/16 dev rb table 200
	END
	ip -n r -6 rule add to fd02::/64 lookup 100
	sysctls r net.ipv4.conf.ra.rp_filter=1
	mkdir "$BATS_FILE_TMPDIR/tracefs"
	mount -t tracefs none "$BATS_FILE_TMPDIR/tracefs"
}

teardown_file() {
	umount "$BATS_FILE_TMPDIR/tracefs"
	lab_end
}

send() {	# ADDRESS PORT [SOURCE [TTL]]: a datagram from a
	at a python3 -c "
import socket
s = socket.socket(socket.AF_INET6 if ':' in '$1' else socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('${3:-}', 0))
if ':' not in '$1': s.setsockopt(0, 2, ${4:-64})
s.sendto(b'x', ('$1', $2))"
}

watch() {	# r's packets from now on, into $json
	json=$BATS_TEST_TMPDIR/json
	background r pkttrace monitor -j --lookups -p udp --dport 7000:7099 >"$json" 2>"$json.err"
	wait_for 30 grep -q watching "$json.err"
}

packets() {	# N: so many are there
	(($(wc -l <"$json") >= $1))
}

ways() {		# each packet's port, and the tables of each of its decisions
	cat "$json" "$json.err" >&2
	jq -sc 'def short: map([.table, .dev // .result]); sort_by(.dport)[] | [.dport, ([.steps[].lookups
		// empty] + [.outcome | .lookups // empty, .way_back_lookups // empty] | map(short)[])]' "$json"
}

instances() {
	find "$BATS_FILE_TMPDIR/tracefs/instances" -mindepth 1 -maxdepth 1
}

none_left() {
	[[ -z $(instances) ]]
}

@test "the tables that were looked up: on the way, at the end, for the way back" {
	watch
	[[ $(instances) == */netpath-* ]]
	send 10.0.2.2 7001
	send 10.0.1.254 7002
	send 10.0.2.2 7003 10.0.9.9
	send 10.0.5.1 7004
	send 10.7.7.7 7005
	send fd02::2 7006
	send 10.3.0.1 7007
	wait_for 30 packets 7
	kill $!
	wait $! || true
	ways | diff - <(cat <<-'END'
		[7001,[["local","no route"],["100","rb"]]]
		[7002,[["local","ra"]]]
		[7003,[["local","no route"],["100","rb"]],[["local","no route"],["main","rb"]]]
		[7004,[["local","no route"],["main","prohibit"]]]
		[7005,[["local","no route"],["main","no route"]]]
		[7006,[["local","no route"],["100","rb"]]]
		[7007,[["local","no route"],["main","suppressed"],["200","rb"]]]
	END
	) >&2
	none_left
}

@test "what was not looked up for a packet is not told: a connected socket's, an ICMP error's" {
	watch
	send 10.0.2.2 7011 "" 1
	send fd09::1 7012
	at r python3 -c '
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("10.0.2.2", 7013))
s.send(b"x")
time.sleep(5)
try:
    s.send(b"x")
except ConnectionRefusedError:  # nobody listens
    s.send(b"x")'
	wait_for 30 packets 4
	kill $!
	wait $! || true
	ways | diff - <(cat <<-'END'
		[7011]
		[7012,[["local","no route"],["main","no route"]]]
		[7013,[["local","no route"],["100","rb"]]]
		[7013]
	END
	) >&2
}

@test "nothing is left after kill -9" {
	watch
	[[ $(instances) == */netpath-* ]]
	kill -9 $!
	wait $! || true
	wait_for 10 none_left
}

@test "without the right to it that is said, and nothing is traced" {
	run unshare -Urn pkttrace monitor --lookups
	[ "$status" -eq 2 ] && [[ $output == "pkttrace: "*"routing lookups (tracefs): Operation not permitted" ]] || {
		echo "$status $output" >&2
		return 1
	}
}
