#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The debug kernel, after static_nat's suite: nothing is left of it.
load ../lib

# An object is only told of when it is some seconds old, and has been missed twice.
@test "no memory has leaked" {
	[[ ! -e /sys/module/static_nat ]]
	local i
	for i in 1 2 3; do
		sleep 6
		progress "scan $i"
		echo scan >/sys/kernel/debug/kmemleak
	done
	diff /dev/null /sys/kernel/debug/kmemleak
}
