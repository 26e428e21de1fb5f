#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# static_nat for long: a million mappings by /proc, counters beyond 32 bits. By hand:
# LAB_MEM=3000 LAB_TIMEOUT=3000 tests/lab/run -t tests/lab/long/nat.bats
load ../lib
load ../nat_net

@test "1,000,000 mappings in one write, listed, deleted in one write, in seconds" {
	at r python3 - "$BATS_TEST_DIRNAME/.." <<-'END'
		import sys, time
		sys.path.insert(0, sys.argv[1])
		from nat_file import lines, read, same, write
		text, begin = lines(1000000), time.monotonic()
		def step(what):
		    global begin
		    seconds = time.monotonic() - begin
		    print("%s: %.1f s" % (what, seconds))
		    assert seconds < 60, what
		    open("/run/lab/progress", "a").write(what)
		    begin = time.monotonic()
		begin = time.monotonic()
		same(write(text), 0, "add")
		step("added")
		same(read().count(b"\n"), 2000003, "rows")
		step("listed")
		same(write(text.replace("+", "-")), 0, "delete")
		step("deleted")
		same(read().count(b"\n"), 3, "the end")
	END
}

@test "a limit: max_mappings more are ENOSPC, and nothing of that write is left" {
	echo 1000 >/sys/module/static_nat/parameters/max_mappings
	at s python3 - "$BATS_TEST_DIRNAME/.." <<-'END'
		import sys
		sys.path.insert(0, sys.argv[1])
		from nat_file import lines, mappings, same, write
		same(write(lines(1001)), "ENOSPC", "1001")
		same(mappings(), set(), "none")
		same(write(lines(1000)), 0, "1000")
		same(write("+1.1.1.1 2.2.2.2 dst"), "ENOSPC", "one more")
		same(write("-11.0.0.0 12.0.0.0 dst\n+1.1.1.1 2.2.2.2 dst"), 0, "one in place of another")
	END
	echo 2000000 >/sys/module/static_nat/parameters/max_mappings
}

@test "fault: 32-bit counters: more than 4 GiB through one mapping" {
	local link
	for link in n:r r:o r:i m:r m:s s:e; do
		ip -n "${link%:*}" link set "${link#*:}" mtu 65535
	done
	at r python3 - "$BATS_TEST_DIRNAME/.." <<-'END'
		import sys, time
		sys.path.insert(0, sys.argv[1])
		from nat_wire import *
		from nat_file import *
		nat("r", "+198.51.100.1 10.0.0.1 dst")
		want = (1 << 32) // 65035 + 10
		with sock("n") as s:
		    for i in range(want):
		        s.sendto(b"x" * 65007, ("198.51.100.1", 9))
		        if not i % 5000:
		            open("/run/lab/progress", "a").write("x")
		time.sleep(1)
		same(listing("r")["dst", "198.51.100.1"][2:], (want * 65035, want), "counters")
		nat("r", "-198.51.100.1 10.0.0.1 dst")
	END
}
