#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The debug kernel, before static_nat's suite: it does watch, and what it found of its own boot is
# forgotten.
load ../lib

@test "KASAN, lockdep, kmemleak and fault injection are there" {
	[[ -e /sys/kernel/debug/failslab/ignore-gfp-wait && -e /proc/thread-self/fail-nth ]]
	[[ -e /proc/lockdep && $(</proc/sys/kernel/panic_on_oops) == 1 ]]
	grep -q ' kasan_report$' /proc/kallsyms
	grep -q ' __ubsan_handle_out_of_bounds$' /proc/kallsyms
	echo scan >/sys/kernel/debug/kmemleak
	echo clear >/sys/kernel/debug/kmemleak
}
