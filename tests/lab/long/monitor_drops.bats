#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What becomes of packets, as pkttrace monitor tells it, without any rule on the host: each
# outcome with the kernel's own reason (drop_monitor).
#
#       a                         r                         b
#   10.0.1.1 eth0 ─── ra 10.0.1.254   rb 10.0.2.254 ─── eth0 10.0.2.2
#                        rp_filter=1     mtu 1280
load ../lib

setup_file() {
	load_modules drop_monitor
	in_line a r b
	at a ip address add 10.0.9.9/32 dev lo
	at a ip address add 10.0.2.254/32 dev lo # r's own
	at r ip route add 10.0.9.0/24 dev rb
	at r ip route add unreachable 10.0.5.0/24
	at r ip route add blackhole 10.0.6.0/24
	at r ip link set rb mtu 1280
	sysctls r net.ipv4.conf.ra.rp_filter=1
}

teardown_file() {
	lab_end
}

send() {	# ADDRESS PORT [OPTION...]: a datagram from a; source=ADDR ttl=N size=N
	at a python3 - "$@" <<-'END'
		import socket, sys
		o = dict(w.split("=") for w in sys.argv[3:])
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.bind((o.get("source", "10.0.1.1"), 0))
		s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, int(o.get("ttl", 64)))
		s.setsockopt(socket.IPPROTO_IP, 10, 2)  # IP_MTU_DISCOVER: DF
		s.sendto(b"x" * int(o.get("size", 1)), (sys.argv[1], int(sys.argv[2])))
	END
}

no_janitor() {
	! pgrep -x np-janitor
}

packets() {	# N: so many are there
	(($(wc -l <"$json") >= $1))
}

off="off mode 0 trunc 0 queue 1000" # as the kernel has it

drop_monitor() {	# what it does
	"$BATS_TEST_DIRNAME/../drop_monitor.py"
}

off_again() {
	[[ $(drop_monitor) == "$off" ]]
}

watch() {	# FILE: r's packets, in the background
	background r pkttrace monitor -j -p udp --dport 7000:7099 >"$1" 2>"$1.err"
	wait_for 30 grep -q watching "$1.err"
}

lost() {	# FILE: the kernel's reason is in it
	grep -q IP_RPFILTER "$1"
}

@test "each way to get lost: where, why by the model, why by the kernel" {
	json=$BATS_TEST_TMPDIR/json
	background r pkttrace monitor -j -p udp --dport 7000:7099 >"$json" 2>"$json.err"
	wait_for 30 grep -q watching "$json.err"
	send 10.0.2.2 7001
	send 10.0.1.254 7002
	send 10.0.2.2 7003 source=10.0.9.9
	send 10.0.2.2 7004 ttl=1
	send 10.0.2.2 7005 size=1400
	send 10.0.5.1 7006
	send 10.0.6.1 7007
	send 10.7.7.7 7008
	send 10.0.2.2 7009 source=10.0.2.254
	wait_for 30 packets 9
	kill $!
	wait $! || true
	cat "$json.err" >&2
	jq -c '[.dport, .outcome.state, .outcome.causes,
		.outcome.drop_reason // .outcome.drop_function]' "$json" | sort >"$json.ends"
	diff "$json.ends" - >&2 <<-'END'
		[7001,"sent",[],null]
		[7002,"delivered",[],null]
		[7003,"vanished",["rp_filter"],"IP_RPFILTER"]
		[7004,"vanished",["ttl"],"IP_INHDR"]
		[7005,"vanished",["mtu","other_hook"],"PKT_TOO_BIG"]
		[7006,"vanished",["no_route"],"ip_error"]
		[7007,"vanished",["no_route"],"ip_error"]
		[7008,"vanished",["no_route"],"IP_INNOROUTES"]
		[7009,"vanished",["martian"],"ip_rcv_finish_core"]
	END
}

@test "nothing is left: drop_monitor is off, its settings are as before, also after kill -9" {
	off_again
	watch "$BATS_TEST_TMPDIR/out"
	[[ $(drop_monitor) == on* ]]
	pgrep -x np-janitor
	kill -9 $!
	wait $! || true
	wait_for 10 no_janitor
	off_again
}

@test "several share it: the last one ends it, however each ends" {
	local signal first second
	for signal in INT KILL; do
		watch "$BATS_TEST_TMPDIR/first"
		first=$!
		watch "$BATS_TEST_TMPDIR/second"
		second=$!
		kill -$signal $first
		wait $first || true
		watch "$BATS_TEST_TMPDIR/third"
		kill -$signal $second
		wait $second || true
		send 10.0.2.2 7003 source=10.0.9.9
		wait_for 30 lost "$BATS_TEST_TMPDIR/third"
		[[ $(drop_monitor) == on* ]]
		kill -$signal $!
		wait $! || true
		wait_for 10 no_janitor
		off_again
	done
}

@test "drops of others do not fill the way to us while nothing of ours comes" {
	watch "$BATS_TEST_TMPDIR/out"
	# 30000 of them: more than the socket holds
	at a python3 - <<-'END'
		import socket, time
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.bind(("10.0.9.9", 0))
		for i in range(30000):
		    s.sendto(b"x" * 200, ("10.0.2.2", 6000))
		    if i % 100 == 0:
		        time.sleep(0.02)
	END
	send 10.0.2.2 7003 source=10.0.9.9
	wait_for 30 lost "$BATS_TEST_TMPDIR/out"
	kill $!
	wait $! || true
}
