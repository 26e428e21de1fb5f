#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The kernel's log is written over while pkttrace monitor cannot read it. The harness looks for
# complaints in that log, which are gone after this: it is run by hand.
load ../lib

@test "a log that was written over is said" {
	local out=$BATS_TEST_TMPDIR/out
	load_modules nf_log_syslog
	iptables-legacy -A INPUT -p udp --dport 7041 -j ACCEPT
	pkttrace monitor -b -p udp >"$out" 2>"$out.err" 3>&- &
	lab_processes+=($!)
	wait_for 30 grep -q watching "$out.err"
	kill -STOP $!
	python3 -c 'import os
fd = os.open("/dev/kmsg", os.O_WRONLY)
for i in range(20000):
    os.write(fd, b"x" * 900)'
	kill -CONT $!
	echo >/dev/udp/127.0.0.1/7041
	wait_for 30 grep -q 7041 "$out"
	kill -INT $!
	wait $! || true
	grep "log was written over" "$out.err"
}
