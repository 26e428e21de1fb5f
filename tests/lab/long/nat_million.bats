#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A million mappings by prt nat, and what they cost others. Seconds are those of an emulated
# processor, of which half or more is prt's own reading and printing. By hand:
# LAB_MEM=2500 LAB_STALL=300 LAB_TIMEOUT=1500 tests/lab/run -t tests/lab/long/nat_million.bats
load ../lib
load ../prt_nat

# timed LIMIT WHAT COMMAND...: in r, how long it takes, of that prt's own, and the kernel for it
timed() {
	local TIMEFORMAT="# $2: %R s (user %U, system %S)" begin=$SECONDS
	progress "$2"
	{ time ip netns exec r "${@:3}" 2>&4; } 4>&2 2>&3
	((SECONDS - begin < $1)) || { echo "$2: more than $1 s" >&2; return 1; }
}

saved() {
	prt nat save >"$BATS_TEST_TMPDIR/s"
}

@test "1,000,000 mappings: restored, listed, replaced, added to, flushed: seconds, not minutes" {
	mappings 0 1000000 >"$BATS_TEST_TMPDIR/m"
	mappings 1000000 3000 >"$BATS_TEST_TMPDIR/few"
	export -f saved
	export BATS_TEST_TMPDIR
	timed 120 "restore" prt nat restore "$BATS_TEST_TMPDIR/m"
	timed 120 "save" bash -c saved
	sed '1d;$d' "$BATS_TEST_TMPDIR/s" | cmp - "$BATS_TEST_TMPDIR/m"
	[[ $(at r prt -j nat stats | jq '.. | .mappings? // empty') == 1000000 ]]
	timed 20 "add one" prt nat add dst 1.2.3.4 to 1.2.3.5
	timed 20 "delete one" prt nat delete dst 1.2.3.4 to 1.2.3.5
	timed 20 "restore 3000 more" prt nat restore "$BATS_TEST_TMPDIR/few"
	[[ $(at r prt -j nat stats | jq '.. | .mappings? // empty') == 1003000 ]]
	timed 120 "restore --replace by the same" prt nat restore --replace "$BATS_TEST_TMPDIR/m"
	timed 120 "flush by a filter" prt nat flush dst
	[[ -z $(at r prt nat list) ]]
	timed 120 "restore --replace" prt nat restore --replace "$BATS_TEST_TMPDIR/m"
	timed 60 "flush" prt nat flush
	[[ -z $(at r prt nat list) ]]
}

# delays COMMAND...: how long a thread on the same processor had to wait at most, in ms
delays() {
	at r taskset 1 python3 - "$@" <<-'X'
		import subprocess, sys, time
		child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
		worst, last = 0, time.monotonic()
		while child.poll() is None:
		    time.sleep(0.001)
		    now = time.monotonic()
		    worst, last = max(worst, now - last), now
		print(int(worst * 1000))
		sys.exit(child.returncode)
	X
}

@test "readers of what is not theirs hold up nobody: 300,000 mappings that /proc does not list" {
	busybox awk 'BEGIN {
		for (i = 0; i < 300000; i++)
			printf "add dst fd00::%x:%x to fd01::%x:%x\n", i / 65536, i % 65536, i / 65536, i % 65536
	}' >"$BATS_TEST_TMPDIR/six"
	at r prt nat restore "$BATS_TEST_TMPDIR/six"
	progress "restored"
	local worst
	worst=$(delays cat /proc/thread-self/net/static_nat)
	echo "# by /proc: $worst ms" >&3
	[[ $(at r cat /proc/thread-self/net/static_nat | wc -l) == 3 ]]
	((worst < 150))
}
